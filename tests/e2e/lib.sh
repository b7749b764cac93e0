# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the end-to-end tests and the demo share: a throw-away home, the local server, hosts started and ended by their
# process ids, waiting for conditions, and TAP output. To be sourced by bash, with set -u.
#
# From the environment: FLOWDOCK_PLUGIN_DIR, with the built plugins; FLOWDOCK_SERVER, the local server's program;
# E2E_OUT, where captures are kept; E2E_SECONDS, how long a condition may take.

e2e_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
e2e_seconds=${E2E_SECONDS:-60}
e2e_out=${E2E_OUT:-$e2e_top/build/e2e}
e2e_jobs=()
e2e_at_exit=()
e2e_count=0
e2e_failed=0
# The application; that of the demo, unless write_seed says otherwise.
client_id=demo-client
client_secret=demo-secret
PATH=$PATH:/usr/sbin:/usr/local/sbin

# ------------------------------------------------------------------------------------------------------------- processes

# start NAME COMMAND...: in the background, as the leader of a process group of its own. Its id is then in $job, what
# it prints in $e2e_home/NAME.log.
start() {
    local name=$1

    shift
    : >"$e2e_home/$name.log"
    setsid "$@" >"$e2e_home/$name.log" 2>&1 </dev/null &
    job=$!
    e2e_jobs+=("$job")
    # There is no such group before setsid has run.
    while kill -0 "$job" 2>/dev/null && ! is_running "$job"; do
        sleep 0.01
    done
}

is_running() {
    kill -0 -- "-$1" 2>/dev/null
}

is_gone() {
    ! is_running "$1"
}

