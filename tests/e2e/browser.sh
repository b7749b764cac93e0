# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# A browser for the end-to-end tests: Chromium without a window, led by chromedriver, which speaks WebDriver over HTTP.
# To be sourced after lib.sh. One page is looked at at a time; CSS is a selector that fits one element of it.

# browser_call METHOD PATH [JSON]: within the session; the answer is then in $browser_answer.
browser_call() {
    browser_answer=$(exchange "$browser_url" "$1" "/session/$browser_session$2" "${3-}" \
        'Content-Type: application/json')
}

# browser_string: the text that the answer was, or of an element of it that is named.
browser_string() {
    local text

    text=$(sed -n "s/.*\"${1:-value}\":\"\(\([^\"\\\\]\|\\\\.\)*\)\".*/\1/p" <<<"$browser_answer")
    printf '%b' "${text//\\\"/\"}"
}

find_browser() {
    local name

    for name in chromium chromium-browser; do
        command -v "$name" && return
    done
    need chromium
}

# start_browser: with an empty profile, and nobody but the loopback to talk to. Both programs are ours to end, so
# chromedriver is shown a Chromium instead of starting one.
start_browser() {
    local program port options attach
    local browser_env=(env -i "PATH=$PATH" "HOME=$e2e_home" "TMPDIR=$e2e_home/tmp" LANG=C.UTF-8
        DBUS_SESSION_BUS_ADDRESS=disabled:)

    program=$(find_browser) || exit 1
    options=(--headless --disable-gpu --disable-quic --no-first-run --disable-background-networking
        --disable-component-update --disable-sync --disable-default-apps --disable-dev-shm-usage --no-proxy-server
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' '--window-size=640,480'
        "--user-data-dir=$e2e_home/browser" --remote-debugging-port=0)
    # Its sandbox refuses root.
    [ "$(id -u)" != 0 ] || options+=(--no-sandbox)
    mkdir -p "$e2e_home/tmp"
    start chromium "${browser_env[@]}" "$program" "${options[@]}" about:blank
    start chromedriver "${browser_env[@]}" chromedriver --port=0
    if ! wait_until 60 grep -q '^DevTools listening on ' "$e2e_home/chromium.log" ||
        ! wait_until 60 grep -q ' started successfully on port ' "$e2e_home/chromedriver.log"; then
        echo 'The browser did not start:' >&2
        cat "$e2e_home/chromium.log" "$e2e_home/chromedriver.log" >&2
        exit 1
    fi
    port=$(sed -n 's/^DevTools listening on ws:\/\/127\.0\.0\.1:\([0-9]*\)\/.*/\1/p' "$e2e_home/chromium.log")
    browser_url=http://127.0.0.1:$(
        sed -n 's/.* started successfully on port \([0-9]*\).*/\1/p' "$e2e_home/chromedriver.log")
    browser_session=
    attach="{\"goog:chromeOptions\":{\"debuggerAddress\":\"127.0.0.1:$port\"}}"
    browser_answer=$(exchange "$browser_url" POST /session "{\"capabilities\":{\"alwaysMatch\":$attach}}" \
        'Content-Type: application/json') || {
        echo "chromedriver does not find Chromium: $browser_answer" >&2
        exit 1
    }
    browser_session=$(browser_string sessionId)
}

# browser_open ADDRESS: fails when there is no page, also not one that tells of an error.
browser_open() {
    browser_call POST /url "{\"url\":$(json_text "$1")}"
}

# browser_new_tab: what was looked at stays open behind it.
browser_new_tab() {
    browser_call POST /window/new '{"type":"tab"}' &&
        browser_call POST /window "{\"handle\":\"$(browser_string handle)\"}"
}

# browser_find CSS: sets $browser_element.
browser_find() {
    browser_call POST /element "{\"using\":\"css selector\",\"value\":$(json_text "$1")}" || return 1
    browser_element=$(browser_string element-6066-11e4-a52e-4f735466cecf)
}

# browser_type CSS TEXT, browser_click CSS: a click that leads to another page waits for that.
browser_type() {
    browser_find "$1" && browser_call POST "/element/$browser_element/value" "{\"text\":$(json_text "$2")}"
}

browser_click() {
    browser_find "$1" && browser_call POST "/element/$browser_element/click" '{}'
}

# browser_text CSS: what is seen of the element.
browser_text() {
    browser_find "$1" && browser_call GET "/element/$browser_element/text" && browser_string
}

# browser_shows CSS TEXT: within the element.
browser_shows() {
    [[ $(browser_text "$1") == *"$2"* ]]
}

browser_address() {
    browser_call GET /url && browser_string
}

# browser_picture NAME: of what is seen, into the folder for captures.
browser_picture() {
    mkdir -p "$e2e_out" && browser_call GET /screenshot && browser_string | base64 -d >"$e2e_out/$1.png"
}
