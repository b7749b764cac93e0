/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the test server reads out of text, against the master tests of the sheet's section 6. */
#include "fake-text.h"

#include "test-util.h"

typedef struct {
    const char *text;
    const char *words; /* separated by spaces */
} Row;

static char *join(GPtrArray *words)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", (char *)words->pdata[i]);
    return g_string_free(text, FALSE);
}

static void test_hashtags(void)
{
    static const Row rows[] = {
        { "http://f.com/a#anchor #hashtag", "hashtag" },
        { "#got\n    #inquotes", "got" },
        { "aoeu#aoeu #tag", "tag" },
        { "#1hashtag is this", "1hashtag" },
        { "On the #16 bus", "16" },
        { "#0", "0" },
        { "hello #foo-bar", "foo-bar" },
        { "(#hashtag1 )#hashtag2 [#hashtag3 ]#hashtag4 \xe2\x80\x99#hashtag5\xe2\x80\x99#hashtag6",
          "hashtag1 hashtag2 hashtag3 hashtag4 hashtag5 hashtag6" },
        { "I'll write more tests #mañana", "mañana" },
        { "in Turkish #dağ is a mountain", "dağ" },
        { "this is not valid: # 会議中 ハッシュ", "" },
        { "What is #트위터 anyway?", "트위터" },
        { "Just random half-width Hangul #ﾣﾦﾰ", "ﾣﾦﾰ" },
        { "What is #ашок anyway?", "ашок" },
        { "#ελληνικά is a hashtag", "ελληνικά" },
        { "See my #カタカナ hashtag?", "カタカナ" },
        { "日本語ハッシュテスト。#日本語ハッシュタグ", "日本語ハッシュタグ" },
        { "#日本語ハッシュタグ。", "日本語ハッシュタグ" },
        { "全角英数字ハッシュタグ ＃ｈａｓｈｔａｇ１２３", "ｈａｓｈｔａｇ１２３" },
        { "日本語ハッシュタグ#日本語ハッシュタグ", "" },
        { "長音ハッシュタグ。#サッカー", "サッカー" },
        { "長音ハッシュタグ。#ｻｯｶｰ", "ｻｯｶｰ" },
        { "#ﾊｯｼｭﾀｸﾞ #ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "ﾊｯｼｭﾀｸﾞ ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ" },
        { "#云々 #学問のすゝめ #いすゞ #各〻", "云々 学問のすゝめ いすゞ 各〻" },
        { "Here’s a test: #Ateş #qrşt #ştu #ş", "Ateş qrşt ştu ş" },
        { "#a1: #a2; #a3, #a4. #a5! #a6?", "a1 a2 a3 a4 a5 a6" },
        { ":#a1 ;#a2 ,#a3 .#a4 !#a5 ?#a6", "a1 a2 a3 a4 a5 a6" },
        { "#hashtag\ntest\n#hashtag2\ntest\n#hashtag3\n", "hashtag hashtag2 hashtag3" },
        { "#http://twitter.com #https://twitter.com https://twitter.com/#login", "" },
        { "/#tag x/#a &#39; #a#b @user#tag _#tag_ #", "" },
        { "#tag/foo", "tag" },
        { "#foo.bar", "foo" },
        { "#foo_bar", "foo_bar" },
        { "#-", "-" },
        { "#tag-", "tag-" },
        { "#tag@user", "tag" },
        { "\"#q\"", "q" },
        { "#foo's", "foo" },
        { "`#code`", "code" },
        { "   #three", "three" },
        { "    #quoted", "" },
        { "a@b.com #x", "x" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FakeWords) words = fake_words_new(rows[i].text);
        g_autofree char *found = join(words->tags);

        g_test_message("%s", rows[i].text);
        g_assert_cmpstr(found, ==, rows[i].words);
    }
}

static void test_mentions(void)
{
    static const Row rows[] = {
        { "oo@some @other", "other" },
        { "@some\n    but not this @other", "some" },
        { "mention @user_name", "user_name" },
        { "mention @J.R", "J.R" },
        { "i'm mentioning @username.", "username" },
        { "mention @user-name", "user-name" },
        { "mention @12345", "12345" },
        { "mention @username1 @username2, @user.name @davy.crokett.", "username1 username2 user.name davy.crokett" },
        { "@aliceìnheiro something something", "aliceìnheiro" },
        { "@http://twitter.com", "" },
        { "@username\n@mention", "username mention" },
        { "great.@username", "username" },
        { "@@bob", "bob" },
        { "＠bob", "" },
        { "@user.name.", "user.name" },
        { "@.bob", ".bob" },
        { "@bob-", "bob-" },
        { "@Bob's", "Bob" },
        { "@all hi @everyone", "all everyone" },
        { "a@b.com #x", "" },
        { "@user#tag", "" },
        { "#tag@user", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FakeWords) words = fake_words_new(rows[i].text);
        g_autofree char *found = join(words->mentions);

        g_test_message("%s", rows[i].text);
        g_assert_cmpstr(found, ==, rows[i].words);
    }
}

static void test_urls(void)
{
    static const char *const with[] = {
        "    http://quoted.example.com",
        "text http://somehost.com:3000",
        "http://127.0.0.1:3000",
        "http://build.local",
        "text http://no-tld",
        "foo.com",
        "www.foo.co.uk",
        "t.co/abcde",
        "see (http://example.com)",
    };
    static const char *const without[] = {
        "plain text", "test -dash.com", "#test.com @test.com", "$http://twitter.com $TVI.CA", "a@b.com", "end.Start",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(with); i++) {
        g_autoptr(FakeWords) words = fake_words_new(with[i]);

        g_test_message("%s", with[i]);
        g_assert_true(words->has_url);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(without); i++) {
        g_autoptr(FakeWords) words = fake_words_new(without[i]);

        g_test_message("%s", without[i]);
        g_assert_false(words->has_url);
    }
}

static void test_highlight(void)
{
    static const char *const with[] = { "aa nick foo", "nick foo", "foo NICK", "!nick", "nick!" };
    static const char *const without[] = { "no no no", "nickname", "@nick" };

    for (gsize i = 0; i < G_N_ELEMENTS(with); i++)
        g_assert_true(fake_text_has_highlight(with[i], "nick"));
    for (gsize i = 0; i < G_N_ELEMENTS(without); i++)
        g_assert_false(fake_text_has_highlight(without[i], "nick"));
}

static void test_emoji(void)
{
    g_autofree char *text = fake_text_emoji(":computer: :+1::smile: :nosuch: 10:30:45");

    g_assert_cmpstr(text, ==, "💻 👍😄 :nosuch: 10:30:45");
}

static void test_times(void)
{
    g_autofree char *iso = fake_text_iso(1317397485508);

    g_assert_cmpstr(iso, ==, "2011-09-30T15:44:45.508Z");
    g_assert_cmpint(fake_text_parse_iso(iso), ==, 1317397485508);
    g_assert_cmpint(fake_text_parse_iso("nonsense"), ==, -1);
}

static void test_slug(void)
{
    g_autofree char *slug = fake_text_slug("My  new Flow!");

    g_assert_cmpstr(slug, ==, "my-new-flow");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server/text/hashtags", test_hashtags);
    g_test_add_func("/server/text/mentions", test_mentions);
    g_test_add_func("/server/text/urls", test_urls);
    g_test_add_func("/server/text/highlight", test_highlight);
    g_test_add_func("/server/text/emoji", test_emoji);
    g_test_add_func("/server/text/times", test_times);
    g_test_add_func("/server/text/slug", test_slug);
    return g_test_run();
}
