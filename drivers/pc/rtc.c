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

struct rtc_time {
	uint8_t second, minute, hour, day, month, year, century;
};

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

static struct rtc_time read_registers(uint8_t century)
{
	return (struct rtc_time){
		.second = cmos_read(REG_SECOND),
		.minute = cmos_read(REG_MINUTE),
		.hour = cmos_read(REG_HOUR),
		.day = cmos_read(REG_DAY),
		.month = cmos_read(REG_MONTH),
		.year = cmos_read(REG_YEAR),
		.century = century ? cmos_read(century) : 0,
	};
}

/* Twice the same, so that no update fell into it however long this machine was held up. */
static bool read_stable(struct rtc_time *t)
{
	uint64_t field = acpi_fadt(FADT_CENTURY, 1);
	uint8_t century = field > REG_B && field < REG_COUNT ? field : REG_CENTURY;

	for (unsigned tries = TRIES_MAX; tries > 0; tries--) {
		struct rtc_time again;

		if (!wait_update())
			return false;
		*t = read_registers(century);
		again = read_registers(century);
		if (__builtin_memcmp(t, &again, sizeof(again)) == 0)
			return true;
	}
	return false;
}

static uint8_t from_bcd(uint8_t v)
{
	return (v & 15) < 10 && v >> 4 < 10 ? (v >> 4) * 10 + (v & 15) : UINT8_MAX;
}

static void to_binary(struct rtc_time *t, uint8_t mode)
{
	bool pm = t->hour & HOUR_PM;

	if (!(mode & B_24_HOURS))
		t->hour &= (uint8_t)~HOUR_PM;
	if (!(mode & B_BINARY)) {
		t->second = from_bcd(t->second);
		t->minute = from_bcd(t->minute);
		t->hour = from_bcd(t->hour);
		t->day = from_bcd(t->day);
		t->month = from_bcd(t->month);
		t->year = from_bcd(t->year);
		t->century = from_bcd(t->century);
	}
	if (!(mode & B_24_HOURS) && t->hour >= 1 && t->hour <= 12)
		t->hour = t->hour % 12 + (pm ? 12 : 0);
	else if (!(mode & B_24_HOURS))
		t->hour = UINT8_MAX;
	/* Without a century that makes sense the year is of this one. */
	if (t->century < 19 || t->century > 29)
		t->century = 20;
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

static bool rtc_read(struct wallclock *c UNIK_UNUSED, ns_t *wall)
{
	struct rtc_time t;
	unsigned year;

	if (!read_stable(&t))
		return false;
	to_binary(&t, cmos_read(REG_B));
	year = t.century * 100 + t.year;
	if (t.second > 59 || t.minute > 59 || t.hour > 23 || t.year > 99 || year < 1970 ||
	    year > 2250 || t.month < 1 || t.month > 12 || t.day < 1 ||
	    t.day > days_in_month(year, t.month))
		return false;
	*wall = ((days_since_1970(year, t.month, t.day) * 24 + t.hour) * 60 + t.minute) * 60 *
			NS_PER_S +
		t.second * NS_PER_S;
	return true;
}

struct wallclock rtc = { .name = "rtc", .read = rtc_read };
