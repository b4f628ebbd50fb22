// SPDX-License-Identifier: BSD-2-Clause
/*
 * udp_socket.h - what others need of UDP sockets. Under net_lock.
 */
#pragma once
#include "net/socket.h"
#include <lwip/udp.h>

/* udp_socket_of() - the socket behind a pcb, or NULL. */
struct socket *udp_socket_of(const struct udp_pcb *pcb);
