#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shows the plugin in a real host, with a local server and a throw-away home: HOST=finch|pidgin|bitlbee. Without HOST it
# is Pidgin on a desktop that has it, and Finch elsewhere. `make demo` calls it.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

demo_environment() {
    host_environment "LANG=${LANG:-C.UTF-8}" ${LC_ALL:+"LC_ALL=$LC_ALL"} ${LC_CTYPE:+"LC_CTYPE=$LC_CTYPE"} \
        ${TZ:+"TZ=$TZ"} "TERM=${TERM:-vt100}" ${TERMINFO:+"TERMINFO=$TERMINFO"}
}

# explain LINE...: stays long enough to be read, as some hosts take the whole terminal.
explain() {
    printf '%s\n' "$@"
    if [ -t 0 ]; then
        read -r -t 6 -p 'Starting in a moment; Enter starts at once. ' || echo
    fi
}

is_listening() {
    [ "$(ask GET /_test/streams)" != '{"open":0}' ]
}

# What one has to know in there, said where it is seen.
say_hint() {
    wait_until 60 is_listening && say acme/main 42 "$1"
}

end_hint() {
    kill "$hint" 2>/dev/null
    wait "$hint" 2>/dev/null
}

run_finch() {
    local size

    if [ ! -t 0 ] || [ ! -t 1 ]; then
        echo 'Finch needs a terminal. Start this in one, or use HOST=pidgin or HOST=bitlbee.' >&2
        exit 1
    fi
    size=$(stty size)
    make_user_folder gnt-purple demo "$(finch_prefs "${size#* }" "${size% *}")"
    demo_environment
    explain 'Finch: Alt-N goes to the next window, Alt-C closes one, Alt-Q quits. Write there: @Hubot help'
    say_hint 'In Finch, Alt-N goes to the next window, Alt-C closes one, and Alt-Q quits.' &
    hint=$!
    at_exit end_hint
    "${host_env[@]}" finch -c "$user_folder" 2>"$e2e_home/finch.log"
}

run_pidgin() {
    if [ -z "${DISPLAY:-}" ]; then
        echo 'Pidgin needs a desktop, and DISPLAY is not set. HOST=finch runs in a terminal.' >&2
        exit 1
    fi
    make_user_folder gtk-gaim demo "$(pidgin_prefs)"
    demo_environment
    echo 'Pidgin: quit it, or press Ctrl-C here, to end. Write in its rooms: @Hubot help'
    start pidgin "${host_env[@]}" pidgin -c "$user_folder"
    wait "$job"
}

ready_irc_account() {
    connect_irc demo
    add_irc_account demo demo
    tell_root save
    if ! wait_until 60 irc_has ':root!root@localhost PRIVMSG &bitlbee :Configuration saved'; then
        echo 'bitlbee did not take the account:' >&2
        cat "$irc_log" >&2
        exit 1
    fi
    disconnect_irc
}

run_bitlbee() {
    demo_environment
    start_bitlbee
    ready_irc_account
    if [ -t 0 ] && [ -t 1 ] && command -v irssi >/dev/null; then
        explain 'irssi: Alt-1, Alt-2, ... go to the windows of the rooms, /quit ends. Write there: @Hubot help'
        "${host_env[@]}" irssi --home="$e2e_home/irssi" -c 127.0.0.1 -p "$irc_port" -n demo -w demo
    else
        echo "Connect an IRC client to 127.0.0.1, port $irc_port, as nick demo with the server password demo."
        echo 'The rooms then open as #acme/main and #acme/dev-team; write there: @Hubot help. Ctrl-C here ends all.'
        wait "$job"
    fi
}

host=${HOST:-}
if [ -z "$host" ]; then
    host=finch
    [ -z "${DISPLAY:-}" ] || ! command -v pidgin >/dev/null || host=pidgin
fi
case $host in
finch | pidgin | bitlbee) ;;
*)
    echo "HOST=$host: finch, pidgin or bitlbee" >&2
    exit 2
    ;;
esac
need "$host"
set_up
start_server
say acme/main 2 'Hello! All this happens on your own machine; nobody else reads it.'
say acme/dev-team 2 'This is the second room.'
"run_$host"
# However the host ended, the demo is over.
exit 0
