// SPDX-License-Identifier: BSD-2-Clause
/*
 * log.h - the log: a ring of time-stamped lines, and the console for those that matter.
 *
 * Each line has a level. Lines up to `unik.log=` (default: warn) go to the console as they come;
 * all lines up to info are kept in the ring and shown by a panic. Formats are those of
 * lib/base/fmt.h. Context: any, interrupts included (a line logged in an interrupt reaches the
 * ring and the polled console only). Nothing here fails: what does not fit is cut.
 */
#pragma once
#include "lib/base/compiler.h"

enum log_level { LOG_ERR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* log_write() - one line, without the newline. Use the macros. */
void log_write(enum log_level level, const char *format, ...) UNIK_PRINTF(2, 3);

/* log_init() - take the level from the command line. */
void log_init(void);

/* log_set_level() - show lines up to this level on the console. */
void log_set_level(enum log_level level);

/* log_dump() - the kept lines, oldest first, to the polled console. For panics. */
void log_dump(void);

extern enum log_level log_level_shown;

#define log_err(...)  log_write(LOG_ERR, __VA_ARGS__)
#define log_warn(...) log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
/* Debug lines are not kept: when they are not shown they cost one comparison. */
#define log_debug(...)                                      \
	do {                                                \
		if (unlikely(log_level_shown >= LOG_DEBUG)) \
			log_write(LOG_DEBUG, __VA_ARGS__);  \
	} while (0)
