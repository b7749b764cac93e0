#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every way to sign in, with bitlbee as the host: what it asks, what goes each way, what a wrong secret leads to; the
# renewal of access tokens under chat traffic; no secret in any log. What bitlbee said is kept in methods.txt.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

turns=20

keep_transcript() {
    keep_story methods
}

lacks() {
    ! irc_lines | grep -qF -- "$1"
}

has_part() {
    ! lacks "$1"
}

# sent CONVERSATION TEXT: the messages with exactly this text, one a line.
sent() {
    ask GET "/_test/messages?in=$1" | sed 's/},{"/}\n{"/g' | grep -F "\"content\":$(json_text "$2")"
}

# has_sent_as_us CONVERSATION TEXT: the server has it once, from Demo.
has_sent_as_us() {
    has_sent "$1" "$2" && sent "$1" "$2" | grep -qE '"user":"?1"?,'
}

# ------------------------------------------------------------------------------------------------------------- chapters

# begin METHOD [SECRET [SETTING VALUE]...]: a chapter up to where the account is switched on.
begin() {
    begin_chapter "$1"
    add_irc_account secret "${2-}" auth_method "$1" "${@:3}"
    tell_root 'account flowdock on'
}

ok_signed_in() {
    ok "$1: the account signs in" root_says 'flowdock - Logging in: Logged in'
    ok 'channels appear' irc_has ':me!me@localhost JOIN :#acme/main'
}

ok_talks() {
    say acme/main 2 "Do you use $1?"
    ok 'what Ann says appears' irc_has ":Ann!Ann@flowdock PRIVMSG #acme/main :Do you use $1?"
    irc_send "PRIVMSG #acme/main :Yes, $1"
    ok 'a typed line arrives as ours' has_sent_as_us acme/main "Yes, $1"
}

# ok_refused METHOD SECRET REASON
ok_refused() {
    begin "$1" "$2"
    ok "$1: a wrong secret is refused in words" root_says "flowdock - Login error: $3"
    ok_stays_off 'flowdock - Logging in: Signing off..'
    ok 'no question is asked' lacks purple_request
    end_chapter
}

# ok_stays_off LINE: with which it went.
ok_stays_off() {
    ok 'the account signs off' root_says "$1"
    # The answer comes after whatever bitlbee had to say of another attempt.
    tell_root 'account list'
    ok 'and stays off' root_says ' 0 (flowdock): flowdock, demo@example.com'
    ok 'without trying again by itself' lacks Reconnecting
}

