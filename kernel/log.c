// SPDX-License-Identifier: BSD-2-Clause
/*
 * log.c - records in a ring of bytes: the cycle counter, length, text. The stamp becomes a
 * time only when somebody looks, so that a line logged while booting does not start the clock.
 */
#include "kernel/log.h"
#include "arch/cpu.h"
#include "drivers/console.h"
#include "kernel/boot_info.h"
#include "kernel/spinlock.h"
#include "kernel/time.h"
#include "lib/base/fmt.h"

#define RING_BYTES 4096 /* a power of two */
#define LINE_BYTES 192

struct record {
	uint64_t cycles;
	uint8_t len;
} UNIK_PACKED;

_Static_assert(LINE_BYTES <= UINT8_MAX, "the length of a line is one byte");

enum log_level log_level_shown = LOG_WARN;

static struct {
	struct spinlock lock;
	uint32_t head, tail; /* under lock: bytes put in, bytes dropped */
	uint8_t bytes[RING_BYTES];
} ring;

static struct spinlock console_lock; /* lines of several CPUs do not mix */

static void ring_put(const void *from, size_t len)
{
	const uint8_t *p = from;

	while (len-- > 0)
		ring.bytes[ring.head++ % RING_BYTES] = *p++;
}

static void ring_get(uint32_t at, void *to, size_t len)
{
	uint8_t *p = to;

	while (len-- > 0)
		*p++ = ring.bytes[at++ % RING_BYTES];
}

static void keep(const struct record *r, const char *text)
{
	irq_state_t s = spin_lock_irqsave(&ring.lock);

	while (RING_BYTES - (ring.head - ring.tail) < sizeof(*r) + r->len) {
		struct record oldest;

		ring_get(ring.tail, &oldest, sizeof(oldest));
		ring.tail += sizeof(oldest) + oldest.len;
	}
	ring_put(r, sizeof(*r));
	ring_put(text, r->len);
	spin_unlock_irqrestore(&ring.lock, s);
}

static void print(ns_t when, const char *text, size_t len)
{
	char stamp[32];
	uint64_t us = (uint64_t)when / NS_PER_US;
	size_t n = fmt_snprintf(stamp, sizeof(stamp), "[%5llu.%06u] ",
				(unsigned long long)(us / 1000000), (unsigned)(us % 1000000));

	console_write(stamp, n);
	console_write(text, len);
	console_write("\n", 1);
}

void log_write(enum log_level level, const char *format, ...)
{
	char line[LINE_BYTES];
	struct record r = { .cycles = cpu_cycles() };
	va_list ap;

	if (level > LOG_INFO && level > log_level_shown)
		return;
	va_start(ap, format);
	r.len = MIN(fmt_vsnprintf(line, sizeof(line), format, ap), sizeof(line) - 1);
	va_end(ap);
	if (level <= LOG_INFO)
		keep(&r, line);
	if (level <= log_level_shown) {
		ns_t now = time_now();
		irq_state_t s = spin_lock_irqsave(&console_lock);

		print(now, line, r.len);
		spin_unlock_irqrestore(&console_lock, s);
	}
}

/* Takes no lock: whoever panics may hold it. */
void log_dump(void)
{
	uint32_t at = ring.tail, head = ring.head;
	char line[LINE_BYTES];
	struct record r;

	while (head - at >= sizeof(r) && head - at <= RING_BYTES) {
		ring_get(at, &r, sizeof(r));
		at += sizeof(r);
		r.len = MIN((size_t)r.len, MIN(sizeof(line), (size_t)(head - at)));
		ring_get(at, line, r.len);
		at += r.len;
		print(time_of_cycles(r.cycles), line, r.len);
	}
}

void log_set_level(enum log_level level)
{
	log_level_shown = level;
}

void log_init(void)
{
	static const char initials[] = "ewid";
	char value[8];

	if (!boot_option("unik.log", value, sizeof(value)))
		return;
	for (unsigned i = 0; initials[i]; i++)
		if (value[0] == initials[i])
			log_level_shown = (enum log_level)i;
}
