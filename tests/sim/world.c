// SPDX-License-Identifier: BSD-2-Clause
/*
 * world.c - instances that take turns, and the operations of <asm/host.h> for them.
 */
#include "arch/host/linux/tls.h"
#include "tests/sim/devices.h"
#include <asm/prctl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CLOCK_STEP_NS 40
#define OFF_MS_MAX    20000
#define START_NS      NS_PER_S
#define LIMIT_NS      (6 * 3600 * NS_PER_S) /* virtual; everything has ended long before */
#define WALL_START    1700000000000000000ll
#define STEPS_OF_SEED 2000
#define FNV_PRIME     0x100000001b3ull

extern const struct host_image host_image_client, host_image_server, host_image_httpd,
	host_image_store;

struct world world;

static const char *const command_lines[INSTANCES] = {
	"unik.ip=10.0.0.1/24 %u",
	"unik.ip=10.0.0.2/24",
	"unik.ip=10.0.0.3/24",
	"unik.ip=10.0.0.4/24",
};

/* --- chance and record ---------------------------------------------------------------------- */

/* SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t random64(void)
{
	uint64_t z = world.random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint64_t choose(uint64_t n)
{
	return n ? random64() % n : 0;
}

void count(enum fault fault)
{
	world.result->count[fault]++;
}

bool happens(enum fault fault)
{
	if (world.phase != SIM_STORM || !world.rates.of[fault] ||
	    choose(65536) >= world.rates.of[fault])
		return false;
	count(fault);
	return true;
}

void trace(const char *format, ...)
{
	struct result *r = world.result;
	char line[160];
	va_list ap;
	int n;

	n = snprintf(line, sizeof(line), "%lld.%09lld %d ", (long long)(world.now / NS_PER_S),
		     (long long)(world.now % NS_PER_S),
		     world.running ? (int)world.running->index : -1);
	va_start(ap, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, ap);
	va_end(ap);
	r->events++;
	for (const char *p = line; *p; p++)
		r->hash = (r->hash ^ (unsigned char)*p) * FNV_PRIME;
	if (world.verbose)
		puts(line);
}

static __attribute__((noreturn)) void finish(void)
{
	world.result->end = world.now;
	fflush(stdout);
	_exit(0);
}

void violation(const char *format, ...)
{
	va_list ap;

	steps_stop();
	va_start(ap, format);
	vsnprintf(world.result->reason, REASON_BYTES, format, ap);
	va_end(ap);
	trace("violation: %s", world.result->reason);
	finish();
}

/* --- taking turns --------------------------------------------------------------------------- */

static void leave(struct instance *i)
{
	steps_stop();
	world.running = NULL;
	swapcontext(&i->context, &world.context);
}

void raise_line(struct instance *i, unsigned line)
{
	i->image->raise(HOST_EVENT(line));
	i->awake = true;
}

static void timers_fire(void)
{
	for (unsigned n = 0; n < INSTANCES; n++) {
		struct instance *i = &world.instance[n];

		if (!i->ended && i->due <= world.now) {
			i->due = HOST_NEVER;
			raise_line(i, HOST_LINE_TIMER);
		}
	}
}

static void begin(unsigned index);
static size_t op_entropy(void *host, void *out, size_t len);

/* From here on it does not run; what it was about to do is not done. */
static void switch_off(struct instance *i)
{
	i->boot = world.now + (int64_t)choose(OFF_MS_MAX) * NS_PER_MS;
	i->due = HOST_NEVER;
	i->awake = false;
	i->restarted = true;
	i->blocks = 0;
	i->off = HOST_NEVER;
	wire_reset(i);
	devices_reset(i);
	trace("off");
}

static void switch_on(struct instance *i)
{
	i->boot = i->off = HOST_NEVER;
	i->networked = HOST_NEVER;
	i->awake = true;
	i->tcb = NULL;
	i->machine.seed_bytes = op_entropy(i, i->machine.seed, HOST_SEED_BYTES);
	getcontext(&i->context);
	i->context.uc_stack.ss_sp = i->stack;
	i->context.uc_stack.ss_size = sizeof(i->stack);
	makecontext(&i->context, (void (*)(void))begin, 1, i->index);
}

static void switches(void)
{
	for (unsigned n = 0; n < INSTANCES; n++) {
		struct instance *i = &world.instance[n];

		if (i->off <= world.now && i != world.running)
			switch_off(i);
		if (i->boot <= world.now) {
			memory_reset(i);
			switch_on(i);
			trace("on");
		}
	}
}

static void happen(void)
{
	if (wire_next() <= world.now)
		wire_deliver();
	devices_work();
	timers_fire();
	switches();
	if (world.phase == SIM_STORM && world.now >= world.storm_end) {
		world.phase = SIM_OVER;
		devices_check();
		trace("storm over");
	}
}

