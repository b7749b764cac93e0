/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net-credential: one renewal for all who wait. */
#include "net/net-credential.h"

#include "net/net-error.h"
#include "test-util.h"

/* A hook that notes its calls; the tests end the renewal themselves. */
static void on_renew(NetCredential *credential, gpointer user_data)
{
    guint *calls = user_data;

    g_assert_true(net_credential_is_renewing(credential));
    (*calls)++;
}

static void end_renewal(NetCredential *credential, const char *token, int code)
{
    g_autoptr(GError) error = token ? NULL : g_error_new_literal(NET_ERROR, code, "not today");

    if (token)
        net_credential_set_bearer(credential, token);
    net_credential_renewed(credential, error);
}

static void renew(NetCredential *credential, GCancellable *cancellable, TestDone *done)
{
    net_credential_renew_async(credential, net_credential_get_serial(credential), cancellable, test_done, done);
    g_assert_cmpuint(done->calls, ==, 0);
}

/* -1 for success, else the code of a NET_ERROR; waits for the end. */
static int outcome(TestDone *done)
{
    g_autoptr(GError) error = NULL;
    gboolean renewed;

    test_until(done->calls);
    renewed = net_credential_renew_finish(done->result, &error);
    test_done_clear(done);
    g_assert_true(renewed == (error == NULL));
    if (renewed)
        return -1;
    g_assert_cmpuint(error->domain, ==, NET_ERROR);
    return error->code;
}

