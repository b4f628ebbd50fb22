// SPDX-License-Identifier: BSD-2-Clause
/*
 * execinfo.h - who called whom (as in glibc).
 *
 * The image has no unwind tables: an address is every word on the stack that can be a return
 * address, so there are some too many. Names are offsets into the image; `tools/unik symbolize`
 * turns them into functions and lines.
 */
#pragma once
#include <sys/cdefs.h>

__BEGIN_DECLS

int backtrace(void **__out, int __max);
char **backtrace_symbols(void *const *__addrs, int __count);
void backtrace_symbols_fd(void *const *__addrs, int __count, int __fd);

__END_DECLS
