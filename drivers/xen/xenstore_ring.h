// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenstore_ring.h - the two byte rings to the store; messages are drivers/xen/xenstore.h's matter.
 * Ref: public/io/xs_wire.h, docs/misc/xenstore-ring.txt.
 *
 * The page is shared with the store: our own indices are kept here, the other side's are believed
 * when they fit. Threading: one user at a time; any context. Errors: -ENODEV no store, -ENOMEM.
 */
#pragma once
#include "drivers/xen/hypercall.h"

enum xenstore_type {
	XS_DIRECTORY = 1,
	XS_READ = 2,
	XS_WATCH = 4,
	XS_UNWATCH = 5,
	XS_TRANSACTION_START = 6,
	XS_TRANSACTION_END = 7,
	XS_WRITE = 11,
	XS_RM = 13,
	XS_WATCH_EVENT = 15,
	XS_ERROR = 16,
};

struct xenstore_header {
	uint32_t type, request, tx;
	uint32_t len; /* of what follows */
};

/* xenstore_ring_open() - find and map the rings, once; later calls do nothing. */
int xenstore_ring_open(void);

/* xenstore_ring_port() - of its event; a notification there says "look". */
uint32_t xenstore_ring_port(void);

/*
 * xenstore_ring_write() - as much of the bytes as there is room for; 0 as well when the other
 *                         side's index cannot be. Does not notify.
 * xenstore_ring_read()  - as many bytes as there are, up to len.
 */
size_t xenstore_ring_write(const void *bytes, size_t len);
size_t xenstore_ring_read(void *bytes, size_t len);

/* xenstore_ring_waiting() - how many bytes could be read; _room() - and written; _sane() - are both
 * of the other side's indices possible? */
uint32_t xenstore_ring_waiting(void);
uint32_t xenstore_ring_room(void);
bool xenstore_ring_sane(void);

/* xenstore_ring_is_taken() - has the store read all that was written? */
bool xenstore_ring_is_taken(void);

/*
 * xenstore_ring_restart()      - begin to make both rings empty: by the protocol's reconnection
 *                                where the store offers it, else by skipping what is there.
 * xenstore_ring_is_restarted() - done?
 */
void xenstore_ring_restart(void);
bool xenstore_ring_is_restarted(void);

/* xenstore_ring_in_message - part of a message is in the ring; who comes by chance (xen_exit())
 * must not write another into it. */
extern bool xenstore_ring_in_message;
