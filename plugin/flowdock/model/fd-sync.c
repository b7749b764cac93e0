/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading the past of rooms, catching up after gaps, and re-reading flows and people. */
#include "fd-sync.h"

#include "fd-older.h"

#include "../api/fd-api-flows.h"
#include "../api/fd-api-messages.h"
#include "../api/fd-api-users.h"
#include "net/net-error.h"

struct _FdSync {
    FdState *state;
    GCancellable *cancellable; /* of this object: its end cancels what is under way */
    guint past;
    NetRetry retry;
    GQueue waiting;        /* Job */
    GHashTable *jobs;      /* FdRoom -> Job, waiting or under way */
    GHashTable *strangers; /* "room:user" being asked for */
    GHashTable *flows;     /* FdRoom being re-read -> whether once more */
    GHashTable *listed;    /* FdRoom -> gint64: up to where lists have brought what is held */
    GHashTable *older;     /* FdRoom whose older messages are being loaded */
    GPtrArray *added;      /* ids of flows to be asked for again */
    guint added_id;
    guint added_attempts;
    guint calls;
};

/*
 *   waiting --a call is free--> loading --page--> loading --last page--> gone (or waiting, when asked again)
 *                                  ^  |
 *                                  |  failed
 *                                  pausing
 */
typedef struct {
    FdSync *sync;
    FdRoom *room;
    gboolean first; /* the past, not a gap */
    gboolean again; /* asked for once more while under way */
    gboolean more;  /* of the past: more was missed than is loaded */
    guint pages;
    guint attempts;
    guint pause_id;
    gint64 since;
} Job;

static void start_jobs(FdSync *sync);

static void job_free(gpointer data)
{
    Job *job = data;

    g_clear_handle_id(&job->pause_id, g_source_remove);
    g_free(job);
}

FdSync *fd_sync_new(FdState *state, guint past, const NetRetry *retry)
{
    FdSync *sync = g_new0(FdSync, 1);

    sync->state = state;
    sync->cancellable = g_cancellable_new();
    sync->past = past;
    sync->retry = *retry;
    g_queue_init(&sync->waiting);
    sync->jobs = g_hash_table_new_full(NULL, NULL, NULL, job_free);
    sync->strangers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    sync->flows = g_hash_table_new(NULL, NULL);
    sync->listed = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    sync->older = g_hash_table_new(NULL, NULL);
    sync->added = g_ptr_array_new_with_free_func(g_free);
    return sync;
}

void fd_sync_free(FdSync *sync)
{
    if (!sync)
        return;
    g_cancellable_cancel(sync->cancellable);
    g_object_unref(sync->cancellable);
    g_queue_clear(&sync->waiting);
    g_hash_table_unref(sync->jobs);
    g_hash_table_unref(sync->strangers);
    g_hash_table_unref(sync->flows);
    g_hash_table_unref(sync->listed);
    g_hash_table_unref(sync->older);
    g_clear_handle_id(&sync->added_id, g_source_remove);
    g_ptr_array_unref(sync->added);
    g_free(sync);
}

/* A flow's room that the user has left shows nothing; what it missed stays to be caught up. */
static gboolean is_wanted(const FdRoom *room)
{
    return !room->flow || room->shown;
}

static void end_hold(FdSync *sync, FdRoom *room)
{
    g_autoptr(GPtrArray) fresh = NULL;

    if (!is_wanted(room)) {
        fd_history_drop(room->history);
    } else {
        fresh = fd_history_release(room->history);
    }
    if (!fd_history_is_holding(room->history))
        g_hash_table_remove(sync->listed, room);
    if (!fresh)
        return;
    for (guint i = 0; i < fresh->len; i++) {
        const FdMessage *message = fresh->pdata[i];

        /* With no past wanted, the newest message was loaded only to know where a gap would begin. */
        if (!message->past || sync->past > 0)
            fd_state_deliver(sync->state, room, message, message->past);
    }
}

static void finish_job(Job *job, gboolean loaded)
{
    FdSync *sync = job->sync;
    FdRoom *room = job->room;
    gboolean again = job->again;
    gboolean more = job->more;

    sync->calls--;
    room->loaded = room->loaded || (loaded && is_wanted(room));
    g_hash_table_remove(sync->jobs, room);
    if (more && is_wanted(room))
        sync->state->listener->missed_more(room, sync->state->listener_data);
    end_hold(sync, room);
    if (again && is_wanted(room))
        fd_sync_room(sync, room);
    start_jobs(sync);
}

static void load_page(Job *job);

