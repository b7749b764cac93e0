/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is Envoy's own in calls: how it words refusals, and its pages. */
#include "envoy-api.h"

#include "envoy-decode.h"
#include "net/net-error.h"
#include "net/net-json.h"

/* (transfer none) (nullable): the first of these that says something. */
static const char *first_of(JsonObject *object, const char *const *members)
{
    for (; *members; members++) {
        const char *text = net_json_string(object, *members);

        if (text && *text)
            return text;
    }
    return NULL;
}

/* (transfer full) (nullable): of JSON:API's list. */
static char *words_in_list(JsonArray *errors)
{
    static const char *const members[] = { "detail", "title", NULL };
    GString *words = g_string_new(NULL);

    for (guint i = 0; errors && i < json_array_get_length(errors) && words->len < NET_CALL_MAX_WORDS; i++) {
        const char *text = first_of(net_json_object_of(json_array_get_element(errors, i)), members);

        if (text)
            g_string_append_printf(words, "%s%s", words->len ? "; " : "", text);
    }
    return g_string_free(words, FALSE);
}

static char *words_of(JsonObject *answer)
{
    static const char *const members[] = { "message", "error", "detail", "title", NULL };
    const char *words = first_of(answer, members);

    return words ? g_strdup(words) : words_in_list(net_json_array(answer, "errors"));
}

EnvoyApi *envoy_api_new(NetSession *session, NetCredential *credential, const char *base_url)
{
    return net_call_new(session, credential, base_url, words_of);
}

void envoy_api_page_async(EnvoyApi *api, NetRequest *request, const NetJsonItemsKind *kind, GCancellable *cancellable,
                          GAsyncReadyCallback done, gpointer user_data)
{
    net_call_list_async(api, request, kind, cancellable, done, user_data);
}

EnvoyPage *envoy_api_page_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) rest = NULL;
    guint count = 0;
    GPtrArray *items = net_call_list_finish(result, &count, &rest, error);

    return items ? envoy_decode_page(items, count, rest) : NULL;
}

gboolean envoy_api_may_be_done(const GError *error)
{
    static const NetError open[] = { NET_ERROR_OFFLINE, NET_ERROR_TIMED_OUT, NET_ERROR_SERVER, NET_ERROR_PROTOCOL };

    for (gsize i = 0; i < G_N_ELEMENTS(open); i++) {
        if (g_error_matches(error, NET_ERROR, (int)open[i]))
            return TRUE;
    }
    return g_error_matches(error, NET_CALL_ERROR, NET_CALL_ERROR_BAD_SHAPE) ||
           g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}
