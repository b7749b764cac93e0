/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each connection reads until it knows the target, connects to it, answers, and from then on only copies. */
#include "fake-proxy.h"

#include "fake-socks.h"

#include <string.h>

#define MAX_HEARD (64 * 1024)
/* Of all that has to be read before a target is known. */
#define MAX_HEAD (16 * 1024)
#define CHUNK 4096

#define SOCKS4_GRANTED 90
#define SOCKS4_REFUSED 91
#define SOCKS5_UNREACHABLE 4
#define SOCKS5_WRONG_COMMAND 7
#define SOCKS5_NOTHING_FITS 0xff

struct FakeProxy {
    gatomicrefcount refs; /* the owner's, and one for each peer */
    FakeProxyKind kind;
    char *user; /* (nullable) */
    char *password;
    GSocketService *service;
    guint16 port;
    GHashTable *names; /* host -> port */
    GPtrArray *peers;  /* not owned: each lives until its pending calls are done */
    GPtrArray *targets;
    GString *heard;
    guint connections;
    guint rejected;
    guint refusal;
    gboolean impatient;
};

typedef enum {
    STEP_FIRST, /* SOCKS 5: the methods; else the request itself */
    STEP_PASSWORD,
    STEP_REQUEST,
} Step;

typedef struct {
    FakeProxy *proxy;
    Step step;
    GCancellable *cancellable;
    GIOStream *client;
    GIOStream *server;   /* (nullable) */
    GByteArray *in;      /* read and not used yet */
    GBytes *out;         /* (nullable): being written to the client */
    gboolean is_last;    /* nothing follows what is written */
    gboolean is_request; /* in HTTP, no tunnel: the answer is the server's */
    char *target;        /* (nullable) */
    char chunk[CHUNK];
} Peer;

static void read_on(Peer *peer);
static void go_on(Peer *peer);

/* ------------------------------------------------------------------------------------------------------------- life */

static void proxy_unref(FakeProxy *proxy)
{
    if (!g_atomic_ref_count_dec(&proxy->refs))
        return;
    g_free(proxy->user);
    g_free(proxy->password);
    g_object_unref(proxy->service);
    g_hash_table_unref(proxy->names);
    g_ptr_array_unref(proxy->peers);
    g_ptr_array_unref(proxy->targets);
    g_string_free(proxy->heard, TRUE);
    g_free(proxy);
}

/* No call of it is pending. */
static void peer_free(Peer *peer)
{
    g_ptr_array_remove(peer->proxy->peers, peer);
    g_io_stream_close(peer->client, NULL, NULL);
    if (peer->server)
        g_io_stream_close(peer->server, NULL, NULL);
    g_object_unref(peer->client);
    g_clear_object(&peer->server);
    g_object_unref(peer->cancellable);
    g_byte_array_unref(peer->in);
    g_clear_pointer(&peer->out, g_bytes_unref);
    g_free(peer->target);
    proxy_unref(peer->proxy);
    g_free(peer);
}

static GSocket *socket_of(GIOStream *stream)
{
    return g_socket_connection_get_socket(G_SOCKET_CONNECTION(stream));
}

static gboolean on_incoming(GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
    FakeProxy *proxy = user_data;
    Peer *peer = g_new0(Peer, 1);

    (void)service;
    (void)source;
    proxy->connections++;
    g_atomic_ref_count_inc(&proxy->refs);
    peer->proxy = proxy;
    peer->cancellable = g_cancellable_new();
    peer->client = G_IO_STREAM(g_object_ref(connection));
    peer->in = g_byte_array_new();
    g_ptr_array_add(proxy->peers, peer);
    read_on(peer);
    return TRUE;
}

/* ---------------------------------------------------------------------------------------------- answers and copying */

static void on_copied(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void)source;
    g_io_stream_splice_finish(result, NULL);
    peer_free(user_data);
}

