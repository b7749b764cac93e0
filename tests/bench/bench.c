/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stopwatch around the main loop, a host that draws nothing, and the server as a child. */
#include "bench.h"

#include "../integration/host-ops.h"
#include "../integration/host.h"

#include <libsoup/soup.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define HITCH_US 20000   /* counted, and reported with BENCH_PROFILE */
#define BUSY_US 150      /* of the processor; shorter iterations, as of idle timers, do not keep a phase alive */
#define QUIET_US 2000000 /* so long nothing happens when a phase is over */
#define SAVE_US 6000000  /* libpurple writes its files 5 s after the first change */
#define TICK_MS 100

typedef struct {
    const char *name;
    gint64 longest_us, longest_cpu_us;
    guint hitches, freezes; /* iterations beyond HITCH_US and BENCH_GOAL_MS */
    gint64 wall_us;
    gboolean gave_up;
} Phase;

BenchSeen bench_seen;

static GPtrArray *phases; /* of Phase */
static Phase *phase;      /* (nullable): the present one */
static gint64 phase_us;   /* when it began or went on */
static GPtrArray *notes;
static const char *bench_title;
static gboolean profiles;
static gint64 sign_on_us, woke_us, woke_cpu_us, last_busy_us;
static char *api_url, *stream_url;
static GPid server;
static SoupSession *session;
static guint calls; /* not answered yet */

static double ms(gint64 us)
{
    return (double)us / 1000;
}

static double s(gint64 us)
{
    return (double)us / G_USEC_PER_SEC;
}

/* --------------------------------------------------------------------------------------------------- the stopwatch */

/* What this thread worked: on a busy machine the wall clock also shows the work of others. */
static gint64 cpu_time_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void measure(gint64 now_us)
{
    gint64 took_us = now_us - woke_us, cpu_us = cpu_time_us() - woke_cpu_us;

    if (!phase || !woke_us)
        return;
    if (cpu_us > BUSY_US)
        last_busy_us = now_us;
    phase->longest_us = MAX(phase->longest_us, took_us);
    phase->longest_cpu_us = MAX(phase->longest_cpu_us, cpu_us);
    phase->hitches += took_us > HITCH_US;
    phase->freezes += took_us > BENCH_GOAL_MS * 1000;
    if (profiles && took_us > HITCH_US)
        printf("  %-10s at %8.3f s: %7.1f ms, of the processor %7.1f ms; rooms %u, members %u, lines %u, buddies %u\n",
               phase->name, s(woke_us - sign_on_us), ms(took_us), ms(cpu_us), bench_seen.rooms, bench_seen.members,
               bench_seen.lines, bench_seen.buddies);
}

static gint on_poll(GPollFD *fds, guint count, gint timeout)
{
    gint ready;

    measure(g_get_monotonic_time());
    ready = g_poll(fds, count, timeout);
    woke_us = g_get_monotonic_time();
    woke_cpu_us = cpu_time_us();
    return ready;
}

static void end_phase(void)
{
    if (phase)
        phase->wall_us += last_busy_us - phase_us;
    phase = NULL;
}

void bench_phase(const char *name)
{
    end_phase();
    for (guint i = 0; i < phases->len && !phase; i++) {
        Phase *known = phases->pdata[i];

        phase = g_str_equal(known->name, name) ? known : NULL;
    }
    if (!phase) {
        phase = g_new0(Phase, 1);
        phase->name = name;
        g_ptr_array_add(phases, phase);
    }
    phase_us = last_busy_us = g_get_monotonic_time();
    if (!sign_on_us)
        sign_on_us = phase_us;
}

static gboolean on_tick(gpointer data)
{
    (void)data;
    return G_SOURCE_CONTINUE;
}

void bench_until_quiet(gboolean (*condition)(void), guint seconds)
{
    gint64 give_up_us = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    guint tick = g_timeout_add(TICK_MS, on_tick, NULL);
    gboolean quiet = FALSE, held = FALSE;

    while (!quiet && g_get_monotonic_time() < give_up_us) {
        g_main_context_iteration(NULL, TRUE);
        held = held || !condition || condition();
        quiet = held && calls == 0 && g_get_monotonic_time() - last_busy_us > QUIET_US;
    }
    g_source_remove(tick);
    phase->gave_up |= !quiet;
}

static gboolean has_saved(void)
{
    return g_get_monotonic_time() - phase_us > SAVE_US;
}

