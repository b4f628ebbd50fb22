// SPDX-License-Identifier: BSD-2-Clause
/* The C library as it is linked into images: formats, numbers, strings, locale, streams. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <wchar.h>
#include "tests/check.h"

static char text[6000];

/* Formats are checked as strings that the compiler cannot fold. */
__attribute__((format(printf, 1, 2))) static const char *format(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	CHECK_EQ(n, strlen(text));
	return text;
}

static void test_integers(void)
{
	CHECK_STR(format("%d %5d %-5d| %+d %05d %.3d", 1, 2, 3, 4, -5, 6),
		  "1     2 3    | +4 -0005 006");
	CHECK_STR(format("%lld %llu", INT64_MIN + 0LL, 18446744073709551615ULL),
		  "-9223372036854775808 18446744073709551615");
	CHECK_STR(format("%hhd %hd %hhu", 300, 70000, 511), "44 4464 255");
	CHECK_STR(format("%zu %zd %td %jd", sizeof(text), (ssize_t)-1, (ptrdiff_t)-2, (intmax_t)3),
		  "6000 -1 -2 3");
	CHECK_STR(format("%x %#X %#o %p", 255, 255, 8, (void *)0x1f), "ff 0XFF 010 0x1f");
	CHECK_STR(format("%*d|%-*d|%.*s", 4, 1, 4, 2, 2, "abc"), "   1|2   |ab");
}

static void test_floats(void)
{
	CHECK_STR(format("%f %.0f %.1f %.0f", 3.14159265, 0.5, 0.25, 1.5), "3.141593 0 0.2 2");
	CHECK_STR(format("%e %E %.3g %g %g", 12345.678, 0.00012, 1234567.0, 1e-5, 100000.0),
		  "1.234568e+04 1.200000E-04 1.23e+06 1e-05 100000");
	CHECK_STR(format("%.17g %.20f", 0.1, 0.1), "0.10000000000000001 0.10000000000000000555");
	CHECK_STR(format("%f %F %e", INFINITY, -INFINITY, NAN), "inf -INF nan");
	CHECK_STR(format("%a %.2a", 1.0, 0.1), "0x1p+0 0x1.9ap-4");
	CHECK_STR(format("%Lf %.2Le", 1.5L, 2.5L), "1.500000 2.50e+00");
	CHECK_STR(format("%8.2f|%-8.2f|%08.2f|%+.1f", 1.005, -1.0, -3.14159, 2.0),
		  "    1.00|-1.00   |-0003.14|+2.0");
	format("%.1000f", 1.7976931348623157e308);
	CHECK_EQ(strlen(text), 309 + 1 + 1000);
	CHECK(strncmp(text, "179769313486231570814527423731704", 33) == 0);
}

static void test_numbered_arguments(void)
{
	CHECK_STR(format("%2$s %1$s", "a", "b"), "b a");
	CHECK_STR(format("%3$*1$.*2$f|", 8, 3, 3.14159), "   3.142|");
	CHECK_STR(format("%4$lld %3$Lf %2$c %1$hhd", 300, 'c', 2.5L, 1LL << 50),
		  "1125899906842624 2.500000 c 44");
	CHECK_STR(format("%1$d %1$d %2$s", 7, "x"), "7 7 x");
}

static void test_many_arguments(void)
{
	CHECK_STR(format("%d %f %d %f %d %f %d %f %d %f %d %f %d %f %d %f %d %f %s", 1, 1., 2, 2.,
			 3, 3., 4, 4., 5, 5., 6, 6., 7, 7., 8, 8., 9, 9., "end"),
		  "1 1.000000 2 2.000000 3 3.000000 4 4.000000 5 5.000000 6 6.000000 7 7.000000 "
		  "8 8.000000 9 9.000000 end");
}

static void test_string_limits(void)
{
	const char *volatile digits = "123456789"; /* not for the compiler to check */
	char small[5] = "zzzz", *made;

	CHECK_EQ(snprintf(small, sizeof(small), "%s", digits), 9);
	CHECK_STR(small, "1234");
	CHECK_EQ(snprintf(NULL, 0, "%d", 12345), 5);
	CHECK_EQ(asprintf(&made, "%200d|%s", 1, "tail"), 205);
	CHECK_STR(made + 200, "|tail");
	free(made);
	CHECK_STR(format("%s", "sch\xc3\xb6n \xe2\x82\xac %"), "sch\xc3\xb6n \xe2\x82\xac %");
}

