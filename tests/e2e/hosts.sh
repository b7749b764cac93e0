# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# How one types into bitlbee, Finch and Pidgin and what they show, for stories that are told in all three. To be sourced
# after lib.sh.
#
# Each host has: HOST_go PLACE, a room or Ann; HOST_enter TEXT; HOST_said WHO TEXT, that somebody else's line is shown
# there; HOST_own TEXT, that an own line is; HOST_did TEXT, an own action; HOST_told TEXT, a line of the plugin's;
# HOST_lines, what was shown in all rooms with its place, a line each. The story says which $host it is, in $rooms
# which rooms there are, and in $friends whom one talks to privately, each as NAME=LOG.

go() {
    place=$1
    "${host}_go" "$1"
}

enter() {
    "${host}_enter" "$1"
}

said() { "${host}_said" "$@"; }
own() { "${host}_own" "$@"; }
did() { "${host}_did" "$@"; }
told() { "${host}_told" "$@"; }

# settle: what was typed has come back, and Ann's line after it is the last one there.
settle() {
    settled=$((${settled:-0} + 1))
    case $place in
    Ann) say_privately 2 1 "Aha $settled." ;;
    *) say "$place" 2 "Aha $settled." ;;
    esac
    wait_until "$e2e_seconds" said Ann "Aha $settled." || give_up "Ann is heard in $place"
}

# hosts_wanted HOST...: sets $hosts, those that can be driven with this plugin.
hosts_wanted() {
    local name

    hosts=()
    for name in "$@"; do
        if [ "$name" != bitlbee ] && [ -n "$(sanitizers)" ]; then
            echo "# $name does not start with sanitizers"
        else
            hosts+=("$name")
        fi
    done
}

# --------------------------------------------------------------------------------------------------------------- bitlbee

# begin_bitlbee NAME: with a new account that is switched on; the transcript is kept as NAME-bitlbee.txt.
begin_bitlbee() {
    transcript=$1-bitlbee
    host_environment LANG=C.UTF-8 TZ=UTC
    start_bitlbee
    at_exit keep_transcript
    connect_irc me
    add_irc_account secret demo
    tell_root 'account flowdock on'
}

keep_transcript() {
    mkdir -p "$e2e_out" && tr -d '\r' <"$irc_log" >"$e2e_out/$transcript.txt"
}

bitlbee_go() {
    case $1 in
    */*) irc_to="#$1" irc_from="#$1" ;;
    *) irc_to=$1 irc_from=me ;;
    esac
}

bitlbee_enter() {
    irc_send "PRIVMSG $irc_to :$1"
}

bitlbee_said() {
    irc_has ":$1!$1@flowdock PRIVMSG $irc_from :$2"
}

# The IRC client has shown it. What bitlbee has sent by now would be in front of the answer.
bitlbee_own() {
    irc_send "PING :own"
    wait_until 10 irc_has ':localhost PONG localhost :own' && count_is 0 ":me!me@localhost PRIVMSG $irc_from :$1"
}

bitlbee_did() {
    irc_has ":me!me@localhost PRIVMSG $irc_from :"$'\001'"ACTION $1"$'\001'
}

# About a private chat it is told in the control channel: there it would be Ann who says it.
bitlbee_told() {
    case $place in
    */*) bitlbee_said Flowdock "$1" ;;
    *) irc_has ":Flowdock!Flowdock@flowdock PRIVMSG &bitlbee :me: $1" ;;
    esac
}

bitlbee_lines() {
    irc_lines | sed -nE 's/^:([^!]*)![^ ]* PRIVMSG #([a-z]*\/[^ ]*) :/\2 \1: /p; s/^:Ann![^ ]* PRIVMSG me :/Ann Ann: /p
        s/^:Flowdock![^ ]* PRIVMSG &bitlbee :me: /Ann Flowdock: /p'
}

bitlbee_stop() {
    disconnect_irc
}

# ------------------------------------------------------------------------------------------------------ Finch and Pidgin

# Both show buddies under their full names.
full_name() {
    case $1 in
    Ann) echo 'Ann Example' ;;
    Bob) echo 'Bob Builder' ;;
    Cleo) echo 'Cleo Day' ;;
    Eve) echo 'Eve Outside' ;;
    Hubot) echo 'Hubot the Bot' ;;
    *) echo "$1" ;;
    esac
}

