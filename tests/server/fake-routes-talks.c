/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads and private conversations. Sheet: 3.8, 3.10. */
#include "fake-encode.h"
#include "fake-post.h"
#include "fake-routes.h"
#include "fake-text.h"

#define THREADS_A_PAGE 30

/* chat, inbox or an application's id */
static gboolean is_of_application(const FakeThread *thread, const char *application)
{
    g_autofree char *id = thread->source ? g_strdup_printf("%" G_GINT64_FORMAT, thread->source->app->id) : NULL;

    if (!application)
        return TRUE;
    if (g_str_equal(application, "chat"))
        return !thread->source;
    return thread->source && (g_str_equal(application, "inbox") || g_str_equal(application, id));
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    const FakeThread *one = *(FakeThread *const *)a, *other = *(FakeThread *const *)b;

    return one->updated_ms < other->updated_ms ? 1 : -1;
}

/* The threads asked for, the lately changed ones first. A chat thread is empty while nobody has replied. */
static GPtrArray *choose(FakeCall *call)
{
    GPtrArray *chosen = g_ptr_array_new();
    gint64 until = fake_text_parse_iso(fake_json_string(call->params, "until"));
    gint64 since = fake_text_parse_iso(fake_json_string(call->params, "since"));
    const char *application = fake_json_string(call->params, "application");
    gboolean empty_too = fake_json_flag(call->params, "empty", FALSE);

    for (guint i = 0; i < call->talk->threads->len; i++) {
        FakeThread *thread = call->talk->threads->pdata[i];
        gboolean is_empty = thread->activities + thread->external_comments + thread->internal_comments < 2;

        if ((until < 0 || thread->updated_ms < until) && (since < 0 || thread->updated_ms > since) &&
            is_of_application(thread, application) && (empty_too || thread->source || !is_empty))
            g_ptr_array_add(chosen, thread);
    }
    g_ptr_array_sort(chosen, newest_first);
    return chosen;
}

/* The same address with `until`, which is exclusive. */
static void link_next(FakeCall *call, const FakeThread *last)
{
    g_autofree char *until = fake_text_iso(last->updated_ms);
    const char *application = fake_json_string(call->params, "application");
    g_autofree char *escaped = application ? g_uri_escape_string(application, NULL, FALSE) : NULL;
    g_autofree char *link =
        g_strdup_printf("<%s/flows/%s/%s/threads?until=%s%s%s%s>; rel=\"next\"", call->server->api_url, call->org->slug,
                        call->flow->slug, until, escaped ? "&application=" : "", escaped ? escaped : "",
                        fake_json_flag(call->params, "empty", FALSE) ? "&empty=1" : "");

    fake_call_header(call, "Link", link);
}

void fake_get_threads(FakeCall *call)
{
    g_autoptr(GPtrArray) threads = choose(call);
    JsonArray *list = json_array_new();
    gint64 page = MAX(1, fake_json_int(call->params, "limit", THREADS_A_PAGE));

    for (guint i = 0; i < threads->len; i++) {
        if (i == page) {
            link_next(call, threads->pdata[i - 1]);
            break;
        }
        json_array_add_object_element(list, fake_encode_thread(call->server, call->talk, threads->pdata[i]));
    }
    fake_call_array(call, list);
}

void fake_get_thread(FakeCall *call)
{
    FakeThread *thread = fake_talk_thread(call->talk, call->args[0]);

    if (thread)
        fake_call_object(call, SOUP_STATUS_OK, fake_encode_thread(call->server, call->talk, thread));
    else
        fake_call_refuse(call, SOUP_STATUS_NOT_FOUND, "not found");
}

void fake_get_privates(FakeCall *call)
{
    JsonArray *list = json_array_new();

    for (guint i = 0; i < call->server->privates->len; i++) {
        FakeTalk *talk = call->server->privates->pdata[i];

        if (talk->pair[0] == call->user || talk->pair[1] == call->user)
            json_array_add_object_element(list, fake_encode_private(call->server, talk, call->user));
    }
    fake_call_array(call, list);
}

void fake_get_private(FakeCall *call)
{
    fake_call_object(call, SOUP_STATUS_OK, fake_encode_private(call->server, call->talk, call->user));
}

void fake_put_private(FakeCall *call)
{
    gboolean *open = fake_talk_open(call->talk, call->user);

    *open = fake_json_flag(call->params, "open", *open);
    fake_get_private(call);
}
