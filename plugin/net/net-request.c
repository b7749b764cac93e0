/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gathers path, query, headers and body, already encoded, until they are put behind a base address. */
#include "net-request.h"

#include <libsoup/soup.h>
#include <string.h>

#include "net-error.h"
#include "net-secret.h"

typedef struct {
    gint64 length;
    NetRequestOpenBody open;
    NetRequestWroteBody wrote; /* (nullable) */
    gpointer user_data;
    GDestroyNotify destroy; /* (nullable) */
} BodyStream;

struct _NetRequest {
    gatomicrefcount refs;
    char *method;
    GString *path;
    GString *shown_path; /* the same for logs */
    GString *query;
    gboolean bad_segment;
    GHashTable *headers; /* lower-case name to value */
    GBytes *body;        /* (nullable) */
    char *content_type;  /* (nullable) */
    BodyStream *stream;  /* (nullable): the body, where it is none of bytes */
    guint max_body;      /* of the answer; 0: what the session allows */
    gboolean drops_body; /* of an answer that is longer */
    gboolean expects_401;
    gboolean is_secret; /* the answer */
    gboolean is_raw;    /* the answer */
};

static void append_encoded(GString *to, const char *text)
{
    char *encoded = g_uri_escape_string(text, NULL, FALSE);

    g_string_append(to, encoded);
    net_secret_free(encoded);
}

static void append_segment(NetRequest *request, const char *segment, gboolean is_secret)
{
    char *encoded = g_uri_escape_string(segment, NULL, FALSE);

    /* An id from outside must not turn this path into another one. */
    if (*segment == '\0' || g_str_equal(segment, ".") || g_str_equal(segment, ".."))
        request->bad_segment = TRUE;
    g_string_append_printf(request->path, "/%s", encoded);
    g_string_append_printf(request->shown_path, "/%s", is_secret ? "[...]" : encoded);
    net_secret_free(encoded);
}

static void header_free(gpointer value)
{
    net_secret_free(value);
}

static NetRequest *request_new_bare(const char *method)
{
    NetRequest *request = g_new0(NetRequest, 1);

    g_atomic_ref_count_init(&request->refs);
    request->method = g_strdup(method);
    request->path = g_string_new(NULL);
    request->shown_path = g_string_new(NULL);
    request->query = g_string_new(NULL);
    request->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, header_free);
    return request;
}

NetRequest *net_request_new(const char *method, const char *segment, ...)
{
    NetRequest *request = request_new_bare(method);
    va_list more;

    va_start(more, segment);
    for (; segment; segment = va_arg(more, const char *))
        append_segment(request, segment, FALSE);
    va_end(more);
    return request;
}

NetRequest *net_request_new_path(const char *method, const char *const *segments)
{
    NetRequest *request = request_new_bare(method);

    for (; *segments; segments++)
        append_segment(request, *segments, FALSE);
    return request;
}

NetRequest *net_request_ref(NetRequest *request)
{
    g_atomic_ref_count_inc(&request->refs);
    return request;
}

static void body_stream_free(BodyStream *stream)
{
    if (stream->destroy)
        stream->destroy(stream->user_data);
    g_free(stream);
}

void net_request_unref(NetRequest *request)
{
    if (!request || !g_atomic_ref_count_dec(&request->refs))
        return;
    g_free(request->method);
    net_secret_free(g_string_free(request->path, FALSE));
    g_string_free(request->shown_path, TRUE);
    net_secret_free(g_string_free(request->query, FALSE));
    g_hash_table_unref(request->headers);
    g_clear_pointer(&request->body, g_bytes_unref);
    g_clear_pointer(&request->stream, body_stream_free);
    g_free(request->content_type);
    g_free(request);
}

void net_request_add_secret_segment(NetRequest *request, const char *segment)
{
    append_segment(request, segment, TRUE);
}

void net_request_add_query(NetRequest *request, const char *key, const char *value)
{
    if (request->query->len > 0)
        g_string_append_c(request->query, '&');
    append_encoded(request->query, key);
    g_string_append_c(request->query, '=');
    append_encoded(request->query, value);
}

void net_request_add_query_int(NetRequest *request, const char *key, gint64 value)
{
    char digits[32];

    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, value);
    net_request_add_query(request, key, digits);
}

void net_request_set_header(NetRequest *request, const char *name, const char *value)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);

    if (value)
        g_hash_table_replace(request->headers, g_steal_pointer(&lower), g_strdup(value));
    else
        g_hash_table_remove(request->headers, lower);
}

