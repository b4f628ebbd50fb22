// SPDX-License-Identifier: BSD-2-Clause
/* lib/libc/decimal.c: every digit as the host's printf has it. */
// link: lib/libc/decimal.c
// libs: -lm
#include <math.h>
#include "lib/libc/decimal.h"
#include "tests/check.h"

static uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* The significant digits of what printf made, and where their point is. */
static int digits_of_text(const char *text, char *digits, int *point)
{
	int n = 0, before = 0, seen_point = 0;

	*point = 0;
	for (; *text && *text != 'e'; text++) {
		if (*text == '.') {
			seen_point = 1;
			continue;
		}
		if (n == 0 && *text == '0') {
			before -= seen_point;
			continue;
		}
		before += !seen_point;
		digits[n++] = *text;
	}
	if (*text == 'e')
		before += atoi(text + 1);
	while (n > 0 && digits[n - 1] == '0')
		n--;
	*point = before;
	return n;
}

static void check_against(const char *format, double value, int ndigits, int after_point)
{
	static char text[2000], want[2000];
	char got[DECIMAL_MAX];
	int want_point, got_point, n;

	snprintf(text, sizeof(text), format, after_point ? ndigits : ndigits - 1, value);
	n = digits_of_text(text, want, &want_point);
	CHECK_EQ(__unik_decimal(bits_of(value), ndigits, after_point, got, &got_point), n);
	if (n > 0) {
		CHECK_EQ(got_point, want_point);
		CHECK(memcmp(got, want, (size_t)n) == 0);
	}
	if (check_failures)
		printf("# %a, %d digits\n", value, ndigits);
}

static void check_all_lengths(double value)
{
	static const int lengths[] = {
		0, 1, 2, 3, 6, 9, 15, 16, 17, 18, 27, 50, 309, 500, 767, 1074
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		check_against("%.*f", value, lengths[i], 1);
		if (lengths[i] > 0)
			check_against("%.*e", value, lengths[i], 0);
	}
}

static void test_corner_values(void)
{
	static const double values[] = {
		1,
		0.5,
		1.5,
		2.5,
		0.1,
		0.25,
		9.5,
		99.5,
		999999.5,
		0.05,
		0.95,
		0.995,
		1e9,
		1e18,
		999999999,
		1000000001,
		1e22,
		1e23,
		9007199254740993.0,
		123456789012345678.0,
		1.7976931348623157e308,
		2.2250738585072014e-308,
		2.2250738585072009e-308,
		4.9406564584124654e-324,
		5e-10,
		5e-9,
		1e-9,
		1e-10,
		8.41e21,
		9.0,
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		check_all_lengths(values[i]);
}

static void test_powers_of_two_and_neighbours(void)
{
	for (int e = -1074; e < 1024; e += 7) {
		check_all_lengths(ldexp(1, e));
		check_all_lengths(nextafter(ldexp(1, e), 0) ? nextafter(ldexp(1, e), 0) : 1);
		check_all_lengths(nextafter(ldexp(1, e), INFINITY));
	}
}

static void test_random_bits(void)
{
	uint64_t x = 88172645463325252;

	for (int i = 0; i < 3000; i++) {
		double value;

		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		memcpy(&value, &x, sizeof(value));
		value = fabs(value);
		if (isfinite(value) && value != 0)
			check_all_lengths(value);
	}
}

static void test_long_lengths(void)
{
	char digits[DECIMAL_MAX];
	int point;

	CHECK_EQ(__unik_decimal(bits_of(0.5), 2147483647, 1, digits, &point), 1);
	CHECK_EQ(__unik_decimal(bits_of(4.9406564584124654e-324), 2147483647, 0, digits, &point),
		 751);
	CHECK_EQ(__unik_decimal(bits_of(2.2250738585072009e-308), 2000, 0, digits, &point), 767);
	CHECK_EQ(__unik_decimal(bits_of(1.7976931348623157e308), 2000, 0, digits, &point), 309);
}

int main(void)
{
	RUN(test_corner_values);
	RUN(test_powers_of_two_and_neighbours);
	RUN(test_random_bits);
	RUN(test_long_lengths);
	return check_done();
}
