#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A day among people, in bitlbee, Finch and Pidgin, or in those named: people.sh [bitlbee] [finch] [pidgin]. Who is
# there, the list of rooms, inviting and blocking, being added and removed, private talk, nicks, being away. One story
# for all hosts; each does it by its own means. The transcript, the last screen and the logs are kept in people-*.txt.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/hosts.sh
. "$(dirname "$0")/hosts.sh"

rooms=(acme/main acme/lobby acme/summer-party acme/plans globex/sales)
# A log has the name that the chat was opened under.
friends=(Ann=ann Bob=bob Cleo=cleo Cleo=cleo@globex.example)
tab_titles='(Main|Lobby|Plans|(Summer|Winter|Spring) party) [(]Acme[)]|Sales [(]Globex[)]|[(]?(acme|globex)/.*'
tab_titles+='|(Ann Example|Bob Builder|Cleo Day)'

# ------------------------------------------------------------------------------------------------------------ the server

# Eve is in no flow; Cleo is of another organization.
write_people() {
    people=$e2e_home/people.json
    cat >"$people" <<'JSON'
{ "users": [ { "id": 1, "nick": "Demo", "name": "Demo User", "email": "demo@example.com", "password": "demo",
               "api_token": "demo-token" },
             { "id": 2, "nick": "Ann", "name": "Ann Example", "email": "ann@example.com" },
             { "id": 3, "nick": "Bob", "name": "Bob Builder", "email": "bob@example.com" },
             { "id": 4, "nick": "Cleo", "name": "Cleo Day", "email": "cleo@globex.example" },
             { "id": 5, "nick": "Eve", "name": "Eve Outside", "email": "eve@example.com" } ],
  "applications": [ { "client_id": "demo-client", "client_secret": "demo-secret", "name": "Demo application",
                      "redirect_uris": [ "urn:ietf:wg:oauth:2.0:oob" ] } ],
  "organizations": [ { "parameterized_name": "acme", "name": "Acme", "users": [ { "id": 1, "admin": true }, 2, 3, 5 ] },
                     { "parameterized_name": "globex", "name": "Globex", "users": [ 1, { "id": 4, "admin": true } ] } ],
  "flows": [ { "organization": "acme", "parameterized_name": "main", "name": "Main", "users": [ 1, 2, 3 ] },
             { "organization": "acme", "parameterized_name": "lobby", "name": "Lobby", "access_mode": "organization",
               "users": [ 2 ] },
             { "organization": "acme", "parameterized_name": "plans", "name": "Plans", "users": [ 2 ] },
             { "organization": "globex", "parameterized_name": "sales", "name": "Sales", "users": [ 1, 4 ] } ] }
JSON
}

# becomes USER_ID PRESENCE: active, idle or offline.
becomes() {
    ask POST /_test/user "{\"id\":$1,\"presence\":\"$2\"}" >/dev/null
}

# change_member FLOW USER_ID WHAT
change_member() {
    ask POST /_test/member "{\"flow\":\"$1\",\"user\":$2,\"do\":\"$3\"}" >/dev/null
}

# ask_as_demo PATH
ask_as_demo() {
    ask GET "$1" '' "Authorization: Basic $(printf 'demo-token:' | base64)"
}

# has_member FLOW USER_ID: who is not shut out of it.
has_member() {
    ask_as_demo "/flows/$1/users" | sed 's/},{/}\n{/g' | grep "\"id\":$2," | grep -qv '"disabled":true'
}

lacks_member() {
    ! has_member "$@"
}

has_invited() {
    ask_as_demo "/flows/$1/invitations" | grep -qF "\"email\":\"$2\""
}

has_not_invited() {
    ! has_invited "$@"
}

# is_named FLOW NAME
is_named() {
    ask_as_demo "/flows/$1" | grep -qF "\"name\":\"$2\""
}

is_called() {
    ask_as_demo /users/1 | grep -qF "\"nick\":\"$1\""
}

