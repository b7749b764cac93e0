/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of the server: its origins on libsoup's SoupServer. */
#include "fake-server.h"

#include "envoy-side.h"
#include "fake-actions.h"
#include "fake-avatars.h"
#include "fake-bot.h"
#include "fake-events.h"
#include "fake-faults.h"
#include "fake-files.h"
#include "fake-idle.h"
#include "fake-log.h"
#include "fake-oauth.h"
#include "fake-page.h"
#include "fake-seed.h"
#include "fake-state.h"
#include "fake-stream.h"
#include "fake-upload.h"

static void on_api(SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
    (void)soup, (void)path, (void)query;
    fake_faults_run(fake_call_new(data, message, FAKE_ORIGIN_API));
}

static void on_stream(SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
    (void)soup, (void)path, (void)query;
    fake_faults_run(fake_call_new(data, message, FAKE_ORIGIN_STREAM));
}

static void on_envoy(SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
    (void)soup, (void)path, (void)query;
    fake_faults_run(fake_call_new(data, message, FAKE_ORIGIN_ENVOY));
}

FakeServer *fake_server_new(const char *seed_file, GError **error)
{
    FakeServer *server = g_new0(FakeServer, 1);

    fake_state_init(server);
    server->oauth = fake_oauth_new();
    server->events = fake_events_new();
    server->streams = fake_streams_new();
    server->faults = fake_faults_new();
    server->log = fake_log_new();
    server->files = fake_files_new();
    server->uploads = fake_uploads_new();
    server->avatars = fake_avatars_new();
    server->actions = fake_actions_new();
    server->api_url = g_strdup("");
    server->stream_url = g_strdup("");
    server->envoy_url = g_strdup("");
    server->envoy = envoy_side_new();
    if (!fake_seed_load(server, seed_file, error)) {
        fake_server_free(server);
        return NULL;
    }
    /* What the seed holds is history, not news. */
    fake_server_streams_forget(server);
    return server;
}

static SoupServer *listen_on(FakeServer *server, FakeOrigin origin, guint16 *port, char **url, GError **error)
{
    static const SoupServerCallback handlers[] = {
        [FAKE_ORIGIN_API] = on_api,
        [FAKE_ORIGIN_STREAM] = on_stream,
        [FAKE_ORIGIN_ENVOY] = on_envoy,
    };
    g_autoptr(SoupServer) soup =
        soup_server_new("raw-paths", TRUE, "server-header", fake_page_server_name(origin), NULL);
    SoupServerListenOptions options = SOUP_SERVER_LISTEN_IPV4_ONLY;
    GSList *uris;

    if (server->certificate) {
        soup_server_set_tls_certificate(soup, server->certificate);
        options |= SOUP_SERVER_LISTEN_HTTPS;
    }
    soup_server_add_handler(soup, NULL, handlers[origin], server, NULL);
    fake_uploads_watch(server, soup);
    if (!soup_server_listen_local(soup, *port, options, error))
        return NULL;
    uris = soup_server_get_uris(soup);
    *port = (guint16)g_uri_get_port(uris->data);
    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    g_free(*url);
    *url = g_strdup_printf("%s://127.0.0.1:%u", server->certificate ? "https" : "http", *port);
    return g_steal_pointer(&soup);
}

static gboolean take_options(FakeServer *server, const FakeOptions *options, GError **error)
{
    if (!options || server->port)
        return TRUE;
    server->port = options->port;
    server->stream_port = options->stream_port;
    server->has_envoy = options->envoy;
    server->envoy_port = options->envoy_port;
    if (!options->tls_cert)
        return TRUE;
    server->certificate = g_tls_certificate_new_from_files(
        options->tls_cert, options->tls_key ? options->tls_key : options->tls_cert, error);
    return server->certificate != NULL;
}

gboolean fake_server_start(FakeServer *server, const FakeOptions *options, GError **error)
{
    g_return_val_if_fail(!server->api, FALSE);
    if (!take_options(server, options, error))
        return FALSE;
    server->api = listen_on(server, FAKE_ORIGIN_API, &server->port, &server->api_url, error);
    if (server->api)
        server->stream = listen_on(server, FAKE_ORIGIN_STREAM, &server->stream_port, &server->stream_url, error);
    if (server->stream && server->has_envoy)
        server->envoy_soup = listen_on(server, FAKE_ORIGIN_ENVOY, &server->envoy_port, &server->envoy_url, error);
    if (!server->stream || (server->has_envoy && !server->envoy_soup)) {
        fake_server_stop(server);
        return FALSE;
    }
    if (server->envoy_soup)
        server->envoy_idle = fake_idle_new(server->envoy_soup);
    server->api_idle = fake_idle_new(server->api);
    server->stream_idle = fake_idle_new(server->stream);
    fake_streams_start(server);
    return TRUE;
}

FakeServer *fake_server_new_started(void)
{
    g_autoptr(GError) error = NULL;
    FakeServer *server = fake_server_new(NULL, &error);

    g_assert_no_error(error);
    fake_server_start(server, NULL, &error);
    g_assert_no_error(error);
    return server;
}

static void hang_up(SoupServer **soup)
{
    if (!*soup)
        return;
    soup_server_disconnect(*soup);
    g_clear_object(soup);
}

void fake_server_stop(FakeServer *server)
{
    fake_streams_stop(server);
    fake_faults_stop(server);
    g_clear_pointer(&server->api_idle, fake_idle_free);
    g_clear_pointer(&server->stream_idle, fake_idle_free);
    g_clear_pointer(&server->envoy_idle, fake_idle_free);
    hang_up(&server->api);
    hang_up(&server->stream);
    hang_up(&server->envoy_soup);
}

void fake_server_free(FakeServer *server)
{
    if (!server)
        return;
    fake_server_stop(server);
    fake_bot_free(server);
    fake_streams_free(server);
    fake_faults_free(server);
    fake_events_free(server->events);
    fake_oauth_free(server->oauth);
    fake_files_free(server->files);
    fake_uploads_free(server->uploads);
    fake_avatars_free(server->avatars);
    fake_actions_free(server->actions);
    fake_log_free(server->log);
    envoy_side_free(server->envoy);
    fake_state_clear(server);
    g_clear_object(&server->certificate);
    g_free(server->api_url);
    g_free(server->stream_url);
    g_free(server->envoy_url);
    g_free(server);
}

const char *fake_server_get_api_url(FakeServer *server)
{
    return server->api_url;
}

const char *fake_server_get_stream_url(FakeServer *server)
{
    return server->stream_url;
}

void fake_server_set_odd(FakeServer *server, FakeOdd flags)
{
    server->odd = flags;
}