static void assert_cancelled(TestDone *done)
{
    g_autoptr(GError) error = NULL;

    test_until(done->calls);
    g_assert_false(net_credential_renew_finish(done->result, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_headers(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    guint serial = net_credential_get_serial(credential);

    g_assert_null(net_credential_get_header(credential));
    net_credential_set_bearer(credential, "abc");
    g_assert_cmpstr(net_credential_get_header(credential), ==, "Bearer abc");
    g_assert_cmpuint(net_credential_get_serial(credential), !=, serial);
    serial = net_credential_get_serial(credential);
    g_assert_true(net_credential_set_basic(credential, "ann@example.com", "pass:w\xc3\xb6rd"));
    g_assert_cmpstr(net_credential_get_header(credential), ==, "Basic YW5uQGV4YW1wbGUuY29tOnBhc3M6d8O2cmQ=");
    g_assert_cmpuint(net_credential_get_serial(credential), !=, serial);
    serial = net_credential_get_serial(credential);
    net_credential_clear(credential);
    g_assert_null(net_credential_get_header(credential));
    g_assert_cmpuint(net_credential_get_serial(credential), !=, serial);
}

static void test_basic(void)
{
    static const struct {
        const char *user, *password;
        const char *header; /* (nullable): refused */
    } cases[] = {
        { "", "", "Basic Og==" },
        { "ann", "", "Basic YW5uOg==" },
        { "", "token", "Basic OnRva2Vu" },
        { "\xc3\xa4nn", "::\xe2\x82\xac ", "Basic w6Rubjo6OuKCrCA=" },
        { "an:n", "p", NULL },
        { ":", "p", NULL },
        { "ann\n", "p", NULL },
        { "a\tnn", "p", NULL },
        { "ann", "p\r\nX: y", NULL },
        { "ann", "\x7f", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NetCredential) credential = net_credential_new();
        guint serial;

        g_test_message("case %" G_GSIZE_FORMAT, i);
        net_credential_set_bearer(credential, "old");
        serial = net_credential_get_serial(credential);
        if (cases[i].header) {
            g_assert_true(net_credential_set_basic(credential, cases[i].user, cases[i].password));
            g_assert_cmpstr(net_credential_get_header(credential), ==, cases[i].header);
        } else {
            g_assert_false(net_credential_set_basic(credential, cases[i].user, cases[i].password));
            g_assert_cmpstr(net_credential_get_header(credential), ==, "Bearer old");
            g_assert_cmpuint(net_credential_get_serial(credential), ==, serial);
        }
    }
}

static void test_key(void)
{
    static const struct {
        const char *key;
        gboolean is_one;
    } cases[] = {
        { "k", TRUE },   { "abc-123_./+=~!", TRUE }, { "", FALSE },      { "a b", FALSE },
        { " a", FALSE }, { "a\r\nX: y", FALSE },     { "a\x7f", FALSE }, { "caf\xc3\xa9", FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NetCredential) credential = net_credential_new();
        guint serial;

        g_test_message("%s", cases[i].key);
        net_credential_set_bearer(credential, "old");
        serial = net_credential_get_serial(credential);
        g_assert_true(net_credential_set_key(credential, cases[i].key) == cases[i].is_one);
        g_assert_true((net_credential_get_serial(credential) != serial) == cases[i].is_one);
        g_assert_cmpstr(net_credential_get_name(credential), ==, cases[i].is_one ? "X-API-Key" : "Authorization");
        g_assert_cmpstr(net_credential_get_header(credential), ==, cases[i].is_one ? cases[i].key : "Bearer old");
    }
}

/* The name goes with the value. */
static void test_key_and_others(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(NetCredential) copy = net_credential_new();

    g_assert_cmpstr(net_credential_get_name(credential), ==, "Authorization");
    g_assert_true(net_credential_set_key(credential, "key"));
    net_credential_copy(copy, credential);
    g_assert_cmpstr(net_credential_get_name(copy), ==, "X-API-Key");
    g_assert_cmpstr(net_credential_get_header(copy), ==, "key");
    net_credential_set_bearer(credential, "token");
    g_assert_cmpstr(net_credential_get_name(credential), ==, "Authorization");
    net_credential_copy(copy, credential);
    g_assert_cmpstr(net_credential_get_name(copy), ==, "Authorization");
    g_assert_true(net_credential_set_key(credential, "key"));
    g_assert_true(net_credential_set_basic(credential, "ann", "p"));
    g_assert_cmpstr(net_credential_get_name(credential), ==, "Authorization");
    g_assert_true(net_credential_set_key(credential, "key"));
    net_credential_clear(credential);
    g_assert_null(net_credential_get_header(credential));
    g_assert_cmpstr(net_credential_get_name(credential), ==, "Authorization");
}

static void test_no_hook(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    TestDone done = { 0 };

    net_credential_set_bearer(credential, "old");
    g_assert_false(net_credential_can_renew(credential, net_credential_get_serial(credential)));
    renew(credential, NULL, &done);
    g_assert_cmpint(outcome(&done), ==, NET_ERROR_UNAUTHORIZED);
}

static void test_one_for_all(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    TestDone done[5] = { 0 };
    guint calls = 0;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &calls);
    for (gsize i = 0; i < G_N_ELEMENTS(done); i++)
        renew(credential, NULL, &done[i]);
    test_settle();
    g_assert_cmpuint(calls, ==, 1);
    g_assert_cmpuint(done[0].calls, ==, 0);
    end_renewal(credential, "new", 0);
    g_assert_cmpuint(done[0].calls, ==, 0);
    g_assert_false(net_credential_is_renewing(credential));
    for (gsize i = 0; i < G_N_ELEMENTS(done); i++)
        g_assert_cmpint(outcome(&done[i]), ==, -1);
    g_assert_cmpuint(calls, ==, 1);
}

static void test_stale(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    guint calls = 0, serial;
    TestDone done = { 0 };

    net_credential_set_bearer(credential, "old");
    serial = net_credential_get_serial(credential);
    net_credential_set_bearer(credential, "new");
    g_assert_true(net_credential_can_renew(credential, serial));
    net_credential_set_renewer(credential, on_renew, &calls);
    net_credential_renew_async(credential, serial, NULL, test_done, &done);
    g_assert_cmpuint(done.calls, ==, 0);
    g_assert_cmpint(outcome(&done), ==, -1);
    g_assert_cmpuint(calls, ==, 0);
    /* Nothing at all is not another value. */
    net_credential_clear(credential);
    net_credential_renew_async(credential, serial, NULL, test_done, &done);
    g_assert_cmpuint(calls, ==, 1);
    end_renewal(credential, "newer", 0);
    g_assert_cmpint(outcome(&done), ==, -1);
}

static void test_failure_rests(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    TestDone done[3] = { 0 };
    guint calls = 0;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &calls);
    renew(credential, NULL, &done[0]);
    renew(credential, NULL, &done[1]);
    end_renewal(credential, NULL, NET_ERROR_SERVER);
    renew(credential, NULL, &done[2]);
    for (gsize i = 0; i < G_N_ELEMENTS(done); i++)
        g_assert_cmpint(outcome(&done[i]), ==, NET_ERROR_SERVER);
    g_assert_cmpuint(calls, ==, 1);
    /* Another value may be tried at once. */
    net_credential_set_bearer(credential, "other");
    renew(credential, NULL, &done[0]);
    g_assert_cmpuint(calls, ==, 2);
    end_renewal(credential, "new", 0);
    g_assert_cmpint(outcome(&done[0]), ==, -1);
}

/* The minute, made shorter: however many ask, and however it failed. */
static void test_pause(void)
{
    static const int codes[] = { NET_ERROR_SERVER, NET_ERROR_TIMED_OUT, NET_ERROR_UNAUTHORIZED };

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autoptr(NetCredential) credential = net_credential_new();
        TestDone done = { 0 };
        guint calls = 0;
        gint64 end_us;

        net_credential_set_bearer(credential, "old");
        net_credential_set_renewer(credential, on_renew, &calls);
        renew(credential, NULL, &done);
        end_renewal(credential, NULL, codes[i]);
        g_assert_cmpint(outcome(&done), ==, codes[i]);
        for (int times = 0; times < 100; times++) {
            renew(credential, NULL, &done);
            g_assert_cmpint(outcome(&done), ==, codes[i]);
        }
        g_assert_cmpuint(calls, ==, 1);

        net_credential_set_bearer(credential, "other");
        net_credential_set_hurry(credential, 1000);
        renew(credential, NULL, &done);
        end_us = g_get_monotonic_time() + NET_CREDENTIAL_PAUSE_MS;
        end_renewal(credential, NULL, codes[i]);
        while (calls == 2) {
            g_assert_cmpint(outcome(&done), ==, codes[i]);
            renew(credential, NULL, &done);
        }
        g_assert_cmpint(g_get_monotonic_time(), >=, end_us);
        end_renewal(credential, "new", 0);
        g_assert_cmpint(outcome(&done), ==, -1);
        g_assert_cmpuint(calls, ==, 3);
    }
}

