/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lenient readers and short writers of JSON: parameters come from queries and forms too, where everything is text. */
#pragma once

#include <json-glib/json-glib.h>

/* Each takes a (nullable) object; a missing or unfit member gives NULL or the fallback. */
const char *fake_json_string(JsonObject *object, const char *name);
JsonObject *fake_json_object(JsonObject *object, const char *name);
JsonArray *fake_json_array(JsonObject *object, const char *name);
gint64 fake_json_int(JsonObject *object, const char *name, gint64 fallback);      /* also decimal text */
gboolean fake_json_flag(JsonObject *object, const char *name, gboolean fallback); /* also 1, "1", "true" */
/* (transfer full) (nullable): text, or a number as text */
char *fake_json_dup_text(JsonObject *object, const char *name);
/* (transfer full) (array zero-terminated=1): an array of texts, or the parts of a comma list; perhaps none */
char **fake_json_list(JsonObject *object, const char *name);

/* (nullable) @text: null then. */
void fake_json_set_text(JsonObject *object, const char *name, const char *text);

/* (transfer full) (nullable) */
JsonObject *fake_json_parse_object(const char *text, gssize length, GError **error);
/* (transfer full): on one line */
char *fake_json_print(JsonNode *node);
char *fake_json_print_object(JsonObject *object);
JsonObject *fake_json_copy(JsonObject *object);

/* (transfer full): a node that takes over @object or @array */
JsonNode *fake_json_take_object(JsonObject *object);
JsonNode *fake_json_take_array(JsonArray *array);
