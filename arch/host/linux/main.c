// SPDX-License-Identifier: BSD-2-Clause
/*
 * main.c - an image as an ordinary process.
 */
#include "arch/host/linux/linux.h"
#include "arch/host/linux/tls.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

struct linux_host linux_host = { .image = &host_image };

/*
 * What the sanitizers are told: the CPU's exceptions are the image's, which has its own stacks and
 * its own malloc(). An environment variable of the user's still wins.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0:"
	       "use_sigaltstack=0:detect_stack_use_after_return=0:detect_leaks=0:"
	       "allow_user_segv_handler=1:intercept_tls_get_addr=0:exitcode=99";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1";
}

void fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fputs("unik: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(STATUS_FAILED);
}

static size_t entropy(void *host, void *out, size_t len)
{
	ssize_t n = getrandom(out, len, 0);

	(void)host;
	return n < 0 ? 0 : (size_t)n;
}

static __attribute__((noreturn)) void end(void *host, int status)
{
	(void)host;
	terminal_restore();
	exit(status);
}

static __attribute__((noreturn)) void reset(void *host)
{
	struct linux_host *h = host;

	terminal_restore();
	execv("/proc/self/exe", h->argv);
	fail("cannot start again");
}

static const struct host_ops ops = {
	.clock = time_clock,
	.wall = time_wall,
	.timer = time_set,
	.wait = signals_wait,
	.listen = signals_listen,
	.thread_pointer = memory_thread_pointer,
	.map = memory_map,
	.console_write = terminal_write,
	.console_read = terminal_read,
	.exit = end,
	.reset = reset,
	.entropy = entropy,
	.net_open = net_open,
	.net_send = net_send,
	.net_receive = net_receive,
	.disk_open = disk_open,
	.disk_transfer = disk_transfer,
	.disk_flush = disk_flush,
};

int main(int argc, char **argv)
{
	struct linux_host *h = &linux_host;

	h->machine.ops = &ops;
	h->machine.host = h;
	h->argv = argv;
	h->machine.seed_bytes = entropy(h, h->machine.seed, HOST_SEED_BYTES);
	options_parse(h, argc, argv);
	memory_start(h);
	tls_find(&h->machine);
	time_start();
	terminal_start();
	signals_start();
	h->image->start(&h->machine);
}
