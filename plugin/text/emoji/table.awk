# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the C tables of text-emoji.c of emoji.json, which has one object a line. POSIX awk, with LC_ALL=C.
#
#   LC_ALL=C awk -f table.awk emoji.json

# Sorts the values of @list by Shell's method; @key gives what they are compared by.
function sort(list, key, count,    gap, i, j, value) {
    for (gap = int(count / 2); gap > 0; gap = int(gap / 2)) {
        for (i = gap; i < count; i++) {
            value = list[i]
            for (j = i; j >= gap && key[list[j - gap]] "" > key[value] ""; j -= gap)
                list[j] = list[j - gap]
            list[j] = value
        }
    }
}

function fail(why) {
    print FILENAME ":" FNR ": " why | "cat >&2"
    failed = 1
    exit 1
}

# A bracket alone opens and closes the list.
/^[][]$/ { next }

{
    # "emoji", its character, "aliases", then one field a name.
    parts = split($0, part, "\"")
    if (parts < 7 || part[2] != "emoji" || part[6] != "aliases" || index($0, "\\"))
        fail("not of the form {\"emoji\": \"C\", \"aliases\": [\"NAME\"]}")
    character = part[4]
    bare = character
    gsub("\357\270\217", "", bare) # U+FE0F
    if (bare == "" || bare in known_character)
        fail("no character, or one named before: " character)
    known_character[bare] = 1
    bare_of[part[8]] = bare
    preferred[preferred_count++] = part[8]
    for (i = 8; i < parts; i += 2) {
        if (part[i] !~ /^[a-z0-9_+-]+$/ || part[i] in character_of)
            fail("not a name, or one used before: " part[i])
        character_of[part[i]] = character
        self[part[i]] = part[i]
        name[name_count++] = part[i]
    }
}

END {
    if (failed)
        exit 1
    if (!name_count)
        fail("no names")
    sort(name, self, name_count)
    sort(preferred, bare_of, preferred_count)
    print "/* Made by plugin/text/emoji/table.awk. */"
    print "static const Emoji by_name[] = {"
    for (i = 0; i < name_count; i++) {
        print "    { \"" name[i] "\", \"" character_of[name[i]] "\" },"
        place[name[i]] = i
    }
    print "};"
    print "/* Places of the preferred names in by_name, in the order of their characters without U+FE0F. */"
    print "static const guint16 by_character[] = {"
    for (i = 0; i < preferred_count; i++)
        print "    " place[preferred[i]] ", /* " preferred[i] " */"
    print "};"
}
