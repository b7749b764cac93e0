/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One exchange after the other on a SoupSession: renewal if need be, head, body, and once more after a 401. */
#define G_LOG_DOMAIN "flowdock-net"

#include "net-session.h"

#include <libsoup/soup.h>
#include <string.h>

#include "net-error.h"
#include "net-header.h"
#include "net-proxy.h"
#include "net-secret.h"
#include "net-sending.h"
#include "net-tls.h"

/* An unused connection is closed after this, before a server or a router forgets it. */
#define NET_SESSION_IDLE_S 30
/* So many hosts can have all their connections at once: REST, stream, and two for files and pictures. */
#define NET_SESSION_HOSTS 4
#define NET_SESSION_CHUNK (16 * 1024)

struct _NetSession {
    gatomicrefcount refs;
    SoupSession *soup;
    GTlsDatabase *roots; /* (nullable): besides the system's */
    NetProxy *proxy;     /* (nullable): else the system's */
    GCancellable *closing;
    gsize max_body;
};

/*
 *   begin --renewal under way--> waiting --renewed--> sent --head--> reading --end--> done
 *     |                             ^                  ^  |                     |
 *     +-----------------------------|------------------+  |                     | 401, once
 *                                   +---------------------+---------------------+
 *
 * An early answer has no body that could be read. From waiting, who has met no 401 yet is also sent when the renewal
 * fails for a passing reason.
 */
typedef struct {
    NetSession *session;
    char *base_url;
    NetRequest *request;
    NetCredential *credential; /* (nullable) */
    guint serial;              /* of the value that was sent */
    gboolean refused;          /* a 401 came */
    gboolean is_open;          /* the body is the caller's */
    gboolean is_secret;        /* the body is to be wiped */
    gsize max_body;
    gint64 begin_us;
    SoupMessage *message;
    NetSending *sending;    /* (nullable): where the request's body is a stream */
    GCancellable *unwanted; /* (nullable): the same: stops what the server has refused */
    gboolean is_early;      /* the answer came before the body was out */
    NetResponse head;
    gboolean has_head;
    GInputStream *stream;
    GByteArray *body;
    char *chunk;
} Exchange;

static void response_clear(NetResponse *response)
{
    g_clear_pointer(&response->content_type, g_free);
    g_clear_pointer(&response->body, g_bytes_unref);
    g_clear_pointer(&response->location, g_free);
    g_clear_pointer(&response->challenge, g_free);
}

void net_response_free(NetResponse *response)
{
    if (!response)
        return;
    response_clear(response);
    g_free(response);
}

static void forget_body(Exchange *exchange)
{
    if (exchange->body && exchange->is_secret)
        net_secret_wipe(exchange->body->data, exchange->body->len);
    g_clear_pointer(&exchange->body, g_byte_array_unref);
}

static void exchange_free(gpointer data)
{
    Exchange *exchange = data;

    if (exchange->chunk && exchange->is_secret)
        net_secret_wipe(exchange->chunk, NET_SESSION_CHUNK);
    forget_body(exchange);
    g_clear_object(&exchange->stream);
    g_clear_pointer(&exchange->sending, net_sending_free);
    g_clear_object(&exchange->unwanted);
    g_clear_object(&exchange->message);
    response_clear(&exchange->head);
    net_credential_unref(exchange->credential);
    net_request_unref(exchange->request);
    net_session_unref(exchange->session);
    g_free(exchange->base_url);
    g_free(exchange->chunk);
    g_free(exchange);
}

NetSession *net_session_new(const NetSessionOptions *options, GError **error)
{
    g_autoptr(NetSession) session = g_new0(NetSession, 1);

    g_atomic_ref_count_init(&session->refs);
    session->closing = g_cancellable_new();
    session->max_body = options->max_body;
    if (options->ca_file && *options->ca_file) {
        session->roots = net_tls_load_roots(options->ca_file, error);
        if (!session->roots)
            return NULL;
    }
    session->soup =
        soup_session_new_with_options("user-agent", options->user_agent, "timeout", options->timeout_s, "idle-timeout",
                                      NET_SESSION_IDLE_S, "max-conns", options->max_connections * NET_SESSION_HOSTS,
                                      "max-conns-per-host", options->max_connections, NULL);
    if (options->proxy) {
        session->proxy = net_proxy_new(options->proxy);
        soup_session_set_proxy_resolver(session->soup, net_proxy_get_resolver(session->proxy));
    }
    return g_steal_pointer(&session);
}