# announces PRESENCE: with the newest stream: true, or idle.
announces() {
    [ "$(ask GET '/_test/requests?path=/flows' | sed 's/},{/}\n{/g' | grep '"origin":"stream"' | tail -n 1 |
        grep -oE '[?&"]active=[a-z]*' | sed 's/.*=//')" = "$1" ]
}

lacks_message() {
    [ "$(count_sent "$1" "$2")" = 0 ]
}

# ------------------------------------------------------------------------------------------------------------- the story

# Besides what hosts.sh has, each host has: HOST_start; HOST_sees WHO STATE, in its list of people, active, away or
# offline; HOST_asks_about WHO LINE; HOST_joins_from_list, acme/lobby from its list of rooms; HOST_opened ROOM and
# HOST_opened_again ROOM; HOST_invites WHO into the room in front, and HOST_renames NAME; HOST_hears_come WHO,
# HOST_hears_go WHO and HOST_hears_rename OLD NEW, as it tells in a room; HOST_said_renamed NICK TEXT, what Bob says;
# HOST_opens_private NAME NICK; HOST_keeps PROBLEM TEXT, which was typed in a closed room; HOST_goes_away,
# HOST_comes_back; HOST_only.
sees() { "${host}_sees" "$@"; }
hears_come() { "${host}_hears_come" "$@"; }
hears_go() { "${host}_hears_go" "$@"; }

who_is_there() {
    becomes 2 active
    becomes 3 idle
    becomes 4 active
    becomes 5 offline
    ok 'Ann is there' sees Ann active
    ok 'Bob is away' sees Bob away
    ok 'so is Cleo there, who is of another organization' sees Cleo active
    ok 'Eve is not' sees Eve offline
    becomes 2 idle
    ok 'Ann goes away' sees Ann away
    becomes 2 offline
    ok 'and home' sees Ann offline
    becomes 2 active
    ok 'and comes back' sees Ann active
    becomes 3 active
    ok 'so does Bob' sees Bob active
}

about_somebody() {
    ok 'what is known of Ann is told' "${host}_asks_about" Ann 'E-mail: ann@example.com'
}

lobby() {
    "${host}_joins_from_list"
    ok 'a room of the list is joined' "${host}_opened" acme/lobby
    ok 'on the server, too' has_member acme/lobby 1
    go acme/lobby
    ok 'it says what it is' told 'This is Lobby (Acme).'
    say acme/lobby 2 'Welcome!'
    ok 'Ann is heard there' said Ann 'Welcome!'
    enter '/flows'
    ok '/flows lists the rooms: this one' told 'acme/lobby: Lobby (Acme), open, 2 people'
    ok 'and that of another organization' told 'globex/sales: Sales (Globex), open, 2 people'
}

guests() {
    go acme/lobby
    "${host}_invites" Bob
    ok 'a colleague who is invited is added' told 'Bob was added to this flow.'
    ok 'on the server, too' has_member acme/lobby 3
    ok 'and comes in' hears_come Bob
    "${host}_invites" Cleo
    ok 'who is of another organization is not' told \
        'Cleo is not in the organization of this flow. /invite cleo@globex.example asks them to join.'
    enter '/invite zoe@example.com Come & see'
    ok 'somebody from outside is asked by e-mail' has_invited acme/lobby zoe@example.com
    ok 'as is told' told 'zoe@example.com was invited to this flow.'
    enter '/invitations'
    ok '/invitations lists it' told 'zoe@example.com'
    enter '/uninvite zoe@example.com'
    ok '/uninvite withdraws it' has_not_invited acme/lobby zoe@example.com
    ok 'as is told, too' told 'The invitation of zoe@example.com was withdrawn.'
    enter '/invitations'
    ok 'then none is left' told 'No invitation to this flow is pending.'
}