# A browser could do no more: the query of the address is the form's hidden part.
get_code() {
    local address form

    address=$(irc_question 0 | grep -E 'https?:')
    form="${address#*\?}&email=demo%40example.com&password=$password&decision=allow"
    exchange "$api_url" POST /oauth/authorize "$form" 'Content-Type: application/x-www-form-urlencoded' >/dev/null
    code=${answer_location##*/}
    [ -n "$code" ]
}

with_oauth() {
    begin oauth '' redirect oob
    ok 'oauth: it is asked for consent' irc_asks 0 'Allow access in your web browser'
    get_code || give_up 'the server gives a code'
    irc_answer 0 "$code"
    ok_signed_in oauth
    ok_talks oauth
    ok 'the code was used' granted authorization_code 1
    end_chapter
}

with_api_token() {
    begin api-token "$api_token"
    ok_signed_in 'api-token, as the password'
    ok_talks "an API token"
    end_chapter
    begin api-token
    ok 'api-token, to be typed: the question comes' irc_asks 0 'API token for demo@example.com'
    ok 'and says what is meant' \
        irc_asks 0 'It is the personal API token that the service shows in your account'"'"'s settings.'
    irc_answer 0 "$api_token"
    ok_signed_in 'api-token, typed'
    tell_root 'account flowdock off' 'account flowdock on'
    ok 'once typed it is kept' count_is 2 ':root!root@localhost PRIVMSG &bitlbee :flowdock - Logging in: Logged in'
    ok 'and not asked for again' count_is 1 "$(irc_lines | grep -F 'API token for demo@example.com')"
    end_chapter
    ok_refused api-token wrong \
        'The server does not accept this API token. Enter a valid one as the account'"'"'s password.'
}

with_basic() {
    begin basic "$password"
    ok_signed_in basic
    ok_talks "a password with every request"
    end_chapter
    ok_refused basic wrong 'The e-mail address or the password is wrong.'
}

no_grant() {
    [ "$(ask GET '/_test/requests?path=/oauth/token')" = '[]' ]
}

# ------------------------------------------------------------------------------------------------------- only to post

blind='With the token of a source you can only post here. What others write cannot be read with it, not even the '\
'answers.'

# has_posted FLOW TEXT: the server has it once, from somebody outside, by the account's name.
has_posted() {
    has_sent "$1" "$2" && sent "$1" "$2" | grep '"external_user_name":"demo"' | grep -qE '"user":"?0"?,'
}

with_source_token() {
    begin source-token "$source_token"
    ok_signed_in source-token
    ok 'it is said that nothing can be read' irc_has ":Flowdock!Flowdock@flowdock PRIVMSG #acme/main :$blind"
    say acme/main 2 'Who is this?'
    irc_send 'PRIVMSG #acme/main :The <build> & tests are green'
    ok 'a typed line arrives, as from outside' has_posted acme/main 'The <build> & tests are green'
    irc_send 'PRIVMSG #acme/main :And packed'
    ok 'so does the next' has_posted acme/main 'And packed'
    ok 'what Ann says cannot be seen' lacks 'Who is this?'
    ok 'the only notice was said once' count_is 1 ":Flowdock!Flowdock@flowdock PRIVMSG #acme/main :$blind"
    ok 'there is no other channel' lacks 'JOIN :#acme/dev-team'
    ask DELETE /flows/acme/main/sources/1 '' "Authorization: Basic $(printf '%s:' "$api_token" | base64)" ||
        give_up 'the source is removed'
    irc_send 'PRIVMSG #acme/main :Too late'
    ok 'after the source was removed a line is not sent' has_part 'PRIVMSG #acme/main :Not sent.'
    ok 'for a reason' root_says 'flowdock - Error: This source was removed from its flow, so its token is worth '\
'nothing any more and was forgotten. Ask for the token of another source.'
    ok 'what was typed is shown' irc_has ':Flowdock!Flowdock@flowdock PRIVMSG #acme/main :Too late'
    ok_stays_off 'flowdock - Signing off..'
    end_chapter
}

with_push() {
    begin source-token "$push_token" push chat
    ok 'push: the account signs in' root_says 'flowdock - Logging in: Logged in'
    ok 'a channel appears' irc_has ":me!me@localhost JOIN :#source/demo@example.com"
    irc_send 'PRIVMSG #source/demo@example.com :Pushed & seen'
    ok 'a typed line arrives, as from outside' has_posted acme/dev-team 'Pushed & seen'
    end_chapter
}

# -------------------------------------------------------------------------------------------------------------- renewal

# has_renewed NUMBER: at least so often.
has_renewed() {
    [ "$(count_grants refresh_token)" -ge "$1" ]
}

# sent_lines: ours on the server, in its order; shown_lines: Ann's in the channel.
sent_lines() {
    ask GET '/_test/messages?in=acme/main' | grep -oE '"content":"Mine [^"]*"' | sed 's/^"content":"\(.*\)"$/\1/'
}

shown_lines() {
    irc_lines | sed -n 's/^:Ann!Ann@flowdock PRIVMSG #acme\/main :.*\(Hers .*\)$/\1/p'
}

# expected_lines WHOSE
expected_lines() {
    local turn part

    for ((turn = 1; turn <= turns; turn++)); do
        for part in a b c; do
            echo "$1 $turn $part"
        done
    done
    echo "$1 last"
}

both_say() {
    irc_send "PRIVMSG #acme/main :Mine $1"
    say acme/main 2 "Hers $1"
}

has_streams() {
    [ "$(ask GET /_test/streams)" = "{\"open\":$1}" ]
}

expire() {
    ask POST /_test/set '{"expire_tokens":1}' >/dev/null
}

# cut_streams: and waits until the plugin is back.
cut_streams() {
    ask POST /_test/streams '{"do":"cut"}' >/dev/null
    say acme/main 2 "Hers $1"
    wait_until "$e2e_seconds" has_streams 1 || give_up 'the stream is opened again'
}

# one_turn NUMBER: the access token dies amid the talk. Whether what we say notices it or the stream, which is cut every
# other time, takes turns.
one_turn() {
    both_say "$1 a"
    expire
    case $(($1 % 4)) in
    1 | 3) say acme/main 2 "Hers $1 b" ;;
    2) cut_streams "$1 b" ;;
    0)
        irc_send "PRIVMSG #acme/main :Mine $1 b"
        cut_streams "$1 b"
        ;;
    esac
    [ $(($1 % 4)) -eq 0 ] || irc_send "PRIVMSG #acme/main :Mine $1 b"
    both_say "$1 c"
    wait_until "$e2e_seconds" has_renewed "$1" || give_up "token $1 is renewed"
}

sent_all() {
    [ "$(sent_lines)" = "$(expected_lines Mine)" ]
}

shown_all() {
    [ "$(shown_lines)" = "$(expected_lines Hers)" ]
}

was_cut() {
    [ "$(ask GET '/_test/requests?path=/flows' | grep -oF '"origin":"stream"' | wc -l)" -gt $((turns / 2)) ]
}

was_never_off() {
    [ "$(irc_lines | grep -cE '^:root.*flowdock - (Logging in: Logged in|Signing off|Error|Login error)')" = 1 ]
}