static void on_passed_on(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Peer *peer = user_data;

    if (!g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL)) {
        peer_free(peer);
        return;
    }
    g_io_stream_splice_async(peer->client, peer->server, G_IO_STREAM_SPLICE_NONE, G_PRIORITY_DEFAULT, peer->cancellable,
                             on_copied, peer);
}

static void on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Peer *peer = user_data;

    if (!g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL)) {
        peer_free(peer);
    } else if (peer->server && !peer->is_last) {
        g_output_stream_write_all_async(g_io_stream_get_output_stream(peer->server), peer->in->data, peer->in->len,
                                        G_PRIORITY_DEFAULT, peer->cancellable, on_passed_on, peer);
    } else {
        /* Closing now could take the answer away from a client that is still writing. */
        if (peer->is_last)
            g_socket_shutdown(socket_of(peer->client), FALSE, TRUE, NULL);
        go_on(peer);
    }
}

static void answer(Peer *peer, const void *bytes, gsize length, gboolean is_last)
{
    g_clear_pointer(&peer->out, g_bytes_unref);
    peer->out = g_bytes_new(bytes, length);
    peer->is_last = is_last;
    g_output_stream_write_all_async(g_io_stream_get_output_stream(peer->client), g_bytes_get_data(peer->out, NULL),
                                    length, G_PRIORITY_DEFAULT, peer->cancellable, on_answered, peer);
}

static void answer_status(Peer *peer, guint status, gboolean is_last)
{
    g_autofree char *text = g_strdup_printf("HTTP/1.1 %u Proxy says so\r\n%sContent-Length: 5\r\n%s\r\nproxy", status,
                                            status == 407 ? "Proxy-Authenticate: Basic realm=\"test\"\r\n" : "",
                                            is_last ? "Connection: close\r\n" : "");

    answer(peer, text, strlen(text), is_last);
}

/* @code: of SOCKS, 0 for its own "granted". */
static void answer_socks(Peer *peer, guint code, gboolean is_last)
{
    guint8 four[8] = { 0, (guint8)(code ? code : SOCKS4_GRANTED) };
    guint8 five[10] = { 5, (guint8)code, 0, 1 };

    if (peer->proxy->kind == FAKE_PROXY_SOCKS5)
        answer(peer, five, sizeof five, is_last);
    else
        answer(peer, four, sizeof four, is_last);
}

static void refuse(Peer *peer, guint http, guint socks4, guint socks5)
{
    switch (peer->proxy->kind) {
    case FAKE_PROXY_HTTP:
        answer_status(peer, http, TRUE);
        break;
    case FAKE_PROXY_SOCKS5:
        answer_socks(peer, socks5, TRUE);
        break;
    default:
        answer_socks(peer, socks4, TRUE);
        break;
    }
}

/* ------------------------------------------------------------------------------------------------------- connecting */

static void on_connected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Peer *peer = user_data;
    static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";

    peer->server = G_IO_STREAM(g_socket_client_connect_finish(G_SOCKET_CLIENT(source), result, NULL));
    if (!peer->server) {
        refuse(peer, 502, SOCKS4_REFUSED, SOCKS5_UNREACHABLE);
        return;
    }
    g_ptr_array_add(peer->proxy->targets, g_steal_pointer(&peer->target));
    if (peer->proxy->kind != FAKE_PROXY_HTTP)
        answer_socks(peer, 0, FALSE);
    else
        answer(peer, established, peer->is_request ? 0 : strlen(established), FALSE);
}

/* Returns: (transfer full) (nullable): where @host really is. */
static GSocketConnectable *find_host(FakeProxy *proxy, const char *host, guint16 port)
{
    guint16 mapped = (guint16)GPOINTER_TO_UINT(g_hash_table_lookup(proxy->names, host));
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    if (mapped || g_ascii_strcasecmp(host, "localhost") == 0) {
        g_clear_object(&address);
        address = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    }
    if (!address || !g_inet_address_get_is_loopback(address))
        return NULL;
    return G_SOCKET_CONNECTABLE(g_inet_socket_address_new(address, mapped ? mapped : port));
}

