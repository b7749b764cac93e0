/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations of the headless host: each records what a user would see. */
#include "host-ops.h"

#include "host-xfer.h"
#include "host.h"

#include <string.h>

static GString *debug_log;
static char *user_dir;

/* An input request. Hosts call back first and close it themselves afterwards. */
typedef struct Question {
    PurpleRequestInputCb ok, cancel;
    gpointer user_data;
    gboolean answering, answered;
    struct Question *older; /* (nullable): the one below, still open */
} Question;

static Question *asked; /* (nullable): the newest that is open */

static char *asked_text, *browsed;

/* ---------------------------------------------------------------------------------------------- event loop */

typedef struct {
    PurpleInputFunction function;
    gpointer data;
} Input;

static gboolean on_input(GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
    Input *input = user_data;
    PurpleInputCondition what = 0;

    if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
        what |= PURPLE_INPUT_READ;
    if (condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR))
        what |= PURPLE_INPUT_WRITE;
    input->function(input->data, g_io_channel_unix_get_fd(channel), what);
    return TRUE;
}

static guint input_add(gint fd, PurpleInputCondition condition, PurpleInputFunction function, gpointer data)
{
    Input *input = g_new(Input, 1);
    GIOChannel *channel = g_io_channel_unix_new(fd);
    GIOCondition what = G_IO_HUP | G_IO_ERR;
    guint id;

    input->function = function;
    input->data = data;
    if (condition & PURPLE_INPUT_READ)
        what |= G_IO_IN;
    if (condition & PURPLE_INPUT_WRITE)
        what |= G_IO_OUT;
    id = g_io_add_watch_full(channel, G_PRIORITY_DEFAULT, what, on_input, input, g_free);
    g_io_channel_unref(channel);
    return id;
}

static PurpleEventLoopUiOps loop_ops = {
    .timeout_add = g_timeout_add,
    .timeout_remove = g_source_remove,
    .input_add = input_add,
    .input_remove = g_source_remove,
    .timeout_add_seconds = g_timeout_add_seconds,
};

/* ------------------------------------------------------------------------------------------- conversations */

static PurpleConversation *focused; /* (nullable) */

void host_focus(PurpleConversation *conv)
{
    focused = conv;
}

static gboolean has_focus(PurpleConversation *conv)
{
    return conv == focused;
}

static void destroy_conversation(PurpleConversation *conv)
{
    if (conv == focused)
        focused = NULL;
}

static void create_conversation(PurpleConversation *conv)
{
    if (purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_CHAT)
        host_record("room %s", purple_conversation_get_name(conv));
}

static const char *flags_text(PurpleMessageFlags flags)
{
    static const struct {
        PurpleMessageFlags flag;
        const char *name;
    } names[] = {
        { PURPLE_MESSAGE_SEND, "SEND" },     { PURPLE_MESSAGE_RECV, "RECV" },
        { PURPLE_MESSAGE_SYSTEM, "SYSTEM" }, { PURPLE_MESSAGE_ERROR, "ERROR" },
        { PURPLE_MESSAGE_NICK, "NICK" },     { PURPLE_MESSAGE_DELAYED, "DELAYED" },
        { PURPLE_MESSAGE_NO_LOG, "NO_LOG" }, { PURPLE_MESSAGE_REMOTE_SEND, "REMOTE_SEND" },
        { PURPLE_MESSAGE_NOTIFY, "NOTIFY" }, { PURPLE_MESSAGE_IMAGES, "IMAGES" },
    };
    static char text[200];

    text[0] = '\0';
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!(flags & names[i].flag))
            continue;
        if (*text)
            g_strlcat(text, "+", sizeof text);
        g_strlcat(text, names[i].name, sizeof text);
    }
    return text;
}

/* As Pidgin and Finch do it: libpurple drops lines of rooms that were left, and logs the others. */
static void write_through(PurpleConversation *conv, const char *who, const char *message, PurpleMessageFlags flags,
                          time_t when)
{
    purple_conversation_write(conv, who, message, flags, when);
}