/* Nobody was reached, so nothing was found out: who meets a 401 after that has a network again. */
static void test_no_pause_offline(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    TestDone done = { 0 };
    guint calls = 0;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &calls);
    renew(credential, NULL, &done);
    end_renewal(credential, NULL, NET_ERROR_OFFLINE);
    g_assert_cmpint(outcome(&done), ==, NET_ERROR_OFFLINE);
    renew(credential, NULL, &done);
    g_assert_cmpuint(calls, ==, 2);
    end_renewal(credential, "new", 0);
    g_assert_cmpint(outcome(&done), ==, -1);
}

static void test_refuse(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    TestDone done = { 0 };
    guint calls = 0, older;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &calls);
    older = net_credential_get_serial(credential);
    renew(credential, NULL, &done);
    end_renewal(credential, "new", 0);
    g_assert_cmpint(outcome(&done), ==, -1);
    /* What an older value met says nothing. */
    net_credential_refuse(credential, older);
    net_credential_refuse(credential, net_credential_get_serial(credential));
    renew(credential, NULL, &done);
    g_assert_cmpint(outcome(&done), ==, NET_ERROR_UNAUTHORIZED);
    g_assert_cmpuint(calls, ==, 1);
    net_credential_set_bearer(credential, "from the user");
    /* What was good once has only run out. */
    net_credential_accept(credential, net_credential_get_serial(credential));
    net_credential_refuse(credential, net_credential_get_serial(credential));
    renew(credential, NULL, &done);
    g_assert_cmpuint(calls, ==, 2);
    end_renewal(credential, "newer", 0);
    g_assert_cmpint(outcome(&done), ==, -1);
}