static void connect_to(Peer *peer, const char *host, guint16 port)
{
    FakeProxy *proxy = peer->proxy;
    g_autoptr(GSocketConnectable) where = find_host(proxy, host, port);
    g_autoptr(GSocketClient) client = g_socket_client_new();

    if (proxy->refusal) {
        refuse(peer, proxy->refusal, proxy->refusal, proxy->refusal);
        return;
    }
    if (!where) {
        refuse(peer, 502, SOCKS4_REFUSED, SOCKS5_UNREACHABLE);
        return;
    }
    peer->target = g_strdup_printf("%s:%u", host, port);
    g_socket_client_set_enable_proxy(client, FALSE);
    g_socket_client_connect_async(client, where, peer->cancellable, on_connected, peer);
}

/* ------------------------------------------------------------------------------------------------------------- HTTP */

static void drop(Peer *peer, gsize used)
{
    g_byte_array_remove_range(peer->in, 0, (guint)used);
}

static gboolean is_let_in(FakeProxy *proxy, char *const *lines)
{
    static const char name[] = "Proxy-Authorization: Basic ";
    g_autofree char *expected = g_strdup_printf("%s:%s", proxy->user ? proxy->user : "", proxy->password);

    if (!proxy->user)
        return TRUE;
    for (; *lines; lines++) {
        g_autofree char *given = NULL;
        gsize length;

        if (g_ascii_strncasecmp(*lines, name, strlen(name)) != 0)
            continue;
        given = (char *)g_base64_decode(*lines + strlen(name), &length);
        if (length == strlen(expected) && memcmp(given, expected, length) == 0)
            return TRUE;
        proxy->rejected++;
    }
    return FALSE;
}

/* What the server behind the proxy gets: its path only, nothing that was for the proxy, and no second request, which
 * would have to be read here. */
static void rewrite_head(Peer *peer, char *const *lines, const char *method, GUri *uri)
{
    g_autoptr(GString) head = g_string_new(NULL);
    const char *query = g_uri_get_query(uri);

    g_string_printf(head, "%s %s%s%s HTTP/1.1\r\n", method, g_uri_get_path(uri), query ? "?" : "", query ? query : "");
    for (lines++; *lines && **lines; lines++) {
        if (g_ascii_strncasecmp(*lines, "Proxy-", 6) != 0 && g_ascii_strncasecmp(*lines, "Connection:", 11) != 0)
            g_string_append_printf(head, "%s\r\n", *lines);
    }
    g_string_append(head, "Connection: close\r\n\r\n");
    g_byte_array_prepend(peer->in, (const guint8 *)head->str, (guint)head->len);
}

static void take_request_line(Peer *peer, char *const *lines)
{
    g_auto(GStrv) words = g_strsplit(lines[0] ? lines[0] : "", " ", 3);
    gboolean is_tunnel = g_strcmp0(words[0], "CONNECT") == 0;
    g_autofree char *address = g_strconcat(is_tunnel ? "http://" : "", words[0] ? words[1] : NULL, NULL);
    g_autoptr(GUri) uri = g_uri_parse(address, G_URI_FLAGS_ENCODED, NULL);

    if (!uri || g_strcmp0(g_uri_get_scheme(uri), "http") != 0 || (is_tunnel && g_uri_get_port(uri) < 0)) {
        answer_status(peer, 400, TRUE);
        return;
    }
    peer->is_request = !is_tunnel;
    if (peer->is_request)
        rewrite_head(peer, lines, words[0], uri);
    connect_to(peer, g_uri_get_host(uri), (guint16)(g_uri_get_port(uri) < 0 ? 80 : g_uri_get_port(uri)));
}

