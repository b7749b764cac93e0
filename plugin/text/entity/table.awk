# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the C table of text-entity.c of entities.txt. POSIX awk, with LC_ALL=C.
#
#   LC_ALL=C awk -f table.awk entities.txt

BEGIN {
    print "/* Made by plugin/text/entity/table.awk. */"
    print "static const Entity entities[] = {"
}

NF < 2 || NF > 3 || $1 !~ /^[A-Za-z][A-Za-z0-9]*$/ || $2 $3 !~ /^[0-9A-F]+$/ || $1 "" <= last "" {
    print FILENAME ":" FNR ": not NAME CODE [CODE], or not in order: " $0 | "cat >&2"
    exit 1
}

{
    last = $1
    print "    { \"" $1 "\", { 0x" $2 ", " (NF > 2 ? "0x" $3 : 0) " } },"
}

END {
    print "};"
}