static void write_conv(PurpleConversation *conv, const char *name, const char *alias, const char *message,
                       PurpleMessageFlags flags, time_t when)
{
    (void)when;
    (void)alias;
    host_record("%s %s <%s> %s %s", purple_conversation_get_type(conv) == PURPLE_CONV_TYPE_CHAT ? "chat" : "im",
                purple_conversation_get_name(conv), name ? name : "", flags_text(flags), message);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *host_ops_join_names(GPtrArray *names)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", (char *)names->pdata[i]);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void chat_add_users(PurpleConversation *conv, GList *users, gboolean new_arrivals)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *text = NULL;

    for (; users; users = users->next)
        g_ptr_array_add(names, (char *)purple_conv_chat_cb_get_name(users->data));
    text = host_ops_join_names(names);
    host_record("%s %s %s", new_arrivals ? "join" : "users", purple_conversation_get_name(conv), text);
}

static void chat_rename_user(PurpleConversation *conv, const char *old, const char *name, const char *alias)
{
    (void)alias;
    host_record("rename %s %s %s", purple_conversation_get_name(conv), old, name);
}

static void chat_remove_users(PurpleConversation *conv, GList *users)
{
    for (; users; users = users->next)
        host_record("part %s %s", purple_conversation_get_name(conv), (char *)users->data);
}

static PurpleConversationUiOps conversation_ops = {
    .create_conversation = create_conversation,
    .destroy_conversation = destroy_conversation,
    .has_focus = has_focus,
    .write_chat = write_through,
    .write_im = write_through,
    .write_conv = write_conv,
    .chat_add_users = chat_add_users,
    .chat_rename_user = chat_rename_user,
    .chat_remove_users = chat_remove_users,
};

static void on_topic(PurpleConversation *conv, const char *who, const char *topic, gpointer user_data)
{
    (void)who;
    (void)user_data;
    host_record("topic %s %s", purple_conversation_get_name(conv), topic);
}

/* --------------------------------------------------------------------------------------------- connections */

static void connect_progress(PurpleConnection *gc, const char *text, size_t step, size_t step_count)
{
    (void)gc;
    host_record("progress %zu/%zu %s", step, step_count, text);
}

static void connected(PurpleConnection *gc)
{
    host_record("connected %s", purple_connection_get_display_name(gc));
}

static void report_disconnect_reason(PurpleConnection *gc, PurpleConnectionError reason, const char *text)
{
    static const char *const names[] = {
        "NETWORK_ERROR",
        "INVALID_USERNAME",
        "AUTHENTICATION_FAILED",
        "AUTHENTICATION_IMPOSSIBLE",
        "NO_SSL_SUPPORT",
        "ENCRYPTION_ERROR",
        "NAME_IN_USE",
        "INVALID_SETTINGS",
        "CERT_NOT_PROVIDED",
        "CERT_UNTRUSTED",
        "CERT_EXPIRED",
        "CERT_NOT_ACTIVATED",
        "CERT_HOSTNAME_MISMATCH",
        "CERT_FINGERPRINT_MISMATCH",
        "CERT_SELF_SIGNED",
        "CERT_OTHER_ERROR",
        "OTHER_ERROR",
    };

    (void)gc;
    host_record("disconnected %s %s", names[reason], text);
}

static PurpleConnectionUiOps connection_ops = {
    .connect_progress = connect_progress,
    .connected = connected,
    .report_disconnect_reason = report_disconnect_reason,
};

/* ------------------------------------------------------------------------------------ requests and notices */

static void *notify_message(PurpleNotifyMsgType type, const char *title, const char *primary, const char *secondary)
{
    (void)type;
    g_assert_nonnull(primary);
    /* libpurple itself gives none where a chosen file cannot be sent. */
    g_assert_true(title || g_str_has_prefix(primary, "File transfer to "));
    host_record("error %s | %s", primary, secondary ? secondary : "");
    return NULL;
}