/* Returns: how many bytes were used; 0 for too few, and then nothing else was done. The same in those below. */
static gsize take_http(Peer *peer)
{
    g_autofree char *text = g_strndup((const char *)peer->in->data, peer->in->len);
    char *end = strstr(text, "\r\n\r\n");
    g_auto(GStrv) lines = NULL;
    gsize used;

    if (!end)
        return 0;
    used = (gsize)(end - text) + 4;
    *end = '\0';
    lines = g_strsplit(text, "\r\n", -1);
    drop(peer, used);
    if (is_let_in(peer->proxy, lines))
        take_request_line(peer, lines);
    else
        /* What may follow other methods is not read. */
        answer_status(peer, 407, peer->proxy->impatient || !g_str_has_prefix(text, "CONNECT "));
    return used;
}

/* ------------------------------------------------------------------------------------------------------------ SOCKS */

static gsize take_socks4(Peer *peer)
{
    FakeProxy *proxy = peer->proxy;
    g_auto(FakeSocks) request = { 0 };
    gsize used = fake_socks_read4(peer->in->data, peer->in->len, &request);

    if (used == 0)
        return 0;
    drop(peer, used);
    if (request.version != 4 || request.command != FAKE_SOCKS_CONNECT ||
        (request.is_name && proxy->kind != FAKE_PROXY_SOCKS4A)) {
        answer_socks(peer, SOCKS4_REFUSED, TRUE);
    } else if (proxy->user && strcmp(request.user, proxy->user) != 0) {
        proxy->rejected++;
        answer_socks(peer, SOCKS4_REFUSED, TRUE);
    } else {
        connect_to(peer, request.host, request.port);
    }
    return used;
}

static gsize take_methods(Peer *peer)
{
    guint8 method = peer->proxy->user ? FAKE_SOCKS_PASSWORD : FAKE_SOCKS_NO_AUTH;
    gboolean offered;
    gsize used = fake_socks_read_methods(peer->in->data, peer->in->len, method, &offered);

    if (used == 0)
        return 0;
    drop(peer, used);
    peer->step = method == FAKE_SOCKS_PASSWORD ? STEP_PASSWORD : STEP_REQUEST;
    answer(peer, (guint8[]){ 5, offered ? method : SOCKS5_NOTHING_FITS }, 2, !offered);
    return used;
}

static gsize take_password(Peer *peer)
{
    FakeProxy *proxy = peer->proxy;
    g_autofree char *user = NULL;
    g_autofree char *password = NULL;
    gsize used = fake_socks_read_password(peer->in->data, peer->in->len, &user, &password);
    gboolean good;

    if (used == 0)
        return 0;
    drop(peer, used);
    good = strcmp(user, proxy->user) == 0 && g_strcmp0(password, proxy->password) == 0;
    proxy->rejected += good ? 0 : 1;
    peer->step = STEP_REQUEST;
    answer(peer, (guint8[]){ 1, good ? 0 : 1 }, 2, !good);
    return used;
}

static gsize take_socks5(Peer *peer)
{
    g_auto(FakeSocks) request = { 0 };
    gsize used = fake_socks_read5(peer->in->data, peer->in->len, &request);

    if (used == 0)
        return 0;
    drop(peer, used);
    if (request.version != 5 || request.command != FAKE_SOCKS_CONNECT)
        answer_socks(peer, SOCKS5_WRONG_COMMAND, TRUE);
    else
        connect_to(peer, request.host, request.port);
    return used;
}

/* ---------------------------------------------------------------------------------------------------------- reading */

static gsize take(Peer *peer)
{
    switch (peer->proxy->kind) {
    case FAKE_PROXY_HTTP:
        return take_http(peer);
    case FAKE_PROXY_SOCKS5:
        if (peer->step == STEP_FIRST)
            return take_methods(peer);
        return peer->step == STEP_PASSWORD ? take_password(peer) : take_socks5(peer);
    default:
        return take_socks4(peer);
    }
}

