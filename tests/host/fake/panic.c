// SPDX-License-Identifier: BSD-2-Clause
#include <stdarg.h>
#include "kernel/panic.h"
#include "tests/host/fake/fake.h"

jmp_buf *fake_panic_jump;
char fake_panic_text[256];

static UNIK_NORETURN void finish(void)
{
	if (fake_panic_jump)
		longjmp(*fake_panic_jump, 1);
	printf("Bail out! panic: %s\n", fake_panic_text);
	fflush(stdout);
	abort();
}

void panic(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(fake_panic_text, sizeof(fake_panic_text), format, ap);
	va_end(ap);
	finish();
}

void panic_assert(const char *where, const char *what)
{
	snprintf(fake_panic_text, sizeof(fake_panic_text), "%s: assertion failed: %s", where, what);
	finish();
}
