/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the events in which people say something. */
#include "fd-event-kinds.h"

#include "net/net-json.h"

#include <glib/gi18n-lib.h>

const char *fd_event_text(const FdMessage *message)
{
    JsonObject *comment = net_json_object_of(message->content);

    return comment ? net_json_string(comment, "text") : fd_message_get_text(message);
}

char *fd_event_say(FdState *state, const FdMessage *message)
{
    (void)state;
    return g_strdup(fd_message_get_text(message));
}

/* The text with what it answers in front, as the official gateway wrote it. Sheet: 8, "comment". */
char *fd_event_say_comment(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    const char *title = net_json_string(content, "title");
    const char *text = net_json_string(content, "text");

    (void)state;
    if (!text)
        return NULL;
    /* The mark of its thread says it too. */
    if (net_json_object(message->json, "thread") && message->thread_id)
        return g_strdup(text);
    return title && *title ? g_strdup_printf("[%s] << %s", title, text) : g_strdup(text);
}

char *fd_event_say_status(FdState *state, const FdMessage *message)
{
    const char *text = fd_message_get_text(message);

    (void)state;
    /* Translators: follows a name: "* ann changed status to: at lunch". */
    return text ? g_strdup_printf(_("changed status to: %s"), text) : NULL;
}
