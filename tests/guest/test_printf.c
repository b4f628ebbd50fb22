// SPDX-License-Identifier: BSD-2-Clause
/* printf() and scanf() with everything that programs use. */
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stddef.h>
#include <wchar.h>
#include "tests/check.h"

#define FORMATS(want, ...)                                                           \
	do {                                                                         \
		char out[200];                                                       \
		CHECK_EQ(snprintf(out, sizeof(out), __VA_ARGS__), sizeof(want) - 1); \
		CHECK_STR(out, want);                                                \
	} while (0)

static void test_integers(void)
{
	FORMATS("-5 5 0x1f 037 1F", "%d %u %#x %#o %X", -5, 5u, 31, 31, 31);
	FORMATS("9223372036854775807", "%lld", LLONG_MAX);
	FORMATS("18446744073709551615", "%zu", SIZE_MAX);
	FORMATS("-1 ff 65535", "%hhd %hhx %hu", -1, 255, 65535);
	FORMATS("   42|42   |00042|+42", "%5d|%-5d|%05d|%+d", 42, 42, 42, 42);
	FORMATS("7 -8", "%jd %td", (intmax_t)7, (ptrdiff_t)-8);
	FORMATS("123456789012", "%" PRIu64, UINT64_C(123456789012));
}

static void test_floating(void)
{
	FORMATS("3.141593 2.50 -0.000001", "%f %.2f %f", 3.14159265, 2.5, -0.000001);
	FORMATS("1.234568e+10 1e-05 12345.7", "%e %g %g", 12345678901.0, 0.00001, 12345.678);
	FORMATS("0x1.8p+1", "%a", 3.0);
	FORMATS("inf -inf nan", "%f %f %f", __builtin_inf(), -__builtin_inf(), __builtin_nan(""));
	FORMATS("0.10000000000000001", "%.17g", 0.1);
	FORMATS("1.5", "%.1Lf", 1.5L);
}

static void test_strings(void)
{
	FORMATS("abc|  abc|ab|c|%", "%s|%5s|%.2s|%c|%%", "abc", "abc", "abc", 'c');
	FORMATS("  xy", "%*.*s", 4, 2, "xyz");
	FORMATS("b a", "%2$s %1$s", "a", "b");
	FORMATS("2.5 -7 0x10", "%3$.1f %1$d %2$#x", -7, 16, 2.5);
}

static void test_scanning(void)
{
	int a = 0, n = 0;
	long long b = 0;
	double c = 0;
	char word[8] = "";

	CHECK_EQ(
		sscanf("12 -9000000000 2.5e3 word!", "%d %lld %lf %7[a-z]%n", &a, &b, &c, word, &n),
		4);
	CHECK_EQ(a, 12);
	CHECK_EQ(b, -9000000000LL);
	CHECK(c == 2500.0);
	CHECK_STR(word, "word");
	CHECK_EQ(n, 25);
	CHECK(strtod("0x1p-2", NULL) == 0.25);
}

static void test_utf8(void)
{
	wchar_t wide[8];

	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	CHECK_EQ(mbstowcs(wide, "\xc3\xa4\xe2\x82\xac", 8), 2);
	CHECK_EQ(wide[0], 0xe4);
	CHECK_EQ(wide[1], 0x20ac);
}

int main(void)
{
	RUN(test_integers);
	RUN(test_floating);
	RUN(test_strings);
	RUN(test_scanning);
	RUN(test_utf8);
	return check_done();
}
