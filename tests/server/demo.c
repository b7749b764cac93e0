/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program flowdock-server: the test server with a bot, for trying the plugin by hand and for scripts. */
#include <glib-unix.h>
#include <stdlib.h>

#include "fake-bot.h"
#include "fake-server.h"

typedef struct {
    int port, stream_port, envoy_port;
    char *seed, *data;
    char *certificate;
    char **rest;
    gboolean quiet;
} Options;

static gboolean parse(int argc, char **argv, Options *options)
{
    const GOptionEntry entries[] = {
        { "port", 0, 0, G_OPTION_ARG_INT, &options->port, "Port of the API; 0 = any", "N" },
        { "stream-port", 0, 0, G_OPTION_ARG_INT, &options->stream_port, "Port of the streams; 0 = any", "N" },
        { "envoy-port", 0, 0, G_OPTION_ARG_INT, &options->envoy_port, "Accepted, but there is no Envoy side yet", "N" },
        { "seed", 0, 0, G_OPTION_ARG_FILENAME, &options->seed, "Users, flows, sources and applications", "FILE" },
        { "data", 0, 0, G_OPTION_ARG_FILENAME, &options->data, "Where events/ with the captured events is", "DIR" },
        { "tls", 0, 0, G_OPTION_ARG_FILENAME, &options->certificate, "Speak https; two PEM files follow", "CERT KEY" },
        { "no-bot", 0, 0, G_OPTION_ARG_NONE, &options->quiet, "Nobody speaks by himself", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->rest, NULL, NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- flowdock-compatible test server");
    g_autoptr(GError) error = NULL;

    g_option_context_set_summary(context,
                                 "Prints one line \"api=URL stream=URL envoy=URL\" when ready (the URL after envoy= is "
                                 "empty: the Envoy side comes later) and stops on SIGTERM and SIGINT.");
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
    if (options->port < 0 || options->port > G_MAXUINT16 || options->stream_port < 0 ||
        options->stream_port > G_MAXUINT16) {
        g_printerr("a port is between 0 and %d\n", G_MAXUINT16);
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
    };
    g_autoptr(FakeServer) server = fake_server_new(options->seed, error);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autofree char *data = data_folder(options);

    if (!server || !fake_server_start(server, &places, error))
        return FALSE;
    if (!options->quiet)
        fake_bot_start(server, data);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    g_print("api=%s stream=%s envoy=\n", fake_server_get_api_url(server), fake_server_get_stream_url(server));
    g_main_loop_run(loop);
    return TRUE;
}

int main(int argc, char **argv)
{
    Options options = { 0 };
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
