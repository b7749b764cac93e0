/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries and forms into the same object that JSON bodies give. */
#pragma once

#include <libsoup/soup.h>

#include "fake-json.h"

/* (nullable) @form. "a=1" is a member; "thread[status][value]=x" one of an object in an object; "tags[]=x" an element. */
void fake_form_read(JsonObject *params, const char *form);
/* A part with a file name becomes an object file_name, content_type, data (Base64), as a JSON upload has it. */
gboolean fake_form_read_multipart(JsonObject *params, SoupMessageHeaders *headers, GBytes *body);
