// SPDX-License-Identifier: BSD-2-Clause
/*
 * netinet/in_systm.h - the types of the old network headers, network byte order.
 */
#pragma once
#include <stdint.h>
#include <sys/types.h>

typedef uint16_t n_short;
typedef uint32_t n_long;
typedef uint32_t n_time; /* [ms] since midnight */
