/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the words of all inbox events are made with, and the events that name their thread and author themselves. All of
 * it comes from outside: every piece is made one clean line and cut before it is used. */
#include "fd-event-inbox.h"

#include "net/net-json.h"
#include "text/text-escape.h"
#include "text/text-html.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ELLIPSIS "…"
/* How many characters a cut may go back to end with a whole word; fewer are not worth a line of their own. */
#define LONGEST_HALF_WORD 20
/* Most characters that are made plain of HTML: enough for any bound above, whatever of it is blank. */
#define MAX_FROM_HTML 4000

/* ---------------------------------------------------------------------------------------------------------- readers */

/* Returns: whether anything of a line would be seen. */
static gboolean is_visible(const char *line)
{
    for (; *line; line = g_utf8_next_char(line))
        if (g_unichar_isgraph(g_utf8_get_char(line)))
            return TRUE;
    return FALSE;
}

/* Takes @line. Not within a word, a character and its marks, nor an address. */
static char *cut(char *line, gsize max_chars)
{
    g_autofree char *whole = line, *kept = NULL;
    const char *end, *word;
    gboolean is_address;

    if ((gsize)g_utf8_strlen(line, -1) <= max_chars)
        return g_steal_pointer(&whole);
    end = g_utf8_offset_to_pointer(line, (glong)max_chars - 1);
    word = g_strrstr_len(line, end - line, " ");
    is_address = g_strstr_len(word ? word : line, end - (word ? word : line), "://") != NULL;
    if (word && (is_address || g_utf8_pointer_to_offset(word, end) <= LONGEST_HALF_WORD))
        end = word;
    while (end > line && g_unichar_ismark(g_utf8_get_char(end)))
        end = g_utf8_prev_char(end);
    kept = g_strndup(line, (gsize)(end - line));
    return g_strconcat(kept, ELLIPSIS, NULL);
}

/* Returns: (transfer full) (nullable): one line of any text. */
static char *clean(const char *text, gsize max_chars)
{
    g_autofree char *line = text_clean_line(text);

    return is_visible(line) ? cut(g_steal_pointer(&line), max_chars) : NULL;
}

typedef char *(*Reader)(JsonObject *object, const char *name);

static char *read_any(JsonObject *object, const char *names, Reader reader)
{
    g_auto(GStrv) list = g_strsplit(names, "|", -1);
    char *found = NULL;

    for (char **name = list; *name && !found; name++)
        found = reader(object, *name);
    return found;
}

static char *read_name(JsonObject *object, const char *name)
{
    g_autofree char *text = net_json_id_text(object, name);

    return text ? clean(text, FD_INBOX_MAX_NAME) : NULL;
}

static char *read_title(JsonObject *object, const char *name)
{
    g_autofree char *text = net_json_id_text(object, name);

    return text ? clean(text, FD_INBOX_MAX_TITLE) : NULL;
}

static char *read_url(JsonObject *object, const char *name)
{
    g_autofree char *url = text_clean_line(net_json_string(object, name));

    if (!strstr(url, "://") || strchr(url, ' ') || g_utf8_strlen(url, -1) > FD_INBOX_MAX_URL)
        return NULL;
    return g_steal_pointer(&url);
}

static char *read_person(JsonObject *object, const char *name)
{
    JsonObject *person = net_json_object(object, name);

    if (!person)
        return read_name(object, name);
    return read_any(person, "name|fullName|login|username|nick|screen_name|email|address", read_name);
}

char *fd_inbox_name(JsonObject *object, const char *names)
{
    return read_any(object, names, read_name);
}

char *fd_inbox_title(JsonObject *object, const char *names)
{
    return read_any(object, names, read_title);
}

char *fd_inbox_url(JsonObject *object, const char *names)
{
    return read_any(object, names, read_url);
}

char *fd_inbox_person(JsonObject *object, const char *names)
{
    return read_any(object, names, read_person);
}

JsonObject *fd_inbox_object(JsonObject *object, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);

    for (char **name = names; *name; name++)
        object = net_json_object(object, *name);
    return object;
}

gboolean fd_inbox_flag(JsonObject *object, const char *name)
{
    return net_json_bool(object, name, g_strcmp0(net_json_string(object, name), "true") == 0);
}

/* Returns: the length of a line end, 0 where none is. */
static gsize line_end(const char *at, gboolean escaped)
{
    if (*at == '\n' || *at == '\r')
        return 1;
    return escaped && *at == '\\' && (at[1] == 'n' || at[1] == 'r') ? 2 : 0;
}

/* Returns: (transfer full) (nullable): the next line that is not empty; @at then stands behind it. */
static char *next_line(const char **at, gboolean escaped, gsize max_chars)
{
    char *line = NULL;

    while (**at && !line) {
        const char *from = *at, *end = from;
        g_autofree char *raw = NULL;

        while (*end && !line_end(end, escaped))
            end++;
        raw = g_strndup(from, (gsize)(end - from));
        line = clean(raw, max_chars);
        *at = end + line_end(end, escaped);
    }
    return line;
}