# stop JOB: ends it and all that it started.
stop() {
    kill -TERM -- "-$1" 2>/dev/null || return 0
    wait_until 10 is_gone "$1" || kill -KILL -- "-$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# at_exit COMMAND: run when the script ends, the last one first.
at_exit() {
    e2e_at_exit=("$1" "${e2e_at_exit[@]}")
}

e2e_clean_up() {
    local status=$? i

    # A second Ctrl-C must not leave anything behind.
    trap '' INT TERM HUP PIPE
    trap - EXIT
    for i in "${e2e_at_exit[@]}"; do
        $i
    done
    for ((i = ${#e2e_jobs[@]} - 1; i >= 0; i--)); do
        stop "${e2e_jobs[i]}"
    done
    if [ -n "${E2E_KEEP:-}" ]; then
        echo "# kept: $e2e_home"
    else
        rm -rf "$e2e_home"
    fi
    exit "$status"
}

# need PROGRAM...
need() {
    local program

    for program in "$@"; do
        command -v "$program" >/dev/null || {
            echo "$program is missing; \"make deps FOR=e2e\" installs what is needed." >&2
            exit 1
        }
    done
}

# set_up: the temporary home, and all that is needed to leave nothing behind.
set_up() {
    local build

    for build in check release; do
        if [ -z "${FLOWDOCK_PLUGIN_DIR:-}" ] && [ -e "$e2e_top/build/$build/libflowdock.so" ]; then
            FLOWDOCK_PLUGIN_DIR=$e2e_top/build/$build
        fi
    done
    FLOWDOCK_SERVER=${FLOWDOCK_SERVER:-${FLOWDOCK_PLUGIN_DIR:-}/flowdock-server}
    if [ ! -e "${FLOWDOCK_PLUGIN_DIR:-}/libflowdock.so" ] || [ ! -x "$FLOWDOCK_SERVER" ]; then
        echo 'The plugin and flowdock-server are not built yet: "make demo" and "make check-e2e" do that.' >&2
        exit 1
    fi
    e2e_home=$(mktemp -d "${TMPDIR:-/tmp}/flowdock-e2e.XXXXXX") || exit 1
    trap e2e_clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # Whoever reads our output may end first.
    trap 'exit 141' PIPE
}

# sanitizers: the run-time libraries that the plugin was built with, to be loaded first into a host without them.
sanitizers() {
    ldd "$FLOWDOCK_PLUGIN_DIR/libflowdock.so" | sed -n 's/.*=> \([^ ]*\/lib[a-z]*san\.so[^ ]*\).*/\1/p' | tr '\n' ' '
}

# not_with_sanitizers HOST: for hosts that hang before main() is through when those libraries are loaded first.
not_with_sanitizers() {
    [ -n "$(sanitizers)" ] || return 0
    echo "1..0 # SKIP $1 does not start with sanitizers"
    exit 0
}

# host_environment [VARIABLE=VALUE...]: sets $host_env, a command that runs a host with the home of the test, in an
# environment without the caller's desktop.
host_environment() {
    local preload authority=${XAUTHORITY:-$HOME/.Xauthority}

    preload=$(sanitizers)
    host_env=(env -i "PATH=$PATH" "HOME=$e2e_home" "TMPDIR=$e2e_home/tmp" DBUS_SESSION_BUS_ADDRESS=disabled:
        GSETTINGS_BACKEND=memory GIO_USE_VFS=local ${DISPLAY:+"DISPLAY=$DISPLAY"} "$@")
    [ ! -e "$authority" ] || host_env+=("XAUTHORITY=$authority")
    [ -z "$preload" ] || host_env+=("LD_PRELOAD=$preload" ASAN_OPTIONS=detect_leaks=0:intercept_tls_get_addr=0)
}

# ---------------------------------------------------------------------------------------------------------------- server

# start_server [SEED]: with what is in the file SEED; sets $api_url and $stream_url.
start_server() {
    start server "$FLOWDOCK_SERVER" ${1:+--seed "$1"}
    if ! wait_until 30 grep -q '^api=' "$e2e_home/server.log"; then
        echo 'The local server did not start:' >&2
        cat "$e2e_home/server.log" >&2
        exit 1
    fi
    api_url=$(sed -n 's/^api=\([^ ]*\).*/\1/p' "$e2e_home/server.log")
    stream_url=$(sed -n 's/.* stream=\([^ ]*\).*/\1/p' "$e2e_home/server.log")
}

# exchange URL METHOD PATH [BODY [HEADER...]]: one call to a server on the loopback; prints the body of the answer,
# fails unless that is a good one. Its Location is then in $answer_location.
exchange() {
    local LC_ALL=C address=${1#http://} body=${4-} connection protocol status name value length=

    answer_location=
    exec {connection}<>"/dev/tcp/${address%:*}/${address#*:}" || return 1
    printf '%s\r\n' "$2 $3 HTTP/1.1" "Host: $address" 'Connection: close' "Content-Length: ${#body}" "${@:5}" '' \
        >&"$connection"
    printf '%s' "$body" >&"$connection"
    read -r protocol status value <&"$connection"
    while IFS=': ' read -r name value <&"$connection" && [ "${name%$'\r'}" != '' ]; do
        value=${value%$'\r'}
        case ${name,,} in
        content-length) length=$value ;;
        location) answer_location=$value ;;
        esac
    done
    # Not everyone closes the connection.
    if [ -n "$length" ]; then head -c "$length" <&"$connection"; else cat <&"$connection"; fi
    exec {connection}>&-
    [[ $protocol == HTTP/1.1 && $status == 2* ]]
}

# ask METHOD PATH [JSON [HEADER...]]: such a call to the API's server.
ask() {
    exchange "$api_url" "$1" "$2" "${3-}" 'Content-Type: application/json' "${@:4}"
}

# write_seed: sets $seed, a file for start_server: the demo's people and flows, a source in acme/main and an old token
# of acme/dev-team. The application's id is as long as the service's. The secrets, in $password and so on, are words
# that occur nowhere else, so that they can be searched for.
write_seed() {
    seed=$e2e_home/seed.json
    client_id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    client_secret=Application-$RANDOM-Secret
    password=Pass-$RANDOM-Word
    api_token=Api-$RANDOM-Token
    source_token=Source-$RANDOM-Token
    push_token=Push-$RANDOM-Token
    cat >"$seed" <<JSON
{ "users": [ { "id": 1, "nick": "Demo", "email": "demo@example.com", "password": "$password",
               "api_token": "$api_token" },
             { "id": 2, "nick": "Ann", "email": "ann@example.com" } ],
  "applications": [ { "client_id": "$client_id", "client_secret": "$client_secret", "name": "Demo application",
                      "redirect_uris": [ "urn:ietf:wg:oauth:2.0:oob", "http://127.0.0.1" ] } ],
  "organizations": [ { "parameterized_name": "acme", "name": "Acme", "users": [ { "id": 1, "admin": true }, 2 ] } ],
  "flows": [ { "organization": "acme", "parameterized_name": "main", "name": "Main", "users": [ 1, 2 ] },
             { "organization": "acme", "parameterized_name": "dev-team", "name": "Dev team", "users": [ 1, 2 ],
               "api_token": "$push_token" } ],
  "sources": [ { "flow": "acme/main", "application": "$client_id", "name": "Builds", "id": 1, "creator": 1,
                 "flow_token": "$source_token" } ] }
JSON
}

json_text() {
    local text=${1//\\/\\\\}

    printf '"%s"' "${text//\"/\\\"}"
}

# say FLOW USER_ID TEXT; say_privately FROM_ID TO_ID TEXT: as somebody else.
say() {
    ask POST /_test/say "{\"flow\":\"$1\",\"user\":$2,\"text\":$(json_text "$3")}" >/dev/null
}

say_privately() {
    ask POST /_test/say "{\"from\":$1,\"to\":$2,\"text\":$(json_text "$3")}" >/dev/null
}

# count_sent CONVERSATION TEXT: how many messages with exactly this text the server has.
count_sent() {
    ask GET "/_test/messages?in=$1" | grep -oF "\"content\":$(json_text "$2")" | wc -l
}

# has_sent CONVERSATION TEXT: the server has it exactly once.
has_sent() {
    [ "$(count_sent "$1" "$2")" = 1 ]
}

# granted TYPE NUMBER: so often the server was asked for tokens that way.
count_grants() {
    ask GET '/_test/requests?method=POST&path=/oauth/token' | grep -oF "grant_type=$1" | wc -l
}

granted() {
    [ "$(count_grants "$1")" = "$2" ]
}

# ------------------------------------------------------------------------------------------------------------ user folder

xml_text() {
    printf '%s' "$1" | sed "s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/'/\&apos;/g; s/\"/\&quot;/g"
}

# plugin_into FOLDER: where a host finds it.
plugin_into() {
    mkdir -p "$1" && ln -s "$FLOWDOCK_PLUGIN_DIR"/lib*.so "$1"
}

# xml_setting KEY VALUE: of an account.
xml_setting() {
    printf "<setting name='%s' type='string'>%s</setting>\n" "$1" "$(xml_text "$2")"
}

# Whose account a host has, and where its folder is; a story of two people sets them before it starts a host.
account_name=demo@example.com
user_home=

# write_account FOLDER UI PASSWORD [XML]: that account, enabled in the host that calls itself UI; more settings.
write_account() {
    cat >"$1/accounts.xml" <<XML
<?xml version='1.0' encoding='UTF-8' ?>
<account version='1.0'>
 <account>
  <protocol>prpl-flowdock</protocol>
  <name>$(xml_text "$account_name")</name>
  ${3:+<password>$(xml_text "$3")</password>}
  <statuses>
   <status type='available' name='Available' active='true'><attributes/></status>
   <status type='offline' name='Offline' active='false'><attributes/></status>
  </statuses>
  <settings>
   $(xml_setting client_id "$client_id")
   $(xml_setting client_secret "$client_secret")
   $(xml_setting api_url "$api_url")
   $(xml_setting stream_url "$stream_url")
   ${4-}
  </settings>
  <settings ui='$2'>
   <setting name='auto-login' type='bool'>1</setting>
  </settings>
 </account>
</account>
XML
}

# write_prefs FOLDER [XML]: logs as plain text, no sounds, and more preferences of the host.
write_prefs() {
    cat >"$1/prefs.xml" <<XML
<?xml version='1.0' encoding='UTF-8' ?>
<pref version='1' name='/'>
 <pref name='purple'>
  <pref name='logging'>
   <pref name='log_chats' type='bool' value='1'/>
   <pref name='log_ims' type='bool' value='1'/>
   <pref name='log_system' type='bool' value='0'/>
   <pref name='format' type='string' value='txt'/>
  </pref>
  <pref name='savedstatus'>
   <pref name='startup_current_status' type='bool' value='1'/>
  </pref>
 </pref>
 ${2-}
</pref>
XML
}

# finch_prefs COLUMNS LINES: rooms beside the buddy list, as large as the terminal allows.
finch_prefs() {
    cat <<XML
<pref name='finch'>
  <pref name='blist'>
   <pref name='size'>
    <pref name='width' type='int' value='18'/>
    <pref name='height' type='int' value='$(($2 - 3))'/>
   </pref>
  </pref>
  <pref name='conversations'>
   <pref name='size'>
    <pref name='width' type='int' value='$(($1 - 25))'/>
    <pref name='height' type='int' value='$(($2 - 5))'/>
   </pref>
   <pref name='position'>
    <pref name='x' type='int' value='22'/>
    <pref name='y' type='int' value='0'/>
   </pref>
  </pref>
 </pref>
XML
}

# pidgin_prefs: no sounds, and place for the number of members.
pidgin_prefs() {
    cat <<'XML'
<pref name='pidgin'>
  <pref name='sound'>
   <pref name='method' type='string' value='none'/>
  </pref>
  <pref name='conversations'>
   <pref name='chat'>
    <pref name='userlist_width' type='int' value='140'/>
   </pref>
  </pref>
 </pref>
XML
}

# make_user_folder UI [PASSWORD [PREFERENCES [SETTINGS]]]: the host's own folder for -c, ready to sign in; the latter
# two are more XML. Sets $user_folder.
make_user_folder() {
    user_folder=${user_home:-$e2e_home}/.purple
    mkdir -p "$user_folder" "$e2e_home/tmp"
    plugin_into "$user_folder/plugins"
    write_account "$user_folder" "$1" "${2-demo}" "${4-}"
    write_prefs "$user_folder" "${3-}"
}

# log_of NAME: what the host has logged of a conversation, acme/main.chat or Ann.
log_of() {
    cat -- "$user_folder/logs/flowdock/$account_name/${1//\//%2f}"/*.txt 2>/dev/null
}

# ---------------------------------------------------------------------------------------------------------------- waiting

# wait_until SECONDS COMMAND...: tries again and again.
wait_until() {
    local end=$((SECONDS + $1))

    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

# ok NAME COMMAND...: one test, passed when the command succeeds within the limit.
ok() {
    local name=$1

    shift
    e2e_count=$((e2e_count + 1))
    if wait_until "$e2e_seconds" "$@"; then
        echo "ok $e2e_count - $name"
        return 0
    fi
    e2e_failed=$((e2e_failed + 1))
    echo "not ok $e2e_count - $name"
    echo "# did not come true: $*"
    return 1
}

# give_up TEXT: nothing more can be tested.
give_up() {
    e2e_count=$((e2e_count + 1))
    e2e_failed=$((e2e_failed + 1))
    echo "not ok $e2e_count - $1"
    finish_tests
}

finish_tests() {
    echo "1..$e2e_count"
    [ $e2e_failed -eq 0 ]
    exit
}

# --------------------------------------------------------------------------------------------------------------- bitlbee

can_connect() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

answers_or_is_gone() {
    can_connect "$irc_port" || is_gone "$job"
}

# start_bitlbee: on some free port of the loopback, left in $irc_port. Daemon mode does without libpurple, hence forks.
# It looks for plugins in its own folder and that of libpurple, not in the user's.
start_bitlbee() {
    local folder=$e2e_home/bitlbee tries

    mkdir -p "$folder" "$e2e_home/tmp"
    plugin_into "$folder/plugins/purple"
    for tries in 1 2 3 4 5; do
        irc_port=$((20000 + RANDOM % 10000))
        printf '%s\n' '[settings]' "ConfigDir = $folder/" "PluginDir = $folder/plugins" "PidFile = $folder/pid" \
            'MotdFile = /dev/null' >"$folder/bitlbee.conf"
        start bitlbee "${host_env[@]}" bitlbee -F -n -c "$folder/bitlbee.conf" -i 127.0.0.1 -p "$irc_port"
        if wait_until 30 answers_or_is_gone && is_running "$job"; then
            return 0
        fi
    done
    echo "bitlbee does not start ($tries tries):" >&2
    cat "$e2e_home/bitlbee.log" >&2
    exit 1
}

# connect_irc NICK [PASSWORD]: what comes is in the file $irc_log, also what we send, as ">> LINE".
connect_irc() {
    irc_log=$e2e_home/irc.txt
    exec {irc}<>"/dev/tcp/127.0.0.1/$irc_port" || exit 1
    cat <&"$irc" >>"$irc_log" &
    irc_reader=$!
    irc_send ${2:+"PASS $2"} "NICK $1" "USER $1 0 * :$1"
}

# Where bitlbee has crashed there is nobody to be told.
disconnect_irc() {
    ! kill -0 "$irc_reader" 2>/dev/null || irc_send QUIT
    exec {irc}>&-
    wait "$irc_reader"
}

# Without the CR: bitlbee reads 512 bytes at a time, and where the next ones begin with a LF it forgets them all.
irc_send() {
    local line

    for line in "$@"; do
        printf '>> %s\n' "$line" >>"$irc_log"
        printf '%s\n' "$line" >&"$irc"
    done
}

# tell_root COMMAND...: bitlbee's own commands, in its control channel.
tell_root() {
    local line

    for line in "$@"; do
        irc_send "PRIVMSG &bitlbee :$line"
    done
}

# add_irc_account IRC_PASSWORD [PASSWORD [SETTING VALUE]...]
add_irc_account() {
    tell_root "register $1" "account add flowdock demo@example.com${2:+ $2}" \
        "account flowdock set client_id $client_id" "account flowdock set client_secret $client_secret" \
        "account flowdock set api_url $api_url" "account flowdock set stream_url $stream_url"
    shift $(($# < 2 ? $# : 2))
    while [ $# -ge 2 ]; do
        tell_root "account flowdock set $1 $2"
        shift 2
    done
}

is_quiet() {
    complaints=$(grep -E 'Sanitizer:|runtime error:|-(CRITICAL|WARNING) \*\*' "$e2e_home/bitlbee.log")
    [ -z "$complaints" ]
}

# ok_quiet: of all that bitlbee's processes have printed until now.
ok_quiet() {
    ok 'no library or sanitizer has complained' is_quiet || printf '# %s\n' "$complaints"
}

# begin_chapter TITLE, end_chapter: one of several sign-ins that know nothing of each other, as somebody who is new to
# bitlbee. All that was said goes into $irc_story.
begin_chapter() {
    irc_story=$e2e_home/story.txt
    printf '=== %s\n' "$1" >>"$irc_story"
    rm -f "$e2e_home/irc.txt" "$e2e_home/bitlbee/me.xml"
    connect_irc me
}

end_chapter() {
    disconnect_irc
    cat "$irc_log" >>"$irc_story"
    : >"$irc_log"
}

# keep_story NAME: into the folder for captures, also what the last chapter has come to.
keep_story() {
    [ -e "${irc_story-}" ] || return 0
    mkdir -p "$e2e_out" && cat "$irc_story" "$irc_log" | tr -d '\r' >"$e2e_out/$1.txt"
}

# irc_lines: what bitlbee has sent.
irc_lines() {
    tr -d '\r\002' <"$irc_log" | grep -v '^>> '
}

# irc_has TEXT, irc_count TEXT: of whole lines that bitlbee has sent.
irc_count() {
    irc_lines | grep -cxF -- "$1"
}

irc_has() {
    [ "$(irc_count "$1")" -gt 0 ]
}

# count_is NUMBER LINE
count_is() {
    [ "$(irc_count "$2")" = "$1" ]
}

ok_has() {
    ok "$1" irc_has "$2"
}

# root_says TEXT: in the control channel.
root_says() {
    irc_has ":root!root@localhost PRIVMSG &bitlbee :$1"
}

# The questions of one sign-in are people, purple_request_0 and so on: irc_question NUMBER prints one, irc_asks NUMBER
# LINE looks for a line in it, irc_answer NUMBER TEXT.
irc_question() {
    irc_lines | sed -n "s/^:purple_request_$1![^ ]* PRIVMSG me ://p"
}

irc_asks() {
    irc_question "$1" | grep -qxF -- "$2"
}

irc_answer() {
    irc_send "PRIVMSG purple_request_$1 :$2"
}

# -------------------------------------------------------------------------------------------------------------- terminal

# A terminal of its own, for Finch. To be ended by end_terminal.
terminal() {
    TMUX_TMPDIR=$e2e_home tmux -L finch -f /dev/null "$@"
}

end_terminal() {
    terminal kill-server 2>/dev/null
}

# look: sets $screen.
look() {
    screen=$(terminal capture-pane -p)
}

shows() {
    look
    [[ $screen == *"$1"* ]]
}

type_in_terminal() {
    terminal send-keys -l -- "$1"
    terminal send-keys Enter
}

# ---------------------------------------------------------------------------------------------------------------- screen

has_window_manager() {
    xdotool get_desktop >/dev/null 2>&1
}

# start_screen WIDTHxHEIGHT [VARIABLE=VALUE...]: for Pidgin, with a window manager, without which no window gets the
# keyboard. Sets $host_env, with these variables.
start_screen() {
    start xvfb Xvfb -displayfd 1 -screen 0 "$1x24" -nolisten tcp
    wait_until 30 grep -qx '[0-9][0-9]*' "$e2e_home/xvfb.log" || give_up 'Xvfb starts'
    DISPLAY=:$(grep -x '[0-9][0-9]*' "$e2e_home/xvfb.log" | head -n 1)
    unset XAUTHORITY
    export DISPLAY
    host_environment "${@:2}"
    start openbox "${host_env[@]}" openbox
    wait_until 30 has_window_manager || give_up 'openbox starts'
}

# find_window TITLE: a regular expression; sets $window.
find_window() {
    window=$(xdotool search --name "$1" 2>/dev/null | head -n 1)
    [ -n "$window" ]
}

has_keyboard() {
    [ "$(xdotool getactivewindow 2>/dev/null)" = "$window" ]
}

# focus_window: with a click into Pidgin's entry, at the bottom. Else keys are lost after a change of tabs.
focus_window() {
    local WIDTH HEIGHT

    xdotool windowactivate "$window"
    wait_until 10 has_keyboard
    eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=[0-9]+$')"
    xdotool mousemove --window "$window" $((WIDTH / 3)) $((HEIGHT - 35)) click 1
    # What it has logged, Pidgin may not be through with.
    sleep 0.3
    xdotool key space BackSpace
}

type_in_window() {
    focus_window
    xdotool type --delay 20 -- "$1"
    xdotool key Return
}
