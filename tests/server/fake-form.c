/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries and forms into the same object that JSON bodies give. */
#include "fake-form.h"

#include <string.h>

/* (transfer full) @value */
static void put(JsonObject *object, const char *name, JsonNode *value)
{
    const char *start = strchr(name, '['), *end = start ? strchr(start, ']') : NULL;
    g_autofree char *outer = g_strndup(name, end ? (gsize)(start - name) : strlen(name));
    g_autofree char *inner = end ? g_strndup(start + 1, (gsize)(end - start - 1)) : NULL;

    if (!inner) {
        json_object_set_member(object, outer, value);
    } else if (*inner) {
        g_autofree char *rest = g_strconcat(inner, end + 1, NULL);

        if (!fake_json_object(object, outer))
            json_object_set_object_member(object, outer, json_object_new());
        put(fake_json_object(object, outer), rest, value);
    } else {
        if (!fake_json_array(object, outer))
            json_object_set_array_member(object, outer, json_array_new());
        json_array_add_element(fake_json_array(object, outer), value);
    }
}

static char *decode(const char *text)
{
    g_autofree char *spaced = g_strdelimit(g_strdup(text), "+", ' ');
    char *plain = g_uri_unescape_string(spaced, NULL);

    return plain && g_utf8_validate(plain, -1, NULL) ? plain : (g_free(plain), g_strdup(""));
}

void fake_form_read(JsonObject *params, const char *form)
{
    g_auto(GStrv) pairs = g_strsplit(form ? form : "", "&", -1);

    for (char **pair = pairs; *pair; pair++) {
        char *equals = strchr(*pair, '=');
        g_autofree char *value = decode(equals ? equals + 1 : "");
        g_autofree char *name = NULL;

        if (equals)
            *equals = '\0';
        name = decode(*pair);
        if (*name)
            put(params, name, json_node_init_string(json_node_alloc(), value));
    }
}

static JsonNode *file_node(SoupMessageHeaders *headers, const char *file_name, GBytes *content)
{
    JsonObject *file = json_object_new();
    const char *type = soup_message_headers_get_content_type(headers, NULL);
    g_autofree char *data = g_base64_encode(g_bytes_get_data(content, NULL), g_bytes_get_size(content));

    json_object_set_string_member(file, "data", data);
    json_object_set_string_member(file, "content_type", type ? type : "application/octet-stream");
    json_object_set_string_member(file, "file_name", file_name);
    return fake_json_take_object(file);
}

gboolean fake_form_read_multipart(JsonObject *params, SoupMessageHeaders *headers, GBytes *body)
{
    SoupMultipart *parts = soup_multipart_new_from_message(headers, body);
    SoupMessageHeaders *part;
    GBytes *content;

    if (!parts)
        return FALSE;
    for (int i = 0; soup_multipart_get_part(parts, i, &part, &content); i++) {
        g_autofree char *disposition = NULL;
        g_autoptr(GHashTable) words = NULL;
        const char *name, *file_name;

        if (!soup_message_headers_get_content_disposition(part, &disposition, &words))
            continue;
        name = g_hash_table_lookup(words, "name");
        file_name = g_hash_table_lookup(words, "filename");
        if (name && file_name) {
            put(params, name, file_node(part, file_name, content));
        } else if (name) {
            g_autofree char *text = g_strndup(g_bytes_get_data(content, NULL), g_bytes_get_size(content));

            if (text && g_utf8_validate(text, -1, NULL))
                put(params, name, json_node_init_string(json_node_alloc(), text));
        }
    }
    soup_multipart_free(parts);
    return TRUE;
}