/* The failure of an older value's renewal says nothing about the value that is there by now. */
static void test_failure_of_older(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    TestDone done = { 0 };
    guint calls = 0;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &calls);
    renew(credential, NULL, &done);
    net_credential_set_bearer(credential, "other");
    net_credential_renewed(credential, &(GError){ NET_ERROR, NET_ERROR_SERVER, (char *)"not today" });
    g_assert_cmpint(outcome(&done), ==, NET_ERROR_SERVER);
    renew(credential, NULL, &done);
    g_assert_cmpuint(calls, ==, 2);
    end_renewal(credential, "new", 0);
    g_assert_cmpint(outcome(&done), ==, -1);
}

static void test_nothing_new(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    TestDone done = { 0 };
    guint calls = 0;

    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, &calls);
    renew(credential, NULL, &done);
    net_credential_renewed(credential, NULL);
    g_assert_cmpint(outcome(&done), ==, NET_ERROR_UNAUTHORIZED);
    /* An end without a begin. */
    net_credential_renewed(credential, NULL);
}

static void test_cancel_one(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(TestDone) cancelled = { 0 };
    g_auto(TestDone) late = { 0 };
    TestDone other = { 0 };
    guint calls = 0;

    net_credential_set_renewer(credential, on_renew, &calls);
    renew(credential, cancellable, &cancelled);
    renew(credential, NULL, &other);
    g_cancellable_cancel(cancellable);
    g_assert_cmpuint(cancelled.calls, ==, 0);
    assert_cancelled(&cancelled);
    g_assert_cmpuint(other.calls, ==, 0);
    renew(credential, cancellable, &late);
    assert_cancelled(&late);
    end_renewal(credential, "new", 0);
    g_assert_cmpint(outcome(&other), ==, -1);
    g_assert_cmpuint(calls, ==, 1);
}

/* Between the end of the renewal and the news of it. */
static void test_cancel_late(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(TestDone) done = { 0 };
    guint calls = 0;

    net_credential_set_renewer(credential, on_renew, &calls);
    renew(credential, cancellable, &done);
    end_renewal(credential, "new", 0);
    g_cancellable_cancel(cancellable);
    assert_cancelled(&done);
    test_settle();
}

static void test_hook_dropped(void)
{
    NetCredential *credential = net_credential_new();
    TestDone done[2] = { 0 };
    guint calls = 0;

    net_credential_set_renewer(credential, on_renew, &calls);
    renew(credential, NULL, &done[0]);
    renew(credential, NULL, &done[1]);
    net_credential_set_renewer(credential, NULL, NULL);
    net_credential_unref(credential);
    g_assert_cmpint(outcome(&done[0]), ==, NET_ERROR_UNAUTHORIZED);
    g_assert_cmpint(outcome(&done[1]), ==, NET_ERROR_UNAUTHORIZED);
}

/* ---- before the end of its life ---- */

