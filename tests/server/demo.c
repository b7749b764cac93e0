/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program flowdock-server: the test server with a bot, for trying the plugin by hand and for scripts. */
#include <glib-unix.h>
#include <stdlib.h>

#include "envoy-server.h"
#include "fake-bot.h"
#include "fake-server.h"

#define VISITS_EVERY_MS 4000
#define MAX_VISITS 1000

typedef struct {
    int port, stream_port;
    int envoy_port; /* -1: no Envoy side */
    int envoy_visits;
    char *seed, *data;
    char *certificate;
    char **rest;
    gboolean quiet;
} Options;

static gboolean is_port(int port)
{
    return port >= 0 && port <= G_MAXUINT16;
}

static gboolean parse(int argc, char **argv, Options *options)
{
    const GOptionEntry entries[] = {
        { "port", 0, 0, G_OPTION_ARG_INT, &options->port, "Port of the API; 0 = any", "N" },
        { "stream-port", 0, 0, G_OPTION_ARG_INT, &options->stream_port, "Port of the streams; 0 = any", "N" },
        { "envoy-port", 0, 0, G_OPTION_ARG_INT, &options->envoy_port,
          "Port of the Envoy-compatible side; 0 = any; without this there is none", "N" },
        { "envoy-visits", 0, 0, G_OPTION_ARG_INT, &options->envoy_visits,
          "There so many visitors come and go by themselves", "N" },
        { "seed", 0, 0, G_OPTION_ARG_FILENAME, &options->seed, "Users, flows, sources and applications", "FILE" },
        { "data", 0, 0, G_OPTION_ARG_FILENAME, &options->data, "Where events/ with the captured events is", "DIR" },
        { "tls", 0, 0, G_OPTION_ARG_FILENAME, &options->certificate, "Speak https; two PEM files follow", "CERT KEY" },
        { "no-bot", 0, 0, G_OPTION_ARG_NONE, &options->quiet, "Nobody speaks by himself", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->rest, NULL, NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- flowdock-compatible test server");
    g_autoptr(GError) error = NULL;

    g_option_context_set_summary(
        context, "Prints one line \"api=URL stream=URL envoy=URL\" when ready (nothing after envoy= without "
                 "--envoy-port) and stops on SIGTERM and SIGINT.");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s\n", error->message);
        return FALSE;
    }
    /* The key is the one argument beside the options. */
    if (options->rest && (!options->certificate || g_strv_length(options->rest) > 1)) {
        g_printerr("unexpected argument: %s\n", options->rest[g_strv_length(options->rest) - 1]);
        return FALSE;
    }
    if (!is_port(options->port) || !is_port(options->stream_port) ||
        (options->envoy_port != -1 && !is_port(options->envoy_port))) {
        g_printerr("a port is between 0 and %d\n", G_MAXUINT16);
        return FALSE;
    }
    if (options->envoy_visits < 0 || options->envoy_visits > MAX_VISITS) {
        g_printerr("visits are between 0 and %d\n", MAX_VISITS);
        return FALSE;
    }
    return TRUE;
}

/* Said on the command line or in TEST_DATA; else that of the tree the program was built in. (transfer full) */
static char *data_folder(const Options *options)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = program ? g_path_get_dirname(program) : g_strdup(".");

    if (options->data)
        return g_strdup(options->data);
    if (g_getenv("TEST_DATA"))
        return g_strdup(g_getenv("TEST_DATA"));
    return g_build_filename(folder, "..", "..", "tests", "data", NULL);
}

static gboolean on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

static gboolean serve(const Options *options, GError **error)
{
    FakeOptions places = {
        .port = (guint16)options->port,
        .stream_port = (guint16)options->stream_port,
        .tls_cert = options->certificate,
        .tls_key = options->rest ? options->rest[0] : NULL,
        .envoy = options->envoy_port >= 0,
        .envoy_port = (guint16)MAX(options->envoy_port, 0),
    };
    g_autoptr(FakeServer) server = fake_server_new(options->seed, error);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autofree char *data = data_folder(options);

    if (!server || !fake_server_start(server, &places, error))
        return FALSE;
    if (!options->quiet)
        fake_bot_start(server, data);
    if (places.envoy)
        envoy_server_play(server, (guint)options->envoy_visits, VISITS_EVERY_MS);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    g_print("api=%s stream=%s envoy=%s\n", fake_server_get_api_url(server), fake_server_get_stream_url(server),
            envoy_server_get_url(server));
    g_main_loop_run(loop);
    return TRUE;
}

int main(int argc, char **argv)
{
    Options options = { .envoy_port = -1 };
    g_autoptr(GError) error = NULL;
    gboolean good = parse(argc, argv, &options) && serve(&options, &error);

    if (error)
        g_printerr("%s\n", error->message);
    g_free(options.seed);
    g_free(options.data);
    g_free(options.certificate);
    g_strfreev(options.rest);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