static guint first_limit(const Job *job)
{
    guint past = job->sync->past;

    return CLAMP(past > 0 && job->room->before > 0 ? past + 1 : past, 1, FD_API_MAX_LIST);
}

/* Who has written but is not known: without a name the lines would stand under a number. */
static void ask_for_strangers(FdSync *sync, FdRoom *room, GPtrArray *messages)
{
    guint asked = 0, known;

    for (guint i = messages->len; i > 0 && asked < FD_SYNC_MAX_STRANGERS; i--) {
        const FdMessage *message = messages->pdata[i - 1];

        if (message->user == 0 || fd_people_get(sync->state->people, message->user))
            continue;
        known = g_hash_table_size(sync->strangers);
        fd_sync_stranger(sync, message->user, room);
        /* One who has written much is asked for once. */
        asked += g_hash_table_size(sync->strangers) - known;
    }
}

/* Whether more was missed than the past that is shown. The list has one more than that, where it may be so long: without
 * it, nobody could tell. */
static void look_for_more(Job *job, GPtrArray *messages)
{
    guint past = job->sync->past;
    const FdMessage *oldest = messages->len > 0 ? messages->pdata[0] : NULL;

    if (past == 0 || job->room->before == 0 || !oldest || messages->len < first_limit(job))
        return;
    job->more = oldest->id > job->room->before;
    if (messages->len > past)
        g_ptr_array_remove_index(messages, 0);
}

static void note_listed(FdSync *sync, FdRoom *room, gint64 id)
{
    gint64 *listed = g_new(gint64, 1);

    *listed = id;
    g_hash_table_insert(sync->listed, room, listed);
}

/* Puts a page of messages with those that are held. */
static void take_page(Job *job, GPtrArray *messages)
{
    FdRoom *room = job->room;

    if (job->first)
        look_for_more(job, messages);
    ask_for_strangers(job->sync, room, messages);
    if (messages->len > 0)
        note_listed(job->sync, room, ((const FdMessage *)messages->pdata[messages->len - 1])->id);
    fd_history_fill(room->history, messages, job->first);
}

static gboolean on_pause_over(gpointer user_data)
{
    Job *job = user_data;

    job->pause_id = 0;
    load_page(job);
    return G_SOURCE_REMOVE;
}

static void on_page(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) messages = fd_api_messages_list_finish(result, &error);
    Job *job = user_data;
    FdMessage *last;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (error && net_error_is_passing(error) && ++job->attempts < FD_SYNC_MAX_ATTEMPTS && is_wanted(job->room)) {
        job->pause_id = g_timeout_add(net_retry_delay_ms(&job->sync->retry, job->attempts - 1, g_random_double(), -1),
                                      on_pause_over, job);
        return;
    }
    if (error && is_wanted(job->room))
        job->sync->state->listener->not_loaded(job->room, error, job->sync->state->listener_data);
    if (error || messages->len == 0 || job->first || !is_wanted(job->room)) {
        if (messages)
            take_page(job, messages);
        finish_job(job, messages != NULL);
        return;
    }
    last = messages->pdata[messages->len - 1];
    if (last->id <= job->since || ++job->pages >= FD_SYNC_MAX_PAGES) {
        gboolean too_many = last->id > job->since;

        take_page(job, messages);
        if (too_many)
            job->sync->state->listener->not_loaded(job->room, NULL, job->sync->state->listener_data);
        finish_job(job, TRUE);
        return;
    }
    job->since = last->id;
    job->attempts = 0;
    take_page(job, messages);
    load_page(job);
}

static void load_page(Job *job)
{
    FdApiPlace place = fd_room_place(job->room);
    FdApiRange range = { .limit = FD_API_MAX_LIST };

    if (job->first)
        range.limit = first_limit(job);
    else
        range.since = job->since;
    fd_api_messages_list_async(job->sync->state->api, &place, &range, job->sync->cancellable, on_page, job);
}

static void start_jobs(FdSync *sync)
{
    while (sync->calls < FD_SYNC_MAX_CALLS && !g_queue_is_empty(&sync->waiting)) {
        Job *job = g_queue_pop_head(&sync->waiting);
        const gint64 *listed = g_hash_table_lookup(sync->listed, job->room);

        sync->calls++;
        job->again = FALSE;
        job->first = !job->room->loaded && fd_history_get_last(job->room->history) == 0;
        /* What was loaded may still wait for the name of a stranger. */
        job->since = MAX(fd_history_get_last(job->room->history), listed ? *listed : 0);
        if (job->first) {
            g_autofree char *key = fd_room_key(job->room);

            job->room->before = fd_marks_get(job->sync->state->marks, key);
        }
        load_page(job);
    }
}

