#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Includes point down only:
#
#   prpl -> events -> model -> api -> net, text        (of the same protocol)
#   prpl -> face -> net, text
#
# and every unit test belongs to a module. Prints FILE:LINE of each offence.
#
#   check-layers.sh [--tap] [TOP]        TOP: another tree than the one this script is in
set -u

tap=
if [ "${1:-}" = --tap ]; then
    tap=1
    shift
fi
cd "${1:-$(dirname "$0")/../..}" || exit 2

offences=$(
    find plugin -name '*.[ch]' | LC_ALL=C sort | while read -r file; do
        grep -nE '^[[:space:]]*#[[:space:]]*include(_next)?[[:space:]]' "$file" /dev/null
    done | awk '
        # The last two folders are enough: plugin/net is net, plugin/flowdock/api is flowdock/api.
        function layer_of(path,    part, count) {
            count = split(path, part, "/")
            if (part[1] != "plugin")
                return "?"
            if (count == 3)
                return part[2]
            return part[2] "/" part[3]
        }
        function resolve(path,    part, count, i, kept, depth, text) {
            count = split(path, part, "/")
            depth = 0
            for (i = 1; i <= count; i++) {
                if (part[i] == "..")
                    depth--
                else if (part[i] != "." && part[i] != "")
                    kept[++depth] = part[i]
            }
            text = ""
            for (i = 1; i <= depth; i++)
                text = text (i > 1 ? "/" : "") kept[i]
            return text
        }
        function exists(path,    line, answer) {
            answer = (getline line < path) >= 0
            close(path)
            return answer
        }
        function allowed(from, to,    f, t, rank) {
            if (from == to)
                return 1
            if (from == "net" || from == "text")
                return 0
            if (to == "net" || to == "text")
                return 1
            split(from, f, "/")
            split(to, t, "/")
            if (to == "face")
                return f[2] == "prpl"
            split("", rank)
            rank["api"] = 1; rank["model"] = 2; rank["events"] = 3; rank["prpl"] = 4
            return f[1] == t[1] && (t[2] in rank) && rank[t[2]] < rank[f[2]]
        }
        {
            # FILE:LINE:TEXT
            file = $0; sub(/:.*/, "", file)
            line = substr($0, length(file) + 2); sub(/:.*/, "", line)
            text = substr($0, length(file) + length(line) + 3)
            from = layer_of(file)
            if (text !~ /"/) {
                name = text; sub(/^[^<]*</, "", name); sub(/>.*/, "", name)
                if (from == "text" && name ~ /^(libsoup|json-glib)\//)
                    print file ":" line ": plugin/text must not include <" name ">"
                next
            }
            name = text; sub(/^[^"]*"/, "", name); sub(/".*/, "", name)
            folder = file; sub(/\/[^\/]*$/, "", folder)
            target = resolve(folder "/" name)
            if (!exists(target))
                target = "plugin/" name
            if (!exists(target)) {
                print file ":" line ": \"" name "\" is in no folder of plugin/"
                next
            }
            to = layer_of(target)
            if (!allowed(from, to))
                print file ":" line ": " from " must not include " to " (\"" name "\")"
        }'
    for test in tests/unit/test-*.c; do
        module=${test#tests/unit/test-}
        case $module in util.c | server.c | '*.c') continue ;; esac
        [ -n "$(find plugin tests/server -name "$module")" ] ||
            echo "$test:1: there is no module ${module%.c}"
    done
)

if [ -n "$tap" ]; then
    echo 1..1
    [ -z "$offences" ] || printf '%s\n' "$offences" | sed 's/^/# /'
    [ -z "$offences" ] && echo 'ok 1 /layers/includes-point-down' || echo 'not ok 1 /layers/includes-point-down'
elif [ -n "$offences" ]; then
    printf '%s\n' "$offences" >&2
fi
[ -z "$offences" ]
