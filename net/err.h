// SPDX-License-Identifier: BSD-2-Clause
/*
 * err.h - lwIP's errors become ours here, and nowhere else. No state, any context.
 */
#pragma once
#include <lwip/err.h>

/* net_errno() - 0 or -errno for an err_t. */
int net_errno(err_t err);
