# SPDX-License-Identifier: BSD-2-Clause
#
# Fuzzing: each tests/fuzz/fuzz_*.c is a libFuzzer target of the real sources that its line
# `// link:` names, with the fakes of tests/host/fake for the rest; the same lines as host tests
# have. README.md beside this file tells how to write one and what to do with a crash.

Z := build/fuzz
fuzz-targets := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
TARGET ?= $(fuzz-targets)
TIME ?= 60

FUZZ_CC ?= clang
fuzz-cflags := -g -O1 -std=gnu11 -fno-common -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -Wall -Wextra -Wno-unused-parameter -Wno-unused-function \
	-Wno-address-of-packed-member -Itests/host/include -I.

.PHONY: fuzz
fuzz: deps-fuzz $(TARGET:%=$(Z)/%) ## feed random bytes to the parsers: make fuzz [TIME=60] [TARGET=fuzz_http]
	$(Q)$(PYTHON) tests/fuzz/run.py --time $(TIME) $(TARGET:%=$(Z)/%)

$(Z)/targets.mk: $(fuzz-targets:%=tests/fuzz/%.c) tests/fuzz/fuzz.mk
	@mkdir -p $(@D)
	@for t in $(fuzz-targets); do \
		sed -n "s|^// link: *|link-$$t += |p; s|^// flags: *|flags-$$t += |p" \
			tests/fuzz/$$t.c; \
	done >$@
ifneq ($(filter fuzz $(Z)/%,$(MAKECMDGOALS)),)
include $(Z)/targets.mk
endif

$(Z)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FUZZ_CC) $(fuzz-cflags)' | cmp -s - $@ || echo '$(FUZZ_CC) $(fuzz-cflags)' >$@

$(Z)/fake/%.o: tests/host/fake/%.c $(Z)/flags
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(fuzz-cflags) -MMD -MP -c -o $@ $<

$(Z)/libfake.a: $(host-fakes:tests/host/%.c=$(Z)/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

define fuzz-target
$(Z)/obj/$(1)/%.c.o: %.c $(Z)/flags $(Z)/targets.mk
	@mkdir -p $$(@D)
	$$(Q)$(FUZZ_CC) $(fuzz-cflags) $(flags-$(1)) -MMD -MP -c -o $$@ $$<

$(Z)/$(1): $(patsubst %,$(Z)/obj/$(1)/%.o,tests/fuzz/$(1).c $(link-$(1))) $(Z)/libfake.a
	$$(call say,FUZZLD,$$@)
	$$(Q)$(FUZZ_CC) $(fuzz-cflags) -fsanitize=fuzzer -o $$@ $$^ -lm

-include $(patsubst %,$(Z)/obj/$(1)/%.d,tests/fuzz/$(1).c $(link-$(1)))
endef
$(foreach t,$(fuzz-targets),$(eval $(call fuzz-target,$(t))))
-include $(host-fakes:tests/host/%.c=$(Z)/%.d)
