# SPDX-License-Identifier: BSD-2-Clause
#
# The Open POSIX Test Suite, as Debian has it, in images of ours: fetched, checked, built, booted
# test by test. suite.py does the work; reasons.txt says what does not pass and why.

PTS_FILE   := posixtestsuite_1.5.2.orig.tar.gz
PTS_SHA256 := 15a2185672127cba851d35ec9d538ff6148defdbb75f99c7e9c50aeba0f94757
PTS_SRC    := build/src/posixtestsuite

build/downloads/$(PTS_FILE): tests/posix/posix.mk
	$(Q)tools/fetch-source --out $@ --sha256 $(PTS_SHA256) --given '$(PTS_TARBALL)' \
		--beside posixtestsuite \
		--hint "run 'apt-get update' with the network up, or pass PTS_TARBALL=PATH"
	$(Q)touch $@

$(PTS_SRC)/.ready: build/downloads/$(PTS_FILE)
	$(call say,UNPACK,$(@D))
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)tar -xzf $< -C $(@D) --strip-components=1
	$(Q)touch $@

.PHONY: posix-test
posix-test: deps-test all $(PTS_SRC)/.ready ## the Open POSIX Test Suite: make posix-test [ONLY=sigaction]
	$(Q)ARCH=$(ARCH) CC='$(CC)' $(PYTHON) tests/posix/suite.py --source $(PTS_SRC) \
		--cflags '$(filter-out -W%,$(app-cflags)) -w' --ldflags '$(ldflags)' \
		--libs '$(libs) -lgcc' $(ONLY:%=--only %)
