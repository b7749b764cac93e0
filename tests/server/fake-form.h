/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries and forms into the same object that JSON bodies give. */
#pragma once

#include "fake-json.h"

/* (nullable) @form. "a=1" is a member; "thread[status][value]=x" one of an object in an object; "tags[]=x" an element. */
void fake_form_read(JsonObject *params, const char *form);
/* One member by such a name. (transfer full) @value */
void fake_form_put(JsonObject *params, const char *name, JsonNode *value);
