// SPDX-License-Identifier: BSD-2-Clause
/*
 * disk - a program for the system tests: works on a disk as they ask and says how it went.
 *
 *   disk list                   each device: name, sectors, bytes of one, flags
 *   disk fill PATH SEED         write a pattern to every sector, in pieces of many lengths; fsync()
 *   disk check PATH SEED        is that pattern there? Read in pieces of other lengths
 *   disk native NAME SEED       fill and check by <unik/blk.h>, sixteen requests in flight
 *   disk edges PATH             what POSIX says at the end of a disk, and of lseek() and ioctl()
 *   disk ragged PATH            four threads write bytes of the same sectors
 *   disk readonly PATH          writing is refused
 *   disk errors PATH LBA        that sector is bad, its neighbours are not; fsync() goes on
 *   disk sync PATH N            N writes, each with fsync(); then one with O_SYNC
 *   disk discard PATH           throw away its second half
 *   disk churn PATH SECONDS     write, flush, read and compare everything, again and again
 *   disk full PATH LBA          writing there fails, reading and what lies before does not
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unik/blk.h>
#include <unistd.h>

#define SECTOR 512u

static int failures;

#define EXPECT(cond)                                                                        \
	do {                                                                                \
		if (!(cond)) {                                                              \
			printf("failed: line %d: %s (errno %d)\n", __LINE__, #cond, errno); \
			failures++;                                                         \
		}                                                                           \
	} while (0)
/* The call fails, and so. */
#define EXPECT_ERRNO(call, error)                         \
	do {                                              \
		errno = 0;                                \
		EXPECT((call) == -1 && errno == (error)); \
	} while (0)

/* Every word of a disk differs from all others, and from those of another seed. */
static uint64_t word_at(uint64_t seed, uint64_t index)
{
	uint64_t x = index * 0x9e3779b97f4a7c15u + seed * 0xbf58476d1ce4e5b9u + 1;

	x ^= x >> 29;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 32;
}

static void make(uint64_t seed, uint64_t at, void *out, size_t len)
{
	unsigned char *p = out;

	while (len--) {
		*p++ = (unsigned char)(word_at(seed, at / 8) >> at % 8 * 8);
		at++;
	}
}

static int differs(uint64_t seed, uint64_t at, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (; len; at++, p++, len--)
		if (*p != (unsigned char)(word_at(seed, at / 8) >> at % 8 * 8)) {
			printf("byte %llu differs\n", (unsigned long long)at);
			return 1;
		}
	return 0;
}

static uint64_t size_of(int fd)
{
	uint64_t size = 0;

	EXPECT(ioctl(fd, BLKGETSIZE64, &size) == 0);
	return size;
}

static int open_disk(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0) {
		printf("open %s: %s\n", path, strerror(errno));
		exit(1);
	}
	return fd;
}

/* Lengths of all kinds: odd ones, whole sectors, long ones. */
static size_t piece_len(unsigned n, int kind)
{
	static const size_t len[2][8] = {
		{ 512, 7, 4096, 1013, 70000, 65536, 300 * 1024, 1 },
		{ 999, 512, 131072, 12288, 3, 1 << 20, 513, 64 },
	};

	return len[kind][n % 8];
}

static int do_fill(const char *path, uint64_t seed)
{
	int fd = open_disk(path, O_RDWR);
	uint64_t size = size_of(fd), at = 0;
	char *data = malloc(1 << 20);

	for (unsigned n = 0; at < size; n++) {
		size_t len = piece_len(n, 0);

		len = len < size - at ? len : (size_t)(size - at);
		make(seed, at, data, len);
		if (write(fd, data, len) != (ssize_t)len) {
			printf("write at %llu: %s\n", (unsigned long long)at, strerror(errno));
			return 1;
		}
		at += len;
	}
	EXPECT(fsync(fd) == 0);
	printf("filled %llu\n", (unsigned long long)size);
	return failures;
}

static int do_check(const char *path, uint64_t seed)
{
	int fd = open_disk(path, O_RDONLY);
	uint64_t size = size_of(fd), at = 0;
	char *data = malloc((1 << 20) + 8);

	for (unsigned n = 0; at < size; n++) {
		size_t len = piece_len(n, 1);
		ssize_t got = pread(fd, data + n % 8, len, (off_t)at);

		len = len < size - at ? len : (size_t)(size - at);
		if (got != (ssize_t)len || differs(seed, at, data + n % 8, len)) {
			printf("read at %llu: %zd of %zu\n", (unsigned long long)at, got, len);
			return 1;
		}
		at += len;
	}
	EXPECT(pread(fd, data, 10, (off_t)size) == 0);
	printf("checked %llu\n", (unsigned long long)size);
	return failures;
}