NetSession *net_session_ref(NetSession *session)
{
    g_atomic_ref_count_inc(&session->refs);
    return session;
}

void net_session_unref(NetSession *session)
{
    if (!session || !g_atomic_ref_count_dec(&session->refs))
        return;
    g_cancellable_cancel(session->closing);
    g_clear_object(&session->soup);
    g_clear_object(&session->roots);
    net_proxy_unref(session->proxy);
    g_clear_object(&session->closing);
    g_free(session);
}

void net_session_close(NetSession *session)
{
    net_session_ref(session);
    g_cancellable_cancel(session->closing);
    soup_session_abort(session->soup);
    net_session_unref(session);
}

GCancellable *net_session_get_closing(NetSession *session)
{
    return session->closing;
}

/* Also cancels when @cancellable is cancelled, for as long as @chained lives. */
static void chain_cancellable(GCancellable *chained, GCancellable *cancellable)
{
    if (!cancellable)
        return;
    if (g_cancellable_is_cancelled(cancellable))
        g_cancellable_cancel(chained);
    else
        g_signal_connect_object(cancellable, "cancelled", G_CALLBACK(g_cancellable_cancel), chained, G_CONNECT_SWAPPED);
}

/* (transfer full) (nullable): a whole one as it is, since it may be signed. */
static char *find_location(SoupMessage *message)
{
    const char *text = soup_message_headers_get_one(soup_message_get_response_headers(message), "Location");
    g_autoptr(GUri) uri = NULL;

    if (!text || !SOUP_STATUS_IS_REDIRECTION(soup_message_get_status(message)))
        return NULL;
    if (g_uri_peek_scheme(text))
        return g_strdup(text);
    uri = g_uri_parse_relative(soup_message_get_uri(message), text, SOUP_HTTP_URI_FLAGS, NULL);
    return uri ? g_uri_to_string(uri) : NULL;
}

static void take_head(Exchange *exchange)
{
    SoupMessageHeaders *headers = soup_message_get_response_headers(exchange->message);
    const char *type = soup_message_headers_get_content_type(headers, NULL);

    exchange->has_head = TRUE;
    exchange->head.status = soup_message_get_status(exchange->message);
    exchange->head.content_type = type ? g_ascii_strdown(type, -1) : NULL;
    exchange->head.body = g_bytes_new_static("", 0);
    exchange->head.retry_after_ms =
        net_header_retry_after_ms(soup_message_headers_get_one(headers, "Retry-After"), g_get_real_time());
    exchange->head.user_id = net_header_user_id(soup_message_headers_get_one(headers, "Flowdock-User"));
    exchange->head.location = find_location(exchange->message);
    if (exchange->head.status == SOUP_STATUS_UNAUTHORIZED)
        exchange->head.challenge = g_strdup(soup_message_headers_get_list(headers, "WWW-Authenticate"));
    if (soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CONTENT_LENGTH)
        exchange->head.length = soup_message_headers_get_content_length(headers);
    if (exchange->credential && exchange->head.status != SOUP_STATUS_UNAUTHORIZED)
        net_credential_accept(exchange->credential, exchange->serial);
}

static void log_exchange(const Exchange *exchange, const char *what)
{
    g_debug("%s %s: %s, %u bytes, %" G_GINT64_FORMAT " ms", net_request_get_method(exchange->request),
            net_request_get_path(exchange->request), what, exchange->body ? exchange->body->len : 0,
            (g_get_monotonic_time() - exchange->begin_us) / 1000);
}

static void log_head(const Exchange *exchange)
{
    char status[16];

    g_snprintf(status, sizeof status, "%u", exchange->head.status);
    log_exchange(exchange, status);
}

static void return_broken(GTask *task, const GError *broken)
{
    Exchange *exchange = g_task_get_task_data(task);
    g_autoptr(GError) error = net_tls_explain(broken, exchange->message);

    /* A head came, so the handshake was over long ago. */
    if (exchange->has_head && net_error_is_tls(error))
        error->code = NET_ERROR_OFFLINE;
    /* Now, since the result may be kept: what was not read to the end occupies its connection. */
    g_clear_object(&exchange->stream);
    log_exchange(exchange, error->message);
    g_task_return_error(task, g_steal_pointer(&error));
}