void net_request_set_body(NetRequest *request, const char *content_type, const char *body, gssize length)
{
    g_clear_pointer(&request->body, g_bytes_unref);
    g_clear_pointer(&request->stream, body_stream_free);
    g_free(request->content_type);
    request->content_type = g_strdup(content_type);
    request->body = net_secret_bytes(body, length < 0 ? strlen(body) : (gsize)length);
}

void net_request_set_body_stream(NetRequest *request, const char *content_type, gint64 length, NetRequestOpenBody open,
                                 NetRequestWroteBody wrote, gpointer user_data, GDestroyNotify destroy)
{
    BodyStream *stream = g_new(BodyStream, 1);

    *stream = (BodyStream){ length, open, wrote, user_data, destroy };
    g_clear_pointer(&request->body, g_bytes_unref);
    g_clear_pointer(&request->stream, body_stream_free);
    g_free(request->content_type);
    request->content_type = g_strdup(content_type);
    request->stream = stream;
}

void net_request_set_json(NetRequest *request, JsonBuilder *builder)
{
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autoptr(JsonGenerator) generator = json_generator_new();
    gsize length = 0;
    char *text;

    json_generator_set_root(generator, root);
    text = json_generator_to_data(generator, &length);
    net_request_set_body(request, "application/json", text, (gssize)length);
    net_secret_free(text);
}

void net_request_set_form(NetRequest *request, const char *const *pairs)
{
    GString *form = g_string_sized_new(1024);
    char *text;

    for (; pairs[0] && pairs[1]; pairs += 2) {
        if (form->len > 0)
            g_string_append_c(form, '&');
        append_encoded(form, pairs[0]);
        g_string_append_c(form, '=');
        append_encoded(form, pairs[1]);
    }
    text = g_string_free(form, FALSE);
    net_request_set_body(request, "application/x-www-form-urlencoded", text, -1);
    net_secret_free(text);
}

void net_request_set_max_body(NetRequest *request, guint max_bytes)
{
    request->max_body = max_bytes;
}

void net_request_drop_long_body(NetRequest *request, guint max_bytes)
{
    request->max_body = max_bytes;
    request->drops_body = TRUE;
}

void net_request_expect_401(NetRequest *request)
{
    request->expects_401 = TRUE;
}

void net_request_hide_path(NetRequest *request)
{
    g_string_assign(request->shown_path, "/[...]");
}

void net_request_expect_secret(NetRequest *request, guint max_bytes)
{
    request->max_body = max_bytes;
    request->is_secret = TRUE;
}

void net_request_expect_raw(NetRequest *request)
{
    request->is_raw = TRUE;
}

const char *net_request_get_path(const NetRequest *request)
{
    return request->shown_path->str;
}

const char *net_request_get_method(const NetRequest *request)
{
    return request->method;
}

gsize net_request_get_target_length(const NetRequest *request)
{
    return request->path->len + (request->query->len > 0 ? 1 + request->query->len : 0);
}

/* By the name or number alone: asking a resolver would already be traffic, and its answer may change. */
static gboolean is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    if (address)
        return g_inet_address_get_is_loopback(address);
    return g_ascii_strcasecmp(host, "localhost") == 0;
}

/* A name or number; GLib also lets through what was percent-encoded. */
static gboolean is_host(const char *host)
{
    if (!host || !*host)
        return FALSE;
    for (; *host; host++) {
        if (!g_ascii_isalnum(*host) && !strchr("-._:", *host) && (guchar)*host < 0x80)
            return FALSE;
    }
    return TRUE;
}

static GUri *parse_url(const char *url, gboolean is_base, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(url, SOUP_HTTP_URI_FLAGS, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : NULL;
    const char *host = uri ? g_uri_get_host(uri) : NULL;
    gboolean is_http = scheme && g_str_equal(scheme, "http");
    gboolean is_https = scheme && g_str_equal(scheme, "https");

    if (!is_host(host) || g_uri_get_userinfo(uri) || (is_base && (g_uri_get_query(uri) || g_uri_get_fragment(uri)))) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL, "this is not an address of the form https://host/");
        return NULL;
    }
    if (!is_https && !(is_http && is_loopback(host))) {
        g_set_error(error, NET_ERROR, NET_ERROR_INSECURE, "%s://%s is not encrypted", scheme, host);
        return NULL;
    }
    return g_steal_pointer(&uri);
}

