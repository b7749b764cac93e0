#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bitlbee over IRC: an account, rooms as channels, messages both ways, a second sign-in. The transcript is kept in
# bitlbee.txt.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

keep_transcript() {
    mkdir -p "$e2e_out" && tr -d '\r' <"$irc_log" >"$e2e_out/bitlbee.txt"
}

has_members() {
    tr -d '\r' <"$irc_log" | grep '^:localhost 353 me = #acme/main :' | tail -n 1 | grep -qx '.* :Ann Hubot @me @root '
}

signs_in() {
    connect_irc me
    add_irc_account secret demo
    ok_has 'bitlbee knows the protocol' ':root!root@localhost PRIVMSG &bitlbee :Account successfully added with tag flowdock'
    ok_has 'it takes the settings' ":root!root@localhost PRIVMSG &bitlbee :stream_url = \`$stream_url'"
    tell_root 'account flowdock on'
    ok_has 'the account signs in' ':root!root@localhost PRIVMSG &bitlbee :flowdock - Logging in: Logged in'
    ok_has 'acme/main is a channel' ':me!me@localhost JOIN :#acme/main'
    ok_has 'so is acme/dev-team' ':me!me@localhost JOIN :#acme/dev-team'
    ok_has 'with its members' ':Ann!Ann@flowdock JOIN :#acme/main'
    irc_send 'NAMES #acme/main'
    ok 'who are listed once each, the user too' has_members
}

hears_and_speaks() {
    say acme/main 2 'Tea & <cake> at four?'
    ok_has 'what Ann says appears as it was written' ':Ann!Ann@flowdock PRIVMSG #acme/main :Tea & <cake> at four?'
    irc_send 'PRIVMSG #acme/main :I bring <b>milk</b> & sugar'
    ok 'a typed line arrives' has_sent acme/main 'I bring <b>milk</b> & sugar'
    say acme/main 2 'Perfect.'
    ok_has 'the talk goes on' ':Ann!Ann@flowdock PRIVMSG #acme/main :Perfect.'
    ok 'the typed line comes back neither as ours nor as somebody else'"'"'s' \
        count_is 0 ':me!me@localhost PRIVMSG #acme/main :I bring <b>milk</b> & sugar'
    ok 'and was sent once' has_sent acme/main 'I bring <b>milk</b> & sugar'
    ok 'what Ann said appeared once' count_is 1 ':Ann!Ann@flowdock PRIVMSG #acme/main :Tea & <cake> at four?'
}

joins() {
    tell_root 'chat add flowdock acme/lobby'
    ok_has 'a flow can be added' \
        ':root!root@localhost PRIVMSG &bitlbee :Chatroom successfully added, join with /join #acme/lobby'
    # Else bitlbee, which knows the name already, would call the room that opens at login "#acme/lobby_".
    tell_root 'channel #acme/lobby set auto_join true'
    irc_send 'JOIN #acme/lobby'
    ok_has 'and joined under its own name' ':me!me@localhost JOIN :#acme/lobby'
    say acme/lobby 2 'Welcome to the lobby.'
    ok_has 'its messages come' ':Ann!Ann@flowdock PRIVMSG #acme/lobby :Welcome to the lobby.'
    irc_send 'PRIVMSG #acme/lobby :Nice here'
    ok 'and ours arrive' has_sent acme/lobby 'Nice here'
}

talks_privately() {
    say_privately 2 1 'A word?'
    # Ann has no query window, so bitlbee brings her to the control channel.
    ok_has 'a private message comes' ':Ann!Ann@flowdock PRIVMSG &bitlbee :me: A word?'
    irc_send 'PRIVMSG Ann :Two, even'
    ok 'the answer arrives' has_sent private/1/2 'Two, even'
    say_privately 2 1 'Which?'
    # Now that we have written to her, she writes to us.
    ok_has 'the private talk goes on' ':Ann!Ann@flowdock PRIVMSG me :Which?'
}

signs_in_again() {
    ok 'the password was used once' granted password 1
    tell_root 'account flowdock off'
    ok_has 'the account signs off' ':root!root@localhost PRIVMSG &bitlbee :flowdock - Signing off..'
    # Whoever still has the old password is refused from now on.
    ask POST /_test/user '{"id":1,"password":"changed"}' >/dev/null
    tell_root 'account flowdock on'
    ok 'a second sign-in comes without the password' \
        count_is 2 ':root!root@localhost PRIVMSG &bitlbee :flowdock - Logging in: Logged in'
    ok 'and asks for nothing' lacks_request
    ok 'it was a refresh token that opened' granted refresh_token 1
    ok 'and not the password' granted password 1
    ok 'the rooms are back' count_is 2 ':me!me@localhost JOIN :#acme/main'
    ok 'the added one under its own name' count_is 2 ':me!me@localhost JOIN :#acme/lobby'
}

lacks_request() {
    ! grep -q 'purple_request' "$irc_log"
}

stays_signed_in() {
    tell_root save
    disconnect_irc
    mv "$irc_log" "$irc_log.before"
    connect_irc me secret
    ok_has 'after coming back to bitlbee the account signs in by itself' ':me!me@localhost JOIN :#acme/main'
    ok 'with the stored refresh token' granted refresh_token 2
    cat "$irc_log" >>"$irc_log.before"
    mv "$irc_log.before" "$irc_log"
}

need bitlbee
set_up
host_environment LANG=C.UTF-8 TZ=UTC
start_server
start_bitlbee
at_exit keep_transcript
signs_in
hears_and_speaks
joins
talks_privately
signs_in_again
stays_signed_in
finish_tests