void bench_rest(void)
{
    bench_phase("(files)");
    bench_until_quiet(has_saved, 60);
}

void bench_note(gint64 when_us, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(notes, g_strdup_printf("%8.3f s  %s", s(when_us - sign_on_us), text));
    if (profiles)
        printf("  %s\n", (char *)notes->pdata[notes->len - 1]);
    g_free(text);
}

/* ------------------------------------------------------------------------------------------------------- the host */

/* That of the stories writes everything down, which takes time of its own. */
static void write_conv(PurpleConversation *conv, const char *name, const char *alias, const char *message,
                       PurpleMessageFlags flags, time_t when)
{
    (void)conv, (void)name, (void)alias, (void)message, (void)flags, (void)when;
    bench_seen.lines++;
}

static void create_conversation(PurpleConversation *conv)
{
    if (purple_conversation_get_type(conv) != PURPLE_CONV_TYPE_CHAT)
        return;
    bench_seen.last_room_us = g_get_monotonic_time();
    if (bench_seen.rooms++ == 0)
        bench_seen.first_room_us = bench_seen.last_room_us;
}

static void chat_add_users(PurpleConversation *conv, GList *users, gboolean new_arrivals)
{
    (void)conv, (void)new_arrivals;
    bench_seen.members += g_list_length(users);
}

static void chat_rename_user(PurpleConversation *conv, const char *old, const char *name, const char *alias)
{
    (void)conv, (void)old, (void)name, (void)alias;
    bench_seen.renames++;
}

static PurpleConversationUiOps conversation_ops = {
    .create_conversation = create_conversation,
    .write_conv = write_conv,
    .chat_add_users = chat_add_users,
    .chat_rename_user = chat_rename_user,
};

static void report_disconnect_reason(PurpleConnection *gc, PurpleConnectionError reason, const char *text)
{
    (void)gc;
    bench_note(g_get_monotonic_time(), "DISCONNECTED (%d): %s", (int)reason, text);
}

static PurpleConnectionUiOps connection_ops = { .report_disconnect_reason = report_disconnect_reason };

static void on_signed_on(PurpleConnection *gc, gpointer data)
{
    (void)gc, (void)data;
    bench_seen.connected = TRUE;
    bench_note(g_get_monotonic_time(), "connected");
}

static void on_buddy_added(PurpleBuddy *buddy, gpointer data)
{
    (void)buddy, (void)data;
    bench_seen.last_buddy_us = g_get_monotonic_time();
    if (bench_seen.buddies++ == 0)
        bench_seen.first_buddy_us = bench_seen.last_buddy_us;
}

static void on_buddy_removed(PurpleBuddy *buddy, gpointer data)
{
    (void)buddy, (void)data;
    bench_seen.buddies--;
}

static void on_buddy_changed(void)
{
    bench_seen.changes++;
}

static PurpleDebugUiOps debug_ops; /* none: nobody reads the log */
static PurpleCoreUiOps core_ops;

static void start_host(void)
{
    static const char *const changes[] = { "buddy-status-changed", "buddy-signed-on",    "buddy-signed-off",
                                           "buddy-idle-changed",   "blist-node-aliased", "buddy-icon-changed" };
    void *blist = purple_blist_get_handle();

    g_autofree char *dir = g_build_filename(g_get_home_dir(), ".purple-bench", NULL);

    host_ops_install(dir);
    purple_debug_set_ui_ops(&debug_ops);
    purple_core_set_ui_ops(&core_ops);
    purple_plugins_add_search_path(g_getenv("FLOWDOCK_PLUGIN_DIR"));
    g_assert_true(purple_core_init("flowdock-bench"));
    purple_set_blist(purple_blist_new());
    purple_conversations_set_ui_ops(&conversation_ops);
    purple_connections_set_ui_ops(&connection_ops);
    purple_signal_connect(purple_connections_get_handle(), "signed-on", &bench_seen, PURPLE_CALLBACK(on_signed_on),
                          NULL);
    purple_signal_connect(blist, "buddy-added", &bench_seen, PURPLE_CALLBACK(on_buddy_added), NULL);
    purple_signal_connect(blist, "buddy-removed", &bench_seen, PURPLE_CALLBACK(on_buddy_removed), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++)
        purple_signal_connect(blist, changes[i], &bench_seen, PURPLE_CALLBACK(on_buddy_changed), NULL);
}

