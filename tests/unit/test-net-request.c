/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-request: encoding, bodies, and which addresses are let through. */
#include "net/net-request.h"

#include <string.h>

#include "net/net-error.h"

static char *uri_of(const NetRequest *request, const char *base_url, GError **error)
{
    g_autoptr(GUri) uri = net_request_build_uri(request, base_url, error);

    return uri ? g_uri_to_string(uri) : NULL;
}

static void test_uri(void)
{
    static const struct {
        const char *base, *uri;
    } cases[] = {
        { "https://h", "https://h/flows/a%2Fb%20%3F%C3%A9" },
        { "https://h/", "https://h/flows/a%2Fb%20%3F%C3%A9" },
        { "https://h/v1", "https://h/v1/flows/a%2Fb%20%3F%C3%A9" },
        { "https://h:8443/v1//", "https://h:8443/v1/flows/a%2Fb%20%3F%C3%A9" },
        { "https://h/a%2Fb", "https://h/a%2Fb/flows/a%2Fb%20%3F%C3%A9" },
    };
    g_autoptr(NetRequest) request = net_request_new("GET", "flows", "a/b ?\xc3\xa9", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *uri = uri_of(request, cases[i].base, NULL);

        g_assert_cmpstr(uri, ==, cases[i].uri);
    }
    g_assert_cmpstr(net_request_get_method(request), ==, "GET");
    g_assert_cmpstr(net_request_get_path(request), ==, "/flows/a%2Fb%20%3F%C3%A9");
}

static void test_query(void)
{
    static const char *const path[] = { "flows", NULL };
    g_autoptr(NetRequest) request = net_request_new_path("GET", path);
    g_autofree char *uri = NULL;

    g_assert_cmpuint(net_request_get_target_length(request), ==, strlen("/flows"));
    net_request_add_query(request, "filter", "a:b,c&d=e");
    net_request_add_query_int(request, "since_id", G_MININT64);
    net_request_add_query(request, "s p", "");
    uri = uri_of(request, "https://h", NULL);
    g_assert_cmpstr(uri, ==, "https://h/flows?filter=a%3Ab%2Cc%26d%3De&since_id=-9223372036854775808&s%20p=");
    g_assert_cmpuint(net_request_get_target_length(request), ==, strlen(uri) - strlen("https://h"));
    g_assert_cmpstr(net_request_get_path(request), ==, "/flows");
}

static void test_bases(void)
{
    static const struct {
        const char *base;
        int code; /* -1: fine */
    } cases[] = {
        { "https://api.flowdock.com", -1 },
        { "HTTPS://API.flowdock.com", -1 },
        { "http://127.0.0.1", -1 },
        { "http://127.0.0.1:1234/x", -1 },
        { "http://127.255.3.4:80", -1 },
        { "http://[::1]:1234", -1 },
        { "http://localhost:1", -1 },
        { "http://LocalHost", -1 },
        { "http://example.com", NET_ERROR_INSECURE },
        { "http://127.0.0.1.example.com", NET_ERROR_INSECURE },
        { "http://localhost.evil.example", NET_ERROR_INSECURE },
        { "http://evil.localhost.example", NET_ERROR_INSECURE },
        { "http://localhost.", NET_ERROR_INSECURE },
        { "http://127.1", NET_ERROR_INSECURE },
        { "http://2130706433", NET_ERROR_INSECURE },
        { "http://0.0.0.0", NET_ERROR_INSECURE },
        { "http://[::]", NET_ERROR_INSECURE },
        { "http://[::ffff:127.0.0.1]", NET_ERROR_INSECURE },
        { "http://10.0.0.1", NET_ERROR_INSECURE },
        { "http://127.0.0.1%2eexample.com", NET_ERROR_INSECURE },
        { "ftp://127.0.0.1", NET_ERROR_INSECURE },
        { "ws://localhost", NET_ERROR_INSECURE },
        { "http://127.0.0.1@example.com", NET_ERROR_PROTOCOL },
        { "https://user:pass@example.com", NET_ERROR_PROTOCOL },
        { "https://example.com?x=1", NET_ERROR_PROTOCOL },
        { "https://example.com#x", NET_ERROR_PROTOCOL },
        { "https://", NET_ERROR_PROTOCOL },
        { "https:///x", NET_ERROR_PROTOCOL },
        { "https://h:port", NET_ERROR_PROTOCOL },
        { "https://h:99999", NET_ERROR_PROTOCOL },
        { "file:///etc/passwd", NET_ERROR_PROTOCOL },
        { "api.flowdock.com", NET_ERROR_PROTOCOL },
        { "", NET_ERROR_PROTOCOL },
        { "https://a b", NET_ERROR_PROTOCOL },
    };
    g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *uri = uri_of(request, cases[i].base, &error);

        g_test_message("%s: %s", cases[i].base, error ? error->message : uri);
        if (cases[i].code < 0)
            g_assert_no_error(error);
        else
            g_assert_error(error, NET_ERROR, cases[i].code);
        g_assert_true((uri != NULL) == (error == NULL));
    }
}

