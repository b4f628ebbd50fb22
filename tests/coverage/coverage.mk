# SPDX-License-Identifier: BSD-2-Clause
#
# Which lines of kernel/, lib/, net/ and drivers/ do the tests execute? README.md beside this file.
#
#   make coverage [ONLY="unit host"] [TESTS="guest dns"] [V=1]

COVER       := build/coverage
cover-parts := unit host x86_64 aarch64
# System tests that are not about time or size, and need no programs of others.
cover-tests-x86_64  := boot console disk dns ending events exit guest httpd httpd_behaviour signals syslog tty zones
cover-tests-aarch64 := boot guest
cover-tests-host    := guest httpd disk
cover-seeds         := 1-400

# A part begins without counts. What it fails is said at the end; what it counted is there.
cover-make   = $(MAKE) --no-print-directory V=0 ARCH=$(1) COVERAGE=1 O=$(COVER)/$(1) LIBC_O=build/$(1) \
	SIM=$(COVER)/$(1)/sim
cover-forget = find $(COVER)/$(1) -name '*.counts' -delete -o -name '*.gcda' -delete
cover-tell   = || echo '$(1): not everything passed' >>$(COVER)/failed
cover-chosen = $(or $(ONLY),$(cover-parts))

.PHONY: coverage coverage-start $(cover-parts:%=coverage-%)
coverage: $(addprefix coverage-,$(cover-chosen)) ## which lines the tests execute: make coverage [ONLY="unit host x86_64 aarch64"] [TESTS=...] [V=1: which they do not]
	@tests/coverage/report.py $(if $(filter-out 0,$(V)),--lines) $(if $(ONLY)$(TESTS),--any) \
		$(addprefix $(COVER)/,$(cover-chosen))
	@! cat $(COVER)/failed 2>/dev/null

coverage-start: deps-test
	@mkdir -p $(COVER)/ram $(cover-parts:%=$(COVER)/%)
	@rm -f $(COVER)/failed

coverage-unit: coverage-start
	@$(call cover-forget,unit); rm -f $(COVER)/unit/*.result
	@$(MAKE) --no-print-directory V=0 H=$(COVER)/unit \
		HOST_CC='$(HOST_CC) --coverage -Wl,-u,__gcov_dump' test-host $(call cover-tell,unit)

$(patsubst %,coverage-%,$(filter-out unit,$(cover-parts))): coverage-%: coverage-start
	@$(call cover-make,$*) all guest $(if $(filter host,$*),$(COVER)/host/sim/good/sim)
	@$(call cover-forget,$*)
	@UNIK_QEMU=$(CURDIR)/tests/coverage/qemu UNIK_COVERAGE=$(CURDIR)/$(COVER)/ram \
		$(call cover-make,$*) test-system TESTS='$(or $(TESTS),$(cover-tests-$*))' $(call cover-tell,$*)
	$(if $(filter host,$*),@$(COVER)/host/sim/good/sim $(cover-seeds) $(call cover-tell,sim))
