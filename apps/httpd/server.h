// SPDX-License-Identifier: BSD-2-Clause
/*
 * The listening socket and the event loop.
 *
 * Model: when as many connections are open as are allowed, or descriptors or memory run out,
 * new ones wait in the backlog until one has ended.
 * Threads: one.
 * Errors: 0 or -1 with errno.
 */
#pragma once

/* server_listen() - open the port that `config` names. */
int server_listen(void);

/* server_run() - serve. Returns -1 only if waiting itself fails. */
int server_run(void);

/* server_connection_ended() - tell that there is room for another one. */
void server_connection_ended(void);
