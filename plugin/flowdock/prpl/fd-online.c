/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signed-in account: memory, rooms, streams. */
#include "fd-online.h"

#include "fd-avatars.h"
#include "fd-buddies.h"
#include "fd-chats.h"
#include "fd-commands.h"
#include "fd-ims.h"
#include "fd-menus.h"
#include "fd-presence.h"
#include "fd-previews.h"
#include "fd-seen.h"
#include "fd-settings.h"
#include "fd-show.h"
#include "fd-thread-rooms.h"
#include "fd-xfers.h"

#include "flowdock/api/fd-api-flows.h"
#include "flowdock/api/fd-api-orgs.h"
#include "flowdock/api/fd-api-users.h"
#include "net/net-error.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Pauses between attempts to open a stream; the first of those in the sheet's 4.4, with jitter. */
#define FIRST_PAUSE_MS 1000
#define LONGEST_PAUSE_MS 30000
/* Before the list of flows is read anew, because the stream was refused, */
#define REREAD_PAUSE_MS 5000
/* or because it was lost for a while: at most so often. */
#define REREAD_EVERY_MS 60000
#define REREAD_MAX_ATTEMPTS 5
/* Between looks at who was seen too long ago to be still there; only while there is anybody. */
#define AGE_EVERY_MS 60000
/* Rooms are opened for so long at a time: a graphical host takes a while for each. */
#define OPEN_SLICE_US 5000

struct _FdOnline {
    FdAccount *account;
    FdLive *live;
    char **listened;         /* (nullable) flow ids of the streams that count */
    char **listening;        /* (nullable) of those that are to replace them */
    FdApiPresence announced; /* by them */
    guint listen_id;
    guint reread_id;
    gint64 reread_us;    /* when that was done last, 0: never */
    guint reread_serial; /* of the memory, then */
    guint reread_attempts;
    gboolean was_up;
    guint age_id;
    guint open_id;
    guint opened; /* so many rooms of the list were looked at */
    guint tell_id;
    guint give_up_id;
    gboolean told;
    gboolean waits;  /* for the user to sign in again */
    GError *trouble; /* (nullable): why a stream is down */
};

static void tell_rooms(FdOnline *online, const char *text)
{
    GPtrArray *rooms = fd_rooms_list(online->account->state->rooms);

    for (guint i = 0; i < rooms->len && !fd_account_is_closed(online->account); i++)
        fd_show_notice(online->account, rooms->pdata[i], text);
}

static gboolean on_tell(gpointer user_data)
{
    FdOnline *online = user_data;

    online->tell_id = 0;
    online->told = TRUE;
    tell_rooms(online, _("The connection is lost. Trying to get it back…"));
    return G_SOURCE_REMOVE;
}

static gboolean on_give_up(gpointer user_data)
{
    FdOnline *online = user_data;
    g_autofree char *why = face_error_text(fd_account_errors, online->trouble);

    online->give_up_id = 0;
    /* Whatever the last failure was: nothing came through, and trying again later is right. */
    fd_account_fail(online->account, PURPLE_CONNECTION_ERROR_NETWORK_ERROR, why);
    return G_SOURCE_REMOVE;
}

static void watch_trouble(FdOnline *online)
{
    if (online->tell_id || online->give_up_id || online->waits)
        return;
    online->tell_id = g_timeout_add(fd_account_ms(online->account, FD_ONLINE_TELL_MS), on_tell, online);
    online->give_up_id = g_timeout_add(fd_account_ms(online->account, FD_ONLINE_GIVE_UP_MS), on_give_up, online);
}

static void note_trouble(FdOnline *online, const GError *error)
{
    g_clear_error(&online->trouble);
    online->trouble = error ? g_error_copy(error) : g_error_new_literal(NET_ERROR, NET_ERROR_OFFLINE, "");
    watch_trouble(online);
}

void fd_online_wait_for_user(FdAccount *account)
{
    FdOnline *online = account->online;

    if (!online || online->waits)
        return;
    online->waits = TRUE;
    g_clear_handle_id(&online->tell_id, g_source_remove);
    g_clear_handle_id(&online->give_up_id, g_source_remove);
    tell_rooms(online,
               _("The sign-in is no longer valid, and you are asked to sign in again. What you write here waits "
                 "until then."));
}

void fd_online_user_is_back(FdAccount *account)
{
    FdOnline *online = account->online;

    if (!online || !online->waits)
        return;
    online->waits = FALSE;
    tell_rooms(online, _("You are signed in again."));
    if (fd_account_is_closed(account))
        return;
    if (online->trouble)
        watch_trouble(online);
    fd_live_hurry(online->live);
}

