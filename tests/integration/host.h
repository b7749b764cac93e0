/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A headless libpurple host: the real core, the real plugin from FLOWDOCK_PLUGIN_DIR, and operations that record what a
 * user would see. Entries of the record:
 *
 *   progress STEP/STEPS TEXT            connected NAME            disconnected REASON TEXT
 *   room NAME                           title ROOM TITLE          topic ROOM TOPIC
 *   users ROOM A, B, C                  join ROOM WHO             part ROOM WHO
 *   rename ROOM OLD NEW                 left ROOM
 *   chat ROOM <WHO> FLAGS HTML          im NAME <WHO> FLAGS HTML
 *   error PRIMARY | SECONDARY           ask PRIMARY | SECONDARY
 *   choose PRIMARY | SECONDARY (CAPTION, CAPTION)
 *   browse (an address is opened in a browser)
 *   info WHO LABEL: VALUE; LABEL: VALUE
 */
#pragma once

#include "host-record.h"

#include "../server/fake-server.h"
#include "../unit/test-util.h"

#include <purple.h>

/* Starts the core and loads the plugin, once a program, before g_test_run(). */
void host_init(void);

/* An account for the server's demo user (or another), with the settings that reach @server; password NULL = none. */
PurpleAccount *host_account_new(FakeServer *server, const char *user, const char *password);
/* Signs off, closes its conversations and removes the account; clears the record. */
void host_account_free(PurpleAccount *account);

void host_sign_on(PurpleAccount *account);
/* Signs on and waits until rooms are there and streams are open; clears the record. */
void host_sign_on_ready(PurpleAccount *account, FakeServer *server);
void host_sign_off(PurpleAccount *account);
/* What is left after a restart of the host: no window. For an account that is signed off; clears the record. */
void host_close_all(PurpleAccount *account);
gboolean host_is_online(PurpleAccount *account);

/* What most stories begin with: a server, and its demo user signed in with rooms and streams. A story may free the server. */
typedef struct {
    FakeServer *server;
    PurpleAccount *account;
} HostFixture;

void host_fixture_set_up(HostFixture *fixture, gconstpointer data);
void host_fixture_tear_down(HostFixture *fixture, gconstpointer data);

/* As the user would. */
void host_type_in_room(PurpleAccount *account, const char *room, const char *html);
void host_type_to(PurpleAccount *account, const char *who, const char *html);
/* In a host that knows commands, such as Pidgin: "/reply ^ <b>hi</b>", HTML. Unknown ones are typed. */
void host_command_in_room(PurpleAccount *account, const char *room, const char *html);
void host_join(PurpleAccount *account, const char *flow);
void host_close_room(PurpleAccount *account, const char *room);
/* Answers the open input request: text, or NULL to cancel. */
void host_answer(const char *text);
gboolean host_is_asked(void);
/* Presses a button of the open question that has some; NULL: closes its window. */
void host_choose(const char *caption);
gboolean host_is_offered(void);
/* (nullable): the whole text of the newest input request; the address that the browser was last asked to open. */
const char *host_asked_text(void);
const char *host_browsed(void);
/* Whether this host can open a browser; bitlbee cannot. */
void host_set_browser(gboolean has);

/* (nullable) */
PurpleConversation *host_room(PurpleAccount *account, const char *room);
/* (nullable) */
PurpleConversation *host_im(PurpleAccount *account, const char *who);
/* The user looks at this conversation only; NULL: at none, as at first. */
void host_focus(PurpleConversation *conv);
/* Names in a room, sorted, "A, B, C". (transfer full) */
char *host_members(PurpleAccount *account, const char *room);

/* Pretends to be another host ("BitlBee", "gtk-gaim", "gnt-purple"), for what depends on it. */
void host_pretend(const char *ui);

/* Everything written to the debug log since the start. */
const char *host_debug_log(void);
/* The folder of this run's libpurple. */
const char *host_user_dir(void);