void fd_sync_room(FdSync *sync, FdRoom *room)
{
    Job *job = g_hash_table_lookup(sync->jobs, room);

    if (job) {
        job->again = TRUE;
        return;
    }
    job = g_new0(Job, 1);
    job->sync = sync;
    job->room = room;
    /* From now on, though the call may have to wait for others: the past comes first. */
    fd_history_hold(room->history);
    g_hash_table_insert(sync->jobs, room, job);
    g_queue_push_tail(&sync->waiting, job);
    start_jobs(sync);
}

void fd_sync_all(FdSync *sync)
{
    GPtrArray *rooms = fd_rooms_list(sync->state->rooms);

    for (guint i = 0; i < rooms->len; i++) {
        FdRoom *room = rooms->pdata[i];

        if (room->flow ? room->shown : room->loaded || fd_history_get_last(room->history) > 0)
            fd_sync_room(sync, room);
    }
}

typedef struct {
    FdSync *sync;
    FdRoom *room;
    gint64 user;
} Reading;

static Reading *reading_new(FdSync *sync, FdRoom *room)
{
    Reading *reading = g_new0(Reading, 1);

    reading->sync = sync;
    reading->room = room;
    return reading;
}

/* A flow open to the organization can be read by those who are no members. */
static void take_flow(Reading *reading, FdFlow *flow)
{
    FdState *state = reading->sync->state;
    gboolean was_member = fd_room_has_member(reading->room, state->self);
    gboolean was_open = reading->room->shown || fd_state_is_current(reading->room);
    FdRoom *room = fd_state_update_flow(state, flow);

    if (room != reading->room)
        return;
    if (room->flow->archived)
        fd_state_remove_flow(state, room, FD_GONE_ARCHIVED, 0);
    else if (was_member && !fd_room_has_member(room, state->self))
        fd_state_remove_flow(state, room, FD_GONE_REMOVED, 0);
    else if (was_open && !room->flow->open)
        fd_state_remove_flow(state, room, FD_GONE_CLOSED, 0);
}

static void end_flow(Reading *reading, FdFlow *flow, const GError *error)
{
    gpointer again = NULL;

    g_hash_table_steal_extended(reading->sync->flows, reading->room, NULL, &again);
    if (flow)
        take_flow(reading, flow);
    else if (g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND) || fd_api_is_forbidden(error))
        fd_state_remove_flow(reading->sync->state, reading->room, FD_GONE_REMOVED, 0);
    if (again)
        fd_sync_flow(reading->sync, reading->room);
}

static void on_flow_by_id(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Reading *reading = user_data;
    g_autoptr(GError) error = NULL;
    FdFlow *flow = fd_api_flow_finish(result, &error);

    (void)source;
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        end_flow(reading, flow, error);
}

static void on_flow(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Reading *reading = user_data;
    g_autoptr(GError) error = NULL;
    FdFlow *flow = fd_api_flow_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    /* Only the id stays for ever: flow and organization may have other names in addresses by now. */
    if (g_error_matches(error, NET_ERROR, NET_ERROR_NOT_FOUND)) {
        const char *id = reading->room->flow->id;
        FdSync *sync = reading->sync;

        fd_api_flow_find_async(sync->state->api, id, sync->cancellable, on_flow_by_id, g_steal_pointer(&reading));
        return;
    }
    end_flow(reading, flow, error);
}

void fd_sync_flow(FdSync *sync, FdRoom *room)
{
    /* What changes while an answer is under way may not be in it. */
    if (g_hash_table_contains(sync->flows, room)) {
        g_hash_table_insert(sync->flows, room, GINT_TO_POINTER(TRUE));
        return;
    }
    g_hash_table_insert(sync->flows, room, GINT_TO_POINTER(FALSE));
    fd_api_flow_show_async(sync->state->api, room->flow->path, sync->cancellable, on_flow, reading_new(sync, room));
}

typedef struct {
    FdSync *sync;
    char *id;
} Adding;

static void adding_free(Adding *adding)
{
    g_free(adding->id);
    g_free(adding);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Adding, adding_free)

static gboolean on_added_pause_over(gpointer user_data)
{
    FdSync *sync = user_data;
    g_autoptr(GPtrArray) ids = g_steal_pointer(&sync->added);

    sync->added_id = 0;
    sync->added = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < ids->len; i++)
        fd_sync_added_flow(sync, ids->pdata[i]);
    return G_SOURCE_REMOVE;
}

