// SPDX-License-Identifier: BSD-2-Clause
/*
 * byteswap.h - reverse the bytes of an integer (as in Linux).
 */
#pragma once

#define bswap_16(x) __builtin_bswap16(x)
#define bswap_32(x) __builtin_bswap32(x)
#define bswap_64(x) __builtin_bswap64(x)
