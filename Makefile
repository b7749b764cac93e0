# SPDX-License-Identifier: GPL-2.0-or-later
# purple-flowdock: `make help` lists the targets and variables.
# GNU make; neither this folder's path nor DESTDIR may hold blanks.

VERSION = 0.1.0

# What the code needs at least: the versions of Debian 12 or before. packaging/deps.sh reads them here.
MIN_PURPLE = 2.14.0
MIN_GLIB = 2.70
MIN_SOUP = 3.2
MIN_JSON = 1.6
MIN_MD4C = 0.4.8

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

# ---------------------------------------------------------------------------------------------------- tools and folders

PKG_CONFIG ?= pkg-config
INSTALL ?= install
AWK ?= awk
CLANG_FORMAT ?= clang-format

comma := ,
BUILD ?= build
# One folder for each set of flags: build/release, build/check, build/check-address-undefined, ...
B := $(BUILD)/$(if $(WERROR),check,release)$(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-6s %s\n' "$(1)" "$(2)"
endif

# $(call once,NAME,COMMAND): NAME is the output of COMMAND, run when NAME is first used and not while this file is
# parsed: on a fresh machine `make deps` and `make check` must work before there is a pkg-config.
define once
$(1) = $$(eval $(1) := $$(shell $(2)))$$($(1))
endef
$(eval $(call once,TEXT_CFLAGS,$(PKG_CONFIG) --cflags gio-2.0 md4c))
$(eval $(call once,TEXT_LIBS,$(PKG_CONFIG) --libs gio-2.0 md4c))
$(eval $(call once,BASE_CFLAGS,$(PKG_CONFIG) --cflags gio-2.0 libsoup-3.0 json-glib-1.0))
$(eval $(call once,BASE_LIBS,$(PKG_CONFIG) --libs gio-2.0 libsoup-3.0 json-glib-1.0 md4c))
$(eval $(call once,PURPLE_PC_CFLAGS,$(PKG_CONFIG) --cflags purple))
$(eval $(call once,PURPLE_LIBS,$(PKG_CONFIG) --libs purple))
# libpurple's own headers do not pass our warnings.
PURPLE_CFLAGS = $(patsubst -I%/libpurple,-isystem %/libpurple,$(PURPLE_PC_CFLAGS))

# Where the hosts look, unless PREFIX says otherwise; each of the three can be given by itself too.
purple_variable = $(PKG_CONFIG) $(if $(PREFIX),--define-variable=prefix=$(PREFIX)) --variable=$(1) purple
ifeq ($(origin plugindir),undefined)
$(eval $(call once,plugindir,$(call purple_variable,plugindir)))
endif
ifeq ($(origin datarootdir),undefined)
$(eval $(call once,datarootdir,$(call purple_variable,datarootdir)))
endif
localedir ?= $(datarootdir)/locale
pixmapsdir = $(datarootdir)/pixmaps/pidgin/protocols

# ---------------------------------------------------------------------------------------------------------------- flags

CFLAGS ?= $(if $(SANITIZE),-O1 -g -fno-omit-frame-pointer,-O2 -g)

WARNINGS = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wwrite-strings -Wvla \
	-Wformat=2 -Wundef $(if $(WERROR),-Werror)

# Compiled with just these versions' API, so that newer or deprecated calls are noticed.
version_range = $(patsubst %,-D$(1)_VERSION_%=$(1)_VERSION_$(subst .,_,$(2)),MIN_REQUIRED MAX_ALLOWED)
API_VERSIONS = $(call version_range,GLIB,$(MIN_GLIB)) $(call version_range,SOUP,$(MIN_SOUP)) \
	$(call version_range,JSON,$(MIN_JSON))

# The C library wants optimization with it, distributions may bring their own, sanitizers do not go with it.
FORTIFY = $(if $(SANITIZE)$(findstring FORTIFY,$(CPPFLAGS) $(CFLAGS)),,$(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),\
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))

SANITIZE_FLAGS = $(if $(SANITIZE),-fsanitize=$(SANITIZE))

OUR_CPPFLAGS = -Iplugin -DVERSION='"$(VERSION)"' -DGETTEXT_PACKAGE='"purple-flowdock"' $(API_VERSIONS) $(FORTIFY)
OUR_CFLAGS = -std=gnu11 $(WARNINGS) -fPIC -fvisibility=hidden -fstack-protector-strong $(SANITIZE_FLAGS)
OUR_LDFLAGS = $(SANITIZE_FLAGS) -Wl,--as-needed -Wl,-z,relro,-z,now
# Hosts unload and reload plugins while timers and types of the libraries below still live: hence nodelete.
# The run-time library of a sanitizer is in the program, so symbols stay open (no defs).
PLUGIN_LDFLAGS = -shared -Wl,--version-script=plugin/plugin.map -Wl,-z,nodelete $(if $(SANITIZE),,-Wl,-z,defs)

