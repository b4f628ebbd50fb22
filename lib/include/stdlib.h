// SPDX-License-Identifier: BSD-2-Clause
/*
 * stdlib.h - newlib's, with what it lacks.
 */
#pragma once
#include_next <stdlib.h>

__BEGIN_DECLS

#if __MISC_VISIBLE || __GNU_VISIBLE
int getloadavg(double __out[], int __n);
#endif
__END_DECLS