party() {
    enter '/create acme Summer party'
    ok '/create makes a flow' is_named acme/summer-party 'Summer party'
    ok 'which opens as a room' "${host}_opened" acme/summer-party
    go acme/summer-party
    ok 'it says what it is' told 'This is Summer party (Acme).'
    enter '/add Ann'
    ok '/add brings Ann' has_member acme/summer-party 2
    ok 'who comes in' hears_come Ann
    say acme/summer-party 2 'Who else comes?'
    ok 'and is heard' said Ann 'Who else comes?'
    enter '/add Nobody'
    ok 'who is not there cannot be added' told \
        'There is nobody called Nobody whom you can see. /invite EMAIL asks somebody from outside to join.'
    enter '/rename Winter party'
    ok '/rename gives it another name' is_named acme/summer-party 'Winter party'
    ok 'which the room tells' told 'This room is now called Winter party (Acme).'
    "${host}_renames" 'Spring party'
    ok 'it can be renamed by the topic, or again' is_named acme/summer-party 'Spring party'
    ok 'which the room tells' told 'This room is now called Spring party (Acme).'
    enter '/block Ann'
    ok '/block shuts Ann out' lacks_member acme/summer-party 2
    ok 'as is told' told 'Ann is blocked in this flow. /unblock lets them in again.'
    ok 'and she leaves' hears_go Ann
    enter '/unblock Ann'
    ok '/unblock lets her in again' has_member acme/summer-party 2
    ok 'as is told, too' told 'Ann is no longer blocked in this flow.'
}

in_private() {
    "${host}_opens_private" Bob Bob
    enter 'Psst, Bob & co'
    ok 'a private line goes to a nick' has_sent private/1/3 'Psst, Bob & co'
    say_privately 3 1 'What?'
    ok 'which is answered there' said Bob 'What?'
    [ "$host" != bitlbee ] || return 0
    "${host}_opens_private" cleo@globex.example Cleo
    enter 'Hello by mail'
    ok 'and to an e-mail address' has_sent private/1/4 'Hello by mail'
    say_privately 4 1 'Hello back'
    ok 'which is answered in the same place' said Cleo 'Hello back'
}

plans() {
    change_member acme/plans 1 add
    ok 'somebody adds us to a flow: it opens as a room' "${host}_opened" acme/plans
    go acme/plans
    ok 'it says what it is' told 'This is Plans (Acme).'
    enter 'Here I am'
    ok 'one can talk there' has_sent acme/plans 'Here I am'
    ok 'and see it' own 'Here I am'
    change_member acme/plans 1 remove
    ok 'somebody removes us: that is told' told 'Ann removed you from this flow, so the room is closed.'
    enter 'Too late'
    ok 'what is typed then is not sent' "${host}_keeps" 'A message to acme/plans was not sent.' 'Too late'
    change_member acme/plans 1 add
    ok 'we are added again, and the room is back' "${host}_opened_again" acme/plans
    go acme/plans
    enter 'Here again'
    ok 'one can talk there again' has_sent acme/plans 'Here again'
    ok 'what was typed meanwhile was not sent later' lacks_message acme/plans 'Too late'
    [ "$host" != pidgin ] || return 0
    enter '/forget'
    ok 'and can be dropped' told '1 message is dropped.'
}

nicks() {
    go acme/main
    ask POST /_test/user '{"id":3,"nick":"Robert"}' >/dev/null
    ok 'Bob has another nick' "${host}_hears_rename" Bob Robert
    say acme/main 3 'Call me Robert'
    ok 'and is heard under it' "${host}_said_renamed" Robert 'Call me Robert'
    enter '@Robert hello'
    ok 'and written to' has_sent acme/main '@Robert hello'
    enter '/nick Big Boss'
    ok 'a nick of two words is refused' told 'A nick is one word without blanks.'
    enter '/nick Boss'
    ok '/nick changes ours' told 'You are now called Boss.'
    ok 'on the server' is_called Boss
    enter 'Said by the boss'
    ok 'the talk goes on' has_sent acme/main 'Said by the boss'
}

away() {
    ok 'we are there' announces true
    "${host}_goes_away"
    ok 'we go away' announces idle
    "${host}_comes_back"
    ok 'and come back' announces true
    say acme/main 2 'There you are'
    go acme/main
    ok 'and hear what is said' said Ann 'There you are'
}

