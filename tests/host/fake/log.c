// SPDX-License-Identifier: BSD-2-Clause
#include <stdarg.h>
#include "kernel/log.h"
#include "tests/host/fake/fake.h"

#define LINES      64
#define LINE_BYTES 160

enum log_level log_level_shown = LOG_DEBUG;

static char lines[LINES][LINE_BYTES]; /* the last ones, round and round */
static unsigned nlines;

void fake_log_clear(void);

void fake_log_clear(void)
{
	nlines = 0;
}

unsigned fake_log_lines(void)
{
	return nlines;
}

bool fake_log_has(const char *text)
{
	for (unsigned i = 0; i < MIN(nlines, (unsigned)LINES); i++)
		if (strstr(lines[i], text))
			return true;
	return false;
}

void log_write(enum log_level level, const char *format, ...)
{
	char *line = lines[nlines++ % LINES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, LINE_BYTES, format, ap);
	va_end(ap);
	if (getenv("FAKE_LOG"))
		printf("# log %d: %s\n", level, line);
}