static gboolean on_age(gpointer user_data)
{
    FdOnline *online = user_data;

    if (fd_people_age(online->account->state->people, fd_state_now_ms()))
        return G_SOURCE_CONTINUE;
    online->age_id = 0;
    return G_SOURCE_REMOVE;
}

static void watch_age(FdOnline *online)
{
    if (!online->age_id)
        online->age_id = g_timeout_add(fd_account_ms(online->account, AGE_EVERY_MS), on_age, online);
}

static void on_event(const char *data, gsize length, gpointer user_data)
{
    FdOnline *online = user_data;

    fd_event_receive(&online->account->events, data, length);
    if (fd_people_is_aging(online->account->state->people))
        watch_age(online);
}

/* Those that were listened for are heard from now on; what was missed until now is loaded on demand. */
static void mark_heard(FdOnline *online, gboolean load)
{
    GPtrArray *rooms = fd_rooms_list(online->account->state->rooms);

    for (guint i = 0; i < rooms->len; i++) {
        FdRoom *room = rooms->pdata[i];
        gboolean heard = room->flow && g_strv_contains((const char *const *)online->listened, room->flow->id);

        if (load && heard && !room->heard && room->shown)
            fd_sync_room(online->account->sync, room);
        room->heard = heard;
    }
}

static void take_listening(FdOnline *online)
{
    if (!online->listening)
        return;
    g_strfreev(online->listened);
    online->listened = g_steal_pointer(&online->listening);
}

static void on_exchanged(gpointer user_data)
{
    FdOnline *online = user_data;

    take_listening(online);
    mark_heard(online, TRUE);
}

static void reread_in(FdOnline *online, guint ms);

static void on_flows_again(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) flows = fd_api_flows_all_finish(result, &error);
    FdAccount *account = user_data;
    FdOnline *online;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    online = account->online;
    if (flows) {
        online->reread_attempts = 0;
        fd_chats_flows_reread(account, flows, online->reread_serial);
    } else if (net_error_is_passing(error) && online->reread_attempts < REREAD_MAX_ATTEMPTS) {
        NetRetry retry = { .first_ms = fd_account_ms(account, FIRST_PAUSE_MS),
                           .max_ms = fd_account_ms(account, LONGEST_PAUSE_MS) };

        reread_in(online, net_retry_delay_ms(&retry, online->reread_attempts++, g_random_double(), -1));
    }
    fd_online_listen(account);
}

static gboolean on_reread(gpointer user_data)
{
    FdOnline *online = user_data;

    online->reread_id = 0;
    online->reread_us = g_get_monotonic_time();
    online->reread_serial = online->account->state->serial;
    fd_api_flows_all_async(online->account->api, online->account->cancellable, on_flows_again, online->account);
    return G_SOURCE_REMOVE;
}

static void reread_in(FdOnline *online, guint ms)
{
    g_clear_handle_id(&online->reread_id, g_source_remove);
    online->reread_id = g_timeout_add(ms, on_reread, online);
}

static void reread_soon(FdOnline *online)
{
    gint64 every_us = (gint64)fd_account_ms(online->account, REREAD_EVERY_MS) * 1000;
    gint64 wait_us = online->reread_us > 0 ? online->reread_us + every_us - g_get_monotonic_time() : 0;

    if (!online->reread_id)
        reread_in(online, (guint)(MAX(wait_us, 0) / 1000));
}

static void on_up(gpointer user_data)
{
    FdOnline *online = user_data;

    g_clear_handle_id(&online->tell_id, g_source_remove);
    g_clear_handle_id(&online->give_up_id, g_source_remove);
    g_clear_error(&online->trouble);
    if (online->told)
        tell_rooms(online, _("The connection is back."));
    if (fd_account_is_closed(online->account))
        return;
    online->told = FALSE;
    mark_heard(online, FALSE);
    /* Whatever the stream replays: how far back it reaches is not known, so the rooms are asked. */
    fd_sync_all(online->account->sync);
    /* Who was added to a flow or removed from it meanwhile: those events are not kept. */
    if (online->was_up)
        reread_soon(online);
    online->was_up = TRUE;
}

static void on_down(const GError *error, gpointer user_data)
{
    FdOnline *online = user_data;

    note_trouble(online, error);
    fd_people_doubt_presence(online->account->state->people, fd_state_now_ms());
    watch_age(online);
}

