#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Signing in by allowing access in a browser: Chromium, with bitlbee and with Finch as hosts. What bitlbee said is kept
# in consent.txt, Finch's screens in finch-consent.txt, pictures in consent-page.png and signed-in-page.png.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/browser.sh
. "$(dirname "$0")/browser.sh"

keep_transcript() {
    keep_story consent
}

# --------------------------------------------------------------------------------------------------------------- pages

# fill_in PASSWORD allow|deny: the form of the server.
fill_in() {
    browser_type 'input[name=email]' demo@example.com && browser_type 'input[name=password]' "$1" &&
        browser_click "button[value=$2]"
}

# allow: opens the address that was found in the question, and does there what the user does.
allow() {
    browser_open "$address" && fill_in "$password" allow
}

# get_code: the same, and reads the page that follows. Sets $code.
get_code() {
    allow && code=$(browser_text '#code') && [ -n "$code" ]
}

# page_is LINE...: all that the browser shows.
page_is() {
    [ "$(browser_text body)" = "$(printf '%s\n' "$@")" ]
}

# ----------------------------------------------------------------------------------------------------------- questions

# find_address NUMBER: the only line that looks like one in bitlbee's question, as the user sees it. Sets $address.
find_address() {
    address=$(irc_question "$1" | grep -E 'https?:')
}

# is_whole REDIRECT: an address that nothing is missing from, and nothing was added to.
is_whole() {
    local random='[A-Za-z0-9_-]{43}' pattern

    pattern="$api_url/oauth/authorize[?]response_type=code&client_id=$client_id&redirect_uri=$1"
    pattern+="&scope=flow%20private%20profile%20manage%20offline_access"
    pattern+="&state=$random&code_challenge=$random&code_challenge_method=S256"
    [[ $address =~ ^$pattern$ ]]
}

oob_uri='urn%3Aietf%3Awg%3Aoauth%3A2[.]0%3Aoob'
loopback_uri='http%3A%2F%2F127[.]0[.]0[.]1%3A[0-9]+%2Fflowdock'

# find_port: where the plugin listens. Sets $port.
find_port() {
    port=$(sed -n 's/.*redirect_uri=http%3A%2F%2F127\.0\.0\.1%3A\([0-9]*\)%2F.*/\1/p' <<<"$address")
    [ -n "$port" ]
}

nobody_listens() {
    ! can_connect "$port"
}

# is_asked TITLE oob|loopback: a chapter up to the question.
is_asked() {
    begin_chapter "$1"
    ask DELETE /_test/requests >/dev/null
    add_irc_account secret '' auth_method oauth redirect "$2"
    tell_root 'account flowdock on'
    ok "$1: bitlbee asks" irc_asks 0 'Allow access in your web browser' || give_up 'no question'
    ok 'and says where to go' irc_asks 0 'Open this address in a web browser, if it has not opened by itself:'
    ok 'with one address' find_address 0
}

ok_signed_in() {
    ok 'the account signs in' root_says 'flowdock - Logging in: Logged in'
    ok 'channels appear' irc_has ':me!me@localhost JOIN :#acme/main'
    ok 'all of them' irc_has ':me!me@localhost JOIN :#acme/dev-team'
}

ok_signed_off() {
    ok "the reason is said: $1" root_says "flowdock - Login error: $1"
    ok 'the account signs off' root_says 'flowdock - Logging in: Signing off..'
    # What comes after it has been told, so that its absence means something.
    tell_root 'account list'
    ok 'and stays off' root_says ' 0 (flowdock): flowdock, demo@example.com'
    ok 'without trying again by itself' lacks 'Reconnecting'
}

lacks() {
    ! irc_lines | grep -qF -- "$1"
}

# -------------------------------------------------------------------------------------------------------------- stories

