// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/pvclock.c: what KVM and Xen tell of the time, and what they should not. */
// link: lib/base/pvclock.c
#include "lib/base/pvclock.h"
#include "tests/host/fake/fake.h"

static void test_copy(void)
{
	struct pvclock_time t = { .version = 2, .system_ns = 77 }, copy = { 0 };
	struct pvclock_wall wall = { .version = 4, .seconds = 5 }, wall_copy;

	CHECK(pvclock_copy(&copy, &t, sizeof(t)));
	CHECK_EQ(copy.system_ns, 77);
	CHECK(pvclock_copy(&wall_copy, &wall, sizeof(wall)));
	CHECK_EQ(wall_copy.seconds, 5);
	t.version = 0; /* nobody has written it */
	CHECK(!pvclock_copy(&copy, &t, sizeof(t)));
	t.version = 3; /* somebody who never comes to the end */
	CHECK(!pvclock_copy(&copy, &t, sizeof(t)));
}

static void test_sane(void)
{
	struct pvclock_time t = { .tsc_to_system_mul = 1u << 31, .tsc_shift = 1 };

	CHECK(pvclock_is_sane(&t));
	t.tsc_shift = 31;
	CHECK(pvclock_is_sane(&t));
	t.tsc_shift = 32;
	CHECK(!pvclock_is_sane(&t));
	t.tsc_shift = -31;
	CHECK(pvclock_is_sane(&t));
	t.tsc_shift = -32;
	CHECK(!pvclock_is_sane(&t));
	t.tsc_shift = -128;
	CHECK(!pvclock_is_sane(&t));
	t = (struct pvclock_time){ .tsc_to_system_mul = 0 };
	CHECK(!pvclock_is_sane(&t));
}

static void test_rate(void)
{
	/* A cycle is half a nanosecond: 2 GHz. */
	struct pvclock_time t = { .tsc_to_system_mul = 1u << 31 };

	CHECK_EQ(pvclock_hz(&t), 2000000000);
	t.tsc_shift = 1;
	CHECK_EQ(pvclock_hz(&t), 1000000000);
	t.tsc_shift = -1;
	CHECK_EQ(pvclock_hz(&t), 4000000000);
}

static void test_now(void)
{
	struct pvclock_time t = { .tsc = 1000, .system_ns = 5000, .tsc_to_system_mul = 1u << 31 };

	CHECK_EQ(pvclock_now(&t, 1000), 5000);
	CHECK_EQ(pvclock_now(&t, 3000), 6000);
	CHECK_EQ(pvclock_now(&t, 999), 5000); /* another CPU's counter may be a little behind */
	t.tsc_shift = 2;
	CHECK_EQ(pvclock_now(&t, 3000), 9000);
	t.tsc_shift = -2;
	CHECK_EQ(pvclock_now(&t, 3000), 5250);
	t.tsc_shift = 0; /* years: the product has more than 64 bits */
	CHECK_EQ(pvclock_now(&t, 1000 + (1ull << 60)), 5000 + (1ull << 59));
}

int main(void)
{
	RUN(test_copy);
	RUN(test_sane);
	RUN(test_rate);
	RUN(test_now);
	return check_done();
}
