# SPDX-License-Identifier: BSD-2-Clause
src-y += lib/libc/args.c
src-y += lib/libc/console_file.c
src-y += lib/libc/decimal.c
src-y += lib/libc/entropy.c
src-y += lib/libc/exit.c
src-y += lib/libc/fd.c
src-y += lib/libc/file_io.c
src-y += lib/libc/futex.c
src-y += lib/libc/locks.c
src-y += lib/libc/malloc.c
src-y += lib/libc/reent.c
src-y += lib/libc/result.c
src-y += lib/libc/start.c
src-y += lib/libc/syscalls.c
src-y += $(wildcard lib/libc/$(ARCH)/*.c)
fast-y += lib/libc/file_io.c
fast-y += $(wildcard lib/libc/$(ARCH)/*.c)