static void on_failed(const GError *error, gpointer user_data)
{
    FdOnline *online = user_data;

    /* Those that no other list of flows mends. An answer cut in its head counts as PROTOCOL, so that may pass. */
    if (net_error_is_tls(error) || g_error_matches(error, NET_ERROR, NET_ERROR_PROXY_AUTH) ||
        g_error_matches(error, NET_ERROR, NET_ERROR_UNAUTHORIZED) ||
        g_error_matches(error, NET_ERROR, NET_ERROR_INSECURE) || error->domain != NET_ERROR) {
        fd_account_fail_error(online->account, error);
        return;
    }
    note_trouble(online, error);
    /* Most likely a flow of the filter is gone. Until that is known there is nothing to listen to. */
    g_clear_handle_id(&online->listen_id, g_source_remove);
    reread_in(online, fd_account_ms(online->account, REREAD_PAUSE_MS));
}

static const FdLiveFuncs live_funcs = {
    .event = on_event, .up = on_up, .exchanged = on_exchanged, .down = on_down, .failed = on_failed
};

/* (transfer full): of the flows to listen to. */
static char **ids_to_hear(FdOnline *online)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    GPtrArray *rooms = fd_rooms_list(online->account->state->rooms);

    for (guint i = 0; i < rooms->len; i++) {
        const FdRoom *room = rooms->pdata[i];

        if (fd_state_is_current(room))
            g_strv_builder_add(builder, room->flow->id);
    }
    return g_strv_builder_end(builder);
}

static gboolean on_listen(gpointer user_data)
{
    FdOnline *online = user_data;
    FdApiPresence presence = fd_presence_wanted(online->account);
    g_auto(GStrv) ids = ids_to_hear(online);
    char **now = online->listening ? online->listening : online->listened;

    online->listen_id = 0;
    if (now && fd_live_is_up(online->live) && presence == online->announced &&
        g_strv_equal((const char *const *)now, (const char *const *)ids))
        return G_SOURCE_REMOVE;
    online->announced = presence;
    g_strfreev(online->listening);
    online->listening = g_steal_pointer(&ids);
    if (!fd_live_listen(online->live, (const char *const *)online->listening, presence))
        take_listening(online);
    return G_SOURCE_REMOVE;
}

void fd_online_listen(FdAccount *account)
{
    FdOnline *online = account->online;

    /* Several rooms joined in a row make one exchange of streams. */
    if (online && !online->listen_id)
        online->listen_id = g_idle_add(on_listen, online);
}

static void on_people(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = fd_api_users_list_finish(result, &error);
    FdAccount *account = user_data;

    (void)source;
    /* A failure is no harm here: those in the flows are known, and others are asked for when they write. */
    if (!people)
        return;
    for (guint i = 0; i < people->len; i++)
        fd_people_put(account->state->people, people->pdata[i]);
    fd_people_settle(account->state->people);
}

static void take_org(FdState *state, const FdOrg *org)
{
    fd_orgs_put(state->orgs, org);
    for (guint i = 0; i < org->users->len; i++) {
        const FdUser *user = org->users->pdata[i];

        /* Some lists leave nicks out. */
        if (fd_user_has_nick(user) && !fd_people_get(state->people, user->id))
            fd_people_put(state->people, user);
        if (user->admin)
            fd_people_touch(state->people, user->id, FD_PERSON_ROLE);
    }
}

static void on_orgs(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) orgs = fd_api_orgs_list_finish(result, &error);
    FdAccount *account = user_data;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    /* A failure is no harm: the flows name their organizations, too. */
    for (guint i = 0; orgs && i < orgs->len; i++)
        take_org(account->state, orgs->pdata[i]);
    fd_people_settle(account->state->people);
    /* Afterwards, so that each finds a group. */
    fd_api_users_list_async(account->api, account->cancellable, on_people, account);
}

