#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing with the distribution's package manager. Silent, and without root, when nothing is.
#
#   deps.sh SET...        SET: build check lint pot e2e demo
#
# HOST=finch|pidgin|bitlbee says which host the set "demo" is for.
set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
pkg_config=${PKG_CONFIG:-pkg-config}

# What each set needs, by the names of the table below.
needs_of() {
    case $1 in
    build) echo cc make cmp find awk pkg-config purple glib-2.0 libsoup-3.0 json-glib-1.0 md4c msgfmt tls ca ;;
    check) echo prove ;;
    lint) echo clang-format ;;
    pot) echo xgettext ;;
    e2e) echo pidgin finch bitlbee Xvfb xdotool import tmux openbox chromium chromedriver ;;
    demo)
        case ${HOST:-finch} in
        finch | pidgin) echo "${HOST:-finch}" ;;
        bitlbee) echo bitlbee irssi ;;
        *) echo "HOST=$HOST: finch, pidgin or bitlbee" >&2 && return 1 ;;
        esac
        ;;
    *) echo "deps.sh: no set named $1" >&2 && return 1 ;;
    esac
}

# Packages of each need, several joined by commas. Where a package manager knows pkgconfig(...) names, those.
table() {
    cat <<'END'
need            apt                 dnf                         pacman              zypper
cc              gcc,libc6-dev       gcc,glibc-devel             gcc                 gcc,glibc-devel
make            make                make                        make                make
cmp             diffutils           diffutils                   diffutils           diffutils
find            findutils           findutils                   findutils           findutils
awk             mawk                gawk                        gawk                gawk
pkg-config      pkg-config          pkgconf-pkg-config          pkgconf             pkg-config
purple          libpurple-dev       pkgconfig(purple)           libpurple           pkgconfig(purple)
glib-2.0        libglib2.0-dev      pkgconfig(glib-2.0)         glib2               pkgconfig(glib-2.0)
libsoup-3.0     libsoup-3.0-dev     pkgconfig(libsoup-3.0)      libsoup3            pkgconfig(libsoup-3.0)
json-glib-1.0   libjson-glib-dev    pkgconfig(json-glib-1.0)    json-glib           pkgconfig(json-glib-1.0)
md4c            libmd4c-dev         pkgconfig(md4c)             md4c                pkgconfig(md4c)
msgfmt          gettext             gettext                     gettext             gettext-tools
xgettext        gettext             gettext                     gettext             gettext-tools
tls             glib-networking     glib-networking             glib-networking     glib-networking
ca              ca-certificates     ca-certificates             ca-certificates     ca-certificates
prove           perl                perl-Test-Harness           perl                perl
clang-format    clang-format        clang-tools-extra           clang               clang-tools
pidgin          pidgin              pidgin                      pidgin              pidgin
finch           finch               finch                       finch               finch
bitlbee         bitlbee-libpurple   bitlbee                     bitlbee             bitlbee
irssi           irssi               irssi                       irssi               irssi
Xvfb            xvfb                xorg-x11-server-Xvfb        xorg-server-xvfb    xorg-x11-server-Xvfb
xdotool         xdotool             xdotool                     xdotool             xdotool
import          imagemagick         ImageMagick                 imagemagick         ImageMagick
tmux            tmux                tmux                        tmux                tmux
openbox         openbox             openbox                     openbox             openbox
chromium        chromium            chromium                    chromium            chromium
chromedriver    chromium-driver     chromedriver                chromium            chromedriver
END
}

# The least version the Makefile names, for purple, glib, soup, json and md4c.
least() {
    sed -n "s/^MIN_$1 = //p" "$top/Makefile"
}

have_library() {
    command -v "$pkg_config" >/dev/null 2>&1 && "$pkg_config" --exists "$1 >= $2"
}

has() {
    case $1 in
    # A compiler without the C library's headers is none.
    cc) echo '#include <stdlib.h>' | ${CC:-cc} -E -o /dev/null - >/dev/null 2>&1 ;;
    clang-format) command -v "${CLANG_FORMAT:-clang-format}" >/dev/null 2>&1 ;;
    pkg-config) command -v "$pkg_config" >/dev/null 2>&1 ;;
    purple) have_library purple "$(least PURPLE)" ;;
    glib-2.0) have_library glib-2.0 "$(least GLIB)" ;;
    libsoup-3.0) have_library libsoup-3.0 "$(least SOUP)" ;;
    json-glib-1.0) have_library json-glib-1.0 "$(least JSON)" ;;
    md4c) have_library md4c "$(least MD4C)" ;;
    tls)
        modules=$("$pkg_config" --variable=giomoduledir gio-2.0 2>/dev/null) || return 1
        [ -e "$modules/libgiognutls.so" ] || [ -e "$modules/libgioopenssl.so" ]
        ;;
    ca)
        for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem \
            /etc/ssl/cert.pem; do
            [ ! -s "$bundle" ] || return 0
        done
        return 1
        ;;
    # There is a bitlbee without libpurple. It lies in a folder that users may not have in their path.
    bitlbee)
        program=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v bitlbee) || return 1
        ldd "$program" 2>/dev/null | grep -q libpurple
        ;;
    # Some call it so.
    chromium) command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# What is missing of the needs given.
missing_of() {
    for need in "$@"; do
        has "$need" || printf '%s ' "$need"
    done
}

packages_of() {
    table | while read -r need apt dnf pacman zypper; do
        case " $2 " in
        *" $need "*)
            case $1 in
            apt-get) names=$apt ;;
            dnf) names=$dnf ;;
            pacman) names=$pacman ;;
            zypper) names=$zypper ;;
            esac
            printf '%s\n' "$names" | tr ',' '\n'
            ;;
        esac
    done | sort -u | tr '\n' ' '
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "This needs root, and there is no sudo. Run as root: $*" >&2
        return 1
    fi
}

install_with() {
    manager=$1
    shift
    case $manager in
    apt-get)
        as_root apt-get -o Acquire::Retries=3 update &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y \
                --no-install-recommends "$@"
        ;;
    dnf) as_root dnf install -y "$@" ;;
    pacman) as_root pacman -S --needed --noconfirm "$@" ;;
    zypper) as_root zypper --non-interactive install "$@" ;;
    esac
}

needs=
for set_name in "${@:-build}"; do
    more=$(needs_of "$set_name") || exit 2
    needs="$needs $more"
done
# shellcheck disable=SC2086 # names without blanks
missing=$(missing_of $needs)
[ -n "$missing" ] || exit 0

echo "Missing: $missing"
for manager in apt-get dnf pacman zypper none; do
    ! command -v "$manager" >/dev/null 2>&1 || break
done
if [ "$manager" = none ]; then
    echo 'No package manager known here (apt-get, dnf, pacman, zypper): please install these by hand.' >&2
    exit 1
fi
packages=$(packages_of "$manager" "$missing")
echo "Installing with $manager: $packages"
# shellcheck disable=SC2086
install_with "$manager" $packages || exit 1

# shellcheck disable=SC2086
missing=$(missing_of $needs)
[ -z "$missing" ] || {
    echo "Still missing, or older than needed, after installing $packages: $missing" >&2
    exit 1
}