/* What another host gave out goes to it unchanged, and to it only. */
static void test_foreign(void)
{
    static const struct {
        const char *url, *base, *target;
    } cases[] = {
        { "https://h/a/1/120", "https://h/", "/a/1/120" },
        { "https://h:8443/a%2fb%41~%7e//./../c;d=(e)?x=%3a&y=+z#top", "https://h:8443/",
          "/a%2fb%41~%7e//./../c;d=(e)?x=%3a&y=+z" },
        { "HTTPS://H:443", "https://H/", "/" },
        { "https://h?x=/?@:", "https://h/", "/?x=/?@:" },
        { "https://h#a/b?c", "https://h/", "/" },
        { "https://h/a#b?c", "https://h/", "/a" },
        { "https://h/a b\\\"<\xc3\xa9>\r\nX: y?\t|", "https://h/", "/a%20b%5C%22%3C%C3%A9%3E%0D%0AX:%20y?%09%7C" },
        { "https://h/\xff", "https://h/", "/%FF" },
        { "https://h/a@b:c", "https://h/", "/a@b:c" },
        { "https://b\xc3\xbc.example/x", "https://xn--b-eha.example/", "/x" },
        { "http://127.0.0.1:1234/x/", "http://127.0.0.1:1234/", "/x/" },
        { "http://[::1]:1234/x", "http://[::1]:1234/", "/x" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *base = NULL;
        g_autofree char *path = g_strndup(cases[i].target, strcspn(cases[i].target, "?"));
        g_autoptr(NetRequest) request = net_request_new_url("GET", cases[i].url, &base, &error);
        g_autoptr(GUri) uri = NULL;
        g_autofree char *target = NULL;

        g_test_message("%s", cases[i].url);
        g_assert_no_error(error);
        g_assert_cmpstr(base, ==, cases[i].base);
        uri = net_request_build_uri(request, base, &error);
        g_assert_no_error(error);
        target = g_strconcat(g_uri_get_path(uri), g_uri_get_query(uri) ? "?" : "", g_uri_get_query(uri), NULL);
        g_assert_cmpstr(target, ==, cases[i].target);
        g_assert_cmpstr(net_request_get_path(request), ==, path);
        g_assert_cmpstr(net_request_get_method(request), ==, "GET");
    }
}

static void test_foreign_refused(void)
{
    static const struct {
        const char *url;
        int code;
    } cases[] = {
        { "http://example.com/x", NET_ERROR_INSECURE },
        { "http://127.0.0.1.example.com/x", NET_ERROR_INSECURE },
        { "ftp://example.com/x", NET_ERROR_INSECURE },
        { "https://user:pass@example.com/x", NET_ERROR_PROTOCOL },
        { "https://user@example.com/x", NET_ERROR_PROTOCOL },
        { "https://@example.com/x", NET_ERROR_PROTOCOL },
        { "https://a@b@example.com/x", NET_ERROR_PROTOCOL },
        { "http://127.0.0.1@example.com/x", NET_ERROR_PROTOCOL },
        { "https://example.com\\@h/x", NET_ERROR_PROTOCOL },
        { "https://h/%zz", NET_ERROR_PROTOCOL },
        { "https:///x", NET_ERROR_PROTOCOL },
        { "https:/h/x", NET_ERROR_PROTOCOL },
        { "//h/x", NET_ERROR_PROTOCOL },
        { "/x", NET_ERROR_PROTOCOL },
        { "data:image/png;base64,AAAA", NET_ERROR_PROTOCOL },
        { "file:///etc/passwd", NET_ERROR_PROTOCOL },
        { " https://h/x", NET_ERROR_PROTOCOL },
        { "https://h\n/x", NET_ERROR_PROTOCOL },
        { "", NET_ERROR_PROTOCOL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        char *base = NULL;

        g_test_message("%s", cases[i].url);
        g_assert_null(net_request_new_url("GET", cases[i].url, &base, &error));
        g_assert_error(error, NET_ERROR, cases[i].code);
        g_assert_null(base);
    }
}

static void test_same_origin(void)
{
    static const struct {
        const char *one, *other;
        gboolean same;
    } cases[] = {
        { "https://h", "https://h/", TRUE },
        { "https://h/a?b", "HTTPS://H:443/c#d", TRUE },
        { "http://127.0.0.1:1234", "http://127.0.0.1:1234/x", TRUE },
        { "https://b\xc3\xbc.example", "https://xn--b-eha.example/", TRUE },
        { "https://h", "http://h", FALSE },
        { "https://h:80", "http://h", FALSE },
        { "https://h", "https://h:8443", FALSE },
        { "https://h", "https://a.h", FALSE },
        { "https://h", "https://h.", FALSE },
        { "https://h", "https://h@a", FALSE },
        { "http://127.0.0.1:1234", "http://127.0.0.1:1235", FALSE },
        { "http://127.0.0.1:1234", "http://localhost:1234", FALSE },
        { "https:///x", "https:///x", FALSE },
        { "mailto:a", "mailto:a", FALSE },
        { "h", "h", FALSE },
        { "", "", FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s %s", cases[i].one, cases[i].other);
        g_assert_true(net_request_is_same_origin(cases[i].one, cases[i].other) == cases[i].same);
        g_assert_true(net_request_is_same_origin(cases[i].other, cases[i].one) == cases[i].same);
    }
}

static void test_hidden_path(void)
{
    g_autoptr(NetRequest) request = NULL;
    g_autofree char *base = NULL;
    g_autofree char *uri = NULL;

    request = net_request_new_url("POST", "https://h/signed/by?me", &base, NULL);
    net_request_hide_path(request);
    g_assert_cmpstr(net_request_get_path(request), ==, "/[...]");
    uri = uri_of(request, base, NULL);
    g_assert_cmpstr(uri, ==, "https://h/signed/by?me");
}

static void test_segments(void)
{
    static const char *const bad[] = { "", ".", ".." };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(NetRequest) request = net_request_new("DELETE", "flows", bad[i], "messages", NULL);
        g_autoptr(GError) error = NULL;

        g_assert_null(net_request_build_uri(request, "https://h", &error));
        g_assert_error(error, NET_ERROR, NET_ERROR_PROTOCOL);
    }
}

static void test_secret_segment(void)
{
    g_autoptr(NetRequest) request = net_request_new("POST", "messages", NULL);
    g_autofree char *uri = NULL;

    net_request_add_secret_segment(request, "to/ken");
    uri = uri_of(request, "https://h", NULL);
    g_assert_cmpstr(uri, ==, "https://h/messages/to%2Fken");
    g_assert_cmpstr(net_request_get_path(request), ==, "/messages/[...]");
    g_assert_cmpuint(net_request_get_target_length(request), ==, strlen("/messages/to%2Fken"));
    net_request_add_secret_segment(request, "..");
    g_assert_null(net_request_build_uri(request, "https://h", NULL));
}

static void test_headers(void)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "x", NULL);
    GHashTable *headers = net_request_get_headers(request);

    net_request_set_header(request, "Accept", "one");
    net_request_set_header(request, "ACCEPT", "two");
    g_assert_cmpuint(g_hash_table_size(headers), ==, 1);
    g_assert_cmpstr(g_hash_table_lookup(headers, "accept"), ==, "two");
    net_request_set_header(request, "accept", NULL);
    g_assert_cmpuint(g_hash_table_size(headers), ==, 0);
}

