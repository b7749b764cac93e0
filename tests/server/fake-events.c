/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens, who is to know, and the memory of it for those who were away. */
#include "fake-events.h"

#include "fake-encode.h"
#include "fake-stream.h"
#include "fake-text.h"

#define DEFAULT_KEPT 500

struct FakeEvents {
    GQueue history; /* of FakeEvent */
    guint64 last;
    guint keep;
};

static void event_free(gpointer data)
{
    FakeEvent *event = data;

    g_free(event->json);
    g_free(event);
}

FakeEvents *fake_events_new(void)
{
    FakeEvents *events = g_new0(FakeEvents, 1);

    g_queue_init(&events->history);
    events->keep = DEFAULT_KEPT;
    return events;
}

void fake_events_free(FakeEvents *events)
{
    g_queue_clear_full(&events->history, event_free);
    g_free(events);
}

FakeTarget fake_target_talk(FakeTalk *talk)
{
    if (talk->flow)
        return (FakeTarget){ .to = FAKE_TO_FLOW, .flow = talk->flow };
    return (FakeTarget){ .to = FAKE_TO_PAIR, .user = talk->pair[0], .other = talk->pair[1] };
}

static void trim(FakeEvents *events)
{
    while (events->history.length > events->keep)
        event_free(g_queue_pop_head(&events->history));
}

void fake_events_publish_text(FakeServer *server, FakeTarget target, const char *json, gboolean kept)
{
    FakeEvent *event = g_new0(FakeEvent, 1);

    event->target = target;
    event->json = g_strdup(json);
    if (kept)
        event->number = ++server->events->last;
    fake_streams_deliver(server, event);
    if (!kept) {
        event_free(event);
        return;
    }
    g_queue_push_tail(&server->events->history, event);
    trim(server->events);
}

void fake_events_publish(FakeServer *server, FakeTarget target, JsonObject *event, gboolean kept)
{
    g_autofree char *json = fake_json_print_object(event);

    fake_events_publish_text(server, target, json, kept);
    json_object_unref(event);
}

void fake_events_publish_change(FakeServer *server, FakeTalk *talk, const char *name, FakeUser *user, JsonNode *content)
{
    JsonObject *event = fake_encode_envelope(talk, name, user);

    json_object_set_member(event, "content", content);
    fake_events_publish(server, fake_target_talk(talk), event, TRUE);
}

void fake_events_replay(FakeServer *server, guint64 number, void (*each)(const FakeEvent *event, gpointer data),
                        gpointer data)
{
    for (GList *link = server->events->history.head; link; link = link->next) {
        const FakeEvent *event = link->data;

        if (event->number > number)
            each(event, data);
    }
}

void fake_server_streams_forget(FakeServer *server)
{
    g_queue_clear_full(&server->events->history, event_free);
}

void fake_server_streams_keep(FakeServer *server, guint events)
{
    server->events->keep = events;
    trim(server->events);
}
