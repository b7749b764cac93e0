/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the address of the consent, with a state and a verifier that nobody can guess, and reads the answer in
 * whichever form it comes: as a query, as an address, or as the bare code. */
#define G_LOG_DOMAIN "flowdock-net"

#include "net-consent.h"

#include <errno.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "net-oauth.h"
#include "net-redact.h"
#include "net-request.h"
#include "net-secret.h"

/* What people paste, and a code. */
#define NET_CONSENT_MAX_TEXT 2000
#define NET_CONSENT_MAX_QUERY 16000
#define NET_CONSENT_MAX_WORDS 200
/* 43 characters of base64url: the least that RFC 7636 lets a verifier have. */
#define NET_CONSENT_RANDOM_BYTES 32

/* An address cut into its parts, still encoded. */
typedef struct {
    GUri *origin; /* scheme, host and port; (nullable): it is no address */
    char *path;   /* "/" at least */
    char *query;  /* (nullable) */
} Address;

struct _NetConsent {
    gatomicrefcount refs;
    char *address;
    char *redirect_uri;
    char *state;
    char *verifier; /* (nullable) */
    gboolean may_lose_state;
    gboolean is_out_of_band;
    Address redirect; /* the redirect_uri */
    Address page;     /* where the person allows */
    char *page_path;  /* the same without the prefix of the base address, which other hosts may not have */
};

/* What came back. */
typedef struct {
    char *code;
    char *state;
    char *error;
    char *words;
    guint codes, states; /* how often they came */
} Answer;