/* Leaves alone what an address may hold, and so what is encoded already. */
static void append_as_is(GString *to, const char *text, gsize length)
{
    char *part = g_strndup(text, length);
    char *encoded = g_uri_escape_string(
        part, "%" G_URI_RESERVED_CHARS_GENERIC_DELIMITERS G_URI_RESERVED_CHARS_SUBCOMPONENT_DELIMITERS, FALSE);

    g_string_append(to, encoded);
    net_secret_free(encoded);
    net_secret_free(part);
}

NetRequest *net_request_new_url(const char *method, const char *url, char **base_url, GError **error)
{
    g_autoptr(GUri) uri = parse_url(url, FALSE, error);
    const char *path, *query;
    NetRequest *request;

    if (!uri)
        return NULL;
    /* From the text: GUri decodes what need not be encoded and takes dots out, and an address may be signed. */
    path = strstr(url, "://") + strlen("://");
    path += strcspn(path, "/?#");
    query = path + strcspn(path, "?#");
    request = request_new_bare(method);
    append_as_is(request->path, path, query - path);
    if (query == path)
        g_string_append_c(request->path, '/');
    g_string_append(request->shown_path, request->path->str);
    if (*query == '?')
        append_as_is(request->query, query + 1, strcspn(query + 1, "#"));
    *base_url = g_uri_join(SOUP_HTTP_URI_FLAGS, g_uri_get_scheme(uri), NULL, g_uri_get_host(uri), g_uri_get_port(uri),
                           "", NULL, NULL);
    return request;
}

gboolean net_request_is_same_origin(const char *one, const char *other)
{
    g_autoptr(GUri) first = g_uri_parse(one, SOUP_HTTP_URI_FLAGS, NULL);
    g_autoptr(GUri) second = g_uri_parse(other, SOUP_HTTP_URI_FLAGS, NULL);

    return first && second && is_host(g_uri_get_host(first)) && is_host(g_uri_get_host(second)) &&
           g_str_equal(g_uri_get_scheme(first), g_uri_get_scheme(second)) &&
           g_ascii_strcasecmp(g_uri_get_host(first), g_uri_get_host(second)) == 0 &&
           g_uri_get_port(first) == g_uri_get_port(second);
}

GUri *net_request_build_uri(const NetRequest *request, const char *base_url, GError **error)
{
    g_autoptr(GUri) base = parse_url(base_url, TRUE, error);
    g_autoptr(GString) path = NULL;

    if (!base)
        return NULL;
    if (request->bad_segment) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL, "a part of the path is empty or consists of dots");
        return NULL;
    }
    path = g_string_new(g_uri_get_path(base));
    while (path->len > 0 && path->str[path->len - 1] == '/')
        g_string_truncate(path, path->len - 1);
    g_string_append(path, request->path->str);
    return g_uri_build(SOUP_HTTP_URI_FLAGS, g_uri_get_scheme(base), NULL, g_uri_get_host(base), g_uri_get_port(base),
                       path->str, request->query->len > 0 ? request->query->str : NULL, NULL);
}

GHashTable *net_request_get_headers(const NetRequest *request)
{
    return request->headers;
}

GBytes *net_request_get_body(const NetRequest *request, const char **content_type)
{
    if (content_type)
        *content_type = request->content_type;
    return request->body;
}

gboolean net_request_has_stream(const NetRequest *request)
{
    return request->stream != NULL;
}

GInputStream *net_request_open_body(const NetRequest *request, const char **content_type, gint64 *length)
{
    if (!request->stream)
        return NULL;
    *content_type = request->content_type;
    *length = request->stream->length;
    return request->stream->open(request->stream->user_data);
}

void net_request_wrote_body(const NetRequest *request, gsize count)
{
    if (request->stream && request->stream->wrote)
        request->stream->wrote(count, request->stream->user_data);
}

guint net_request_get_max_body(const NetRequest *request)
{
    return request->max_body;
}

gboolean net_request_drops_long_body(const NetRequest *request)
{
    return request->drops_body;
}

gboolean net_request_expects_401(const NetRequest *request)
{
    return request->expects_401;
}

gboolean net_request_expects_secret(const NetRequest *request)
{
    return request->is_secret;
}

gboolean net_request_expects_raw(const NetRequest *request)
{
    return request->is_raw;
}
