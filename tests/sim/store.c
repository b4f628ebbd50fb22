// SPDX-License-Identifier: BSD-2-Clause
/*
 * store.c - the instance that remembers: a table of keys on /dev/vda. What it has answered is on
 * the disk and stays there when the machine is switched off; what it could not bring there gets no
 * answer but a reset.
 *
 * Each key has two places. A new version goes to the one that does not hold the last version that
 * is known to be safe, so a write that is cut leaves that one. What it cannot have for want of
 * memory when it starts it asks for again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/sim/net.h"

#define THREADS      8
#define PLACES       2
#define RECORD_BYTES 1024 /* two sectors: half of it may be there */
#define MAGIC        0x73746f72u

struct record {
	uint32_t magic, key, sum, padding;
	struct key_answer is;
	unsigned char fill[RECORD_BYTES - 16 - sizeof(struct key_answer)];
};
_Static_assert(sizeof(struct record) == RECORD_BYTES, "whole sectors");

static struct {
	pthread_mutex_t lock;
	struct key_answer is; /* safe */
	unsigned place;       /* and there */
} keys[SIM_KEY_COUNT];

static int disk, listener;

static uint32_t sum_of(const struct record *r)
{
	const unsigned char *p = (const unsigned char *)&r->is;
	uint32_t sum = r->key;

	while (p < (const unsigned char *)(r + 1))
		sum = sum * 31 + *p++;
	return sum;
}

static off_t offset_of(unsigned key, unsigned place)
{
	return (off_t)(key * PLACES + place) * RECORD_BYTES;
}

static int save(unsigned key, unsigned place, const struct key_answer *a)
{
	struct record r = { .magic = MAGIC, .key = key, .is = *a };

	for (size_t k = 0; k < sizeof(r.fill); k++)
		r.fill[k] = (unsigned char)(a->version + k);
	r.sum = sum_of(&r);
	if (pwrite(disk, &r, sizeof(r), offset_of(key, place)) != sizeof(r) || fsync(disk))
		return -1;
	return 0;
}

static int look(unsigned key, unsigned place)
{
	struct record r;

	if (pread(disk, &r, sizeof(r), offset_of(key, place)) != sizeof(r))
		return -1;
	if (r.magic == MAGIC && r.key == key && r.sum == sum_of(&r) &&
	    r.is.version > keys[key].is.version) {
		keys[key].is = r.is;
		keys[key].place = place;
	}
	return 0;
}

static int load(void)
{
	disk = open("/dev/vda", O_RDWR);
	if (disk < 0)
		return -1;
	for (unsigned key = 0; key < SIM_KEY_COUNT; key++)
		for (unsigned place = 0; place < PLACES; place++)
			if (look(key, place)) {
				close(disk);
				return -1;
			}
	return 0;
}

/* The key's lock is held. */
static int change(unsigned key, const struct key_request *r)
{
	struct key_answer a = { .version = r->version, .present = r->order == KEY_SET };

	if (r->version <= keys[key].is.version)
		return 0;
	if (a.present)
		memcpy(a.value, r->value, sizeof(a.value));
	if (save(key, !keys[key].place, &a))
		return -1;
	keys[key].is = a;
	keys[key].place = !keys[key].place;
	return 0;
}

static int answer(const struct key_request *r, struct key_answer *out)
{
	unsigned key = r->key % SIM_KEY_COUNT;
	int ret;

	pthread_mutex_lock(&keys[key].lock);
	ret = r->order == KEY_GET ? 0 : change(key, r);
	*out = keys[key].is;
	pthread_mutex_unlock(&keys[key].lock);
	return ret;
}

static int serve_one(int fd)
{
	struct key_request r;
	struct key_answer a;
	int ret;

	while ((ret = io_all(fd, &r, sizeof(r), false)) > 0)
		if (answer(&r, &a) || io_all(fd, &a, sizeof(a), true) <= 0)
			return -1;
	return ret;
}

static void *serve(void *arg)
{
	struct linger at_once = { .l_onoff = 1 };

	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (keep_alive(fd) || serve_one(fd))
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(fd);
	}
	return arg;
}

int main(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(SIM_STORE_PORT) };
	pthread_t thread;

	signal(SIGPIPE, SIG_IGN);
	while (load())
		sleep(1);
	while ((listener = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		sleep(1);
	while (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 8))
		sleep(1);
	for (unsigned n = 0; n < SIM_KEY_COUNT; n++)
		pthread_mutex_init(&keys[n].lock, NULL);
	for (unsigned n = 1; n < THREADS; n++)
		while (pthread_create(&thread, NULL, serve, NULL))
			sleep(1);
	serve(NULL);
}
