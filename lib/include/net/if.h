// SPDX-License-Identifier: BSD-2-Clause
/*
 * net/if.h - network interfaces by name and number (POSIX.1-2017, <net/if.h>).
 *
 * The SIOCGIF requests of ioctl() are in the images of programs that include this header: sockets
 * find them by the word below.
 */
#pragma once
#include <net/_if.h>

__BEGIN_DECLS

extern int (*const __unik_interface_requests)(unsigned long __request, void *__arg)
	__attribute__((__weak__));
int (*const __unik_interface_requests)(unsigned long, void *) = __unik_interface_control;

__END_DECLS
