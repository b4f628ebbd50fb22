// SPDX-License-Identifier: BSD-2-Clause
/* drivers/pc/rtc.c against a CMOS clock in every format, in mid-update, and full of rubbish. */
// link: drivers/pc/rtc.c
#include <time.h>
#include <asm/port.h>
#include "drivers/bus/acpi.h"
#include "drivers/pc/clocks.h"
#include "tests/host/fake/fake.h"

static uint8_t cmos[256], selected, century_reg;
static unsigned reads, busy_reads;
static void (*on_read)(uint8_t reg);

uint64_t acpi_fadt(enum acpi_fadt_offset offset, size_t size)
{
	return offset == FADT_CENTURY && size == 1 ? century_reg : 0;
}

static void out(uint16_t port, unsigned nbytes, uint32_t v)
{
	CHECK(port == 0x70 && nbytes == 1);
	CHECK(v < 0x80);
	selected = v;
}

static uint32_t in(uint16_t port, unsigned nbytes)
{
	CHECK(port == 0x71 && nbytes == 1);
	CHECK(++reads < 1000000);
	if (on_read)
		on_read(selected);
	if (selected == 10)
		return busy_reads && busy_reads-- ? 0xa6 : 0x26;
	return cmos[selected];
}

static void start(void)
{
	memset(cmos, 0, sizeof(cmos));
	fake_port_in = in;
	fake_port_out = out;
	on_read = NULL;
	reads = busy_reads = 0;
	century_reg = 0x32;
}

static uint8_t encode(unsigned v, uint8_t mode)
{
	return mode & 4 ? v : v / 10 << 4 | v % 10;
}

static void set(int64_t unix_time, uint8_t mode)
{
	time_t t = unix_time;
	struct tm tm;
	unsigned hour;

	gmtime_r(&t, &tm);
	hour = (unsigned)(mode & 2 ? tm.tm_hour : (tm.tm_hour + 11) % 12 + 1);
	cmos[0] = encode(tm.tm_sec, mode);
	cmos[2] = encode(tm.tm_min, mode);
	cmos[4] = encode(hour, mode) | (!(mode & 2) && tm.tm_hour >= 12 ? 0x80 : 0);
	cmos[7] = encode(tm.tm_mday, mode);
	cmos[8] = encode(tm.tm_mon + 1, mode);
	cmos[9] = encode(tm.tm_year % 100, mode);
	cmos[century_reg ? century_reg : 0x32] = encode(19 + tm.tm_year / 100, mode);
	cmos[11] = mode;
}

static void check_reads(int64_t unix_time)
{
	ns_t wall = -1;

	CHECK(rtc.read(&rtc, &wall));
	CHECK_EQ(wall, unix_time * NS_PER_S);
}

static void test_every_format(void)
{
	static const uint8_t modes[] = { 0, 2, 4, 6 };

	start();
	for (unsigned m = 0; m < 4; m++)
		for (int i = 0; i < 20000; i++) {
			int64_t t = (int64_t)((uint64_t)rand() * 4 % 8800000000);

			reads = 0;
			set(t, modes[m]);
			check_reads(t);
		}
}

static void test_edges_of_days_and_years(void)
{
	static const int64_t times[] = {
		0,          946684799,  946684800,  951782399,  951782400,
		1709164800, 1709251199, 1709251200, 4107542399, 4107542400
	};

	start();
	for (unsigned i = 0; i < ARRAY_SIZE(times); i++)
		for (uint8_t mode = 0; mode <= 6; mode += 2) {
			set(times[i], mode);
			check_reads(times[i]);
		}
}

static void test_waits_for_an_update(void)
{
	start();
	set(1700000000, 2);
	busy_reads = 500;
	check_reads(1700000000);
}

static int ticks;
static void tick_once(uint8_t reg)
{
	if (reg == 4 && ticks-- > 0)
		set(1700000000 + 3600, 2);
}

static void test_update_in_the_middle(void)
{
	start();
	set(1700000000 + 3599, 2);
	ticks = 1;
	on_read = tick_once;
	check_reads(1700000000 + 3600);
}

static void never_still(uint8_t reg)
{
	if (reg == 0)
		cmos[0] = (cmos[0] + 1) % 10;
}

static void test_gives_up(void)
{
	ns_t wall;

	start();
	set(1700000000, 2);
	busy_reads = UINT32_MAX;
	CHECK(!rtc.read(&rtc, &wall));
	start();
	set(1700000000, 2);
	on_read = never_still;
	CHECK(!rtc.read(&rtc, &wall));
	start();
	fake_port_in = NULL; /* nothing there: all ones */
	CHECK(!rtc.read(&rtc, &wall));
}

static void test_century(void)
{
	start();
	century_reg = 0x37;
	set(4107542400, 2); /* 2100 */
	check_reads(4107542400);
	century_reg = 0;
	set(4107542400, 2);
	check_reads(4107542400);
	century_reg = 0xff; /* no such register */
	cmos[0x32] = 0x20;
	set(1700000000, 2);
	check_reads(1700000000);
	century_reg = 0x32;
	set(1700000000, 2);
	cmos[0x32] = 0; /* without one */
	check_reads(1700000000);
	cmos[0x32] = 0xff;
	check_reads(1700000000);
}

static void test_rubbish_is_refused_or_in_range(void)
{
	start();
	for (unsigned i = 0; i < 200000; i++) {
		ns_t wall = 0;

		reads = 0;
		for (unsigned r = 0; r < 64; r++)
			cmos[r] = rand();
		if (rtc.read(&rtc, &wall))
			CHECK(wall >= 0 && wall / NS_PER_S < 366LL * 86400 * 290);
	}
	set(1700000000, 2);
	cmos[8] = 0x02;
	cmos[7] = 0x30; /* 30 February */
	CHECK(!rtc.read(&rtc, &(ns_t){ 0 }));
}

int main(void)
{
	RUN(test_every_format);
	RUN(test_edges_of_days_and_years);
	RUN(test_waits_for_an_update);
	RUN(test_update_in_the_middle);
	RUN(test_gives_up);
	RUN(test_century);
	RUN(test_rubbish_is_refused_or_in_range);
	return check_done();
}