static char *body_of(const NetRequest *request, const char **content_type)
{
    GBytes *body = net_request_get_body(request, content_type);

    return g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
}

static void test_bodies(void)
{
    static const char *const pairs[] = { "a", "1 &=\xc3\xa9+", "b c", "", NULL };
    g_autoptr(NetRequest) request = net_request_new("POST", "x", NULL);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *form = NULL, *json = NULL, *plain = NULL;
    const char *content_type = "";

    g_assert_null(net_request_get_body(request, &content_type));
    g_assert_null(content_type);
    net_request_set_form(request, pairs);
    form = body_of(request, &content_type);
    g_assert_cmpstr(form, ==, "a=1%20%26%3D%C3%A9%2B&b%20c=");
    g_assert_cmpstr(content_type, ==, "application/x-www-form-urlencoded");
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "a");
    json_builder_add_string_value(builder, "\"\xc3\xa9\n");
    json_builder_end_object(builder);
    net_request_set_json(request, builder);
    json = body_of(request, &content_type);
    g_assert_cmpstr(json, ==, "{\"a\":\"\\\"\xc3\xa9\\n\"}");
    g_assert_cmpstr(content_type, ==, "application/json");
    net_request_set_body(request, "text/plain", "a longer text", 1);
    plain = body_of(request, NULL);
    g_assert_cmpstr(plain, ==, "a");
}