through_expiries() {
    local turn

    ask DELETE /_test/requests >/dev/null
    begin password-grant "$password"
    ok_signed_in password-grant
    for ((turn = 1; turn <= turns; turn++)); do
        # At first what was missed comes again with the stream, which could double it; later it does not.
        [ "$turn" -ne $((turns / 2)) ] || ask POST /_test/set '{"odd":["no-replay"]}' >/dev/null
        one_turn "$turn"
    done
    both_say last
    ok "$turns times the token has died: each line of ours is on the server once, in order" sent_all
    ok 'each line of Ann was shown once, in order' shown_all
    ok 'each time the token was renewed' has_renewed "$turns"
    ok 'with one password' granted password 1
    ok 'the account was never off' was_never_off
    ok 'and asked for nothing' lacks purple_request
    ok 'the stream was opened anew each time' was_cut
    ask GET /_test/requests >>"$e2e_requests"
    # By now all that was still waiting has been shown.
    tell_root 'account flowdock off'
    ok 'it signs off when it is told to' root_says 'flowdock - Signing off..'
    ok 'nothing was left that had not been sent' sent_all
    ok 'nor shown' shown_all
    # The last tokens are used once more, so that they are known.
    ask DELETE /_test/requests >/dev/null
    tell_root 'account flowdock on'
    ok 'it signs in again with the last refresh token' granted refresh_token 1
    ok 'the channel is back' count_is 2 ':me!me@localhost JOIN :#acme/main'
    end_chapter
}

# -------------------------------------------------------------------------------------------------------------- secrets

# find_secrets: those we have made up, and all that the server was shown: credentials in headers, and the values of
# secret members of forms and of JSON. Sets $secrets, one a line.
find_secrets() {
    local names='password|client_secret|code|code_verifier|refresh_token|access_token|flow_token'

    secrets=$(
        printf '%s\n' "$password" "$api_token" "$client_secret" "$source_token" "$push_token"
        grep -oE '"authorization":"[A-Za-z]+ [^"]+"' "$e2e_requests" | sed 's/.* \(.*\)"$/\1/'
        grep -oE "[\"&]($names)=[^\"&]+" "$e2e_requests" | sed 's/^[^=]*=//'
        grep -oE "\\\\\"($names)\\\\\":\\\\\"[^\"\\\\]+" "$e2e_requests" | sed 's/.*"//'
    )
    secrets=$(sort -u <<<"$secrets" | grep -vx 'wrong')
}

# finds_secrets FILE...: also in the files of a folder, but for what has to hold them: what was asked of the server,
# bitlbee's account store, our own words. Sets $found.
finds_secrets() {
    found=$(grep -rlF -f <(printf '%s\n' "$secrets") --exclude="${e2e_requests##*/}" --exclude=me.xml \
        --exclude=server.log --exclude=irc.txt --exclude=story.txt "$@")
    [ -n "$found" ]
}

holds_none() {
    ! finds_secrets "$@"
}

# Neither what we have typed, nor how bitlbee repeats a setting.
was_shown_none() {
    grep -v '^>> ' "$irc_story" | grep -vF ":client_secret = \`$client_secret'" >"$e2e_home/shown.txt"
    holds_none "$e2e_home/shown.txt"
}

are_known() {
    # Of each turn an access token and a refresh token.
    [ "$(wc -l <<<"$secrets")" -gt $((2 * turns)) ]
}

# bitlbee's processes write it when they end.
log_is_whole() {
    [ "$(grep -c 'DEBUG connection: Destroying connection' "$e2e_home/bitlbee.log")" = \
        "$(grep -c ':account flowdock on$' "$irc_story")" ]
}

logged_traffic() {
    grep -q 'POST /oauth/token' "$e2e_home/bitlbee.log" && grep -q 'GET /sources' "$e2e_home/bitlbee.log"
}

keeps_secrets() {
    ask GET /_test/requests >>"$e2e_requests"
    find_secrets
    ok 'the secrets are known' are_known
    ok 'the search finds them where they are' finds_secrets "$e2e_home/seed.json"
    ok 'the debug log is whole' log_is_whole
    ok 'and tells of the requests' logged_traffic
    ok 'but of no secret' holds_none "$e2e_home/bitlbee.log"
    rm "$seed"
    ok 'nor does any other file' holds_none "$e2e_home" || echo "# $found"
    ok 'nothing of it was shown' was_shown_none
}

need bitlbee
set_up
e2e_requests=$e2e_home/requests.json
host_environment LANG=C.UTF-8 TZ=UTC BITLBEE_DEBUG=1 G_MESSAGES_DEBUG=all
write_seed
start_server "$seed"
start_bitlbee
at_exit keep_transcript
with_api_token
with_basic
with_source_token
with_push
ok 'none of these asked for an OAuth token' no_grant
with_oauth
ask GET /_test/requests >>"$e2e_requests"
through_expiries
keeps_secrets
ok_quiet
finish_tests
