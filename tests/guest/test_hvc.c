// SPDX-License-Identifier: BSD-2-Clause
// run: --qemu-arg=-device --qemu-arg=virtio-serial-pci
// run: --qemu-arg=-chardev --qemu-arg=ringbuf,id=hvc
// run: --qemu-arg=-device --qemu-arg=virtconsole,chardev=hvc
/* The virtio console as a descriptor; what is typed on it is tested on the host. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <unik/console.h>
#include "tests/check.h"

static void test_unknown_name(void)
{
	CHECK_EQ(unik_console_open("hvc7", O_RDWR), -1);
	CHECK_EQ(errno, ENODEV);
}

static void test_write_and_poll(void)
{
	static char line[5000];
	int fd = unik_console_open("hvc0", O_RDWR | O_NONBLOCK);
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	char c;

	CHECK(fd >= 0);
	CHECK_EQ(unik_console_open("hvc0", O_RDWR), -1);
	CHECK_EQ(errno, EBUSY);
	memset(line, 'x', sizeof(line));
	for (int i = 0; i < 20; i++)
		CHECK_EQ(write(fd, line, sizeof(line)), sizeof(line));
	CHECK_EQ(read(fd, &c, 1), -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(poll(&p, 1, 50), 1);
	CHECK_EQ(p.revents, POLLOUT);
	p.events = POLLIN;
	CHECK_EQ(poll(&p, 1, 50), 0);
	CHECK_EQ(close(fd), 0);
	fd = unik_console_open("hvc0", O_RDWR);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, "again\n", 6), 6);
	close(fd);
}

int main(void)
{
	RUN(test_unknown_name);
	RUN(test_write_and_poll);
	return check_done();
}
