// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/panic_report.h"
#include "arch/backtrace.h"
#include "arch/boot.h"
#include "arch/cpu.h"
#include "drivers/console.h"
#include "kernel/log.h"
#include "kernel/thread.h"
#include "lib/base/fmt.h"

void panic_print(const char *format, ...)
{
	char line[160];
	va_list ap;
	size_t len;

	va_start(ap, format);
	len = fmt_vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	console_write(line, MIN(len, sizeof(line) - 1));
}

void panic_begin(void)
{
	static uint8_t panicking;

	cpu_irq_disable();
	if (__atomic_exchange_n(&panicking, 1, __ATOMIC_RELAXED))
		machine_exit(PANIC_STATUS);
	panic_print("\nunik: panic: ");
}

void panic_where(void)
{
	struct thread *t = thread_current();

	panic_print(" [thread %s]\n", t ? t->name : "boot");
}

UNIK_NORETURN void panic_end(void)
{
	log_dump();
	machine_exit(PANIC_STATUS);
}

UNIK_NORETURN static void finish(void)
{
	panic_where();
	backtrace_print_here();
	panic_end();
}

UNIK_NORETURN void panic(const char *format, ...)
{
	char line[160];
	va_list ap;
	size_t len;

	panic_begin();
	va_start(ap, format);
	len = fmt_vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	console_write(line, MIN(len, sizeof(line) - 1));
	finish();
}

UNIK_NORETURN void panic_assert(const char *where, const char *what)
{
	panic_begin();
	panic_print("%s: %s does not hold", where, what);
	finish();
}
