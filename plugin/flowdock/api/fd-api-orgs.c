/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about organizations and invitations, and what came of a list of addresses. */
#include "fd-api-orgs.h"

#include "fd-decode.h"
#include "net/net-json.h"
#include "text/text-escape.h"

/* Most refused addresses kept of an import, and the longest line about one, in characters. */
#define MAX_WRONG 1000
#define MAX_WRONG_CHARS 500

void fd_api_orgs_list_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = net_request_new("GET", "organizations", NULL);

    fd_api_list_async(api, request, FD_DECODE_ORGS, cancellable, done, user_data);
}

GPtrArray *fd_api_orgs_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_list_finish(result, error);
}

/* ------------------------------------------------------------------------------------------------------ invitations */

void fd_api_invitations_list_async(FdApi *api, const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                                   gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("GET", path, "invitations", NULL);

    fd_api_decode_async(api, request, (FdApiDecode)fd_decode_invitations, (GDestroyNotify)g_ptr_array_unref,
                        cancellable, done, user_data);
}

GPtrArray *fd_api_invitations_list_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}

/* @name: "email" or "list", of whom to invite. */
static void set_invitation(NetRequest *request, const char *name, const char *value, const char *message)
{
    g_autoptr(JsonBuilder) body = json_builder_new();

    json_builder_begin_object(body);
    fd_api_add_text(body, name, value);
    if (message)
        fd_api_add_text(body, "message", message);
    json_builder_end_object(body);
    net_request_set_json(request, body);
}

void fd_api_invitation_create_async(FdApi *api, const char *path, const char *email, const char *message,
                                    GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("POST", path, "invitations", NULL);

    set_invitation(request, "email", email, message);
    fd_api_call_async(api, request, cancellable, done, user_data);
}

void fd_api_invitation_delete_async(FdApi *api, const char *path, gint64 id, GCancellable *cancellable,
                                    GAsyncReadyCallback done, gpointer user_data)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, id);
    g_autoptr(NetRequest) request = fd_api_request_for_flow("DELETE", path, "invitations", digits, NULL);

    fd_api_call_async(api, request, cancellable, done, user_data);
}

gboolean fd_api_invitation_change_finish(GAsyncResult *result, GError **error)
{
    g_autoptr(JsonNode) answer = fd_api_call_finish(result, error);

    return answer != NULL;
}

/* ----------------------------------------------------------------------------------------------------------- import */

void fd_imported_free(FdImported *imported)
{
    if (!imported)
        return;
    g_strfreev(imported->wrong);
    g_free(imported);
}

/* (transfer full): "address: reason", or the address alone. */
static char *wrong_line(const char *address, JsonNode *reason)
{
    gboolean has_words = JSON_NODE_HOLDS_VALUE(reason) && json_node_get_value_type(reason) == G_TYPE_STRING;
    g_autofree char *words =
        has_words ? g_strconcat(address, ": ", json_node_get_string(reason), NULL) : g_strdup(address);
    char *line = text_clean_line(words);

    if (g_utf8_strlen(line, -1) > MAX_WRONG_CHARS)
        *g_utf8_offset_to_pointer(line, MAX_WRONG_CHARS) = '\0';
    return line;
}

/* Objects of one member each; should one have more, each is an address. */
static char **decode_wrong(JsonArray *array)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new();

    for (guint i = 0; array && i < json_array_get_length(array) && lines->len < MAX_WRONG; i++) {
        JsonObject *object = net_json_object_of(json_array_get_element(array, i));
        JsonObjectIter iter;
        const char *address;
        JsonNode *reason;

        if (!object)
            continue;
        json_object_iter_init(&iter, object);
        while (json_object_iter_next(&iter, &address, &reason) && lines->len < MAX_WRONG)
            g_ptr_array_add(lines, wrong_line(address, reason));
    }
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_steal(lines, NULL);
}

/* Takes @list. */
static guint count(GPtrArray *list)
{
    guint length = list ? list->len : 0;

    g_clear_pointer(&list, g_ptr_array_unref);
    return length;
}

static gpointer decode_imported(JsonNode *node)
{
    JsonObject *object = net_json_object_of(node);
    JsonArray *wrong = net_json_array(object, "erroneous_emails");
    JsonNode *invitations = net_json_node(object, "invitations");
    JsonNode *added = net_json_node(object, "added_users");
    FdImported *imported;

    /* Saying that nobody was invited would be a guess. */
    if (!wrong && !invitations && !added)
        return NULL;
    imported = g_new0(FdImported, 1);
    imported->invited = count(fd_decode_invitations(invitations));
    imported->added = count(fd_decode_users(added));
    imported->wrong = decode_wrong(wrong);
    return imported;
}

void fd_api_invitations_import_async(FdApi *api, const char *path, const char *list, const char *message,
                                     GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(NetRequest) request = fd_api_request_for_flow("POST", path, "invitations", "import", NULL);

    set_invitation(request, "list", list, message);
    fd_api_decode_async(api, request, decode_imported, (GDestroyNotify)fd_imported_free, cancellable, done, user_data);
}

FdImported *fd_api_invitations_import_finish(GAsyncResult *result, GError **error)
{
    return fd_api_decode_finish(result, error);
}
