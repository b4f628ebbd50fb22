// SPDX-License-Identifier: BSD-2-Clause
/* Programs that write programs: what is run is what was written last. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/check.h"

#define PAGE   4096
#define ROUNDS 200

/* A function that returns a number below 2^16. Returns its bytes. */
static size_t assemble(void *at, unsigned number)
{
#ifdef __aarch64__
	const uint32_t code[] = { 0x52800000 | number << 5, 0xd65f03c0 }; /* mov w0, #; ret */
#else
	const uint8_t code[] = {
		0xb8, number & 255, number >> 8, 0, 0, 0xc3
	}; /* mov $, %eax; ret */
#endif
	memcpy(at, code, sizeof(code));
	return sizeof(code);
}

static unsigned call(void *at)
{
	unsigned (*function)(void);

	memcpy(&function, &at, sizeof(function));
	return function();
}

static void *map(int prot)
{
	void *p = mmap(NULL, 2 * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

/* Written, made executable and run; changed at the same place, again and again. */
static void test_protect(void)
{
	char *p = map(PROT_READ | PROT_WRITE);
	unsigned wrong = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		CHECK_EQ(mprotect(p, 2 * PAGE, PROT_READ | PROT_WRITE), 0);
		assemble(p, i);
		assemble(p + PAGE, 1000 + i);
		CHECK_EQ(mprotect(p, 2 * PAGE, PROT_READ | PROT_EXEC), 0);
		wrong += call(p) != i || call(p + PAGE) != 1000 + i;
	}
	CHECK_EQ(wrong, 0);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
}

/* Another page at an address from which code was run. */
static void test_map_again(void)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		char *p = map(PROT_READ | PROT_WRITE);

		assemble(p, i);
		CHECK_EQ(mprotect(p, PAGE, PROT_READ | PROT_EXEC), 0);
		wrong += call(p) != i;
		CHECK_EQ(munmap(p, 2 * PAGE), 0);
	}
	CHECK_EQ(wrong, 0);
}

/* Where memory may be written and executed at once the program says when it has written. */
static void test_clear_cache(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	unsigned wrong = 0;

	if (p == MAP_FAILED) {
		CHECK_EQ(errno, ENOTSUP);
		return;
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t len = assemble(p, i);

		__builtin___clear_cache(p, p + len);
		wrong += call(p) != i;
	}
	CHECK_EQ(wrong, 0);
}

int main(void)
{
	RUN(test_protect);
	RUN(test_map_again);
	RUN(test_clear_cache);
	return check_done();
}
