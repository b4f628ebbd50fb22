// SPDX-License-Identifier: BSD-2-Clause
/*
 * string_tune.h - between string.c and what tunes it. Written once before main(), read by anybody.
 */
#pragma once
#include <stdbool.h>

/* Move and fill long blocks by bytes; false, the value at boot, is by words. Both are right. */
extern bool string_by_bytes;
