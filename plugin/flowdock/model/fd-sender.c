/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends what the outboxes hold, and sees to it that what the service has accepted is shown. */
#include "fd-sender.h"

#include "text/text-escape.h"

/*
 * The line of an accepted message normally comes by the stream within milliseconds, and in its order
 * among the others' lines. Where it does not, it is looked for in the room's latest messages, which
 * brings what came before it, too; only when that fails as well, the answer itself is shown.
 */
static const guint look_up_after_ms[] = { 400, 2000, 8000, 30000 };

struct _FdSender {
    FdState *state;
    FdSync *sync;
    GCancellable *cancellable;
    guint timer_id;
};

typedef struct {
    FdSender *sender;
    FdRoom *room;
    char *uuid;
} Sending;

static void pump(FdSender *sender, FdRoom *room);
static void set_timer(FdSender *sender);

static void sending_free(Sending *sending)
{
    g_free(sending->uuid);
    g_free(sending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sending, sending_free)

FdSender *fd_sender_new(FdState *state, FdSync *sync)
{
    FdSender *sender = g_new0(FdSender, 1);

    sender->state = state;
    sender->sync = sync;
    sender->cancellable = g_cancellable_new();
    return sender;
}

void fd_sender_free(FdSender *sender)
{
    if (!sender)
        return;
    g_cancellable_cancel(sender->cancellable);
    g_object_unref(sender->cancellable);
    g_clear_handle_id(&sender->timer_id, g_source_remove);
    g_free(sender);
}

/* Shown as far as the service's answer, or else the user's own text, tells it. */
static FdMessage *message_of(FdSender *sender, FdRoom *room, FdOutgoing *outgoing)
{
    FdMessage *message = g_steal_pointer(&outgoing->answer);

    if (message)
        return message;
    message = g_new0(FdMessage, 1);
    message->event = g_strdup(outgoing->event);
    message->thread_id = g_strdup(outgoing->thread_id);
    message->flow = room->flow ? g_strdup(room->flow->id) : NULL;
    message->to = room->user;
    message->user = sender->state->self;
    message->sent_ms = g_get_real_time() / 1000;
    message->uuid = g_strdup(outgoing->uuid);
    message->tags = g_new0(char *, 1);
    message->content = json_node_new(JSON_NODE_VALUE);
    json_node_set_string(message->content, outgoing->text);
    message->json = json_object_new();
    return message;
}

static void look_up(FdSender *sender, FdRoom *room, FdOutgoing *outgoing)
{
    guint tries = ++outgoing->look_ups;

    /* Nobody looks: what was missed there is caught up, in order, when the room is joined again. */
    if (room->flow && !room->shown) {
        g_free(fd_outbox_take(room->outbox, outgoing->uuid));
        return;
    }

    if (tries < G_N_ELEMENTS(look_up_after_ms)) {
        outgoing->due_us = g_get_monotonic_time() + look_up_after_ms[tries] * G_GINT64_CONSTANT(1000);
        /* Without a base there is no gap to fill, so the answer can be shown at once. */
        if (outgoing->answer && (tries > 1 || fd_history_get_last(room->history) == 0))
            fd_state_offer(sender->state, room, g_steal_pointer(&outgoing->answer));
        else
            fd_sync_room(sender->sync, room);
        return;
    }
    fd_state_offer(sender->state, room, message_of(sender, room, outgoing));
}

static gboolean on_timer(gpointer user_data)
{
    FdSender *sender = user_data;
    GPtrArray *rooms = fd_rooms_list(sender->state->rooms);
    gint64 now = g_get_monotonic_time();

    sender->timer_id = 0;
    for (guint i = 0; i < rooms->len; i++) {
        FdRoom *room = rooms->pdata[i];
        FdOutgoing *unseen = fd_outbox_get_unseen(room->outbox);

        if (unseen && unseen->due_us <= now)
            look_up(sender, room, unseen);
    }
    set_timer(sender);
    return G_SOURCE_REMOVE;
}

/* One timer for all that is due next, and none when nothing is. */
static void set_timer(FdSender *sender)
{
    GPtrArray *rooms = fd_rooms_list(sender->state->rooms);
    gint64 now = g_get_monotonic_time(), next = G_MAXINT64;

    for (guint i = 0; i < rooms->len; i++) {
        const FdRoom *room = rooms->pdata[i];
        const FdOutgoing *unseen = fd_outbox_get_unseen(room->outbox);

        if (unseen)
            next = MIN(next, unseen->due_us);
    }
    g_clear_handle_id(&sender->timer_id, g_source_remove);
    if (next != G_MAXINT64)
        sender->timer_id = g_timeout_add(next > now ? (guint)((next - now) / 1000 + 1) : 0, on_timer, sender);
}

static void accept(FdSender *sender, FdRoom *room, const char *uuid, FdMessage *answer)
{
    FdOutgoing *outgoing = fd_outbox_find(room->outbox, uuid);

    if (!outgoing) {
        /* The stream was faster, and the line is there already. */
        fd_message_free(answer);
        return;
    }
    if (answer && fd_history_has_seen(room->history, answer->id)) {
        /* So it was, but the line did not tell that it was this one. */
        g_free(fd_outbox_take(room->outbox, uuid));
        fd_message_free(answer);
        return;
    }
    /* An answer need not repeat what we know. */
    if (answer) {
        answer->user = sender->state->self;
        if (!answer->uuid)
            answer->uuid = g_strdup(uuid);
    }
    outgoing->state = FD_OUTGOING_ACCEPTED;
    outgoing->answer = answer;
    outgoing->due_us = g_get_monotonic_time() + look_up_after_ms[0] * G_GINT64_CONSTANT(1000);
    set_timer(sender);
}

static void on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Sending) sending = user_data;
    g_autoptr(GError) error = NULL;
    FdMessage *answer = NULL;
    gboolean sent = fd_api_message_send_finish(result, &answer, &error);
    FdSender *sender = sending->sender;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (sent) {
        accept(sender, sending->room, sending->uuid, answer);
    } else {
        const FdOutgoing *failed = fd_outbox_fail(sending->room->outbox, sending->uuid);

        if (failed)
            sender->state->listener->not_sent(sending->room, failed, error, sender->state->listener_data);
    }
    pump(sender, sending->room);
}

