// SPDX-License-Identifier: BSD-2-Clause
/*
 * stdlib.h - newlib's, with what it lacks.
 */
#pragma once
#include_next <stdlib.h>

__BEGIN_DECLS

#if __MISC_VISIBLE || __GNU_VISIBLE
int getloadavg(double __out[], int __n); /* -1: nobody takes samples */
int ptsname_r(int __fd, char *__name, size_t __size);
#endif
#if __XSI_VISIBLE || __POSIX_VISIBLE >= 200112
/* There are no pairs of terminals: ENOSYS, or EINVAL for a descriptor that is no master. */
int posix_openpt(int __flags);
int grantpt(int __fd);
int unlockpt(int __fd);
char *ptsname(int __fd);
#endif

__END_DECLS
