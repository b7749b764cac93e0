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

typedef struct {
    const char *key;
    const char *label;
    PurplePrefType type;
    const char *string;
    int number; /* also of a bool */
    gboolean masked;
} Setting;

/* clang-format off */
static const Setting settings[] = {
    { FD_SETTING_CLIENT_ID, N_("Client id of the application"), PURPLE_PREF_STRING, DEFAULT_CLIENT_ID, 0, FALSE },
    { FD_SETTING_CLIENT_SECRET, N_("Client secret"), PURPLE_PREF_STRING, DEFAULT_CLIENT_SECRET, 0, TRUE },
    { FD_SETTING_API_URL, N_("API address"), PURPLE_PREF_STRING, "https://api.flowdock.com", 0, FALSE },
    { FD_SETTING_STREAM_URL, N_("Stream address"), PURPLE_PREF_STRING, "https://stream.flowdock.com", 0, FALSE },
    /* Translators: a file with certificates of authorities to trust. The name is also used in an error text. */
    { FD_SETTING_CA_FILE, N_("CA file"), PURPLE_PREF_STRING, "", 0, FALSE },
    { FD_SETTING_HISTORY, N_("Messages to load when a room opens"), PURPLE_PREF_INT, NULL, 30, FALSE },
    { FD_SETTING_AUTOJOIN, N_("Show all open flows as rooms at login"), PURPLE_PREF_BOOLEAN, NULL, TRUE, FALSE },
    { FD_SETTING_LEAVE_CLOSES, N_("Leaving a room closes its flow on the service"), PURPLE_PREF_BOOLEAN, NULL, FALSE,
      FALSE },
};
/* clang-format on */

static PurpleAccountOption *option_of(const Setting *setting)
{
    PurpleAccountOption *option;

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
