#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Files and sources, with two people at once: Demo in Pidgin, Ann in Finch. A file goes from the one to the other and back,
# and is the same; a picture shows in Pidgin; Ann posts through a source, and Demo sees it. Then bitlbee sends and fetches.
# Pictures and screens are kept in files-*.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/hosts.sh
. "$(dirname "$0")/hosts.sh"

rooms=(acme/main)
friends=()
tab_titles='Main [(]Acme[)]|[(]?acme/main.*'

# ------------------------------------------------------------------------------------------------------------ the server

write_two() {
    two=$e2e_home/two.json
    cat >"$two" <<'JSON'
{ "users": [ { "id": 1, "nick": "Demo", "name": "Demo User", "email": "demo@example.com", "password": "demo",
               "api_token": "demo-token" },
             { "id": 2, "nick": "Ann", "name": "Ann Example", "email": "ann@example.com", "password": "ann" } ],
  "applications": [ { "client_id": "demo-client", "client_secret": "demo-secret", "name": "Demo application",
                      "redirect_uris": [ "urn:ietf:wg:oauth:2.0:oob" ] } ],
  "organizations": [ { "parameterized_name": "acme", "name": "Acme", "users": [ { "id": 1, "admin": true }, 2 ] } ],
  "flows": [ { "organization": "acme", "parameterized_name": "main", "name": "Main", "users": [ 1, 2 ] } ] }
JSON
}

# make_files: nothing that could be guessed, and of a size that takes several pieces.
make_files() {
    head -c 3000000 /dev/urandom >"$e2e_home/holiday plan.bin"
    head -c 700001 /dev/urandom >"$e2e_home/日程表.bin"
    head -c 100000 /dev/urandom >"$e2e_home/notes.bin"
    # More than the system takes for a connection that nobody reads.
    truncate -s 60000000 "$e2e_home/long.bin"
    cp "$e2e_top/icons/48/flowdock.png" "$e2e_home/picture.png"
}

# same_bytes FILE FILE
same_bytes() {
    [ -e "$2" ] && [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ]
}

# count_files NUMBER NAME: so many messages of the flow are a file of this name.
count_files() {
    [ "$(ask GET '/_test/messages?in=acme/main' | sed 's/"attachments":\[[^]]*\]//g' |
        grep -oF "\"file_name\":$(json_text "$2")" | wc -l)" = "$1" ]
}

has_file() {
    count_files 1 "$1"
}

# ------------------------------------------------------------------------------------------------------------- both hosts

demo_in_pidgin() {
    begin_pidgin files
    ok 'pidgin: Main opens' find_tabs || give_up 'nothing more to see'
    pidgin_folder=$user_folder
}

ann_in_finch() {
    user_home=$e2e_home/ann account_name=ann@example.com
    mkdir -p "$user_home"
    unset TMUX
    host_environment LANG=C.UTF-8 TZ=UTC TERM=screen-256color
    make_user_folder gnt-purple ann "$(finch_prefs 110 40)"
    at_exit end_terminal
    terminal new-session -d -x 110 -y 40 "${host_env[@]}" finch -c "$user_folder"
    ok 'finch: acme/main opens' shows '┤acme/main ' || give_up 'nothing more to see'
    terminal send-keys M-2
    user_home='' account_name=demo@example.com user_folder=$pidgin_folder
}

# keep_screen NAME
keep_screen() {
    look
    mkdir -p "$e2e_out" && printf '%s\n' "$screen" >"$e2e_out/files-$1.txt"
}

keep_picture() {
    mkdir -p "$e2e_out" && import -silent -window root "$e2e_out/files-$1.png"
}

in_pidgin() {
    find_tabs && type_in_window "$1"
}

# in_pidgins_log TEXT: within one line of the room.
in_pidgins_log() {
    log_of acme/main.chat | grep -qF -- "$1"
}

# In the window's title is how far they are.
shows_transfers() {
    shows_window '^File Transfers'
}

from_pidgin_to_finch() {
    in_pidgin '/upload ~/holiday plan.bin'
    ok 'the server has what Pidgin sends' has_file 'holiday plan.bin'
    ok 'Pidgin shows it, with type and size' in_pidgins_log 'shared a file: holiday plan.bin (application/octet-stream, 3.0 MB) http'
    ok 'Finch shows it, under the full name' finch_shows 'shared a file: holiday plan.bin (application/octet-stream, 3.0 MB) http'
    type_in_terminal '/files'
    ok 'Finch lists it' finch_shows 'Demo: holiday plan.bin (application/octet-stream, 3.0 MB)'
    type_in_terminal '/download ^ ~/fetched.bin'
    ok 'Finch fetches it, and it is the same' same_bytes "$e2e_home/holiday plan.bin" "$e2e_home/fetched.bin"
    keep_screen finch-fetched
}

# A transfer that does not get on can be looked at, and stopped.
stops_on_the_way() {
    ask POST /_test/set '{"stall_upload":1000000}' >/dev/null
    in_pidgin '/upload ~/long.bin'
    ok 'Pidgin lists what is on its way' shows_transfers
    in_pidgin '/cancel'
    ok 'so does the command' in_pidgins_log '1: long.bin to acme/main, '
    keep_picture pidgin-transfer
    in_pidgin '/cancel 1'
    ok 'which stops it' in_pidgins_log 'long.bin to acme/main is stopped.'
    keep_picture pidgin-stopped
    ok 'and the server does not have it' count_files 0 long.bin
}

