// SPDX-License-Identifier: BSD-2-Clause
/* Signals: actions, masks, order, delivery to running and to waiting threads, faults. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>
#include "tests/check.h"

/* __builtin_trap() is a breakpoint on AArch64. */
#if defined(__aarch64__)
#define INVALID_INSTRUCTION() __asm__ volatile("udf #0")
#else
#define INVALID_INSTRUCTION() __builtin_trap()
#endif

static volatile sig_atomic_t ncaught, last_signal, last_code, last_value;
static int caught[64];

static void note(int sig)
{
	caught[ncaught++ % 64] = sig;
	last_signal = sig;
}

static void note_info(int sig, siginfo_t *info, void *context)
{
	(void)context;
	note(sig);
	last_code = info->si_code;
	last_value = info->si_value.sival_int;
}

static void handle(int sig, int flags)
{
	struct sigaction a = { .sa_flags = flags };

	if (flags & SA_SIGINFO)
		a.sa_sigaction = note_info;
	else
		a.sa_handler = note;
	sigemptyset(&a.sa_mask);
	CHECK_EQ(sigaction(sig, &a, NULL), 0);
	ncaught = 0;
}

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 }, left;

	while (nanosleep(&t, &left))
		t = left;
}

static sigset_t set_of(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return set;
}

static void test_raise(void)
{
	handle(SIGUSR1, 0);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(ncaught, 1);
	CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	CHECK_EQ(kill(0, SIGUSR1), 0);
	CHECK_EQ(pthread_kill(pthread_self(), SIGUSR1), 0);
	CHECK_EQ(ncaught, 4);
	CHECK_EQ(kill(getpid(), 0), 0);
	errno = 0;
	CHECK(kill(4711, SIGUSR1) == -1 && errno == ESRCH);
	CHECK(kill(getpid(), NSIG) == -1 && errno == EINVAL);
	CHECK(raise(-1) == -1 && errno == EINVAL);
	CHECK_EQ(pthread_kill(pthread_self(), NSIG), EINVAL);
}

static void test_actions(void)
{
	struct sigaction a = { .sa_handler = note }, old;

	errno = 0;
	CHECK(sigaction(SIGKILL, &a, NULL) == -1 && errno == EINVAL);
	CHECK(sigaction(SIGSTOP, &a, NULL) == -1 && errno == EINVAL);
	CHECK(sigaction(0, &a, NULL) == -1 && errno == EINVAL);
	CHECK(sigaction(NSIG, NULL, &old) == -1 && errno == EINVAL);
	CHECK(signal(SIGKILL, note) == SIG_ERR);
	handle(SIGUSR2, SA_RESETHAND);
	raise(SIGUSR2);
	CHECK_EQ(sigaction(SIGUSR2, NULL, &old), 0);
	CHECK(old.sa_handler == SIG_DFL);
	CHECK(signal(SIGUSR2, SIG_IGN) == SIG_DFL);
	raise(SIGUSR2);
	CHECK(signal(SIGUSR2, SIG_DFL) == SIG_IGN);
	raise(SIGCHLD);
	raise(SIGURG);
	CHECK_EQ(ncaught, 1);
}

static void test_masks(void)
{
	sigset_t usr1 = set_of(SIGUSR1), old, pending;

	handle(SIGUSR1, 0);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &usr1, &old), 0);
	CHECK(!sigismember(&old, SIGUSR1));
	raise(SIGUSR1);
	raise(SIGUSR1);
	CHECK_EQ(ncaught, 0);
	sigpending(&pending);
	CHECK(sigismember(&pending, SIGUSR1));
	CHECK_EQ(sigprocmask(SIG_UNBLOCK, &usr1, NULL), 0);
	CHECK_EQ(ncaught, 1);
	sigpending(&pending);
	CHECK(!sigismember(&pending, SIGUSR1));
	errno = 0;
	CHECK(sigprocmask(77, &usr1, NULL) == -1 && errno == EINVAL);
	CHECK_EQ(pthread_sigmask(77, &usr1, NULL), EINVAL);
	sigfillset(&pending);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &pending, &old), 0);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &old, &pending), 0);
	CHECK(!sigismember(&pending, SIGKILL));
	CHECK(sigismember(&pending, SIGRTMAX));
}

