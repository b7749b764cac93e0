/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GLib log domains into purple_debug. */
#include "face-log.h"

#include <debug.h>

typedef struct {
    const char *domain;
    guint id;
} Handler;

static void on_message(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
    (void)level;
    (void)user_data;
    purple_debug_info(domain, "%s\n", message);
}

GArray *face_log_start(const char *const *domains)
{
    GArray *handlers = g_array_new(FALSE, FALSE, sizeof(Handler));

    for (; *domains; domains++) {
        /* Only debug lines: a warning or critical keeps GLib's own treatment, so that it is noticed. */
        Handler handler = { *domains, g_log_set_handler(*domains, G_LOG_LEVEL_DEBUG, on_message, NULL) };

        g_array_append_val(handlers, handler);
    }
    return handlers;
}

void face_log_stop(GArray *handlers)
{
    for (guint i = 0; i < handlers->len; i++) {
        const Handler *handler = &g_array_index(handlers, Handler, i);

        g_log_remove_handler(handler->domain, handler->id);
    }
    g_array_unref(handlers);
}
