// SPDX-License-Identifier: BSD-2-Clause
/*
 * signals.c - interrupts and exceptions, from signals; and waiting for events.
 *
 * The handlers run on a stack of their own and are never left half-done: they change what the
 * signal returns to. Interrupts stay blocked for the few instructions that this takes.
 */
#include "arch/host/linux/linux.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define STACK_BYTES 65536
#define NS_PER_S    1000000000LL

static const int interrupts[] = { SIGALRM, SIGIO };
static const int exceptions[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };

/* There was an interrupt since the last wait, which therefore need not be one. */
static volatile sig_atomic_t unseen;

/* What of the timer, the wires and the keyboard is ready just now; waits up to `ts`, NULL: for
 * ever. Also called by handlers: system calls only. */
static uint32_t look(const struct timespec *ts, const sigset_t *mask)
{
	struct pollfd p[HOST_NETS + 1];
	uint32_t event[HOST_NETS + 1], found = 0;
	nfds_t n = 0;

	for (unsigned i = 0; i < HOST_NETS; i++)
		if (net_fd(i) >= 0) {
			event[n] = HOST_EVENT(HOST_LINE_NET + i);
			p[n++] = (struct pollfd){ .fd = net_fd(i), .events = POLLIN };
		}
	if (terminal_fd() >= 0) {
		event[n] = HOST_EVENT(HOST_LINE_CONSOLE);
		p[n++] = (struct pollfd){ .fd = terminal_fd(), .events = POLLIN };
	}
	if (ppoll(p, n, ts, mask) > 0)
		while (n-- > 0)
			found |= p[n].revents ? event[n] : 0;
	if (found & HOST_EVENT(HOST_LINE_CONSOLE))
		terminal_told();
	return found | (time_left() == 0 ? HOST_EVENT(HOST_LINE_TIMER) : 0);
}

static void on_interrupt(int number, siginfo_t *info, void *context)
{
	static const struct timespec none;
	const struct host_image *image = linux_host.image;
	ucontext_t *uc = context;
	uint32_t events = number == SIGTERM ? HOST_EVENT(HOST_LINE_STOP) : look(&none, NULL);

	(void)info;
	if (events & HOST_EVENT(HOST_LINE_TIMER))
		time_set(&linux_host, HOST_NEVER);
	image->raise(events);
	unseen = 1;
	if (image->interrupt(uc->uc_mcontext.gregs) == HOST_SOON)
		time_retry();
	else if (number == SIGALRM)
		time_again();
}

/* Not the image's: as if there were no handler. */
static void give_up(int number)
{
	terminal_restore();
	signal(number, SIG_DFL);
	raise(number);
}

static void on_exception(int number, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	if (info->si_code <= 0 || linux_host.image->fault(uc->uc_mcontext.gregs) == HOST_NOT_US)
		give_up(number);
}

static void catch (const int *number, size_t n, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = handler,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	for (size_t i = 0; i < sizeof(interrupts) / sizeof(interrupts[0]); i++)
		sigaddset(&action.sa_mask, interrupts[i]);
	for (size_t i = 0; i < n; i++)
		if (sigaction(number[i], &action, NULL))
			fail("no handler for signal %d", number[i]);
}

void signals_start(void)
{
	stack_t stack = { .ss_sp = malloc(STACK_BYTES), .ss_size = STACK_BYTES };

	if (!stack.ss_sp || sigaltstack(&stack, NULL))
		fail("no stack for signals");
	catch (interrupts, sizeof(interrupts) / sizeof(interrupts[0]), on_interrupt);
	catch (exceptions, sizeof(exceptions) / sizeof(exceptions[0]), on_exception);
}

/* SIGTERM ends a process whose image does not care. */
void signals_listen(void *host, unsigned line, bool listens)
{
	static const int stop = SIGTERM;

	(void)host;
	if (line == HOST_LINE_CONSOLE)
		terminal_listen(listens);
	if (line == HOST_LINE_STOP && listens)
		catch (&stop, 1, on_interrupt);
	else if (line == HOST_LINE_STOP)
		signal(SIGTERM, SIG_DFL);
}

/* Interrupts are blocked until the wait has begun. */
void signals_wait(void *host)
{
	int64_t left = time_left();
	struct timespec ts = { 0, 0 };
	sigset_t all, before;
	uint32_t events;

	(void)host;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	if (!unseen)
		ts = (struct timespec){ left / NS_PER_S, left % NS_PER_S };
	events = look(unseen || left != HOST_NEVER ? &ts : NULL, &before);
	unseen = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (events & HOST_EVENT(HOST_LINE_TIMER))
		time_set(&linux_host, HOST_NEVER);
	linux_host.image->raise(events);
}
