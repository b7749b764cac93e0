/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A person with a web browser, without the browser: pages are fetched, forms are filled in. */
#pragma once

#include <glib.h>

typedef struct {
    guint status;   /* 0: no connection, or no answer */
    char *location; /* (nullable): where it redirects to; not followed */
    char *body;
} BrowserPage;

void browser_page_free(BrowserPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BrowserPage, browser_page_free)

/* Each runs the main loop until the answer is there. */
BrowserPage *browser_get(const char *address);
/* With a method and headers: name, value, ..., NULL (nullable). */
BrowserPage *browser_ask(const char *method, const char *address, const char *const *headers);

/* Fills in the form of the consent page at @address; @decision is "allow" or "deny". */
BrowserPage *browser_decide(const char *address, const char *email, const char *password, const char *decision);

/* The demo user allows it: where the browser ends. (transfer full) */
char *browser_allow(const char *address);
/* The code of the page that shows one, as browser_allow() ended on it. (transfer full) */
char *browser_code(const char *address);