static volatile int nested, nested_most, nests;

static void nest(int sig)
{
	if (++nested > nested_most)
		nested_most = nested;
	if (++nests < 3)
		raise(sig);
	nested--;
}

static void test_mask_in_handler(void)
{
	struct sigaction a = { .sa_handler = nest };

	sigaction(SIGUSR1, &a, NULL);
	raise(SIGUSR1);
	CHECK_EQ(nested_most, 1);
	CHECK_EQ(nests, 3);
	nests = 0;
	a.sa_flags = SA_NODEFER;
	sigaction(SIGUSR1, &a, NULL);
	raise(SIGUSR1);
	CHECK_EQ(nested_most, 3);
}

static void test_queue_order(void)
{
	sigset_t all, old;
	union sigval value;

	sigfillset(&all);
	handle(SIGRTMIN, SA_SIGINFO);
	handle(SIGRTMIN + 1, SA_SIGINFO);
	handle(SIGRTMAX, SA_SIGINFO);
	sigprocmask(SIG_SETMASK, &all, &old);
	for (int i = 0; i < 3; i++) {
		value.sival_int = 10 + i;
		CHECK_EQ(sigqueue(getpid(), SIGRTMAX, value), 0);
		CHECK_EQ(sigqueue(getpid(), SIGRTMIN + 1, value), 0);
		CHECK_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
	}
	for (int i = 0; i < 9; i++) {
		siginfo_t info;
		int sig = sigwaitinfo(&all, &info);

		CHECK_EQ(sig, i < 3 ? SIGRTMIN : i < 6 ? SIGRTMIN + 1 : SIGRTMAX);
		CHECK_EQ(info.si_value.sival_int, 10 + i % 3);
		CHECK_EQ(info.si_code, SI_QUEUE);
		CHECK_EQ(info.si_pid, getpid());
	}
	value.sival_int = 99;
	sigqueue(getpid(), SIGRTMIN, value);
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK(last_signal == SIGRTMIN && last_value == 99 && last_code == SI_QUEUE);
	errno = 0;
	CHECK(sigqueue(4711, SIGRTMIN, value) == -1 && errno == ESRCH);
	CHECK(sigqueue(getpid(), -1, value) == -1 && errno == EINVAL);
}

