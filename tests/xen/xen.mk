# SPDX-License-Identifier: BSD-2-Clause
#
# Images under a real Xen: tests/xen/README.md.

test-xen: deps-test all guest ## start images by xl under Xen with a Linux dom0 (packages are fetched into build/xen)
	$(Q)ARCH=$(ARCH) $(PYTEST) -rs $(or $(TESTS:%=tests/xen/%.py),tests/xen)
