/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request as a value: what to ask, without where or by whom. */
#pragma once

#include <json-glib/json-glib.h>

typedef struct _NetRequest NetRequest;

/**
 * net_request_new:
 * @method: "GET", "POST", ...
 * @segment: first path segment; further ones follow, ended by %NULL
 *
 * Each segment is percent-encoded on its own, so a slash in one never splits a path.
 *
 * Returns: (transfer full): a request for /segment/segment/...
 */
NetRequest *net_request_new(const char *method, const char *segment, ...) G_GNUC_NULL_TERMINATED;
/* The same from a NULL-terminated array. */
NetRequest *net_request_new_path(const char *method, const char *const *segments);
NetRequest *net_request_ref(NetRequest *request);
void net_request_unref(NetRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetRequest, net_request_unref)

/* Adds a path segment that is a secret, such as a token: net_request_get_path() does not show it. Sheet: 2.1. */
void net_request_add_secret_segment(NetRequest *request, const char *segment);

/* Adds key=value to the query, both encoded. */
void net_request_add_query(NetRequest *request, const char *key, const char *value);
void net_request_add_query_int(NetRequest *request, const char *key, gint64 value);

/* Sets a header, replacing one of the same name; a NULL value removes it. */
void net_request_set_header(NetRequest *request, const char *name, const char *value);

/* Sets the body. The text is copied; the copy is wiped when the request goes, since it may hold a secret. */
void net_request_set_body(NetRequest *request, const char *content_type, const char *body, gssize length);

/**
 * net_request_set_json:
 * @builder: a finished builder; its root becomes the body as application/json
 */
void net_request_set_json(NetRequest *request, JsonBuilder *builder);

/**
 * net_request_set_form:
 * @pairs: name, value, name, value, ..., %NULL; a pair with a %NULL value cannot be given: leave it out
 */
void net_request_set_form(NetRequest *request, const char *const *pairs);

/**
 * net_request_expect_secret:
 * @max_bytes: of the answer's body, after decompression; so much memory is taken at once
 *
 * Says that the answer holds a secret: net_session_send_async() then reads no more than @max_bytes of it (nor more
 * than the session allows), and wipes its copies.
 */
void net_request_expect_secret(NetRequest *request, guint max_bytes);

/* What a log line may hold: the path without the query, "[...]" for secret segments. (transfer none) */
const char *net_request_get_path(const NetRequest *request);
const char *net_request_get_method(const NetRequest *request);
/* Length in bytes of path and query as they go on the wire; for splitting long filters. */
gsize net_request_get_target_length(const NetRequest *request);

/**
 * net_request_build_uri:
 * @base_url: https://host[:port][/prefix], with or without a trailing slash
 *
 * Returns: (transfer full): the whole address; %NULL with NET_ERROR_INSECURE when @base_url is
 *   neither https nor http to a loopback address, with NET_ERROR_PROTOCOL when it is no address, or
 *   when a segment is "", "." or "..".
 */
GUri *net_request_build_uri(const NetRequest *request, const char *base_url, GError **error);

/* For net-session: header names and values, the body (nullable) and its type (nullable), all (transfer none). */
GHashTable *net_request_get_headers(const NetRequest *request);
GBytes *net_request_get_body(const NetRequest *request, const char **content_type);
/* For net-session: the limit given with net_request_expect_secret(), 0 when the answer is no secret. */
guint net_request_get_max_secret(const NetRequest *request);