/* Any call of the host is a place to lose the processor at. */
static void occasion(void)
{
	struct instance *i = world.running;

	happen();
	if (world.steps)
		return;
	if (i->off <= world.now || (i->restarts && happens(FAULT_RESTART))) {
		switch_off(i);
		leave(i);
	}
	if (happens(FAULT_PREEMPT_OP)) {
		world.preempt = true;
		trace("preempt");
		raise_line(i, HOST_LINE_TIMER);
	} else if (world.steps_left && happens(FAULT_PREEMPT_STEP)) {
		steps_begin();
	}
}

static void run(struct instance *i)
{
	world.running = i;
	trace("run");
	syscall(SYS_arch_prctl, ARCH_SET_GS, i->tcb);
	swapcontext(&world.context, &i->context);
}

static struct instance *pick(void)
{
	struct instance *ready[INSTANCES];
	unsigned n = 0;

	for (unsigned k = 0; k < INSTANCES; k++)
		if (!world.instance[k].ended && world.instance[k].awake)
			ready[n++] = &world.instance[k];
	return n ? ready[choose(n)] : NULL;
}

static int64_t next_event(void)
{
	int64_t next = wire_next(), device = devices_next();

	for (unsigned n = 0; n < INSTANCES; n++)
		if (!world.instance[n].ended && world.instance[n].due < next)
			next = world.instance[n].due;
	for (unsigned n = 0; n < INSTANCES; n++) {
		const struct instance *i = &world.instance[n];

		next = i->boot < next ? i->boot : next;
		next = i->off < next ? i->off : next;
	}
	next = device < next ? device : next;
	return next;
}

static bool all_ended(void)
{
	for (unsigned n = 0; n < INSTANCES; n++)
		if (!world.instance[n].ended && !world.instance[n].endless)
			return false;
	return true;
}

static void loop(void)
{
	while (!all_ended()) {
		struct instance *i = pick();
		int64_t next;

		if (i) {
			run(i);
			continue;
		}
		next = next_event();
		if (next == HOST_NEVER)
			violation("all wait, and nothing will ever happen");
		if (next > world.now)
			world.now = next;
		if (world.now > LIMIT_NS)
			violation("somebody waits for what does not come (watchdog)");
		happen();
	}
}

/* --- operations ----------------------------------------------------------------------------- */

static uint64_t op_clock(void *host)
{
	(void)host;
	world.now += CLOCK_STEP_NS;
	if (world.now > LIMIT_NS)
		violation("an instance never waits (watchdog)");
	occasion();
	return (uint64_t)world.now;
}

static int64_t op_wall(void *host)
{
	(void)host;
	return WALL_START + world.now;
}

static void op_timer(void *host, int64_t deadline)
{
	((struct instance *)host)->due = deadline;
}

static void op_wait(void *host)
{
	struct instance *i = host;

	i->awake = false;
	leave(i);
}

static void op_listen(void *host, unsigned line, bool listens)
{
	(void)host, (void)line, (void)listens;
}

static void op_thread_pointer(void *host, void *tcb)
{
	((struct instance *)host)->tcb = tcb;
	syscall(SYS_arch_prctl, ARCH_SET_GS, tcb);
}

static void op_console_write(void *host, const char *text, size_t len)
{
	struct result *r = world.result;

	(void)host;
	if (world.verbose)
		printf("%.*s", (int)len, text);
	if (len >= CONSOLE_BYTES)
		return;
	if (world.console_bytes + len >= CONSOLE_BYTES) {
		memmove(r->console, r->console + CONSOLE_BYTES / 2, CONSOLE_BYTES / 2);
		world.console_bytes -= CONSOLE_BYTES / 2;
		if (world.console_bytes + len >= CONSOLE_BYTES)
			return;
	}
	memcpy(r->console + world.console_bytes, text, len);
	world.console_bytes += len;
	r->console[world.console_bytes] = 0;
}

static size_t op_console_read(void *host, char *out, size_t len)
{
	(void)host, (void)out, (void)len;
	return 0;
}

static __attribute__((noreturn)) void op_exit(void *host, int status)
{
	struct instance *i = host;

	i->ended = true;
	i->status = status;
	trace("exit %d", status);
	if (status)
		violation("instance %u ended with status %d", i->index, status);
	leave(i);
	abort();
}

static __attribute__((noreturn)) void op_reset(void *host)
{
	violation("instance %u wants to start again", ((struct instance *)host)->index);
}

static size_t op_entropy(void *host, void *out, size_t len)
{
	unsigned char *p = out;

	(void)host;
	for (size_t n = 0; n < len; n++)
		p[n] = (unsigned char)random64();
	return len;
}

