// SPDX-License-Identifier: BSD-2-Clause
/*
 * grp.h - newlib's, with what it lacks. Groups are those of /etc/group in the image's files, and
 * root and nogroup where there is none.
 */
#pragma once
#include_next <grp.h>

__BEGIN_DECLS

int getgrouplist(const char *__user, gid_t __group, gid_t *__out, int *__count);
int setgroups(int __count, const gid_t *__list);

__END_DECLS
