// SPDX-License-Identifier: BSD-2-Clause
// run: --cpu max
/* Every kind of indirect branch that programs make, on a CPU that looks where they land. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "tests/check.h"

/* The C library's functions, those in assembly too; by variables that the compiler cannot see
 * through. */
static void test_library_by_pointer(void)
{
	int (*volatile compare)(const char *, const char *) = strcmp;
	int (*volatile compare_n)(const char *, const char *, size_t) = strncmp;
	int (*volatile compare_bytes)(const void *, const void *, size_t) = memcmp;
	void *(*volatile copy)(void *, const void *, size_t) = memcpy;
	void *(*volatile move)(void *, const void *, size_t) = memmove;
	void *(*volatile set)(void *, int, size_t) = memset;
	void *(*volatile find)(const void *, int, size_t) = memchr;
	char *(*volatile find_char)(const char *, int) = strchr;
	char *(*volatile find_last)(const char *, int) = strrchr;
	char *(*volatile copy_text)(char *, const char *) = strcpy;
	size_t (*volatile length)(const char *) = strlen;
	size_t (*volatile length_n)(const char *, size_t) = strnlen;
	char at[32];

	CHECK_STR(copy_text(at, "branches"), "branches");
	CHECK_EQ(length(at), 8);
	CHECK_EQ(length_n(at, 3), 3);
	CHECK(compare(at, "branch") > 0);
	CHECK_EQ(compare_n(at, "branch", 6), 0);
	CHECK_EQ(compare_bytes(at, "branch", 6), 0);
	CHECK(find(at, 'n', 8) == at + 3);
	CHECK(find_char(at, 'n') == at + 3);
	CHECK(find_last(at, 'e') == at + 6);
	CHECK(copy(at + 9, at, 9) == at + 9);
	CHECK(move(at + 1, at, 9) == at + 1);
	CHECK_STR(at, "bbranches");
	CHECK(set(at, 'x', 4) == at);
	CHECK_STR(at, "xxxxnches");
}

/* A table of labels, and of a switch. */
static void test_tables(void)
{
	static const void *const labels[] = { &&first, &&second };
	volatile int which = 1;
	int sum = 0;

	goto *labels[which];
first:
	sum += 100;
second:
	for (which = 0; which < 7; which++)
		switch (which) {
		case 0:
			sum += atoi("7");
			break;
		case 1:
			sum ^= 5;
			break;
		case 2:
			sum *= 3;
			break;
		case 3:
			sum += (int)strlen("four");
			break;
		case 4:
			sum = -sum;
			break;
		case 5:
			sum <<= 2;
			break;
		default:
			sum -= abs(sum);
			break;
		}
	CHECK_EQ(sum, -80);
}

/* The compiler's own library has tables, and perhaps no landing pads. */
static void test_compilers_library(void)
{
	static const volatile long double kinds[] = { 0, 3, INFINITY, NAN };

	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 4; j++) {
			double want = (double)kinds[i] / (double)kinds[j];
			long double is = kinds[i] / kinds[j];

			CHECK(isnan(want) ? isnan(is) : is == want);
		}
}

static jmp_buf back;

static void test_longjmp(void)
{
	void (*volatile leave)(jmp_buf, int) = longjmp;
	volatile int times = 0;

	if (setjmp(back) < 3) {
		times++;
		leave(back, times);
	}
	CHECK_EQ(times, 3);
}

static ucontext_t here, there;
static int steps;

static void visit(void)
{
	steps++;
	swapcontext(&there, &here);
	steps += 10;
}

static void test_contexts(void)
{
	static char stack[65536];
	int (*volatile swap)(ucontext_t *, const ucontext_t *) = swapcontext;

	CHECK_EQ(getcontext(&there), 0);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, visit, 0);
	CHECK_EQ(swap(&here, &there), 0);
	CHECK_EQ(steps, 1);
	CHECK_EQ(swapcontext(&here, &there), 0);
	CHECK_EQ(steps, 11);
}

/* Code that the program has made needs no pads, but what it calls has one. */
static void test_made_code(void)
{
#ifdef __aarch64__
	const uint32_t code[] = { 0x91000400, 0xd61f0020 }; /* add x0, x0, #1; br x1 */
#else
	const uint8_t code[] = { 0x48, 0xff, 0xc7, 0xff, 0xe6 }; /* inc %rdi; jmp *%rsi */
#endif
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t (*made)(const char *, size_t (*)(const char *));

	CHECK(page != MAP_FAILED);
	memcpy(page, code, sizeof(code));
	CHECK_EQ(mprotect(page, 4096, PROT_READ | PROT_EXEC), 0);
	memcpy(&made, &page, sizeof(made));
	CHECK_EQ(made("four", strlen), 3);
	CHECK_EQ(munmap(page, 4096), 0);
}

#ifdef __aarch64__

static sigjmp_buf out;
static int code_seen;
static uintptr_t address_seen;

__attribute__((noinline, used)) static int target(int x)
{
	__asm__ volatile("nop\n\tnop");
	return x + 1;
}

static void leave(int sig, siginfo_t *info, void *context)
{
	code_seen = info->si_code;
	address_seen = (uintptr_t)info->si_addr;
	siglongjmp(out, sig);
}

static void allow(int sig, siginfo_t *info, void *context)
{
	((ucontext_t *)context)->uc_mcontext.pstate &= ~(3ull << 10);
}

static void skip(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	u->uc_mcontext.regs[0] = 42;
	u->uc_mcontext.pc = u->uc_mcontext.regs[30];
}

static int call_middle(void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction a = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	int (*volatile middle)(int) = (int (*)(int))((uintptr_t)target + 4);

	CHECK_EQ(sigaction(SIGILL, &a, NULL), 0);
	return middle(1);
}

/* A signal; the handler jumps away, lets the branch be, or goes on elsewhere. */
static void test_signal(void)
{
	int sig = sigsetjmp(out, 1);

	if (sig == 0)
		call_middle(leave);
	CHECK_EQ(sig, SIGILL);
	CHECK_EQ(code_seen, ILL_ILLOPN);
	CHECK_EQ(address_seen, (uintptr_t)target + 4);
	CHECK_EQ(call_middle(allow), 2);
	CHECK_EQ(call_middle(skip), 42);
	signal(SIGILL, SIG_DFL);
}

/* A jump that is not through x16 or x17 is none to a function (SCTLR_EL1.BT1). */
static void test_jump_to_function(void)
{
	struct sigaction a = { .sa_sigaction = leave, .sa_flags = SA_SIGINFO };
	void (*function)(void) = test_longjmp; /* begins with PACIASP */
	int sig = sigsetjmp(out, 1);

	CHECK_EQ(sigaction(SIGILL, &a, NULL), 0);
	if (sig == 0)
		__asm__ volatile("mov x3, %0\n\tbr x3" ::"r"(function) : "x3", "memory");
	CHECK_EQ(sig, SIGILL);
	signal(SIGILL, SIG_DFL);
}

#endif

int main(void)
{
	RUN(test_library_by_pointer);
	RUN(test_tables);
	RUN(test_compilers_library);
	RUN(test_longjmp);
	RUN(test_contexts);
	RUN(test_made_code);
#ifdef __aarch64__
	RUN(test_signal);
	RUN(test_jump_to_function);
#endif
	return check_done();
}
