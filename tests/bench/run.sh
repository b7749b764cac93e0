#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs measurements one after another, each with a home of its own. `make bench` calls it. Ends with 0 whatever comes
# out: these are numbers to look at, no tests.
#
#   run.sh BUILD_FOLDER PROGRAM...
#
# From the environment: BENCH_PROFILE=1 also prints each slow iteration of the main loop.
set -u

FLOWDOCK_PLUGIN_DIR=$(cd "$1" && pwd) || exit 1
shift
run=$(mktemp -d "${TMPDIR:-/tmp}/flowdock-bench.XXXXXX") || exit 1
trap 'rm -rf "$run"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for program in "$@"; do
    home=$run/$(basename "$program").home
    mkdir -p "$home/tmp" || exit 1
    env -i PATH="$PATH" HOME="$home" TMPDIR="$home/tmp" LANG=C.UTF-8 TZ=UTC \
        ${LD_LIBRARY_PATH:+LD_LIBRARY_PATH="$LD_LIBRARY_PATH"} ${BENCH_PROFILE:+BENCH_PROFILE="$BENCH_PROFILE"} \
        FLOWDOCK_PLUGIN_DIR="$FLOWDOCK_PLUGIN_DIR" \
        DBUS_SESSION_BUS_ADDRESS=disabled: GSETTINGS_BACKEND=memory GIO_USE_VFS=local \
        "$program" || echo "$program ended with status $?."
done
exit 0
