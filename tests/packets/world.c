// SPDX-License-Identifier: BSD-2-Clause
/*
 * world.c - one image, a clock that jumps, a wire whose other end is the script, and a console by
 * which the program is told what to do. Operations of <asm/host.h>.
 */
#include "arch/host/linux/tls.h"
#include "tests/packets/packets.h"
#include "tests/sim/sim.h"
#include <asm/prctl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CLOCK_STEP_NS 40
#define WALL_START    1700000000000000000ll
#define OUT_FRAMES    4096
#define IN_FRAMES     256
#define SIGNAL_STACK  65536

bool verbose;
int64_t now;

static struct instance image;
static ucontext_t context;
static struct frame *out, *in; /* sent by the image, and for it */
static unsigned nout, out_at, nin, in_at;
static char typed[256], answer[RESULT_MAX], line[512];
static size_t line_bytes;
static bool raised; /* an event, while the image ran */

static void leave(void)
{
	swapcontext(&image.context, &context);
}

static void raise_event(unsigned n)
{
	image.image->raise(HOST_EVENT(n));
	image.awake = raised = true;
}

static void run(void)
{
	raised = false;
	syscall(SYS_arch_prctl, ARCH_SET_GS, image.tcb);
	swapcontext(&context, &image.context);
}

void world_until(int64_t when, bool frame)
{
	for (;;) {
		if (image.awake) {
			run();
		} else if (frame && world_frame()) {
			return;
		} else if (image.due <= when) {
			now = image.due > now ? image.due : now;
			image.due = HOST_NEVER;
			raise_event(HOST_LINE_TIMER);
		} else {
			break;
		}
	}
	if (now < when)
		now = when;
}

/* --- the wire ------------------------------------------------------------------------------- */

struct frame *world_frame(void)
{
	return out_at < nout ? &out[out_at] : NULL;
}

void world_forget(void)
{
	if (++out_at == nout)
		out_at = nout = 0;
}

static void deliver(const unsigned char *data, size_t len)
{
	if (nin == IN_FRAMES)
		fail("the image does not take its frames");
	memcpy(in[nin].data, data, len);
	in[nin++].len = len;
	raise_event(HOST_LINE_NET);
}

void world_inject(const unsigned char *data, size_t len)
{
	deliver(data, len);
	world_until(now, false);
}

static bool op_net_open(void *host, unsigned n, struct host_net_info *info)
{
	(void)host;
	if (n > 0)
		return false;
	memcpy(info->mac, (uint8_t[]){ 2, 0, 0, 0, 0, 1 }, 6);
	info->mtu = MTU;
	return true;
}

static int op_net_send(void *host, unsigned n, const struct host_piece *piece, unsigned npiece)
{
	unsigned char reply[FRAME_MAX];
	struct segment s;
	struct frame *f;
	size_t len;

	(void)host, (void)n;
	if (nout == OUT_FRAMES)
		fail("the image sends without end");
	f = &out[nout];
	f->at = now;
	f->len = 0;
	for (unsigned k = 0; k < npiece; k++) {
		if (piece[k].len > FRAME_MAX - f->len)
			fail("a frame longer than the MTU allows");
		memcpy(f->data + f->len, piece[k].data, piece[k].len);
		f->len += piece[k].len;
	}
	len = frame_answer(f->data, f->len, reply);
	if (len)
		deliver(reply, len);
	else if (frame_parse(f, &s))
		nout++;
	return 0;
}

static long op_net_receive(void *host, unsigned n, void *to, size_t len)
{
	struct frame *f = &in[in_at];

	(void)host, (void)n;
	if (in_at == nin)
		return 0;
	if (f->len < len)
		len = f->len;
	memcpy(to, f->data, len);
	if (++in_at == nin)
		in_at = nin = 0;
	return (long)len;
}

/* --- the console ---------------------------------------------------------------------------- */

const char *world_call(const char *command)
{
	snprintf(typed, sizeof(typed), "%s\n", command);
	answer[0] = 0;
	raise_event(HOST_LINE_CONSOLE);
	world_until(now, false);
	return answer;
}

