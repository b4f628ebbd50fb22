// SPDX-License-Identifier: BSD-2-Clause
/* A named console as a descriptor: what a failed start leaves behind. */
// link: lib/posix/console.c lib/libc/fd.c kernel/wait.c kernel/mutex.c
// flags: -D_GNU_SOURCE -idirafter lib/include
#include <errno.h>
#include <fcntl.h>
#include <unik/console.h>
#include "drivers/console.h"
#include "lib/libc/fd.h"
#include "tests/host/fake/fake.h"

static struct wait_queue *reader;
static int probe_says, listen_says, nprobe, nlisten;

static bool probe(const struct console *c)
{
	nprobe++;
	return probe_says;
}

static int listen_to(const struct console *c)
{
	CHECK(*c->input != NULL);
	nlisten++;
	return listen_says;
}

static void write_nothing(const struct console *c, const char *text, size_t len)
{
}

static size_t read_nothing(const struct console *c, char *out, size_t len)
{
	return 0;
}

static const struct console console = {
	.name = "hvc0",
	.probe = probe,
	.listen = listen_to,
	.write = write_nothing,
	.read = read_nothing,
	.input = &reader,
};

const struct console *console_find(const char *name)
{
	return strcmp(name, console.name) ? NULL : &console;
}

static void test_each_step_may_fail_and_is_tried_again(void)
{
	int fd;

	CHECK_EQ(unik_console_open("none", O_RDWR), -1);
	CHECK_EQ(errno, ENODEV);
	CHECK_EQ(unik_console_open("hvc0", O_RDWR), -1);
	CHECK_EQ(errno, ENODEV);
	probe_says = true;
	listen_says = -ENOMEM;
	CHECK_EQ(unik_console_open("hvc0", O_RDWR), -1);
	CHECK_EQ(errno, ENOMEM);
	CHECK(*console.input == NULL);
	CHECK_EQ(unik_console_open("hvc0", O_RDWR), -1);
	CHECK_EQ(nlisten, 2);
	listen_says = 0;
	fd = unik_console_open("hvc0", O_RDWR);
	CHECK(fd >= 0);
	CHECK_EQ(nlisten, 3);
	CHECK_EQ(unik_console_open("hvc0", O_RDWR), -1);
	CHECK_EQ(errno, EBUSY);
	CHECK_EQ(fd_close(fd), 0);
	fd = unik_console_open("hvc0", O_RDWR);
	CHECK(fd >= 0);
	CHECK_EQ(nprobe, 4); /* it runs on between two opens */
	CHECK_EQ(nlisten, 3);
	CHECK_EQ(fd_close(fd), 0);
}

int main(void)
{
	fake_reset();
	RUN(test_each_step_may_fail_and_is_tried_again);
	return check_done();
}
