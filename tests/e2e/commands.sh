#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The slash commands as people type them, in bitlbee, Finch and Pidgin, or in those named: commands.sh [bitlbee] [finch]
# [pidgin]. One story for all hosts; each tells in its own way how it types and what it shows. The transcript, the last
# screen and the logs are kept in commands-*.txt.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/hosts.sh
. "$(dirname "$0")/hosts.sh"

rooms=(acme/main acme/dev-team acme/main/1)
friends=(Ann=ann)
tab_titles='(Main|Dev team) [(]Acme[)]|acme/.*|\[1\] .*|Ann Example'

cake='Who brings the cake?'
mark="[1: $cake]"
greeting='Welcome, @Demo! Write: @Hubot help (here), or: help (to me, privately), to see what I can do.'
refused='Not sent. The server has a problem of its own. Try again later. (500 Internal Server Error) (/resend tries '\
'again, /forget drops it.)'
none_waits='Nothing waits to be sent again.'

# ------------------------------------------------------------------------------------------------------------ the server

# stored CONVERSATION TEXT: the messages with exactly this text, one a line.
stored() {
    ask GET "/_test/messages?in=$1" | sed 's/},{"/}\n{"/g' | grep -F "\"content\":$(json_text "$2")"
}

thread_of() {
    stored "$1" "$2" | sed -n 's/.*"thread_id":"\([^"]*\)".*/\1/p'
}

# has_answer TEXT: once, in the thread about the cake.
has_answer() {
    has_sent acme/main "$1" && [ "$(thread_of acme/main "$1")" = "$(thread_of acme/main "$cake")" ]
}

has_status() {
    has_sent acme/main "$1" && stored acme/main "$1" | grep -qF '"event":"status"'
}

# has_tags CONVERSATION TEXT JSON_PART: those and no others, but for the service's own.
has_tags() {
    stored "$1" "$2" | grep -qE "\"tags\":\[(\":[^\"]*\",)*$3\]"
}

lacks_message() {
    [ "$(count_sent "$1" "$2")" = 0 ]
}

# answers FLOW USER_ID TEXT TO: in the thread of the message with the text TO.
answers() {
    ask POST /_test/post "{\"in\":\"$1\",\"user\":$2,\"message\":{\"event\":\"message\",\"content\":$(json_text "$3"),
        \"thread_id\":\"$(thread_of "$1" "$4")\"}}" >/dev/null
}

fail_once() {
    ask POST /_test/fault '{"kind":"status","method":"POST","path":"*/messages","status":500,"count":1}' >/dev/null
}

# What may be told again.
twice() {
    "${host}_lines" | grep -vF -e 'Found, the newest last:' -e 'You typed:' | sort | uniq -d
}

shows_nothing_twice() {
    [ -z "$(twice)" ]
}

# --------------------------------------------------------------------------------------------------------------- the story

threads() {
    go acme/main
    ok "$host: the bot has greeted" said Hubot "$greeting"
    say acme/main 2 "$cake"
    ok 'Ann asks' said Ann "$cake"
    enter '/reply ^ I do & <milk>'
    ok '/reply answers in her thread' has_answer 'I do & <milk>'
    ok 'it is told how the thread began' told "$mark began with Ann: $cake"
    ok 'the answer has the mark of the thread' own "$mark I do & <milk>"
    enter '/threads'
    ok '/threads lists it' told "$mark 2 messages"
    ok 'and says what to do with it' told '/show NUMBER shows one, /thread NUMBER TEXT writes into it, /more goes on.'
    enter '/thread 1 Two, even'
    ok '/thread writes into it' has_answer 'Two, even'
    settle
    enter '/show 1'
    ok '/show tells what it is about' told "$mark 3 messages"
    ok 'and its messages' told_message "Demo: Two, even $mark"
    enter '/show 9'
    ok 'another thread is refused' told \
        "There is no thread \"9\" here. The latest are: $mark. /threads lists more."
    ok 'what was typed is said' told 'You typed: /show 9'
}

# ok_unknown COMMAND
ok_unknown() {
    ok 'an unknown command is said to be one' "${host}_told_unknown" "$1"
}

