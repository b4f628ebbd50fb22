# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests: each tests/host/test_*.c becomes a program of this machine, with the real sources
# that its line `// link: kernel/page.c ...` names, the fakes of tests/host/fake for the rest, and
# the address and undefined-behaviour sanitizers. A line `// flags: ...` adds compiler flags for
# that test and the sources that it links, `// libs: ...` libraries. README.md beside this file tells how to write one.

H := build/unit
host-tests := $(patsubst tests/host/%.c,%,$(wildcard tests/host/test_*.c))
host-fakes := $(wildcard tests/host/fake/*.c)

HOST_CC ?= gcc
host-cflags := -g -O1 -std=gnu11 -fno-common -fsanitize=address,undefined \
	-fno-sanitize-recover=all -Wall -Wextra -Wno-unused-parameter -Itests/host/include -I.

.PHONY: test-host
test-host: $(host-tests:%=$(H)/%.result) ## unit tests of the real sources on this machine
	@failed="$$(grep -l FAIL $^)"; rm -f $$failed; set -- $$failed; \
	echo "host tests: $$(($(words $^) - $$#)) passed, $$# failed"; [ $$# = 0 ]

# What the tests say about themselves, as make variables: link-test_x and flags-test_x.
$(H)/tests.mk: $(host-tests:%=tests/host/%.c) tests/host/host.mk
	@mkdir -p $(@D)
	@for t in $(host-tests); do \
		sed -n "s|^// link: *|link-$$t += |p; s|^// flags: *|flags-$$t += |p; \
			s|^// libs: *|libs-$$t += |p" tests/host/$$t.c; \
	done >$@
ifneq ($(filter test test-host $(H)/%,$(MAKECMDGOALS)),)
include $(H)/tests.mk
endif

$(H)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(HOST_CC) $(host-cflags)' | cmp -s - $@ || echo '$(HOST_CC) $(host-cflags)' >$@

$(H)/fake/%.o: tests/host/fake/%.c $(H)/flags
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(host-cflags) -MMD -MP -c -o $@ $<

$(H)/libfake.a: $(host-fakes:tests/host/%.c=$(H)/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

# Objects of one test only: another may compile the same source with other flags.
define host-test
$(H)/obj/$(1)/%.c.o: %.c $(H)/flags $(H)/tests.mk
	@mkdir -p $$(@D)
	$$(Q)$(HOST_CC) $(host-cflags) $(flags-$(1)) -MMD -MP -c -o $$@ $$<

$(H)/$(1): $(patsubst %,$(H)/obj/$(1)/%.o,tests/host/$(1).c $(link-$(1))) $(H)/libfake.a
	$$(call say,HOSTLD,$$@)
	$$(Q)$(HOST_CC) $(host-cflags) -o $$@ $$^ $(libs-$(1)) -lm

-include $(patsubst %,$(H)/obj/$(1)/%.d,tests/host/$(1).c $(link-$(1)))
endef
$(foreach t,$(host-tests),$(eval $(call host-test,$(t))))
-include $(host-fakes:tests/host/%.c=$(H)/%.d)

# One line a test, and all that it said where it failed or with V=1. A failure is written down and
# not make's business, so that the other tests still run.
$(H)/%.result: $(H)/%
	@ASAN_OPTIONS=detect_leaks=1 timeout 300 $< >$<.log 2>&1 && result=PASS || result=FAIL; \
	echo $$result >$@; [ $(V)$$result = 0PASS ] || cat $<.log; \
	echo "  $$result    $* ($$(grep -c '^ok ' $<.log) ok)"