tell_story() {
    start_server "$people"
    server_job=$job
    "${host}_start"
    who_is_there
    about_somebody
    lobby
    guests
    party
    in_private
    plans
    away
    nicks
    "${host}_only"
}

# --------------------------------------------------------------------------------------------------------------- bitlbee

bitlbee_start() {
    begin_bitlbee people
    ok 'bitlbee: signs in' irc_has ':me!me@localhost JOIN :#globex/sales' || give_up 'nothing more to see'
}

# irc_settles: bitlbee has answered all that was sent.
irc_settles() {
    local number

    number=$(grep -c '^>> PING' "$irc_log")
    irc_send "PING :$number"
    wait_until 10 irc_has ":localhost PONG localhost :$number"
}

# blist_line NICK: as it stands now.
blist_line() {
    tell_root 'blist all'
    irc_settles
    irc_lines | sed -n '/^:root!root@localhost PRIVMSG &bitlbee :Nick  *Handle/h; //!H; ${x; p}' |
        grep "^:root!root@localhost PRIVMSG &bitlbee :$1 "
}

bitlbee_sees() {
    local state

    case $2 in
    active) state=Online ;;
    away) state=Away ;;
    offline) state=Offline ;;
    esac
    blist_line "$1" | grep -q " flowdock  *$state\$"
}

bitlbee_asks_about() {
    tell_root "info $1"
    wait_until 5 root_says "flowdock - User $1 info:" && wait_until 5 root_says "$2"
}

bitlbee_joins_from_list() {
    tell_root 'chat list flowdock'
    ok 'the list of rooms has what can be joined' root_says '    1  acme/lobby            Lobby (Acme)'
    ok 'and what is joined' root_says '    3  globex/sales          Sales (Globex)'
    tell_root 'chat add flowdock !1'
    ok 'one is added' root_says 'Chatroom successfully added, join with /join #acme/lobby'
    irc_send 'JOIN #acme/lobby'
}

bitlbee_opened() {
    irc_has ":me!me@localhost JOIN :#$1"
}

