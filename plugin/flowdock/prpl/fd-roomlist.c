/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of flows: asked for anew, then handed to the host a few at a time. */
#include "fd-roomlist.h"

#include "fd-chats.h"
#include "fd-show.h"

#include "flowdock/api/fd-api-flows.h"
#include "text/text-escape.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* A graphical host draws each room: not longer at once than nobody notices. */
#define SLICE_US 5000
/* On the account's cancellable, which is cancelled at sign-off: the listing that is under way. */
#define LISTING_KEY "flowdock-listing"

/* A list that is being filled, as its proto_data; in any call to the host it may come to its end. */
typedef struct {
    FdAccount *account;
    PurpleRoomlist *list; /* with a reference */
    guint serial;         /* of the memory, when it was asked */
    GCancellable *asking; /* for the flows */
    gulong sign_off_id;
    GPtrArray *rooms; /* (nullable) (element-type FdRoom): by path */
    guint next;       /* of these */
    guint fill_id;
} Listing;

static Listing *listing_of(FdAccount *account)
{
    return g_object_get_data(G_OBJECT(account->cancellable), LISTING_KEY);
}

static void end(Listing *listing)
{
    PurpleRoomlist *list = listing->list;
    GObject *holder = G_OBJECT(listing->account->cancellable);

    list->proto_data = NULL;
    g_object_set_data(holder, LISTING_KEY, NULL);
    g_signal_handler_disconnect(holder, listing->sign_off_id);
    g_cancellable_cancel(listing->asking);
    g_object_unref(listing->asking);
    g_clear_handle_id(&listing->fill_id, g_source_remove);
    g_clear_pointer(&listing->rooms, g_ptr_array_unref);
    g_free(listing);
    purple_roomlist_set_in_progress(list, FALSE);
    purple_roomlist_unref(list);
}

/* Hosts look the connection up once more when a list ends: later it is gone. */
static void on_sign_off(GCancellable *cancellable, gpointer user_data)
{
    (void)cancellable;
    end(user_data);
}

/* ------------------------------------------------------------------------------------------------------------ rooms */

static GList *add_field(GList *fields, PurpleRoomlistFieldType type, const char *label, const char *name)
{
    return g_list_append(fields, purple_roomlist_field_new(type, label, name, !*label));
}

/* The names of fields become components of the chat that is joined; bitlbee shows one called so as the topic. */
static GList *fields(void)
{
    GList *fields = NULL;

    fields = add_field(fields, PURPLE_ROOMLIST_FIELD_STRING, "", "flow");
    fields = add_field(fields, PURPLE_ROOMLIST_FIELD_STRING, "", "topic");
    fields = add_field(fields, PURPLE_ROOMLIST_FIELD_STRING, _("Flow name"), "flow_name");
    fields = add_field(fields, PURPLE_ROOMLIST_FIELD_STRING, _("Organization"), "organization");
    fields = add_field(fields, PURPLE_ROOMLIST_FIELD_STRING, _("State"), "state");
    fields = add_field(fields, PURPLE_ROOMLIST_FIELD_INT, _("People"), "people");
    return add_field(fields, PURPLE_ROOMLIST_FIELD_STRING, _("Access"), "access");
}

static const char *state_of(const FdFlow *flow)
{
    /* Translators: of a flow in the list of all. */
    return !flow->joined ? C_("flow", "not joined") : flow->open ? C_("flow", "open") : C_("flow", "joined");
}

/* (transfer full) */
static char *access_of(const FdFlow *flow)
{
    static const struct {
        const char *mode, *words;
    } modes[] = {
        /* Translators: who can join a flow. */
        { "invitation", N_("by invitation") },
        { "link", N_("whoever has the link") },
        { "organization", N_("everyone in the organization") },
    };

    for (gsize i = 0; flow->access_mode && i < G_N_ELEMENTS(modes); i++)
        if (strcmp(flow->access_mode, modes[i].mode) == 0)
            return g_strdup(_(modes[i].words));
    return text_clean_line(flow->access_mode);
}

static int count_people(const FdFlow *flow)
{
    guint count = 0;

    for (guint i = 0; flow->users && i < flow->users->len; i++) {
        const FdUser *user = flow->users->pdata[i];

        count += !user->disabled && user->in_flow ? 1 : 0;
    }
    return (int)MIN(count, G_MAXINT);
}