static void return_response(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);
    NetResponse *response = g_new0(NetResponse, 1);

    *response = exchange->head;
    response->content_type = g_strdup(exchange->head.content_type);
    response->location = g_strdup(exchange->head.location);
    response->challenge = g_strdup(exchange->head.challenge);
    if (exchange->is_secret)
        response->body = net_secret_bytes((const char *)exchange->body->data, exchange->body->len);
    else
        response->body = g_byte_array_free_to_bytes(g_steal_pointer(&exchange->body));
    g_task_return_pointer(task, response, (GDestroyNotify)net_response_free);
}

static void renew(GTask *task, guint stale);

/* After a 401: whether another value may help. Takes the task when it does. */
static gboolean try_renewal(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);

    if (!exchange->credential || exchange->head.status != SOUP_STATUS_UNAUTHORIZED ||
        net_request_expects_401(exchange->request))
        return FALSE;
    if (exchange->refused)
        net_credential_refuse(exchange->credential, exchange->serial);
    if (exchange->refused || !net_credential_can_renew(exchange->credential, exchange->serial))
        return FALSE;
    exchange->refused = TRUE;
    renew(task, exchange->serial);
    return TRUE;
}

/* A secret gets its place at once: what grows leaves copies behind. */
static void new_body(Exchange *exchange)
{
    forget_body(exchange);
    exchange->body = g_byte_array_sized_new(exchange->is_secret ? (guint)exchange->max_body : 0);
}

static void read_on(GTask *task);

static void on_body(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;
    Exchange *exchange = g_task_get_task_data(task);
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

    if (count < 0) {
        return_broken(task, error);
        return;
    }
    if ((gsize)count > exchange->max_body - exchange->body->len) {
        if (SOUP_STATUS_IS_SUCCESSFUL(exchange->head.status) && !net_request_drops_long_body(exchange->request)) {
            error = g_error_new(NET_ERROR, NET_ERROR_PROTOCOL, "the answer is longer than %" G_GSIZE_FORMAT " bytes",
                                exchange->max_body);
            return_broken(task, error);
            return;
        }
        /* The status is what counts, however large a page comes with it. */
        new_body(exchange);
        count = 0;
    }
    g_byte_array_append(exchange->body, (const guint8 *)exchange->chunk, (guint)count);
    if (count > 0) {
        read_on(g_steal_pointer(&task));
        return;
    }
    g_clear_object(&exchange->stream);
    log_head(exchange);
    if (!try_renewal(task))
        return_response(task);
}

/* Takes the task. */
static void read_on(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);

    g_input_stream_read_async(exchange->stream, exchange->chunk, NET_SESSION_CHUNK, G_PRIORITY_DEFAULT,
                              g_task_get_cancellable(task), on_body, task);
}

static void finish_open(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);

    log_head(exchange);
    if (SOUP_STATUS_IS_SUCCESSFUL(exchange->head.status)) {
        g_task_return_pointer(task, g_steal_pointer(&exchange->stream), g_object_unref);
        return;
    }
    g_clear_object(&exchange->stream);
    if (!try_renewal(task))
        g_task_return_error(task, net_error_from_status(exchange->head.status, NULL));
}

/* Only a refusal makes sense: to take what has not come yet would be strange. */
static void finish_early(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);
    guint status = exchange->head.status;

    log_head(exchange);
    new_body(exchange);
    if (status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED)
        g_task_return_error(task, net_error_from_status(status, NULL));
    else if (status < 400)
        g_task_return_new_error(task, NET_ERROR, NET_ERROR_PROTOCOL, "%u before the request was sent", status);
    else if (!try_renewal(task))
        return_response(task);
}

static void on_early(guint status, gpointer user_data)
{
    Exchange *exchange = user_data;

    exchange->is_early = exchange->has_head = TRUE;
    exchange->head.status = status;
    exchange->head.body = g_bytes_new_static("", 0);
    g_cancellable_cancel(exchange->unwanted);
}

static void on_head(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;
    Exchange *exchange = g_task_get_task_data(task);

    g_clear_pointer(&exchange->sending, net_sending_free);
    exchange->stream = soup_session_send_finish(SOUP_SESSION(source), result, &error);
    if (exchange->is_early && !g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
        g_clear_object(&exchange->stream);
        finish_early(task);
        return;
    }
    if (exchange->stream)
        error = net_proxy_explain(exchange->message);
    if (error) {
        return_broken(task, error);
        return;
    }
    take_head(exchange);
    if (exchange->is_open) {
        finish_open(task);
        return;
    }
    new_body(exchange);
    if (!exchange->chunk)
        exchange->chunk = g_malloc(NET_SESSION_CHUNK);
    read_on(g_steal_pointer(&task));
}

