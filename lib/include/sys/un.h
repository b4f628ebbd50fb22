// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/un.h - addresses of the local family (POSIX.1-2017, <sys/un.h>).
 *
 * socket() has this family in the images of programs that include this header, and not in others:
 * it finds the family by the word below, which the linker keeps only together with socket().
 */
#pragma once
#include <sys/_sockaddr_un.h>
#include <sys/socket.h>

#define SUN_LEN(un) \
	(__builtin_offsetof(struct sockaddr_un, sun_path) + __builtin_strlen((un)->sun_path))

__BEGIN_DECLS

struct __unik_socket_family;
extern const struct __unik_socket_family __unik_unix_sockets;
extern const struct __unik_socket_family *const __unik_family_unix __attribute__((__weak__));
const struct __unik_socket_family *const __unik_family_unix = &__unik_unix_sockets;

__END_DECLS
