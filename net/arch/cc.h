// SPDX-License-Identifier: BSD-2-Clause
/*
 * cc.h - what lwIP wants to know about compiler and machine. Included by every lwIP file.
 */
#pragma once
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifndef BYTE_ORDER
#define BYTE_ORDER LITTLE_ENDIAN
#endif

/* Byte order by one instruction; the names htons() etc. belong to the C library. */
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)

#define LWIP_NO_INTTYPES_H    1
#define LWIP_NO_UNISTD_H      1
#define LWIP_NO_CTYPE_H       1
#define LWIP_ERRNO_STDINCLUDE 1
#ifndef SSIZE_MAX
#define SSIZE_MAX LONG_MAX /* or lwIP makes ssize_t an int */
#endif
#define X8_F  "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "zu"

#include "net/checksum.h"
uint32_t random_u32(void);
#define LWIP_RAND() random_u32()

void net_lwip_assert(const char *what);
#define LWIP_PLATFORM_ASSERT(message) net_lwip_assert(message)
#define LWIP_PLATFORM_DIAG(message)
