/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls about organizations, and about invitations to their flows. */
#pragma once

#include "fd-api.h"
#include "fd-types.h"

/* Asks for the user's organizations with their people. Sheet: 3.3. */
void fd_api_orgs_list_async(FdApi *api, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full) (element-type FdOrg): perhaps none; %NULL with @error. */
GPtrArray *fd_api_orgs_list_finish(GAsyncResult *result, GError **error);

/* Asks for the pending invitations to a flow. Sheet: 3.13. */
void fd_api_invitations_list_async(FdApi *api, const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                                   gpointer user_data);
/* Returns: (transfer full) (element-type FdInvitation): perhaps none; %NULL with @error. */
GPtrArray *fd_api_invitations_list_finish(GAsyncResult *result, GError **error);

/* Invites an address, or sends the invitation again. @message: (nullable). Sheet: 3.13. */
void fd_api_invitation_create_async(FdApi *api, const char *path, const char *email, const char *message,
                                    GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Withdraws a pending invitation. Sheet: 3.13. */
void fd_api_invitation_delete_async(FdApi *api, const char *path, gint64 id, GCancellable *cancellable,
                                    GAsyncReadyCallback done, gpointer user_data);
/* Of the two above. */
gboolean fd_api_invitation_change_finish(GAsyncResult *result, GError **error);

/* What came of a list of addresses. Sheet: 3.13, "Import". */
typedef struct {
    guint invited; /* so many were invited, */
    guint added;   /* so many of the organization became members at once, */
    char **wrong;  /* and these were refused: "address: reason" */
} FdImported;

void fd_imported_free(FdImported *imported);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdImported, fd_imported_free)

/* Invites several addresses: plain, or "Name <address>", separated by commas or line ends. @message: (nullable). */
void fd_api_invitations_import_async(FdApi *api, const char *path, const char *list, const char *message,
                                     GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data);
/* Returns: (transfer full): %NULL with @error. */
FdImported *fd_api_invitations_import_finish(GAsyncResult *result, GError **error);