static void test_queue_full(void)
{
	sigset_t rt = set_of(SIGRTMIN), old;
	union sigval value = { 0 };
	int n = 0, ret;

	sigprocmask(SIG_BLOCK, &rt, &old);
	while ((ret = sigqueue(getpid(), SIGRTMIN, value)) == 0 && n < 100000)
		n++;
	CHECK(ret == -1 && errno == EAGAIN && n >= 32);
	signal(SIGRTMIN, SIG_IGN); /* throws all of them away */
	signal(SIGRTMIN, SIG_DFL);
	CHECK_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
	signal(SIGRTMIN, SIG_IGN);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void test_wait_timeout(void)
{
	sigset_t set = set_of(SIGUSR1);
	struct timespec none = { 0, 0 }, some = { 0, 20000000 }, bad = { 0, -1 };

	sigprocmask(SIG_BLOCK, &set, NULL);
	errno = 0;
	CHECK(sigtimedwait(&set, NULL, &none) == -1 && errno == EAGAIN);
	CHECK(sigtimedwait(&set, NULL, &some) == -1 && errno == EAGAIN);
	CHECK(sigtimedwait(&set, NULL, &bad) == -1 && errno == EINVAL);
	raise(SIGUSR1);
	CHECK_EQ(sigtimedwait(&set, NULL, &none), SIGUSR1);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* --- other threads --------------------------------------------------------------------- */

static pthread_t main_thread;
static volatile int kick_signal = SIGUSR1;

/* Send the signal to the main thread in a while. */
static void *kick(void *arg)
{
	sleep_ms((long)(intptr_t)arg);
	pthread_kill(main_thread, kick_signal);
	return NULL;
}

static pthread_t kick_after(long ms)
{
	pthread_t t;

	CHECK_EQ(pthread_create(&t, NULL, kick, (void *)(intptr_t)ms), 0);
	return t;
}

#define INTERRUPTED(call)                      \
	do {                                   \
		pthread_t t_ = kick_after(20); \
		ncaught = 0;                   \
		errno = 0;                     \
		CHECK_EQ((call), -1);          \
		CHECK_EQ(errno, EINTR);        \
		CHECK_EQ(ncaught, 1);          \
		pthread_join(t_, NULL);        \
	} while (0)

static void test_interrupted(void)
{
	struct timespec span = { 5, 0 }, left = { 0, 0 };
	sigset_t none, usr2 = set_of(SIGUSR2);
	struct pollfd p;
	int fd[2];
	char c;
	sem_t sem;
	pthread_t t;

	handle(SIGUSR1, 0);
	pipe(fd);
	p = (struct pollfd){ fd[0], POLLIN, 0 };
	sem_init(&sem, 0, 0);
	sigemptyset(&none);
	INTERRUPTED(read(fd[0], &c, 1));
	INTERRUPTED(nanosleep(&span, &left));
	CHECK(left.tv_sec == 4);
	INTERRUPTED(poll(&p, 1, 5000));
	INTERRUPTED(select(0, NULL, NULL, NULL, NULL));
	INTERRUPTED(sem_wait(&sem));
	INTERRUPTED(pause());
	INTERRUPTED(sigsuspend(&none));
	INTERRUPTED(sigwaitinfo(&usr2, NULL));
	INTERRUPTED(usleep(5000000));
	t = kick_after(20);
	CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &span, &left), EINTR);
	pthread_join(t, NULL);
	t = kick_after(20);
	CHECK_EQ(sleep(5), 5);
	pthread_join(t, NULL);
	fcntl(fd[1], F_SETFL, 0);
	while (1) {
		struct pollfd w = { fd[1], POLLOUT, 0 };

		if (poll(&w, 1, 0) == 0)
			break;
		write(fd[1], &c, 1);
	}
	{
		char page[4096] = { 0 };

		INTERRUPTED(write(fd[1], page, sizeof(page)));
	}
	close(fd[0]);
	close(fd[1]);
}

static void *write_later(void *arg)
{
	kick((void *)20);
	sleep_ms(20);
	write(*(int *)arg, "x", 1);
	return NULL;
}

static void test_restarted(void)
{
	pthread_t t;
	int fd[2];
	char c = 0;

	handle(SIGUSR1, SA_RESTART);
	pipe(fd);
	pthread_create(&t, NULL, write_later, &fd[1]);
	CHECK_EQ(read(fd[0], &c, 1), 1);
	CHECK(c == 'x' && ncaught == 1);
	pthread_join(t, NULL);
	close(fd[0]);
	close(fd[1]);
}

static void test_ppoll(void)
{
	sigset_t usr1 = set_of(SIGUSR1), none, now;

	handle(SIGUSR1, 0);
	sigemptyset(&none);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	raise(SIGUSR1);
	CHECK_EQ(ncaught, 0);
	errno = 0;
	CHECK(ppoll(NULL, 0, NULL, &none) == -1 && errno == EINTR && ncaught == 1);
	raise(SIGUSR1);
	CHECK(pselect(0, NULL, NULL, NULL, NULL, &none) == -1 && errno == EINTR && ncaught == 2);
	raise(SIGUSR1);
	CHECK(sigsuspend(&none) == -1 && errno == EINTR && ncaught == 3);
	sigprocmask(SIG_UNBLOCK, &usr1, &now);
	CHECK(sigismember(&now, SIGUSR1));
}