static int do_list(void)
{
	struct unik_blk *b;

	for (unsigned i = 0; (b = unik_blk_at(i)) != NULL; i++) {
		struct unik_blk_info info;

		unik_blk_get_info(b, &info);
		printf("%s: %llu sectors of %u%s%s\n", info.name, (unsigned long long)info.nsectors,
		       info.sector_bytes, info.read_only ? ", read only" : "",
		       info.has_cache ? ", cache" : "");
		EXPECT(unik_blk_find(info.name) == b);
	}
	EXPECT(errno == ENODEV && !unik_blk_find("vdzz"));
	return failures;
}

/* --- <unik/blk.h> ---------------------------------------------------------------------------- */

#define IN_FLIGHT 16
#define RUN_SECT  24

static int run_native(struct unik_blk *b, uint64_t nsect, uint64_t seed, enum unik_blk_op op)
{
	static struct unik_blk_request request[IN_FLIGHT];
	static char *data[IN_FLIGHT];
	uint64_t lba = 0, n = 0;

	for (unsigned i = 0; i < IN_FLIGHT; i++)
		data[i] = data[i] ? data[i] : malloc(RUN_SECT * SECTOR);
	for (; lba < nsect || n % IN_FLIGHT; n++) {
		struct unik_blk_request *r = &request[n % IN_FLIGHT];

		if (n >= IN_FLIGHT && r->nsect) {
			EXPECT(unik_blk_wait(b, r) == 0);
			EXPECT(unik_blk_done(b, r));
			if (op == UNIK_BLK_READ)
				EXPECT(!differs(seed, r->lba * SECTOR, r->data, r->nsect * SECTOR));
		}
		r->op = op;
		r->lba = lba;
		r->nsect = nsect - lba < RUN_SECT ? (uint32_t)(nsect - lba) : RUN_SECT;
		r->data = data[n % IN_FLIGHT];
		if (!r->nsect)
			continue;
		if (op == UNIK_BLK_WRITE)
			make(seed, lba * SECTOR, r->data, r->nsect * SECTOR);
		EXPECT(unik_blk_submit(b, r) == 0);
		lba += r->nsect;
	}
	for (unsigned i = 0; i < IN_FLIGHT; i++)
		if (request[i].nsect)
			EXPECT(unik_blk_wait(b, &request[i]) == 0);
	return failures;
}

static int do_native(const char *name, uint64_t seed)
{
	struct unik_blk *b = unik_blk_find(name);
	struct unik_blk_info info;
	char on_stack[SECTOR], *data = malloc(4 * SECTOR);

	if (!b)
		return 1;
	unik_blk_get_info(b, &info);
	run_native(b, info.nsectors, seed, UNIK_BLK_WRITE);
	EXPECT(unik_blk_flush(b) == 0);
	run_native(b, info.nsectors, seed, UNIK_BLK_READ);
	EXPECT_ERRNO(unik_blk_read(b, 0, on_stack, 1), EFAULT);
	EXPECT_ERRNO(unik_blk_read(b, info.nsectors, data, 1), EINVAL);
	EXPECT_ERRNO(unik_blk_read(b, info.nsectors - 1, data, 2), EINVAL);
	EXPECT(unik_blk_read(b, info.nsectors - 1, data, 1) == 0);
	EXPECT(!differs(seed, (info.nsectors - 1) * SECTOR, data, SECTOR));
	puts("native done");
	return failures;
}

/* --- what the calls say ------------------------------------------------------------------------
 */

static int do_edges(const char *path)
{
	int fd = open_disk(path, O_RDWR), n = 0;
	uint64_t size = size_of(fd);
	char *data = calloc(1, 8192);
	unsigned long units = 0;
	struct stat st;

	EXPECT(fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) && st.st_rdev != 0);
	EXPECT(stat(path, &st) == 0 && S_ISBLK(st.st_mode));
	EXPECT(lseek(fd, 0, SEEK_END) == (off_t)size);
	EXPECT_ERRNO(write(fd, data, 1), ENOSPC);
	EXPECT(write(fd, data, 0) == 0);
	EXPECT(read(fd, data, 1) == 0);
	EXPECT(pwrite(fd, data, 1000, (off_t)size - 10) == 10);
	EXPECT(pread(fd, data, 1000, (off_t)size - 10) == 10);
	EXPECT_ERRNO(lseek(fd, 1, SEEK_END), EINVAL);
	EXPECT_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
	EXPECT(lseek(fd, 5, SEEK_SET) == 5 && lseek(fd, 3, SEEK_CUR) == 8);
	EXPECT(ioctl(fd, BLKSSZGET, &n) == 0 && n == (int)SECTOR);
	EXPECT(ioctl(fd, BLKGETSIZE, &units) == 0 && units == size / 512);
	EXPECT(ioctl(fd, BLKROGET, &n) == 0 && n == 0);
	EXPECT(ioctl(fd, BLKFLSBUF) == 0);
	EXPECT_ERRNO(ioctl(fd, 0x12ff, &n), ENOTTY);
	EXPECT_ERRNO(ftruncate(fd, 0), EINVAL);
	EXPECT(access(path, R_OK | W_OK) == 0);
	EXPECT_ERRNO(open("/dev/vdz", O_RDONLY), ENOENT);
	EXPECT(fdatasync(fd) == 0);
	sync();
	close(fd);
	puts("edges done");
	return failures;
}