/* Hosts take all texts as plain. */
static void add_room(PurpleRoomlist *list, const FdRoom *room)
{
    const FdFlow *flow = room->flow;
    PurpleRoomlistRoom *row = purple_roomlist_room_new(PURPLE_ROOMLIST_ROOMTYPE_ROOM, flow->path, NULL);
    g_autofree char *title = fd_chats_title(room);
    g_autofree char *name = text_clean_line(flow->name);
    g_autofree char *org = text_clean_line(flow->org_name);
    g_autofree char *access = access_of(flow);

    /* In the order of the fields. */
    purple_roomlist_room_add_field(list, row, flow->path);
    purple_roomlist_room_add_field(list, row, title);
    purple_roomlist_room_add_field(list, row, name);
    purple_roomlist_room_add_field(list, row, org);
    purple_roomlist_room_add_field(list, row, state_of(flow));
    purple_roomlist_room_add_field(list, row, GINT_TO_POINTER(count_people(flow)));
    purple_roomlist_room_add_field(list, row, access);
    purple_roomlist_room_add(list, row);
}

static gboolean on_fill(gpointer user_data)
{
    Listing *listing = user_data;
    PurpleRoomlist *list = listing->list;
    gint64 until = g_get_monotonic_time() + SLICE_US;
    gboolean goes_on = TRUE;

    purple_roomlist_ref(list);
    while (goes_on && g_get_monotonic_time() < until) {
        const FdRoom *room = listing->next < listing->rooms->len ? listing->rooms->pdata[listing->next++] : NULL;

        if (!room)
            end(listing);
        else if (!room->flow->archived)
            add_room(list, room);
        goes_on = list->proto_data == listing;
    }
    purple_roomlist_unref(list);
    return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
    const FdRoom *left = *(FdRoom *const *)a, *right = *(FdRoom *const *)b;

    return strcmp(left->flow->path, right->flow->path);
}

/* (transfer full): the ids of @flows. */
static char **ids_of(const GPtrArray *flows)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < flows->len; i++)
        g_strv_builder_add(builder, ((const FdFlow *)flows->pdata[i])->id);
    return g_strv_builder_end(builder);
}

/* The memory knows more rooms: flows that are not there any more. */
static GPtrArray *rooms_of(FdAccount *account, char *const *ids)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GPtrArray *rooms = g_ptr_array_new();

    for (; *ids; ids++) {
        FdRoom *room = fd_rooms_by_flow_id(account->state->rooms, *ids);

        if (room && g_hash_table_add(seen, room))
            g_ptr_array_add(rooms, room);
    }
    g_ptr_array_sort(rooms, compare_paths);
    return rooms;
}

static void refuse(Listing *listing, const GError *error)
{
    FdAccount *account = listing->account;
    g_autofree char *why = face_error_text(fd_account_errors, error);

    end(listing);
    fd_show_problem(account, _("The list of flows could not be read."), why);
}

static void on_flows(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) flows = fd_api_flows_all_finish(result, &error);
    g_auto(GStrv) ids = NULL;
    Listing *listing = user_data;
    PurpleRoomlist *list;

    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!flows) {
        refuse(listing, error);
        return;
    }
    list = listing->list;
    ids = ids_of(flows);
    purple_roomlist_ref(list);
    fd_chats_flows_reread(listing->account, flows, listing->serial);
    if (list->proto_data == listing) {
        listing->rooms = rooms_of(listing->account, ids);
        listing->fill_id = g_idle_add(on_fill, listing);
    }
    purple_roomlist_unref(list);
}

/* --------------------------------------------------------------------------------------------------------- the host */

static void start(FdAccount *account, PurpleRoomlist *list)
{
    Listing *listing = g_new0(Listing, 1);

    listing->account = account;
    listing->list = list;
    listing->asking = g_cancellable_new();
    listing->serial = account->state->serial;
    listing->sign_off_id = g_signal_connect(account->cancellable, "cancelled", G_CALLBACK(on_sign_off), listing);
    list->proto_data = listing;
    g_object_set_data(G_OBJECT(account->cancellable), LISTING_KEY, listing);
    fd_api_flows_all_async(account->api, listing->asking, on_flows, listing);
}

PurpleRoomlist *fd_roomlist_get(PurpleConnection *gc)
{
    FdAccount *account = fd_account_of(gc);
    PurpleRoomlist *list;

    if (account && account->poster)
        fd_show_problem(account, _("There is no list of flows."),
                        _("With the token of a source there is only the room of the source."));
    if (!fd_account_ready(gc))
        return NULL;
    if (listing_of(account))
        end(listing_of(account));
    list = purple_roomlist_new(account->account);
    purple_roomlist_set_fields(list, fields());
    purple_roomlist_set_in_progress(list, TRUE);
    if (fd_account_ready(gc)) {
        start(account, list);
        return list;
    }
    purple_roomlist_set_in_progress(list, FALSE);
    purple_roomlist_unref(list);
    return NULL;
}

void fd_roomlist_cancel(PurpleRoomlist *list)
{
    if (list->proto_data)
        end(list->proto_data);
}

char *fd_roomlist_serialize(PurpleRoomlistRoom *room)
{
    return g_strdup(purple_roomlist_room_get_name(room));
}
