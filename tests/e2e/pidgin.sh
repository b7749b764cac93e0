#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Pidgin on a screen of its own: sign-in, rooms, messages both ways. A picture is kept in pidgin.png. What Pidgin shows
# is read from its logs, into which it writes each line as it shows it: buddies under their full names, in rooms too.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

has_window_manager() {
    xdotool get_desktop >/dev/null 2>&1
}

start_screen() {
    start xvfb Xvfb -displayfd 1 -screen 0 900x620x24 -nolisten tcp
    wait_until 30 grep -qx '[0-9][0-9]*' "$e2e_home/xvfb.log" || give_up 'Xvfb starts'
    DISPLAY=:$(grep -x '[0-9][0-9]*' "$e2e_home/xvfb.log" | head -n 1)
    unset XAUTHORITY
    export DISPLAY
    host_environment LANG=C.UTF-8 TZ=UTC
    # Without a window manager no window gets the keyboard.
    start openbox "${host_env[@]}" openbox
    wait_until 30 has_window_manager || give_up 'openbox starts'
}

find_window() {
    window=$(xdotool search --name "$1" 2>/dev/null | head -n 1)
    [ -n "$window" ]
}

logged() {
    log_of "$1" | grep -qF -- "$2"
}

# logged_times NUMBER NAME TEXT
logged_times() {
    [ "$(log_of "$2" | grep -cF -- "$3")" = "$1" ]
}

has_keyboard() {
    [ "$(xdotool getactivewindow 2>/dev/null)" = "$window" ]
}

# The first key may be lost while Pidgin moves the keyboard into the entry.
type_line() {
    xdotool windowactivate "$window"
    wait_until 10 has_keyboard
    xdotool key space BackSpace
    xdotool type --delay 20 -- "$1"
    xdotool key Return
}

# The frame of the window manager is around the client area.
keep_picture() {
    mkdir -p "$e2e_out" && import -silent -frame -window "$window" "$e2e_out/pidgin.png"
}

signs_in() {
    make_user_folder gtk-gaim demo "$(pidgin_prefs)"
    start pidgin "${host_env[@]}" pidgin -c "$user_folder"
    ok 'acme/main opens as a room, under its title' find_window '^Main [(]Acme[)]$' || {
        import -silent -window root "$e2e_out/pidgin.png"
        give_up 'nothing more to see'
    }
    xdotool windowsize "$window" 760 540
    ok 'so does acme/dev-team' logged acme/dev-team.chat 'This is Dev team (Acme).'
    ok 'the room says what it is' logged acme/main.chat 'This is Main (Acme).'
    ok 'the bot greets, under its name' logged acme/main.chat 'Hubot the Bot: Welcome, @Demo!'
}

hears_and_speaks() {
    say acme/main 2 'Good morning! The build is green again :-)'
    ok 'what Ann says appears' logged acme/main.chat 'Ann Example: Good morning! The build is green again :-)'
    type_line 'Great. Tea at four?'
    ok 'a typed line arrives' has_sent acme/main 'Great. Tea at four?'
    say acme/main 2 'Perfect, I bring a cake.'
    ok 'the talk goes on' logged acme/main.chat 'Ann Example: Perfect, I bring a cake.'
    ok 'the typed line shows once' logged_times 1 acme/main.chat 'Demo: Great. Tea at four?'
    ok 'and was sent once' has_sent acme/main 'Great. Tea at four?'
    type_line '@Hubot help'
    ok 'the bot answers' logged acme/main.chat 'Hubot the Bot: I am Hubot'
    keep_picture
}

talks_privately() {
    say_privately 2 1 'Milk & <sugar>?'
    ok 'a private message appears as it was written' logged ann 'Ann Example: Milk & <sugar>?'
    # The third tab, after the two rooms.
    xdotool key alt+3
    ok 'in a tab of its own' find_window '^Ann Example$'
    type_line '<b>Both</b> & more'
    ok 'the answer arrives as it was typed' has_sent private/1/2 '<b>Both</b> & more'
    say_privately 2 1 'Fine.'
    ok 'the private talk goes on' logged ann 'Ann Example: Fine.'
    ok 'the answer shows once' logged_times 1 ann 'Demo: <b>Both</b> & more'
}

need pidgin Xvfb openbox xdotool import
set_up
not_with_sanitizers Pidgin
start_server
start_screen
signs_in
hears_and_speaks
talks_privately
ok 'the password is no longer kept' grep -q '<password>refresh-token:' "$user_folder/accounts.xml"
finish_tests
