// SPDX-License-Identifier: BSD-2-Clause
/*
 * rtc.c - the wall clock in CMOS. Ref: Motorola MC146818A data sheet; ACPI 4.8.2.4 (century).
 *
 * It is taken to run in UTC.
 */
#include "drivers/bus/acpi.h"
#include "drivers/pc/clocks.h"
#include <asm/port.h>

#define PORT_INDEX 0x70
#define PORT_DATA  0x71

#define REG_SECOND  0
#define REG_MINUTE  2
#define REG_HOUR    4
#define REG_DAY     7
#define REG_MONTH   8
#define REG_YEAR    9
#define REG_A       10
#define REG_B       11
#define REG_CENTURY 0x32 /* where everybody has it; the FADT has the last word */
#define REG_COUNT   0x80

#define A_UPDATING 0x80
#define B_24_HOURS 0x02
#define B_BINARY   0x04
#define HOUR_PM    0x80

/* An update takes 2 ms, a look at least 2 us: 10000 looks outlast it by far. */
#define LOOKS_MAX 10000
#define TRIES_MAX 5

/* What is read, in this order; an array, so that loops go over it. */
enum { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR, CENTURY, FIELDS };
static const uint8_t highest[FIELDS] = { 59, 59, 23, 31, 12, 99, 22 };

static uint8_t cmos_read(uint8_t reg)
{
	port_out8(PORT_INDEX, reg);
	return port_in8(PORT_DATA);
}

/* 244 us are left to read once the flag is clear (data sheet, "update cycle"). */
static bool wait_update(void)
{
	unsigned looks = LOOKS_MAX;

	while (cmos_read(REG_A) & A_UPDATING)
		if (--looks == 0)
			return false;
	return true;
}

static void read_registers(uint8_t t[FIELDS], uint8_t century)
{
	const uint8_t registers[FIELDS] = { REG_SECOND, REG_MINUTE, REG_HOUR, REG_DAY,
					    REG_MONTH,  REG_YEAR,   century };

	for (unsigned i = 0; i < FIELDS; i++)
		t[i] = cmos_read(registers[i]);
}

/* Twice the same, so that no update fell into it however long this machine was held up. */
static bool read_stable(uint8_t t[FIELDS])
{
	uint64_t field = acpi_fadt(FADT_CENTURY, 1);
	uint8_t century = field > REG_B && field < REG_COUNT ? field : REG_CENTURY;

	for (unsigned tries = TRIES_MAX; tries > 0; tries--) {
		uint8_t again[FIELDS];

		if (!wait_update())
			return false;
		read_registers(t, century);
		read_registers(again, century);
		if (__builtin_memcmp(t, again, FIELDS) == 0)
			return true;
	}
	return false;
}

static uint8_t from_bcd(uint8_t v)
{
	return (v & 15) < 10 && v >> 4 < 10 ? (v >> 4) * 10 + (v & 15) : UINT8_MAX;
}

static void to_binary(uint8_t t[FIELDS], uint8_t mode)
{
	bool pm = t[HOUR] & HOUR_PM;

	if (!(mode & B_24_HOURS))
		t[HOUR] &= (uint8_t)~HOUR_PM;
	for (unsigned i = 0; i < FIELDS && !(mode & B_BINARY); i++)
		t[i] = from_bcd(t[i]);
	if (!(mode & B_24_HOURS) && t[HOUR] >= 1 && t[HOUR] <= 12)
		t[HOUR] = t[HOUR] % 12 + (pm ? 12 : 0);
	else if (!(mode & B_24_HOURS))
		t[HOUR] = UINT8_MAX;
	/* Without a century that makes sense the year is of this one. */
	if (t[CENTURY] < 19 || t[CENTURY] > 29)
		t[CENTURY] = 20;
}

static bool is_valid(const uint8_t t[FIELDS])
{
	for (unsigned i = 0; i < FIELDS; i++)
		if (t[i] > highest[i])
			return false;
	return t[MONTH] >= 1 && t[DAY] >= 1;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Days since 1970-01-01, with years that begin in March so that leap days come last. */
static int64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month > 2 ? year : year - 1;
	unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return (int64_t)y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static bool rtc_read(const struct wallclock *c UNIK_UNUSED, ns_t *wall)
{
	uint8_t t[FIELDS];
	unsigned year;

	if (!read_stable(t))
		return false;
	to_binary(t, cmos_read(REG_B));
	year = t[CENTURY] * 100 + t[YEAR];
	if (!is_valid(t) || year < 1970 || year > 2250 || t[DAY] > days_in_month(year, t[MONTH]))
		return false;
	*wall = ((days_since_1970(year, t[MONTH], t[DAY]) * 24 + t[HOUR]) * 60 + t[MINUTE]) * 60 *
			NS_PER_S +
		t[SECOND] * NS_PER_S;
	return true;
}

const struct wallclock rtc = { .name = "rtc", .read = rtc_read };
