/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scenario of the demo: visitors come and go. */
#include "envoy-side-play.h"

#include <string.h>

/* Nobody waits in the hall for ever. */
#define MOST_INSIDE 3

typedef struct EnvoySidePlay {
    EnvoySide *side;
    guint timer;
    guint visits;    /* still to come */
    guint step;      /* how many were made */
    char *invite_id; /* (nullable): who comes next is expected */
    GQueue inside;   /* of char *: ids of entries, the first to leave first */
} EnvoySidePlay;

static const char *const names[] = {
    "Jane Visitor", "Sam Candidate", "Nora Guest", "Parcel Service", "Otto Guest",
    "Rosa Example", "Ivan Sample",   "Mia Tester", "Kim Caller",     "Luis Vendor",
};

static void play_free(EnvoySidePlay *play)
{
    g_clear_handle_id(&play->timer, g_source_remove);
    g_queue_clear_full(&play->inside, g_free);
    g_free(play->invite_id);
    g_free(play);
}

/* The flows take turns. (nullable) */
static const char *next_flow(EnvoySidePlay *play)
{
    GPtrArray *flows = play->side->tables[ENVOY_SERVER_FLOWS].things;

    for (guint i = 0; i < flows->len; i++) {
        JsonObject *flow = flows->pdata[(play->visits + i) % flows->len];

        if (fake_json_flag(flow, "enabled", FALSE) && g_strcmp0(fake_json_string(flow, "type"), "VISITOR") == 0)
            return fake_json_string(flow, "id");
    }
    return NULL;
}

static JsonObject *somebody(EnvoySidePlay *play)
{
    const char *name = names[play->visits % G_N_ELEMENTS(names)];
    g_autofree char *first = g_ascii_strdown(name, (gssize)strcspn(name, " "));
    g_autofree char *email = g_strconcat(first, "@example.com", NULL);
    JsonObject *person = json_object_new();

    json_object_set_string_member(person, "name", name);
    json_object_set_string_member(person, "email", email);
    return person;
}

static void expect(EnvoySidePlay *play)
{
    g_autoptr(JsonObject) invite = json_object_new();
    JsonObject *made;

    fake_json_set_text(invite, "flowId", next_flow(play));
    json_object_set_object_member(invite, "invitee", somebody(play));
    json_object_set_string_member(invite, "expectedArrivalAt", "+5m");
    made = envoy_side_put(play->side, ENVOY_SERVER_INVITES, invite);
    play->invite_id = g_strdup(fake_json_string(made, "id"));
}

/* Whoever was expected, else somebody off the street. */
static void arrive(EnvoySidePlay *play)
{
    JsonObject *invite = envoy_side_get(play->side, ENVOY_SERVER_INVITES, play->invite_id);
    g_autoptr(JsonObject) entry = json_object_new();
    g_autoptr(JsonObject) person = invite ? json_object_ref(fake_json_object(invite, "invitee")) : somebody(play);
    JsonObject *made;

    fake_json_set_text(entry, "flowId", invite ? fake_json_string(invite, "flowId") : next_flow(play));
    fake_json_set_text(entry, "fullName", fake_json_string(person, "name"));
    fake_json_set_text(entry, "email", fake_json_string(person, "email"));
    made = envoy_side_put(play->side, ENVOY_SERVER_ENTRIES, entry);
    g_queue_push_tail(&play->inside, g_strdup(fake_json_string(made, "id")));
    if (invite)
        envoy_side_remove(play->side, ENVOY_SERVER_INVITES, play->invite_id);
    g_clear_pointer(&play->invite_id, g_free);
    play->visits--;
}

static void leave(EnvoySidePlay *play)
{
    g_autofree char *id = g_queue_pop_head(&play->inside);
    g_autoptr(JsonObject) entry = json_object_new();

    if (!id || !envoy_side_get(play->side, ENVOY_SERVER_ENTRIES, id))
        return;
    json_object_set_string_member(entry, "id", id);
    json_object_set_string_member(entry, "signedOutAt", "-0s");
    envoy_side_put(play->side, ENVOY_SERVER_ENTRIES, entry);
}

/* By turns: one is expected, comes, another one comes, one goes. At the end all go. */
static gboolean on_step(gpointer data)
{
    EnvoySidePlay *play = data;
    guint step = play->step++ % 4;

    if (!play->visits && g_queue_is_empty(&play->inside)) {
        play->side->play = NULL;
        play->timer = 0;
        play_free(play);
        return G_SOURCE_REMOVE;
    }
    if (!play->visits || step == 3 || (step != 0 && play->inside.length >= MOST_INSIDE))
        leave(play);
    else if (step == 0)
        expect(play);
    else
        arrive(play);
    return G_SOURCE_CONTINUE;
}

void envoy_side_play(EnvoySide *side, guint visits, guint every_ms)
{
    g_clear_pointer(&side->play, play_free);
    if (!visits)
        return;
    side->play = g_new0(EnvoySidePlay, 1);
    side->play->side = side;
    side->play->visits = visits;
    g_queue_init(&side->play->inside);
    side->play->timer = g_timeout_add(every_ms, on_step, side->play);
}
