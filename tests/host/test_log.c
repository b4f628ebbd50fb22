// SPDX-License-Identifier: BSD-2-Clause
/* kernel/log.c: levels, stamps, and a ring that has gone round many times. */
// link: kernel/log.c lib/base/fmt.c
#include "drivers/console.h"
#include "kernel/boot_info.h"
#include "kernel/log.h"
#include "tests/host/fake/fake.h"

static char text[100000];
static size_t ntext;
static const char *option;

void console_write(const char *s, size_t len)
{
	if (ntext + len < sizeof(text)) {
		memcpy(text + ntext, s, len);
		ntext += len;
		text[ntext] = '\0';
	}
}

bool boot_option(const char *name, char *out, size_t size)
{
	CHECK_STR(name, "unik.log");
	if (option)
		snprintf(out, size, "%s", option);
	return option;
}

/* The fake time is not the fake of the log, which the real one replaces. */
void fake_log_clear(void)
{
}

static void start(void)
{
	ntext = 0;
	text[0] = '\0';
	log_set_level(LOG_WARN);
}

static void test_levels(void)
{
	start();
	fake_time = 1234567;
	log_err("bad %d", 1);
	log_warn("odd");
	log_info("fine");
	log_debug("detail");
	CHECK_STR(text, "[    0.001234] bad 1\n[    0.001234] odd\n");
	start();
	log_set_level(LOG_DEBUG);
	fake_time = 123456 * NS_PER_S;
	log_debug("%s", "detail");
	CHECK_STR(text, "[123456.000000] detail\n");
}

static void test_option(void)
{
	static const struct {
		const char *value;
		enum log_level level;
	} cases[] = { { "err", LOG_ERR },     { "warn", LOG_WARN }, { "info", LOG_INFO },
		      { "debug", LOG_DEBUG }, { "", LOG_WARN },     { "xyz", LOG_WARN },
		      { NULL, LOG_WARN } };

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		start();
		option = cases[i].value;
		log_init();
		CHECK_EQ(log_level_shown, cases[i].level);
	}
}

static void test_dump_keeps_the_last(void)
{
	char *line;
	unsigned n = 0, at = 0;

	start();
	for (unsigned i = 0; i < 1000; i++) {
		host_cpu.cycles = i;
		log_info("line %u %.*s", i, i % 80,
			 "........................................................................."
			 ".......");
	}
	log_debug("not kept");
	CHECK_EQ(ntext, 0);
	log_dump();
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned i, us;

		CHECK(sscanf(line, "[    0.%06u] line %u ", &us, &i) == 2);
		CHECK(n == 0 || i == at + 1);
		CHECK_EQ(us, i / 1000);
		CHECK_EQ(strlen(strchr(line, 'l')),
			 strlen("line 1 ") + (i > 9) + (i > 99) + i % 80);
		at = i;
		n++;
	}
	CHECK_EQ(at, 999);
	CHECK(n > 20);
}

static void test_long_lines_are_cut(void)
{
	char lines[1000];

	start();
	memset(lines, 'x', sizeof(lines));
	lines[999] = '\0';
	log_err("%s", lines);
	CHECK(ntext > 150 && ntext < 250);
	CHECK(text[ntext - 1] == '\n');
	log_err("%s", "");
	for (unsigned i = 0; i < 100; i++)
		log_info("%s", lines);
	log_dump();
}

int main(void)
{
	RUN(test_levels);
	RUN(test_option);
	RUN(test_dump_keeps_the_last);
	RUN(test_long_lines_are_cut);
	return check_done();
}