static volatile unsigned long spins;

/* A loop that calls nothing is interrupted, and its FPU registers stay as they are. */
static void test_compute_loop(void)
{
	pthread_t t = kick_after(30);
	double x = 1.0;

	handle(SIGUSR1, 0);
	while (!ncaught) {
		x = x * 1.0000001 + 1e-9;
		spins++;
	}
	CHECK(x > 1.0 && x < 1e100);
	pthread_join(t, NULL);
}

/* One that calls the library all the time as well. */
static void test_busy_loop(void)
{
	pthread_t t = kick_after(30);
	struct timespec now;

	handle(SIGUSR1, 0);
	while (!ncaught)
		clock_gettime(CLOCK_MONOTONIC, &now);
	pthread_join(t, NULL);
}

static void *hold(void *mutex)
{
	pthread_mutex_lock(mutex);
	kick((void *)30);
	sleep_ms(50);
	CHECK_EQ(ncaught, 1);
	pthread_mutex_unlock(mutex);
	return NULL;
}

static void test_mutex_wait(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_t t;

	handle(SIGUSR1, 0);
	pthread_create(&t, NULL, hold, &m);
	sleep_ms(10);
	CHECK_EQ(pthread_mutex_lock(&m), 0);
	CHECK_EQ(ncaught, 1);
	pthread_mutex_unlock(&m);
	pthread_join(t, NULL);
}

static void *wait_for_usr2(void *out)
{
	sigset_t set = set_of(SIGUSR2);

	CHECK_EQ(sigwait(&set, out), 0);
	return NULL;
}

/* A signal of the process goes to the thread that waits for it; masks are inherited. */
static void test_process_signal(void)
{
	sigset_t set = set_of(SIGUSR2);
	int got = 0;
	pthread_t t;

	sigprocmask(SIG_BLOCK, &set, NULL);
	pthread_create(&t, NULL, wait_for_usr2, &got);
	sleep_ms(10);
	kill(getpid(), SIGUSR2);
	pthread_join(t, NULL);
	CHECK_EQ(got, SIGUSR2);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* --- faults ---------------------------------------------------------------------------- */

static sigjmp_buf back;
static volatile int fault_signal, fault_code;
static void *volatile fault_address;
static volatile uintptr_t handler_sp;

static void jump_back(int sig, siginfo_t *info, void *context)
{
	(void)context;
	fault_signal = sig;
	fault_code = info->si_code;
	fault_address = info->si_addr;
	handler_sp = (uintptr_t)__builtin_frame_address(0);
	siglongjmp(back, 1);
}

static void handle_fault(int sig, int flags)
{
	struct sigaction a = { .sa_sigaction = jump_back, .sa_flags = SA_SIGINFO | flags };

	CHECK_EQ(sigaction(sig, &a, NULL), 0);
	fault_signal = 0;
}

static void test_segv(void)
{
	handle_fault(SIGSEGV, 0);
	for (volatile int i = 0; i < 3; i++)
		if (!sigsetjmp(back, 1)) {
			*(volatile int *)(uintptr_t)(64 + i) = 1;
			CHECK(0);
		}
	CHECK_EQ(fault_signal, SIGSEGV);
	CHECK_EQ(fault_code, SEGV_MAPERR);
	CHECK(fault_address == (void *)66);
	if (!sigsetjmp(back, 1)) {
		*(volatile char *)(uintptr_t) "constant" = 1;
		CHECK(0);
	}
	CHECK_EQ(fault_code, SEGV_ACCERR);
}

static void test_other_faults(void)
{
	volatile int zero = 0;

	handle_fault(SIGFPE, 0);
	handle_fault(SIGILL, 0);
	handle_fault(SIGTRAP, 0);
#if defined(__x86_64__)
	if (!sigsetjmp(back, 1)) {
		zero = 7 / zero;
		CHECK(0);
	}
	CHECK(fault_signal == SIGFPE && fault_code == FPE_INTDIV);
#endif
	if (!sigsetjmp(back, 1))
		INVALID_INSTRUCTION();
	CHECK_EQ(fault_signal, SIGILL);
	(void)zero;
}

static int skipped;

static void skip_store(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)info;
	note(sig);
#if defined(__x86_64__)
	CHECK_EQ(u->uc_mcontext.gregs[REG_CR2], 8);
	u->uc_mcontext.gregs[REG_RCX] = (greg_t)(uintptr_t)&skipped;
#elif defined(__aarch64__)
	CHECK_EQ(u->uc_mcontext.fault_address, 8);
	u->uc_mcontext.regs[1] = (uintptr_t)&skipped;
#endif
}

