// SPDX-License-Identifier: BSD-2-Clause
/*
 * fd.c - the table of descriptors: an array of files, and bitmaps that find the lowest free one
 * with a handful of loads however many are open.
 */
#include "lib/libc/fd.h"
#include <errno.h>
#include <string.h>
#include "kernel/heap.h"

#define WORD_BITS 64
#define FD_FIRST  WORD_BITS /* descriptors before the table is first grown */
#define FD_GROWTH 4

/* One allocation holds file[size], used[] and exec[], in this order. */
struct fd_table {
	struct spinlock lock; /* guards all of it */
	unsigned size;        /* FD_FIRST times a power of FD_GROWTH */
	struct file **file;
	uint64_t *used;                                /* a bit per descriptor */
	uint64_t *exec;                                /* close-on-exec, a bit per descriptor */
	uint64_t full[FD_MAX / WORD_BITS / WORD_BITS]; /* a bit per word of used[] without a 0 */
};

static struct file *first_file[FD_FIRST];
static uint64_t first_bits[2];
static struct fd_table table = {
	.size = FD_FIRST,
	.file = first_file,
	.used = &first_bits[0],
	.exec = &first_bits[1],
};

static unsigned limit = FD_MAX;

unsigned fd_limit(void)
{
	return READ_ONCE(limit);
}

void fd_set_limit(unsigned new)
{
	WRITE_ONCE(limit, new);
}

UNIK_FLATTEN struct file *fd_get(int fd)
{
	struct file *f = NULL;
	irq_state_t irq = spin_lock_irqsave(&table.lock);

	if (likely((unsigned)fd < table.size)) {
		f = table.file[fd];
		if (likely(f != NULL))
			file_get(f);
	}
	spin_unlock_irqrestore(&table.lock, irq);
	return f;
}

static void write_bit(uint64_t *map, unsigned i, bool on)
{
	uint64_t bit = 1ULL << (i % WORD_BITS);

	map[i / WORD_BITS] = on ? map[i / WORD_BITS] | bit : map[i / WORD_BITS] & ~bit;
}

/* Put f (NULL: nothing) into slot fd; returns what was there. Under the lock. */
static struct file *swap_slot(unsigned fd, struct file *f, bool close_on_exec)
{
	struct file *old = table.file[fd];

	table.file[fd] = f;
	write_bit(table.used, fd, f != NULL);
	write_bit(table.exec, fd, close_on_exec);
	write_bit(table.full, fd / WORD_BITS, table.used[fd / WORD_BITS] == UINT64_MAX);
	return old;
}

/* The lowest free descriptor >= min; table.size or more when all are taken. Under the lock. */
static unsigned lowest_free(unsigned min)
{
	unsigned word = min / WORD_BITS, nwords = table.size / WORD_BITS;
	uint64_t free = word < nwords ? ~table.used[word] & (UINT64_MAX << (min % WORD_BITS)) : 0;

	while (free == 0) {
		if (++word >= nwords)
			return MAX(min, table.size);
		uint64_t open = ~table.full[word / WORD_BITS] >> (word % WORD_BITS);

		if (open == 0) {
			word |= WORD_BITS - 1;
			continue;
		}
		word += (unsigned)__builtin_ctzll(open);
		if (word < nwords)
			free = ~table.used[word];
	}
	return word * WORD_BITS + (unsigned)__builtin_ctzll(free);
}

bool fd_has_room(void)
{
	irq_state_t irq = spin_lock_irqsave(&table.lock);
	bool yes = lowest_free(0) < READ_ONCE(limit);

	spin_unlock_irqrestore(&table.lock, irq);
	return yes;
}

/* Copy the table into `block`, which has room for `size` descriptors, and use that. Under the
 * lock. Returns the block that is not used any more. */
static void *move_table(char *block, unsigned size)
{
	struct file **old = table.file;
	size_t map_bytes = table.size / 8;

	memcpy(block, table.file, table.size * sizeof(*old));
	table.file = (struct file **)block;
	block += size * sizeof(*old);
	memcpy(block, table.used, map_bytes);
	table.used = (uint64_t *)block;
	block += size / 8;
	memcpy(block, table.exec, map_bytes);
	table.exec = (uint64_t *)block;
	table.size = size;
	return old;
}

