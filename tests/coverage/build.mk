# SPDX-License-Identifier: BSD-2-Clause
# COVERAGE=1: the library counts what is executed (tests/coverage/counters.py), and programs what they
# have of its headers. The code of the architectures does not: some of it runs where no variable may
# be touched.

counted := $(foreach d,kernel lib net drivers,$(patsubst %,$(O)/obj/%.o,$(filter $(d)/%.c,$(src-y))))
$(counted) $(O)/app/%: CFLAGS += --coverage -fprofile-info-section
# gcc would have these counted before, and by libgcov.
$(O)/app/%: CFLAGS += $(addprefix -fno-builtin-,fork execl execlp execle execv execvp execve)

# What libgcov would merge files with: any function will do.
ldflags += -Wl,--defsym=__gcov_merge_add=main
linux-src += tests/coverage/shared.c