static void *notify_uri(const char *uri)
{
    host_record("browse");
    g_free(browsed);
    browsed = g_strdup(uri);
    return NULL;
}

static void *notify_userinfo(PurpleConnection *gc, const char *who, PurpleNotifyUserInfo *info)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_assert_nonnull(gc);
    for (GList *item = purple_notify_user_info_get_entries(info); item; item = item->next) {
        const char *value = purple_notify_user_info_entry_get_value(item->data);

        /* bitlbee reads what is in front of an empty one. */
        g_assert_true(value && *value);
        g_string_append_printf(text, "%s%s: %s", text->len ? "; " : "",
                               purple_notify_user_info_entry_get_label(item->data), value);
    }
    host_record("info %s %s", who, text->str);
    return NULL;
}

static PurpleNotifyUiOps notify_ops = { .notify_message = notify_message,
                                        .notify_userinfo = notify_userinfo,
                                        .notify_uri = notify_uri };

void host_set_browser(gboolean has)
{
    notify_ops.notify_uri = has ? notify_uri : NULL;
}

const char *host_browsed(void)
{
    return browsed;
}

static void *request_input(const char *title, const char *primary, const char *secondary, const char *default_value,
                           gboolean multiline, gboolean masked, gchar *hint, const char *ok_text, GCallback ok,
                           const char *cancel_text, GCallback cancel, PurpleAccount *account, const char *who,
                           PurpleConversation *conv, void *user_data)
{
    Question *question;

    (void)default_value, (void)multiline, (void)hint, (void)ok_text, (void)cancel_text, (void)who, (void)conv;
    /* bitlbee crashes or prints "(null)" without these. */
    g_assert_nonnull(account);
    g_assert_nonnull(title);
    g_assert_nonnull(primary);
    g_assert_nonnull(secondary);
    host_record("ask %s | %s%s", primary, secondary, masked ? " (masked)" : "");
    g_free(asked_text);
    asked_text = g_strdup(secondary);
    question = g_new0(Question, 1);
    question->ok = (PurpleRequestInputCb)ok;
    question->cancel = (PurpleRequestInputCb)cancel;
    question->user_data = user_data;
    question->older = asked;
    asked = question;
    return question;
}

/* A question with buttons. Hosts call back first and close it themselves afterwards. */
typedef struct {
    GPtrArray *captions, *callbacks;
    gpointer user_data;
    gboolean answering;
} Choice;

static Choice *offered; /* (nullable): the newest that is open */

static void *request_action(const char *title, const char *primary, const char *secondary, int default_action,
                            PurpleAccount *account, const char *who, PurpleConversation *conv, void *user_data,
                            size_t count, va_list actions)
{
    g_autofree char *captions = NULL;

    (void)default_action, (void)who, (void)conv;
    /* As for questions. */
    g_assert_nonnull(account);
    g_assert_nonnull(title);
    g_assert_nonnull(primary);
    g_assert_nonnull(secondary);
    offered = g_new0(Choice, 1);
    offered->captions = g_ptr_array_new_with_free_func(g_free);
    offered->callbacks = g_ptr_array_new();
    offered->user_data = user_data;
    for (size_t i = 0; i < count; i++) {
        g_ptr_array_add(offered->captions, g_strdup(va_arg(actions, const char *)));
        g_ptr_array_add(offered->callbacks, va_arg(actions, gpointer));
    }
    g_ptr_array_add(offered->captions, NULL);
    captions = g_strjoinv(", ", (char **)offered->captions->pdata);
    g_ptr_array_set_size(offered->captions, (int)count);
    host_record("choose %s | %s (%s)", primary, secondary, captions);
    return offered;
}

static void close_choice(Choice *choice)
{
    g_assert_false(choice->answering);
    if (choice == offered)
        offered = NULL;
    g_ptr_array_unref(choice->captions);
    g_ptr_array_unref(choice->callbacks);
    g_free(choice);
}

gboolean host_is_offered(void)
{
    return offered != NULL;
}

