// SPDX-License-Identifier: BSD-2-Clause
// link: kernel/wait.c
/* lib/libc/fd.c: the lowest free descriptor, growth, references. The source is included, so that
 * each test can begin with an empty table. */
#include <errno.h>
#include "tests/host/fake/fake.h"
#include "lib/libc/fd.c"

static int released; /* files whose last reference went */

static void release(struct file *f)
{
	released++;
	kfree(f);
}

static const struct file_ops ops = { .release = release };

static struct file *new_file(void)
{
	struct file *f = kalloc(sizeof(*f));

	if (f)
		file_init(f, &ops, 0);
	return f;
}

static void start(void)
{
	memset(first_file, 0, sizeof(first_file));
	memset(first_bits, 0, sizeof(first_bits));
	table = (struct fd_table){
		.size = FD_FIRST,
		.file = first_file,
		.used = &first_bits[0],
		.exec = &first_bits[1],
	};
	released = 0;
}

static void end(void)
{
	for (unsigned fd = 0; fd < table.size; fd++)
		fd_close((int)fd);
	if (table.file != first_file)
		kfree(table.file);
}

static int open_one(void)
{
	struct file *f = new_file();
	int fd = fd_alloc(f, false);

	if (fd < 0)
		file_put(f);
	return fd;
}

static void test_lowest_free(void)
{
	start();
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(open_one(), i);
	CHECK_EQ(fd_close(700), 0);
	CHECK_EQ(fd_close(63), 0);
	CHECK_EQ(fd_close(64), 0);
	CHECK_EQ(open_one(), 63);
	CHECK_EQ(open_one(), 64);
	CHECK_EQ(open_one(), 700);
	CHECK_EQ(open_one(), 1000);
	end();
}

static void test_close(void)
{
	start();
	CHECK_EQ(fd_close(0), -EBADF);
	CHECK_EQ(fd_close(-1), -EBADF);
	CHECK_EQ(fd_close(INT32_MAX), -EBADF);
	CHECK_EQ(open_one(), 0);
	CHECK_EQ(fd_close(0), 0);
	CHECK_EQ(released, 1);
	CHECK_EQ(fd_close(0), -EBADF);
	end();
}

static void test_get_holds_a_reference(void)
{
	struct file *f;

	start();
	CHECK(fd_get(0) == NULL);
	CHECK(fd_get(-1) == NULL);
	CHECK(fd_get(FD_MAX) == NULL);
	CHECK_EQ(open_one(), 0);
	f = fd_get(0);
	CHECK(f != NULL);
	CHECK_EQ(fd_close(0), 0);
	CHECK_EQ(released, 0);
	file_put(f);
	CHECK_EQ(released, 1);
	end();
}

static void test_alloc_from(void)
{
	start();
	CHECK_EQ(fd_alloc_from(new_file(), 10, false), 10);
	CHECK_EQ(fd_alloc_from(new_file(), 10, false), 11);
	CHECK_EQ(fd_alloc_from(new_file(), 63, false), 63);
	CHECK_EQ(fd_alloc_from(new_file(), 63, false), 64);
	CHECK_EQ(fd_alloc_from(new_file(), 5000, true), 5000);
	CHECK_EQ(fd_close_on_exec(5000), 1);
	CHECK_EQ(fd_alloc_from(new_file(), FD_MAX - 1, false), FD_MAX - 1);
	CHECK_EQ(open_one(), 0);
	struct file *f = new_file();

	CHECK_EQ(fd_alloc_from(f, FD_MAX - 1, false), -EMFILE);
	file_put(f);
	end();
}

static void test_replace(void)
{
	struct file *f = new_file();

	start();
	CHECK_EQ(open_one(), 0);
	CHECK_EQ(fd_replace(0, new_file(), true), 0);
	CHECK_EQ(released, 1);
	CHECK_EQ(fd_close_on_exec(0), 1);
	CHECK_EQ(fd_set_close_on_exec(0, false), 0);
	CHECK_EQ(fd_close_on_exec(0), 0);
	CHECK_EQ(fd_replace(300, new_file(), false), 300);
	CHECK_EQ(open_one(), 1);
	CHECK_EQ(fd_replace(-1, f, false), -EBADF);
	CHECK_EQ(fd_replace(FD_MAX, f, false), -EBADF);
	CHECK_EQ(fd_close_on_exec(5), -EBADF);
	CHECK_EQ(fd_set_close_on_exec(5, true), -EBADF);
	file_put(f);
	end();
}

static void test_all_taken(void)
{
	start();
	for (int i = 0; i < FD_MAX; i++)
		if (open_one() != i)
			CHECK_FAIL("not %d", i);
	CHECK_EQ(open_one(), -EMFILE);
	CHECK_EQ(fd_close(40000), 0);
	CHECK_EQ(open_one(), 40000);
	CHECK_EQ(open_one(), -EMFILE);
	end();
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		start();
		for (int i = 0; i < 300; i++) {
			struct file *f = new_file();
			int fd = f ? fd_alloc(f, false) : -ENOMEM;

			CHECK(fd >= 0 || fake_failed());
			if (f && fd < 0)
				file_put(f);
		}
		end();
	}
}

/* Against a table that is searched from the beginning. */
static void test_random_operations(void)
{
	static bool open[600];
	unsigned seed = 1, lowest;

	start();
	memset(open, 0, sizeof(open));
	for (int i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		int fd = (int)(seed >> 16) % 500;

		if (seed & 0x8000) {
			for (lowest = 0; open[lowest]; lowest++)
				;
			CHECK_EQ(open_one(), lowest);
			open[lowest] = true;
		}
		CHECK_EQ(fd_close(fd), open[fd] ? 0 : -EBADF);
		open[fd] = false;
	}
	end();
}

int main(void)
{
	RUN(test_lowest_free);
	RUN(test_close);
	RUN(test_get_holds_a_reference);
	RUN(test_alloc_from);
	RUN(test_replace);
	RUN(test_all_taken);
	RUN(test_no_memory);
	RUN(test_random_operations);
	return check_done();
}
