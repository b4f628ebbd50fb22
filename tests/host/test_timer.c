// SPDX-License-Identifier: BSD-2-Clause
/* kernel/timer.c: order, moving, cancelling, and how the hardware is set. */
// link: kernel/timer.c lib/base/pheap.c
#include "kernel/timer.h"
#include "tests/host/fake/fake.h"

#define TIMERS 200

struct probe {
	struct timer t;
	ns_t deadline, fired_at;
	unsigned fired;
};

static struct probe probes[TIMERS];

static void fire(struct timer *t)
{
	struct probe *p = container_of(t, struct probe, t);

	CHECK(!cpu_irq_enabled());
	p->fired_at = fake_time;
	p->fired++;
}

static void start(void)
{
	memset(probes, 0, sizeof(probes));
	for (unsigned i = 0; i < TIMERS; i++)
		timer_init(&probes[i].t, fire);
	fake_time_advance(NS_PER_S);
}

static void arm(unsigned i, ns_t deadline)
{
	probes[i].deadline = deadline;
	timer_arm(&probes[i].t, deadline);
}

static void test_each_fires_once_in_time(void)
{
	start();
	for (unsigned i = 0; i < TIMERS; i++)
		arm(i, fake_time + rand() % NS_PER_S);
	fake_time_advance(2 * NS_PER_S);
	for (unsigned i = 0; i < TIMERS; i++) {
		CHECK_EQ(probes[i].fired, 1);
		CHECK_EQ(probes[i].fired_at, probes[i].deadline);
	}
	CHECK_EQ(fake_timer_due, NS_NEVER);
}

static void test_random_moves_and_cancels(void)
{
	bool armed[TIMERS] = { false };

	start();
	for (unsigned step = 0; step < 20000; step++) {
		unsigned i = rand() % TIMERS;

		armed[i] = armed[i] && probes[i].deadline > fake_time;
		switch (rand() % 4) {
		case 0:
			CHECK_EQ(timer_cancel(&probes[i].t), armed[i]);
			armed[i] = false;
			probes[i].fired = 0;
			break;
		case 1:
			fake_time_advance(rand() % 1000);
			break;
		default:
			arm(i, fake_time + 1 + rand() % 20000);
			probes[i].fired = 0;
			armed[i] = true;
		}
	}
	fake_time_advance(NS_PER_S);
	for (unsigned i = 0; i < TIMERS; i++)
		if (probes[i].fired)
			CHECK_EQ(probes[i].fired_at, probes[i].deadline);
}

static void test_past_deadline_fires_at_once(void)
{
	start();
	arm(0, fake_time - 5);
	arm(1, -NS_PER_S);
	fake_time_advance(0);
	CHECK_EQ(probes[0].fired, 1);
	CHECK_EQ(probes[1].fired, 1);
}

static void test_hardware_follows_the_first(void)
{
	start();
	arm(0, fake_time + 1000);
	CHECK_EQ(fake_timer_due, fake_time + 1000);
	arm(1, fake_time + 2000); /* later: nothing to do */
	CHECK_EQ(fake_timer_due, fake_time + 1000);
	arm(2, fake_time + 500);
	CHECK_EQ(fake_timer_due, fake_time + 500);
	CHECK(timer_cancel(&probes[2].t));
	fake_time_advance(600); /* an interrupt for nothing sets it right */
	CHECK_EQ(probes[2].fired, 0);
	CHECK_EQ(fake_timer_due, fake_time + 400);
	CHECK(timer_cancel(&probes[0].t) && timer_cancel(&probes[1].t));
	fake_time_advance(NS_PER_S);
	CHECK_EQ(fake_timer_due, NS_NEVER);
}

static void test_never_does_not_come(void)
{
	start();
	arm(0, NS_NEVER);
	CHECK_EQ(fake_timer_due, NS_NEVER);
	fake_time_advance(1000 * NS_PER_S);
	CHECK_EQ(probes[0].fired, 0);
	CHECK(timer_cancel(&probes[0].t));
}

static void test_early_hardware_fires_nothing_early(void)
{
	start();
	arm(0, fake_time + 1000);
	cpu_irq_disable();
	timer_interrupt();
	cpu_irq_enable();
	CHECK_EQ(probes[0].fired, 0);
	CHECK_EQ(fake_timer_due, fake_time + 1000);
	fake_time_advance(1000);
	CHECK_EQ(probes[0].fired, 1);
}

static void fire_again(struct timer *t)
{
	struct probe *p = container_of(t, struct probe, t);

	fire(t);
	if (p->fired < 10)
		timer_arm(t, fake_time + 100);
}

static void fire_cancel_next(struct timer *t)
{
	struct probe *p = container_of(t, struct probe, t);

	fire(t);
	timer_cancel(&p[1].t);
}

static void test_callbacks_arm_and_cancel(void)
{
	ns_t begin;

	start();
	begin = fake_time;
	timer_init(&probes[0].t, fire_again);
	arm(0, fake_time + 100);
	fake_time_advance(5000);
	CHECK_EQ(probes[0].fired, 10);
	CHECK_EQ(probes[0].fired_at, begin + 1000);
	timer_init(&probes[1].t, fire_cancel_next);
	arm(1, fake_time + 10);
	arm(2, fake_time + 20);
	fake_time_advance(100);
	CHECK_EQ(probes[1].fired, 1);
	CHECK_EQ(probes[2].fired, 0);
	CHECK(!timer_cancel(&probes[1].t));
}

static void test_initialised_is_not_armed(void)
{
	struct timer t;

	memset(&t, 0xff, sizeof(t));
	timer_init(&t, fire);
	CHECK(!timer_cancel(&t));
}

int main(void)
{
	RUN(test_initialised_is_not_armed);
	RUN(test_each_fires_once_in_time);
	RUN(test_random_moves_and_cancels);
	RUN(test_past_deadline_fires_at_once);
	RUN(test_hardware_follows_the_first);
	RUN(test_never_does_not_come);
	RUN(test_early_hardware_fires_nothing_early);
	RUN(test_callbacks_arm_and_cancel);
	return check_done();
}