static GInputStream *open_body(gpointer counts)
{
    ((guint *)counts)[0]++;
    return g_memory_input_stream_new_from_data("abc", 3, NULL);
}

static void wrote_body(gsize count, gpointer counts)
{
    ((guint *)counts)[1] += (guint)count;
}

static void destroy_body(gpointer counts)
{
    ((guint *)counts)[2]++;
}

static void test_streams(void)
{
    guint counts[3] = { 0 };
    NetRequest *request = net_request_new("POST", "x", NULL);
    const char *type = NULL;
    gint64 length = 0;

    g_assert_null(net_request_open_body(request, &type, &length));
    g_assert_false(net_request_has_stream(request));
    net_request_wrote_body(request, 1);
    net_request_set_body(request, "text/plain", "a", 1);
    net_request_set_body_stream(request, "text/x", 3, open_body, wrote_body, counts, destroy_body);
    g_assert_true(net_request_has_stream(request));
    g_assert_null(net_request_get_body(request, NULL));
    for (guint i = 1; i <= 2; i++) {
        g_autoptr(GInputStream) stream = net_request_open_body(request, &type, &length);

        g_assert_nonnull(stream);
        g_assert_cmpuint(counts[0], ==, i);
        g_assert_cmpstr(type, ==, "text/x");
        g_assert_cmpint(length, ==, 3);
        net_request_wrote_body(request, 5);
    }
    g_assert_cmpuint(counts[1], ==, 10);
    net_request_set_body(request, "text/plain", "a", 1);
    g_assert_cmpuint(counts[2], ==, 1);
    net_request_set_body_stream(request, "text/x", 3, open_body, NULL, counts, destroy_body);
    net_request_wrote_body(request, 5);
    net_request_unref(request);
    g_assert_cmpuint(counts[2], ==, 2);
    g_assert_cmpuint(counts[1], ==, 10);
}

static void test_answer(void)
{
    g_autoptr(NetRequest) request = net_request_new("POST", "x", NULL);

    g_assert_false(net_request_expects_raw(request));
    net_request_expect_raw(request);
    g_assert_true(net_request_expects_raw(request));

    g_assert_false(net_request_expects_401(request));
    net_request_expect_401(request);
    g_assert_true(net_request_expects_401(request));

    g_assert_cmpuint(net_request_get_max_body(request), ==, 0);
    g_assert_false(net_request_drops_long_body(request));
    net_request_set_max_body(request, 500);
    g_assert_cmpuint(net_request_get_max_body(request), ==, 500);
    g_assert_false(net_request_drops_long_body(request));
    net_request_drop_long_body(request, 700);
    g_assert_cmpuint(net_request_get_max_body(request), ==, 700);
    g_assert_true(net_request_drops_long_body(request));
    g_assert_false(net_request_expects_secret(request));
    net_request_expect_secret(request, 1000);
    g_assert_cmpuint(net_request_get_max_body(request), ==, 1000);
    g_assert_true(net_request_expects_secret(request));
}

static void test_reference(void)
{
    NetRequest *request = net_request_new("GET", "x", NULL);

    g_assert_true(net_request_ref(request) == request);
    net_request_unref(request);
    g_assert_cmpstr(net_request_get_path(request), ==, "/x");
    net_request_unref(request);
    net_request_unref(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/request/uri", test_uri);
    g_test_add_func("/net/request/query", test_query);
    g_test_add_func("/net/request/bases", test_bases);
    g_test_add_func("/net/request/foreign", test_foreign);
    g_test_add_func("/net/request/foreign-refused", test_foreign_refused);
    g_test_add_func("/net/request/same-origin", test_same_origin);
    g_test_add_func("/net/request/hidden-path", test_hidden_path);
    g_test_add_func("/net/request/segments", test_segments);
    g_test_add_func("/net/request/secret-segment", test_secret_segment);
    g_test_add_func("/net/request/headers", test_headers);
    g_test_add_func("/net/request/bodies", test_bodies);
    g_test_add_func("/net/request/streams", test_streams);
    g_test_add_func("/net/request/answer", test_answer);
    g_test_add_func("/net/request/reference", test_reference);
    return g_test_run();
}
