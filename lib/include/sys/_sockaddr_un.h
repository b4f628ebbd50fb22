// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/_sockaddr_un.h - struct sockaddr_un, for <sys/un.h> and for the library itself, which must
 * not have what else is there.
 */
#pragma once
#include <sys/types.h>

struct sockaddr_un {
	__sa_family_t sun_family;
	char sun_path[108]; /* a first byte 0: an abstract name, which is in no file system */
};
