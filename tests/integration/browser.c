/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A person with a web browser, without the browser. */
#include "browser.h"

#include "../unit/test-util.h"

#include <libsoup/soup.h>
#include <string.h>

void browser_page_free(BrowserPage *page)
{
    g_free(page->location);
    g_free(page->body);
    g_free(page);
}

typedef struct {
    GBytes *body; /* (nullable) */
    gboolean done;
} Visit;

static void on_visited(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Visit *visit = user_data;

    visit->body = soup_session_send_and_read_finish(SOUP_SESSION(source), result, NULL);
    visit->done = TRUE;
}

static BrowserPage *visit(SoupMessage *message)
{
    g_autoptr(SoupSession) session = soup_session_new();
    BrowserPage *page = g_new0(BrowserPage, 1);
    Visit state = { 0 };

    soup_session_set_proxy_resolver(session, NULL);
    soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
    soup_session_send_and_read_async(session, message, G_PRIORITY_DEFAULT, NULL, on_visited, &state);
    test_until(state.done);
    page->status = state.body ? soup_message_get_status(message) : 0;
    page->location = g_strdup(soup_message_headers_get_one(soup_message_get_response_headers(message), "Location"));
    page->body =
        state.body ? g_strndup(g_bytes_get_data(state.body, NULL), g_bytes_get_size(state.body)) : g_strdup("");
    g_clear_pointer(&state.body, g_bytes_unref);
    return page;
}

BrowserPage *browser_ask(const char *method, const char *address, const char *const *headers)
{
    g_autoptr(SoupMessage) message = soup_message_new(method, address);

    for (; headers && *headers; headers += 2)
        soup_message_headers_replace(soup_message_get_request_headers(message), headers[0], headers[1]);
    return visit(message);
}

BrowserPage *browser_get(const char *address)
{
    return browser_ask("GET", address, NULL);
}

/* The page's hidden fields are what its address had. */
BrowserPage *browser_decide(const char *address, const char *email, const char *password, const char *decision)
{
    g_autoptr(GUri) uri = g_uri_parse(address, G_URI_FLAGS_ENCODED_QUERY, NULL);
    g_autofree char *page = g_strndup(address, strcspn(address, "?"));
    g_autofree char *answers = soup_form_encode("email", email, "password", password, "decision", decision, NULL);
    g_autofree char *form = g_strdup_printf("%s&%s", g_uri_get_query(uri), answers);
    g_autoptr(SoupMessage) message = soup_message_new("POST", page);
    g_autoptr(GBytes) body = g_bytes_new(form, strlen(form));

    soup_message_set_request_body_from_bytes(message, "application/x-www-form-urlencoded", body);
    return visit(message);
}

char *browser_allow(const char *address)
{
    g_autoptr(BrowserPage) page = browser_decide(address, "demo@example.com", "demo", "allow");

    g_assert_cmpuint(page->status, ==, 302);
    return g_steal_pointer(&page->location);
}

char *browser_code(const char *address)
{
    g_autofree char *place = browser_allow(address);

    return g_strdup(strrchr(place, '/') + 1);
}