static void test_early_times(void)
{
    static const struct {
        gint64 life_s, early_ms;
    } cases[] = {
        { G_MININT64, -1 },
        { -1, -1 },
        { 0, -1 },
        { 4, -1 },
        { 5, 4000 },
        { 10, 9000 },
        { 11, 9900 },
        { 300, 270 * 1000 },
        { 600, 540 * 1000 },
        { 601, 541 * 1000 },
        { 86400, 86340 * 1000 },
        { 315360000, G_GINT64_CONSTANT(315359940000) },
        { 315360001, G_GINT64_CONSTANT(315359940000) },
        { G_MAXINT64, G_GINT64_CONSTANT(315359940000) },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(net_credential_early_ms(cases[i].life_s), ==, cases[i].early_ms);
}

/* A value whose hook counts, on a clock where a second is a millisecond. */
static NetCredential *hurried_new(guint *calls)
{
    NetCredential *credential = net_credential_new();

    net_credential_set_hurry(credential, 1000);
    net_credential_set_bearer(credential, "old");
    net_credential_set_renewer(credential, on_renew, calls);
    return credential;
}

/* Waits until a life of @life_s that begins now is due: any shorter one that began before is then due as well. */
static void outlive(gint64 life_s)
{
    guint calls = 0;
    g_autoptr(NetCredential) witness = hurried_new(&calls);

    net_credential_set_life(witness, life_s);
    test_until(calls);
    test_settle();
}

static void test_early(void)
{
    guint calls = 0;
    g_autoptr(NetCredential) credential = hurried_new(&calls);
    gint64 due_us = g_get_monotonic_time() + net_credential_early_ms(100);
    g_auto(TestDone) done = { 0 };

    net_credential_set_life(credential, 100);
    g_assert_false(net_credential_is_renewing(credential));
    test_until(calls);
    g_assert_cmpint(g_get_monotonic_time(), >=, due_us);
    g_assert_true(net_credential_is_renewing(credential));
    /* A 401 meanwhile waits for the same renewal. */
    renew(credential, NULL, &done);
    end_renewal(credential, "new", 0);
    g_assert_cmpint(outcome(&done), ==, -1);
    /* Each life but once, and a new one for the new value. */
    outlive(200);
    g_assert_cmpuint(calls, ==, 1);
    net_credential_set_life(credential, 100);
    test_until(calls == 2);
}

/* The hook tells the new life before it ends. */
static void test_early_again(void)
{
    guint calls = 0;
    g_autoptr(NetCredential) credential = hurried_new(&calls);

    net_credential_set_life(credential, 10);
    for (guint times = 1; times <= 5; times++) {
        test_until(calls == times);
        net_credential_set_bearer(credential, "new");
        net_credential_set_life(credential, 10);
        net_credential_renewed(credential, NULL);
    }
}

static void test_life_unknown(void)
{
    static const gint64 lives[] = { 4, 1, 0, -1, G_MININT64 };

    for (gsize i = 0; i < G_N_ELEMENTS(lives); i++) {
        guint calls = 0;
        g_autoptr(NetCredential) credential = hurried_new(&calls);

        net_credential_set_life(credential, 20);
        net_credential_set_life(credential, lives[i]);
        outlive(30);
        g_assert_cmpuint(calls, ==, 0);
    }
}

/* In 32 bits of milliseconds this wait would be 8 ms, though it is years. */
static void test_long_life(void)
{
    guint calls = 0;
    g_autoptr(NetCredential) credential = hurried_new(&calls);

    net_credential_set_hurry(credential, 1);
    net_credential_set_life(credential, 115964117 + 60);
    outlive(100);
    g_assert_cmpuint(calls, ==, 0);
}

static void test_disarmed(void)
{
    enum { BEARER, BASIC, CLEAR, HOOK, FREE, WAYS };

    for (int way = 0; way < WAYS; way++) {
        guint calls = 0;
        NetCredential *credential = hurried_new(&calls);

        net_credential_set_life(credential, 20);
        if (way == BEARER)
            net_credential_set_bearer(credential, "other");
        else if (way == BASIC)
            g_assert_true(net_credential_set_basic(credential, "ann", "secret"));
        else if (way == CLEAR)
            net_credential_clear(credential);
        else if (way == HOOK)
            net_credential_set_renewer(credential, NULL, NULL);
        else
            g_clear_pointer(&credential, net_credential_unref);
        if (way == HOOK)
            net_credential_set_renewer(credential, on_renew, &calls);
        outlive(30);
        g_test_message("way %d", way);
        g_assert_cmpuint(calls, ==, 0);
        net_credential_unref(credential);
    }
}

static void test_early_fails(void)
{
    guint calls = 0;
    g_autoptr(NetCredential) credential = hurried_new(&calls);

    net_credential_set_life(credential, 10);
    for (guint times = 1; times <= 2; times++) {
        gint64 end_us;

        test_until(calls == times);
        end_us = g_get_monotonic_time() + NET_CREDENTIAL_PAUSE_MS;
        end_renewal(credential, NULL, NET_ERROR_OFFLINE);
        test_until(calls == times + 1);
        g_assert_cmpint(g_get_monotonic_time(), >=, end_us);
    }
}

/* Refused for good: nothing follows. The first pause would be at most twice as long as the least. */
static void test_early_refused(void)
{
    guint calls = 0;
    g_autoptr(NetCredential) credential = hurried_new(&calls);

    net_credential_set_life(credential, 10);
    test_until(calls);
    end_renewal(credential, NULL, NET_ERROR_UNAUTHORIZED);
    outlive(3 * NET_CREDENTIAL_PAUSE_MS / 1000);
    g_assert_cmpuint(calls, ==, 1);
}

static void on_renew_at_once(NetCredential *credential, gpointer user_data)
{
    guint *calls = user_data;

    (*calls)++;
    end_renewal(credential, NULL, NET_ERROR_OFFLINE);
}

/* A hook that cannot even begin, be it called for a 401 or by the clock. */
static void test_hook_fails_at_once(void)
{
    guint calls = 0;
    g_autoptr(NetCredential) credential = hurried_new(&calls);
    TestDone done = { 0 };

    net_credential_set_renewer(credential, on_renew_at_once, &calls);
    renew(credential, NULL, &done);
    g_assert_cmpint(outcome(&done), ==, NET_ERROR_OFFLINE);
    net_credential_set_life(credential, 10);
    test_until(calls == 3);
    g_assert_false(net_credential_is_renewing(credential));
}

/* Due while a 401 is being answered: no second renewal, but a later one when that one fails. */
static void test_due_while_renewing(void)
{
    guint calls = 0;
    g_autoptr(NetCredential) credential = hurried_new(&calls);
    TestDone done = { 0 };

    net_credential_set_life(credential, 10);
    renew(credential, NULL, &done);
    outlive(30);
    g_assert_cmpuint(calls, ==, 1);
    end_renewal(credential, NULL, NET_ERROR_OFFLINE);
    g_assert_cmpint(outcome(&done), ==, NET_ERROR_OFFLINE);
    test_until(calls == 2);
    g_assert_true(net_credential_is_renewing(credential));
}

static void test_copy(void)
{
    g_autoptr(NetCredential) credential = net_credential_new();
    g_autoptr(NetCredential) other = net_credential_new();
    guint serial = net_credential_get_serial(credential);

    net_credential_set_bearer(other, "abc");
    net_credential_copy(credential, other);
    net_credential_set_bearer(other, "def");
    g_assert_cmpstr(net_credential_get_header(credential), ==, "Bearer abc");
    g_assert_cmpuint(net_credential_get_serial(credential), !=, serial);
    net_credential_clear(other);
    net_credential_copy(credential, other);
    g_assert_null(net_credential_get_header(credential));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/credential/headers", test_headers);
    g_test_add_func("/net/credential/basic", test_basic);
    g_test_add_func("/net/credential/key", test_key);
    g_test_add_func("/net/credential/key-and-others", test_key_and_others);
    g_test_add_func("/net/credential/no-hook", test_no_hook);
    g_test_add_func("/net/credential/one-for-all", test_one_for_all);
    g_test_add_func("/net/credential/stale", test_stale);
    g_test_add_func("/net/credential/failure-rests", test_failure_rests);
    g_test_add_func("/net/credential/pause", test_pause);
    g_test_add_func("/net/credential/no-pause-offline", test_no_pause_offline);
    g_test_add_func("/net/credential/refuse", test_refuse);
    g_test_add_func("/net/credential/failure-of-older", test_failure_of_older);
    g_test_add_func("/net/credential/nothing-new", test_nothing_new);
    g_test_add_func("/net/credential/cancel-one", test_cancel_one);
    g_test_add_func("/net/credential/cancel-late", test_cancel_late);
    g_test_add_func("/net/credential/hook-dropped", test_hook_dropped);
    g_test_add_func("/net/credential/early-times", test_early_times);
    g_test_add_func("/net/credential/early", test_early);
    g_test_add_func("/net/credential/early-again", test_early_again);
    g_test_add_func("/net/credential/life-unknown", test_life_unknown);
    g_test_add_func("/net/credential/long-life", test_long_life);
    g_test_add_func("/net/credential/disarmed", test_disarmed);
    g_test_add_func("/net/credential/early-fails", test_early_fails);
    g_test_add_func("/net/credential/early-refused", test_early_refused);
    g_test_add_func("/net/credential/hook-fails-at-once", test_hook_fails_at_once);
    g_test_add_func("/net/credential/due-while-renewing", test_due_while_renewing);
    g_test_add_func("/net/credential/copy", test_copy);
    return g_test_run();
}
