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
    net_credential_set_basic(credential, "ann@example.com", "pass:w\xc3\xb6rd");
    g_assert_cmpstr(net_credential_get_header(credential), ==, "Basic YW5uQGV4YW1wbGUuY29tOnBhc3M6d8O2cmQ=");
    g_assert_cmpuint(net_credential_get_serial(credential), !=, serial);
    serial = net_credential_get_serial(credential);
    net_credential_clear(credential);
    g_assert_null(net_credential_get_header(credential));
    g_assert_cmpuint(net_credential_get_serial(credential), !=, serial);
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/credential/headers", test_headers);
    g_test_add_func("/net/credential/no-hook", test_no_hook);
    g_test_add_func("/net/credential/one-for-all", test_one_for_all);
    g_test_add_func("/net/credential/stale", test_stale);
    g_test_add_func("/net/credential/failure-rests", test_failure_rests);
    g_test_add_func("/net/credential/nothing-new", test_nothing_new);
    g_test_add_func("/net/credential/cancel-one", test_cancel_one);
    g_test_add_func("/net/credential/cancel-late", test_cancel_late);
    g_test_add_func("/net/credential/hook-dropped", test_hook_dropped);
    return g_test_run();
}
