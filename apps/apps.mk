# SPDX-License-Identifier: BSD-2-Clause
# Programs of others, from Debian's sources, built with their own build systems and unik-cc.
#
# apps/NAME/app.mk says
#
#   NAME-archive NAME-sha256  the source archive
#   NAME-beside               a binary package of that source, to find the mirror's folder
#   NAME-debian NAME-debian-sha256 NAME-debian-patches
#                             Debian's own changes and which of them to apply, where it fixed
#                             what the program's authors had not yet
#   NAME-licence              of what the archive has, as an SPDX expression
#   NAME-tools                packages that its build needs on this machine
#   NAME-deps                 other NAMEs to be built first
#   NAME-configure NAME-make  shell scripts, run in $(O)/apps/NAME. They see SRC (the unpacked
#                             source), HERE (apps/NAME), DEPS (where the deps' folders are), HOST
#                             (what ./configure --host wants) and JOBS
#   NAME-images               IMAGE=PATH ...: what becomes $(O)/IMAGE.elf; PATH.map goes with it
#
# and IMAGE-args, -ports, -modules, -mem for `make run APP=IMAGE`. Patches of ours are in
# apps/NAME/patches, for what truly assumes another system.
#
# A change of libunik.a links the images again; one of the headers, of lib/exports (configure
# scripts ask for functions) or of apps/NAME builds anew; files/ there is what is packed, not built.

programs := $(patsubst apps/%/app.mk,%,$(wildcard apps/*/app.mk))
include $(programs:%=apps/%/app.mk)
program-images := $(foreach p,$(programs),$(foreach i,$($(p)-images),$(firstword $(subst =, ,$(i)))))

APP_JOBS ?= $(shell nproc)

# Nothing that was given to our make (V=1, CC=clang, -rR) reaches theirs.
# $(call program-run,NAME,STEP): run $APP_STEP, a target's own; on failure say what went wrong.
program-run = cd $(O)/apps/$(1) && { env -i PATH="$(CURDIR)/$(STAGE)/bin:$$PATH" LC_ALL=C \
	CONFIG_SITE=$(CURDIR)/$(STAGE)/share/unik/config.site HOST=$(ARCH)-unik JOBS=$(APP_JOBS) \
	SRC=$(CURDIR)/build/src/$(1) HERE=$(CURDIR)/apps/$(1) DEPS=$(CURDIR)/$(O)/apps \
	sh -ec "$$APP_STEP" >.$(2).log 2>&1 || { \
	grep -hE 'error:|undefined reference|\*\*\*' .$(2).log | sort -u | head -30; \
	echo "$(1): $(2) failed, see $(O)/apps/$(1)/.$(2).log"; exit 1; }; }

# NAME_VERSION.orig.tar.xz -> VERSION
archive-version = $(lastword $(subst _, ,$(firstword $(subst .orig., ,$(1)))))

# Rewritten only when the pin changed: app.mk may change in many other ways.
build/downloads/%.pin: FORCE
	@mkdir -p $(@D)
	@echo '$(PIN)' | cmp -s - $@ || echo '$(PIN)' >$@

# $(call program-fetch,NAME,ARCHIVE,SHA256)
define program-fetch
build/downloads/$(2).pin: private PIN = $(3)
build/downloads/$(2): build/downloads/$(2).pin
	$$(call say,FETCH,$$@)
	$$(Q)tools/fetch-source --out $$@ --sha256 $(3) --given '$$($(2))' --beside $($(1)-beside) \
		--hint "run 'apt-get update' with the network up, or pass $(2)=PATH"
	$$(Q)touch $$@
endef

define program-rules
$(call program-fetch,$(1),$($(1)-archive),$($(1)-sha256))
$(if $($(1)-debian),$(call program-fetch,$(1),$($(1)-debian),$($(1)-debian-sha256)))

build/src/$(1)/.ready: $(patsubst %,build/downloads/%,$($(1)-archive) $($(1)-debian)) \
		$(sort $(wildcard apps/$(1)/patches apps/$(1)/patches/*.patch))
	$$(call say,UNPACK,$$(@D))
	$$(Q)rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)tar -xf $$< -C $$(@D) --strip-components=1
	$$(Q)$(if $($(1)-debian),tar -xf build/downloads/$($(1)-debian) -C $$(@D))
	$$(Q)for p in $($(1)-debian-patches:%=$$(@D)/debian/patches/%) $$(filter %.patch,$$^); do \
		patch -d $$(@D) -p1 -s -N -i $(CURDIR)/$$$$p || { echo "$$$$p does not apply"; exit 1; }; \
	done
	$$(Q)touch $$@

$(O)/apps/$(1)/.configured: private export APP_STEP = $$($(1)-configure)
$(O)/apps/$(1)/.configured: build/src/$(1)/.ready $(STAGE_HEADERS) \
		$(shell find apps/$(1) -type f ! -name README.md ! -path '*/files*') $($(1)-deps:%=$(O)/apps/%/.built)
	$(if $($(1)-tools),$$(Q)tools/need-packages $($(1)-tools))
	$$(call say,CONFIG,$(1))
	$$(Q)rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)$$(call program-run,$(1),configure)
	$$(Q)touch $$@

# What was linked goes first: their makefiles know nothing of our libraries. A library of theirs
# links nothing, so ours may change beside it.
$(O)/apps/$(1)/.built: private export APP_STEP = $$($(1)-make)
$(O)/apps/$(1)/.built: $(O)/apps/$(1)/.configured $(if $($(1)-images),,|) $(STAGE_READY)
	$$(call say,BUILD,$(1))
	$$(Q)cd $$(@D) && rm -f $(foreach i,$($(1)-images),$(lastword $(subst =, ,$(i))))
	$$(Q)$$(call program-run,$(1),make)
	$$(Q)$(PYTHON) tools/mkparts $$(@D)/.parts.json --component $(1) '$(call archive-version,$($(1)-archive))' \
		'$($(1)-archive)' $($(1)-sha256) '$($(1)-licence)' ''
	$$(Q)touch $$@

.PHONY: app-$(1)
app-$(1): $(O)/apps/$(1)/.built $(patsubst %,$(O)/%.elf,$(foreach i,$($(1)-images),$(firstword $(subst =, ,$(i)))))
$(foreach i,$($(1)-images),$(call program-image,$(1),$(firstword $(subst =, ,$(i))),$(lastword $(subst =, ,$(i)))))
endef

# $(call program-image,NAME,IMAGE,PATH): a link, so that `unik size` finds the objects.
define program-image

$(O)/$(2).elf: $(O)/apps/$(1)/.built
	$$(Q)ln -sf apps/$(1)/$(3) $$@ && ln -sf apps/$(1)/$(3).map $$@.map

endef
$(foreach p,$(programs),$(eval $(call program-rules,$(p))))

.PHONY: apps
apps: $(programs:%=app-%) ## programs of others (make app-NAME for one): $(programs)
