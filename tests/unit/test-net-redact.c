/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-redact: what is taken out, and what has to stay readable. */
#include "net/net-redact.h"

#include <string.h>

static const struct {
    const char *text, *clean;
} cases[] = {
    { "", "" },
    { "nothing secret here", "nothing secret here" },
    /* schemes */
    { "Authorization: Bearer abc.DEF-123_~+/=", "Authorization: Bearer [...]" },
    { "authorization: basic dXNlcjpwYXNz\r\nHost: h", "authorization: basic [...]\r\nHost: h" },
    { "BEARER  abc, next", "BEARER  [...], next" },
    { "token_type=bearer&x=1", "token_type=bearer&x=1" },
    { "the bearer", "the bearer" },
    /* query and form */
    { "access_token=abc&x=1", "access_token=[...]&x=1" },
    { "x=1&refresh_token=abc", "x=1&refresh_token=[...]" },
    { "flow_token=a;password=b&client_secret=c&code=d",
      "flow_token=[...];password=[...]&client_secret=[...]&code=[...]" },
    { "token=abc", "token=[...]" },
    { "PassWord=abc", "PassWord=[...]" },
    { "api_key=abc X-API-Key: abc", "api_key=[...] X-API-Key: [...]" },
    { "grant_type=authorization_code&code=abc", "grant_type=authorization_code&code=[...]" },
    { "response_type=code&client_id=me", "response_type=code&client_id=me" },
    { "token=", "token=" },
    { "password: hunter2", "password: [...]" },
    { "password: h(un,t&er;2 x", "password: [...] x" },
    { "password=h(un)t{er}[2]&x", "password=[...]&x" },
    /* JSON */
    { "{\"access_token\":\"abc\",\"x\":1}", "{\"access_token\":\"[...]\",\"x\":1}" },
    { "{ \"password\" : \"a\\\"b c\" }", "{ \"password\" : \"[...]\" }" },
    { "{\"code\":1234}", "{\"code\":[...]}" },
    { "{\"token\":null}", "{\"token\":[...]}" },
    { "{\"token\":{\"a\":1}}", "{\"token\":{\"a\":1}}" },
    { "{\\\"flow_token\\\":\\\"abc\\\",\\\"x\\\":1}", "{\\\"flow_token\\\":\\\"[...]\\\",\\\"x\\\":1}" },
    { "{\"token\":\"cut", "{\"token\":\"[...]" },
    { "'client_secret': 'abc'", "'client_secret': '[...]'" },
    { "\"token_type\":\"Bearer\",\"access_token\":\"abc\"", "\"token_type\":\"Bearer\",\"access_token\":\"[...]\"" },
    { "error=\"invalid_token\", error_description=\"x y\"", "error=\"invalid_token\", error_description=\"x y\"" },
    /* addresses */
    { "GET https://h/p?a=b&c=d HTTP/1.1", "GET https://h/p?[...] HTTP/1.1" },
    { "see <https://h/?q=1> and http://h?x", "see <https://h/?[...]> and http://h?[...]" },
    { "GET /flows?filter=x", "GET /flows?[...]" },
    { "what? and/or? yes", "what? and/or? yes" },
    { "https://user:pass@h/p", "https://[...]@h/p" },
    { "https://tok@en@h", "https://[...]@h" },
    { "mail me@h", "mail me@h" },
    { "https://flowdock.com/oauth/authorize/abc123 ok", "https://flowdock.com/oauth/authorize/[...] ok" },
    { "https://h/cb#access_token=abc&x=1", "https://h/cb#access_token=[...]&x=1" },
    /* what people need to read */
    { "status code: 404", "status code: 404" },
    { "the code is wrong", "the code is wrong" },
    { "tokens=3 passwordless=1", "tokens=3 passwordless=1" },
    { "caf\xc3\xa9 token=\xc3\xa9t\xc3\xa9 x", "caf\xc3\xa9 token=[...] x" },
};

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *clean = net_redact(cases[i].text);

        g_assert_cmpstr(clean, ==, cases[i].clean);
    }
    g_assert_null(net_redact(NULL));
}

/* What is clean stays as it is, since a text may pass more than once. */
static void test_twice(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *twice = net_redact(cases[i].clean);

        g_test_message("%s", cases[i].clean);
        g_assert_null(strstr(twice, "abc"));
    }
}

/* Any cut of any text: no byte behind it is read, and time is linear. */
static void test_hostile(void)
{
    g_autofree char *colons = g_strnfill(1000 * 1000, ':');
    g_autofree char *words = g_strnfill(1000 * 1000, 'a');
    g_autofree char *backslashes = g_strnfill(1000 * 1000, '\\');
    g_autofree char *quoted = g_strconcat("token=\"", backslashes, NULL);
    const char *const texts[] = { colons, words, backslashes, quoted };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(net_redact(texts[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize length = 0; length < strlen(cases[i].text); length++) {
            g_autofree char *cut = g_strndup(cases[i].text, length);

            g_free(net_redact(cut));
        }
    }
}

static void test_line(void)
{
    static const struct {
        const char *text;
        gsize max_chars;
        const char *line;
    } lines[] = {
        { "", 10, "" },
        { " a\r\n\tb ", 10, "a b" },
        { "a\x01"
          "b\x7f",
          10, "a b" },
        { "abcdefghij", 10, "abcdefghij" },
        { "abcdefghijk", 10, "abcdefghi…" },
        { "abcdefgh ijk", 10, "abcdefgh…" },
        { "abcdefghi j", 10, "abcdefghi…" },
        { "abcdefgh i", 10, "abcdefgh i" },
        { "\xff", 10, "\xef\xbf\xbd" },
        { "token=abcdefghijklmnop", 20, "token=[...]" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *line = net_redact_line(lines[i].text, lines[i].max_chars);

        g_assert_cmpstr(line, ==, lines[i].line);
    }
    g_assert_null(net_redact_line(NULL, 10));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/redact/cases", test_cases);
    g_test_add_func("/net/redact/twice", test_twice);
    g_test_add_func("/net/redact/hostile", test_hostile);
    g_test_add_func("/net/redact/line", test_line);
    return g_test_run();
}