# And write into their logs what they show, each line with its time.
log_lines() {
    local name

    for name in "${rooms[@]}"; do
        log_of "$name.chat" | sed -nE "s,^(\([0-9][^)]*\) )?(.+)\$,$name \2,p"
    done
    for name in "${friends[@]}"; do
        log_of "${name#*=}" | sed -nE "s/^(\([0-9][^)]*\) )?(.+)\$/${name%=*} \2/p"
    done
}

logged() {
    log_lines | grep -qxF -- "$place $1"
}

# logged_in PLACE: anything.
logged_in() {
    log_lines | grep -qF -- "$1 "
}

keep_logs() {
    mkdir -p "$e2e_out" && log_lines >"$e2e_out/$kept_logs.txt"
}

# ----------------------------------------------------------------------------------------------------------------- Finch

# begin_finch NAME [XML]: with these preferences; the logs are kept as NAME-finch.txt.
begin_finch() {
    kept_logs=$1-finch
    unset TMUX
    host_environment LANG=C.UTF-8 TZ=UTC TERM=screen-256color
    make_user_folder gnt-purple demo "$(finch_prefs 100 40) ${2-}"
    at_exit end_terminal
    at_exit keep_logs
    terminal new-session -d -x 100 -y 40 "${host_env[@]}" finch -c "$user_folder"
}

# finch_turn_to TITLE: of a window. The last line has all titles, cut where there are many; Alt and the number of one
# brings it to the front.
finch_turn_to() {
    local titles number

    look
    IFS='│' read -r -a titles < <(tail -n 1 <<<"$screen" | sed 's/ *│/│/g; s/ *$//')
    for number in "${!titles[@]}"; do
        if [ -n "${titles[number]}" ] && [[ "$1" == "${titles[number]}"* ]]; then
            terminal send-keys "M-$(((number + 1) % 10))"
            wait_until 10 shows "┤${1%% (demo@*}"
            return
        fi
    done
    return 1
}

finch_go() {
    finch_turn_to "$(full_name "$1") (demo@example.com -- Flowdock)"
}

finch_enter() {
    type_in_terminal "$1"
}

# finch_shows TEXT: in the room's text, whose lines are broken.
finch_shows() {
    look
    [[ $(sed -E 's/^.*││//; s/ *(▒|│).*$//' <<<"$screen" | tr -s ' \n' ' ') == *"$1"* ]]
}

finch_said() { finch_shows "$(full_name "$1"): $2"; }
finch_own() { finch_shows "Demo: $1"; }
finch_did() { finch_shows "*** Demo $1"; }
finch_told() { finch_shows "$1"; }
finch_lines() { log_lines; }

finch_stop() {
    keep_logs
    end_terminal
}

# ---------------------------------------------------------------------------------------------------------------- Pidgin

# begin_pidgin NAME [XML]: with these preferences; the logs are kept as NAME-pidgin.txt.
begin_pidgin() {
    kept_logs=$1-pidgin
    start_screen 900x620 LANG=C.UTF-8 TZ=UTC
    make_user_folder gtk-gaim demo "$(pidgin_prefs) ${2-}"
    at_exit keep_logs
    start pidgin "${host_env[@]}" pidgin -c "$user_folder"
    host_job=$job
    # It comes late, and takes the keyboard away from whoever is typing.
    ok 'pidgin: the buddy list is there' shows_window '^Buddy List$'
}

shows_window() {
    [ -n "$(xdotool search --onlyvisible --name "$1" 2>/dev/null)" ]
}

# find_tabs: the window with the conversations, which has the title or the name of the one in front. The story says in
# $tab_titles what those are, a regular expression.
find_tabs() {
    find_window "^($tab_titles)\$"
}

# pidgin_turn_to TITLE: a tab that has just been made may not be there yet, and its title may still be a name.
pidgin_turn_to() {
    local i

    for ((i = 0; i < 10; i++)); do
        ! find_window "^$1\$" || return 0
        find_tabs && focus_window && xdotool key ctrl+Tab
        ! wait_until 1 find_window "^$1\$" || return 0
    done
    return 1
}

pidgin_go() {
    local title

    title=$(pidgin_title "$1")
    find_window "^$title\$" || wait_until 20 pidgin_turn_to "$title" || give_up "Pidgin shows $1"
}

pidgin_enter() { type_in_window "$1"; }
pidgin_said() { logged "$(full_name "$1"): $2"; }
pidgin_own() { logged "Demo: $1"; }
pidgin_did() { logged "***Demo $1"; }
pidgin_told() { logged "$1" || logged "Flowdock: $1"; }
pidgin_lines() { log_lines; }

pidgin_stop() {
    keep_logs
    stop "$host_job"
}