#define WRITERS     4
#define ROUNDS      40
#define RAGGED_SECT 16u

static const char *ragged_path;

/* Writer k has every WRITERS-th run of 100 bytes, and now and then reads them again. */
static void *ragged_writer(void *arg)
{
	unsigned k = (unsigned)(uintptr_t)arg;
	int fd = open_disk(ragged_path, O_RDWR);
	char mine[100], back[100];

	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned at = k * 100; at + 100 <= RAGGED_SECT * SECTOR; at += WRITERS * 100) {
			make(k + 1, round * 8192 + at, mine, sizeof(mine));
			EXPECT(pwrite(fd, mine, sizeof(mine), at) == sizeof(mine));
			if (at % 700 == 0)
				EXPECT(pread(fd, back, sizeof(back), at) == sizeof(back) &&
				       !memcmp(mine, back, sizeof(mine)));
		}
	close(fd);
	return NULL;
}

static int do_ragged(const char *path)
{
	pthread_t thread[WRITERS];
	int fd = open_disk(path, O_RDONLY);
	char data[100];

	ragged_path = path;
	for (uintptr_t k = 0; k < WRITERS; k++)
		EXPECT(pthread_create(&thread[k], NULL, ragged_writer, (void *)k) == 0);
	for (unsigned k = 0; k < WRITERS; k++)
		pthread_join(thread[k], NULL);
	for (unsigned at = 0; at + 100 <= RAGGED_SECT * SECTOR; at += 100) {
		unsigned k = at / 100 % WRITERS;

		EXPECT(pread(fd, data, sizeof(data), at) == sizeof(data));
		EXPECT(!differs(k + 1, (ROUNDS - 1) * 8192 + at, data, sizeof(data)));
	}
	puts("ragged done");
	return failures;
}

static int do_readonly(const char *path)
{
	int fd, n = 0;
	char data[SECTOR];
	struct unik_blk *b = unik_blk_find(path);
	void *sector = malloc(SECTOR);

	EXPECT_ERRNO(open(path, O_RDWR), EACCES);
	EXPECT_ERRNO(open(path, O_WRONLY), EACCES);
	EXPECT_ERRNO(access(path, W_OK), EROFS);
	fd = open_disk(path, O_RDONLY);
	EXPECT(ioctl(fd, BLKROGET, &n) == 0 && n == 1);
	EXPECT(read(fd, data, sizeof(data)) == sizeof(data));
	EXPECT_ERRNO(write(fd, data, sizeof(data)), EBADF);
	EXPECT_ERRNO(unik_blk_write(b, 0, sector, 1), EROFS);
	puts("readonly done");
	return failures;
}

static int do_errors(const char *path, uint64_t bad)
{
	int fd = open_disk(path, O_RDWR);
	char data[SECTOR], more[4 * SECTOR];
	off_t at = (off_t)(bad * SECTOR);

	EXPECT_ERRNO(pread(fd, data, sizeof(data), at), EIO);
	EXPECT_ERRNO(pread(fd, data, 1, at + 100), EIO);
	EXPECT(pread(fd, data, sizeof(data), at - (off_t)SECTOR) == sizeof(data));
	EXPECT(pread(fd, data, sizeof(data), at + (off_t)SECTOR) == sizeof(data));
	EXPECT_ERRNO(pread(fd, more, sizeof(more), at - (off_t)SECTOR), EIO);
	EXPECT_ERRNO(pwrite(fd, "x", 1, at + 7), EIO);
	memset(data, 'w', sizeof(data));
	EXPECT(pwrite(fd, data, sizeof(data), at + 2 * (off_t)SECTOR) == sizeof(data));
	EXPECT(pread(fd, more, SECTOR, at + 2 * (off_t)SECTOR) == (ssize_t)SECTOR);
	EXPECT(memcmp(more, data, SECTOR) == 0);
	EXPECT(fsync(fd) == 0);
	puts("errors done");
	return failures;
}