static bool op_disk_open(void *host, unsigned n, struct host_disk_info *out)
{
	(void)host, (void)n, (void)out;
	return false;
}

static void note_blocks(void)
{
	for (unsigned n = 0; n < INSTANCES; n++)
		world.instance[n].before = world.instance[n].blocks;
}

/* Of those who cannot say it themselves; long after their last connection. */
static void check_blocks(void)
{
	for (unsigned n = 0; n < INSTANCES; n++) {
		const struct instance *i = &world.instance[n];

		if (i->endless && !i->restarted && i->blocks > i->before)
			violation("instance %u has %ld blocks more than before", n,
				  i->blocks - i->before);
	}
}

static void set_phase(size_t phase)
{
	if (phase == SIM_STORM)
		note_blocks();
	trace("phase %zu", phase);
	if (world.phase != SIM_CALM && phase == SIM_STORM)
		return;
	world.phase = phase;
	if (phase == SIM_OVER)
		devices_check();
	if (phase == SIM_STORM)
		world.storm_end = world.now + 20 * NS_PER_S + (int64_t)choose(100) * NS_PER_S;
}

static bool preempted(void)
{
	bool was = world.preempt;

	world.preempt = false;
	return was;
}

/* Without memory a program may refuse to start, and a device that is not found then is never found;
 * that is not what is looked for here. */
static bool started(const struct instance *i)
{
	return i->networked != HOST_NEVER && world.now - i->networked >= START_NS;
}

static bool op_fails(void *host, enum host_fault_point point, size_t value)
{
	struct instance *i = host;
	bool fails = false;

	switch ((int)point) {
	case HOST_FAULT_PAGE:
		occasion();
		fails = started(i) && happens(FAULT_NO_PAGE);
		break;
	case HOST_FAULT_HEAP:
		occasion();
		fails = started(i) && happens(FAULT_NO_HEAP);
		break;
	case SIM_BLOCKS:
		i->blocks = (long)value;
		occasion();
		return false;
	case SIM_PREEMPT:
		return preempted();
	case SIM_VIRTIO:
		occasion();
		return device_register(i, (struct sim_virtio *)value);
	case SIM_VIOLATION:
		violation("instance %u: %s", i->index, (const char *)value);
	case SIM_PHASE:
		set_phase(value);
		return false;
	case SIM_BUG:
		fails = happens(FAULT_BUG);
		break;
	}
	if (fails)
		trace("fails %d %zu", (int)point, value);
	return fails;
}

static const struct host_ops ops = {
	.clock = op_clock,
	.wall = op_wall,
	.timer = op_timer,
	.wait = op_wait,
	.listen = op_listen,
	.thread_pointer = op_thread_pointer,
	.map = memory_map,
	.console_write = op_console_write,
	.console_read = op_console_read,
	.exit = op_exit,
	.reset = op_reset,
	.entropy = op_entropy,
	.net_open = wire_open,
	.net_send = wire_send,
	.net_receive = wire_receive,
	.disk_open = op_disk_open,
	.fails = op_fails,
};

/* --- the start ------------------------------------------------------------------------------ */

static void begin(unsigned index)
{
	struct instance *i = &world.instance[index];

	i->image->start(&i->machine);
}

static void prepare(unsigned n, const struct host_image *image, unsigned variant)
{
	static char lines[INSTANCES][128];
	struct instance *i = &world.instance[n];

	i->image = image;
	i->index = n;
	i->due = HOST_NEVER;
	snprintf(lines[n], sizeof(lines[n]), command_lines[n], variant);
	i->machine.ops = &ops;
	i->machine.host = i;
	i->machine.ram_bytes = RAM_BYTES;
	i->machine.command_line = lines[n];
	tls_find(&i->machine);
	memory_start(i);
	switch_on(i);
}

void world_run(uint64_t seed, bool verbose, struct result *r)
{
	world.random = seed;
	world.verbose = verbose;
	world.result = r;
	world.steps_left = STEPS_OF_SEED;
	wire_plan();
	prepare(0, &host_image_client, (unsigned)choose(1u << 30));
	prepare(1, &host_image_server, 0);
	prepare(2, &host_image_httpd, 0);
	prepare(3, &host_image_store, 0);
	world.instance[2].endless = world.instance[3].endless = true;
	for (unsigned n = 1; n < INSTANCES; n++) {
		world.instance[n].restarts = true;
		world.instance[n].virtio_net = choose(2);
		world.instance[n].features = random64();
	}
	disk_start(&world.instance[3]);
	steps_start();
	loop();
	check_blocks();
	r->passed = true;
	finish();
}
