/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about files on their way. */
#include "fd-command.h"
#include "fd-paths.h"
#include "fd-xfers.h"

#include "face/face-transfer.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* What no thread is called. */
static gboolean begins_like_path(const char *text)
{
    return strchr("/~.\"'", *text) || g_ascii_strncasecmp(text, "file:", strlen("file:")) == 0;
}

static gboolean is_known_thread(const FdRoom *room, const char *word)
{
    char *end;
    guint64 number = g_ascii_strtoull(word, &end, 10);

    return fd_threads_by_id(room->threads, word) ||
           (end > word && !*end && number <= G_MAXINT && fd_threads_by_number(room->threads, (guint)number));
}

/* Names of files hold blanks, too: only a word that is a thread, or in front of what is certainly a path, is meant as one. */
static gboolean begins_with_thread(const FdCall *call, const char *word, const char *rest)
{
    if (!call->room->flow || !*rest || begins_like_path(word))
        return FALSE;
    return *word == '#' || is_known_thread(call->room, word) || begins_like_path(rest);
}

static void upload(FdCall *call)
{
    const char *rest = call->args;
    g_autofree char *word = fd_call_next_word(&rest);
    gboolean has_thread = begins_with_thread(call, word, rest);
    g_autofree char *problem = NULL;
    g_autofree char *thread_id = has_thread ? fd_refs_thread(call->room, word, &problem) : NULL;
    g_autofree char *path = problem ? NULL : fd_paths_typed(has_thread ? rest : call->args, &problem);

    if (path)
        fd_xfers_send(call->account->xfers, call->room, call->thread_chat, thread_id, path);
    else
        fd_call_refuse(call, problem);
}

void fd_command_upload(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    g_autofree char *refusal = fd_paths_refusal();
    g_auto(GStrv) lines = NULL;

    if (*call->args) {
        if (refusal)
            fd_call_refuse(call, refusal);
        else
            upload(call);
        return;
    }
    if (face_transfer_host_asks()) {
        fd_xfers_ask(call->account->xfers, call->room, call->thread_chat);
        return;
    }
    lines = fd_xfers_list(call->account->xfers);
    if (*lines)
        fd_call_list(call, NULL, g_steal_pointer(&lines));
    else
        fd_call_refuse_use(call);
}

static void cancel(FdCall *call)
{
    char *end;
    guint64 number = g_ascii_strtoull(call->args, &end, 10);
    g_autofree char *line = NULL;

    if (!g_ascii_isdigit(*call->args) || *end || number > G_MAXUINT) {
        fd_call_refuse_use(call);
        return;
    }
    line = fd_xfers_cancel(call->account->xfers, (guint)number);
    if (line)
        fd_call_say(call, line);
    else
        fd_call_refuse(call, _("No file with this number is on its way. /cancel lists them."));
}

void fd_command_cancel(FdCall *call)
{
    g_autoptr(FdCall) owned = call;
    g_auto(GStrv) lines = NULL;

    if (*call->args) {
        cancel(call);
        return;
    }
    lines = fd_xfers_list(call->account->xfers);
    if (*lines)
        fd_call_list(call, NULL, g_steal_pointer(&lines));
    else
        fd_call_say(call, _("No file is on its way."));
}