# bitlbee has not left it.
bitlbee_opened_again() {
    [ "$(irc_count ":Flowdock!Flowdock@flowdock PRIVMSG #$1 :This is Plans (Acme).")" -gt 1 ]
}

bitlbee_invites() {
    irc_send "INVITE $1 $irc_to"
}

bitlbee_renames() {
    irc_send "TOPIC $irc_to :$1"
}

bitlbee_hears_come() {
    irc_has ":$1!$1@flowdock JOIN :$irc_to"
}

bitlbee_hears_go() {
    irc_has ":$1!$1@flowdock PART $irc_to :"
}

bitlbee_keeps() {
    irc_lines | grep -F ' PRIVMSG &bitlbee :purple - Error: Flowdock - ' | grep -qF "$1" && root_says "$2"
}

# opens_private NAME NICK
bitlbee_opens_private() {
    go "$2"
}

bitlbee_hears_rename() {
    irc_has ":$2!$2@flowdock JOIN :$irc_to"
}

bitlbee_said_renamed() {
    said "$@"
}

bitlbee_goes_away() {
    irc_send 'AWAY :Lunch'
}

bitlbee_comes_back() {
    irc_send 'AWAY'
}

# irc_names CHANNEL NICK: is listed there.
irc_names() {
    irc_send "NAMES $1"
    irc_settles
    irc_lines | grep "^:localhost 353 me = $1 :" | tail -n 1 | grep -qE "[: @+]$2( |\$)"
}

irc_lacks_name() {
    ! irc_names "$@"
}

blist_lacks() {
    ! blist_line "$1"
}

# signs_in_again NUMBER: so often it has by then. Where bitlbee has crashed there is nothing more to see.
signs_in_again() {
    ok 'signs off and on again' count_is "$1" ':me!me@localhost JOIN :#globex/sales'
}

bitlbee_only() {
    ok 'Bob is no longer there under the old nick' irc_lacks_name '&bitlbee' Bob
    becomes 2 offline
    ok 'Ann goes home' sees Ann offline
    becomes 2 active
    ok 'and comes back' sees Ann active
    ok 'and is in the channel of her flow' irc_names '#acme/main' Ann
    ok 'Eve is on the list' sees Eve offline
    tell_root 'remove Eve'
    ok 'until she is removed' blist_lacks Eve
    tell_root 'account flowdock off' 'account flowdock on'
    signs_in_again 2 || return
    ok 'then Ann is on the list' sees Ann active
    ok 'and Eve stays away' blist_lacks Eve
    tell_root 'add flowdock Eve'
    ok 'until she is added' sees Eve offline
    go acme/main
    ask POST /_test/fault '{"kind":"status","method":"POST","path":"*/messages","status":500,"count":1}' >/dev/null
    enter 'Precious'
    ok 'a line is not sent' told 'Precious'
    # By then bitlbee has closed its channels, and crashes when something is written to one.
    tell_root 'account flowdock off' 'account flowdock on'
    signs_in_again 3 || return
    tell_root 'account flowdock off' 'account flowdock set roster false' 'account flowdock on'
    signs_in_again 4 || return
    ok 'without the setting roster Eve is not on the list' blist_lacks Eve
    ok_quiet
}

# ----------------------------------------------------------------------------------------------------------------- Finch

# Its own size for the list of rooms leaves no place for the buttons.
finch_people_prefs() {
    cat <<'XML'
<pref name='finch'>
  <pref name='blist'>
   <pref name='showoffline' type='bool' value='1'/>
  </pref>
  <pref name='roomlist'>
   <pref name='size'>
    <pref name='width' type='int' value='60'/>
    <pref name='height' type='int' value='24'/>
   </pref>
  </pref>
 </pref>
XML
}

finch_start() {
    begin_finch people "$(finch_people_prefs)"
    at_exit keep_screen
    ok 'finch: signs in' shows '┤acme/main ' || give_up 'nothing more to see'
    ok 'each organization is a group' shows '- Acme '
    ok 'the other one, too' shows '- Globex '
}

keep_screen() {
    [ -z "${screen-}" ] || printf '%s\n' "$screen" >"$e2e_out/people-finch-screen.txt"
}

finch_sees() {
    local sign

    case $2 in
    active) sign=◯ ;;
    away) sign=⊖ ;;
    offline) sign=⊗ ;;
    esac
    shows "$sign $(full_name "$1") "
}

# finch_press KEY...: as tmux calls them, and time for what they open.
finch_press() {
    terminal send-keys "$@"
    sleep 0.3
}

# finch_line TEXT: the number of the first line that has it; fails where none has.
finch_line() {
    local line

    look
    line=$(grep -nF -- "$1" <<<"$screen" | head -n 1)
    [ -n "$line" ] && echo "${line%%:*}"
}

# finch_down FROM TO: from one line to the other.
finch_down() {
    local i

    for ((i = $2 - $1; i > 0; i--)); do
        finch_press Down
    done
}

# finch_choose_buddy NAME: in the buddy list, whose first row is a group.
finch_choose_buddy() {
    finch_turn_to 'Buddy List'
    finch_press Home
    finch_down "$(finch_line '│- ')" "$(finch_line "$1 ")"
}

finch_asks_about() {
    local result

    finch_choose_buddy "$(full_name "$1")"
    finch_press F11
    wait_until 5 shows 'Get Info' || return 1
    finch_press g
    wait_until 5 shows "Info for $1" && shows "$2"
    result=$?
    finch_press Enter
    wait_until 5 hides 'Buddy Information'
    return $result
}

hides() {
    ! shows "$1"
}

finch_joins_from_list() {
    finch_press M-a
    wait_until 5 shows 'Room List'
    finch_down "$(finch_line '│Accounts ')" "$(finch_line '│Room List ')"
    finch_press Enter
    ok 'there is a list of rooms' shows '│ Get │'
    # From the account over the list and Stop. Then the list has the keyboard, and its first row is chosen.
    finch_press Tab Tab Tab Enter
    ok 'it has what can be joined' shows '││acme/lobby '
    ok 'and what is joined' shows '││globex/sales '
    ok 'and tells more about one' shows 'State: not joined'
    finch_down "$(($(finch_line '││───') + 1))" "$(finch_line '││acme/lobby ')"
    finch_press Enter
    wait_until "$e2e_seconds" finch_opened acme/lobby || give_up 'acme/lobby opens'
    finch_turn_to 'Room List'
    finch_press M-c
}

