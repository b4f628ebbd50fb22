// SPDX-License-Identifier: BSD-2-Clause
/*
 * stdio.h - newlib's, with getline(), getdelim() and renameat2().
 */
#pragma once
#include_next <stdio.h>

#define RENAME_NOREPLACE (1 << 0)
#define RENAME_EXCHANGE  (1 << 1) /* not supported: EINVAL */

__BEGIN_DECLS

ssize_t getdelim(char **__line, size_t *__bytes, int __end, FILE *__from);
ssize_t getline(char **__line, size_t *__bytes, FILE *__from);
int renameat2(int __from_fd, const char *__from, int __to_fd, const char *__to, unsigned __flags);

__END_DECLS