static void address_clear(Address *address)
{
    g_clear_pointer(&address->origin, g_uri_unref);
    g_clear_pointer(&address->path, net_secret_free);
    g_clear_pointer(&address->query, net_secret_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Address, address_clear)

static void answer_clear(Answer *answer)
{
    net_secret_free(answer->code);
    net_secret_free(answer->state);
    g_free(answer->error);
    g_free(answer->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static char *base64url(const guint8 *bytes, gsize length)
{
    char *text = g_base64_encode(bytes, length);

    g_strdelimit(text, "+", '-');
    g_strdelimit(text, "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

static char *random_text(GError **error)
{
    guint8 bytes[NET_CONSENT_RANDOM_BYTES];
    char *text;

    if (getentropy(bytes, sizeof bytes) != 0) {
        g_set_error_literal(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "the system has no random bytes");
        return NULL;
    }
    text = base64url(bytes, sizeof bytes);
    net_secret_wipe(bytes, sizeof bytes);
    return text;
}

static char *challenge_of(const char *verifier)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;

    g_checksum_update(sum, (const guchar *)verifier, -1);
    g_checksum_get_digest(sum, digest, &length);
    return base64url(digest, length);
}

/* Takes as long for any two texts of the same length. */
static gboolean is_same_secret(const char *one, const char *other)
{
    gsize length = strlen(one);
    guint8 difference = 0;

    if (strlen(other) != length)
        return FALSE;
    for (gsize i = 0; i < length; i++)
        difference |= (guint8)(one[i] ^ other[i]);
    return difference == 0;
}

static gboolean is_code(const char *text)
{
    gsize length = strlen(text);

    if (length == 0 || length > NET_CONSENT_MAX_TEXT)
        return FALSE;
    for (; *text; text++) {
        if (!g_ascii_isgraph(*text))
            return FALSE;
    }
    return TRUE;
}

/* Returns: the length of "scheme://", 0 when there is none. */
static gsize scheme_length(const char *text)
{
    gsize colon = strcspn(text, ":/?#");

    return colon > 0 && g_str_has_prefix(text + colon, "://") ? colon + strlen("://") : 0;
}

/* GLib gets only what stands before the path, since its copies are not wiped. @scheme: for a text without one. */
static void address_split(Address *address, const char *text, const char *scheme)
{
    gsize start = scheme_length(text);
    const char *path = text + start + strcspn(text + start, "/?#");
    const char *end = path + strcspn(path, "#");
    const char *query = memchr(path, '?', (gsize)(end - path));
    const char *path_end = query ? query : end;
    g_autofree char *site = g_strndup(text, (gsize)(path - text));
    g_autofree char *origin = start ? g_strdup(site) : g_strconcat(scheme, "://", site, NULL);

    address->origin = g_uri_parse(origin, SOUP_HTTP_URI_FLAGS, NULL);
    address->path = path == path_end ? g_strdup("/") : g_strndup(path, (gsize)(path_end - path));
    address->query = query ? g_strndup(query + 1, (gsize)(end - query - 1)) : NULL;
}

static const char *scheme_of(const Address *address)
{
    return address->origin ? g_uri_get_scheme(address->origin) : "https";
}

static const char *host_of(const Address *address)
{
    const char *host = address->origin ? g_uri_get_host(address->origin) : NULL;

    /* A name before the host only hides it from people. */
    return host && !g_uri_get_userinfo(address->origin) ? host : "";
}

static gboolean is_web(const Address *address)
{
    return g_str_equal(scheme_of(address), "http") || g_str_equal(scheme_of(address), "https");
}

static gboolean has_usual_port(const Address *address)
{
    return g_uri_get_port(address->origin) == (g_str_equal(scheme_of(address), "http") ? 80 : 443);
}

static const char *without_prefix(const char *host)
{
    gboolean has_prefix = g_ascii_strncasecmp(host, "www.", 4) == 0 || g_ascii_strncasecmp(host, "api.", 4) == 0;

    return has_prefix ? host + 4 : host;
}

/* A service shows its pages at www.HOST or HOST, and its API at api.HOST. */
static gboolean is_same_site(const Address *one, const Address *other)
{
    const char *host = without_prefix(host_of(one));

    if (!*host || !is_web(one) || g_ascii_strcasecmp(host, without_prefix(host_of(other))) != 0)
        return FALSE;
    return g_uri_get_port(one->origin) == g_uri_get_port(other->origin) ||
           (has_usual_port(one) && has_usual_port(other));
}

static gboolean is_same_address(const Address *one, const Address *other)
{
    const char *host = host_of(one);

    return *host && g_ascii_strcasecmp(host, host_of(other)) == 0 && g_str_equal(scheme_of(one), scheme_of(other)) &&
           g_uri_get_port(one->origin) == g_uri_get_port(other->origin) && g_str_equal(one->path, other->path);
}

/* Returns: (nullable): the part of @path that follows @folder, "" when nothing does; %NULL when @path is elsewhere. */
static const char *part_below(const char *path, const char *folder)
{
    gsize length = strlen(folder);

    if (strncmp(path, folder, length) != 0 || (path[length] && path[length] != '/'))
        return NULL;
    return path + length + strspn(path + length, "/");
}

/* The same for the page of the consent. */
static const char *part_below_page(const NetConsent *consent, const Address *address)
{
    const char *part;

    if (!is_same_site(address, &consent->page))
        return NULL;
    part = part_below(address->path, consent->page.path);
    return part ? part : part_below(address->path, consent->page_path);
}

/* @name and what it has for a value, still encoded, are taken when they are of use. What cannot be decoded is "". */
static void take_pair(Answer *answer, const char *name, const char *value, gsize length)
{
    gboolean is_words = g_str_equal(name, "error_description");
    char **slot = is_words ? &answer->words : NULL;
    char *encoded;

    if (g_str_equal(name, "code")) {
        slot = &answer->code;
        answer->codes++;
    } else if (g_str_equal(name, "state")) {
        slot = &answer->state;
        answer->states++;
    } else if (g_str_equal(name, "error")) {
        slot = &answer->error;
    }
    if (!slot || *slot)
        return;
    encoded = g_strndup(value, length);
    /* No code has a blank, so in a code a plus sign is one, whether or not the service encoded it. */
    if (is_words)
        g_strdelimit(encoded, "+", ' ');
    *slot = g_uri_unescape_string(encoded, NULL);
    if (!*slot)
        *slot = g_strdup("");
    net_secret_free(encoded);
}

static void take_query(Answer *answer, const char *query)
{
    const char *end;

    for (; *query; query = end + strspn(end, "&")) {
        const char *sign = query + strcspn(query, "=&");
        g_autofree char *name = g_uri_unescape_segment(query, sign, NULL);

        end = sign + strcspn(sign, "&");
        if (name && *sign == '=')
            take_pair(answer, name, sign + 1, (gsize)(end - sign - 1));
    }
}

static GError *refusal_of(const NetConsent *consent, const Answer *answer)
{
    const char *words = answer->words && *answer->words ? answer->words : answer->error;
    g_autofree char *line = NULL;
    NetOauthError code;

    /* A service may quote in its words what it was sent. */
    if (strstr(words, consent->state) || (answer->code && *answer->code && strstr(words, answer->code)))
        words = "refused";
    line = net_redact_line(words, NET_CONSENT_MAX_WORDS);
    net_oauth_error_of_name(answer->error, &code);
    return g_error_new_literal(NET_OAUTH_ERROR, (int)code, *line ? line : "refused");
}

static char *no_code(GError **error)
{
    g_set_error_literal(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE, "there is no code");
    return NULL;
}

static gboolean is_right_state(const NetConsent *consent, const Answer *answer, gboolean needs_state)
{
    if (answer->states == 0) {
        if (needs_state && consent->may_lose_state)
            g_debug("the consent came back without its state");
        return !needs_state || consent->may_lose_state;
    }
    return answer->states == 1 && is_same_secret(answer->state, consent->state);
}

/* The state comes first: what is not an answer to this consent has no say, also not by an error. */
static char *judge(const NetConsent *consent, Answer *answer, gboolean needs_state, GError **error)
{
    gboolean is_refused = answer->error && *answer->error;

    if (!answer->code && !is_refused)
        return no_code(error);
    if (!is_right_state(consent, answer, needs_state)) {
        g_set_error_literal(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_WRONG_STATE, "this answers another sign-in");
        return NULL;
    }
    if (is_refused) {
        g_propagate_error(error, refusal_of(consent, answer));
        return NULL;
    }
    if (answer->codes > 1 || !is_code(answer->code))
        return no_code(error);
    return g_steal_pointer(&answer->code);
}

/* @part: what follows the page's own path: the code, unless the query has it. */
static char *read_page(const NetConsent *consent, const Address *address, const char *part, GError **error)
{
    g_auto(Answer) answer = { 0 };
    gsize length = strcspn(part, "/");

    if (address->query)
        take_query(&answer, address->query);
    /* "native" and the like, with the code in the query, is how others of this kind do it. */
    if (!answer.code && length > 0 && part[length + strspn(part + length, "/")] == '\0')
        take_pair(&answer, "code", part, length);
    return judge(consent, &answer, FALSE, error);
}

static char *read_address(const NetConsent *consent, const char *text, GError **error)
{
    const Address *expected = consent->is_out_of_band ? &consent->page : &consent->redirect;
    g_auto(Address) address = { 0 };
    const char *part;

    address_split(&address, text, scheme_of(expected));
    if (is_same_address(&address, &consent->redirect))
        return net_consent_read_query(consent, address.query ? address.query : "", error);
    part = part_below_page(consent, &address);
    if (part && consent->is_out_of_band)
        return read_page(consent, &address, part, error);
    /* The page where the person allows: the browser had not left it yet. */
    if (part)
        return no_code(error);
    g_set_error_literal(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_OTHER_ADDRESS, "this is the address of another page");
    return NULL;
}

static gboolean is_wrapping(gunichar character)
{
    static const char quotes[] = "\"'`<>“”„‘’‚«»‹›";

    return g_unichar_isspace(character) || g_unichar_iszerowidth(character) || g_utf8_strchr(quotes, -1, character);
}

/* Returns: (transfer full): @text, which is UTF-8, without what was copied along at both ends. */
static char *trim(const char *text)
{
    const char *end = text + strlen(text);

    while (*text && is_wrapping(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    while (end > text) {
        const char *last = g_utf8_prev_char(end);

        if (!is_wrapping(g_utf8_get_char(last)))
            break;
        end = last;
    }
    return g_strndup(text, (gsize)(end - text));
}

static gboolean is_one_word(const char *text)
{
    if (!*text || strlen(text) > NET_CONSENT_MAX_TEXT)
        return FALSE;
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar character = g_utf8_get_char(text);

        if (g_unichar_isspace(character) || g_unichar_iscntrl(character))
            return FALSE;
    }
    return TRUE;
}

/* Browsers hide the scheme, so a host and a path are enough; a scheme's colon counts as well. */
static gboolean is_address(const char *text)
{
    gsize length = strcspn(text, "/?#");
    g_autofree char *host = g_strndup(text, length);

    return text[length] && (strpbrk(host, ".:") || g_ascii_strcasecmp(host, "localhost") == 0);
}

static void append_pair(GString *address, const char *name, const char *value)
{
    g_autofree char *encoded = g_uri_escape_string(value, NULL, FALSE);

    g_string_append_printf(address, "%c%s=%s", strchr(address->str, '?') ? '&' : '?', name, encoded);
}

static void append_scopes(GString *address, const NetConsentOptions *options)
{
    g_autoptr(GPtrArray) encoded = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *joined = NULL;

    if (!options->scopes[0])
        return;
    for (const char *const *scope = options->scopes; *scope; scope++)
        g_ptr_array_add(encoded, g_uri_escape_string(*scope, NULL, FALSE));
    g_ptr_array_add(encoded, NULL);
    joined = g_strjoinv(options->scope_separator, (char **)encoded->pdata);
    g_string_append_printf(address, "&scope=%s", joined);
}

/* By hand: net_request_add_query() would encode the separator too. */
static char *address_of(const NetConsent *consent, const NetConsentOptions *options, const char *page)
{
    GString *address = g_string_new(page);

    append_pair(address, "response_type", "code");
    append_pair(address, "client_id", options->client_id);
    append_pair(address, "redirect_uri", options->redirect_uri);
    append_scopes(address, options);
    append_pair(address, "state", consent->state);
    if (consent->verifier) {
        g_autofree char *challenge = challenge_of(consent->verifier);

        append_pair(address, "code_challenge", challenge);
        append_pair(address, "code_challenge_method", "S256");
    }
    return g_string_free(address, FALSE);
}

NetConsent *net_consent_new(const NetConsentOptions *options, GError **error)
{
    g_autoptr(NetRequest) request = net_request_new_path("GET", options->path);
    g_autoptr(GUri) uri = net_request_build_uri(request, options->base_url, error);
    g_autofree char *page = uri ? g_uri_to_string(uri) : NULL;
    g_autoptr(NetConsent) consent = NULL;

    if (!page)
        return NULL;
    consent = g_new0(NetConsent, 1);
    g_atomic_ref_count_init(&consent->refs);
    consent->state = random_text(error);
    if (consent->state && !options->no_pkce)
        consent->verifier = random_text(error);
    if (!consent->state || (!consent->verifier && !options->no_pkce))
        return NULL;
    consent->may_lose_state = options->may_lose_state;
    consent->redirect_uri = g_strdup(options->redirect_uri);
    consent->is_out_of_band = g_str_has_prefix(options->redirect_uri, "urn:");
    if (!consent->is_out_of_band)
        address_split(&consent->redirect, options->redirect_uri, "https");
    address_split(&consent->page, page, "https");
    consent->page_path = g_strdup(net_request_get_path(request));
    consent->address = address_of(consent, options, page);
    return g_steal_pointer(&consent);
}

NetConsent *net_consent_ref(NetConsent *consent)
{
    g_atomic_ref_count_inc(&consent->refs);
    return consent;
}

void net_consent_unref(NetConsent *consent)
{
    if (!consent || !g_atomic_ref_count_dec(&consent->refs))
        return;
    net_secret_free(consent->address);
    net_secret_free(consent->state);
    net_secret_free(consent->verifier);
    g_free(consent->redirect_uri);
    address_clear(&consent->redirect);
    address_clear(&consent->page);
    g_free(consent->page_path);
    g_free(consent);
}

const char *net_consent_get_address(const NetConsent *consent)
{
    return consent->address;
}

const char *net_consent_get_redirect_uri(const NetConsent *consent)
{
    return consent->redirect_uri;
}

const char *net_consent_get_verifier(const NetConsent *consent)
{
    return consent->verifier;
}

char *net_consent_read(const NetConsent *consent, const char *pasted, GError **error)
{
    char *text = pasted && g_utf8_validate(pasted, -1, NULL) ? trim(pasted) : g_strdup("");
    char *code = NULL;

    if (!is_one_word(text))
        no_code(error);
    else if (is_address(text))
        code = read_address(consent, text, error);
    else if (!is_code(text) || strpbrk(text, "?&"))
        /* With these it is a piece of an address. */
        no_code(error);
    else
        code = g_strdup(text);
    net_secret_free(text);
    return code;
}

char *net_consent_read_query(const NetConsent *consent, const char *query, GError **error)
{
    g_auto(Answer) answer = { 0 };

    if (strlen(query) > NET_CONSENT_MAX_QUERY)
        return no_code(error);
    take_query(&answer, query);
    return judge(consent, &answer, TRUE, error);
}
