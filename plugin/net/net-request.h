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
/**
 * net_request_new_url:
 * @url: somebody else's whole address, https or http to a loopback address
 * @base_url: (out) (transfer full): where to send it
 *
 * Path and query stay as they are; only characters that no address may hold, such as blanks, are percent-encoded. What
 * follows a "#" is left out.
 *
 * Returns: (transfer full): a request for @url; %NULL with NET_ERROR_INSECURE or NET_ERROR_PROTOCOL as
 *   net_request_build_uri() has them, the latter also where @url holds a name or a password.
 */
NetRequest *net_request_new_url(const char *method, const char *url, char **base_url, GError **error);
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

/* Opens a body at its beginning. Returns: (transfer full): a pollable stream of as many bytes as were announced. */
typedef GInputStream *(*NetRequestOpenBody)(gpointer user_data);
/* @count more bytes of the body opened last have gone out. */
typedef void (*NetRequestWroteBody)(gsize count, gpointer user_data);

/**
 * net_request_set_body_stream:
 * @length: bytes of the body, more than 0
 * @open: called each time the request is sent: more than once where a 401 or a proxy made that necessary
 * @wrote: (nullable): called as the body goes out
 * @destroy: (nullable): frees @user_data; not before the request and all that was sent of it is gone
 *
 * Sets a body that is not held in memory.
 */
void net_request_set_body_stream(NetRequest *request, const char *content_type, gint64 length, NetRequestOpenBody open,
                                 NetRequestWroteBody wrote, gpointer user_data, GDestroyNotify destroy);

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

/* Allows no more than so many bytes of the answer's body, after decompression, where the session allows more: a longer
 * answer is NET_ERROR_PROTOCOL. For net_session_send_async(); what is opened has no limit. */
void net_request_set_max_body(NetRequest *request, guint max_bytes);

/* The same, but a longer answer comes with its status and an empty body: for those whose status says it all. */
void net_request_drop_long_body(NetRequest *request, guint max_bytes);

/* Says that a 401 is an answer like others, which somebody else gives who is asked by way of the server: it does not speak
 * of the credential, which is not renewed because of it. */
void net_request_expect_401(NetRequest *request);

/* Says that the path is a secret, too, as in a signed address: net_request_get_path() does not show it. */
void net_request_hide_path(NetRequest *request);

/**
 * net_request_expect_secret:
 * @max_bytes: as for net_request_set_max_body(), but so much memory is taken at once
 *
 * Says that the answer holds a secret: net_session_send_async() then wipes its copies.
 */
void net_request_expect_secret(NetRequest *request, guint max_bytes);

/* Says that the answer's body is wanted as it is stored: no compression is asked for, and none undone. */
void net_request_expect_raw(NetRequest *request);

/* What a log line may hold: the path without the query, "[...]" for secret segments. (transfer none) */
const char *net_request_get_path(const NetRequest *request);
const char *net_request_get_method(const NetRequest *request);
/* Length in bytes of path and query as they go on the wire; for splitting long filters. */
gsize net_request_get_target_length(const NetRequest *request);

/* Whether two addresses have scheme, host and port in common. What is none has nothing in common with any. */
gboolean net_request_is_same_origin(const char *one, const char *other);

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
/* For net-session: whether the body is a stream; that, opened anew (transfer full) (nullable). */
gboolean net_request_has_stream(const NetRequest *request);
GInputStream *net_request_open_body(const NetRequest *request, const char **content_type, gint64 *length);
/* For net-session: @count bytes of that have gone out. */
void net_request_wrote_body(const NetRequest *request, gsize count);
/* For net-session: the answer's own limit, 0 for none, and what to do beyond it; whether a 401 is an answer; whether the
 * answer is a secret; whether it stays as it comes. */
guint net_request_get_max_body(const NetRequest *request);
gboolean net_request_drops_long_body(const NetRequest *request);
gboolean net_request_expects_401(const NetRequest *request);
gboolean net_request_expects_secret(const NetRequest *request);
gboolean net_request_expects_raw(const NetRequest *request);
