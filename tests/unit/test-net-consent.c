/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-consent: the address that is opened, and whatever may come back. */
#include "net/net-consent.h"

#include <string.h>

#include "net/net-error.h"
#include "net/net-oauth.h"

#define OOB "urn:ietf:wg:oauth:2.0:oob"
#define LOOPBACK "http://127.0.0.1:8714/flowdock"
#define UNRESERVED "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
/* Stand in what comes back for the consent's own state, and for one that differs from it in the first or the last
 * character. */
#define STATE "{state}"
#define FIRST_OFF "{first}"
#define LAST_OFF "{last}"

static const char *const path[] = { "oauth", "authorize", NULL };
static const char *const two_scopes[] = { "flow", "private", NULL };

static NetConsent *consent_at(const char *base_url, const char *redirect_uri)
{
    NetConsentOptions options = { base_url, path, "an id", redirect_uri, two_scopes, "%20", FALSE, FALSE };
    g_autoptr(GError) error = NULL;
    NetConsent *consent = net_consent_new(&options, &error);

    g_assert_no_error(error);
    return consent;
}

static char *param(const NetConsent *consent, const char *name)
{
    const char *query = strchr(net_consent_get_address(consent), '?') + 1;
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) params = g_uri_parse_params(query, -1, "&", G_URI_PARAMS_NONE, &error);

    g_assert_no_error(error);
    return g_strdup(g_hash_table_lookup(params, name));
}

static char *with_state(const NetConsent *consent, const char *text)
{
    g_autofree char *state = param(consent, "state");
    g_autofree char *first = g_strdup(state);
    g_autofree char *last = g_strdup(state);
    char *end = last + strlen(last) - 1;
    GString *whole = g_string_new(text);

    *first = *first == 'A' ? 'B' : 'A';
    *end = *end == 'A' ? 'B' : 'A';
    g_string_replace(whole, STATE, state, 0);
    g_string_replace(whole, FIRST_OFF, first, 0);
    g_string_replace(whole, LAST_OFF, last, 0);
    return g_string_free(whole, FALSE);
}

static void test_address(void)
{
    g_autoptr(NetConsent) consent = consent_at("https://api.flowdock.com/", OOB);
    g_autofree char *state = param(consent, "state");
    g_autofree char *challenge = param(consent, "code_challenge");
    g_autofree char *expected =
        g_strconcat("https://api.flowdock.com/oauth/authorize?response_type=code&client_id=an%20id"
                    "&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&scope=flow%20private&state=",
                    state, "&code_challenge=", challenge, "&code_challenge_method=S256", NULL);

    g_assert_cmpstr(net_consent_get_address(consent), ==, expected);
    g_assert_cmpstr(net_consent_get_redirect_uri(consent), ==, OOB);
}