finch_opened() {
    logged_in "$1"
}

finch_opened_again() {
    [ "$(log_of "$1.chat" | grep -cF 'This is Plans (Acme).')" -gt 1 ]
}

finch_invites() {
    enter "/invite $1"
}

finch_renames() {
    enter "/rename $1"
}

finch_hears_come() { told "$(full_name "$1") entered the room."; }
finch_hears_go() { told "$(full_name "$1") left the room."; }
finch_hears_rename() { told "$(full_name "$1") is now known as $2"; }
finch_said_renamed() { said Bob "$2"; }

# In a window that does not come to the front by itself.
finch_keeps() {
    local result

    finch_turn_to Flowdock || return 1
    shows "$1" && shows "$2"
    result=$?
    finch_press Enter
    return $result
}

# The window keeps the name it was opened with.
finch_opens_private() {
    finch_turn_to 'Buddy List'
    finch_press F10 s
    wait_until 5 shows 'New Instant Message'
    terminal send-keys -l -- "$1"
    finch_press Enter Tab Enter
    ok "a private chat with $1 opens" shows "┤$1 "
    place=$2
}

finch_goes_away() { finch_chooses_status Away; }
finch_comes_back() { finch_chooses_status Available; }

finch_chooses_status() {
    finch_turn_to 'Buddy List'
    finch_press Tab Home
    look
    finch_press Down
    wait_until 5 shows '│Invisible'
    finch_press Home
    finch_down "$(finch_line '│Available         ')" "$(finch_line "│$1  ")"
    finch_press Enter Tab
}

finch_only() {
    :
}

# ---------------------------------------------------------------------------------------------------------------- Pidgin

# The system log tells what the buddy list shows, which is drawn.
pidgin_people_prefs() {
    cat <<'XML'
<pref name='purple'>
  <pref name='logging'>
   <pref name='log_system' type='bool' value='1'/>
  </pref>
 </pref>
 <pref name='pidgin'>
  <pref name='blist'>
   <pref name='list_visible' type='bool' value='1'/>
   <pref name='show_offline_buddies' type='bool' value='1'/>
   <pref name='width' type='int' value='260'/>
   <pref name='height' type='int' value='500'/>
  </pref>
 </pref>
XML
}

pidgin_start() {
    begin_pidgin people "$(pidgin_people_prefs)"
    ok 'it signs in' find_window '^Main [(]Acme[)]$' || give_up 'nothing more to see'
    place=acme/main
    ok 'each organization is a group' is_saved "<group name='Acme'>"
    ok 'the other one, too' is_saved "<group name='Globex'>"
}

is_saved() {
    grep -qsF "$1" "$user_folder/blist.xml"
}

