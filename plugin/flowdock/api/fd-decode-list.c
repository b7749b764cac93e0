/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the long lists. */
#include "fd-decode-list.h"

#include "fd-decode.h"

#define PEOPLE_OF(struct_type)                                                                                         \
    {                                                                                                                  \
        "users", (NetJsonDecode)fd_decode_user, (GDestroyNotify)fd_user_free, G_STRUCT_OFFSET(struct_type, users)      \
    }

static const NetJsonInnerKind people_of_flow = PEOPLE_OF(FdFlow);
static const NetJsonInnerKind people_of_org = PEOPLE_OF(FdOrg);

static const NetJsonItemsKind kinds[] = {
    [FD_DECODE_USERS] = { NULL, FD_DECODE_MAX_LIST, (NetJsonDecode)fd_decode_user, (GDestroyNotify)fd_user_free, NULL },
    [FD_DECODE_FLOWS] = { NULL, FD_DECODE_MAX_LIST, (NetJsonDecode)fd_decode_flow, (GDestroyNotify)fd_flow_free,
                          &people_of_flow },
    [FD_DECODE_ORGS] = { NULL, FD_DECODE_MAX_LIST, (NetJsonDecode)fd_decode_org, (GDestroyNotify)fd_org_free,
                         &people_of_org },
};

const NetJsonItemsKind *fd_decode_list_kind(FdDecodeKind kind)
{
    return &kinds[kind];
}
