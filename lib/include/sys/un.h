// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/un.h - addresses of the local family (POSIX.1-2017, <sys/un.h>).
 */
#pragma once
#include <sys/socket.h>

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};