by_code() {
    is_asked 'the code of the page' oob
    ok 'which is whole' is_whole "$oob_uri"
    ok 'the last line says what to do then' \
        irc_asks 0 'Then enter the code that the page shows, or the address of that page.'
    browser_open "$address" || give_up "the browser opens $address: $browser_answer"
    ok 'the page names the application' browser_shows h1 'Allow Demo application?'
    browser_picture consent-page
    fill_in wrong allow
    ok 'a wrong password is refused by the page' browser_shows body 'Wrong e-mail address or password.'
    ok 'about which the host is told nothing' lacks 'purple_request_1'
    fill_in "$password" allow
    code=$(browser_text '#code') || give_up 'the page shows a code'
    irc_answer 0 "$code"
    ok_signed_in
    say acme/main 2 'Tea & <cake> at four?'
    ok 'what Ann says appears' irc_has ':Ann!Ann@flowdock PRIVMSG #acme/main :Tea & <cake> at four?'
    irc_send 'PRIVMSG #acme/main :I bring <b>milk</b> & sugar'
    ok 'a typed line arrives' has_sent acme/main 'I bring <b>milk</b> & sugar'
    ok 'the code was used once' granted authorization_code 1
}

comes_back() {
    tell_root save
    ok 'bitlbee saves' root_says 'Configuration saved'
    end_chapter
    # As PASS is given, bitlbee identifies us and signs in by itself.
    connect_irc me secret
    ok 'after coming back to bitlbee the account signs in by itself' irc_has ':me!me@localhost JOIN :#acme/main'
    ok 'asking for nothing' lacks purple_request
    ok 'with a kept refresh token' granted refresh_token 1
    ok 'and without another code' granted authorization_code 1
    end_chapter
}

by_address() {
    is_asked 'the address of the page with the code' oob
    get_code || give_up 'the page shows a code'
    pasted=$(browser_address)
    ok 'which has the code in it' test "$pasted" = "$api_url/oauth/authorize/$code"
    irc_answer 0 "$pasted"
    ok_signed_in
    end_chapter
}

by_code_after_slips() {
    is_asked 'wrong answers' oob
    first=$address
    irc_answer 0 'I do not know'
    ok 'words are no code' irc_asks 1 'There is no code in this. Enter the code, or the address of the page that the '\
'browser showed after you had allowed access.'
    ok 'so it is asked once more' irc_asks 1 'Allow access in your web browser'
    irc_answer 1 'https://example.com/oauth/authorize/abcdefgh'
    ok 'nor is the address of another site' irc_asks 2 'This address is of another page. Enter the code, or the '\
'address of the page that the browser showed after you had allowed access.'
    irc_answer 2 abcdefgh
    ok 'a made-up code is refused by the server' irc_asks 3 'The server does not accept this code. A code is good '\
'once and for some minutes only: copy it whole, or open the address anew to get another one.'
    ok 'the address is still there' find_address 3
    ok 'and the same' test "$address" = "$first"
    get_code || give_up 'the page shows a code'
    irc_answer 3 "$code"
    ok_signed_in
    ok 'nothing more is asked' lacks purple_request_4
    end_chapter
}

by_loopback() {
    is_asked 'caught by the plugin' loopback
    ok 'which is whole' is_whole "$loopback_uri"
    ok 'it is said that this may be all' irc_asks 0 'That is all if the browser runs on this computer.'
    ok 'and what to do if it is not' \
        irc_asks 0 'If it ends on a page that cannot be shown, enter that page'"'"'s address here.'
    ok 'the address says where the plugin listens' find_port
    ok 'and there it does' can_connect "$port"
    allow || give_up "the page is answered: $browser_answer"
    ok 'the browser shows that it is done' \
        page_is 'You are signed in' 'You can close this tab and go back to your chat program.'
    browser_picture signed-in-page
    ok_signed_in
    ok 'nobody listens there any more' nobody_listens
    # Somebody has kept the address, or goes back.
    browser_new_tab
    allow || give_up "the page is answered in a second tab: $browser_answer"
    ok 'allowing it in a second tab leads nowhere' browser_shows body ERR_CONNECTION_REFUSED
    ok 'and changes nothing' granted authorization_code 1
    end_chapter
}

