// SPDX-License-Identifier: BSD-2-Clause
/*
 * timebase.c - finding the rate of the cycle counter.
 *
 * Where nobody tells it, it is measured against a reference clock, without waiting: until enough
 * time has passed since the first look, time is read from the reference clock; then the counter
 * takes over where that stands, and about a second later its rate is made exact.
 */
#include "kernel/timebase.h"
#include "arch/clock.h"
#include "drivers/clock.h"
#include "kernel/log.h"
#include "kernel/spinlock.h"
#include "kernel/timer.h"

#define WINDOW_MIN  (10 * NS_PER_MS) /* a look costs about a microsecond: right to 0.02 % */
#define WINDOW_END  (15 * NS_PER_MS) /* the timer ends the window if nobody asks for the time */
#define REFINE_SPAN NS_PER_S
#define AGREE_SHIFT 6 /* two measurements agree when they differ by less than 1/64 */

/* Used only to place the first look after the boot, and where there is no clock at all. */
#define GUESS_HZ 2000000000ULL
/* The reference clock is taken for dead when it stood still for so many cycles. */
#define DEAD_CYCLES (1ULL << 32)

const struct timebase *timebase;
static struct timebase bases[2]; /* the first, and the exact one */
static uint64_t boot_cycles;

static struct {
	struct spinlock lock;
	const struct refclock *const *clock; /* in use, NULL before the first look */
	uint64_t ref_rate;                   /* of its counts [2^-32 ns] */
	uint64_t last;                       /* its counter at the last look */
	uint64_t total;                      /* counts since its start */
	uint64_t cycles;                     /* at the last look */
	ns_t start_ns;                       /* time at its start */
	uint64_t start_cycles;
	uint64_t window_total, window_cycles; /* where the measurement began */
	uint64_t window_last;
	uint64_t window_rate; /* what the window before this one gave, 0 for none */
	ns_t service_at;
} cal = { .service_at = NS_NEVER };

static uint64_t rate_of_hz(uint64_t hz)
{
	return ((uint64_t)NS_PER_S << 32) / hz;
}

/* Nanoseconds per count, from so many in that time. */
static uint64_t rate_of_span(uint64_t ns, uint64_t counts)
{
	while (ns >> 32) {
		ns >>= 1;
		counts >>= 1;
	}
	return (ns << 32) / MAX(counts, 1ULL);
}

static void publish(uint64_t cycles, ns_t ns, uint64_t rate)
{
	struct timebase *b = timebase ? &bases[1] : &bases[0];

	*b = (struct timebase){ cycles, ns, rate };
	__atomic_store_n(&timebase, b, __ATOMIC_RELEASE);
}

void time_init(void)
{
	boot_cycles = cpu_cycles();
}

/* --- with cal.lock held ------------------------------------------------------------------ */

static void look(void)
{
	const struct refclock *c = *cal.clock;
	uint64_t before = cpu_cycles(), now = c->read(c);

	cal.cycles = before + (cpu_cycles() - before) / 2;
	cal.total += (now - cal.last) & c->rate->mask;
	cal.last = now;
}

static ns_t ref_time(void)
{
	return cal.start_ns + timebase_span(cal.total, cal.ref_rate);
}

static void window_open(void)
{
	cal.window_total = cal.total;
	cal.window_cycles = cal.cycles;
	cal.window_last = cal.last;
	cal.service_at = ref_time() + WINDOW_END;
}

static bool clock_usable(const struct refclock *c)
{
	return c->probe(c) && c->rate->hz >= 1000 && c->rate->hz <= UINT32_MAX &&
	       c->rate->mask >= 0xffff;
}

/* Begin with this clock or the next one that is there; time goes on from `ns`. */
static void clock_use(const struct refclock *const *c, ns_t ns)
{
	while (*c && !clock_usable(*c))
		c++;
	cal.clock = c;
	cal.start_ns = ns;
	if (!*c) {
		cal.service_at = NS_NEVER;
		publish(cpu_cycles(), ns, rate_of_hz(GUESS_HZ));
		return;
	}
	cal.ref_rate = rate_of_hz((*c)->rate->hz);
	cal.window_rate = 0;
	cal.last = (*c)->read(*c);
	look();
	cal.total = 0;
	cal.start_cycles = cal.cycles;
	window_open();
}