static size_t op_console_read(void *host, char *to, size_t len)
{
	size_t n = strlen(typed);

	(void)host;
	n = n < len ? n : len;
	memcpy(to, typed, n);
	memmove(typed, typed + n, sizeof(typed) - n);
	return n;
}

static void op_console_write(void *host, const char *text, size_t len)
{
	(void)host;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			line[line_bytes] = 0;
			line_bytes = 0;
			if (line[0] == '@')
				snprintf(answer, sizeof(answer), "%.*s", RESULT_MAX - 1, line + 1);
			else
				fprintf(stderr, "image: %s\n", line);
		} else if (text[i] != '\r' && line_bytes < sizeof(line) - 1) {
			line[line_bytes++] = text[i];
		}
	}
}

/* --- other operations ----------------------------------------------------------------------- */

static uint64_t op_clock(void *host)
{
	(void)host;
	return (uint64_t)(now += CLOCK_STEP_NS);
}

static int64_t op_wall(void *host)
{
	(void)host;
	return WALL_START + now;
}

static void op_timer(void *host, int64_t deadline)
{
	((struct instance *)host)->due = deadline;
}

static void op_wait(void *host)
{
	if (raised) {
		raised = false;
		return;
	}
	((struct instance *)host)->awake = false;
	leave();
}

static void op_listen(void *host, unsigned n, bool listens)
{
	(void)host, (void)n, (void)listens;
}

static void op_thread_pointer(void *host, void *tcb)
{
	((struct instance *)host)->tcb = tcb;
	syscall(SYS_arch_prctl, ARCH_SET_GS, tcb);
}

static __attribute__((noreturn)) void op_exit(void *host, int status)
{
	(void)host;
	fail("the image ended with status %d", status);
}

static __attribute__((noreturn)) void op_reset(void *host)
{
	(void)host;
	fail("the image wants to start again");
}

static size_t op_entropy(void *host, void *to, size_t len)
{
	unsigned char *p = to;

	(void)host;
	for (size_t n = 0; n < len; n++)
		p[n] = (unsigned char)(n * 37 + 11);
	return len;
}

static bool op_disk_open(void *host, unsigned n, struct host_disk_info *info)
{
	(void)host, (void)n, (void)info;
	return false;
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
	.net_open = op_net_open,
	.net_send = op_net_send,
	.net_receive = op_net_receive,
	.disk_open = op_disk_open,
};

/* --- the start ------------------------------------------------------------------------------ */

static void on_exception(int number, siginfo_t *info, void *uc)
{
	(void)info;
	if (image.image->fault(((ucontext_t *)uc)->uc_mcontext.gregs) == HOST_NOT_US) {
		signal(number, SIG_DFL);
		raise(number);
	}
}

/* The image's memory is filled by faults. */
static void exceptions_start(void)
{
	static const int exceptions[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
	static char stack[SIGNAL_STACK];
	struct sigaction action = { .sa_sigaction = on_exception,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK };

	if (sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof(stack) }, NULL))
		abort();
	for (size_t n = 0; n < sizeof(exceptions) / sizeof(exceptions[0]); n++)
		if (sigaction(exceptions[n], &action, NULL))
			abort();
}

static void begin(void)
{
	image.image->start(&image.machine);
}

void world_start(void)
{
	out = calloc(OUT_FRAMES, sizeof(*out));
	in = calloc(IN_FRAMES, sizeof(*in));
	if (!out || !in)
		abort();
	image.image = &host_image;
	image.due = HOST_NEVER;
	image.awake = true;
	image.machine.ops = &ops;
	image.machine.host = &image;
	image.machine.ram_bytes = RAM_BYTES;
	image.machine.command_line = "unik.ip=10.0.0.1/24";
	image.machine.seed_bytes = op_entropy(&image, image.machine.seed, HOST_SEED_BYTES);
	tls_find(&image.machine);
	memory_start(&image);
	exceptions_start();
	getcontext(&image.context);
	image.context.uc_stack.ss_sp = image.stack;
	image.context.uc_stack.ss_size = sizeof(image.stack);
	makecontext(&image.context, begin, 0);
	world_until(NS_PER_S, false);
}