static gboolean append_header(SoupMessageHeaders *headers, const char *name, const char *value)
{
    if (!net_header_is_clean(value))
        return FALSE;
    soup_message_headers_replace(headers, name, value);
    return TRUE;
}

static gboolean append_headers(Exchange *exchange)
{
    SoupMessageHeaders *headers = soup_message_get_request_headers(exchange->message);
    const char *secret = exchange->credential ? net_credential_get_header(exchange->credential) : NULL;
    GHashTableIter iter;
    gpointer name, value;

    soup_message_headers_replace(headers, "Accept", "application/json");
    if (net_request_expects_raw(exchange->request))
        soup_message_headers_replace(headers, "Accept-Encoding", "identity");
    g_hash_table_iter_init(&iter, net_request_get_headers(exchange->request));
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        if (!append_header(headers, name, value))
            return FALSE;
    }
    /* Only ever from the credential. */
    soup_message_headers_remove(headers, NET_CREDENTIAL_USUAL);
    soup_message_headers_remove(headers, NET_CREDENTIAL_KEY);
    return !secret || append_header(headers, net_credential_get_name(exchange->credential), secret);
}

static void forget_head(Exchange *exchange)
{
    response_clear(&exchange->head);
    exchange->head = (NetResponse){ .retry_after_ms = -1, .length = -1 };
    exchange->has_head = exchange->is_early = FALSE;
}

/* Also when libsoup sends it again (a proxy asked for its password, a kept connection was dead): it has given the body
 * away by then. */
static void give_body(SoupMessage *message, gpointer request)
{
    const char *content_type = NULL;
    gint64 length = 0;
    g_autoptr(GInputStream) stream = net_request_open_body(request, &content_type, &length);
    GBytes *body = net_request_get_body(request, &content_type);

    if (stream) {
        /* Its own parameter for the length ends at 2 GiB where pointers have 32 bits. */
        soup_message_set_request_body(message, content_type, stream, -1);
        soup_message_headers_set_content_length(soup_message_get_request_headers(message), length);
    } else if (body) {
        soup_message_set_request_body_from_bytes(message, content_type, body);
    }
}

static void on_message_gone(gpointer request, GClosure *closure)
{
    (void)closure;
    net_request_unref(request);
}

static void on_wrote_body(SoupMessage *message, guint count, gpointer request)
{
    (void)message;
    net_request_wrote_body(request, count);
}

/* What is sent for long can be stopped, and is looked after. */
static GCancellable *watch_body(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);

    if (!net_request_has_stream(exchange->request))
        return g_task_get_cancellable(task);
    g_clear_pointer(&exchange->sending, net_sending_free);
    exchange->sending = net_sending_new(exchange->message, on_early, exchange);
    g_clear_object(&exchange->unwanted);
    exchange->unwanted = g_cancellable_new();
    chain_cancellable(exchange->unwanted, g_task_get_cancellable(task));
    g_signal_connect_data(exchange->message, "wrote-body-data", G_CALLBACK(on_wrote_body),
                          net_request_ref(exchange->request), on_message_gone, 0);
    return exchange->unwanted;
}

/* HTTP/1.1 only. Over HTTP/2, libsoup 3.2 keeps in memory what is not read as fast as it comes, waits for ever for a
 * body that broke off, and aborts the program where it has to send a stream. */
static void on_network_event(SoupMessage *message, GSocketClientEvent event, GIOStream *connection, gpointer user_data)
{
    static const char *const protocols[] = { "http/1.1", NULL };

    (void)message;
    (void)user_data;
    if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && G_IS_TLS_CONNECTION(connection))
        g_tls_connection_set_advertised_protocols(G_TLS_CONNECTION(connection), protocols);
}

static void send_now(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);
    GError *error = NULL;
    g_autoptr(GUri) uri = net_request_build_uri(exchange->request, exchange->base_url, &error);

    if (!uri) {
        g_task_return_error(task, error);
        return;
    }
    forget_head(exchange);
    g_clear_object(&exchange->message);
    exchange->message = soup_message_new_from_uri(net_request_get_method(exchange->request), uri);
    /* A redirect could carry the credential to another origin. libsoup's own authentication stays for proxies with
     * a password, but with this flag it leaves our Authorization header and a 401 alone. */
    soup_message_add_flags(exchange->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
    g_signal_connect(exchange->message, "network-event", G_CALLBACK(on_network_event), NULL);
    net_tls_trust(exchange->message, exchange->session->roots);
    net_proxy_watch(exchange->session->proxy, exchange->message);
    give_body(exchange->message, exchange->request);
    g_signal_connect_data(exchange->message, "restarted", G_CALLBACK(give_body), net_request_ref(exchange->request),
                          on_message_gone, 0);
    if (net_request_expects_raw(exchange->request))
        soup_message_disable_feature(exchange->message, SOUP_TYPE_CONTENT_DECODER);
    exchange->serial = exchange->credential ? net_credential_get_serial(exchange->credential) : 0;
    if (!append_headers(exchange)) {
        g_task_return_new_error(task, NET_ERROR, NET_ERROR_REJECTED, "a header holds a control character");
        return;
    }
    soup_session_send_async(exchange->session->soup, exchange->message, G_PRIORITY_DEFAULT, watch_body(task), on_head,
                            g_object_ref(task));
}

