/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A client of the test server's Envoy side that knows nothing of the plugin. */
#pragma once

#include "envoy-server.h"
#include "test-fake.h"

#define TEST_ENVOY_SCOPES                                                                                              \
    "locations.read flows.read invites.read invites.write entries.read entries.write employees.read companies.read "   \
    "token.refresh"

/* With the API key. */
static inline TestFake *test_envoy_new(void)
{
    TestFake *fake = test_fake_new_with(envoy_server_new_started());

    fake->api_key = ENVOY_SERVER_API_KEY;
    return fake;
}

/* As test_fake_call(), to the Envoy side. */
static inline guint test_envoy_call(TestFake *fake, const char *method, const char *path, const char *body)
{
    g_autofree char *url = g_strconcat(envoy_server_get_url(fake->server), path, NULL);

    return test_fake_call(fake, method, url, body);
}

static inline guint test_envoy_get(TestFake *fake, const char *path)
{
    return test_envoy_call(fake, "GET", path, NULL);
}

/* The answered list. */
static inline JsonArray *test_envoy_data(TestFake *fake)
{
    JsonArray *data = fake_json_array(test_fake_object(fake), "data");

    g_assert_nonnull(data);
    return data;
}

/* The answered single thing. */
static inline JsonObject *test_envoy_thing(TestFake *fake)
{
    JsonObject *data = fake_json_object(test_fake_object(fake), "data");

    g_assert_nonnull(data);
    return data;
}

static inline gint64 test_envoy_meta(TestFake *fake, const char *name)
{
    return fake_json_int(fake_json_object(test_fake_object(fake), "meta"), name, -1);
}

/* GETs a list; its @member column is to be @expected. */
static inline void test_envoy_column(TestFake *fake, const char *path, const char *member, const char *expected)
{
    g_autofree char *column = NULL;

    g_assert_cmpuint(test_envoy_get(fake, path), ==, 200);
    column = test_fake_column(test_envoy_data(fake), member);
    g_assert_cmpstr(column, ==, expected);
}

#define test_envoy_ids(fake, path, expected) test_envoy_column(fake, path, "id", expected)

/* (transfer full): the text of tests/data/envoy/@name. */
static inline char *test_envoy_sample_text(const char *name)
{
    g_autofree char *relative = g_strconcat("envoy/", name, NULL);
    g_autofree char *path = test_data_path(relative);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

/* (transfer full) */
static inline JsonObject *test_envoy_sample(const char *name)
{
    g_autofree char *text = test_envoy_sample_text(name);
    g_autoptr(GError) error = NULL;
    JsonObject *sample = fake_json_parse_object(text, -1, &error);

    g_assert_no_error(error);
    return sample;
}

/* The text @name of the answered object. */
static inline const char *test_envoy_text(TestFake *fake, const char *name)
{
    return fake_json_string(test_fake_object(fake), name);
}