denied() {
    is_asked 'denied' loopback
    find_port
    { browser_open "$address" && fill_in '' deny; } || give_up "the page is answered: $browser_answer"
    ok 'the browser shows that it is known' \
        page_is 'Access was denied' 'The chat program was not signed in. You can close this tab.'
    ok_signed_off 'Access was denied.'
    ok 'nobody listens there any more' nobody_listens
    end_chapter
}

# --------------------------------------------------------------------------------------------------------------- Finch

# run_finch COLUMNS oob|loopback
run_finch() {
    rm -rf "$e2e_home/.purple"
    make_user_folder gnt-purple '' "$(finch_prefs "$1" 24)" \
        "$(xml_setting auth_method oauth)$(xml_setting redirect "$2")"
    terminal new-session -d -x "$1" -y 24 "${host_env[@]}" finch -c "$user_folder"
}

# keep_screen TITLE: what was looked at last.
keep_screen() {
    mkdir -p "$e2e_out"
    printf '=== %s\n%s\n' "$1" "$screen" >>"$e2e_out/finch-consent.txt"
}

# What is between the two sentences, without the frame; a line ends where the next begins. Sets $address.
find_address_on_screen() {
    look
    address=$(sed -n 's/^│\([^│]*[^│ ]\) *│.*/\1/p' <<<"$screen" |
        sed '1,/^Open this address in a web browser/d; /^Then enter the code/,$d; /^That is all if/,$d' | tr -d '\n')
    [ -n "$address" ]
}

is_empty_terminal() {
    ! terminal has-session 2>/dev/null
}

end_finch() {
    terminal send-keys M-q
    ok 'Finch ends by itself' is_empty_terminal
}

finch_by_code() {
    run_finch 80 oob
    ok 'Finch asks' shows 'Allow access in your web browser' || give_up 'no question'
    ok 'all of it is on a screen of 80 columns' shows 'Then enter the code that the page shows'
    keep_screen '80 columns, oob'
    ok 'with an address over several lines' find_address_on_screen
    ok 'which is whole when these are put together' is_whole "$oob_uri"
    get_code || give_up "the page shows a code: $browser_answer"
    terminal send-keys -l -- "$code"
    ok 'the code can be typed' shows "$code"
    terminal send-keys Tab Enter
    ok 'the account signs in, a room opens' shows 'acme/main (demo'
    keep_screen '80 columns, after the code'
    ok 'a refresh token is kept' grep -q '<password>refresh-token:' "$user_folder/accounts.xml"
    end_finch
}

finch_by_loopback() {
    run_finch 120 loopback
    ok 'Finch asks' shows 'Allow access in your web browser' || give_up 'no question'
    ok 'all of it is on a screen of 120 columns' shows "enter that page's address here."
    keep_screen '120 columns, loopback'
    ok 'with an address over several lines' find_address_on_screen
    ok 'which is whole when these are put together' is_whole "$loopback_uri"
    find_port
    allow
    ok 'the browser shows that it is done' \
        page_is 'You are signed in' 'You can close this tab and go back to your chat program.'
    ok 'the account signs in, a room opens' shows 'acme/main (demo'
    keep_screen '120 columns, after allowing'
    ok 'nobody listens any more' nobody_listens
    end_finch
}

rm -f "$e2e_out/finch-consent.txt"
need bitlbee chromedriver finch tmux
set_up
unset TMUX
host_environment LANG=C.UTF-8 TZ=UTC TERM=screen-256color
write_seed
start_server "$seed"
start_browser
start_bitlbee
at_exit keep_transcript
by_code
comes_back
by_address
by_code_after_slips
by_loopback
denied
ok_quiet
if [ -n "$(sanitizers)" ]; then
    echo '# Finch does not start with sanitizers'
else
    at_exit end_terminal
    finch_by_code
    finch_by_loopback
fi
finish_tests
