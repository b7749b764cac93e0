/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of settings. */
#include "fd-settings.h"

#include <accountopt.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#ifndef DEFAULT_CLIENT_ID
#define DEFAULT_CLIENT_ID ""
#endif
#ifndef DEFAULT_CLIENT_SECRET
#define DEFAULT_CLIENT_SECRET ""
#endif

/* A value of a list, as it is stored (and typed in bitlbee), and as a dialog calls it. A NULL ends the list, the first
 * is the default. */
typedef struct {
    const char *value;
    const char *label;
} Choice;

typedef struct {
    const char *key;
    const char *label;
    PurplePrefType type;
    const char *string;
    int number; /* also of a bool */
    gboolean masked;
    const Choice *choices; /* of a string: makes a list of it */
} Setting;

/* In the order of the enums. bitlbee's help shows both value and label. */
static const Choice methods[] = {
    { "password-grant", N_("E-mail and password, used once") },
    { "oauth", N_("Web browser") },
    { "api-token", N_("Personal API token") },
    { "basic", N_("E-mail and password, sent with every request (discouraged)") },
    { "source-token", N_("Token of a source: can only post") },
    { NULL, NULL },
};

static const Choice redirects[] = {
    { "oob", N_("The page shows a code to paste") },
    { "loopback", N_("The browser hands it to this computer") },
    { NULL, NULL },
};

static const Choice pushes[] = {
    { "off", N_("No") },
    { "chat", N_("As chat messages") },
    { "team_inbox", N_("As mails in the inbox") },
    { NULL, NULL },
};

/* In the order of FdInboxShown. */
static const Choice inboxes[] = {
    { "all", N_("All") },
    { "threads", N_("Only those of threads") },
    { "off", N_("None") },
    { NULL, NULL },
};

/* clang-format off */
static const Setting settings[] = {
    { FD_SETTING_AUTH_METHOD, N_("Sign in with"), PURPLE_PREF_STRING, "password-grant", 0, FALSE, methods },
    { FD_SETTING_CLIENT_ID, N_("Client id of the application"), PURPLE_PREF_STRING, DEFAULT_CLIENT_ID, 0, FALSE, NULL },
    { FD_SETTING_CLIENT_SECRET, N_("Client secret"), PURPLE_PREF_STRING, DEFAULT_CLIENT_SECRET, 0, TRUE, NULL },
    { FD_SETTING_REDIRECT, N_("After allowing in the browser"), PURPLE_PREF_STRING, "oob", 0, FALSE, redirects },
    { FD_SETTING_LOOPBACK_PORT, N_("Port for the browser's answer (0: any)"), PURPLE_PREF_INT, NULL, 0, FALSE, NULL },
    { FD_SETTING_API_URL, N_("API address"), PURPLE_PREF_STRING, "https://api.flowdock.com", 0, FALSE, NULL },
    { FD_SETTING_STREAM_URL, N_("Stream address"), PURPLE_PREF_STRING, "https://stream.flowdock.com", 0, FALSE, NULL },
    /* Translators: a file with certificates of authorities to trust. The name is also used in an error text. */
    { FD_SETTING_CA_FILE, N_("CA file"), PURPLE_PREF_STRING, "", 0, FALSE, NULL },
    { FD_SETTING_HISTORY, N_("Messages to load when a room opens"), PURPLE_PREF_INT, NULL, 30, FALSE, NULL },
    { FD_SETTING_AUTOJOIN, N_("Show all open flows as rooms at login"), PURPLE_PREF_BOOLEAN, NULL, TRUE, FALSE, NULL },
    { FD_SETTING_LEAVE_CLOSES, N_("Leaving a room closes its flow on the service"), PURPLE_PREF_BOOLEAN, NULL, FALSE,
      FALSE, NULL },
    { FD_SETTING_INBOX, N_("Events of integrations in rooms"), PURPLE_PREF_STRING, "all", 0, FALSE, inboxes },
    { FD_SETTING_ROSTER, N_("Colleagues as buddies, one group an organization"), PURPLE_PREF_BOOLEAN, NULL, TRUE, FALSE, NULL },
    { FD_SETTING_POST_STATUS, N_("A status message is also posted in all open flows"), PURPLE_PREF_BOOLEAN, NULL, FALSE,
      FALSE, NULL },
    { FD_SETTING_PREVIEW_KB, N_("Show images up to this many kilobytes (0: links only)"), PURPLE_PREF_INT, NULL, 512, FALSE,
      NULL },
    { FD_SETTING_SHOW_IDS, N_("Message numbers before each line"), PURPLE_PREF_BOOLEAN, NULL, FALSE, FALSE, NULL },
    /* Translators: only for sign-in with the token of a source. */
    { FD_SETTING_PUSH, N_("The token is a flow's old one: post through the push API"), PURPLE_PREF_STRING, "off", 0, FALSE, pushes },
};
/* clang-format on */

static PurpleAccountOption *list_option_of(const Setting *setting)
{
    GList *list = NULL;

    for (const Choice *choice = setting->choices; choice->value; choice++) {
        PurpleKeyValuePair *pair = g_new0(PurpleKeyValuePair, 1);

        pair->key = g_strdup(_(choice->label));
        pair->value = g_strdup(choice->value);
        list = g_list_append(list, pair);
    }
    return purple_account_option_list_new(_(setting->label), setting->key, list);
}

static PurpleAccountOption *option_of(const Setting *setting)
{
    PurpleAccountOption *option;

    if (setting->choices)
        return list_option_of(setting);
    switch (setting->type) {
    case PURPLE_PREF_BOOLEAN:
        return purple_account_option_bool_new(_(setting->label), setting->key, setting->number);
    case PURPLE_PREF_INT:
        return purple_account_option_int_new(_(setting->label), setting->key, setting->number);
    default:
        option = purple_account_option_string_new(_(setting->label), setting->key, setting->string);
        purple_account_option_set_masked(option, setting->masked);
        return option;
    }
}

void fd_settings_add(PurplePluginProtocolInfo *info)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        info->protocol_options = g_list_append(info->protocol_options, option_of(&settings[i]));
}

static const Setting *find(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        if (strcmp(settings[i].key, key) == 0)
            return &settings[i];
    g_return_val_if_reached(&settings[0]);
}

const char *fd_settings_string(PurpleAccount *account, const char *key)
{
    const Setting *setting = find(key);
    const char *value = purple_account_get_string(account, key, setting->string);

    /* An emptied field means the default. */
    return value && *value ? value : setting->string;
}

gboolean fd_settings_bool(PurpleAccount *account, const char *key)
{
    return purple_account_get_bool(account, key, find(key)->number);
}

int fd_settings_int(PurpleAccount *account, const char *key)
{
    return purple_account_get_int(account, key, find(key)->number);
}

int fd_settings_choice(PurpleAccount *account, const char *key)
{
    const Choice *choices = find(key)->choices;
    const char *value = fd_settings_string(account, key);

    for (int i = 0; choices[i].value; i++)
        if (g_str_equal(choices[i].value, value))
            return i;
    return -1;
}

const char *fd_settings_find_wrong_choice(PurpleAccount *account)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        if (settings[i].choices && fd_settings_choice(account, settings[i].key) < 0)
            return settings[i].key;
    return NULL;
}

char *fd_settings_choices(const char *key)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (const Choice *choice = find(key)->choices; choice->value; choice++)
        g_string_append_printf(text, "%s%s", text->len ? ", " : "", choice->value);
    return g_string_free(g_steal_pointer(&text), FALSE);
}
