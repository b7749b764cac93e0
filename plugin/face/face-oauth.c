/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialogue of a consent. */
#include "face-oauth.h"

#include "face-error.h"

#include "net/net-oauth.h"
#include "net/net-redirect.h"

#include <notify.h>
#include <request.h>

#include <string.h>

#include <glib/gi18n-lib.h>

/* A dialog of Pidgin and Finch becomes as wide as its longest word, and its buttons are then beyond the screen's edge. */
#define MAX_COLUMNS 64

/*
 *   ASKING --pasted text that is no answer--> ASKING
 *     |  \--pasted or caught: code or refusal--> ANSWERED --face_oauth_ask_again()--> ASKING
 *     +--cancelled, time over--> ANSWERED
 */
struct _FaceOauth {
    PurpleAccount *account;
    void *handle;
    char *title;
    char *why; /* (nullable): of the first question */
    gboolean outlives_listener;
    NetConsent *consent;
    NetRedirect *redirect; /* (nullable): the listener, while it lives */
    gboolean by_code;      /* the page shows a code; else the browser ends on an address of this computer */
    void *request;         /* (nullable): the host's, while the question is open */
    gboolean closing;      /* we take the question away ourselves */
    FaceOauthFunc done;
    gpointer user_data;
};

/* A page for the browser. (transfer full) */
static char *page(const char *title, const char *text)
{
    g_autofree char *safe_title = g_markup_escape_text(title, -1);
    g_autofree char *safe_text = g_markup_escape_text(text, -1);

    return g_strdup_printf("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%s</title>\n"
                           "<style>body{font:1.1em sans-serif;max-width:32em;margin:4em auto;padding:0 1em}</style>\n"
                           "</head><body><h1>%s</h1><p>%s</p></body></html>\n",
                           safe_title, safe_title, safe_text);
}

static void close_question(FaceOauth *oauth)
{
    void *request = g_steal_pointer(&oauth->request);

    /* Finch opens no browser, but a window with the address. */
    purple_notify_close_with_handle(oauth);
    if (!request)
        return;
    /* Finch says then that the user has cancelled. */
    oauth->closing = TRUE;
    purple_request_close(PURPLE_REQUEST_INPUT, request);
    oauth->closing = FALSE;
}

static void ask(FaceOauth *oauth, const char *why);

static gboolean is_slip(const GError *error)
{
    return g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_CODE) ||
           g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_OTHER_ADDRESS) ||
           g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_WRONG_STATE);
}

static void on_pasted(gpointer user_data, const char *text)
{
    FaceOauth *oauth = user_data;
    g_autoptr(GError) error = NULL;
    char *code;

    /* The host takes its window away itself, after this. */
    oauth->request = NULL;
    code = net_consent_read(oauth->consent, text ? text : "", &error);
    if (is_slip(error)) {
        g_autofree char *why = face_error_text(NULL, error);

        ask(oauth, why);
        return;
    }
    g_clear_pointer(&oauth->redirect, net_redirect_free);
    purple_notify_close_with_handle(oauth);
    oauth->done(oauth, code, error, oauth->user_data);
    net_secret_free(code);
}

static void on_cancelled(gpointer user_data, const char *text)
{
    FaceOauth *oauth = user_data;

    (void)text;
    if (oauth->closing)
        return;
    oauth->request = NULL;
    g_clear_pointer(&oauth->redirect, net_redirect_free);
    oauth->done(oauth, NULL, NULL, oauth->user_data);
}

static void on_caught(const char *code, const GError *error, gpointer user_data)
{
    FaceOauth *oauth = user_data;

    g_clear_pointer(&oauth->redirect, net_redirect_free);
    close_question(oauth);
    if (oauth->outlives_listener && g_error_matches(error, NET_OAUTH_ERROR, NET_OAUTH_ERROR_NO_ANSWER))
        /* In the same words but for those about the listener. */
        ask(oauth, oauth->why);
    else
        oauth->done(oauth, code, error, oauth->user_data);
}

/* Where the host opens browsers by itself, the address is in pieces, which fit into its dialog; browsers drop the line
 * ends when it is pasted. Else (bitlbee) it has to be whole, as each line is a message. (transfer full) */
