/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of people as the host's buddy icons. Their addresses are other people's, so nothing of the account goes there, and
 * what comes is checked before a host decodes it. */
#include "fd-avatars.h"

#include "fd-buddies.h"
#include "fd-show.h"

#include "face/face-picture.h"
#include "net/net-error.h"

#include <buddyicon.h>
#include <debug.h>

#include <string.h>

/* Of a picture. The sample's 120 pixels take a tenth of it at most. */
#define MAX_PICTURE (256 * 1024)
/* Hosts show 96 pixels at most. Sheet: 3.2, "avatar". */
#define SIZE "120"
#define MAX_REDIRECTS 3
/* Addresses remembered; when they are more, all are forgotten rather than any kept for ever. */
#define MAX_FAILED 1000
#define TYPES "image/png, image/jpeg, image/gif"

struct _FdAvatars {
    FdAccount *account;
    GQueue queue;       /* gint64, owned by the next */
    GHashTable *wanted; /* gint64 ids, a set: in the queue or under way. Not more than there are people */
    GHashTable *failed; /* addresses, a set */
    guint calls;        /* under way */
    guint work_id;
};

typedef struct {
    FdAvatars *avatars;
    gint64 id;     /* of the person */
    char *address; /* as the service has it */
    guint redirects;
} Call;

static void call_free(Call *call)
{
    g_free(call->address);
    g_free(call);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Call, call_free)

/* The account is signed off, or about to be. */
static gboolean is_over(const FdAvatars *avatars)
{
    return g_cancellable_is_cancelled(avatars->account->cancellable);
}

/* (nullable): not while the names of buddies are still to follow those of people. */
static PurpleBuddy *find_buddy(FdAvatars *avatars, const FdPerson *person)
{
    PurpleBuddy *buddy = person && person->shown ? purple_find_buddy(avatars->account->account, person->shown) : NULL;

    return buddy && fd_buddies_person(avatars->account, buddy) == person ? buddy : NULL;
}

static gboolean has_avatar(const FdPerson *person)
{
    return person->avatar && *person->avatar;
}

/* Whether the host lacks the picture of somebody who has one that may be had. */
static gboolean is_missing(FdAvatars *avatars, const FdPerson *person)
{
    PurpleBuddy *buddy = find_buddy(avatars, person);

    return buddy && has_avatar(person) &&
           g_strcmp0(purple_buddy_icons_get_checksum_for_user(buddy), person->avatar) != 0 &&
           !g_hash_table_contains(avatars->failed, person->avatar);
}

/* ------------------------------------------------------------------------------------------------------ one picture */

/* (transfer full) */
static char *sized(const char *address)
{
    gsize path_end = strcspn(address, "?#");

    return g_strdup_printf("%.*s%s%s", (int)path_end, address, path_end > 0 && address[path_end - 1] == '/' ? SIZE : "",
                           address + path_end);
}

static gboolean is_http(const char *url)
{
    return g_strcmp0(g_uri_peek_scheme(url), "http") == 0;
}

static NetRequest *new_request(FdAvatars *avatars, const char *url, char **base_url, GError **error)
{
    NetRequest *request = net_request_new_url("GET", url, base_url, error);

    /* That is this computer: nobody from elsewhere may have us ask around here. */
    if (request && is_http(*base_url) && !is_http(avatars->account->api_url)) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_INSECURE, "a picture on this computer");
        g_clear_pointer(&request, net_request_unref);
        g_clear_pointer(base_url, g_free);
    }
    if (request) {
        net_request_set_header(request, "Accept", TYPES);
        net_request_set_max_body(request, MAX_PICTURE);
    }
    return request;
}

static void on_picture(GObject *source, GAsyncResult *result, gpointer user_data);

/* Takes the call where it returns TRUE. */
static gboolean ask(Call *call, const char *url, GError **error)
{
    FdAccount *account = call->avatars->account;
    g_autofree char *base_url = NULL;
    g_autoptr(NetRequest) request = new_request(call->avatars, url, &base_url, error);

    if (!request)
        return FALSE;
    net_session_send_async(account->session, base_url, request, NULL, account->cancellable, on_picture, call);
    return TRUE;
}

static void note_failed(FdAvatars *avatars, const char *address, const GError *error)
{
    /* Not the address: its query may be a secret. */
    purple_debug_info("flowdock", "a picture is not shown: %s\n", error->message);
    /* The next time may be better. */
    if (net_error_is_passing(error))
        return;
    if (g_hash_table_size(avatars->failed) >= MAX_FAILED)
        g_hash_table_remove_all(avatars->failed);
    g_hash_table_add(avatars->failed, g_strdup(address));
}

