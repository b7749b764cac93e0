/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plain table. The country codes are those of the root zone (IANA, 2023). Of the generic domains there are the
 * old ones, those in common use, and "local", which the service's own list has for hosts of the local net. Left out are
 * newer ones that are more often the end of a file's name (zip, mov) or a word behind a full stop without a blank. */
#include "text-tld.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST 13 /* bytes, "international" */

/* In the order of strcmp(), which the search relies on. */
/* clang-format off */
static const char *const known[] = {
    "ac", "ad", "ae", "aero", "af", "ag", "ai", "al", "am", "ao", "app", "aq", "ar", "art", "as", "asia", "at", "au",
    "aw", "ax", "az", "ba", "bb", "bd", "be", "bf", "bg", "bh", "bi", "biz", "bj", "blog", "bm", "bn", "bo", "br",
    "bs", "bt", "build", "bv", "bw", "by", "bz", "ca", "cafe", "careers", "cat", "cc", "cd", "center", "cf", "cg",
    "ch", "chat", "ci", "city", "ck", "cl", "cloud", "club", "cm", "cn", "co", "codes", "coffee", "com", "community",
    "company", "computer", "consulting", "coop", "cr", "cu", "cv", "cw", "cx", "cy", "cz", "de", "design", "dev",
    "digital", "directory", "dj", "dk", "dm", "do", "dz", "ec", "edu", "education", "ee", "eg", "email", "energy",
    "engineering", "er", "es", "et", "eu", "events", "expert", "fi", "finance", "fit", "fj", "fk", "fm", "fo", "fr",
    "fun", "ga", "gallery", "games", "gb", "gd", "ge", "gf", "gg", "gh", "gi", "gl", "global", "gm", "gn", "gov", "gp",
    "gq", "gr", "group", "gs", "gt", "gu", "guide", "guru", "gw", "gy", "health", "help", "hk", "hm", "hn", "hosting",
    "hr", "ht", "hu", "id", "ie", "il", "im", "in", "info", "ink", "institute", "int", "international", "io", "iq",
    "ir", "is", "it", "je", "jm", "jo", "jobs", "jp", "ke", "kg", "kh", "ki", "km", "kn", "kp", "kr", "kw", "ky", "kz",
    "la", "land", "lb", "lc", "legal", "li", "link", "live", "lk", "local", "lol", "lr", "ls", "lt", "ltd", "lu", "lv",
    "ly", "ma", "management", "market", "marketing", "mc", "md", "me", "media", "mg", "mh", "mil", "mk", "ml", "mm",
    "mn", "mo", "mobi", "mp", "mq", "mr", "ms", "mt", "mu", "museum", "mv", "mw", "mx", "my", "mz", "na", "name", "nc",
    "ne", "net", "network", "news", "nf", "ng", "ni", "ninja", "nl", "no", "np", "nr", "nu", "nz", "om", "one",
    "online", "org", "pa", "page", "pe", "pf", "pg", "ph", "photo", "photography", "photos", "pics", "pk", "pl", "pm",
    "pn", "pr", "press", "pro", "ps", "pt", "pub", "pw", "py", "qa", "re", "red", "report", "reviews", "ro", "rocks",
    "rs", "ru", "run", "rw", "sa", "sb", "sc", "school", "science", "sd", "se", "services", "sg", "sh", "shop", "si",
    "site", "sj", "sk", "sl", "sm", "sn", "so", "social", "software", "solutions", "space", "sr", "ss", "st", "store",
    "studio", "su", "support", "sv", "sx", "sy", "systems", "sz", "tc", "td", "team", "tech", "technology", "tel",
    "tf", "tg", "th", "tips", "tj", "tk", "tl", "tm", "tn", "to", "today", "tools", "top", "tr", "training", "travel",
    "tt", "tv", "tw", "tz", "ua", "ug", "uk", "university", "us", "uy", "uz", "va", "vc", "ve", "vg", "vi", "video",
    "vip", "vn", "vu", "watch", "website", "wf", "wiki", "work", "works", "world", "ws", "wtf", "xxx", "xyz", "ye",
    "yt", "za", "zm", "zone", "zw",
};
/* clang-format on */

static int compare(const void *word, const void *entry)
{
    return strcmp(word, *(const char *const *)entry);
}

gboolean text_tld_is_known(const char *word, gsize length)
{
    char lower[LONGEST + 1];

    if (length > LONGEST)
        return FALSE;
    for (gsize i = 0; i < length; i++)
        lower[i] = g_ascii_tolower(word[i]);
    lower[length] = '\0';
    return bsearch(lower, known, G_N_ELEMENTS(known), sizeof known[0], compare) != NULL;
}