# Only the top layer knows libpurple, the install place and the compiled-in application.
PRPL_CPPFLAGS = -DPURPLE_PLUGINS -DLOCALEDIR='"$(localedir)"' \
	$(if $(CLIENT_ID),-DDEFAULT_CLIENT_ID='"$(CLIENT_ID)"') \
	$(if $(CLIENT_SECRET),-DDEFAULT_CLIENT_SECRET='"$(CLIENT_SECRET)"')
TEST_CPPFLAGS = -Itests -Itests/unit -Itests/server -Itests/integration

# The libraries' headers that a folder sees. A target's own setting wins by its more exact pattern.
LIB_CFLAGS = $(BASE_CFLAGS)
$(B)/obj/plugin/text/%.o: LIB_CFLAGS = -I$(B)/gen $(TEXT_CFLAGS)
$(B)/obj/plugin/face/%.o: LIB_CFLAGS = $(BASE_CFLAGS) $(PURPLE_CFLAGS)
$(B)/obj/plugin/flowdock/prpl/%.o $(B)/obj/plugin/envoy/prpl/%.o: \
	LIB_CFLAGS = $(PRPL_CPPFLAGS) $(BASE_CFLAGS) $(PURPLE_CFLAGS)
$(B)/obj/tests/%.o: LIB_CFLAGS = $(TEST_CPPFLAGS) $(BASE_CFLAGS) $(PURPLE_CFLAGS)
$(B)/obj/tests/server/%.o: LIB_CFLAGS = $(TEST_CPPFLAGS) $(BASE_CFLAGS)

# --------------------------------------------------------------------------------------------------------------- layers

# Each layer is an archive, and below_LAYER is what a program using it links: the layer and all that it may see.
objects = $(patsubst %.c,$(B)/obj/%.o,$(1))
archives = $(patsubst %,$(B)/%.a,$(1))

below_net := net
below_text := text
below_face := face net text
below_server := server net text
folder_net := plugin/net
folder_text := plugin/text
folder_face := plugin/face
folder_server := tests/server

define protocol
below_$(1)-api := $(1)-api net text
below_$(1)-model := $(1)-model $(1)-api net text
below_$(1)-events := $(1)-events $(1)-model $(1)-api net text
below_$(1)-prpl := $(1)-prpl $(1)-events $(1)-model $(1)-api face net text
folder_$(1)-api := plugin/$(1)/api
folder_$(1)-model := plugin/$(1)/model
folder_$(1)-events := plugin/$(1)/events
folder_$(1)-prpl := plugin/$(1)/prpl
endef
PROTOCOLS := $(patsubst plugin/%/api,%,$(wildcard $(addsuffix /api,plugin/flowdock plugin/envoy)))
$(foreach name,$(PROTOCOLS),$(eval $(call protocol,$(name))))

LAYERS := net text face server $(foreach name,$(PROTOCOLS),$(addprefix $(name)-,api model events prpl))