/* After a renewal that failed: who has only waited for it does not know yet that the old value is refused. */
static gboolean may_go_on(GTask *task, const GError *error)
{
    const Exchange *exchange = g_task_get_task_data(task);

    return !exchange->refused && net_credential_get_header(exchange->credential) && net_error_is_passing(error);
}

static void on_renewed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;

    (void)source;
    if (net_credential_renew_finish(result, &error) || may_go_on(task, error)) {
        g_clear_error(&error);
        send_now(task);
    } else {
        g_task_return_error(task, g_steal_pointer(&error));
    }
}

static void renew(GTask *task, guint stale)
{
    Exchange *exchange = g_task_get_task_data(task);

    net_credential_renew_async(exchange->credential, stale, g_task_get_cancellable(task), on_renewed,
                               g_object_ref(task));
}

static void begin(GTask *task)
{
    Exchange *exchange = g_task_get_task_data(task);

    if (g_task_return_error_if_cancelled(task))
        return;
    if (exchange->credential && net_credential_is_renewing(exchange->credential))
        renew(task, net_credential_get_serial(exchange->credential));
    else
        send_now(task);
}

static GTask *exchange_task_new(NetSession *session, const char *base_url, NetRequest *request,
                                NetCredential *credential, GCancellable *cancellable, GAsyncReadyCallback done,
                                gpointer user_data)
{
    g_autoptr(GCancellable) stop = g_cancellable_new();
    GTask *task = g_task_new(NULL, stop, done, user_data);
    Exchange *exchange = g_new0(Exchange, 1);
    guint max_body = net_request_get_max_body(request);

    chain_cancellable(stop, cancellable);
    chain_cancellable(stop, session->closing);
    exchange->session = net_session_ref(session);
    exchange->base_url = g_strdup(base_url);
    exchange->request = net_request_ref(request);
    exchange->credential = credential ? net_credential_ref(credential) : NULL;
    exchange->is_secret = net_request_expects_secret(request);
    exchange->max_body = max_body > 0 ? MIN(max_body, session->max_body) : session->max_body;
    exchange->begin_us = g_get_monotonic_time();
    forget_head(exchange);
    g_task_set_task_data(task, exchange, exchange_free);
    return task;
}

void net_session_send_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                            GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(GTask) task = exchange_task_new(session, base_url, request, credential, cancellable, done, user_data);

    g_task_set_source_tag(task, net_session_send_async);
    begin(task);
}

NetResponse *net_session_send_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void net_session_open_async(NetSession *session, const char *base_url, NetRequest *request, NetCredential *credential,
                            GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(GTask) task = exchange_task_new(session, base_url, request, credential, cancellable, done, user_data);
    Exchange *exchange = g_task_get_task_data(task);

    g_task_set_source_tag(task, net_session_open_async);
    exchange->is_open = TRUE;
    begin(task);
}

GInputStream *net_session_open_finish(GAsyncResult *result, gint64 *retry_after_ms, GError **error)
{
    const Exchange *exchange = g_task_get_task_data(G_TASK(result));

    if (retry_after_ms)
        *retry_after_ms = exchange->head.retry_after_ms;
    return g_task_propagate_pointer(G_TASK(result), error);
}

const NetResponse *net_session_open_get_head(GAsyncResult *result)
{
    const Exchange *exchange = g_task_get_task_data(G_TASK(result));

    return exchange->has_head ? &exchange->head : NULL;
}

const char *net_session_open_get_header(GAsyncResult *result, const char *name)
{
    const Exchange *exchange = g_task_get_task_data(G_TASK(result));

    return exchange->has_head ? soup_message_headers_get_one(soup_message_get_response_headers(exchange->message), name)
                              : NULL;
}
