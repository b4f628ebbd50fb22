// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/time.c in a world where the true time is known: reference clocks that wrap, are slow to
 * read, stand still or lie, and a timer interrupt that comes late.
 */
// link: kernel/time.c kernel/timebase.c
#include "arch/clock.h"
#include "drivers/clock.h"
#include "kernel/wait.h"
#include "tests/host/child.h"

#define TSC_HZ 2600000000ULL

/* Nobody waits for the wall clock to be set. */
void wait_queue_wake(struct wait_queue *q, bool all)
{
}

static ns_t truth;         /* nanoseconds since power-on */
static ns_t read_cost;     /* a reference clock's read takes up to this */
static uint64_t stated_hz; /* what the CPU says */
static unsigned refreshes;

static void advance(ns_t span)
{
	truth += span;
	host_cpu.cycles = (uint64_t)((unsigned __int128)truth * TSC_HZ / NS_PER_S);
}

uint64_t arch_cycles_hz(void)
{
	return stated_hz;
}

uint64_t clock_cycles_hz(void)
{
	return 0;
}

void timer_refresh(void)
{
	refreshes++;
}

/* --- reference clocks ---------------------------------------------------------------------- */

struct fake_clock {
	struct refclock c; /* its rate is the one below */
	struct refclock_rate rate;
	bool there, dead;
	uint64_t offset; /* where its counter stood at power-on */
	uint64_t reads;
};

static bool probe(const struct refclock *c)
{
	return container_of(c, struct fake_clock, c)->there;
}

static uint64_t read_clock(const struct refclock *c)
{
	struct fake_clock *f = container_of(c, struct fake_clock, c);

	f->reads++;
	if (read_cost)
		advance(rand() % read_cost);
	if (f->dead)
		return f->offset & c->rate->mask;
	return (f->offset + (uint64_t)((unsigned __int128)truth * c->rate->hz / NS_PER_S)) &
	       c->rate->mask;
}

static struct fake_clock first = { .c = { "first", &first.rate, probe, read_clock } };
static struct fake_clock second = { .c = { "second", &second.rate, probe, read_clock } };
const struct refclock *const refclock_table[] = { &first.c, &second.c, NULL };

static bool wall_there;
static bool read_wall(const struct wallclock *c, ns_t *wall)
{
	if (wall_there)
		*wall = 1700000000 * NS_PER_S;
	return wall_there;
}
static const struct wallclock wall = { "wall", read_wall };
const struct wallclock *const wallclock_table[] = { &wall, NULL };

static void use_clock(struct fake_clock *f, uint64_t hz, uint64_t mask, uint64_t offset)
{
	f->there = true;
	f->rate.hz = hz;
	f->rate.mask = mask;
	f->offset = offset;
}

static void power_on(void)
{
	host_cpu.cycles_step = 1;
	advance(123456789);
	time_init();
}

/* Let time pass as on the machine: the service comes when it is due, up to `late` after that. */
static void pass(ns_t span, ns_t late)
{
	ns_t end = truth + span;

	while (truth < end) {
		ns_t before = time_now(), due = time_service_deadline();

		if (due == NS_NEVER || due - before > end - truth) {
			advance(end - truth);
		} else {
			advance(MAX(due - before, (ns_t)0) + (late ? rand() % late : 0));
			time_service();
		}
		CHECK(time_now() >= before);
	}
}

/* How wrong the clock is over the next 100 s [ppm]. */
static long rate_error_ppm(void)
{
	ns_t t0 = time_now(), truth0 = truth;

	advance(100 * NS_PER_S);
	return labs((time_now() - t0) - (truth - truth0)) / (100 * NS_PER_MS / 1000);
}

