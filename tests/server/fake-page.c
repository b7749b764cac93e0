/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages for a browser, of both sides of the server. */
#include "fake-page.h"

const char *fake_page_server_name(FakeOrigin origin)
{
    return origin == FAKE_ORIGIN_ENVOY ? "Envoy-compatible test server" : "flowdock-compatible test server";
}

void fake_page_answer(FakeCall *call, guint status, const char *format, ...)
{
    const char *name = fake_page_server_name(call->origin);
    GString *html = g_string_new(NULL);
    va_list args;

    g_string_append_printf(
        html,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>\n"
        "<style>body{font:16px sans-serif;max-width:32em;margin:3em auto}label{display:block;margin:.5em 0}"
        "code{font-size:1.3em}</style></head>\n<body><p>This is %s %s, not the real service.</p>\n",
        name, call->origin == FAKE_ORIGIN_ENVOY ? "an" : "a", name);
    va_start(args, format);
    g_string_append_vprintf(html, format, args);
    va_end(args);
    g_string_append(html, "</body></html>\n");
    fake_call_text(call, status, "text/html; charset=utf-8", g_string_free(html, FALSE));
}

char *fake_page_carry(FakeCall *call, const char *const *names, gsize count)
{
    GString *hidden = g_string_new(NULL);

    for (gsize i = 0; i < count; i++) {
        const char *value = fake_json_string(call->params, names[i]);
        g_autofree char *escaped = value ? g_markup_escape_text(value, -1) : NULL;

        if (value)
            g_string_append_printf(hidden, "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n", names[i], escaped);
    }
    return g_string_free(hidden, FALSE);
}