void host_choose(const char *caption)
{
    Choice *choice = offered;
    guint index = 0;

    g_assert_nonnull(choice);
    offered = NULL;
    /* Closed by the window's own button, which Pidgin tells nobody. */
    if (caption) {
        g_assert_true(g_ptr_array_find_with_equal_func(choice->captions, caption, g_str_equal, &index));
        choice->answering = TRUE;
        ((PurpleRequestActionCb)choice->callbacks->pdata[index])(choice->user_data, (int)index);
        choice->answering = FALSE;
    }
    purple_request_close(PURPLE_REQUEST_ACTION, choice);
}

static void drop_question(const Question *question)
{
    for (Question **place = &asked; *place; place = &(*place)->older) {
        if (*place == question) {
            *place = question->older;
            return;
        }
    }
}

static void close_request(PurpleRequestType type, void *handle)
{
    Question *question = handle;

    if (type == PURPLE_REQUEST_ACTION) {
        close_choice(handle);
        return;
    }
    if (type == PURPLE_REQUEST_FILE) {
        host_xfer_close_request(handle);
        return;
    }
    /* Pidgin and bitlbee would use it after it was freed. */
    g_assert_false(question->answering);
    drop_question(question);
    /* So does Finch, whoever closes it. */
    if (!question->answered && question->cancel)
        question->cancel(question->user_data, NULL);
    g_free(question);
}

static PurpleRequestUiOps request_ops = { .request_input = request_input,
                                          .request_action = request_action,
                                          .request_file = host_xfer_request_file,
                                          .close_request = close_request };

const char *host_asked_text(void)
{
    return asked_text;
}

gboolean host_is_asked(void)
{
    return asked != NULL;
}

void host_answer(const char *text)
{
    Question *question = asked;
    PurpleRequestInputCb answer;

    g_assert_nonnull(question);
    answer = text ? question->ok : question->cancel;
    drop_question(question);
    question->answering = TRUE;
    if (answer)
        answer(question->user_data, text);
    question->answering = FALSE;
    question->answered = TRUE;
    purple_request_close(PURPLE_REQUEST_INPUT, question);
}

/* ---------------------------------------------------------------------------------------------------- core */

static void print(PurpleDebugLevel level, const char *category, const char *text)
{
    if (!debug_log)
        debug_log = g_string_new(NULL);
    g_string_append_printf(debug_log, "%d %s: %s", level, category ? category : "", text);
    /* A critical of libpurple's own is a wrong call of ours. */
    g_assert_false(level == PURPLE_DEBUG_FATAL);
}

static PurpleDebugUiOps debug_ops = { .print = print };

const char *host_debug_log(void)
{
    return debug_log ? debug_log->str : "";
}

const char *host_user_dir(void)
{
    return user_dir;
}

static void ui_init(void)
{
    purple_connections_set_ui_ops(&connection_ops);
    purple_conversations_set_ui_ops(&conversation_ops);
    purple_notify_set_ui_ops(&notify_ops);
    purple_request_set_ui_ops(&request_ops);
    purple_xfers_set_ui_ops(&host_xfer_ops);
    purple_signal_connect(purple_conversations_get_handle(), "chat-topic-changed", &conversation_ops,
                          PURPLE_CALLBACK(on_topic), NULL);
}

static PurpleCoreUiOps core_ops = { .ui_prefs_init = NULL, .debug_ui_init = NULL, .ui_init = ui_init };

void host_pretend(const char *ui)
{
    /* The name is private to the core, and is asked for all the time: so it is changed where it is kept. */
    strncpy((char *)purple_core_get_ui(), ui, strlen("flowdock-test-host"));
}

void host_ops_install(const char *dir)
{
    user_dir = g_strdup(dir);
    g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
    purple_util_set_user_dir(dir);
    purple_debug_set_ui_ops(&debug_ops);
    purple_eventloop_set_ui_ops(&loop_ops);
    purple_core_set_ui_ops(&core_ops);
}
