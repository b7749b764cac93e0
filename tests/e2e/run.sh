#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the end-to-end tests, or those named: run.sh [finch] [pidgin] [bitlbee] [consent] [methods] [commands] [people] [files].
# `make check-e2e` calls it. Ends with the line "N passed, N failed".
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 1
limit=${E2E_SCRIPT_SECONDS:-600}
output=$(mktemp "${TMPDIR:-/tmp}/flowdock-e2e-run.XXXXXX") || exit 1
trap 'rm -f "$output"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0
failed=0
summary=()

[ $# -gt 0 ] || set -- finch pidgin bitlbee consent methods commands people files
for name in "$@"; do
    echo "# $name"
    # In the foreground, so that Ctrl-C ends the script too; it then cleans up by itself.
    timeout --foreground -k 60 "$limit" "$here/$name.sh" 2>&1 | tee "$output"
    status=${PIPESTATUS[0]}
    good=$(grep -c '^ok ' "$output")
    bad=$(grep -c '^not ok ' "$output")
    note=
    [ "$status" -ne 124 ] && [ "$status" -ne 137 ] || note=", ended after $limit seconds"
    if grep -q '^1\.\.0 # SKIP' "$output"; then
        summary+=("$name: skipped")
        continue
    fi
    # Ended early, or before its first test.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || ! grep -qx "1\.\.$good" "$output"; }; then
        bad=1
        note=${note:-", ended with status $status"}
    fi
    summary+=("$name: $good passed, $bad failed$note")
    passed=$((passed + good))
    failed=$((failed + bad))
done

printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