char *fd_inbox_first_line(const char *text, gboolean escaped)
{
    return text ? next_line(&text, escaped, FD_INBOX_MAX_TITLE) : NULL;
}

/* ------------------------------------------------------------------------------------------------------------ words */

FdInbox fd_inbox_begin(const char *prefix)
{
    return (FdInbox){ .text = g_string_new(NULL), .prefix = prefix };
}

void fd_inbox_clear(FdInbox *inbox)
{
    if (inbox->text)
        g_string_free(inbox->text, TRUE);
    inbox->text = NULL;
}

char *fd_inbox_finish(FdInbox *inbox)
{
    GString *text = g_steal_pointer(&inbox->text);

    return g_string_free(text, inbox->lines == 0);
}

static void append(FdInbox *inbox, const char *line)
{
    if (inbox->lines == FD_INBOX_MAX_LINES)
        return;
    if (inbox->lines++ > 0)
        g_string_append_c(inbox->text, '\n');
    g_string_append(inbox->text, line);
}

void fd_inbox_line(FdInbox *inbox, const char *line, const char *url)
{
    const char *prefix = inbox->lines == 0 ? inbox->prefix : NULL;
    g_autofree char *whole = NULL, *with_url = NULL;

    if (!line && !url)
        return;
    if (prefix)
        whole = g_strconcat(prefix, " ", line ? line : url, NULL);
    else
        whole = g_strdup(line ? line : url);
    if (!line) {
        append(inbox, whole);
        return;
    }
    with_url = url ? g_strconcat(whole, " ", url, NULL) : NULL;
    if (with_url && g_utf8_strlen(with_url, -1) <= FD_INBOX_MAX_LINE) {
        append(inbox, with_url);
        return;
    }
    whole = cut(g_steal_pointer(&whole), FD_INBOX_MAX_LINE);
    append(inbox, whole);
    if (url)
        append(inbox, url);
}

void fd_inbox_lines(FdInbox *inbox, const char *lead, const char *plain, guint max_lines, gsize max_chars)
{
    g_autofree char *line = plain ? next_line(&plain, FALSE, max_chars) : NULL;

    for (guint count = 1; line; count++) {
        gsize left = max_chars - (gsize)g_utf8_strlen(line, -1);
        gboolean is_last = count == max_lines || left <= LONGEST_HALF_WORD;
        g_autofree char *next = next_line(&plain, FALSE, MAX(left, 1));
        gboolean is_cut = is_last && next && !g_str_has_suffix(line, ELLIPSIS);
        g_autofree char *whole = g_strconcat(lead ? lead : "", line, is_cut ? " " ELLIPSIS : "", NULL);

        fd_inbox_line(inbox, whole, NULL);
        g_free(line);
        line = is_last ? NULL : g_steal_pointer(&next);
        lead = NULL;
        max_chars = left;
    }
}

void fd_inbox_body(FdInbox *inbox, const char *lead, const char *body, gboolean is_html)
{
    g_autofree char *plain = is_html && body ? text_from_html(body, MAX_FROM_HTML) : NULL;

    fd_inbox_lines(inbox, lead, is_html ? plain : body, FD_INBOX_MAX_BODY_LINES, FD_INBOX_MAX_BODY);
}

void fd_inbox_quote(FdInbox *inbox, const char *text)
{
    g_autofree char *line = fd_inbox_first_line(text, TRUE);
    g_autofree char *quote = line ? g_strconcat(inbox->lines > 0 ? "  > " : "> ", line, NULL) : NULL;

    fd_inbox_line(inbox, quote, NULL);
}

void fd_inbox_more(FdInbox *inbox, guint count)
{
    g_autofree char *line = NULL;

    if (count == 0 || inbox->lines == 0)
        return;
    /* Translators: the last line of a list that is not shown to its end. */
    line = g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "… and %u more", "… and %u more", count), count);
    fd_inbox_line(inbox, line, NULL);
}

/* Returns: (transfer full) (nullable): a sentence with words for its "%s" and "%2$s"; %NULL when one is missing. The
 * words are not looked through again. printf() would want a format that the compiler knows. */
static char *fill(const char *sentence, const char *const *words, guint count)
{
    g_autoptr(GString) line = g_string_new(NULL);
    guint next = 0;

    for (const char *at = sentence; *at; at++) {
        guint place = count;

        if (*at != '%') {
            g_string_append_c(line, *at);
            continue;
        }
        if (at[1] == 's') {
            place = next++;
            at += 1;
        } else if (g_ascii_isdigit(at[1]) && at[2] == '$' && at[3] == 's') {
            place = (guint)(at[1] - '1');
            at += 3;
        }
        if (place >= count || !words[place])
            return NULL;
        g_string_append(line, words[place]);
    }
    return g_string_free(g_steal_pointer(&line), FALSE);
}

