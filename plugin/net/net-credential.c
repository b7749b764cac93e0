/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds the secret, counts its changes, and gathers those who wait for its renewal. */
#include "net-credential.h"

#include <string.h>

#include "net-error.h"
#include "net-retry.h"
#include "net-secret.h"

/* An early renewal comes with a tenth of the life left, within these bounds. */
#define NET_CREDENTIAL_LEAST_MARGIN_MS 1000
#define NET_CREDENTIAL_MOST_MARGIN_MS (60 * 1000)
/* Ten years, so that no sum of times overflows. */
#define NET_CREDENTIAL_LONGEST_LIFE_S (G_GINT64_CONSTANT(10) * 365 * 24 * 60 * 60)
/* GLib's timeouts end at 49 days; a longer wait is made of several. */
#define NET_CREDENTIAL_LONGEST_STEP_MS (24 * 60 * 60 * 1000)

/*
 *   at rest --renew_async or due, hook called--> renewing --net_credential_renewed()--> at rest, waiters released
 *                                                   |
 *                                                   +------ set_renewer() ----------> at rest, waiters refused
 */
struct _NetCredential {
    gatomicrefcount refs;
    const char *name; /* of the header */
    char *header;     /* (nullable): its value */
    guint serial;
    NetCredentialRenewFunc renew;
    gpointer user_data;
    gboolean renewing;
    guint renewing_serial;
    GPtrArray *waiters; /* of Waiter */
    GError *failure;    /* of the last renewal */
    guint failure_serial;
    guint accepted_serial; /* 0: none yet */
    gint64 pause_end_us;
    guint hurry;    /* divides all waits */
    guint timer_id; /* 0: no early renewal is planned */
    gint64 due_us;  /* its time; 0 when the life is not known, or there will be none any more */
    guint failures; /* renewals of this value that failed in passing */
};

typedef struct {
    GTask *task;
    GSource *cancelled; /* (nullable) */
} Waiter;

/* The waiters of one renewal on their way out. */
typedef struct {
    GPtrArray *waiters;
    GError *error; /* (nullable) */
} Release;

static void waiter_free(gpointer data)
{
    Waiter *waiter = data;

    if (waiter->cancelled) {
        g_source_destroy(waiter->cancelled);
        g_source_unref(waiter->cancelled);
    }
    g_object_unref(waiter->task);
    g_free(waiter);
}

NetCredential *net_credential_new(void)
{
    NetCredential *credential = g_new0(NetCredential, 1);

    g_atomic_ref_count_init(&credential->refs);
    credential->name = NET_CREDENTIAL_USUAL;
    credential->hurry = 1;
    credential->waiters = g_ptr_array_new_with_free_func(waiter_free);
    return credential;
}

NetCredential *net_credential_ref(NetCredential *credential)
{
    g_atomic_ref_count_inc(&credential->refs);
    return credential;
}

static void disarm(NetCredential *credential)
{
    g_clear_handle_id(&credential->timer_id, g_source_remove);
    credential->due_us = 0;
}

void net_credential_unref(NetCredential *credential)
{
    if (!credential || !g_atomic_ref_count_dec(&credential->refs))
        return;
    disarm(credential);
    net_secret_free(credential->header);
    g_ptr_array_unref(credential->waiters);
    g_clear_error(&credential->failure);
    g_free(credential);
}

static void take_header(NetCredential *credential, const char *name, char *header)
{
    disarm(credential);
    credential->name = name;
    credential->failures = 0;
    net_secret_free(credential->header);
    credential->header = header;
    credential->serial++;
}

void net_credential_set_bearer(NetCredential *credential, const char *token)
{
    take_header(credential, NET_CREDENTIAL_USUAL, g_strconcat("Bearer ", token, NULL));
}

static gboolean has_control(const char *text)
{
    for (; *text; text++) {
        if (g_ascii_iscntrl(*text))
            return TRUE;
    }
    return FALSE;
}

gboolean net_credential_set_basic(NetCredential *credential, const char *user, const char *password)
{
    char *plain, *encoded;

    if (strchr(user, ':') || has_control(user) || has_control(password))
        return FALSE;
    plain = g_strconcat(user, ":", password, NULL);
    encoded = g_base64_encode((const guchar *)plain, strlen(plain));
    take_header(credential, NET_CREDENTIAL_USUAL, g_strconcat("Basic ", encoded, NULL));
    net_secret_free(encoded);
    net_secret_free(plain);
    return TRUE;
}

gboolean net_credential_set_key(NetCredential *credential, const char *key)
{
    for (const char *at = key; *at; at++) {
        if (!g_ascii_isgraph(*at))
            return FALSE;
    }
    if (*key)
        take_header(credential, NET_CREDENTIAL_KEY, g_strdup(key));
    return *key != '\0';
}

