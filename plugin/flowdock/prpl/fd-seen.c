/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user has seen. */
#include "fd-seen.h"

#include "fd-chats.h"
#include "fd-ims.h"
#include "fd-thread-rooms.h"

#include "face/face-state.h"
#include "flowdock/model/fd-unread.h"

/* Between a look at which conversation has the focus: there is no signal that all hosts send. Only while something waits. */
#define LOOK_MS 2000
/* From what is seen to the calls: what comes in a row goes in one batch. */
#define CLEAR_MS 3000
/* From a change to the writing of the file. */
#define SAVE_MS 5000

struct _FdSeen {
    FdAccount *account;
    FdUnread *unread;
    char *file;
    gboolean changed; /* since the file was written */
    guint look_id;
    guint save_id;
};

static void save(FdSeen *seen)
{
    g_autofree char *text = NULL;

    g_clear_handle_id(&seen->save_id, g_source_remove);
    if (!seen->changed)
        return;
    seen->changed = FALSE;
    text = fd_marks_save(seen->account->state->marks);
    face_state_save(seen->file, text);
}

static gboolean on_save(gpointer user_data)
{
    FdSeen *seen = user_data;

    seen->save_id = 0;
    save(seen);
    return G_SOURCE_REMOVE;
}

void fd_seen_start(FdAccount *account)
{
    FdSeen *seen = g_new0(FdSeen, 1);
    g_autofree char *text = NULL;
    gsize length;

    seen->account = account;
    seen->unread = fd_unread_new(account->state, fd_account_ms(account, CLEAR_MS));
    seen->file = fd_account_state_path(account, "shown");
    account->seen = seen;
    text = face_state_load(seen->file, FD_MARKS_MAX_BYTES, &length);
    if (text)
        fd_marks_load(account->state->marks, text, length);
}

void fd_seen_stop(FdSeen *seen)
{
    g_clear_handle_id(&seen->look_id, g_source_remove);
    save(seen);
}

void fd_seen_free(FdSeen *seen)
{
    if (!seen)
        return;
    g_clear_handle_id(&seen->look_id, g_source_remove);
    g_clear_handle_id(&seen->save_id, g_source_remove);
    fd_unread_free(seen->unread);
    g_free(seen->file);
    g_free(seen);
}

static gboolean has_focus(PurpleConversation *conv)
{
    return conv && purple_conversation_has_focus(conv);
}

static gboolean is_looked_at(FdAccount *account, const FdRoom *room)
{
    /* A thread's own room shows a part only, so it does not count. */
    return has_focus(room->flow ? fd_chats_find(account, room) : fd_ims_find(account, room));
}

static gboolean on_look(gpointer user_data)
{
    FdSeen *seen = user_data;
    GPtrArray *rooms = fd_rooms_list(seen->account->state->rooms);

    for (guint i = 0; i < rooms->len; i++) {
        FdRoom *room = rooms->pdata[i];

        if (fd_unread_is_waiting(seen->unread, room) && is_looked_at(seen->account, room))
            fd_unread_seen(seen->unread, room);
    }
    if (fd_unread_is_any_waiting(seen->unread))
        return G_SOURCE_CONTINUE;
    seen->look_id = 0;
    return G_SOURCE_REMOVE;
}

void fd_seen_shown(FdAccount *account, FdRoom *room, const FdMessage *message)
{
    FdSeen *seen = account->seen;

    fd_unread_add(seen->unread, room, message);
    if (!seen->look_id && fd_unread_is_any_waiting(seen->unread))
        seen->look_id = g_timeout_add(fd_account_ms(account, LOOK_MS), on_look, seen);
    seen->changed = TRUE;
    if (!seen->save_id)
        seen->save_id = g_timeout_add(fd_account_ms(account, SAVE_MS), on_save, seen);
}

void fd_seen_written(FdAccount *account, FdRoom *room)
{
    if (fd_unread_is_waiting(account->seen->unread, room))
        fd_unread_seen(account->seen->unread, room);
}