# The folder is a prerequisite too: its date changes when a source goes away.
define layer
$(B)/$(1).a: $$(call objects,$$(filter-out tests/server/demo.c,$$(wildcard $(folder_$(1))/*.c))) \
	$$(wildcard $(folder_$(1)))
endef
$(foreach name,$(LAYERS),$(eval $(call layer,$(name))))

$(call archives,$(LAYERS)):
	$(call say,AR,$@)
	$(Q)mkdir -p $(@D)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

PLUGINS := $(patsubst %,$(B)/lib%.so,$(foreach name,$(PROTOCOLS),$(if $(wildcard plugin/$(name)/prpl/*.c),$(name))))

define plugin
$(B)/lib$(1).so: $$(call archives,$$(below_$(1)-prpl)) plugin/plugin.map
endef
$(foreach name,$(PROTOCOLS),$(eval $(call plugin,$(name))))

# -u fetches the entry point out of the top archive; all the rest is needed by it.
$(PLUGINS):
	$(call say,LD,$@)
	$(Q)$(CC) $(OUR_CFLAGS) $(CFLAGS) $(OUR_LDFLAGS) $(PLUGIN_LDFLAGS) $(LDFLAGS) -o $@ \
		-Wl,-u,purple_init_plugin $(filter %.a,$^) $(PURPLE_LIBS) $(BASE_LIBS) -lm

$(B)/obj/%.o: %.c $(B)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CPPFLAGS) $(LIB_CFLAGS) $(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# plugin/text/NAME/ holds a list and the program that makes the table text-NAME-table.h of it.
$(B)/gen/text-%-table.h: plugin/text/%/table.awk
	$(call say,AWK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)LC_ALL=C $(AWK) -f $< $(filter-out $<,$^) >$@

$(B)/gen/text-emoji-table.h: plugin/text/emoji/emoji.json
$(B)/obj/plugin/text/text-emoji.o: $(B)/gen/text-emoji-table.h
$(B)/gen/text-entity-table.h: plugin/text/entity/entities.txt
$(B)/obj/plugin/text/text-entity.o: $(B)/gen/text-entity-table.h

# Holds a checksum of all flags and changes with them, so that other flags build anew. A checksum, because a
# client secret may be among them.
$(B)/flags: requirements
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(CC) $(OUR_CPPFLAGS) $(PRPL_CPPFLAGS) $(TEST_CPPFLAGS) $(BASE_CFLAGS) $(PURPLE_CFLAGS) \
		$(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) $(OUR_LDFLAGS) $(PLUGIN_LDFLAGS) $(LDFLAGS)) | cksum >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
quote = '$(subst ','\'',$(1))'

.PHONY: requirements
requirements:
	@command -v $(PKG_CONFIG) >/dev/null || { \
		echo '$(PKG_CONFIG) is missing; "make deps" installs what is needed' >&2; exit 1; }
	@missing=0; \
	for need in purple:$(MIN_PURPLE) glib-2.0:$(MIN_GLIB) libsoup-3.0:$(MIN_SOUP) json-glib-1.0:$(MIN_JSON) \
		md4c:$(MIN_MD4C); do \
		name=$${need%:*}; least=$${need#*:}; \
		if ! $(PKG_CONFIG) --exists "$$name >= $$least"; then \
			found=$$($(PKG_CONFIG) --modversion $$name 2>/dev/null) || found='nothing'; \
			echo "$$name $$least or newer is needed, found: $$found" >&2; missing=1; \
		fi; \
	done; \
	if [ $$missing = 1 ]; then echo '"make deps" installs what is missing' >&2; exit 1; fi

-include $(shell test -d $(B)/obj && find $(B)/obj -name '*.d')

# --------------------------------------------------------------------------------------------------------- user targets

LINGUAS := $(shell sed 's/#.*//' po/LINGUAS)
CATALOGUES := $(LINGUAS:%=$(B)/po/%.mo)

.PHONY: all install uninstall deps demo help clean

all: $(PLUGINS) $(CATALOGUES) ## build the plugins (default)
	@:

include po/Makefile.inc

ICON_SIZES := 16 22 48
ICONS := $(foreach size,$(ICON_SIZES),$(wildcard icons/$(size)/*.png)) $(wildcard icons/scalable/*.svg)

# Calls $(1) with FILE, PLACE and MODE of each: one list for both, so that uninstall removes exactly what install brings.
define each_installed
	$(foreach file,$(PLUGINS),$(call $(1),$(file),$(plugindir)/$(notdir $(file)),755))
	$(foreach file,$(ICONS),$(call $(1),$(file),$(pixmapsdir)/$(file:icons/%=%),644))
	$(foreach name,$(LINGUAS),$(call $(1),$(B)/po/$(name).mo,$(localedir)/$(name)/LC_MESSAGES/purple-flowdock.mo,644))
endef

define install_one
$(Q)$(INSTALL) -D -m $(3) $(1) $(DESTDIR)$(2)

endef

# Folders left empty go too, as they may have come with us; DESTDIR itself stays.
define uninstall_one
$(Q)rm -f $(DESTDIR)$(2)
$(Q)cd $(DESTDIR)/ 2>/dev/null && rmdir -p $(patsubst /%,%,$(dir $(2))) 2>/dev/null || :

endef

install: all ## install into the places where libpurple looks, below DESTDIR
	$(call each_installed,install_one)

uninstall: requirements ## remove what install brought
	$(call each_installed,uninstall_one)

# What to install packages for: build, check, lint, e2e, demo.
FOR ?= build
HOST ?=

deps: ## install what is missing for building (FOR="check e2e" for more)
	@HOST=$(HOST) packaging/deps.sh $(FOR)

demo: ## try the plugin with a local server and no account (HOST=finch|pidgin|bitlbee)
	@HOST=$(HOST) packaging/deps.sh build demo
	$(Q)$(MAKE) $(PARALLEL) all $(B)/flowdock-server
	$(Q)HOST=$(HOST) $(call e2e_environment,$(B)) tests/e2e/demo.sh

clean: ## remove all that was built
	rm -rf $(BUILD)

help: ## this list
	@echo 'Targets:'
	@awk -F '## ' '/^[a-z0-9-]+:.*## / { name = $$1; sub(/:.*/, "", name); printf "  %-11s %s\n", name, $$2 }' \
		$(MAKEFILE_LIST)
	@echo 'Variables:'
	@echo '  V=1                           show the commands'
	@echo '  SANITIZE=address,undefined    build and run with sanitizers, in a folder of its own'
	@echo '  CLIENT_ID= CLIENT_SECRET=     the registered application to compile in'
	@echo '  CC CFLAGS CPPFLAGS LDFLAGS    as usual; added after our own'
	@echo '  DESTDIR PREFIX plugindir datarootdir localedir'
	@echo '                                where to install; hosts look only in their own prefix'
	@echo '  TESTS="net-sse ..."           run only these with make check'
	@echo '  ROW=people                    run only this with make bench; BENCH_PROFILE=1 tells more'
	@echo '  BUILD=DIR                     build elsewhere than in build/'

# ---------------------------------------------------------------------------------------------------------------- tests

.PHONY: check check-e2e build-tests run-tests

# tests/unit/test-NAME.c tests the module NAME, wherever plugin/ or tests/server has it, and links its layer.
module_source = $(firstword $(wildcard plugin/*/$(1).c plugin/*/*/$(1).c tests/server/$(1).c))
layer_of_folder = $(strip $(foreach name,$(LAYERS),$(if $(filter $(folder_$(name)),$(1)),$(name))))
layer_of_module = $(call layer_of_folder,$(patsubst %/,%,$(dir $(call module_source,$(1)))))
layer_of_test = $(if $(filter server,$(1)),server,$(call layer_of_module,$(1)))

UNIT_HELPERS := tests/unit/test-util.c
UNIT_NAMES := $(patsubst tests/unit/test-%.c,%,$(filter-out $(UNIT_HELPERS),$(wildcard tests/unit/test-*.c)))
# A test without its module is not built; check-layers.sh complains about it.
UNIT_NAMES := $(foreach name,$(UNIT_NAMES),$(if $(call layer_of_test,$(name)),$(name)))
STORY_NAMES := $(patsubst tests/integration/test-%.c,%,$(wildcard tests/integration/test-*.c))
STORY_HELPERS := $(filter-out tests/integration/test-%,$(wildcard tests/integration/*.c)) $(wildcard $(UNIT_HELPERS))

PROGRAM_LIBS = $(BASE_LIBS)

# These talk to the test server, whose archive stands before those that it needs itself.
UNIT_WITH_SERVER := fd-api-actions fd-api-files fd-api-flows fd-api-messages fd-api-orgs fd-api-sources fd-api-threads \
	fd-unread

define unit_test
$(B)/tests/unit/test-$(1): $$(call objects,tests/unit/test-$(1).c $$(wildcard $(UNIT_HELPERS))) \
	$$(call archives,$(if $(filter $(1),$(UNIT_WITH_SERVER)),server) $$(below_$(2)))
$(if $(filter text,$(2)),$(B)/tests/unit/test-$(1): PROGRAM_LIBS = $$(TEXT_LIBS))
$(if $(filter face %-prpl,$(2)),$(B)/tests/unit/test-$(1): PROGRAM_LIBS = $$(PURPLE_LIBS) $$(BASE_LIBS))
endef
$(foreach name,$(UNIT_NAMES),$(eval $(call unit_test,$(name),$(call layer_of_test,$(name)))))

# A story loads the plugin through libpurple, as hosts do, so it is linked with everything but the plugin.
define story_test
$(B)/tests/integration/test-$(1): $$(call objects,tests/integration/test-$(1).c $(STORY_HELPERS)) \
	$$(call archives,$$(below_server)) | $(PLUGINS)
$(B)/tests/integration/test-$(1): PROGRAM_LIBS = $$(PURPLE_LIBS) $$(BASE_LIBS)
endef
$(foreach name,$(STORY_NAMES),$(eval $(call story_test,$(name))))

# Measurements are linked like stories, and with the calls of the service; the server runs in a process of its own.
BENCH_NAMES := $(patsubst tests/bench/bench-%.c,%,$(wildcard tests/bench/bench-*.c))
BENCH_HELPERS := $(filter-out tests/bench/bench-%,$(wildcard tests/bench/*.c))

define bench_program
$(B)/tests/bench/bench-$(1): $$(call objects,tests/bench/bench-$(1).c $(BENCH_HELPERS) $(STORY_HELPERS)) \
	$$(call archives,server $$(below_flowdock-api)) | $(PLUGINS) $(B)/flowdock-server
$(B)/tests/bench/bench-$(1): PROGRAM_LIBS = $$(PURPLE_LIBS) $$(BASE_LIBS)
endef
$(foreach name,$(BENCH_NAMES),$(eval $(call bench_program,$(name))))

BENCHES := $(patsubst %,$(B)/tests/bench/bench-%,$(or $(ROW),$(BENCH_NAMES)))
UNIT_TESTS := $(UNIT_NAMES:%=$(B)/tests/unit/test-%)
STORY_TESTS := $(STORY_NAMES:%=$(B)/tests/integration/test-%)
SELECTED := $(if $(TESTS),$(filter $(TESTS:%=\%/test-%),$(UNIT_TESTS) $(STORY_TESTS)),$(UNIT_TESTS) $(STORY_TESTS))

SERVER := $(if $(wildcard tests/server/demo.c),$(B)/flowdock-server)
$(B)/flowdock-server: $(call objects,tests/server/demo.c) $(call archives,$(below_server))

$(UNIT_TESTS) $(STORY_TESTS) $(BENCH_NAMES:%=$(B)/tests/bench/bench-%) $(B)/flowdock-server:
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(OUR_CFLAGS) $(CFLAGS) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(PROGRAM_LIBS) -lm

# Without TESTS everything is built, also what only users run.
build-tests: $(SELECTED) $(if $(TESTS),,$(PLUGINS) $(SERVER))
	@:

run-tests: build-tests
	@SANITIZE=$(SANITIZE) V=$(V) tests/prove.sh $(B) $(if $(TESTS),,tests/unit/check-layers.sh) $(SELECTED)

# All processors, unless the caller has said how many. Not for run-tests, whose output must not wait for its end.
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$$(nproc)) -Otarget

check: ## build with warnings as errors and run the tests, after installing what is missing
	@packaging/deps.sh build check
	$(Q)$(MAKE) WERROR=1 $(PARALLEL) build-tests
	$(Q)$(MAKE) WERROR=1 run-tests

.PHONY: bench
bench: $(BENCHES) ## measure how long a host stands still (ROW=people: only that)
	@BENCH_PROFILE=$(BENCH_PROFILE) tests/bench/run.sh $(B) $(BENCHES)

e2e_environment = FLOWDOCK_PLUGIN_DIR=$(abspath $(1)) FLOWDOCK_SERVER=$(abspath $(1)/flowdock-server)

check-e2e: ## drive real Pidgin, Finch and bitlbee, after installing them where missing
	@packaging/deps.sh build e2e
	$(Q)$(MAKE) WERROR=1 $(PARALLEL) all build-e2e
	$(Q)$(MAKE) WERROR=1 run-e2e

.PHONY: build-e2e run-e2e
build-e2e: $(PLUGINS) $(SERVER)
	@:
run-e2e: build-e2e
	$(Q)$(call e2e_environment,$(B)) tests/e2e/run.sh

# ---------------------------------------------------------------------------------------------------------- maintenance

.PHONY: lint format dist

C_FILES = $(sort $(shell find plugin tests -name '*.[ch]'))

lint: ## layers, translatable files, formatting, and warnings as errors
	@packaging/deps.sh build lint
	$(call say,LINT,layers)
	$(Q)tests/unit/check-layers.sh
	$(call say,LINT,po/POTFILES.in)
	$(Q)$(call check_potfiles)
	$(call say,LINT,formatting)
	$(Q)$(CLANG_FORMAT) --dry-run -Werror $(C_FILES)
	$(Q)$(MAKE) WERROR=1 $(PARALLEL) all build-tests

format: ## format all sources
	@packaging/deps.sh lint
	$(Q)$(CLANG_FORMAT) -i $(C_FILES)

DIST = purple-flowdock-$(VERSION)

dist: ## the source archive of what is committed
	$(Q)mkdir -p $(BUILD)
	$(Q)git archive --format=tar --prefix=$(DIST)/ --output=$(BUILD)/$(DIST).tar HEAD
	$(Q)xz -f $(BUILD)/$(DIST).tar
	$(call say,DIST,$(BUILD)/$(DIST).tar.xz)
