// SPDX-License-Identifier: BSD-2-Clause
/*
 * unik/_blk.h - what <unik/blk.h> has: block devices: whole sectors, several requests in
 * flight.
 *
 * A request is handed over by unik_blk_submit() and waited for by unik_blk_wait(); the device
 * completes requests in any order, and two that are in flight at once and overlap leave either's
 * data. What is written is safe from a power cut when a flush that was submitted after the write
 * was waited for is complete, with success.
 *
 * The devices are those that <linux/fs.h> has in /dev; a program that uses files has them there
 * too. They are looked for at the first call.
 *
 * Threading: any thread; a request is one thread's at a time. Errors: errno; EIO the device says
 * no, ENODEV it is out of service.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

struct unik_blk; /* a device; there for good */

struct unik_blk_info {
	char name[8];          /* "vda", "xvda" */
	uint64_t nsectors;     /* capacity [sectors] */
	uint32_t sector_bytes; /* a power of two, 512..4096 */
	uint32_t max_sectors;  /* of one request to read or write */
	uint32_t max_discard;  /* of one request to discard; 0: cannot [sectors] */
	bool read_only;
	bool has_cache; /* writes need a flush to be safe */
};

enum unik_blk_op { UNIK_BLK_READ, UNIK_BLK_WRITE, UNIK_BLK_FLUSH, UNIK_BLK_DISCARD };

struct unik_blk_request {
	enum unik_blk_op op;
	uint64_t lba;   /* first sector; of a flush 0 [sectors] */
	uint32_t nsect; /* how many; of a flush 0 [sectors] */
	void *data;     /* nsect sectors, from malloc() or its like; to read or write */
	uint64_t __private[40];
};

/*
 * unik_blk_find() - the device of this name, "vda"; also "/dev/vda".
 * unik_blk_at()   - the i-th device, from 0.
 *
 * Return NULL with ENODEV when there is none.
 */
struct unik_blk *unik_blk_find(const char *name);
struct unik_blk *unik_blk_at(unsigned i);

void unik_blk_get_info(const struct unik_blk *b, struct unik_blk_info *out);

/*
 * unik_blk_submit() - hand a request over; sleeps while the device has no room for it.
 *
 * r   stays where it is, with its data, until unik_blk_wait() has returned
 *
 * Returns 0; -1: nothing was handed over. Errors: EINVAL range, or more than max_sectors; EFAULT
 * data on a stack, in a mapping or in a variable; EROFS; EOPNOTSUPP cannot discard.
 */
int unik_blk_submit(struct unik_blk *b, struct unik_blk_request *r);

/* unik_blk_done() - is r complete? Does not sleep. Then unik_blk_wait() returns at once. */
bool unik_blk_done(struct unik_blk *b, struct unik_blk_request *r);

/* unik_blk_wait() - sleep until r is complete. 0, or -1 and its error. */
int unik_blk_wait(struct unik_blk *b, struct unik_blk_request *r);

/*
 * The same and the wait in one, of any length, several requests at a time where there are more.
 * After an error any part may have been done. unik_blk_flush() is 0 where there is no cache.
 */
int unik_blk_read(struct unik_blk *b, uint64_t lba, void *data, uint32_t nsect);
int unik_blk_write(struct unik_blk *b, uint64_t lba, const void *data, uint32_t nsect);
int unik_blk_flush(struct unik_blk *b);
int unik_blk_discard(struct unik_blk *b, uint64_t lba, uint64_t nsect);

__END_DECLS