/* What the handler changes in the context is in force afterwards. */
static void test_context(void)
{
	struct sigaction a = { .sa_sigaction = skip_store, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &a, NULL);
	ncaught = 0;
#if defined(__x86_64__)
	__asm__ volatile("movl $77, (%%rcx)" ::"c"(8) : "memory");
#elif defined(__aarch64__)
	__asm__ volatile("mov x1, #8; mov w0, #77; str w0, [x1]" ::: "x0", "x1", "memory");
#endif
	CHECK_EQ(ncaught, 1);
	CHECK_EQ(skipped, 77);
}

__attribute__((noinline)) static int deeper(volatile int *above)
{
	volatile int here[64];

	here[0] = *above + 1;
	if (here[0] < 0)
		return 0;
	return deeper(here) + here[1];
}

static void *overflow(void *arg)
{
	static char space[SIGSTKSZ];
	stack_t alt = { .ss_sp = space, .ss_size = sizeof(space) }, old;
	volatile int depth = 0;

	(void)arg;
	CHECK_EQ(sigaltstack(&alt, &old), 0);
	CHECK_EQ(old.ss_flags, SS_DISABLE);
	for (int i = 0; i < 3; i++) {
		fault_signal = 0;
		if (!sigsetjmp(back, 1))
			deeper(&depth);
		CHECK_EQ(fault_signal, SIGSEGV);
		CHECK(handler_sp > (uintptr_t)space && handler_sp < (uintptr_t)space + SIGSTKSZ);
	}
	alt.ss_size = 10;
	errno = 0;
	CHECK(sigaltstack(&alt, NULL) == -1 && errno == ENOMEM);
	alt.ss_flags = 77;
	CHECK(sigaltstack(&alt, NULL) == -1 && errno == EINVAL);
	alt.ss_flags = SS_DISABLE;
	CHECK_EQ(sigaltstack(&alt, NULL), 0);
	return NULL;
}

static void test_stack_overflow(void)
{
	pthread_t t;

	handle_fault(SIGSEGV, SA_ONSTACK);
	pthread_create(&t, NULL, overflow, NULL);
	pthread_join(t, NULL);
}

static void test_broken_pipe(void)
{
	int fd[2];

	handle(SIGPIPE, 0);
	pipe(fd);
	close(fd[0]);
	errno = 0;
	CHECK(write(fd[1], "x", 1) == -1 && errno == EPIPE);
	CHECK_EQ(ncaught, 1);
	signal(SIGPIPE, SIG_IGN);
	CHECK(write(fd[1], "x", 1) == -1 && errno == EPIPE);
	close(fd[1]);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	main_thread = pthread_self();
	RUN(test_raise);
	RUN(test_actions);
	RUN(test_masks);
	RUN(test_mask_in_handler);
	RUN(test_queue_order);
	RUN(test_queue_full);
	RUN(test_wait_timeout);
	RUN(test_interrupted);
	RUN(test_restarted);
	RUN(test_ppoll);
	RUN(test_compute_loop);
	RUN(test_busy_loop);
	RUN(test_process_signal);
	RUN(test_segv);
	RUN(test_other_faults);
	RUN(test_context);
	RUN(test_stack_overflow);
	RUN(test_broken_pipe);
	RUN(test_mutex_wait);
	return check_done();
}
