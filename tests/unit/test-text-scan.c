/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text-scan: the master tests of the sheet, 6.3 to 6.5, word for word, and what the sheet says beside them. */
#include "text/text-scan.h"

#include <string.h>

typedef struct {
    const char *text;
    const char *found; /* separated by spaces */
} Row;

static const Row hashtag_rows[] = {
    { "http://f.com/a#anchor #hashtag", "hashtag" },
    { "#got\n    #inquotes", "got" },
    { "aoeu#aoeu #tag", "tag" },
    { "a #hashtag here", "hashtag" },
    { "this is #hashtag1", "hashtag1" },
    { "#1hashtag is this", "1hashtag" },
    { "On the #16 bus", "16" },
    { "#0", "0" },
    { "hello #foo-bar", "foo-bar" },
    { "(#hashtag1 )#hashtag2 [#hashtag3 ]#hashtag4 ’#hashtag5’#hashtag6",
      "hashtag1 hashtag2 hashtag3 hashtag4 hashtag5 hashtag6" },
    { "I'll write more tests #mañana", "mañana" },
    { "Working remotely #café", "café" },
    { "Getting my Oktoberfest on #münchen", "münchen" },
    { "in Turkish #dağ is a mountain", "dağ" },
    { "this is not valid: # 会議中 ハッシュ", "" },
    { "What is #트위터 anyway?", "트위터" },
    { "Just random half-width Hangul #ﾣﾦﾰ", "ﾣﾦﾰ" },
    { "What is #ашок anyway?", "ашок" },
    { "#ελληνικά is a hashtag", "ελληνικά" },
    { "#カタカナ is a hashtag", "カタカナ" },
    { "#ひらがな FTW!", "ひらがな" },
    { "#漢字 is the future", "漢字" },
    { "Hashtag #カタカナ", "カタカナ" },
    { "Japanese hashtags #ひらがな", "ひらがな" },
    { "Study time #漢字", "漢字" },
    { "See my #カタカナ hashtag?", "カタカナ" },
    { "Study #ひらがな for fun and profit", "ひらがな" },
    { "Some say #漢字 is the past. what do they know?", "漢字" },
    { "日本語ハッシュタグテスト #日本語ハッシュタグ", "日本語ハッシュタグ" },
    { "日本語ハッシュテスト。#日本語ハッシュタグ", "日本語ハッシュタグ" },
    { "#日本語ハッシュタグ。", "日本語ハッシュタグ" },
    { "全角英数字ハッシュタグ ＃ｈａｓｈｔａｇ１２３", "ｈａｓｈｔａｇ１２３" },
    { "日本語ハッシュタグ#日本語ハッシュタグ", "" },
    { "長音ハッシュタグ。#サッカー", "サッカー" },
    { "長音ハッシュタグ。#ｻｯｶｰ", "ｻｯｶｰ" },
    { "#ﾊｯｼｭﾀｸﾞ #ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "ﾊｯｼｭﾀｸﾞ ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ" },
    { "できましたよー！#日本語ハッシュタグ。", "日本語ハッシュタグ" },
    { "できましたよー！＃日本語ハッシュタグ。", "日本語ハッシュタグ" },
    { "#云々 #学問のすゝめ #いすゞ #各〻", "云々 学問のすゝめ いすゞ 各〻" },
    { "Here’s a test tweet for you: #Ateş #qrşt #ştu #ş", "Ateş qrşt ştu ş" },
    { "#hashtag: #hashtag; #hashtag, #hashtag. #hashtag! #hashtag?",
      "hashtag hashtag hashtag hashtag hashtag hashtag" },
    { ":#hashtag ;#hashtag ,#hashtag .#hashtag !#hashtag ?#hashtag",
      "hashtag hashtag hashtag hashtag hashtag hashtag" },
    { "#hashtag\ntest\n#hashtag2\ntest\n#hashtag3\n", "hashtag hashtag2 hashtag3" },
    { "#http://twitter.com #https://twitter.com https://twitter.com/#login", "" },
};

static const Row mention_rows[] = {
    { "oo@some @other", "@other" },
    { "@some\n    but not this @other", "@some" },
    { "@username reply", "@username" },
    { "mention @username", "@username" },
    { "mention @username in the middle", "@username" },
    { "mention @user_name", "@user_name" },
    { "mention @J.R", "@J.R" },
    { "i'm mentioning @username.", "@username" },
    { "mention @user-name", "@user-name" },
    { "mention @12345", "@12345" },
    { "mention @username1 @username2, @user.name @davy.crokett.", "@username1 @username2 @user.name @davy.crokett" },
    { "@aliceìnheiro something something", "@aliceìnheiro" },
    { "@http://twitter.com", "" },
    { "@username\n@mention", "@username @mention" },
};

static const Row link_rows[] = {
    { "    http://quoted.example.com", "http://quoted.example.com" },
    { "text http://google.com/#foo", "http://google.com/#foo" },
    { "text http://somehost.com:3000", "http://somehost.com:3000" },
    { "http://127.0.0.1:3000", "http://127.0.0.1:3000" },
    { "http://build.local", "http://build.local" },
    { "http://build.dmz", "http://build.dmz" },
    { "text http://xo.com/,.;x", "http://xo.com/,.;x" },
    { "http://foo.customtld/path", "http://foo.customtld/path" },
    { "text http://en.wikipedia.org/wiki/Primer_(film)", "http://en.wikipedia.org/wiki/Primer_(film)" },
    { "text http://msdn.microsoft.com/ja-jp/library/system.net.httpwebrequest(v=VS.100).aspx",
      "http://msdn.microsoft.com/ja-jp/library/system.net.httpwebrequest(v=VS.100).aspx" },
    { "text http://domain-dash_2314352345_dfasd.foo-cow_4352.com", "" },
    { "text http://no-tld", "http://no-tld" },
    { "text http://no-tld:1337", "http://no-tld:1337" },
    { "text http://domain/foo?bar", "http://domain/foo?bar" },
    { "text http://tld-too-short.x", "" },
    { "text http://word-and-a-number-8-ftw.domain.com/", "http://word-and-a-number-8-ftw.domain.com/" },
    { "text http://domain.com-that-you-should-have-put-a-space-after", "http://domain.com" },
    { "text http://foo.com?#foo text", "http://foo.com?#foo" },
    { "foo.com foo.net foo.org foo.edu foo.gov", "foo.com foo.net foo.org foo.edu foo.gov" },
    { "foo.bax foo.co.jp www.foo.bax www.foo.co.uk wwwww.foo foo.comm foo.somecom foo.govedu foo.jp foo.something.fi",
      "foo.co.jp www.foo.co.uk foo.jp foo.something.fi" },
    { "test -dash.com", "" },
    { "test dash-.com", "" },
    { "t.co/abcde bit.ly/abcde", "t.co/abcde bit.ly/abcde" },
    { "Go to http://example.com/a+ or http://example.com/a-", "http://example.com/a+ http://example.com/a-" },
    { "@user Try http:// example.com/path", "example.com/path" },
    { "test http://sub_domain-dash.twitter.com", "http://sub_domain-dash.twitter.com" },
    { "test http://-leadingdash.twitter.com", "" },
    { "test http://_leadingunderscore.twitter.com", "" },
    { "test http://twitter-.com", "" },
    { "test http://twitter_underscore.com", "" },
    { "test http://twitter.c_o_m", "" },
    { "test http://www.foo.com/foo/path-with-period./", "http://www.foo.com/foo/path-with-period./" },
    { "test http://www.foo.com/bar-path/some.stm?param1=foo;param2=P1|0||P2|0",
      "http://www.foo.com/bar-path/some.stm?param1=foo;param2=P1|0||P2|0" },
    { "test http://twitter.com/.", "http://twitter.com/" },
    { "Test a ton of periods http://example.com/path..........................................",
      "http://example.com/path" },
    { "#test.com @test.com #http://test.com @http://test.com #t.co/abcde @t.co/abcde", "" },
    { "Check this site out http://t.co/FNkPfmii- it's great", "http://t.co/FNkPfmii" },
    { "$http://twitter.com $twitter.com $http://t.co/abcde $t.co/abcde $t.co $TVI.CA $RBS.CA", "" },
    { "baar http://example.org/my-document/@@as-message foo", "http://example.org/my-document/@@as-message" },
};

/* What the parser answered to further inputs (6.3, second table; both columns). */
static const Row more_hashtag_rows[] = {
    { "/#tag", "" },
    { "x/#a", "" },
    { "&#39;", "" },
    { "#a#b", "" },
    { "@user#tag", "" },
    { "_#tag_", "" },
    { "#", "" },
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
    { "#a＃b #x", "x" },
};

static const Row more_mention_rows[] = {
    { "/#tag x/#a &#39; #a#b _#tag_ #", "" },
    { "@user#tag", "" },
    { "#tag@user", "" },
    { "great.@username", "@username" },
    { "@@bob", "@bob" },
    { "＠bob", "" },
    { "@user.name.", "@user.name" },
    { "@.bob", "@.bob" },
    { "@bob-", "@bob-" },
    { "@Bob's", "@Bob" },
    { "@all hi @everyone", "@all @everyone" },
    { "a@b.com #x", "" },
};

/* 6.2: what may not stand before a link, and what may; and where a link ends. */
static const Row more_link_rows[] = {
    { "@a.com #a.com $a.com =a.com /a.com -a.com .a.com _a.com !a.com \"a.com\" 'a.com'", "" },
    { "@http://a #http://a $http://a =http://a /http://a -http://a .http://a _http://a !http://a \"http://a'http://a",
      "" },
    { "xhttp://a.com 1http://a.com", "" },
    { "(a.com) [b.com] :c.com ,d.com", "a.com b.com c.com d.com" },
    { "(http://a.com) [http://b.com] :http://c.com ,http://d.com",
      "http://a.com http://b.com http://c.com http://d.com" },
    { "これはa.comで、http://b.com/cです", "a.com http://b.com/c" },
    { "HTTP://A.COM/x WWW.A.BIZ", "HTTP://A.COM/x WWW.A.BIZ" },
    { "http://✪df.ws/é", "http://✪df.ws/é" },
    { "my_host.a.com, a.xn--p1ai/", "my_host.a.com a.xn--p1ai/" },
    { "http://a.com:80! http://a.com? http://a.com/x?y=1. http://a.com/x;",
      "http://a.com:80 http://a.com http://a.com/x?y=1 http://a.com/x" },
    { "http://a.com/x(y)z http://a.com/x(y http://a.com/x)", "http://a.com/x(y)z http://a.com/x http://a.com/x" },
    { "(see http://a.com?b=(c)) [http://a.com?b[]=c]", "http://a.com?b=(c) http://a.com?b[]=c" },
    { "http://a.com/@b/ http://a.com/b.@c http://a.com/b@@@c", "http://a.com/@b/ http://a.com/b http://a.com/b" },
    { "https://t.co/Abc1.x http://t.co t.co/Abc1-x", "https://t.co/Abc1 http://t.co t.co/Abc1-x" },
    /* As the parser had it: a bare host without a path is the host alone, and the rest is nothing. */
    { "a.com:80 a.com?b=#c a.com:80/x", "a.com a.com a.com:80/x" },
    { "1.2.3.4 http://1.2.3.4/x http://1234.5.6.7/x", "http://1.2.3.4/x" },
    { "http:// http://. http://a http://a.", "" },
    { "=éa.com", "" },
    { "http://a.com/x() http://a.com/(x(y))", "http://a.com/x http://a.com/" },
    { "ftp://a.com/x onenote:http://a.com", "http://a.com" },
};

/* 6.2 has no grammar; these follow the parser's tests. */
static const Row email_rows[] = {
    { "testing+wife@example.org was her address", "testing+wife@example.org" },
    { "one@example.com,two@example.co.uk, three@example.co", "one@example.com two@example.co.uk three@example.co" },
    { "(one@example.com) \"two@example.com\" 'three@example.com'.",
      "one@example.com two@example.com three@example.com" },
    { "foo.com@bar.com", "foo.com@bar.com" },
    { "first.last@example.com a_b-c@example.com 13@example.com",
      "first.last@example.com a_b-c@example.com 13@example.com" },
    { "[a@b.com] |c@b.com|", "a@b.com c@b.com" },
    { "a@b a@b.nosuch a@-b.com @b.com a@@b.com", "" },
    { "    quoted@example.com\nfree@example.com", "free@example.com" },
    { "#tag@example.com", "" },
};

/* Returns: (transfer full): the spans of a kind, joined by spaces; a hashtag without its mark. */
static char *find_all(const char *text, TextSpanKind kind)
{
    g_autoptr(GArray) spans = text_scan(text);
    GString *found = g_string_new(NULL);

    for (guint i = 0; i < spans->len; i++) {
        const TextSpan *span = &g_array_index(spans, TextSpan, i);
        const char *start = text + span->start, *end = start + span->length;

        if (span->kind != kind)
            continue;
        if (kind == TEXT_SPAN_HASHTAG)
            start = g_utf8_next_char(start);
        g_string_append_printf(found, "%s%.*s", found->len ? " " : "", (int)(end - start), start);
    }
    return g_string_free(found, FALSE);
}

static void check_rows(const Row *rows, gsize n_rows, TextSpanKind kind)
{
    for (gsize i = 0; i < n_rows; i++) {
        g_autofree char *found = find_all(rows[i].text, kind);

        g_test_message("row %zu", i + 1);
        g_assert_cmpstr(found, ==, rows[i].found);
    }
}

static void test_hashtags(void)
{
    check_rows(hashtag_rows, G_N_ELEMENTS(hashtag_rows), TEXT_SPAN_HASHTAG);
}

static void test_hashtags_more(void)
{
    check_rows(more_hashtag_rows, G_N_ELEMENTS(more_hashtag_rows), TEXT_SPAN_HASHTAG);
}

static void test_mentions(void)
{
    check_rows(mention_rows, G_N_ELEMENTS(mention_rows), TEXT_SPAN_MENTION);
}

static void test_mentions_more(void)
{
    check_rows(more_mention_rows, G_N_ELEMENTS(more_mention_rows), TEXT_SPAN_MENTION);
}

static void test_links(void)
{
    check_rows(link_rows, G_N_ELEMENTS(link_rows), TEXT_SPAN_LINK);
}

static void test_links_more(void)
{
    check_rows(more_link_rows, G_N_ELEMENTS(more_link_rows), TEXT_SPAN_LINK);
}

static void test_emails(void)
{
    check_rows(email_rows, G_N_ELEMENTS(email_rows), TEXT_SPAN_EMAIL);
}

/* Returns: (transfer full): all spans: kind, start and length of each. */
static char *describe(const char *text)
{
    static const char *const kinds[] = { "quote", "link", "hashtag", "mention", "email" };
    g_autoptr(GArray) spans = text_scan(text);
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < spans->len; i++) {
        const TextSpan *span = &g_array_index(spans, TextSpan, i);

        g_string_append_printf(all, "%s%s %zu %zu", i ? ", " : "", kinds[span->kind], span->start, span->length);
    }
    return g_string_free(all, FALSE);
}