void net_credential_clear(NetCredential *credential)
{
    take_header(credential, NET_CREDENTIAL_USUAL, NULL);
}

void net_credential_copy(NetCredential *credential, const NetCredential *other)
{
    take_header(credential, other->name, g_strdup(other->header));
}

const char *net_credential_get_name(const NetCredential *credential)
{
    return credential->name;
}

const char *net_credential_get_header(const NetCredential *credential)
{
    return credential->header;
}

guint net_credential_get_serial(const NetCredential *credential)
{
    return credential->serial;
}

gboolean net_credential_is_renewing(const NetCredential *credential)
{
    return credential->renewing;
}

static gboolean has_other_value(const NetCredential *credential, guint stale)
{
    return credential->header && credential->serial != stale;
}

gboolean net_credential_can_renew(const NetCredential *credential, guint stale)
{
    return credential->renew || credential->renewing || has_other_value(credential, stale);
}

static void start_renewal(NetCredential *credential)
{
    credential->renewing = TRUE;
    credential->renewing_serial = credential->serial;
    credential->renew(credential, credential->user_data);
}

static gboolean on_timer(gpointer data);

static void arm(NetCredential *credential, gint64 due_us)
{
    gint64 wait_ms = (due_us - g_get_monotonic_time() + 999) / G_TIME_SPAN_MILLISECOND;

    disarm(credential);
    credential->due_us = due_us;
    credential->timer_id =
        g_timeout_add((guint)CLAMP(wait_ms, 0, NET_CREDENTIAL_LONGEST_STEP_MS), on_timer, credential);
}

static gboolean on_timer(gpointer data)
{
    NetCredential *credential = data;

    credential->timer_id = 0;
    if (g_get_monotonic_time() < credential->due_us)
        arm(credential, credential->due_us);
    else if (credential->renew && !credential->renewing)
        start_renewal(credential);
    return G_SOURCE_REMOVE;
}

/* A wait in milliseconds, as a time on the clock of the main loop. */
static gint64 time_after(const NetCredential *credential, gint64 wait_ms)
{
    return g_get_monotonic_time() + wait_ms * G_TIME_SPAN_MILLISECOND / credential->hurry;
}

gint64 net_credential_early_ms(gint64 life_s)
{
    gint64 life_ms = CLAMP(life_s, 0, NET_CREDENTIAL_LONGEST_LIFE_S) * 1000;

    if (life_s < NET_CREDENTIAL_SHORT_LIFE_S)
        return -1;
    return life_ms - CLAMP(life_ms / 10, NET_CREDENTIAL_LEAST_MARGIN_MS, NET_CREDENTIAL_MOST_MARGIN_MS);
}

void net_credential_set_life(NetCredential *credential, gint64 life_s)
{
    gint64 wait_ms = net_credential_early_ms(life_s);

    if (wait_ms < 0)
        disarm(credential);
    else
        arm(credential, time_after(credential, wait_ms));
}

void net_credential_set_hurry(NetCredential *credential, guint divisor)
{
    credential->hurry = MAX(divisor, 1);
}

static gboolean on_release(gpointer data)
{
    Release *release = data;

    for (guint i = 0; i < release->waiters->len; i++) {
        Waiter *waiter = g_ptr_array_index(release->waiters, i);

        if (release->error)
            g_task_return_error(waiter->task, g_error_copy(release->error));
        else
            g_task_return_boolean(waiter->task, TRUE);
    }
    return G_SOURCE_REMOVE;
}

static void release_free(gpointer data)
{
    Release *release = data;

    g_ptr_array_unref(release->waiters);
    g_clear_error(&release->error);
    g_free(release);
}

/* From the main loop, since who ends a renewal may not expect to be signed off by a waiter meanwhile. */
static void release_waiters(NetCredential *credential, const GError *error)
{
    Release *release;

    credential->renewing = FALSE;
    if (credential->waiters->len == 0)
        return;
    release = g_new0(Release, 1);
    release->waiters = g_steal_pointer(&credential->waiters);
    release->error = error ? g_error_copy(error) : NULL;
    credential->waiters = g_ptr_array_new_with_free_func(waiter_free);
    /* A waiter that is cancelled from now on is told so by its task; nothing may complete it before. */
    for (guint i = 0; i < release->waiters->len; i++) {
        Waiter *waiter = g_ptr_array_index(release->waiters, i);

        if (waiter->cancelled)
            g_source_destroy(waiter->cancelled);
    }
    g_idle_add_full(G_PRIORITY_DEFAULT, on_release, release, release_free);
}