static void pump(FdSender *sender, FdRoom *room)
{
    FdOutgoing *outgoing = fd_outbox_next(room->outbox);
    FdApiPlace place = fd_room_place(room);
    Sending *sending;
    FdApiDraft draft;

    if (!outgoing)
        return;
    draft = (FdApiDraft){ .event = outgoing->event,
                          .text = outgoing->text,
                          .uuid = outgoing->uuid,
                          .thread_id = outgoing->thread_id,
                          .parent = outgoing->parent,
                          .tags = (const char *const *)outgoing->tags };
    sending = g_new0(Sending, 1);
    sending->sender = sender;
    sending->room = room;
    sending->uuid = g_strdup(outgoing->uuid);
    outgoing->state = FD_OUTGOING_SENDING;
    fd_api_message_send_async(sender->state->api, &place, &draft, sender->cancellable, on_sent, sending);
}

void fd_sender_send(FdSender *sender, FdRoom *room, const FdDraft *draft)
{
    g_auto(GStrv) parts = text_split(draft->text, FD_API_MAX_CHARS);

    for (char **part = parts; *part; part++) {
        FdDraft one = *draft;

        one.text = *part;
        fd_outbox_add(room->outbox, &one);
    }
    pump(sender, room);
}

guint fd_sender_retry(FdSender *sender, FdRoom *room)
{
    guint count = fd_outbox_retry(room->outbox);

    pump(sender, room);
    return count;
}
