#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs test programs that speak TAP through prove, each in a clean environment with a home of its own, and ends with
# the line "N passed, N failed". `make check` calls it.
#
#   prove.sh BUILD_FOLDER PROGRAM...
#
# From the environment: SANITIZE, as given to make; V=1 shows all that the tests print; TEST_SECONDS, after which a
# program is killed; TEST_JOBS, how many run side by side.
set -u

# One program, called by prove. Its output is kept to be counted below. intercept_tls_get_addr=0: else the leak
# checkers of GCC 12 and older take some thread-local blocks for older ones and crash (google/sanitizers#1322).
# G_SLICE: GLib before 2.76 keeps blocks in slices of its own, where no leak is seen.
run_one() {
    name=$(basename "$1")
    home=$TEST_RUN/$name.home
    mkdir -p "$home/tmp" || exit 1
    # The suppressions name what a leak was called from, so they need whole stacks, also through foreign libraries.
    # Pure functions have none to suppress, and with each allocation their rounds at random would take many minutes. So
    # would the strict checks, which read a string to its end at each call that looks at its beginning.
    case $name in
    test-text-*) checks=fast_unwind_on_malloc=1 ;;
    *) checks=strict_string_checks=1:fast_unwind_on_malloc=0:malloc_context_size=50 ;;
    esac
    env -i PATH="$PATH" HOME="$home" TMPDIR="$home/tmp" LANG=C.UTF-8 TZ=UTC \
        ${LD_LIBRARY_PATH:+LD_LIBRARY_PATH="$LD_LIBRARY_PATH"} \
        FLOWDOCK_PLUGIN_DIR="$FLOWDOCK_PLUGIN_DIR" TEST_DATA="$TEST_DATA" \
        G_TEST_SRCDIR="$TEST_TOP/tests" G_TEST_BUILDDIR="$FLOWDOCK_PLUGIN_DIR/tests" \
        DBUS_SESSION_BUS_ADDRESS=disabled: GSETTINGS_BACKEND=memory GIO_USE_VFS=local \
        ${SANITIZE:+G_SLICE=always-malloc} \
        ASAN_OPTIONS="detect_leaks=1:intercept_tls_get_addr=0:$checks" \
        LSAN_OPTIONS="suppressions=$TEST_TOP/tests/lsan.supp:print_suppressions=0" \
        UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1" \
        timeout -k 10 "$TEST_SECONDS" "$1" --tap >"$TEST_RUN/$name.out" 2>"$TEST_RUN/$name.err"
    status=$?
    # A failed assertion bails out, and prove would then leave out all other programs.
    sed 's/^Bail out! */not ok - /' "$TEST_RUN/$name.out" | tee "$TEST_RUN/$name.tap"
    [ $status -ne 124 ] || echo "# killed after $TEST_SECONDS seconds"
    echo $status >"$TEST_RUN/$name.status"
    if [ $status -ne 0 ] || [ "${V:-}" = 1 ]; then
        { echo "--- $name"; cat "$TEST_RUN/$name.err"; } >&2
    fi
    rm -rf "$home"
    exit $status
}

if [ "$1" = --one ]; then
    run_one "$2"
fi

FLOWDOCK_PLUGIN_DIR=$(cd "$1" && pwd) || exit 1
TEST_TOP=$(cd "$(dirname "$0")/.." && pwd) || exit 1
shift
TEST_DATA=$TEST_TOP/tests/data
TEST_SECONDS=${TEST_SECONDS:-$([ -n "${SANITIZE:-}" ] && echo 600 || echo 300)}
TEST_RUN=$(mktemp -d "${TMPDIR:-/tmp}/flowdock-check.XXXXXX") || exit 1
export FLOWDOCK_PLUGIN_DIR TEST_TOP TEST_DATA TEST_SECONDS TEST_RUN
trap 'rm -rf "$TEST_RUN"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ $# -eq 0 ]; then
    echo 'No such test.' >&2
    echo '0 passed, 0 failed'
    exit 1
fi

prove_verbose=
[ "${V:-}" != 1 ] || prove_verbose=--verbose
prove -j"${TEST_JOBS:-2}" $prove_verbose --exec "$0 --one" "$@"
verdict=$?

# A planned test that was not reached has failed, and so has a program that died after its last test.
passed=0
failed=0
skipped=0
for program in "$@"; do
    tap=$TEST_RUN/$(basename "$program")
    [ -f "$tap.tap" ] || : >"$tap.tap"
    status=$(cat "$tap.status" 2>/dev/null || echo 1)
    planned=$(sed -n 's/^1\.\.\([0-9][0-9]*\).*/\1/p' "$tap.tap" | head -n 1)
    skips=$(grep -ciE '^ok .*# *skip' "$tap.tap")
    good=$(($(grep -c '^ok ' "$tap.tap") - skips))
    bad=$((${planned:-1} - good - skips))
    if [ $bad -le 0 ]; then
        bad=$(grep -c '^not ok' "$tap.tap")
        [ "$bad" -gt 0 ] || [ "$status" -eq 0 ] || bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + skips))
done
# prove knows more ways to be wrong than we count, a missing plan for one.
if [ $verdict -ne 0 ] && [ $failed -eq 0 ]; then
    failed=1
fi
[ $skipped -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
