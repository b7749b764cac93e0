/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of the headless host. */
#include "host-record.h"

#include "../unit/test-util.h"

static GPtrArray *entries;
static GString *joined;
static const char *ignored;

void host_record_ignore(const char *glob)
{
    ignored = glob;
}

void host_record(const char *format, ...)
{
    va_list arguments;
    char *entry;

    if (!entries)
        entries = g_ptr_array_new_with_free_func(g_free);
    va_start(arguments, format);
    entry = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_test_message("%s", entry);
    if (ignored && g_pattern_match_simple(ignored, entry))
        g_free(entry);
    else
        g_ptr_array_add(entries, entry);
}

void host_record_clear(void)
{
    if (entries)
        g_ptr_array_set_size(entries, 0);
}

const char *host_record_text(void)
{
    if (!joined)
        joined = g_string_new(NULL);
    g_string_truncate(joined, 0);
    for (guint i = 0; entries && i < entries->len; i++)
        g_string_append_printf(joined, "%s%s", i ? "\n" : "", (char *)entries->pdata[i]);
    return joined->str;
}

guint host_record_count(const char *glob)
{
    guint count = 0;

    for (guint i = 0; entries && i < entries->len; i++)
        count += g_pattern_match_simple(glob, entries->pdata[i]) ? 1 : 0;
    return count;
}

void host_wait_times(const char *glob, guint times)
{
    g_test_message("waiting for %u times: %s", times, glob);
    test_until(host_record_count(glob) >= times);
}

void host_wait(const char *glob)
{
    host_wait_times(glob, 1);
}

void host_expect(const char *expected)
{
    g_auto(GStrv) lines = g_strsplit(expected, "\n", -1);
    guint count = *expected ? g_strv_length(lines) : 0;

    test_until((entries ? entries->len : 0) >= count);
    test_settle();
    g_assert_cmpstr(host_record_text(), ==, expected);
    host_record_clear();
}
