/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries and forms into the same object that JSON bodies give. */
#include "fake-form.h"

#include <string.h>

void fake_form_put(JsonObject *object, const char *name, JsonNode *value)
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
        fake_form_put(fake_json_object(object, outer), rest, value);
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
            fake_form_put(params, name, json_node_init_string(json_node_alloc(), value));
    }
}