static void show(const Call *call, GBytes *picture)
{
    FdAccount *account = call->avatars->account;
    const FdPerson *person = fd_people_get(account->state->people, call->id);
    PurpleBuddy *buddy = find_buddy(call->avatars, person);
    gsize length;
    gconstpointer data = g_bytes_get_data(picture, &length);

    if (buddy && g_strcmp0(person->avatar, call->address) == 0)
        purple_buddy_icons_set_for_user(account->account, purple_buddy_get_name(buddy), g_memdup2(data, length), length,
                                        call->address);
}

static void work_soon(FdAvatars *avatars);

/* @picture, @error: (nullable): one of them. */
static void end(Call *call, GBytes *picture, const GError *error)
{
    FdAvatars *avatars = call->avatars;
    const FdPerson *person;

    avatars->calls--;
    g_hash_table_remove(avatars->wanted, &call->id);
    if (error)
        note_failed(avatars, call->address, error);
    else
        show(call, picture);
    if (is_over(avatars))
        return;
    person = fd_people_get(avatars->account->state->people, call->id);
    /* It was changed meanwhile, and that was not asked for. */
    if (person && g_strcmp0(person->avatar, call->address) != 0)
        fd_avatars_want(avatars, person);
    work_soon(avatars);
}

static gboolean check(const NetResponse *response, GError **error)
{
    gsize length;
    gconstpointer data = g_bytes_get_data(response->body, &length);

    if (response->status < 200 || response->status > 299) {
        g_propagate_error(error, net_error_from_status(response->status, NULL));
        return FALSE;
    }
    if (!face_picture_is_fit(data, length)) {
        g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL, "not a PNG, JPEG or GIF of a size for a buddy");
        return FALSE;
    }
    return TRUE;
}

static void on_picture(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Call) call = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(NetResponse) response = net_session_send_finish(result, &error);

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (response && response->location && call->redirects < MAX_REDIRECTS) {
        call->redirects++;
        if (ask(call, response->location, &error)) {
            g_steal_pointer(&call);
            return;
        }
    } else if (response) {
        check(response, &error);
    }
    end(call, error ? NULL : response->body, error);
}

/* ----------------------------------------------------------------------------------------------------- one by one */

static void begin(FdAvatars *avatars, gint64 id)
{
    const FdPerson *person = fd_people_get(avatars->account->state->people, id);
    g_autoptr(Call) call = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *url = NULL;

    if (!is_missing(avatars, person)) {
        g_hash_table_remove(avatars->wanted, &id);
        return;
    }
    call = g_new0(Call, 1);
    call->avatars = avatars;
    call->id = id;
    call->address = g_strdup(person->avatar);
    avatars->calls++;
    url = sized(call->address);
    if (ask(call, url, &error))
        g_steal_pointer(&call);
    else
        end(call, NULL, error);
}

static gboolean on_work(gpointer user_data)
{
    FdAvatars *avatars = user_data;

    while (avatars->calls < FD_AVATARS_MAX_CALLS && !g_queue_is_empty(&avatars->queue) && !is_over(avatars))
        begin(avatars, *(gint64 *)g_queue_pop_head(&avatars->queue));
    avatars->work_id = 0;
    return G_SOURCE_REMOVE;
}

/* After all that is shown first. */
static void work_soon(FdAvatars *avatars)
{
    if (!avatars->work_id && !g_queue_is_empty(&avatars->queue))
        avatars->work_id = g_idle_add_full(G_PRIORITY_LOW, on_work, avatars, NULL);
}

void fd_avatars_want(FdAvatars *avatars, const FdPerson *person)
{
    PurpleBuddy *buddy = is_over(avatars) || !fd_show_host_has_pictures() ? NULL : find_buddy(avatars, person);
    const char *had = buddy ? purple_buddy_icons_get_checksum_for_user(buddy) : NULL;
    gint64 *id;

    if (!buddy)
        return;
    if (!has_avatar(person)) {
        /* One without is not ours. */
        if (had && *had)
            purple_buddy_icons_set_for_user(avatars->account->account, purple_buddy_get_name(buddy), NULL, 0, NULL);
        return;
    }
    if (!is_missing(avatars, person) || g_hash_table_contains(avatars->wanted, &person->id))
        return;
    id = g_new(gint64, 1);
    *id = person->id;
    g_hash_table_add(avatars->wanted, id);
    g_queue_push_tail(&avatars->queue, id);
    work_soon(avatars);
}

FdAvatars *fd_avatars_new(FdAccount *account)
{
    FdAvatars *avatars = g_new0(FdAvatars, 1);

    avatars->account = account;
    g_queue_init(&avatars->queue);
    avatars->wanted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    avatars->failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return avatars;
}

void fd_avatars_stop(FdAvatars *avatars)
{
    g_clear_handle_id(&avatars->work_id, g_source_remove);
}

void fd_avatars_free(FdAvatars *avatars)
{
    if (!avatars)
        return;
    fd_avatars_stop(avatars);
    g_queue_clear(&avatars->queue);
    g_hash_table_unref(avatars->wanted);
    g_hash_table_unref(avatars->failed);
    g_free(avatars);
}
