// SPDX-License-Identifier: BSD-2-Clause
/*
 * One connection: bytes in, bytes out, and when to give up.
 *
 * Model: a state machine on a non-blocking socket. Everything is received into one buffer and
 * sent from another that all connections share; a connection has memory of its own only for
 * what is left over: a request that is not complete, or a head that was not taken whole.
 * Threads: the event loop's only.
 * Errors: end the connection; nothing comes back from here.
 */
#pragma once

#include <stdbool.h>

/*
 * conn_open() - serve an accepted connection.
 *
 * fd	non-blocking; closed by the connection when it ends
 *
 * Returns false when there is no memory; fd is then still the caller's.
 */
bool conn_open(int fd);