PurpleAccount *bench_account(const char *user, const char *password)
{
    PurpleAccount *account = purple_account_new(user, "prpl-flowdock");

    purple_accounts_add(account);
    purple_account_set_password(account, password);
    purple_account_set_string(account, "client_id", "demo-client");
    purple_account_set_string(account, "client_secret", "demo-secret");
    purple_account_set_string(account, "api_url", api_url);
    purple_account_set_string(account, "stream_url", stream_url);
    return account;
}

/* ----------------------------------------------------------------------------------------------------- the server */

static void end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

/* Blocks until the server has said where it is. */
static void start_server(const char *seed)
{
    g_autofree char *program = g_build_filename(g_getenv("FLOWDOCK_PLUGIN_DIR"), "flowdock-server", NULL);
    g_autofree char *file = g_build_filename(host_user_dir(), "seed.json", NULL);
    char *arguments[] = { program, (char *)"--no-bot", (char *)"--seed", file, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(GIOChannel) output = NULL;
    g_autofree char *line = NULL;
    g_auto(GStrv) words = NULL;
    int fd;

    if (!g_file_set_contents(file, seed, -1, &error) ||
        !g_spawn_async_with_pipes(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, end_with_parent, NULL, &server,
                                  NULL, &fd, NULL, &error))
        g_error("%s", error->message);
    output = g_io_channel_unix_new(fd);
    g_io_channel_set_close_on_unref(output, TRUE);
    if (g_io_channel_read_line(output, &line, NULL, NULL, &error) != G_IO_STATUS_NORMAL)
        g_error("the server does not start");
    words = g_strsplit(g_strstrip(line), " ", -1);
    g_assert_true(g_strv_length(words) >= 2 && g_str_has_prefix(words[0], "api=") &&
                  g_str_has_prefix(words[1], "stream="));
    api_url = g_strdup(words[0] + strlen("api="));
    stream_url = g_strdup(words[1] + strlen("stream="));
}

static void on_control(GObject *source, GAsyncResult *result, gpointer data)
{
    SoupMessage *message = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = soup_session_send_and_read_finish(SOUP_SESSION(source), result, &error);

    if (!body || soup_message_get_status(message) != SOUP_STATUS_OK)
        g_error("%s: %s", g_uri_get_path(soup_message_get_uri(message)),
                error ? error->message : soup_message_get_reason_phrase(message));
    g_object_unref(message);
    calls--;
}

void bench_control(const char *path, const char *json)
{
    g_autofree char *url = g_strconcat(api_url, "/_test/", path, NULL);
    g_autoptr(GBytes) body = g_bytes_new(json, strlen(json));
    SoupMessage *message = soup_message_new("POST", url);

    soup_message_set_request_body_from_bytes(message, "application/json", body);
    calls++;
    soup_session_send_and_read_async(session, message, G_PRIORITY_DEFAULT, NULL, on_control, message);
}

/* ------------------------------------------------------------------------------------------------ begin and end */

void bench_start(const char *title, const char *seed)
{
    bench_title = title;
    profiles = g_getenv("BENCH_PROFILE") != NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    phases = g_ptr_array_new_with_free_func(g_free);
    notes = g_ptr_array_new_with_free_func(g_free);
    start_host();
    start_server(seed);
    session = soup_session_new();
    g_main_context_set_poll_func(NULL, on_poll);
}

void bench_stop(void)
{
    end_phase();
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    printf("%s\n", bench_title);
    printf("  %-14s %12s %12s %8s %8s %8s  goal <= %d ms\n", "phase", "longest, ms", "its cpu, ms", "> 20 ms",
           "> 50 ms", "wall, s", BENCH_GOAL_MS);
    for (guint i = 0; i < phases->len; i++) {
        const Phase *row = phases->pdata[i];

        printf("  %-14s %12.1f %12.1f %8u %8u %8.2f  %s%s\n", row->name, ms(row->longest_us), ms(row->longest_cpu_us),
               row->hitches, row->freezes, s(row->wall_us), row->longest_us > BENCH_GOAL_MS * 1000 ? "missed" : "met",
               row->gave_up ? ", NOT FINISHED" : "");
    }
    for (guint i = 0; i < notes->len; i++)
        printf("  %s\n", (char *)notes->pdata[i]);
    printf("  rooms %u, members %u, lines %u, renames %u, buddies %u, changes of buddies %u\n", bench_seen.rooms,
           bench_seen.members, bench_seen.lines, bench_seen.renames, bench_seen.buddies, bench_seen.changes);
}