static void test_scanf(void)
{
	int a, b, c;
	long long d;
	double e;
	char s[8], t[8];

	CHECK_EQ(sscanf("12 0x1f 077 99999999999", "%d %i %i %lld", &a, &b, &c, &d), 4);
	CHECK(a == 12 && b == 31 && c == 63 && d == 99999999999LL);
	CHECK_EQ(sscanf("3.5e2 key:value", "%lf %7[^:]:%7s", &e, s, t), 3);
	CHECK(e == 350 && strcmp(s, "key") == 0 && strcmp(t, "value") == 0);
	CHECK_EQ(sscanf("foo 42", "%2$s %1$d", &a, s), 2);
	CHECK(a == 42 && strcmp(s, "foo") == 0);
	CHECK_EQ(sscanf("", "%d", &a), EOF);
}

static void test_strtod(void)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "0.1", 0.1 },
		{ "-1e-400", -0.0 },
		{ "1e309", INFINITY },
		{ "0x1.8p3", 12 },
		{ "4.9e-324", 4.9406564584124654e-324 },
		{ "2.2250738585072011e-308", 2.2250738585072011e-308 },
		{ "9007199254740993", 9007199254740992.0 },
		{ "123456789012345678901234567890", 123456789012345678901234567890.0 },
	};
	char *end;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double got = strtod(cases[i].text, &end);

		CHECK(*end == '\0');
		CHECK(memcmp(&got, &cases[i].value, sizeof(got)) == 0);
	}
	CHECK(isnan(strtod("nan", NULL)));
	errno = 0;
	CHECK(strtol("99999999999999999999", NULL, 10) == LONG_MAX && errno == ERANGE);
}

static int by_value(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static void test_sort_and_search(void)
{
	static int values[1000];
	int key = 500;

	for (int i = 0; i < 1000; i++)
		values[i] = (i * 7919) % 1000;
	qsort(values, 1000, sizeof(values[0]), by_value);
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(values[i], i);
	CHECK(bsearch(&key, values, 1000, sizeof(int), by_value) == &values[500]);
}

static void test_utf8(void)
{
	wchar_t wide[8];
	char narrow[16];

	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	CHECK_EQ(mbstowcs(wide, "a\xc3\xb6\xe2\x82\xac", 8), 3);
	CHECK(wide[1] == 0xf6 && wide[2] == 0x20ac);
	CHECK_EQ(wcstombs(narrow, wide, sizeof(narrow)), 6);
	CHECK_STR(narrow, "a\xc3\xb6\xe2\x82\xac");
	CHECK_STR(format("%ls|%.3ls|%lc", wide, wide, (wint_t)0xf6),
		  "a\xc3\xb6\xe2\x82\xac|a\xc3\xb6|\xc3\xb6");
	CHECK(setlocale(LC_ALL, "C") != NULL);
}

static void test_memory_streams(void)
{
	char *made = NULL;
	size_t size;
	FILE *f = open_memstream(&made, &size);

	CHECK(f != NULL);
	for (int i = 0; i < 500; i++)
		fprintf(f, "%d,", i);
	CHECK_EQ(fclose(f), 0);
	CHECK_EQ(size, 10 * 2 + 90 * 3 + 400 * 4);
	CHECK(strncmp(made, "0,1,2,", 6) == 0 && strcmp(made + size - 4, "499,") == 0);
	free(made);
}

static void test_time_as_text(void)
{
	time_t t = 951782399; /* 2000-02-28 23:59:59 */
	struct tm tm;

	gmtime_r(&t, &tm);
	CHECK_EQ(strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S", &tm), 25);
	CHECK_STR(text, "Mon, 28 Feb 2000 23:59:59");
	tm.tm_sec++;
	CHECK_EQ(mktime(&tm), t + 1);
	CHECK_EQ(tm.tm_mday, 29);
}

static void test_type_widths(void)
{
	struct stat st;

	CHECK_EQ(sizeof(st.st_ino), 8);
	CHECK_EQ(sizeof(st.st_size), 8);
	CHECK_EQ(sizeof(st.st_nlink), 4);
	CHECK_EQ(sizeof(st.st_uid), 4);
	CHECK_EQ(sizeof(time_t), 8);
	CHECK_EQ(sizeof(fd_set), FD_SETSIZE / 8);
	CHECK_EQ(sizeof(struct sockaddr_storage), 128);
	CHECK_EQ(sizeof(struct msghdr), 56);
	CHECK(SSIZE_MAX > 0 && PATH_MAX == 4096);
}

int main(void)
{
	RUN(test_integers);
	RUN(test_floats);
	RUN(test_numbered_arguments);
	RUN(test_many_arguments);
	RUN(test_string_limits);
	RUN(test_scanf);
	RUN(test_strtod);
	RUN(test_sort_and_search);
	RUN(test_utf8);
	RUN(test_memory_streams);
	RUN(test_time_as_text);
	RUN(test_type_widths);
	return check_done();
}
