/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors to sentences for people and to reasons for the host, by one table. */
#pragma once

#include <connection.h>
#include <glib.h>

/* One kind of error. A table of these ends with a row whose @sentence is %NULL. */
typedef struct {
    GQuark (*domain)(void);
    int code;
    PurpleConnectionError reason; /* decides whether the host reconnects by itself */
    const char *sentence;         /* N_(), whole; the error's own words follow it where @with_words */
    gboolean with_words;
} FaceError;

/**
 * face_error_text:
 * @more: (nullable): the protocol's own table, looked at first
 *
 * Returns: (transfer full): plain text in the user's language: what is wrong and what to do.
 */
char *face_error_text(const FaceError *more, const GError *error);

/* What to tell the host when @error ends the connection. */
PurpleConnectionError face_error_reason(const FaceError *more, const GError *error);
