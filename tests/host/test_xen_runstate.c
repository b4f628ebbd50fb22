// SPDX-License-Identifier: BSD-2-Clause
/* Time that Xen gave to others. */
// link: drivers/xen/runstate.c
#include "tests/host/fake/xen.h"
#include "drivers/xen/clock.h"

static void test_without_xen(void)
{
	fake_xen_reset();
	xen_is_guest = false;
	CHECK_EQ(xen_clock_stolen(), 0);
	CHECK(!fake_xen.runstate);
}

static void test_stolen_is_runnable_and_paused(void)
{
	fake_xen_reset();
	fake_xen.offline = 70 * NS_PER_S; /* before the machine ran */
	CHECK_EQ(xen_clock_stolen(), 0);
	CHECK(fake_xen.runstate && (uintptr_t)fake_xen.runstate % 64 == 0);
	fake_xen.runstate[1] = 7000;
	fake_xen.runstate[2] = 100 * NS_PER_S; /* running */
	fake_xen.runstate[3] = 20;             /* runnable */
	fake_xen.runstate[4] = 50 * NS_PER_S;  /* blocked */
	fake_xen.runstate[5] += 3;             /* offline */
	CHECK_EQ(xen_clock_stolen(), 23);
	fake_xen.runstate[3] = 200 * NS_PER_S;
	CHECK_EQ(xen_clock_stolen(), 200 * NS_PER_S + 3);
}

int main(void)
{
	RUN(test_without_xen);
	RUN(test_stolen_is_runnable_and_paused);
	return check_done();
}
