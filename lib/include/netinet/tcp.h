// SPDX-License-Identifier: BSD-2-Clause
/*
 * netinet/tcp.h - options of level IPPROTO_TCP (POSIX.1-2017, <netinet/tcp.h>).
 */
#pragma once

#define TCP_NODELAY   1
#define TCP_MAXSEG    2
#define TCP_CORK      3
#define TCP_KEEPIDLE  4
#define TCP_KEEPINTVL 5
#define TCP_KEEPCNT   6

#define SOL_TCP 6