pidgin_sees() {
    local state

    case $2 in
    active) state=Available ;;
    away) state=Away ;;
    offline) state=Offline ;;
    esac
    cat "$user_folder/logs/flowdock/demo@example.com/.system"/*.txt | grep -F " ($1) " | tail -n 1 |
        grep -qE " (is now|changed status from [A-Z][a-z]* to) $state @ "
}

# pidgin_window TITLE: has the keyboard.
pidgin_window() {
    wait_until 10 find_window "^$1\$" || return 1
    xdotool windowactivate "$window"
    wait_until 10 has_keyboard
}

# pidgin_click_list: into the list in the middle of the window.
pidgin_click_list() {
    local WIDTH HEIGHT

    eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=[0-9]+$')"
    xdotool mousemove --window "$window" $((WIDTH / 2)) $((HEIGHT / 2)) click 1
    sleep 0.3
}

# Ann is the first below the first group, and the first item of her menu is that.
pidgin_asks_about() {
    pidgin_window 'Buddy List' || return 1
    pidgin_click_list
    xdotool key Down Home Down
    sleep 0.3
    xdotool key Menu
    sleep 0.5
    xdotool key Down Return
    wait_until 5 shows_window '^Buddy Information$' || return 1
    pidgin_window 'Buddy Information'
    xdotool key Escape
    ask GET '/_test/requests?path=/users/2' | grep -q '"status":200'
}

pidgin_joins_from_list() {
    pidgin_window 'Buddy List'
    # Tools, Room List.
    xdotool key alt+t
    sleep 0.5
    xdotool key o
    ok 'there is a list of rooms' shows_window '^Room List$'
    pidgin_window 'Room List'
    xdotool key alt+g
    ok 'which is asked for' has_asked_for_rooms
    # The first one is acme/lobby.
    wait_until "$e2e_seconds" pidgin_joins_first || give_up 'acme/lobby opens'
    pidgin_window 'Room List'
    xdotool key alt+c
}

has_asked_for_rooms() {
    [ "$(ask GET '/_test/requests?path=/flows/all' | grep -oF '"path":"/flows/all"' | wc -l)" -gt "$listed" ]
}

pidgin_joins_first() {
    pidgin_click_list
    xdotool key Down Home alt+j
    wait_until 3 pidgin_opened acme/lobby
}

pidgin_opened() {
    logged_in "$1"
}

pidgin_opened_again() {
    [ "$(log_of "$1.chat" | grep -cF 'This is Plans (Acme).')" -gt 1 ]
}

pidgin_invites() {
    enter "/invite $1"
}

pidgin_renames() {
    enter "/rename $1"
}

pidgin_hears_come() { logged "$(full_name "$1") entered the room."; }
pidgin_hears_go() { logged "$(full_name "$1") left the room."; }
pidgin_hears_rename() { logged "$(full_name "$1") is now known as $2"; }
pidgin_said_renamed() { said Bob "$2"; }

pidgin_opens_private() {
    pidgin_window 'Buddy List'
    xdotool key ctrl+m
    pidgin_window 'New Instant Message'
    xdotool type --delay 20 -- "$1"
    xdotool key Return
    ok "a private chat with $1 opens" pidgin_turn_to "$(full_name "$2")"
    place=$2
}

# It stays where it was typed.
pidgin_keeps() {
    pidgin_go "$place"
    lacks_message "$place" "$2" || return 1
    focus_window
    xdotool key ctrl+a BackSpace
}

# The title, or the name; in brackets where we have left.
pidgin_title() {
    case $1 in
    acme/main) echo '(Main [(]Acme[)]|acme/main)' ;;
    acme/lobby) echo '(Lobby [(]Acme[)]|acme/lobby)' ;;
    acme/summer-party) echo '((Summer|Winter|Spring) party [(]Acme[)]|acme/summer-party)' ;;
    acme/plans) echo '[(]?(Plans [(]Acme[)]|acme/plans)[)]?' ;;
    *) full_name "$1" ;;
    esac
}

pidgin_goes_away() { pidgin_chooses_status 1; }
pidgin_comes_back() { pidgin_chooses_status 0; }

# pidgin_chooses_status NUMBER: from the list at the foot of the buddy list.
pidgin_chooses_status() {
    local WIDTH HEIGHT i

    pidgin_window 'Buddy List'
    eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=[0-9]+$')"
    xdotool mousemove --window "$window" $((WIDTH / 3)) $((HEIGHT - 25)) click 1
    sleep 0.5
    xdotool key Home
    for ((i = 0; i < $1; i++)); do
        xdotool key Down
    done
    xdotool key Return
}

pidgin_only() {
    :
}

# ------------------------------------------------------------------------------------------------------------------ hosts

need bitlbee finch tmux pidgin Xvfb openbox xdotool
set_up
write_people
[ $# -gt 0 ] || set -- bitlbee finch pidgin
hosts_wanted "$@"
for host in "${hosts[@]}"; do
    rm -rf "$e2e_home/.purple"
    listed=0
    tell_story
    "${host}_stop"
    stop "$server_job"
done
finish_tests
