/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-md-writer: lines and what they begin with. */
#include "text/text-md-writer.h"

#define NBSP "\xc2\xa0"

static void test_lines(void)
{
    g_autoptr(TextMdWriter) writer = text_md_writer_new();

    text_md_writer_break(writer);
    text_md_writer_new_line(writer);
    g_assert_cmpstr(text_md_writer_html(writer), ==, "");
    text_md_writer_words(writer, "a");
    text_md_writer_new_line(writer);
    text_md_writer_new_line(writer);
    text_md_writer_words(writer, "b");
    text_md_writer_break(writer);
    text_md_writer_break(writer);
    text_md_writer_words(writer, "c");
    text_md_writer_empty_line(writer);
    text_md_writer_drop_empty_lines(writer);
    text_md_writer_words(writer, "d");
    text_md_writer_empty_line(writer);
    g_assert_cmpstr(text_md_writer_html(writer), ==, "a<br>b<br><br>c<br>d");
}

static void test_containers(void)
{
    g_autoptr(TextMdWriter) writer = text_md_writer_new();

    text_md_writer_quote(writer);
    text_md_writer_list(writer, 9, '.');
    text_md_writer_item(writer);
    text_md_writer_words(writer, "a");
    text_md_writer_empty_line(writer);
    text_md_writer_words(writer, "b");
    text_md_writer_leave(writer);
    text_md_writer_item(writer);
    g_assert_cmpuint(text_md_writer_depth(writer), ==, 2);
    text_md_writer_list(writer, 0, '\0');
    text_md_writer_item(writer);
    text_md_writer_words(writer, "c");
    for (int i = 0; i < 5; i++)
        text_md_writer_leave(writer);
    g_assert_cmpuint(text_md_writer_depth(writer), ==, 0);
    text_md_writer_words(writer, "d");
    g_assert_cmpstr(text_md_writer_html(writer), ==,
                    "&gt; 9. a<br>&gt; <br>&gt; " NBSP NBSP NBSP "b<br>&gt; 10. • c<br>d");
}

static void test_empty_item(void)
{
    g_autoptr(TextMdWriter) writer = text_md_writer_new();

    text_md_writer_list(writer, 0, '\0');
    text_md_writer_item(writer);
    text_md_writer_leave(writer);
    text_md_writer_item(writer);
    text_md_writer_leave(writer);
    g_assert_cmpstr(text_md_writer_html(writer), ==, "• <br>• ");
}

static void test_styles(void)
{
    g_autoptr(TextMdWriter) writer = text_md_writer_new();

    text_md_writer_open(writer, TEXT_MD_BOLD);
    text_md_writer_open(writer, TEXT_MD_ITALIC);
    text_md_writer_open(writer, TEXT_MD_BOLD);
    text_md_writer_words(writer, "a");
    text_md_writer_close(writer, TEXT_MD_BOLD);
    text_md_writer_close(writer, TEXT_MD_ITALIC);
    text_md_writer_words(writer, "b");
    text_md_writer_close(writer, TEXT_MD_BOLD);
    text_md_writer_open(writer, TEXT_MD_STRIKE);
    text_md_writer_open(writer, TEXT_MD_ITALIC);
    text_md_writer_close(writer, TEXT_MD_ITALIC);
    text_md_writer_close(writer, TEXT_MD_STRIKE);
    g_assert_cmpstr(text_md_writer_html(writer), ==, "<b><i>a</i>b</b>");
}

static void test_crossing_styles(void)
{
    g_autoptr(TextMdWriter) writer = text_md_writer_new();

    text_md_writer_open(writer, TEXT_MD_BOLD);
    text_md_writer_open(writer, TEXT_MD_ITALIC);
    text_md_writer_words(writer, "a");
    text_md_writer_close(writer, TEXT_MD_BOLD);
    text_md_writer_close(writer, TEXT_MD_BOLD);
    text_md_writer_words(writer, "b");
    text_md_writer_open(writer, TEXT_MD_STRIKE);
    text_md_writer_open(writer, TEXT_MD_STRIKE);
    text_md_writer_words(writer, "c");
    text_md_writer_close_all(writer);
    text_md_writer_words(writer, "d");
    g_assert_cmpstr(text_md_writer_html(writer), ==, "<b><i>a</i></b><i>b<s>~c~</s></i>d");
}

static void test_take_back(void)
{
    g_autoptr(TextMdWriter) writer = text_md_writer_new();
    gsize length;

    text_md_writer_quote(writer);
    text_md_writer_open(writer, TEXT_MD_BOLD);
    text_md_writer_begin(writer);
    length = text_md_writer_length(writer);
    text_md_writer_words(writer, "a");
    text_md_writer_truncate(writer, length);
    text_md_writer_link(writer, "http://x/?a&b", "<");
    text_md_writer_monospace(writer, "\"");
    text_md_writer_close(writer, TEXT_MD_BOLD);
    g_assert_cmpstr(text_md_writer_html(writer), ==,
                    "&gt; <b><a href=\"http://x/?a&amp;b\">&lt;</a><font face=\"monospace\">&quot;</font></b>");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/md-writer/lines", test_lines);
    g_test_add_func("/text/md-writer/containers", test_containers);
    g_test_add_func("/text/md-writer/empty-item", test_empty_item);
    g_test_add_func("/text/md-writer/styles", test_styles);
    g_test_add_func("/text/md-writer/crossing-styles", test_crossing_styles);
    g_test_add_func("/text/md-writer/take-back", test_take_back);
    return g_test_run();
}