static void clock_start(void)
{
	uint64_t hz = arch_cycles_hz();

	if (!hz)
		hz = clock_cycles_hz();
	if (hz)
		publish(boot_cycles, 0, rate_of_hz(hz));
	else
		clock_use(refclock_table,
			  timebase_span(cpu_cycles() - boot_cycles, rate_of_hz(GUESS_HZ)));
}

/* A counter that wraps within the time that a late timer or a halted machine may take can hide
 * whole rounds: two windows in a row must agree. */
static bool window_is_believed(uint64_t rate)
{
	uint64_t other = cal.window_rate;
	uint64_t differ = rate > other ? rate - other : other - rate;

	return timebase_span((*cal.clock)->rate->mask, cal.ref_rate) > NS_PER_S ||
	       differ < other >> AGREE_SHIFT;
}

/* The counter takes over where the reference clock stands, or ahead of it if that had hidden a
 * round since its start. */
static void window_close(void)
{
	ns_t span = timebase_span(cal.total - cal.window_total, cal.ref_rate);
	uint64_t rate = rate_of_span((uint64_t)span, cal.cycles - cal.window_cycles);
	ns_t by_cycles;

	if (!window_is_believed(rate)) {
		cal.window_rate = rate;
		window_open();
		return;
	}
	by_cycles = cal.start_ns + timebase_span(cal.cycles - cal.start_cycles, rate);
	publish(cal.cycles, MAX(ref_time(), by_cycles), rate);
	cal.service_at = timebase->ns + REFINE_SPAN;
}

/* Look, and end the window when it is long enough. Returns the time. */
static ns_t calibrate(void)
{
	look();
	if (ref_time() - cal.start_ns > 0 || cal.cycles - cal.start_cycles < DEAD_CYCLES) {
		if (timebase_span(cal.total - cal.window_total, cal.ref_rate) >= WINDOW_MIN)
			window_close();
	} else {
		clock_use(cal.clock + 1, cal.start_ns);
	}
	return timebase ? timebase_at(timebase, cal.cycles) : ref_time();
}

/*
 * The long measurement. The counter may have wrapped many times since the window was opened, but
 * the first rate says how many counts to expect, so only what it is off by is read from the low
 * bits. A clock that is off by more than the first rate can be has lied: the first rate stays.
 */
static void refine(void)
{
	const struct refclock *c = *cal.clock;
	uint64_t cycles, expected, off, rate;
	bool negative;

	look();
	cycles = cal.cycles - cal.window_cycles;
	expected = mul_shift((uint64_t)timebase_span(cycles, timebase->rate),
			     (c->rate->hz << 32) / NS_PER_S, 32);
	off = (cal.last - cal.window_last - expected) & c->rate->mask;
	negative = off > c->rate->mask / 2;
	if (negative)
		off = c->rate->mask - off + 1;
	cal.service_at = NS_NEVER;
	if (off > expected >> AGREE_SHIFT)
		return;
	expected = negative ? expected - off : expected + off;
	rate = rate_of_span((uint64_t)timebase_span(expected, cal.ref_rate), cycles);
	publish(cal.cycles, timebase_at(timebase, cal.cycles), rate);
}

ns_t time_service_deadline(void)
{
	return READ_ONCE(cal.service_at);
}

void time_service(void)
{
	irq_state_t s = spin_lock_irqsave(&cal.lock);

	if (cal.clock && !timebase)
		calibrate();
	else if (cal.service_at != NS_NEVER &&
		 timebase_at(timebase, cpu_cycles()) >= cal.service_at)
		refine();
	spin_unlock_irqrestore(&cal.lock, s);
}

/* The rate is not known yet, or was not when the caller looked. */
ns_t timebase_measure(void)
{
	irq_state_t s = spin_lock_irqsave(&cal.lock);
	bool starts = !timebase && !cal.clock, blind;
	ns_t now;

	if (starts)
		clock_start();
	now = timebase ? timebase_at(timebase, cpu_cycles()) : calibrate();
	blind = starts && cal.clock && !*cal.clock;
	spin_unlock_irqrestore(&cal.lock, s);
	if (blind)
		log_warn("time: no clock here, guessing");
	if (starts)
		timer_refresh();
	return now;
}

uint64_t timebase_rate(void)
{
	if (timebase)
		return timebase->rate;
	if (!cal.total)
		return rate_of_hz(GUESS_HZ);
	return rate_of_span((uint64_t)timebase_span(cal.total, cal.ref_rate),
			    cal.cycles - cal.start_cycles);
}
