/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths. What is looked up on the disk here is looked up at once, as libpurple does it with what dialogs bring. */
#include "fd-paths.h"

#include "fd-show.h"

#include "text/text-escape.h"

#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

/* Names that are tried in a folder. */
#define MAX_NAMES 1000
/* Longest name that file systems take, in bytes, and the longest of its end that is kept behind a number. */
#define MAX_NAME 255
#define MAX_SUFFIX 16

/* (transfer full): without blanks around, and without a pair of quotes. */
static char *unquote(const char *typed)
{
    char *text = g_strstrip(g_strdup(typed));
    gsize length = strlen(text);

    if (length >= 2 && (*text == '"' || *text == '\'') && text[length - 1] == *text) {
        text[length - 1] = '\0';
        memmove(text, text + 1, length - 1);
    }
    return text;
}

/* (transfer full) (nullable) */
static char *path_of_uri(const char *uri, char **problem)
{
    g_autofree char *host = NULL;
    g_autofree char *path = g_filename_from_uri(uri, &host, NULL);

    if (path && (!host || g_ascii_strcasecmp(host, "localhost") == 0))
        return g_steal_pointer(&path);
    *problem = g_strdup_printf(_("\"%s\" is no file on this computer."), uri);
    return NULL;
}

char *fd_paths_typed(const char *typed, char **problem)
{
    g_autofree char *text = unquote(typed);
    const char *rest = text;
    g_autofree char *path = NULL;

    if (!*text) {
        *problem = g_strdup(_("The name of a file is missing."));
        return NULL;
    }
    if (g_ascii_strncasecmp(text, "file:", strlen("file:")) == 0) {
        path = path_of_uri(text, problem);
        return path ? g_canonicalize_filename(path, g_get_home_dir()) : NULL;
    }
    /* "~//etc" is in the home, too. */
    if (rest[0] == '~' && (rest[1] == '/' || !rest[1]))
        rest += 1 + strspn(rest + 1, "/");
    path = g_filename_from_utf8(rest, -1, NULL, NULL, NULL);
    return g_canonicalize_filename(path ? path : rest, g_get_home_dir());
}

/* ------------------------------------------------------------------------------------------------------- free names */

/* (transfer full): "plan (2).pdf" */
static char *numbered(const char *name, guint number)
{
    const char *dot = strrchr(name, '.');
    const char *suffix = dot && dot > name && strlen(dot) <= MAX_SUFFIX ? dot : name + strlen(name);
    g_autofree char *mark = g_strdup_printf(" (%u)%s", number, suffix);
    gsize length = MIN((gsize)(suffix - name), MAX_NAME - strlen(mark));

    /* Not within a character. */
    while (length > 0 && ((guchar)name[length] & 0xc0) == 0x80)
        length--;
    return g_strdup_printf("%.*s%s", (int)length, name, mark);
}

gboolean fd_paths_is_there(const char *path)
{
    GStatBuf there;

    return g_lstat(path, &there) == 0;
}

char *fd_paths_free(const char *folder, const char *name, gboolean (*taken)(const char *path, gpointer user_data),
                    gpointer user_data)
{
    for (guint i = 1; i <= MAX_NAMES; i++) {
        g_autofree char *other = i > 1 ? numbered(name, i) : g_strdup(name);
        g_autofree char *path = g_build_filename(folder, other, NULL);

        if (!fd_paths_is_there(path) && !(taken && taken(path, user_data)))
            return g_steal_pointer(&path);
    }
    return NULL;
}

char *fd_paths_shown(const char *path)
{
    g_autofree char *display = g_filename_display_name(path);

    return text_clean_line(display);
}

/* ---------------------------------------------------------------------------------------------------- whose files */

gboolean fd_paths_is_login_shell(const char *shell)
{
    g_autofree char *name = shell ? g_path_get_basename(shell) : NULL;

    return shell && *shell && strcmp(name, "nologin") != 0 && strcmp(name, "false") != 0;
}

char *fd_paths_refusal(void)
{
    const struct passwd *user;

    if (!fd_show_host_is_irc())
        return NULL;
    user = getpwuid(getuid());
    if (user && fd_paths_is_login_shell(user->pw_shell))
        return NULL;
    return g_strdup(
        _("This bitlbee is a service that several people may use, so files of its computer can neither be read "
          "nor written. Files from and to people on your contact list can go by DCC."));
}