static int do_sync(const char *path, int n)
{
	int fd = open_disk(path, O_RDWR);
	char data[SECTOR] = { 0 };

	for (int i = 0; i < n; i++) {
		EXPECT(pwrite(fd, data, sizeof(data), i * (off_t)SECTOR) == sizeof(data));
		EXPECT((i % 2 ? fsync(fd) : fdatasync(fd)) == 0);
	}
	close(fd);
	fd = open_disk(path, O_RDWR | O_SYNC);
	EXPECT(write(fd, data, sizeof(data)) == sizeof(data));
	puts("sync done");
	return failures;
}

static int do_discard(const char *path)
{
	int fd = open_disk(path, O_RDWR);
	uint64_t size = size_of(fd), range[2] = { size / 2, size / 2 };

	EXPECT(ioctl(fd, BLKDISCARD, range) == 0);
	range[0]++;
	EXPECT_ERRNO(ioctl(fd, BLKDISCARD, range), EINVAL);
	range[0] = size;
	EXPECT_ERRNO(ioctl(fd, BLKDISCARD, range), EINVAL);
	puts("discard done");
	return failures;
}

/* Two threads, each with half of the disk. What a disk does that goes away and comes back in the
 * middle of it may take its time, and nothing else. */
struct half {
	const char *path;
	uint64_t from, to;
	time_t until;
	unsigned rounds;
};

static void *churn_half(void *arg)
{
	struct half *h = arg;
	int fd = open_disk(h->path, O_RDWR);
	const size_t len = 48 * 1024;
	char *data = malloc(len), *back = malloc(len);

	while (time(NULL) < h->until && !failures) {
		unsigned seed = ++h->rounds;

		for (uint64_t at = h->from; at < h->to; at += len) {
			size_t here = h->to - at < len ? (size_t)(h->to - at) : len;

			make(seed, at, data, here);
			EXPECT(pwrite(fd, data, here, (off_t)at) == (ssize_t)here);
		}
		EXPECT(fsync(fd) == 0);
		for (uint64_t at = h->from; at < h->to; at += len) {
			size_t here = h->to - at < len ? (size_t)(h->to - at) : len;

			EXPECT(pread(fd, back, here, (off_t)at) == (ssize_t)here);
			EXPECT(!differs(seed, at, back, here));
		}
		printf("round %u from %llu\n", seed, (unsigned long long)h->from);
	}
	close(fd);
	return NULL;
}

static int do_churn(const char *path, unsigned seconds)
{
	int fd = open_disk(path, O_RDONLY);
	uint64_t size = size_of(fd), middle = size / 2 / SECTOR * SECTOR;
	struct half half[2] = { { path, 0, middle, time(NULL) + seconds, 0 },
				{ path, middle, size, time(NULL) + seconds, 0 } };
	pthread_t thread[2];

	for (int i = 0; i < 2; i++)
		EXPECT(pthread_create(&thread[i], NULL, churn_half, &half[i]) == 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	printf("churn done, %u and %u rounds\n", half[0].rounds, half[1].rounds);
	return failures;
}

static int do_full(const char *path, uint64_t lba)
{
	int fd = open_disk(path, O_RDWR);
	char data[SECTOR];

	memset(data, 'f', sizeof(data));
	EXPECT(pwrite(fd, data, sizeof(data), 0) == sizeof(data));
	EXPECT_ERRNO(pwrite(fd, data, sizeof(data), (off_t)(lba * SECTOR)), EIO);
	EXPECT_ERRNO(pwrite(fd, "x", 1, (off_t)(lba * SECTOR + 3)), EIO);
	EXPECT(pread(fd, data, sizeof(data), (off_t)(lba * SECTOR)) == sizeof(data));
	EXPECT(pwrite(fd, data, sizeof(data), 0) == sizeof(data));
	EXPECT(fsync(fd) == 0);
	puts("full done");
	return failures;
}

int main(int argc, char **argv)
{
	const char *job = argc > 1 ? argv[1] : "", *path = argc > 2 ? argv[2] : "/dev/vda";
	uint64_t number = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(job, "list"))
		return do_list();
	if (!strcmp(job, "fill"))
		return do_fill(path, number);
	if (!strcmp(job, "check"))
		return do_check(path, number);
	if (!strcmp(job, "native"))
		return do_native(path, number);
	if (!strcmp(job, "edges"))
		return do_edges(path);
	if (!strcmp(job, "ragged"))
		return do_ragged(path);
	if (!strcmp(job, "readonly"))
		return do_readonly(path);
	if (!strcmp(job, "errors"))
		return do_errors(path, number);
	if (!strcmp(job, "sync"))
		return do_sync(path, (int)number);
	if (!strcmp(job, "discard"))
		return do_discard(path);
	if (!strcmp(job, "churn"))
		return do_churn(path, (unsigned)number);
	if (!strcmp(job, "full"))
		return do_full(path, number);
	puts("what?");
	return 2;
}