static void test_spans(void)
{
    static const struct {
        const char *name, *text, *spans;
    } cases[] = {
        { "nothing", "", "" },
        { "no span", "hello world", "" },
        { "all kinds", "#a @b http://c.de f@g.fi\n    x",
          "hashtag 0 2, mention 3 2, link 6 11, email 18 6, quote 25 5" },
        { "bytes, not characters", "é ＃日本 @é", "hashtag 3 9, mention 13 3" },
        { "earliest first", "a.de/#b @c.de", "link 0 7, mention 8 5" },
        { "a host before an e-mail address", "a.de.b@c.de", "link 0 4, email 4 7" },
        { "a quote each line", "    a\n    b\nc\n\t\t\t\td", "quote 0 5, quote 6 5, quote 14 5" },
        { "wide blanks quote", "\xe3\x80\x80\xc2\xa0 \ta", "quote 0 8" },
        { "line ends are no blanks of the line", "a\n\n\n\n\n@b\n\n   @c\n   \n", "mention 6 2, mention 13 2" },
        { "line ends of other systems", "@a\r\n    @b\r    @c\xe2\x80\xa8    @d",
          "mention 0 2, quote 4 6, quote 11 6, quote 20 6" },
        { "a quote in pieces", "    see a.de, b.de @c", "quote 0 8, link 8 4, quote 12 2, link 14 4, quote 18 3" },
        { "a port is not in the link, but in the quote", "    a.de:80 x", "quote 0 4, link 4 4, quote 8 5" },
        { "links from end to end of a quote", "    a.de", "quote 0 4, link 4 4" },
        { "four blanks inside a line", "@a    @b", "mention 0 2, mention 6 2" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *spans = describe(cases[i].text);

        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(spans, ==, cases[i].spans);
    }
}

/* Returns: (transfer full): all links of the renderer's rule, joined by spaces. */
static char *find_links(const char *text)
{
    GString *found = g_string_new(NULL);
    gsize start, length;

    for (gsize from = 0; text_scan_link(text, from, &start, &length); from = start + length)
        g_string_append_printf(found, "%s%.*s", found->len ? " " : "", (int)length, text + start);
    return g_string_free(found, FALSE);
}

static void test_rendered_links(void)
{
    static const Row rows[] = {
        { "Hello World", "" },
        { "bar http://flowdock.com baz", "http://flowdock.com" },
        { "http://twitter.com\nfoo\nhttps://github.com\nbar", "http://twitter.com https://github.com" },
        /* 7.1: any scheme */
        { "onenote:http://example.com ONENOTE:https://a.b/c", "onenote:http://example.com ONENOTE:https://a.b/c" },
        { "ftp://a/b irc://c/d git+https://e/f chrome-extension://g x://h",
          "ftp://a/b irc://c/d git+https://e/f chrome-extension://g x://h" },
        { "see:http://a.b end.http://c.d 2http://e.f いまhttp://g.h", "http://a.b http://c.d http://e.f http://g.h" },
        { "://a 1://b http:// http://. http:/// x://( mailto:a@b.com onenote:x", "" },
        /* behind a mark, and in marks of emphasis */
        { "#http://x.y @http://x.y", "http://x.y http://x.y" },
        { "**http://a.b** *http://a.b* _http://a.b_ ~~http://a.b~~ `http://a.b` |http://a.b|",
          "http://a.b http://a.b http://a.b http://a.b http://a.b http://a.b" },
        { "https://a.b/_/some_thing_ http://a.b/x---y#z---w", "https://a.b/_/some_thing http://a.b/x---y#z---w" },
        /* quotation marks and angle brackets */
        { "\"http://a.b\",\"http://c.d\" 'http://a.b','http://c.d'", "http://a.b http://c.d http://a.b http://c.d" },
        { "<http://a.b>c <a href=http://a.b>", "http://a.b http://a.b" },
        { "http://graphite/render?target=summarize(derivative(app.numUsers),\"1min\")&title=New_Users",
          "http://graphite/render?target=summarize(derivative(app.numUsers),\"1min\")&title=New_Users" },
        /* final punctuation */
        { "http://a.b/c. http://a.b/c, http://a.b/c; http://a.b/c: http://a.b/c! http://a.b/c?",
          "http://a.b/c http://a.b/c http://a.b/c http://a.b/c http://a.b/c http://a.b/c" },
        { "http://a.b/... http://a.b/c… http://a.b/c。 http://a.b/c’ http://a.b/it's",
          "http://a.b/ http://a.b/c http://a.b/c http://a.b/c http://a.b/it's" },
        { "http://a.b/# http://a.b/?c= http://a.b/- http://a.b/c+",
          "http://a.b/# http://a.b/?c= http://a.b/- http://a.b/c+" },
        /* brackets */
        { "(http://a.b) [http://a.b] {http://a.b} （http://a.b） 「http://a.b/c」",
          "http://a.b http://a.b http://a.b http://a.b http://a.b/c" },
        { "http://a.b/f(lowdock)_is_cool http://a.b/#t(ea)m", "http://a.b/f(lowdock)_is_cool http://a.b/#t(ea)m" },
        { "(https://a.b/Terminator_(franchise)), https://a.b/Terminator_(franchise).",
          "https://a.b/Terminator_(franchise) https://a.b/Terminator_(franchise)" },
        { "http://a.b/c) http://a.b(see there http://a.b/(c(d) http://a.b/( http://[::1]:80/x",
          "http://a.b/c http://a.b http://a.b/ http://a.b/ http://[::1]:80/x" },
        { "[[a](http://b.c)](http://d.e)", "http://b.c http://d.e" },
        { "http://a.b/((((((((((((((((c)))))))))))))))) http://a.b/(((((((((((((((((d)))))))))))))))))",
          "http://a.b/((((((((((((((((c)))))))))))))))) http://a.b/" },
        /* bare hosts */
        { "Hi from twitter.com, www.twitter.com/x. TWITTER.COM!", "twitter.com www.twitter.com/x TWITTER.COM" },
        { "\"twitter.com\" 'twitter.com' (twitter.com) _twitter.com_ twitter.com.",
          "twitter.com twitter.com twitter.com twitter.com" },
        { "@a.com #a.com ＠a.com ＃a.com $a.com =a.com /a.com -a.com .a.com !a.com", "" },
        { "joe@twitter.com foo.com@bar.com foo.bax foo.comm foo.com.customtld foo.com-bar foo.de-.x", "" },
        { "a.com:80 a.com:80/x?y#z a.com?x a.com#x a.com:x a.com:80x a.com/",
          "a.com:80 a.com:80/x?y#z a.com?x a.com#x a.com a.com a.com/" },
        { "-dash.com dash-.com a_b.com a_b.c.com www..com .com com a.xn--", "a_b.c.com" },
        { "münchen.de пример.com a.xn--p1ai", "münchen.de пример.com a.xn--p1ai" },
        { "http://no-tld build.local 1.2.3.4", "http://no-tld build.local" },
        { "a.com\xe2\x80\xaexyz http://a.b/\xe2\x80\xaexyz", "a.com http://a.b/" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *found = find_links(rows[i].text);

        g_test_message("row %zu", i + 1);
        g_assert_cmpstr(found, ==, rows[i].found);
    }
}

/* The parts of a link that are left when it is begun in the middle are none, but for a scheme. */
static void test_from_the_middle(void)
{
    static const char text[] = "a.com b-http://c.d";
    gsize start = 77, length = 77;

    g_assert_true(text_scan_link(text, 0, &start, &length));
    g_assert_cmpuint(start, ==, 0);
    g_assert_true(text_scan_link(text, 1, &start, &length));
    g_assert_cmpuint(start, ==, strlen("a.com b-"));
    g_assert_true(text_scan_link(text, strlen("a.com b-h"), &start, &length));
    g_assert_cmpstr(text + start, ==, "ttp://c.d");
    g_assert_false(text_scan_link(text, strlen("a.com b-http:"), &start, &length));
    g_assert_false(text_scan_link(text, strlen(text), &start, &length));
    g_assert_cmpstr(text + start, ==, "ttp://c.d");
}

/* What stands before @from counts, even if it is a broken character. */
static void test_before_from(void)
{
    static const struct {
        const char *before;
        gboolean found;
    } cases[] = {
        { "", TRUE },    { "😀", TRUE },  { "、", TRUE },     { "(", TRUE },         { "é", FALSE },
        { "日", FALSE }, { "@", FALSE }, { "(\x80", FALSE }, { "\xe2\x80", FALSE }, { "\x80\x80\x80\x80\x80", FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(cases[i].before, "a.com", NULL);
        gsize start, length;

        g_test_message("case %zu", i + 1);
        g_assert_cmpint(text_scan_link(text, strlen(cases[i].before), &start, &length), ==, cases[i].found);
    }
}

static void test_address(void)
{
    static const struct {
        const char *link, *address;
    } cases[] = {
        { "http://a.b/c", "http://a.b/c" },
        { "HTTPS://a.b/c?d#e", "HTTPS://a.b/c?d#e" },
        { "ftp://a/b", "ftp://a/b" },
        { "mailto:a@b.com", "mailto:a@b.com" },
        { "mailto:a@b.com?subject=x&attach=/etc/passwd", "mailto:a@b.com" },
        { "onenote:http://a.b", "onenote:http://a.b" },
        { "OneNote:https://a.b", "OneNote:https://a.b" },
        { "irc://a/b", "irc://a/b" },
        { "xmpp:a@b.com", "xmpp:a@b.com" },
        { "tel:+123", "tel:+123" },
        { "twitter.com", "http://twitter.com" },
        { "twitter.com/x?y=javascript:z", "http://twitter.com/x?y=javascript:z" },
        { "twitter.com:80/x", "http://twitter.com:80/x" },
        { "my_host.a.com", "http://my_host.a.com" },
        { "münchen.de", "http://münchen.de" },
        { "a@b.com", "mailto:a@b.com" },
        { "javascript:alert(1)", NULL },
        { "JavaScript://a.com/%0aalert(1)", NULL },
        { "javascript.com:alert(1)", NULL },
        { "java\tscript:alert(1)", NULL },
        { "\x01javascript:alert(1)", NULL },
        { " javascript:alert(1)", NULL },
        { "data:text/html,x", NULL },
        { "vbscript:x", NULL },
        { "file:///etc/passwd", NULL },
        { "//a.com/x", NULL },
        { "\\\\a.com\\x", NULL },
        { "smb://a/b", NULL },
        { "ssh://-oProxyCommand=x", NULL },
        { "onenote:file:///x", NULL },
        { "onenote:onenote:http://a.b", NULL },
        { "x:http://a.b", NULL },
        { "http:", NULL },
        { "http://", NULL },
        { "http:a", NULL },
        { "mailto:", NULL },
        { "mailto:?attach=x", NULL },
        { "http://a.b/c d", NULL },
        { "http://a.b/\xe2\x80\xae", NULL },
        { "http://a.b/\xff", NULL },
        { "plain", NULL },
        { "/x", NULL },
        { "#x", NULL },
        { "", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(cases[i].link, "zz", NULL);
        g_autofree char *address = text_scan_address(text, strlen(cases[i].link));

        g_test_message("row %zu", i + 1);
        g_assert_cmpstr(address, ==, cases[i].address);
    }
}

static void test_address_with_nul(void)
{
    g_assert_null(text_scan_address("http://a.b\0c", sizeof "http://a.b\0c" - 1));
}

static void test_has_word(void)
{
    static const struct {
        const char *text, *word;
        gboolean has;
    } cases[] = {
        { "aa nick foo", "nick", TRUE }, { "nick foo", "nick", TRUE },    { "foo nick", "nick", TRUE },
        { "!nick", "nick", TRUE },       { "nick!", "nick", TRUE },       { "no no no", "nick", FALSE },
        { "NICK", "nick", TRUE },        { "nick", "NICK", TRUE },        { "@nick nick's", "nick", TRUE },
        { "nick-name", "nick", TRUE },   { "nickname", "nick", FALSE },   { "snick", "nick", FALSE },
        { "nick_", "nick", FALSE },      { "nick1", "nick", FALSE },      { "nickname nick", "nick", TRUE },
        { "nic", "nick", FALSE },        { "", "nick", FALSE },           { "nick", "", FALSE },
        { "foo-bar", "foo-bar", TRUE },  { "foo.bar", "foo-bar", FALSE }, { "x-bar", "-bar", TRUE },
        { "ÄRGER", "ärger", TRUE },      { "verärgert", "ärger", FALSE }, { "Ölaf", "laf", FALSE },
        { "ΝΙΚΟΣ", "νικος", TRUE },      { "漢字 です", "漢字", TRUE },   { "nick\xff", "nick", TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("row %zu", i + 1);
        g_assert_cmpint(text_scan_has_word(cases[i].text, cases[i].word), ==, cases[i].has);
    }
}

/* Spans lie one behind the other in the text; those that do not quote begin and end between characters, whatever bytes
 * are around them. */
static void check_spans(const char *text)
{
    g_autoptr(GArray) spans = text_scan(text);
    gsize size = strlen(text), end = 0;

    for (guint i = 0; i < spans->len; i++) {
        const TextSpan *span = &g_array_index(spans, TextSpan, i);

        g_assert_cmpuint(span->start, >=, end);
        g_assert_cmpuint(span->length, >, 0);
        end = span->start + span->length;
        g_assert_cmpuint(end, <=, size);
        if (span->kind != TEXT_SPAN_QUOTE)
            g_assert_true(g_utf8_validate_len(text + span->start, span->length, NULL));
    }
}

/* The same for links, and no address of one runs anything. */
static void check_links(const char *text)
{
    gsize size = strlen(text), end = 0, start, length;

    while (text_scan_link(text, end, &start, &length)) {
        g_autofree char *address = text_scan_address(text + start, length);
        g_autofree char *scheme = address ? g_uri_parse_scheme(address) : NULL;

        g_assert_cmpuint(start, >=, end);
        g_assert_cmpuint(length, >, 0);
        end = start + length;
        g_assert_cmpuint(end, <=, size);
        g_assert_true(g_utf8_validate_len(text + start, length, NULL));
        if (address) {
            g_assert_nonnull(scheme);
            g_assert_nonnull(strstr(" http https ftp irc onenote ", scheme));
        }
    }
}

static const char *const tricky[] = {
    "a",
    "b",
    "1",
    "é",
    "日",
    "ж",
    "。",
    "「",
    "」",
    "😀",
    "x.com",
    "t.co",
    "co.jp",
    "com",
    "xn--",
    "127.0.0.1",
    "a@b.com",
    "http://",
    "https://",
    "ftp://",
    "irc://",
    "onenote:",
    "javascript:",
    "://",
    "#",
    "＃",
    "@",
    "＠",
    "-",
    "_",
    ".",
    ",",
    ":",
    "/",
    "?",
    "=",
    "&",
    "(",
    ")",
    "[",
    "]",
    "!",
    "'",
    "\"",
    "`",
    "%",
    "+",
    "|",
    "~",
    "*",
    "$",
    ";",
    "<",
    ">",
    "\\",
    " ",
    "    ",
    "\n",
    "\r",
    "\xc2\xa0",
    "\xe2\x80\xa8",
    "\xe2\x80\xae",
};

/* The seed, which GLib prints, says what the text was. */
static void test_any_text(void)
{
    for (int round = 0; round < 4000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (int length = g_test_rand_int_range(0, 30); length > 0; length--)
            g_string_append(text, tricky[g_test_rand_int_range(0, G_N_ELEMENTS(tricky))]);
        check_spans(text->str);
        check_links(text->str);
    }
}

/* No valid UTF-8, such as never comes here: nothing is read beyond the end, and no broken byte is in a link. */
static void test_any_bytes(void)
{
    for (int round = 0; round < 4000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *exact = NULL;

        for (int length = g_test_rand_int_range(0, 30); length > 0; length--) {
            if (g_test_rand_bit())
                g_string_append(text, tricky[g_test_rand_int_range(0, G_N_ELEMENTS(tricky))]);
            else
                g_string_append_c(text, (char)g_test_rand_int_range(0x80, 0x100));
        }
        exact = g_strdup(text->str);
        check_spans(exact);
        check_links(exact);
        text_scan_has_word(exact, "\xc3");
        text_scan_has_word("a", exact);
    }
}

/* A quadratic search would take minutes here, and the test be killed. */
static void test_long(void)
{
    static const char *const pieces[] = {
        "http://",
        "(",
        "@",
        "#",
        "/",
        "a.",
        "a@",
        "a@a.",
        "a_",
        "-",
        "日",
        "日.",
        "http://日",
        "a://(",
        "a.de/(",
        "a.de/(,",
        "a.de/(a),",
        "a.de?(",
        "a.de/@@",
        "a.de/,",
        "\"a.de/",
        "a+",
        "a+a://",
        "://",
        "onenote:http://",
        "#a",
        "@a.",
        "xn--",
        "a.xn--",
        "    a.de\n",
        "    \n",
        "a.de/「",
        "http://a.de/(http://a.de/",
        "\xff",
        "\x80",
        "a.b@",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) text = g_string_new(NULL);

        while (text->len < 200 * 1000)
            g_string_append(text, pieces[i]);
        g_test_message("piece %zu", i + 1);
        check_spans(text->str);
        check_links(text->str);
        g_assert_false(text_scan_has_word(text->str, "nick"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/scan/hashtags", test_hashtags);
    g_test_add_func("/text/scan/hashtags-more", test_hashtags_more);
    g_test_add_func("/text/scan/mentions", test_mentions);
    g_test_add_func("/text/scan/mentions-more", test_mentions_more);
    g_test_add_func("/text/scan/links", test_links);
    g_test_add_func("/text/scan/links-more", test_links_more);
    g_test_add_func("/text/scan/emails", test_emails);
    g_test_add_func("/text/scan/spans", test_spans);
    g_test_add_func("/text/scan/rendered-links", test_rendered_links);
    g_test_add_func("/text/scan/from-the-middle", test_from_the_middle);
    g_test_add_func("/text/scan/before-from", test_before_from);
    g_test_add_func("/text/scan/address", test_address);
    g_test_add_func("/text/scan/address-with-nul", test_address_with_nul);
    g_test_add_func("/text/scan/has-word", test_has_word);
    g_test_add_func("/text/scan/any-text", test_any_text);
    g_test_add_func("/text/scan/any-bytes", test_any_bytes);
    g_test_add_func("/text/scan/long", test_long);
    return g_test_run();
}
