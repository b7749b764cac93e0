/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries and forms into the same object that JSON bodies give. */
#pragma once

#include <libsoup/soup.h>

#include "fake-json.h"

/* (nullable) @form. "a=1" is a member; "thread[title]=x" a member of an object; "tags[]=x" one of an array. */
void fake_form_read(JsonObject *params, const char *form);
/* A part with a file name becomes an object file_name, content_type, data (Base64), as a JSON upload has it. */
gboolean fake_form_read_multipart(JsonObject *params, SoupMessageHeaders *headers, GBytes *body);
