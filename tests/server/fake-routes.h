/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of calls: one row each. Internal to tests/server. */
#pragma once

#include "fake-call.h"

/* Finds the row of @call, checks credentials, scope and membership, and calls its function. */
void fake_routes_run(FakeCall *call);

/* The functions of the rows, by resource. */
void fake_get_user(FakeCall *call);
void fake_get_users(FakeCall *call);
void fake_get_user_by_id(FakeCall *call);
void fake_put_user(FakeCall *call);
void fake_get_orgs(FakeCall *call);
void fake_get_org(FakeCall *call);
void fake_find_org(FakeCall *call);
void fake_put_org(FakeCall *call);
void fake_get_org_users(FakeCall *call);
void fake_delete_org_user(FakeCall *call);

void fake_get_flows(FakeCall *call);
void fake_get_all_flows(FakeCall *call);
void fake_find_flow(FakeCall *call);
void fake_get_flow(FakeCall *call);
void fake_put_flow(FakeCall *call);
void fake_post_flow(FakeCall *call);
void fake_get_flow_users(FakeCall *call);
void fake_post_flow_user(FakeCall *call);
void fake_put_flow_user(FakeCall *call);

/* Of flows and private conversations alike. */
void fake_get_messages(FakeCall *call);
void fake_get_message(FakeCall *call);
void fake_post_message(FakeCall *call);
void fake_put_message(FakeCall *call);
void fake_delete_message(FakeCall *call);
void fake_post_anywhere(FakeCall *call);
void fake_post_comment(FakeCall *call);
void fake_post_comment_anywhere(FakeCall *call);
void fake_post_reaction(FakeCall *call);

void fake_get_threads(FakeCall *call);
void fake_get_thread(FakeCall *call);
void fake_get_thread_messages(FakeCall *call);
void fake_post_thread_message(FakeCall *call);

void fake_get_privates(FakeCall *call);
void fake_get_private(FakeCall *call);
void fake_put_private(FakeCall *call);

void fake_get_sources(FakeCall *call);
void fake_put_source_by_token(FakeCall *call);
void fake_get_flow_sources(FakeCall *call);
void fake_post_source(FakeCall *call);
void fake_get_source(FakeCall *call);
void fake_put_source(FakeCall *call);
void fake_delete_source(FakeCall *call);
void fake_get_invitations(FakeCall *call);
void fake_get_invitation(FakeCall *call);
void fake_post_invitation(FakeCall *call);
void fake_import_invitations(FakeCall *call);
void fake_delete_invitation(FakeCall *call);
void fake_push_chat(FakeCall *call);
void fake_push_inbox(FakeCall *call);

/* For tests, under /_test/: fake-control.c. */
void fake_control_fault(FakeCall *call);
void fake_control_clear_faults(FakeCall *call);
void fake_control_emit(FakeCall *call);
void fake_control_say(FakeCall *call);
void fake_control_post(FakeCall *call);
void fake_control_streams(FakeCall *call);
void fake_control_get_streams(FakeCall *call);
void fake_control_requests(FakeCall *call);
void fake_control_clear_requests(FakeCall *call);
void fake_control_messages(FakeCall *call);
void fake_control_set(FakeCall *call);
void fake_control_member(FakeCall *call);
void fake_control_user(FakeCall *call);
void fake_control_users(FakeCall *call);
void fake_control_flow(FakeCall *call);
void fake_control_org(FakeCall *call);
void fake_control_avatar(FakeCall *call);