/* It is told once only: without another attempt the room would not open before the next sign-in. */
static void ask_again(FdSync *sync, const char *id)
{
    if (sync->added_attempts >= FD_SYNC_MAX_ATTEMPTS)
        return;
    g_ptr_array_add(sync->added, g_strdup(id));
    if (sync->added_id)
        return;
    sync->added_id = g_timeout_add(net_retry_delay_ms(&sync->retry, sync->added_attempts++, g_random_double(), -1),
                                   on_added_pause_over, sync);
}

static void on_added_flow(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Adding) adding = user_data;
    g_autoptr(GError) error = NULL;
    FdFlow *flow = fd_api_flow_finish(result, &error);
    FdState *state;
    FdRoom *room;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!flow) {
        if (net_error_is_passing(error))
            ask_again(adding->sync, adding->id);
        return;
    }
    adding->sync->added_attempts = 0;
    state = adding->sync->state;
    room = fd_state_update_flow(state, flow);
    if (fd_state_is_current(room))
        state->listener->flow_added(room, state->listener_data);
}

void fd_sync_added_flow(FdSync *sync, const char *id)
{
    Adding *adding = g_new0(Adding, 1);

    adding->sync = sync;
    adding->id = g_strdup(id);
    fd_api_flow_find_async(sync->state->api, id, sync->cancellable, on_added_flow, adding);
}

static char *stranger_key(const FdRoom *room, gint64 id)
{
    return g_strdup_printf("%p:%" G_GINT64_FORMAT, (const void *)room, id);
}

static void on_stranger(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Reading *reading = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(FdUser) user = fd_api_user_finish(result, &error);
    g_autofree char *key = NULL;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    key = stranger_key(reading->room, reading->user);
    g_hash_table_remove(reading->sync->strangers, key);
    /* Who cannot be looked up is known by number: better than losing the words. */
    if (!user || user->id != reading->user) {
        fd_user_free(user);
        user = fd_user_new(reading->user, NULL);
        user->disabled = TRUE;
    }
    if (!fd_people_get(reading->sync->state->people, user->id))
        fd_people_put(reading->sync->state->people, user);
    fd_people_settle(reading->sync->state->people);
    end_hold(reading->sync, reading->room);
}

void fd_sync_stranger(FdSync *sync, gint64 id, FdRoom *room)
{
    Reading *reading;

    /* Once for all that this person writes meanwhile. */
    if (!g_hash_table_add(sync->strangers, stranger_key(room, id)))
        return;
    reading = reading_new(sync, room);
    reading->user = id;
    fd_history_hold(room->history);
    fd_api_user_show_async(sync->state->api, id, sync->cancellable, on_stranger, reading);
}

typedef struct {
    FdSync *sync;
    FdRoom *room;
    gint64 before; /* the oldest that was shown when it began; 0: none */
    FdSyncOlderFunc done;
    gpointer user_data;
    GDestroyNotify destroy;
} Older;

static void older_free(gpointer data)
{
    Older *older = data;

    older->destroy(older->user_data);
    g_free(older);
}

static void on_older(GPtrArray *messages, const GError *error, gpointer user_data)
{
    Older *older = user_data;
    guint shown = 0;

    g_hash_table_remove(older->sync->older, older->room);
    for (guint i = 0; i < messages->len; i++) {
        const FdMessage *message = messages->pdata[i];

        /* The room may have been filled, or closed, meanwhile. */
        if (is_wanted(older->room) && (older->before == 0 || message->id < older->before) &&
            fd_state_deliver(older->sync->state, older->room, message, TRUE))
            shown++;
    }
    older->done(older->room, shown, error, older->user_data);
}

gboolean fd_sync_older(FdSync *sync, FdRoom *room, guint count, FdSyncOlderFunc done, gpointer user_data,
                       GDestroyNotify destroy)
{
    FdApiPlace place = fd_room_place(room);
    Older *older;

    /* What is being loaded is not shown yet, so it cannot be told from older messages. */
    if (g_hash_table_contains(sync->jobs, room) || !g_hash_table_add(sync->older, room))
        return FALSE;
    older = g_new0(Older, 1);
    older->sync = sync;
    older->room = room;
    older->before = room->oldest;
    older->done = done;
    older->user_data = user_data;
    older->destroy = destroy;
    fd_older_load(sync->state->api, &place, room->oldest, CLAMP(count, 1, FD_SYNC_MAX_OLDER), sync->cancellable,
                  on_older, older, older_free);
    return TRUE;
}