/* Returns: (transfer full) (nullable): all that is known, in no language. */
static char *neutral(const FdInboxSaying *saying)
{
    g_autofree char *type = saying->type ? clean(saying->type, FD_INBOX_MAX_NAME) : NULL;
    g_autoptr(GString) line = g_string_new(NULL);

    if (!saying->who && !saying->what && !saying->url)
        return NULL;
    if (saying->who)
        g_string_append(line, saying->who);
    if (saying->what)
        g_string_append_printf(line, "%s%s", line->len > 0 ? ": " : "", saying->what);
    if (type)
        g_string_append_printf(line, "%s(%s)", line->len > 0 ? " " : "", type);
    return line->len > 0 ? g_string_free(g_steal_pointer(&line), FALSE) : NULL;
}

void fd_inbox_say(FdInbox *inbox, const FdInboxSaying *saying)
{
    /* Translators: stands for a name in front of what was done: "Someone closed issue: No more ice cream". */
    const char *who = saying->who ? saying->who : _("Someone");
    const char *const words[] = { who, saying->what, saying->where, saying->whither };
    g_autofree char *line = saying->sentence ? fill(saying->sentence, words, G_N_ELEMENTS(words)) : NULL;
    g_autofree char *noted = NULL;

    if (!line)
        line = neutral(saying);
    if (line && saying->note)
        noted = g_strdup_printf("%s (%s)", line, saying->note);
    fd_inbox_line(inbox, noted ? noted : line, saying->url);
}

const char *fd_inbox_sentence(const FdInboxVerb *verbs, gsize count, const char *type)
{
    for (gsize i = 0; type && i < count; i++)
        if (strcmp(verbs[i].type, type) == 0)
            return _(verbs[i].sentence);
    return NULL;
}

/* ---------------------------------------------------------------------------------------------- threads, and the rest */

/* Returns: (transfer full) (nullable): who did it, never under the name of someone here. Contract: "Rooms and people". */
static char *outsider(FdState *state, char *name)
{
    g_autofree char *own = name;

    return own ? fd_people_outsider(state->people, own) : NULL;
}

/* Sheet: 5.4. Documented samples hold HTML that is escaped twice; that is an artefact. */
static char *threaded(FdState *state, const FdMessage *message)
{
    JsonObject *json = message->json;
    const char *title_html = net_json_string(json, "title");
    const char *body = net_json_string(json, "body");
    g_autofree char *author = outsider(state, fd_inbox_person(json, "author"));
    g_autofree char *plain = title_html ? text_from_html(title_html, MAX_FROM_HTML) : NULL;
    g_autofree char *title = plain ? clean(plain, FD_INBOX_MAX_TITLE) : NULL;
    g_autofree char *lead = author ? g_strconcat(author, ": ", NULL) : NULL;
    g_auto(FdInbox) inbox = fd_inbox_begin(NULL);

    if (title) {
        g_autofree char *line = g_strconcat(lead ? lead : "", title, NULL);

        fd_inbox_line(&inbox, line, NULL);
        g_clear_pointer(&lead, g_free);
    }
    fd_inbox_body(&inbox, lead, body && *body ? body : net_json_string(json, "full_body"), TRUE);
    return fd_inbox_finish(&inbox);
}

char *fd_event_inbox_activity(FdState *state, const FdMessage *message)
{
    return threaded(state, message);
}

char *fd_event_inbox_discussion(FdState *state, const FdMessage *message)
{
    return threaded(state, message);
}

char *fd_event_inbox_other(FdState *state, const FdMessage *message)
{
    JsonObject *content = net_json_object_of(message->content);
    gboolean is_inbox = g_strcmp0(net_json_string(message->json, "app"), "influx") == 0;
    g_autofree char *title = fd_inbox_title(content, "title|subject|name|summary|text|description");
    g_autofree char *url = fd_inbox_url(content, "link|url|html_url|external_url");
    g_autofree char *source = fd_inbox_person(content, "source");
    g_autofree char *author = outsider(state, fd_inbox_person(content, "author|user|user_name|sender|from"));
    g_autofree char *event = clean(message->event, FD_INBOX_MAX_NAME);
    g_autofree char *prefix = g_strdup_printf("[%s]", source ? source : event ? event : "?");
    g_auto(FdInbox) inbox = fd_inbox_begin(prefix);

    if (is_inbox && !message->content)
        return threaded(state, message);
    if (is_inbox && !content)
        title = fd_inbox_first_line(fd_message_get_text(message), FALSE);
    if (is_inbox ? !title && !url : !title || !(url || source || author))
        return NULL;
    fd_inbox_say(&inbox, &(FdInboxSaying){ .who = author, .what = title, .url = url });
    return fd_inbox_finish(&inbox);
}
