/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Things that go wrong on request, and the requests that are kept waiting. */
#include "fake-faults.h"

#include <string.h>

#include "envoy-side-routes.h"
#include "fake-log.h"
#include "fake-routes.h"
#include "fake-wire.h"

#define DEFAULT_DELAY_MS 50
#define GARBAGE "<html><body>\x01 502 Bad Gateway"

typedef struct {
    FakeFault fault; /* its strings are owned */
} Fault;

/* A call that waits, or whose answer trickles. */
typedef struct {
    FakeCall *call;
    FakeWatch *watch;
    guint timer;
    gsize sent; /* bytes of the body */
} Held;

struct FakeFaults {
    GPtrArray *faults; /* of Fault */
    GPtrArray *held;   /* of Held */
};

static void fault_free(gpointer data)
{
    Fault *fault = data;

    g_free((char *)fault->fault.method);
    g_free((char *)fault->fault.path);
    g_free((char *)fault->fault.body);
    g_free((char *)fault->fault.content_type);
    g_free((char *)fault->fault.retry_after);
    g_free((char *)fault->fault.location);
    g_free(fault);
}

static void held_free(gpointer data)
{
    Held *held = data;

    g_clear_handle_id(&held->timer, g_source_remove);
    fake_watch_free(held->watch);
    if (held->call)
        fake_call_free(held->call);
    g_free(held);
}

FakeFaults *fake_faults_new(void)
{
    FakeFaults *faults = g_new0(FakeFaults, 1);

    faults->faults = g_ptr_array_new_with_free_func(fault_free);
    faults->held = g_ptr_array_new_with_free_func(held_free);
    return faults;
}

void fake_faults_stop(FakeServer *server)
{
    g_ptr_array_set_size(server->faults->held, 0);
}

void fake_faults_free(FakeServer *server)
{
    g_ptr_array_unref(server->faults->held);
    g_ptr_array_unref(server->faults->faults);
    g_free(server->faults);
}

void fake_server_fault(FakeServer *server, const FakeFault *fault)
{
    Fault *copy = g_new0(Fault, 1);

    copy->fault = *fault;
    copy->fault.method = g_strdup(fault->method);
    copy->fault.path = g_strdup(fault->path);
    copy->fault.body = g_strdup(fault->body);
    copy->fault.content_type = g_strdup(fault->content_type);
    copy->fault.retry_after = g_strdup(fault->retry_after);
    copy->fault.location = g_strdup(fault->location);
    if (copy->fault.count == 0)
        copy->fault.count = 1;
    g_ptr_array_add(server->faults->faults, copy);
}

void fake_server_clear_faults(FakeServer *server)
{
    g_ptr_array_set_size(server->faults->faults, 0);
    for (guint i = 0; i < server->faults->held->len; i++)
        fake_wire_cut(((Held *)server->faults->held->pdata[i])->call->message);
    g_ptr_array_set_size(server->faults->held, 0);
}

guint fake_server_stalled(FakeServer *server)
{
    guint count = 0;

    for (guint i = 0; i < server->faults->held->len; i++)
        count += ((Held *)server->faults->held->pdata[i])->call->log->status == 0;
    return count;
}

static gboolean fits(const FakeFault *fault, FakeCall *call)
{
    return (fault->origin == FAKE_ORIGIN_ANY || fault->origin == call->origin) &&
           (!fault->method || g_str_equal(fault->method, call->log->method)) &&
           fake_log_path_matches(fault->path, call->log->path);
}

/* The fault for this call, counted down. (transfer full) (nullable) */
static Fault *take(FakeCall *call)
{
    GPtrArray *faults = call->server->faults->faults;

    for (guint i = 0; i < faults->len; i++) {
        Fault *fault = faults->pdata[i], *copy;

        if (!fits(&fault->fault, call))
            continue;
        if (fault->fault.skip > 0) {
            fault->fault.skip--;
            continue;
        }
        copy = g_new0(Fault, 1);
        copy->fault = fault->fault;
        copy->fault.method = copy->fault.path = NULL;
        copy->fault.body = g_strdup(fault->fault.body);
        copy->fault.content_type = g_strdup(fault->fault.content_type);
        copy->fault.retry_after = g_strdup(fault->fault.retry_after);
        copy->fault.location = g_strdup(fault->fault.location);
        if (fault->fault.count > 0 && --fault->fault.count == 0)
            g_ptr_array_remove_index(faults, i);
        return copy;
    }
    return NULL;
}

/* ------------------------------------------------------------------------------------------------------- waiting */

static void on_gone(gpointer data)
{
    Held *held = data;

    held->watch = NULL;
    g_ptr_array_remove(held->call->server->faults->held, held);
}

/* Takes the call over. */
static Held *hold(FakeCall *call)
{
    Held *held = g_new0(Held, 1);

    held->call = call;
    held->watch = fake_watch_new(call->message, on_gone, held);
    soup_server_message_pause(call->message);
    g_ptr_array_add(call->server->faults->held, held);
    return held;
}

static void finish(FakeCall *call)
{
    if (call->status)
        fake_call_send(call);
    fake_call_free(call);
}

static void run_route(FakeCall *call)
{
    if (call->origin == FAKE_ORIGIN_ENVOY)
        envoy_side_run(call);
    else
        fake_routes_run(call);
}