from_finch_to_pidgin() {
    terminal send-keys M-2
    type_in_terminal '/upload ~/日程表.bin'
    ok 'Pidgin shows what Finch sends' in_pidgins_log 'shared a file: 日程表.bin (application/octet-stream, 700.0 kB) http'
    keep_screen finch-transfer
    in_pidgin '/download @Ann ~/back.bin'
    ok 'Pidgin fetches it, and it is the same' same_bytes "$e2e_home/日程表.bin" "$e2e_home/back.bin"
    ok 'and says where it is' in_pidgins_log 'back.bin'
    in_pidgin '/download @Ann ~/back.bin'
    ok 'nothing is overwritten' in_pidgins_log 'back (2).bin'
    keep_picture pidgin-fetched
}

# The dialog that Pidgin has for a place takes what is typed.
by_dialogs() {
    in_pidgin '/download @Ann'
    ok 'without a place Pidgin asks for one' shows_window 'Save'
    find_window 'Save' && xdotool windowactivate "$window"
    sleep 0.5
    xdotool key ctrl+a
    xdotool type --delay 20 -- "$e2e_home/chosen.bin"
    keep_picture pidgin-dialog
    xdotool key Return
    ok 'and saves it there' same_bytes "$e2e_home/日程表.bin" "$e2e_home/chosen.bin"
}

pictures() {
    terminal send-keys M-2
    type_in_terminal '/upload ~/picture.png'
    ok 'a picture is announced with its link' in_pidgins_log 'shared a file: picture.png (image/png, '
    find_tabs && focus_window
    sleep 2
    keep_picture pidgin-preview
    ok 'Finch has the link' finch_shows 'shared a file: picture.png (image/png, '
}

refusals() {
    ask POST /_test/set '{"max_file":50000}' >/dev/null
    in_pidgin '/upload ~/notes.bin'
    ok 'a file that is too large is refused in words' in_pidgins_log 'notes.bin was not sent. The service does not take files of this size'
    ask POST /_test/set '{"max_file":0}' >/dev/null
    in_pidgin '/upload ~/nothing.bin'
    ok 'so is one that is not there' in_pidgins_log 'nothing.bin was not sent. There is no such file.'
}

# Ann's sign-in has not asked for the right to make sources.
sources() {
    terminal send-keys M-2
    type_in_terminal '/source create Builds'
    ok 'Finch offers to sign in again with the right for it' shows 'OK'
    keep_screen finch-widen
    terminal send-keys Enter
    wait_until 20 shows 'Password for ann@example.com'
    terminal send-keys -l ann
    terminal send-keys Tab Enter
    terminal send-keys M-2
    ok 'then the source is made' finch_shows 'The source 1: Builds was made'
    keep_screen finch-source
    terminal send-keys M-2
    type_in_terminal '/activity Builds build-7 [green:passed] Build 7 | All tests passed'
    ok 'what Ann posts through it shows in Pidgin, in its thread' in_pidgins_log '[1: Build 7]'
    type_in_terminal '/discuss Builds build-7 Who mended it?'
    ok 'and what she says there' in_pidgins_log 'Who mended it?'
    in_pidgin '/show 1'
    ok 'Pidgin shows the thread with its status' in_pidgins_log 'passed'
    keep_picture pidgin-activity
    keep_screen finch-activity
}

# --------------------------------------------------------------------------------------------------------------- bitlbee

# irc_begins TEXT: of a line that bitlbee has sent.
irc_begins() {
    irc_lines | grep -qF -- "$1"
}

in_bitlbee() {
    host=bitlbee
    begin_bitlbee files
    ok 'bitlbee: acme/main opens' irc_has ':me!me@localhost JOIN :#acme/main' || give_up 'nothing more to see'
    go acme/main
    enter '/upload ~/notes.bin'
    ok 'bitlbee sends' has_file notes.bin
    ok 'and shows it' irc_begins ":me!me@localhost PRIVMSG #acme/main :"$'\001''ACTION shared a file: notes.bin (application/octet-stream, 100.0 kB) http'
    enter '/download ^ ~/from-bitlbee.bin'
    ok 'fetches it, and it is the same' same_bytes "$e2e_home/notes.bin" "$e2e_home/from-bitlbee.bin"
    ok 'and says where it is' told "notes.bin is saved as $e2e_home/from-bitlbee.bin (100.0 kB)."
    ask POST /_test/set '{"max_file":50000}' >/dev/null
    enter '/upload ~/notes.bin'
    ok 'a refusal is told' told 'notes.bin was not sent. The service does not take files of this size (100.0 kB).'
    bitlbee_stop
}

# ------------------------------------------------------------------------------------------------------------------ story

need bitlbee finch tmux pidgin Xvfb openbox xdotool import sha256sum
set_up
write_two
make_files
start_server "$two"
if [ -z "$(sanitizers)" ]; then
    host=pidgin
    demo_in_pidgin
    ann_in_finch
    from_pidgin_to_finch
    stops_on_the_way
    from_finch_to_pidgin
    by_dialogs
    pictures
    refusals
    sources
    end_terminal
    pidgin_stop
    rm -rf "$e2e_home/.purple"
fi
in_bitlbee
finish_tests