void net_credential_set_renewer(NetCredential *credential, NetCredentialRenewFunc renew, gpointer user_data)
{
    credential->renew = renew;
    credential->user_data = user_data;
    if (!renew)
        disarm(credential);
    if (credential->renewing) {
        g_autoptr(GError) error = g_error_new_literal(NET_ERROR, NET_ERROR_UNAUTHORIZED, "the renewal was given up");

        release_waiters(credential, error);
    }
}

static gboolean on_waiter_cancelled(GCancellable *cancellable, gpointer user_data)
{
    g_autoptr(GTask) task = g_object_ref(user_data);
    NetCredential *credential = g_task_get_task_data(task);

    (void)cancellable;
    for (guint i = 0; i < credential->waiters->len; i++) {
        Waiter *waiter = g_ptr_array_index(credential->waiters, i);

        if (waiter->task == task) {
            g_ptr_array_remove_index(credential->waiters, i);
            break;
        }
    }
    g_task_return_error_if_cancelled(task);
    return G_SOURCE_REMOVE;
}

static void add_waiter(NetCredential *credential, GTask *task)
{
    GCancellable *cancellable = g_task_get_cancellable(task);
    Waiter *waiter = g_new0(Waiter, 1);

    waiter->task = g_object_ref(task);
    if (cancellable) {
        waiter->cancelled = g_cancellable_source_new(cancellable);
        g_source_set_callback(waiter->cancelled, G_SOURCE_FUNC(on_waiter_cancelled), task, NULL);
        g_source_attach(waiter->cancelled, NULL);
    }
    g_ptr_array_add(credential->waiters, waiter);
}

static gboolean failed_lately(const NetCredential *credential)
{
    return credential->failure && credential->failure_serial == credential->serial &&
           g_get_monotonic_time() < credential->pause_end_us;
}

static void note_failure(NetCredential *credential, guint serial, const GError *error)
{
    g_clear_error(&credential->failure);
    credential->failure = g_error_copy(error);
    credential->failure_serial = serial;
    credential->pause_end_us = time_after(credential, NET_CREDENTIAL_PAUSE_MS);
}

void net_credential_accept(NetCredential *credential, guint serial)
{
    credential->accepted_serial = serial;
}

void net_credential_refuse(NetCredential *credential, guint serial)
{
    g_autoptr(GError) error = NULL;

    if (credential->serial != serial || credential->accepted_serial == serial || credential->renewing)
        return;
    error = g_error_new_literal(NET_ERROR, NET_ERROR_UNAUTHORIZED, "the renewed credential was refused");
    note_failure(credential, serial, error);
}

void net_credential_renew_async(NetCredential *credential, guint stale, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, done, user_data);

    g_task_set_source_tag(task, net_credential_renew_async);
    g_task_set_task_data(task, net_credential_ref(credential), (GDestroyNotify)net_credential_unref);
    if (g_task_return_error_if_cancelled(task))
        return;
    if (has_other_value(credential, stale)) {
        g_task_return_boolean(task, TRUE);
    } else if (credential->renewing) {
        add_waiter(credential, task);
    } else if (!credential->renew) {
        g_task_return_new_error(task, NET_ERROR, NET_ERROR_UNAUTHORIZED, "the credential was refused");
    } else if (failed_lately(credential)) {
        g_task_return_error(task, g_error_copy(credential->failure));
    } else {
        add_waiter(credential, task);
        start_renewal(credential);
    }
}

gboolean net_credential_renew_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

/* After a renewal that failed, whatever began it. Half of each wait is chance, hence the 2: never less than the pause. */
static void plan_again(NetCredential *credential, const GError *error)
{
    static const NetRetry pauses = { 2 * NET_CREDENTIAL_PAUSE_MS, 32 * NET_CREDENTIAL_PAUSE_MS };

    if (credential->due_us > 0 && net_error_is_passing(error)) {
        guint wait_ms = net_retry_delay_ms(&pauses, credential->failures++, g_random_double(), -1);

        arm(credential, MAX(credential->due_us, time_after(credential, wait_ms)));
    } else {
        disarm(credential);
    }
}

void net_credential_renewed(NetCredential *credential, const GError *error)
{
    g_autoptr(GError) nothing = NULL;

    if (!credential->renewing)
        return;
    if (!error && !has_other_value(credential, credential->renewing_serial)) {
        nothing = g_error_new_literal(NET_ERROR, NET_ERROR_UNAUTHORIZED, "the renewal brought no new credential");
        error = nothing;
    }
    g_clear_error(&credential->failure);
    /* A hook that was stopped, or did not reach the server, has not found out anything: who meets a 401 after that has a
     * network again. */
    if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
        !g_error_matches(error, NET_ERROR, NET_ERROR_OFFLINE))
        note_failure(credential, credential->renewing_serial, error);
    if (error && credential->serial == credential->renewing_serial)
        plan_again(credential, error);
    release_waiters(credential, error);
}