# told_message TEXT: as a line of a list, behind number and time.
told_message() {
    [ "$host" != finch ] || told "$1" || return 1
    "${host}_lines" | grep -qE "^$place (Flowdock: |Ann: )?#[0-9]+ [0-9][0-9]:[0-9][0-9] $(sed 's/[][^$.*/?+(){}|\\]/\\&/g' <<<"$1")\$"
}

thread_room() {
    go acme/main
    enter '/show 1 open'
    ok '/show 1 open: the thread is a room' "${host}_opened" acme/main/1
    go acme/main/1
    ok 'with what was said in it' said Ann "$cake"
    enter 'Typed in the room of the thread'
    ok 'what is typed there goes into the thread' has_answer 'Typed in the room of the thread'
    ok 'it is shown there' own 'Typed in the room of the thread'
    answers acme/main 2 'Heard in both rooms' "$cake"
    ok 'an answer comes there' said Ann 'Heard in both rooms'
    enter '/edit s/Typed/Written/'
    ok '/edit works there' has_answer 'Written in the room of the thread'
    ok 'and is told there' did 'edited: Typed → Written'
    enter "${slash}tmp in a thread"
    ok 'so does //' has_answer '/tmp in a thread'
    go acme/main
    ok 'the room of the flow shows it too' "${host}_elsewhere" "$mark Typed in the room of the thread"
    ok 'the answer too' said Ann "$mark Heard in both rooms"
    ok 'and the edit' did "$mark edited: Typed → Written"
}

changes() {
    go acme/main
    enter 'Tea at for'
    ok 'a line is sent' has_sent acme/main 'Tea at for'
    settle
    enter '/edit s/for/four/'
    ok '/edit s/old/new/ changes a part of it' has_sent acme/main 'Tea at four'
    ok 'as is told' did 'edited: for → four'
    enter '/edit ^2 Coffee & <cake>'
    ok '/edit REF TEXT changes all of it' has_sent acme/main 'Coffee & <cake>'
    ok 'as is told, too' did 'edited to: Coffee & <cake>'
    enter '/edit ^ Not mine'
    ok 'the words of others stay' told 'That is a message of Ann, and you can change only your own.'
    enter '/tag ^2 bug urgent'
    ok '/tag adds tags' has_tags acme/main 'Coffee & <cake>' '"bug","urgent"'
    ok 'and tells it' did 'tagged with #bug #urgent: Coffee & <cake>'
    enter '/untag ^2 urgent'
    ok '/untag takes one off' has_tags acme/main 'Coffee & <cake>' '"bug"'
    ok 'and tells it, too' did 'removed the tag #urgent: Coffee & <cake>'
    enter '/react ^2 :+1:'
    ok '/react adds a reaction' did 'reacted with 👍 to: Coffee & <cake>'
    enter '/react ^2 :+1:'
    ok 'and takes it back' did 'took back 👍 from: Coffee & <cake>'
    enter '/tagged bug'
    ok '/tagged finds the message' told_message 'Demo: Coffee & <cake>'
    enter '/delete'
    ok '/delete deletes it' lacks_message acme/main 'Coffee & <cake>'
    ok 'and says what' did 'deleted: Coffee & <cake>'
}

lists() {
    local i

    go acme/main
    # Not shown one after the other in the room of the story.
    for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21; do
        say acme/main 2 "Needle $i"
    done
    ok 'Ann has lost needles' said Ann 'Needle 21'
    enter '/search needle'
    ok '/search finds the last twenty' told_message 'Ann: Needle 02'
    ok 'and offers more' told '/more goes on.'
    enter '/more'
    ok '/more goes on' told_message 'Ann: Needle 01'
    enter '/search haystack'
    ok 'nothing is found where nothing is' told 'Nothing was found.'
    go acme/dev-team
    enter '/history 3'
    ok '/history 3 loads three older messages' told 'Those were 3 older messages.'
    ok 'which are shown' said Ann 'Old 08'
    enter '/history'
    ok '/history loads all that are left' told 'Those were 7 older messages.'
    ok 'up to the first' said Ann 'Old 01'
    enter '/history 1'
    ok 'and then there are none' told 'There is nothing older.'
}