/* Ask often while the clock finds its rate: never back, never far from the truth. */
static void check_take_over(ns_t error_max)
{
	ns_t t0 = time_now(), truth0 = truth, last = t0;

	while (truth - truth0 < 3 * NS_PER_S) {
		ns_t now, due;

		advance(1 + rand() % (truth - truth0 < 100 * NS_PER_MS ? 50000 : 2000000));
		due = time_service_deadline();
		now = time_now();
		CHECK(now >= last);
		CHECK(labs((now - t0) - (truth - truth0)) <= error_max);
		if (now >= due)
			time_service();
		last = time_now();
		CHECK(last >= now);
	}
	CHECK_EQ(time_service_deadline(), NS_NEVER);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void stated_rate(void)
{
	stated_hz = TSC_HZ;
	use_clock(&first, 100000000, UINT32_MAX, 0);
	power_on();
	advance(NS_PER_S);
	CHECK(labs(time_now() - NS_PER_S) < 10);
	CHECK_EQ(first.reads, 0);
	CHECK_EQ(time_service_deadline(), NS_NEVER);
	CHECK_EQ(rate_error_ppm(), 0);
	advance(1000000 * NS_PER_S);
	CHECK(labs(time_now() - 1000101 * NS_PER_S) < NS_PER_MS);
}

static void wide_clock(void)
{
	read_cost = 3000;
	use_clock(&first, 100000000, UINT32_MAX, UINT32_MAX - 1000);
	power_on();
	check_take_over(NS_PER_MS);
	CHECK(rate_error_ppm() <= 5);
	CHECK_EQ(refreshes, 1);
}

static void narrow_clock(void)
{
	read_cost = 5000;
	use_clock(&first, 1193182, 0xffff, 0xfff0);
	power_on();
	check_take_over(NS_PER_MS);
	CHECK(rate_error_ppm() <= 10);
}

static void slow_clock(void)
{
	read_cost = 2000;
	use_clock(&first, 3579545, 0xffffff, 0xfffff0);
	power_on();
	pass(3 * NS_PER_S, 0);
	CHECK_EQ(time_service_deadline(), NS_NEVER);
	CHECK(rate_error_ppm() <= 5);
}

/* The interrupt that ends the window comes so late that the 16-bit counter has gone round. */
static void late_timer(void)
{
	ns_t t0;

	read_cost = 5000;
	use_clock(&first, 1193182, 0xffff, 0);
	power_on();
	t0 = time_now() - truth;
	advance(200 * NS_PER_MS);
	time_service();
	pass(3 * NS_PER_S, 5 * NS_PER_MS);
	CHECK_EQ(time_service_deadline(), NS_NEVER);
	CHECK(rate_error_ppm() <= 20);
	/* once the rate was known the hidden rounds were found again */
	CHECK(labs(time_now() - truth - t0) < 5 * NS_PER_MS);
}

/* Nobody asks, and the service comes years late: still right. */
static void asleep(void)
{
	use_clock(&first, 1193182, 0xffff, 0);
	power_on();
	pass(100 * NS_PER_MS, 0);
	advance(30 * NS_PER_S);
	time_service();
	CHECK_EQ(time_service_deadline(), NS_NEVER);
	CHECK(rate_error_ppm() <= 200);
}

static void dead_clock(void)
{
	use_clock(&first, 100000000, UINT32_MAX, 77);
	use_clock(&second, 3579545, 0xffffff, 0);
	first.dead = true;
	power_on();
	for (int i = 0; i < 1000; i++) {
		ns_t before = time_now();

		advance(10 * NS_PER_MS);
		if (before >= time_service_deadline())
			time_service();
		CHECK(time_now() >= before);
	}
	CHECK(second.reads > 0);
	CHECK(rate_error_ppm() <= 20);
}

static void no_clock(void)
{
	ns_t before;

	use_clock(&first, 0, UINT32_MAX, 0); /* answers, with nonsense */
	use_clock(&second, 1000, 0xff, 0);
	power_on();
	before = time_now();
	advance(NS_PER_S);
	CHECK(time_now() - before > NS_PER_S / 10);
	CHECK_EQ(time_service_deadline(), NS_NEVER);
	CHECK_EQ(fake_log_lines(), 1);
	time_service();
}

/* After the first measurement the reference clock jumps: the rate that is known stays. */
static void liar(void)
{
	use_clock(&first, 100000000, UINT32_MAX, 0);
	power_on();
	pass(500 * NS_PER_MS, 0);
	first.offset += 90000000;
	pass(3 * NS_PER_S, 0);
	CHECK(rate_error_ppm() <= 1000);
	CHECK_EQ(time_service_deadline(), NS_NEVER);
}

static void stamps(void)
{
	uint64_t at;

	use_clock(&first, 100000000, UINT32_MAX, 0);
	power_on();
	CHECK_EQ(time_of_cycles(0), 0);
	pass(50 * NS_PER_MS, 0);
	at = host_cpu.cycles;
	advance(NS_PER_S);
	CHECK(labs(time_now() - time_of_cycles(at) - NS_PER_S) < NS_PER_MS);
	CHECK_EQ(time_deadline(NS_NEVER), NS_NEVER);
	CHECK_EQ(time_deadline(NS_NEVER - 5), NS_NEVER);
	CHECK(labs(time_deadline(NS_PER_S) - time_now() - NS_PER_S) < 1000);
}

static void wall_time(void)
{
	stated_hz = TSC_HZ;
	wall_there = true;
	power_on();
	CHECK(labs(time_wall() - 1700000000 * NS_PER_S) < 1000);
	wall_there = false; /* read once only */
	advance(NS_PER_S);
	CHECK(labs(time_wall() - 1700000001 * NS_PER_S) < 1000);
	time_set_wall(5 * NS_PER_S);
	advance(NS_PER_S);
	CHECK(labs(time_wall() - 6 * NS_PER_S) < 1000);
}

static void no_wall_clock(void)
{
	stated_hz = TSC_HZ;
	power_on();
	CHECK(time_wall() - time_now() < 1000);
}

#define CHILD_TEST(name)              \
	static void test_##name(void) \
	{                             \
		in_child(name);       \
	}
CHILD_TEST(stated_rate)
CHILD_TEST(wide_clock)
CHILD_TEST(narrow_clock)
CHILD_TEST(slow_clock)
CHILD_TEST(late_timer)
CHILD_TEST(asleep)
CHILD_TEST(dead_clock)
CHILD_TEST(no_clock)
CHILD_TEST(liar)
CHILD_TEST(stamps)
CHILD_TEST(wall_time)
CHILD_TEST(no_wall_clock)

int main(void)
{
	RUN(test_stated_rate);
	RUN(test_wide_clock);
	RUN(test_narrow_clock);
	RUN(test_slow_clock);
	RUN(test_late_timer);
	RUN(test_asleep);
	RUN(test_dead_clock);
	RUN(test_no_clock);
	RUN(test_liar);
	RUN(test_stamps);
	RUN(test_wall_time);
	RUN(test_no_wall_clock);
	return check_done();
}
