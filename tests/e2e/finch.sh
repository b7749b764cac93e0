#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Finch in a terminal: sign-in, rooms, messages both ways, a wrong password. The last screens are kept in finch.txt.
# It shows buddies under their full names, in rooms too.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

shows_once() {
    look
    [ "$(grep -cF -- "$1" <<<"$screen")" = 1 ]
}

# Turns to the next window where this one does not show it.
shows_in_a_window() {
    shows "$1" || {
        terminal send-keys M-n
        wait_until 2 shows "$1"
    }
}

type_line() {
    terminal send-keys -l -- "$1"
    terminal send-keys Enter
}

# run_finch PASSWORD
run_finch() {
    rm -rf "$e2e_home/.purple"
    make_user_folder gnt-purple "$1" "$(finch_prefs 100 30)"
    terminal new-session -d -x 100 -y 30 "${host_env[@]}" finch -c "$user_folder"
}

# keep_screen TITLE: what was looked at last.
keep_screen() {
    mkdir -p "$e2e_out"
    printf '=== %s\n%s\n' "$1" "$screen" >>"$e2e_out/finch.txt"
}

signs_in() {
    run_finch demo
    ok 'acme/main opens as a room' shows '┤acme/main ' || {
        keep_screen 'no room'
        give_up 'nothing more to see'
    }
    ok 'so does acme/dev-team' shows 'acme/dev-team'
    ok 'the room says what it is' shows 'This is Main (Acme).'
    ok 'the members are listed' shows '[ Hubot the Bot ]'
    ok 'the bot greets, under its name' shows 'Hubot the Bot: Welcome, @Demo!'
}

hears_and_speaks() {
    # The first window is the buddy list.
    terminal send-keys M-2
    say acme/main 2 'Tea & <cake> at four?'
    ok 'what Ann says appears as it was written' shows 'Ann Example: Tea & <cake> at four?'
    type_line 'I bring <b>milk</b> & sugar'
    ok 'a typed line arrives' has_sent acme/main 'I bring <b>milk</b> & sugar'
    say acme/main 2 'Perfect.'
    ok 'the talk goes on' shows 'Ann Example: Perfect.'
    ok 'the typed line shows once, as it was typed' shows_once 'Demo: I bring <b>milk</b> & sugar'
    ok 'and was sent once' has_sent acme/main 'I bring <b>milk</b> & sugar'
    keep_screen acme/main
    terminal send-keys M-3
    say acme/dev-team 2 'The build is green.'
    ok 'the other room has its own messages' shows 'Ann Example: The build is green.'
    keep_screen acme/dev-team
    ok 'the password is no longer kept' grep -q '<password>refresh-token:' "$user_folder/accounts.xml"
}

ends() {
    ! terminal has-session 2>/dev/null
}

is_refused() {
    run_finch wrong
    ok 'a wrong password is refused' shows 'disconnected'
    # The buddy list covers what the dialog says.
    ok 'in words' shows_in_a_window 'The e-mail address or the password is wrong.'
    keep_screen 'wrong password'
}

rm -f "$e2e_out/finch.txt"
need finch tmux
set_up
not_with_sanitizers Finch
unset TMUX
host_environment LANG=C.UTF-8 TZ=UTC TERM=screen-256color
start_server
at_exit end_terminal
signs_in
hears_and_speaks
terminal send-keys M-q
ok 'Finch ends by itself' ends
is_refused
finish_tests