static void test_scopes(void)
{
    static const struct {
        const char *scopes[4];
        const char *separator;
        const char *wire;
    } cases[] = {
        { { NULL }, "%20", "oob&state=" },
        { { "flow", NULL }, "%20", "&scope=flow&state=" },
        { { "flow", "private", NULL }, "%20", "&scope=flow%20private&state=" },
        { { "locations.read", "token.refresh", NULL }, "+", "&scope=locations.read+token.refresh&state=" },
        { { "a+b", "c d&e=f", "\xc3\xa9", NULL }, "+", "&scope=a%2Bb+c%20d%26e%3Df+%C3%A9&state=" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        NetConsentOptions options = { "https://h", path, "id", OOB, cases[i].scopes, cases[i].separator, FALSE, FALSE };
        g_autoptr(NetConsent) consent = net_consent_new(&options, NULL);

        g_test_message("%s", net_consent_get_address(consent));
        g_assert_nonnull(strstr(net_consent_get_address(consent), cases[i].wire));
    }
}

static void test_bases(void)
{
    static const struct {
        const char *base;
        int code; /* -1: fine */
    } cases[] = {
        { "https://api.flowdock.com", -1 },
        { "https://app.envoy.com/a/auth/v0", -1 },
        { "http://127.0.0.1:1234", -1 },
        { "http://api.flowdock.com", NET_ERROR_INSECURE },
        { "api.flowdock.com", NET_ERROR_PROTOCOL },
        { "https://api.flowdock.com?x=1", NET_ERROR_PROTOCOL },
        { "", NET_ERROR_PROTOCOL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        NetConsentOptions options = { cases[i].base, path, "id", OOB, two_scopes, "+", FALSE, FALSE };
        g_autoptr(GError) error = NULL;
        g_autoptr(NetConsent) consent = net_consent_new(&options, &error);

        g_test_message("%s", cases[i].base);
        if (cases[i].code < 0)
            g_assert_no_error(error);
        else
            g_assert_error(error, NET_ERROR, cases[i].code);
        g_assert_true((consent != NULL) == (error == NULL));
    }
}

/* By another way than the module's. */
static char *challenge_of(const char *verifier)
{
    g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, verifier, -1);
    g_autofree char *base64 = NULL;
    guint8 digest[32];
    GString *text;

    for (gsize i = 0; i < sizeof digest; i++)
        digest[i] = (guint8)(g_ascii_xdigit_value(hex[2 * i]) * 16 + g_ascii_xdigit_value(hex[2 * i + 1]));
    base64 = g_base64_encode(digest, sizeof digest);
    text = g_string_new(base64);
    g_string_replace(text, "+", "-", 0);
    g_string_replace(text, "/", "_", 0);
    g_string_replace(text, "=", "", 0);
    return g_string_free(text, FALSE);
}

/* RFC 7636, also its appendix B. */
static void test_pkce(void)
{
    g_autofree char *sample = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

    g_assert_cmpstr(sample, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    /* So often that each character of base64 comes. */
    for (int i = 0; i < 50; i++) {
        g_autoptr(NetConsent) consent = consent_at("https://h", OOB);
        const char *verifier = net_consent_get_verifier(consent);
        g_autofree char *expected = challenge_of(verifier);
        g_autofree char *challenge = param(consent, "code_challenge");
        g_autofree char *method = param(consent, "code_challenge_method");

        g_assert_cmpuint(strlen(verifier), ==, 43);
        g_assert_cmpuint(strspn(verifier, UNRESERVED), ==, 43);
        g_assert_cmpstr(challenge, ==, expected);
        g_assert_cmpstr(method, ==, "S256");
        g_assert_null(strstr(net_consent_get_address(consent), verifier));
    }
}

static void test_no_pkce(void)
{
    NetConsentOptions options = { "https://h", path, "id", LOOPBACK, two_scopes, "+", TRUE, FALSE };
    g_autoptr(NetConsent) consent = net_consent_new(&options, NULL);
    g_autofree char *state = param(consent, "state");
    g_autofree char *expected =
        g_strconcat("https://h/oauth/authorize?response_type=code&client_id=id&redirect_uri=http"
                    "%3A%2F%2F127.0.0.1%3A8714%2Fflowdock&scope=flow+private&state=",
                    state, NULL);

    g_assert_null(net_consent_get_verifier(consent));
    g_assert_cmpstr(net_consent_get_address(consent), ==, expected);
}

/* A state may be missing where the service is not known to bring it back; a wrong one is wrong all the same. */
static void test_lost_state(void)
{
    static const struct {
        const char *query;
        const char *code; /* (nullable): it is refused with ... */
        int error;
    } cases[] = {
        { "code=CoDe", "CoDe", 0 },
        { "code=CoDe&state=" STATE, "CoDe", 0 },
        { "code=CoDe&state=" FIRST_OFF, NULL, NET_OAUTH_ERROR_WRONG_STATE },
        { "code=CoDe&state=", NULL, NET_OAUTH_ERROR_WRONG_STATE },
        { "code=CoDe&state=" STATE "&state=" STATE, NULL, NET_OAUTH_ERROR_WRONG_STATE },
        { "error=access_denied", NULL, NET_OAUTH_ERROR_ACCESS_DENIED },
        { "error=access_denied&state=" LAST_OFF, NULL, NET_OAUTH_ERROR_WRONG_STATE },
        { "", NULL, NET_OAUTH_ERROR_NO_CODE },
    };
    NetConsentOptions options = { "https://h", path, "id", LOOPBACK, two_scopes, "+", FALSE, TRUE };

    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const gsize row = i / 2;
        g_autoptr(NetConsent) consent = net_consent_new(&options, NULL);
        g_autofree char *query = with_state(consent, cases[row].query);
        g_autofree char *pasted = g_strconcat(LOOPBACK "?", query, NULL);
        g_autoptr(GError) error = NULL;
        g_autofree char *code =
            i % 2 ? net_consent_read(consent, pasted, &error) : net_consent_read_query(consent, query, &error);

        g_test_message("%s", cases[row].query);
        g_assert_cmpstr(code, ==, cases[row].code);
        if (!code)
            g_assert_error(error, NET_OAUTH_ERROR, cases[row].error);
    }
}

static void test_random(void)
{
    g_autoptr(NetConsent) one = consent_at("https://h", OOB);
    g_autoptr(NetConsent) other = consent_at("https://h", OOB);
    g_autofree char *state = param(one, "state");
    g_autofree char *other_state = param(other, "state");

    /* 22 characters hold 128 bits. */
    g_assert_cmpuint(strlen(state), >=, 22);
    g_assert_cmpuint(strspn(state, UNRESERVED), ==, strlen(state));
    g_assert_cmpstr(state, !=, other_state);
    g_assert_cmpstr(net_consent_get_verifier(one), !=, net_consent_get_verifier(other));
    g_assert_cmpstr(net_consent_get_verifier(one), !=, state);
}

typedef struct {
    const char *name;
    const char *base_url; /* (nullable): https://api.flowdock.com */
    const char *pasted;
    const char *code; /* (nullable): it is refused with ... */
    int error;
} Paste;

/* In all of them "CoDe" marks what no message may hold. */
static void check_paste(const Paste *paste, const char *redirect_uri)
{
    g_autoptr(NetConsent) consent =
        consent_at(paste->base_url ? paste->base_url : "https://api.flowdock.com", redirect_uri);
    g_autofree char *pasted = with_state(consent, paste->pasted);
    g_autoptr(GError) error = NULL;
    g_autofree char *code = net_consent_read(consent, pasted, &error);

    g_test_message("%s: %s", paste->name, error ? error->message : code);
    g_assert_cmpstr(code, ==, paste->code);
    if (paste->code) {
        g_assert_no_error(error);
        return;
    }
    g_assert_error(error, NET_OAUTH_ERROR, paste->error);
    g_assert_cmpstr(error->message, !=, "");
    g_assert_null(strstr(error->message, "CoDe"));
}

static void test_bare(void)
{
    static const Paste cases[] = {
        { "plain", NULL, "CoDe1", "CoDe1", 0 },
        { "blanks", NULL, "  CoDe1\t ", "CoDe1", 0 },
        { "line ends", NULL, "\r\nCoDe1\r\n\n", "CoDe1", 0 },
        { "no-break space", NULL,
          "\xc2\xa0"
          "CoDe1\xe2\x80\xaf",
          "CoDe1", 0 },
        { "byte order mark", NULL,
          "\xef\xbb\xbf"
          "CoDe1\xe2\x80\x8b",
          "CoDe1", 0 },
        { "quotes", NULL, "\"CoDe1\"", "CoDe1", 0 },
        { "single quotes and blanks", NULL, " 'CoDe1' ", "CoDe1", 0 },
        { "typographic quotes", NULL, "“CoDe1”", "CoDe1", 0 },
        { "angle brackets", NULL, "<CoDe1>", "CoDe1", 0 },
        { "all signs of tokens", NULL, "4/0aB-._~+CoDe==", "4/0aB-._~+CoDe==", 0 },
        { "dots", NULL, "eyJ.CoDe.x", "eyJ.CoDe.x", 0 },
        { "empty", NULL, "", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "blank", NULL, " \r\n\t ", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "quotes only", NULL, "\"\"", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "two words", NULL, "my CoDe", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "two lines", NULL, "CoDe\nCoDe", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "control character", NULL,
          "Co\x01"
          "CoDe",
          NULL, NET_OAUTH_ERROR_NO_CODE },
        { "control character at an end", NULL, "CoDe\x7f", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "no ASCII", NULL, "CoDe\xc3\xa9", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "not UTF-8", NULL, "CoDe\xff\xfe", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "cut UTF-8", NULL, "CoDe\xf0", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "piece of an address", NULL, "?code=CoDe&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE },
        { "piece of a query", NULL, "code=CoDe&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check_paste(&cases[i], OOB);
        check_paste(&cases[i], LOOPBACK);
    }
}

static void test_page(void)
{
    static const Paste cases[] = {
        { "as documented", NULL, "https://flowdock.com/oauth/authorize/CoDe", "CoDe", 0 },
        { "www", NULL, "https://www.flowdock.com/oauth/authorize/CoDe", "CoDe", 0 },
        { "api", NULL, "https://api.flowdock.com/oauth/authorize/CoDe", "CoDe", 0 },
        { "capitals", NULL, "HTTPS://WWW.FlowDock.Com/oauth/authorize/CoDe", "CoDe", 0 },
        { "no scheme", NULL, "flowdock.com/oauth/authorize/CoDe", "CoDe", 0 },
        { "no scheme, www", NULL, "www.flowdock.com/oauth/authorize/CoDe", "CoDe", 0 },
        { "http", NULL, "http://flowdock.com/oauth/authorize/CoDe", "CoDe", 0 },
        { "usual port", NULL, "https://flowdock.com:443/oauth/authorize/CoDe", "CoDe", 0 },
        { "slash", NULL, "https://flowdock.com/oauth/authorize/CoDe/", "CoDe", 0 },
        { "slashes", NULL, "https://flowdock.com/oauth/authorize//CoDe//", "CoDe", 0 },
        { "query", NULL, "https://flowdock.com/oauth/authorize/CoDe?utf8=x&y", "CoDe", 0 },
        { "fragment", NULL, "https://flowdock.com/oauth/authorize/CoDe#top/x?code=no", "CoDe", 0 },
        { "slash, query and fragment", NULL, "https://flowdock.com/oauth/authorize/CoDe/?x=%zz#y", "CoDe", 0 },
        { "percent-encoding", NULL, "https://flowdock.com/oauth/authorize/Co%44e%3D%2Fx", "CoDe=/x", 0 },
        { "plus", NULL, "https://flowdock.com/oauth/authorize/Co+De", "Co+De", 0 },
        { "quotes and blanks", NULL, " \"https://flowdock.com/oauth/authorize/CoDe\"\n", "CoDe", 0 },
        { "angle brackets", NULL, "<https://flowdock.com/oauth/authorize/CoDe>", "CoDe", 0 },
        { "right state", NULL, "https://flowdock.com/oauth/authorize/CoDe?state=" STATE, "CoDe", 0 },
        { "code in the query", NULL, "https://flowdock.com/oauth/authorize?code=CoDe", "CoDe", 0 },
        { "native page", NULL, "https://flowdock.com/oauth/authorize/native?code=CoDe", "CoDe", 0 },
        { "other base", "https://www.example.org", "api.example.org/oauth/authorize/CoDe", "CoDe", 0 },
        { "base with a prefix", "https://example.org/v1", "https://example.org/v1/oauth/authorize/CoDe", "CoDe", 0 },
        { "page without the prefix", "https://api.example.org/v1", "https://example.org/oauth/authorize/CoDe", "CoDe",
          0 },
        { "port", "http://127.0.0.1:1234", "http://127.0.0.1:1234/oauth/authorize/CoDe", "CoDe", 0 },
        { "port, no scheme", "http://127.0.0.1:1234", "127.0.0.1:1234/oauth/authorize/CoDe", "CoDe", 0 },
        { "port, IPv6", "http://[::1]:1234", "[::1]:1234/oauth/authorize/CoDe", "CoDe", 0 },
        { "name without a dot", "http://localhost", "localhost/oauth/authorize/CoDe", "CoDe", 0 },

        { "wrong port", "http://127.0.0.1:1234", "http://127.0.0.1:1235/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "no port", "http://127.0.0.1:1234", "http://127.0.0.1/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "a port", NULL, "https://flowdock.com:8443/oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "impossible port", NULL, "https://flowdock.com:99999/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other host", NULL, "https://example.com/oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other host, no scheme", NULL, "example.com/oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "host below", NULL, "https://x.flowdock.com/oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "host above", NULL, "https://flowdock.com.evil.example/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "twice a prefix", NULL, "https://www.api.flowdock.com/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "user and other host", NULL, "https://flowdock.com@evil.example/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "user", NULL, "https://evil@flowdock.com/oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "no host", NULL, "https:///oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "broken host", NULL, "https://[::1/oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other scheme", NULL, "ftp://flowdock.com/oauth/authorize/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other scheme, same port", NULL, "ftp://flowdock.com:443/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "no web address", NULL, "javascript:CoDe//flowdock.com/oauth/authorize/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other page", NULL, "https://flowdock.com/account/CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other page with a code", NULL, "https://flowdock.com/?code=CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "page of a longer name", NULL, "https://flowdock.com/oauth/authorized/CoDe", NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "the site", NULL, "https://www.flowdock.com", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },

        { "wrong state", NULL, "https://flowdock.com/oauth/authorize/CoDe?state=CoDe", NULL,
          NET_OAUTH_ERROR_WRONG_STATE },
        { "cut state", NULL, "https://flowdock.com/oauth/authorize?code=CoDe&state=", NULL,
          NET_OAUTH_ERROR_WRONG_STATE },
        { "state twice", NULL, "https://flowdock.com/oauth/authorize/CoDe?state=" STATE "&state=" STATE, NULL,
          NET_OAUTH_ERROR_WRONG_STATE },

        { "no code", NULL, "https://flowdock.com/oauth/authorize", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "no code, slash", NULL, "https://flowdock.com/oauth/authorize/", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "page before the consent", NULL, "https://api.flowdock.com/oauth/authorize?client_id=CoDe&state=" STATE, NULL,
          NET_OAUTH_ERROR_NO_CODE },
        { "page before another consent", NULL, "https://api.flowdock.com/oauth/authorize?client_id=CoDe&state=old",
          NULL, NET_OAUTH_ERROR_NO_CODE },
        { "two parts", NULL, "https://flowdock.com/oauth/authorize/CoDe/CoDe", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "empty code", NULL, "https://flowdock.com/oauth/authorize/x?code=", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "code twice", NULL, "https://flowdock.com/oauth/authorize?code=CoDe&code=CoDe", NULL,
          NET_OAUTH_ERROR_NO_CODE },
        { "bad percent-encoding", NULL, "https://flowdock.com/oauth/authorize/CoDe%", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "bad percent-encoding, query", NULL, "https://flowdock.com/oauth/authorize?code=CoDe%4", NULL,
          NET_OAUTH_ERROR_NO_CODE },
        { "encoded blank", NULL, "https://flowdock.com/oauth/authorize/CoDe%20x", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "encoded line end", NULL, "https://flowdock.com/oauth/authorize/CoDe%0d%0ax", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "encoded end", NULL, "https://flowdock.com/oauth/authorize/CoDe%00x", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "blank within", NULL, "https://flowdock.com/oauth/authorize/ CoDe", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "blank elsewhere", NULL, "https://flowdock.com/oauth/authorize/CoDe?x=y z", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "control character elsewhere", NULL, "https://flowdock.com/oauth/authorize/CoDe#\x01", NULL,
          NET_OAUTH_ERROR_NO_CODE },

        { "denied", NULL, "https://flowdock.com/oauth/authorize/native?error=access_denied", NULL,
          NET_OAUTH_ERROR_ACCESS_DENIED },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_paste(&cases[i], OOB);
}

static void test_redirected(void)
{
    static const Paste cases[] = {
        { "as it comes", NULL, LOOPBACK "?code=CoDe&state=" STATE, "CoDe", 0 },
        { "other order and more", NULL, LOOPBACK "?session=1&state=" STATE "&x&code=CoDe&%zz=%zz&=&&", "CoDe", 0 },
        { "no scheme", NULL, "127.0.0.1:8714/flowdock?code=CoDe&state=" STATE, "CoDe", 0 },
        { "fragment", NULL, LOOPBACK "?code=CoDe&state=" STATE "#_=_", "CoDe", 0 },
        { "quotes", NULL, "'" LOOPBACK "?code=CoDe&state=" STATE "'", "CoDe", 0 },
        { "percent-encoding", NULL, LOOPBACK "?c%6fde=Co%44e%2b&state=" STATE, "CoDe+", 0 },
        { "plus", NULL, LOOPBACK "?code=Co+De&state=" STATE, "Co+De", 0 },

        { "no state", NULL, LOOPBACK "?code=CoDe", NULL, NET_OAUTH_ERROR_WRONG_STATE },
        { "wrong state", NULL, LOOPBACK "?code=CoDe&state=" LAST_OFF, NULL, NET_OAUTH_ERROR_WRONG_STATE },
        { "state twice", NULL, LOOPBACK "?code=CoDe&state=" STATE "&state=" STATE, NULL, NET_OAUTH_ERROR_WRONG_STATE },
        { "no query", NULL, LOOPBACK, NULL, NET_OAUTH_ERROR_NO_CODE },
        { "no code", NULL, LOOPBACK "?state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE },
        { "code in the fragment", NULL, LOOPBACK "?state=" STATE "#code=CoDe", NULL, NET_OAUTH_ERROR_NO_CODE },
        { "page of the consent", NULL, "https://api.flowdock.com/oauth/authorize?state=" STATE, NULL,
          NET_OAUTH_ERROR_NO_CODE },
        { "denied", NULL, LOOPBACK "?error=access_denied&state=" STATE, NULL, NET_OAUTH_ERROR_ACCESS_DENIED },

        { "other host", NULL, "http://localhost:8714/flowdock?code=CoDe&state=" STATE, NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other port", NULL, "http://127.0.0.1:8715/flowdock?code=CoDe&state=" STATE, NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other scheme", NULL, "https://127.0.0.1:8714/flowdock?code=CoDe&state=" STATE, NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other path", NULL, LOOPBACK "/?code=CoDe&state=" STATE, NULL, NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "user", NULL, "http://x@127.0.0.1:8714/flowdock?code=CoDe&state=" STATE, NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
        { "other site", NULL, "https://example.com/flowdock?code=CoDe&state=" STATE, NULL,
          NET_OAUTH_ERROR_OTHER_ADDRESS },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_paste(&cases[i], LOOPBACK);
}

/* What people register; nothing of it may end the program. */
static void test_odd_redirects(void)
{
    static const struct {
        const char *redirect_uri;
        Paste paste;
    } cases[] = {
        { "https://example.org", { "no path", NULL, "https://example.org/?code=CoDe&state=" STATE, "CoDe", 0 } },
        { "https://example.org/a?b=c",
          { "with a query", NULL, "https://example.org/a?b=c&code=CoDe&state=" STATE, "CoDe", 0 } },
        { "flowdock://done", { "other scheme", NULL, "flowdock://done?code=CoDe&state=" STATE, "CoDe", 0 } },
        { "flowdock:done",
          { "no host", NULL, "flowdock:done?code=CoDe&state=" STATE, NULL, NET_OAUTH_ERROR_OTHER_ADDRESS } },
        { "http://[::1", { "broken", NULL, "http://[::1?code=CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS } },
        { "", { "empty", NULL, "https://?code=CoDe", NULL, NET_OAUTH_ERROR_OTHER_ADDRESS } },
        { "", { "empty, bare code", NULL, "CoDe", "CoDe", 0 } },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_paste(&cases[i].paste, cases[i].redirect_uri);
}

static void test_query(void)
{
    static const struct {
        const char *name, *query;
        const char *code; /* (nullable): refused with ... */
        int error;
        const char *message; /* (nullable): any */
    } cases[] = {
        { "code", "code=CoDe&state=" STATE, "CoDe", 0, NULL },
        { "no state", "code=CoDe", NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "wrong state", "code=CoDe&state=x", NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "state off at its begin", "code=CoDe&state=" FIRST_OFF, NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "state off at its end", "code=CoDe&state=" LAST_OFF, NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "state cut", "code=CoDe&state=" STATE "%00", NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "state and more", "code=CoDe&state=" STATE "x", NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "bad state", "code=CoDe&state=%", NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "empty", "", NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "no code", "state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "empty code", "code=&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "code without a sign", "code&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "bad code", "code=%zzCoDe&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "code twice", "code=CoDe&code=CoDe&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "code twice, once bad", "code=%&code=CoDe&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "denied", "error=access_denied&state=" STATE, NULL, NET_OAUTH_ERROR_ACCESS_DENIED, "access_denied" },
        { "denied, words", "error=access_denied&error_description=The+owner%20said%0Ano%2B.&state=" STATE, NULL,
          NET_OAUTH_ERROR_ACCESS_DENIED, "The owner said no+." },
        { "denied, blank words", "error=access_denied&error_description=+%0A&state=" STATE, NULL,
          NET_OAUTH_ERROR_ACCESS_DENIED, "refused" },
        { "denied, other sign-in", "error=access_denied&state=x", NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "denied, no state", "error=access_denied", NULL, NET_OAUTH_ERROR_WRONG_STATE, NULL },
        { "denied, with a code", "error=access_denied&code=CoDe&state=" STATE, NULL, NET_OAUTH_ERROR_ACCESS_DENIED,
          NULL },
        { "denied, with an empty code", "error=access_denied&code=&state=" STATE, NULL, NET_OAUTH_ERROR_ACCESS_DENIED,
          "access_denied" },
        { "request", "error=invalid_request&state=" STATE, NULL, NET_OAUTH_ERROR_INVALID_REQUEST, NULL },
        { "client", "error=invalid_client&state=" STATE, NULL, NET_OAUTH_ERROR_INVALID_CLIENT, NULL },
        { "client not allowed", "error=unauthorized_client&state=" STATE, NULL, NET_OAUTH_ERROR_UNAUTHORIZED_CLIENT,
          NULL },
        { "scope", "error=invalid_scope&state=" STATE, NULL, NET_OAUTH_ERROR_INVALID_SCOPE, NULL },
        { "unknown name", "error=server_error&state=" STATE, NULL, NET_OAUTH_ERROR_OTHER, "server_error" },
        { "name not decoded", "error=%&state=" STATE, NULL, NET_OAUTH_ERROR_NO_CODE, NULL },
        { "words with a secret", "error=x&error_description=token=CoDe%20gone&state=" STATE, NULL,
          NET_OAUTH_ERROR_OTHER, "token=[...] gone" },
        { "words with the code", "error=x&error_description=not%20CoDe&code=CoDe&state=" STATE, NULL,
          NET_OAUTH_ERROR_OTHER, "refused" },
        { "words with the state", "error=x&error_description=" STATE "&state=" STATE, NULL, NET_OAUTH_ERROR_OTHER,
          "refused" },
        { "words not UTF-8", "error=x&error_description=%ff%fe&state=" STATE, NULL, NET_OAUTH_ERROR_OTHER,
          "\xef\xbf\xbd\xef\xbf\xbd" },
    };
    g_autoptr(NetConsent) consent = consent_at("https://api.flowdock.com", LOOPBACK);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *query = with_state(consent, cases[i].query);
        g_autoptr(GError) error = NULL;
        g_autofree char *code = net_consent_read_query(consent, query, &error);

        g_test_message("%s: %s", cases[i].name, error ? error->message : code);
        g_assert_cmpstr(code, ==, cases[i].code);
        if (cases[i].code) {
            g_assert_no_error(error);
            continue;
        }
        g_assert_error(error, NET_OAUTH_ERROR, cases[i].error);
        if (cases[i].message)
            g_assert_cmpstr(error->message, ==, cases[i].message);
        g_assert_cmpstr(error->message, !=, "");
        g_assert_null(strstr(error->message, "CoDe"));
    }
}

static void test_lengths(void)
{
    g_autoptr(NetConsent) consent = consent_at("https://api.flowdock.com", LOOPBACK);
    g_autoptr(NetConsent) out_of_band = consent_at("https://api.flowdock.com", OOB);
    g_autofree char *most = g_strnfill(2000, 'x');
    g_autofree char *filling = g_strnfill(20000, 'x');
    g_autofree char *lots = g_strconcat("code=CoDe&state=" STATE "&x=", filling, NULL);
    g_autofree char *too_much = with_state(consent, lots);
    g_autofree char *long_address = g_strconcat("https://flowdock.com/oauth/authorize/CoDe?x=", most, NULL);
    g_autofree char *more = g_strconcat(most, "x", NULL);
    g_autofree char *padded = g_strconcat("  \n", most, "\n", NULL);
    g_autofree char *words = g_strconcat("error=x&state=" STATE "&error_description=", most, NULL);
    g_autofree char *refused = with_state(consent, words);
    g_autofree char *long_code = g_strconcat("state=" STATE "&code=", more, NULL);
    g_autofree char *too_long = with_state(consent, long_code);
    g_autofree char *code = net_consent_read(consent, padded, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpstr(code, ==, most);
    g_assert_null(net_consent_read(consent, more, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE);
    g_clear_error(&error);
    g_assert_null(net_consent_read(out_of_band, long_address, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE);
    g_clear_error(&error);
    g_assert_null(net_consent_read_query(consent, too_long, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE);
    g_clear_error(&error);
    g_assert_null(net_consent_read_query(consent, too_much, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE);
    g_clear_error(&error);
    g_assert_null(net_consent_read_query(consent, refused, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_OTHER);
    g_assert_cmpint(g_utf8_strlen(error->message, -1), ==, 200);
}

/* Whatever is cut or damaged gives a code or an error, and never both. */
static void test_damaged(void)
{
    static const char *const texts[] = {
        " \"https://www.flowdock.com:443/oauth/authorize/Co%44e/?state=" STATE "&x=%C3%A9#f\" ",
        LOOPBACK "?code=Co%44e&state=" STATE "&error_description=a+b%20c",
    };
    static const char bytes[] = "%/?#&=:@[ \x01\xff";

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(NetConsent) consent = consent_at("https://api.flowdock.com", i == 0 ? OOB : LOOPBACK);
        g_autofree char *whole = with_state(consent, texts[i]);
        gsize length = strlen(whole);

        for (gsize at = 0; at < length; at++) {
            /* The last of these bytes is the end. */
            for (gsize k = 0; k < sizeof bytes; k++) {
                g_autofree char *text = g_strdup(whole);
                g_autoptr(GError) error = NULL;
                g_autofree char *code = NULL;

                text[at] = bytes[k];
                code = net_consent_read(consent, text, &error);
                g_assert_true((code != NULL) == (error == NULL));
            }
        }
    }
}

static void test_reference(void)
{
    NetConsent *consent = consent_at("https://h", OOB);
    g_autoptr(GError) error = NULL;

    g_assert_true(net_consent_ref(consent) == consent);
    net_consent_unref(consent);
    g_assert_null(net_consent_read(consent, NULL, &error));
    g_assert_error(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE);
    net_consent_unref(consent);
    net_consent_unref(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/consent/address", test_address);
    g_test_add_func("/net/consent/scopes", test_scopes);
    g_test_add_func("/net/consent/bases", test_bases);
    g_test_add_func("/net/consent/pkce", test_pkce);
    g_test_add_func("/net/consent/no-pkce", test_no_pkce);
    g_test_add_func("/net/consent/lost-state", test_lost_state);
    g_test_add_func("/net/consent/random", test_random);
    g_test_add_func("/net/consent/bare-code", test_bare);
    g_test_add_func("/net/consent/page", test_page);
    g_test_add_func("/net/consent/redirected", test_redirected);
    g_test_add_func("/net/consent/odd-redirects", test_odd_redirects);
    g_test_add_func("/net/consent/query", test_query);
    g_test_add_func("/net/consent/lengths", test_lengths);
    g_test_add_func("/net/consent/damaged", test_damaged);
    g_test_add_func("/net/consent/reference", test_reference);
    return g_test_run();
}