unsent() {
    go acme/main
    fail_once
    enter 'Precious <b> & more'
    ok 'what is not sent is told' told "$refused"
    ok 'with its text' told 'Precious <b> & more'
    enter '/resend'
    ok '/resend sends it' has_sent acme/main 'Precious <b> & more'
    go acme/dev-team
    fail_once
    enter 'Worthless'
    ok 'it is told again' told "$refused"
    enter '/forget'
    ok '/forget drops it' told '1 message is dropped.'
    enter '/resend'
    ok 'then nothing waits' told "$none_waits"
    ok 'and nothing was sent' lacks_message acme/dev-team 'Worthless'
}

texts() {
    go acme/main
    enter "${slash}etc is a folder"
    ok '// sends a slash' has_sent acme/main '/etc is a folder'
    enter 's/a/b/'
    ok 's/a/b/ alone is ordinary text' has_sent acme/main 's/a/b/'
    enter '/frobnicate the <thing>'
    ok_unknown frobnicate
    enter '/me waves & smiles'
    ok '/me posts a status' has_status 'waves & smiles'
    enter '/status in a <meeting>'
    ok 'so does /status' has_status 'in a <meeting>'
    ok 'the unknown command was not sent' lacks_message acme/main '/frobnicate the <thing>'
    enter '/edit'
    ok 'a wrong use is explained' told \
        'It is used like this: /edit [REF] TEXT, for example /edit s/tomorow/tomorrow/'
    enter '/raw on'
    ok '/raw on' told 'New messages are shown here as they were typed.'
    say acme/main 2 '**Raw** & <b>'
    ok 'shows text as it was typed' said Ann '**Raw** & <b>'
    enter '/raw off'
    ok '/raw off' told 'New messages are shown here formatted.'
    say acme/main 2 '**Cooked** & <b>'
    ok 'shows it formatted' said Ann 'Cooked & <b>'
}

privately() {
    say_privately 2 1 'A word?'
    ok 'Ann writes privately' "${host}_said_first" 'A word?'
    go Ann
    enter 'Two, evan'
    ok 'she is answered' has_sent private/1/2 'Two, evan'
    settle
    enter '/edit s/evan/even/'
    ok '/edit works there' has_sent private/1/2 'Two, even'
    enter '/tag ^2 later'
    ok 'so does /tag' has_tags private/1/2 'Two, even' '"later"'
    enter '/search word'
    ok '/search' told_message 'Ann: A word?'
    enter "${slash}home"
    ok '//' has_sent private/1/2 '/home'
    enter '/threads'
    ok 'a command for rooms is refused' told 'The command /threads can be used in rooms only.'
    settle
    enter '/delete'
    ok '/delete' lacks_message private/1/2 '/home'
    enter '/frob'
    ok_unknown frob
    settle
    ok 'and not sent' lacks_message private/1/2 '/frob'
}

nick() {
    go acme/main
    enter '/nick Big Bang'
    ok 'a nick of two words is refused' told 'A nick is one word without blanks.'
    enter '/nick Boss'
    ok '/nick changes the nick' told 'You are now called Boss.'
    ok 'on the server' is_called Boss
    enter 'Said by the boss'
    ok 'the talk goes on' has_sent acme/main 'Said by the boss'
}

is_called() {
    ask GET /users/1 '' "Authorization: Basic $(printf 'demo-token:' | base64)" | grep -qF "\"nick\":\"$1\""
}

# tell_story: from the sign-in on.
tell_story() {
    local i

    slash=//
    start_server
    server_job=$job
    for i in 01 02 03 04 05 06 07 08 09; do
        say acme/dev-team 2 "Old $i"
    done
    for ((i = 10; i <= 40; i++)); do
        say acme/dev-team 2 "Old $i"
    done
    "${host}_start"
    threads
    thread_room
    changes
    texts
    unsent
    lists
    privately
    ok 'nothing was shown twice' shows_nothing_twice || twice | sed 's/^/# /'
    "${host}_only"
    nick
}

# --------------------------------------------------------------------------------------------------------------- bitlbee

bitlbee_start() {
    begin_bitlbee commands
    ok 'bitlbee: signs in' irc_has ':me!me@localhost JOIN :#acme/dev-team'
    go acme/dev-team
    ok 'the latest thirty messages come' said Ann 'Old 40'
}

