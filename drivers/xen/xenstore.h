// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenstore.h - the client of XenStore, the tree of names and texts in which domains find each
 * other. Ref: Xen's docs/misc/xenstore.txt, xenstore-ring.txt; public/io/xs_wire.h.
 *
 * A path without '/' in front is below this domain's own, /local/domain/N. One request is under
 * way at a time; whoever makes it reads the answer itself. The store is not trusted: answers that
 * do not fit, come late or not at all are errors here and never more; after one the connection is
 * set up anew, with its watches.
 *
 * Threading: threads only; sleeps, XENSTORE_TIMEOUT_NS at the most for a request. Errors: what the
 * store says (-ENOENT, -EACCES, -EAGAIN, …); -ETIMEDOUT no answer; -EIO an answer that cannot be;
 * -ENODEV no Xen or no store; -E2BIG request longer than XENSTORE_PAYLOAD; -ERANGE the answer has
 * no room in the caller's buffer.
 */
#pragma once
#include "kernel/time.h"
#include "lib/base/compiler.h"
#include "lib/base/list.h"

#define XENSTORE_PAYLOAD    4096u /* bytes of one message, public/io/xs_wire.h */
#define XENSTORE_PATH_BYTES 128   /* of paths that we make; longer ones are -E2BIG */
#define XENSTORE_TIMEOUT_NS                                                  \
	(10 * NS_PER_S) /* a dom0 may be busy, a store that starts anew, too \
			 */

typedef uint32_t xenstore_tx_t;
#define XENSTORE_NO_TX 0

/*
 * xenstore_read() - the text of a node.
 *
 * tx     a transaction, or XENSTORE_NO_TX
 * path   two parts, joined by '/': a directory and a name below it; `name` NULL: dir alone
 * out    size bytes; the text and a NUL, written only on success. Bytes of the text may be any
 *
 * Returns its length without the NUL, or -errno.
 */
int xenstore_read(xenstore_tx_t tx, const char *dir, const char *name, char *out,
		  size_t size) UNIK_MUST_CHECK;

/*
 * xenstore_read_uint() - a node that is a decimal number, nothing else, and at most `max`.
 * 0 and *out; -EINVAL it is not such a number; -errno.
 */
int xenstore_read_uint(xenstore_tx_t tx, const char *dir, const char *name, uint64_t max,
		       uint64_t *out) UNIK_MUST_CHECK;

/*
 * xenstore_write()  - set a node's text, formatted as lib/base/fmt.h has it, at most 127 bytes.
 * xenstore_remove() - a node and all below it.
 */
int xenstore_write(xenstore_tx_t tx, const char *dir, const char *name, const char *format, ...)
	UNIK_PRINTF(4, 5) UNIK_MUST_CHECK;
int xenstore_remove(xenstore_tx_t tx, const char *dir, const char *name) UNIK_MUST_CHECK;

/*
 * xenstore_list() - the names below a node.
 *
 * out   size bytes; the names, each with a NUL behind it
 *
 * Returns how many bytes, or -errno.
 */
int xenstore_list(xenstore_tx_t tx, const char *dir, const char *name, char *out,
		  size_t size) UNIK_MUST_CHECK;

/*
 * xenstore_begin()  - what is done with *tx from now on is seen by others all at once, or not.
 * xenstore_commit() - do it. -EAGAIN: somebody else changed what was read: begin anew.
 * xenstore_abort()  - forget it. Whatever fails in between: abort.
 */
int xenstore_begin(xenstore_tx_t *tx) UNIK_MUST_CHECK;
int xenstore_commit(xenstore_tx_t tx) UNIK_MUST_CHECK;
void xenstore_abort(xenstore_tx_t tx);

/*
 * A watch is called once when it is set, and then for each change of the node or below it, in a
 * thread of the store's own, one call at a time, where it may sleep and use the store. It does not
 * say what changed: look. Several changes may become one call, and calls without any are allowed.
 */
struct xenstore_watch {
	struct list node;
	void (*changed)(struct xenstore_watch *w);
	char path[XENSTORE_PATH_BYTES]; /* set by xenstore_watch() */
	char token[12];                 /* likewise */
	bool pending;                   /* changed since changed() was last called */
};

/*
 * xenstore_watch()   - call w->changed() from now on; w stays until xenstore_unwatch().
 * xenstore_unwatch() - no calls after it returns. Not from a watch's own call.
 */
int xenstore_watch(struct xenstore_watch *w, const char *dir, const char *name) UNIK_MUST_CHECK;
void xenstore_unwatch(struct xenstore_watch *w);