/* Make the table larger than `size`, which it had. The allocation is made without the lock, so
 * another thread may have done it meanwhile. */
static int grow(unsigned size)
{
	unsigned larger = size * FD_GROWTH;
	void *unused;

	if (larger > FD_MAX)
		return -EMFILE;
	unused = kzalloc(larger * sizeof(struct file *) + 2 * (larger / 8));
	if (unused == NULL)
		return -ENOMEM;
	irq_state_t irq = spin_lock_irqsave(&table.lock);

	if (table.size == size)
		unused = move_table(unused, larger);
	spin_unlock_irqrestore(&table.lock, irq);
	if (unused != first_file)
		kfree(unused);
	return 0;
}

int fd_alloc_from(struct file *f, int min, bool close_on_exec)
{
	for (;;) {
		irq_state_t irq = spin_lock_irqsave(&table.lock);
		unsigned size = table.size, fd = lowest_free((unsigned)min);
		bool allowed = fd < READ_ONCE(limit);

		if (fd < size && allowed)
			swap_slot(fd, f, close_on_exec);
		spin_unlock_irqrestore(&table.lock, irq);
		if (!allowed)
			return -EMFILE;
		if (fd < size)
			return (int)fd;
		int err = grow(size);

		if (err)
			return err;
	}
}

int fd_alloc(struct file *f, bool close_on_exec)
{
	return fd_alloc_from(f, 0, close_on_exec);
}

int fd_replace(int fd, struct file *f, bool close_on_exec)
{
	struct file *old = NULL;

	if ((unsigned)fd >= READ_ONCE(limit))
		return -EBADF;
	for (;;) {
		irq_state_t irq = spin_lock_irqsave(&table.lock);
		unsigned size = table.size;

		if ((unsigned)fd < size)
			old = swap_slot((unsigned)fd, f, close_on_exec);
		spin_unlock_irqrestore(&table.lock, irq);
		if ((unsigned)fd < size)
			break;
		int err = grow(size);

		if (err)
			return err;
	}
	if (old)
		file_put(old);
	return fd;
}

/* The descriptor's reference goes. Calls that sleep on f hold the others: they wake up to find
 * that out. Preemption is off so that none of them ends in between. */
static void drop(struct file *f)
{
	preempt_disable();
	if (__atomic_sub_fetch(&f->refs, 1, __ATOMIC_ACQ_REL) == 0) {
		preempt_enable();
		file_dispose(f);
		return;
	}
	wait_queue_wake_all(&f->wait);
	preempt_enable();
}

int fd_close(int fd)
{
	struct file *f = NULL;
	irq_state_t irq = spin_lock_irqsave(&table.lock);

	if ((unsigned)fd < table.size && table.file[fd])
		f = swap_slot((unsigned)fd, NULL, false);
	spin_unlock_irqrestore(&table.lock, irq);
	if (!f)
		return -EBADF;
	drop(f);
	return 0;
}

int fd_close_on_exec(int fd)
{
	int flag = -EBADF;
	irq_state_t irq = spin_lock_irqsave(&table.lock);

	if ((unsigned)fd < table.size && table.file[fd])
		flag = table.exec[fd / WORD_BITS] >> (fd % WORD_BITS) & 1;
	spin_unlock_irqrestore(&table.lock, irq);
	return flag;
}

int fd_set_close_on_exec(int fd, bool on)
{
	int err = -EBADF;
	irq_state_t irq = spin_lock_irqsave(&table.lock);

	if ((unsigned)fd < table.size && table.file[fd]) {
		write_bit(table.exec, (unsigned)fd, on);
		err = 0;
	}
	spin_unlock_irqrestore(&table.lock, irq);
	return err;
}

unsigned fd_end(void)
{
	return READ_ONCE(table.size);
}

void fd_set_standard(struct file *f)
{
	for (unsigned fd = 0; fd < 3; fd++)
		swap_slot(fd, f, false);
}