/* Uses what has come already before it reads more. */
static void go_on(Peer *peer)
{
    if (peer->is_last || take(peer) == 0)
        read_on(peer);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Peer *peer = user_data;
    GString *heard = peer->proxy->heard;
    gssize count = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

    if (peer->is_last && count > 0) {
        read_on(peer);
        return;
    }
    if (count <= 0 || peer->in->len + (gsize)count > MAX_HEAD) {
        peer_free(peer);
        return;
    }
    g_string_append_len(heard, peer->chunk, MIN(count, (gssize)(MAX_HEARD - heard->len)));
    g_byte_array_append(peer->in, (const guint8 *)peer->chunk, (guint)count);
    go_on(peer);
}

static void read_on(Peer *peer)
{
    g_input_stream_read_async(g_io_stream_get_input_stream(peer->client), peer->chunk, sizeof peer->chunk,
                              G_PRIORITY_DEFAULT, peer->cancellable, on_read, peer);
}

/* ----------------------------------------------------------------------------------------------------------- public */

FakeProxy *fake_proxy_new(FakeProxyKind kind, const char *user, const char *password)
{
    FakeProxy *proxy = g_new0(FakeProxy, 1);
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) wish = g_inet_socket_address_new(loopback, 0);
    g_autoptr(GSocketAddress) address = NULL;
    g_autoptr(GError) error = NULL;

    g_atomic_ref_count_init(&proxy->refs);
    proxy->kind = kind;
    proxy->user = g_strdup(user);
    proxy->password = g_strdup(password ? password : "");
    proxy->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    proxy->peers = g_ptr_array_new();
    proxy->targets = g_ptr_array_new_with_free_func(g_free);
    proxy->heard = g_string_new(NULL);
    proxy->service = g_socket_service_new();
    g_socket_listener_add_address(G_SOCKET_LISTENER(proxy->service), wish, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                  NULL, &address, &error);
    g_assert_no_error(error);
    proxy->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
    g_signal_connect(proxy->service, "incoming", G_CALLBACK(on_incoming), proxy);
    return proxy;
}

void fake_proxy_free(FakeProxy *proxy)
{
    if (!proxy)
        return;
    g_signal_handlers_disconnect_by_data(proxy->service, proxy);
    g_socket_service_stop(proxy->service);
    g_socket_listener_close(G_SOCKET_LISTENER(proxy->service));
    fake_proxy_cut(proxy);
    proxy_unref(proxy);
}

guint16 fake_proxy_get_port(FakeProxy *proxy)
{
    return proxy->port;
}

void fake_proxy_map(FakeProxy *proxy, const char *host, guint16 port)
{
    g_hash_table_replace(proxy->names, g_strdup(host), GUINT_TO_POINTER((guint)port));
}

void fake_proxy_refuse(FakeProxy *proxy, guint code)
{
    proxy->refusal = code;
}

void fake_proxy_set_impatient(FakeProxy *proxy, gboolean impatient)
{
    proxy->impatient = impatient;
}

/* The other sides notice now; the callbacks that free the peers come when the main context runs. */
void fake_proxy_cut(FakeProxy *proxy)
{
    for (guint i = 0; i < proxy->peers->len; i++) {
        Peer *peer = proxy->peers->pdata[i];

        g_cancellable_cancel(peer->cancellable);
        g_socket_shutdown(socket_of(peer->client), TRUE, TRUE, NULL);
        if (peer->server)
            g_socket_shutdown(socket_of(peer->server), TRUE, TRUE, NULL);
    }
}

guint fake_proxy_count_connections(FakeProxy *proxy)
{
    return proxy->connections;
}

guint fake_proxy_count_open(FakeProxy *proxy)
{
    return proxy->peers->len;
}

guint fake_proxy_count_rejected(FakeProxy *proxy)
{
    return proxy->rejected;
}

guint fake_proxy_count_targets(FakeProxy *proxy, const char *glob)
{
    guint count = 0;

    for (guint i = 0; i < proxy->targets->len; i++)
        count += !glob || g_pattern_match_simple(glob, proxy->targets->pdata[i]) ? 1 : 0;
    return count;
}

const GString *fake_proxy_get_heard(FakeProxy *proxy)
{
    return proxy->heard;
}