# The plugin's words, where the host hands over what it does not know.
plugin_told_unknown() {
    told "There is no command /$1, so nothing was sent. /help lists the commands; write // at the beginning for a "\
'line that begins with a slash.'
}

bitlbee_told_unknown() { plugin_told_unknown "$1"; }

bitlbee_opened() {
    irc_has ":me!me@localhost JOIN :#$1"
}

bitlbee_elsewhere() {
    irc_has ":me!me@localhost PRIVMSG $irc_from :$1"
}

# Ann has no query window until she is written to.
bitlbee_said_first() {
    irc_has ":Ann!Ann@flowdock PRIVMSG &bitlbee :me: $1"
}

bitlbee_only() {
    go acme/main
    enter '/help'
    ok '/help lists the commands' is_told_help
    enter '/help edit'
    ok '/help edit explains one' told 'Command /edit [REF] TEXT: Changes a message of yours, or with s/old/new/ a part of it; '\
'without REF your last one. Example: /edit s/tomorow/tomorrow/'
    # What an IRC client makes of /me.
    enter $'\001ACTION dances & sings\001'
    ok 'an action is a status' has_status 'dances & sings'
    irc_send 'PART #acme/main/1'
    enter '/show 1 open'
    ok 'a room that was left opens again' count_is 2 ':me!me@localhost JOIN :#acme/main/1'
    go acme/main/1
    enter 'Back again'
    ok 'and leads into the thread again' has_answer 'Back again'
}

# In lines of what belongs together.
is_told_help() {
    bitlbee_lines | grep -q '^acme/main Flowdock: Commands: /me TEXT, .*, /react REF :emoji:$' &&
        bitlbee_lines | grep -q '^acme/main Flowdock: /nick NEWNICK, /raw off|on, /help '
}

# ----------------------------------------------------------------------------------------------------------------- Finch

finch_start() {
    begin_finch commands
    ok 'finch: signs in' shows '┤acme/main ' || give_up 'nothing more to see'
    go acme/dev-team
    ok 'the latest thirty messages come' logged 'Ann Example: Old 40'
}

finch_told_unknown() { finch_shows 'No such command.'; }
finch_opened() { logged_in "$1"; }
finch_elsewhere() { finch_own "$1"; }

finch_said_first() {
    go Ann
    said Ann "$1"
}

finch_only() {
    go acme/main
    enter '/help react'
    ok '/help explains a command' told 'Command /react REF :emoji:: Adds a reaction, or takes back yours. Example: /react ^ :+1:'
}

# ---------------------------------------------------------------------------------------------------------------- Pidgin

pidgin_start() {
    begin_pidgin commands
    ok 'it signs in' find_window '^Main [(]Acme[)]$' || give_up 'nothing more to see'
    place=acme/dev-team
    ok 'the latest thirty messages come' logged 'Ann Example: Old 40'
}

# The title or the name.
pidgin_title() {
    case $1 in
    acme/main) echo '(Main [(]Acme[)]|acme/main)' ;;
    acme/dev-team) echo '(Dev team [(]Acme[)]|acme/dev-team)' ;;
    acme/main/1) echo '(acme/main/1|\[1\] .*)' ;;
    *) full_name "$1" ;;
    esac
}

pidgin_told_unknown() { plugin_told_unknown "$1"; }
pidgin_opened() { logged_in "$1"; }
pidgin_elsewhere() { pidgin_own "$1"; }

pidgin_said_first() {
    go Ann
    said Ann "$1"
}

pidgin_only() {
    go acme/main
    focus_window
    xdotool key ctrl+b
    enter 'Typed in bold'
    ok 'what is typed bold is bold' has_sent acme/main '**Typed in bold**'
    ok 'and shown so, without the signs' own 'Typed in bold'
    focus_window
    xdotool key ctrl+b
}

# ------------------------------------------------------------------------------------------------------------------ hosts

need bitlbee finch tmux pidgin Xvfb openbox xdotool
set_up
[ $# -gt 0 ] || set -- bitlbee finch pidgin
hosts_wanted "$@"
for host in "${hosts[@]}"; do
    rm -rf "$e2e_home/.purple"
    tell_story
    "${host}_stop"
    stop "$server_job"
done
finish_tests
