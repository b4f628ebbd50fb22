// SPDX-License-Identifier: BSD-2-Clause
/*
 * unistd.h - newlib's, with the calls that it declares for some systems only.
 */
#pragma once
#include_next <unistd.h>

__BEGIN_DECLS

int syncfs(int __fd);

__END_DECLS