static gboolean on_delay(gpointer data)
{
    Held *held = data;
    FakeServer *server = held->call->server;
    FakeCall *call = g_steal_pointer(&held->call);

    held->timer = 0;
    g_clear_pointer(&held->watch, fake_watch_free);
    g_ptr_array_remove(server->faults->held, held);
    run_route(call);
    soup_server_message_unpause(call->message);
    finish(call);
    return G_SOURCE_REMOVE;
}

static gboolean on_trickle(gpointer data)
{
    Held *held = data;
    SoupMessageBody *body = soup_server_message_get_response_body(held->call->message);
    gsize length;
    const guint8 *bytes = g_bytes_get_data(held->call->body, &length);

    soup_message_body_append(body, SOUP_MEMORY_COPY, bytes + held->sent, 1);
    held->sent++;
    soup_server_message_unpause(held->call->message);
    if (held->sent < length)
        return G_SOURCE_CONTINUE;
    held->timer = 0;
    return G_SOURCE_REMOVE;
}

static void trickle(FakeCall *call, guint every_ms)
{
    Held *held;

    if (!call->status || !call->body || g_bytes_get_size(call->body) == 0) {
        finish(call);
        return;
    }
    fake_call_send_head(call);
    held = hold(call);
    held->timer = g_timeout_add(every_ms, on_trickle, held);
    soup_server_message_unpause(call->message);
}

/* ------------------------------------------------------------------------------------------------------ going wrong */

static void on_wrote_half(SoupServerMessage *message, gpointer data)
{
    (void)data;
    fake_wire_cut(message);
}

static void truncate_answer(FakeCall *call)
{
    gsize length = call->body ? g_bytes_get_size(call->body) : 0;

    if (!call->status || length == 0) {
        fake_wire_cut(call->message);
    } else {
        fake_call_send_head(call);
        g_signal_connect(call->message, "wrote-chunk", G_CALLBACK(on_wrote_half), NULL);
        soup_message_body_append(soup_server_message_get_response_body(call->message), SOUP_MEMORY_COPY,
                                 g_bytes_get_data(call->body, NULL), MAX(length / 2, 1));
    }
    fake_call_free(call);
}

static void answer_status(FakeCall *call, const FakeFault *fault)
{
    fake_call_text(call, fault->status ? fault->status : SOUP_STATUS_INTERNAL_SERVER_ERROR,
                   fault->content_type ? fault->content_type : "application/json; charset=utf-8",
                   g_strdup(fault->body ? fault->body : ""));
    if (fault->retry_after)
        fake_call_header(call, "Retry-After", fault->retry_after);
    if (fault->location)
        fake_call_header(call, "Location", fault->location);
    finish(call);
}

/* For the kinds where the request takes effect. */
static void spoil_answer(FakeCall *call, const FakeFault *fault)
{
    guint delay_ms = fault->delay_ms ? fault->delay_ms : DEFAULT_DELAY_MS;

    run_route(call);
    switch (fault->kind) {
    case FAKE_FAULT_CUT_AFTER:
        fake_wire_cut(call->message);
        fake_call_free(call);
        return;
    case FAKE_FAULT_GARBAGE:
        fake_call_text(call, SOUP_STATUS_OK, fault->content_type ? fault->content_type : "application/json",
                       g_strdup(fault->body ? fault->body : GARBAGE));
        break;
    case FAKE_FAULT_EMPTY:
        fake_call_text(call, SOUP_STATUS_OK, "application/json", g_strdup(""));
        break;
    case FAKE_FAULT_ACCEPTED:
        fake_call_empty_object(call, SOUP_STATUS_ACCEPTED);
        break;
    case FAKE_FAULT_CREATED:
        call->status = SOUP_STATUS_CREATED;
        break;
    case FAKE_FAULT_SLOW:
        trickle(call, delay_ms);
        return;
    case FAKE_FAULT_TRUNCATE:
        truncate_answer(call);
        return;
    default:
        break;
    }
    finish(call);
}

static void go_wrong(FakeCall *call, const FakeFault *fault)
{
    Held *held;

    switch (fault->kind) {
    case FAKE_FAULT_STATUS:
        answer_status(call, fault);
        break;
    case FAKE_FAULT_CUT_BEFORE:
        fake_wire_cut(call->message);
        fake_call_free(call);
        break;
    case FAKE_FAULT_STALL:
        hold(call);
        break;
    case FAKE_FAULT_DELAY:
        held = hold(call);
        held->timer = g_timeout_add(fault->delay_ms ? fault->delay_ms : DEFAULT_DELAY_MS, on_delay, held);
        break;
    default:
        spoil_answer(call, fault);
        break;
    }
}

void fake_faults_run(FakeCall *call)
{
    Fault *fault = g_str_has_prefix(call->path, "/_test/") ? NULL : take(call);

    if (fault) {
        go_wrong(call, &fault->fault);
        fault_free(fault);
        return;
    }
    run_route(call);
    finish(call);
}

int fake_fault_kind(const char *name)
{
    static const char *const names[] = { "status", "delay", "cut-before", "cut-after", "garbage", "stall",
                                         "slow",   "empty", "accepted",   "created",   "truncate" };

    for (int i = 0; i < (int)G_N_ELEMENTS(names); i++) {
        if (g_strcmp0(names[i], name) == 0)
            return i;
    }
    return -1;
}