static void fill_memory(FdAccount *account, const FdUser *self, GPtrArray *flows)
{
    NetRetry retry = { .first_ms = fd_account_ms(account, FIRST_PAUSE_MS),
                       .max_ms = fd_account_ms(account, LONGEST_PAUSE_MS) };
    int past = fd_settings_int(account->account, FD_SETTING_HISTORY);

    account->state = fd_state_new(account->api, account->cancellable, &fd_show_listener, account);
    account->state->self = self->id;
    account->state->inbox = (FdInboxShown)fd_settings_choice(account->account, FD_SETTING_INBOX);
    fd_people_put(account->state->people, self);
    for (guint i = 0; i < flows->len; i++)
        fd_state_put_flow(account->state, g_steal_pointer(&flows->pdata[i]));
    fd_people_settle(account->state->people);
    /* The rooms are made with it. */
    fd_people_forget_changes(account->state->people, FD_PERSON_PRESENCE);
    account->sync = fd_sync_new(account->state, (guint)CLAMP(past, 0, FD_API_MAX_LIST), &retry);
    account->sender = fd_sender_new(account->state, account->sync);
    account->thread_rooms = fd_thread_rooms_new();
    account->calls = fd_commands_new_calls();
    account->pages = fd_commands_new_pages();
    account->acts = fd_commands_new_acts();
    account->events.state = account->state;
    account->events.sync = account->sync;
}

/* Before the host has left the rooms: afterwards it shows no line in them. */
static void on_signing_off(PurpleConnection *gc, gpointer user_data)
{
    FdOnline *online = user_data;

    if (gc == online->account->gc) {
        online->account->windows_gone = fd_show_host_is_irc();
        fd_show_all_unsent(online->account, online->account->state->rooms);
        fd_commands_give_up(online->account);
        if (!fd_account_is_closed(online->account))
            fd_xfers_give_up(online->account->xfers);
    }
}

static gboolean on_open(gpointer user_data)
{
    FdOnline *online = user_data;
    FdAccount *account = online->account;
    gint64 until = g_get_monotonic_time() + OPEN_SLICE_US;

    while (!fd_account_is_closed(account) && g_get_monotonic_time() < until) {
        GPtrArray *rooms = fd_rooms_list(account->state->rooms);

        if (online->opened >= rooms->len) {
            online->open_id = 0;
            return G_SOURCE_REMOVE;
        }
        if (fd_state_is_current(rooms->pdata[online->opened]))
            fd_chats_show(account, rooms->pdata[online->opened]);
        online->opened++;
    }
    return G_SOURCE_CONTINUE;
}

void fd_online_start(FdAccount *account, const FdUser *self, GPtrArray *flows)
{
    FdOnline *online = g_new0(FdOnline, 1);
    PurpleConnection *gc = account->gc;
    NetStreamTimes times = {
        .silence_ms = fd_account_ms(account, FD_ONLINE_SILENCE_MS),
        .retry = { .first_ms = fd_account_ms(account, FIRST_PAUSE_MS),
                   .max_ms = fd_account_ms(account, LONGEST_PAUSE_MS) },
    };

    online->account = account;
    fill_memory(account, self, flows);
    account->online = online;
    online->live =
        fd_live_new(account->streams, account->credential, fd_settings_string(account->account, FD_SETTING_STREAM_URL),
                    &times, &live_funcs, online);
    purple_signal_connect(purple_connections_get_handle(), "signing-off", online, PURPLE_CALLBACK(on_signing_off),
                          online);
    fd_seen_start(account);
    account->xfers = fd_xfers_new(account);
    account->previews = fd_previews_new(account);
    purple_connection_set_display_name(gc, fd_state_self(account->state)->shown);
    purple_connection_set_state(gc, PURPLE_CONNECTED);
    /* Whoever listens to "signed-on" may have ended the connection. */
    if (fd_account_is_closed(account))
        return;
    fd_presence_start(account);
    if (fd_settings_bool(account->account, FD_SETTING_AUTOJOIN))
        online->open_id = g_idle_add(on_open, online);
    account->avatars = fd_avatars_new(account);
    account->buddies = fd_buddies_new(account);
    watch_age(online);
    fd_online_listen(account);
    fd_api_orgs_list_async(account->api, account->cancellable, on_orgs, account);
    fd_menus_start(account);
    fd_ims_load_waiting(account);
}

void fd_online_stop(FdOnline *online)
{
    g_clear_handle_id(&online->listen_id, g_source_remove);
    g_clear_handle_id(&online->reread_id, g_source_remove);
    g_clear_handle_id(&online->age_id, g_source_remove);
    g_clear_handle_id(&online->open_id, g_source_remove);
    g_clear_handle_id(&online->tell_id, g_source_remove);
    g_clear_handle_id(&online->give_up_id, g_source_remove);
    purple_signals_disconnect_by_handle(online);
}

void fd_online_free(FdOnline *online)
{
    if (!online)
        return;
    fd_online_stop(online);
    g_clear_pointer(&online->live, fd_live_free);
    g_clear_error(&online->trouble);
    g_strfreev(online->listened);
    g_strfreev(online->listening);
    g_free(online);
}
