# SPDX-License-Identifier: BSD-2-Clause
# For plain makefiles:
#
#   include PREFIX/share/unik/unik.mk
#   prog.elf: main.o other.o
#
# CC and its tools become libunik's; a .elf is an image and linked from its objects with LDFLAGS
# and LDLIBS; `make run-prog` boots it with UNIK_RUN_FLAGS (-m 128M, -p 8080:80, ...) and ARGS.
# UNIK_ARCH chooses among the installed architectures. All rules are pattern rules: the makefile's
# own first target stays the default.

UNIK_PREFIX := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))../..)
UNIK_ARCH   ?= $(patsubst %-unik,%,$(shell '$(UNIK_PREFIX)/bin/unik-cc' -dumpmachine))
UNIK        := $(UNIK_PREFIX)/bin/unik

CC     := $(UNIK_PREFIX)/bin/$(UNIK_ARCH)-unik-cc
CXX    := $(UNIK_PREFIX)/bin/$(UNIK_ARCH)-unik-c++
AR     := $(UNIK_PREFIX)/bin/$(UNIK_ARCH)-unik-ar
RANLIB := $(UNIK_PREFIX)/bin/$(UNIK_ARCH)-unik-ranlib
NM     := $(UNIK_PREFIX)/bin/$(UNIK_ARCH)-unik-nm
STRIP  := $(UNIK_PREFIX)/bin/$(UNIK_ARCH)-unik-strip
LD     := $(UNIK_PREFIX)/bin/$(UNIK_ARCH)-unik-ld

# The map is what `unik size` reads.
%.elf:
	$(CC) $(LDFLAGS) -Wl,-Map,$@.map -o $@ $(filter %.o %.a,$^) $(LDLIBS)

run-%: %.elf
	$(UNIK) run $(UNIK_RUN_FLAGS) $< $(if $(ARGS),-- $(ARGS))