static char *address_for_dialog(const char *address)
{
    const PurpleNotifyUiOps *ops = purple_notify_get_ui_ops();
    GString *lines = g_string_new(NULL);

    if (!ops || !ops->notify_uri)
        return g_string_free(g_string_append(lines, address), FALSE);
    for (; strlen(address) > MAX_COLUMNS; address += MAX_COLUMNS) {
        g_string_append_len(lines, address, MAX_COLUMNS);
        g_string_append_c(lines, '\n');
    }
    g_string_append(lines, address);
    return g_string_free(lines, FALSE);
}

/* Every text has to be there, see hosts; an address stands on a line of its own, so that it can be copied. */
static void ask(FaceOauth *oauth, const char *why)
{
    const char *how = oauth->by_code ? _("Then enter the code that the page shows, or the address of that page.")
                      : !oauth->redirect
                          ? _("The browser ends on a page that cannot be shown: enter the address of that "
                              "page here.")
                          : _("That is all if the browser runs on this computer.\n"
                              "If it ends on a page that cannot be shown, enter that page's address here.");
    g_autofree char *address = address_for_dialog(net_consent_get_address(oauth->consent));
    g_autofree char *text =
        g_strdup_printf("%s%s%s\n%s\n%s", why ? why : "", why ? "\n" : "",
                        _("Open this address in a web browser, if it has not opened by itself:"), address, how);

    oauth->request = purple_request_input(oauth->handle, oauth->title, _("Allow access in your web browser"), text,
                                          NULL, FALSE, FALSE, NULL, _("Sign in"), G_CALLBACK(on_pasted), _("Cancel"),
                                          G_CALLBACK(on_cancelled), oauth->account, NULL, NULL, oauth);
}

static void listen(FaceOauth *oauth, guint timeout_ms)
{
    g_autofree char *done = page(_("You are signed in"), _("You can close this tab and go back to your chat program."));
    g_autofree char *denied =
        page(_("Access was denied"), _("The chat program was not signed in. You can close this tab."));
    g_autofree char *wrong = page(_("This is not the expected answer"),
                                  _("It does not belong to the sign-in that is under way. Start the sign-in once more "
                                    "in your chat program."));
    g_autofree char *over = page(_("This was answered already"), _("You can close this tab."));
    NetRedirectPages pages = { .done = done, .denied = denied, .wrong = wrong, .over = over };

    net_redirect_wait(oauth->redirect, oauth->consent, &pages, timeout_ms, on_caught, oauth);
}

FaceOauth *face_oauth_new(const FaceOauthOptions *options, FaceOauthFunc done, gpointer user_data, GError **error)
{
    FaceOauth *oauth = g_new0(FaceOauth, 1);
    NetConsentOptions consent = options->consent;
    g_autoptr(GError) busy = NULL;
    g_autofree char *uri = NULL;

    oauth->account = options->account;
    oauth->handle = options->handle;
    oauth->title = g_strdup(options->title);
    oauth->why = g_strdup(options->why);
    oauth->outlives_listener = options->outlives_listener;
    oauth->by_code = g_str_has_prefix(consent.redirect_uri ? consent.redirect_uri : "", "urn:");
    oauth->done = done;
    oauth->user_data = user_data;
    if (options->listen_path) {
        oauth->by_code = FALSE;
        oauth->redirect = net_redirect_new(options->port, options->listen_path, &busy);
        /* Whose rooms are open had better paste the address than lose them. */
        uri = oauth->redirect ? g_strdup(net_redirect_get_uri(oauth->redirect))
                              : g_strdup_printf("http://127.0.0.1:%u%s", options->port, options->listen_path);
        consent.redirect_uri = uri;
    }
    if (busy && !options->outlives_listener)
        g_propagate_error(error, g_steal_pointer(&busy));
    else
        oauth->consent = net_consent_new(&consent, error);
    if (!oauth->consent) {
        face_oauth_free(oauth);
        return NULL;
    }
    if (oauth->redirect)
        listen(oauth, options->timeout_ms);
    ask(oauth, options->why);
    purple_notify_uri(oauth, net_consent_get_address(oauth->consent));
    return oauth;
}

void face_oauth_ask_again(FaceOauth *oauth, const char *why)
{
    ask(oauth, why);
}

const NetConsent *face_oauth_get_consent(const FaceOauth *oauth)
{
    return oauth->consent;
}

void face_oauth_free(FaceOauth *oauth)
{
    if (!oauth)
        return;
    close_question(oauth);
    g_clear_pointer(&oauth->redirect, net_redirect_free);
    g_clear_pointer(&oauth->consent, net_consent_unref);
    g_free(oauth->title);
    g_free(oauth->why);
    g_free(oauth);
}
