// SPDX-License-Identifier: BSD-2-Clause
/* Functions of long double: values of another library with 64 bits of precision, special cases. */
#define _GNU_SOURCE
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "tests/check.h"

/* Where long double is software, and for the circular functions also where the processor is, they
 * are as good as double; powers lose as many bits as their exponent has. */
static long double allowed(const char *name)
{
	if (LDBL_MANT_DIG != 64)
		return strcmp(name, "powl") == 0 ? 0x1p-43L : 0x1p-46L;
	if (strcmp(name, "sinl") == 0 || strcmp(name, "cosl") == 0 || strcmp(name, "tanl") == 0)
		return 0x1p-51L;
	return strcmp(name, "powl") == 0 ? 0x1p-52L : 0x1p-59L;
}

static const struct {
	const char *name;
	long double (*f)(long double);
	long double (*g)(long double, long double);
	long double x, y, want;
} cases[] = {
	{ "expl", expl, NULL, 1.0L, 0, 2.71828182845904523543L },
	{ "expl", expl, NULL, -700.5L, 0, 5.98019611863979120633e-305L },
	{ "expl", expl, NULL, 11000.0L, 0, 1.73500581927773850959e+4777L },
	{ "exp2l", exp2l, NULL, 10.5L, 0, 1448.15468787004932993L },
	{ "expm1l", expm1l, NULL, 1e-10L, 0, 1.00000000005000000001e-10L },
	{ "expm1l", expm1l, NULL, 0.25L, 0, 0.284025416687741484074L },
	{ "logl", logl, NULL, 2.0L, 0, 0.693147180559945309429L },
	{ "logl", logl, NULL, 1.0001L, 0, 9.99950003333083807803e-05L },
	{ "logl", logl, NULL, 1e4000L, 0, 9210.34037197618273574L },
	{ "log2l", log2l, NULL, 10.0L, 0, 3.32192809488736234781L },
	{ "log10l", log10l, NULL, 1000.0L, 0, 3L },
	{ "log1pl", log1pl, NULL, 1e-10L, 0, 9.99999999950000000027e-11L },
	{ "sinl", sinl, NULL, 1.0L, 0, 0.841470984807896506665L },
	{ "sinl", sinl, NULL, -0.5L, 0, -0.479425538604203000282L },
	{ "cosl", cosl, NULL, 1.0L, 0, 0.540302305868139717414L },
	{ "cosl", cosl, NULL, 3.0L, 0, -0.989992496600445457278L },
	{ "tanl", tanl, NULL, 0.75L, 0, 0.93159645994407246116L },
	{ "asinl", asinl, NULL, 0.3L, 0, 0.304692654015397507974L },
	{ "acosl", acosl, NULL, 0.3L, 0, 1.26610367277949911128L },
	{ "atanl", atanl, NULL, 10.0L, 0, 1.47112767430373459182L },
	{ "sinhl", sinhl, NULL, 0.5L, 0, 0.52109530549374736164L },
	{ "coshl", coshl, NULL, 2.0L, 0, 3.76219569108363145965L },
	{ "tanhl", tanhl, NULL, 0.3L, 0, 0.291312612451590905832L },
	{ "asinhl", asinhl, NULL, 3.0L, 0, 1.81844645923206682352L },
	{ "acoshl", acoshl, NULL, 3.0L, 0, 1.76274717403908605048L },
	{ "atanhl", atanhl, NULL, 0.5L, 0, 0.54930614433405484568L },
	{ "cbrtl", cbrtl, NULL, 10.0L, 0, 2.15443469003188372169L },
	{ "sqrtl", sqrtl, NULL, 2.0L, 0, 1.41421356237309504876L },
	{ "ceill", ceill, NULL, 2.5L, 0, 3L },
	{ "ceill", ceill, NULL, -2.5L, 0, -2L },
	{ "floorl", floorl, NULL, -2.5L, 0, -3L },
	{ "roundl", roundl, NULL, 2.5L, 0, 3L },
	{ "roundl", roundl, NULL, -0.4L, 0, -0L },
	{ "truncl", truncl, NULL, -7.9L, 0, -7L },
	{ "rintl", rintl, NULL, 2.5L, 0, 2L },
	{ "powl", NULL, powl, 2.0L, 0.5L, 1.41421356237309504876L },
	{ "powl", NULL, powl, 10.0L, 20.0L, 1e20L },
	{ "powl", NULL, powl, 1.5L, -3.25L, 0.267733926995509579835L },
	{ "powl", NULL, powl, 1.1L, 5000.0L, 9.19233389907065420156e+206L },
	{ "fmodl", NULL, fmodl, 0x1p900L, 7.0L, 1.0L },
	{ "remainderl", NULL, remainderl, 7.0L, 4.0L, -1L },
	{ "atan2l", NULL, atan2l, -1.0L, -2.0L, -2.67794504458898712223L },
	{ "hypotl", NULL, hypotl, 3.0L, 4.0L, 5L },
	{ "nextafterl", NULL, nextafterl, 1.0L, 2.0L, 1.00000000000000000011L },
	{ "nextafterl", NULL, nextafterl, 1.0L, 0.0L, 0.999999999999999999946L },
	{ "fmaxl", NULL, fmaxl, 1.0L, 2.0L, 2L },
	{ "powl", NULL, powl, -2.0L, 3.0L, -8L },
};

static void test_values(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		long double x = cases[i].x, want = cases[i].want;
		long double got = cases[i].f ? cases[i].f(x) : cases[i].g(x, cases[i].y);

		if (LDBL_MANT_DIG != 64 && strncmp(cases[i].name, "nextafter", 9) == 0)
			continue;
		if (!(fabsl(got - want) <= fabsl(want) * allowed(cases[i].name)))
			CHECK_FAIL("%s(%g, %g) is %.17g, not %.17g, off by %g", cases[i].name,
				   (double)x, (double)cases[i].y, (double)got, (double)want,
				   (double)((got - want) / want));
	}
}

static void test_parts(void)
{
	long double whole;
	int e;

	CHECK(frexpl(12, &e) == 0.75L && e == 4);
	CHECK(frexpl(LDBL_TRUE_MIN, &e) == 0.5L && e == LDBL_MIN_EXP - LDBL_MANT_DIG + 1);
	CHECK(ldexpl(0.75L, 4) == 12);
	CHECK(ldexpl(ldexpl(1, -16440), 16440) == 1);
	CHECK(ldexpl(1, 20000) == HUGE_VALL && ldexpl(1, -20000) == 0);
	CHECK(scalbnl(LDBL_TRUE_MIN, 32000) == scalbnl(1, 32000 + LDBL_MIN_EXP - LDBL_MANT_DIG));
	CHECK(modfl(-3.25L, &whole) == -0.25L && whole == -3);
	CHECK_EQ(ilogbl(1000), 9);
	CHECK_EQ(llroundl(-2.5L), -3);
	CHECK_EQ(llrintl(2.5L), 2);
	CHECK_EQ(lroundl(1e15L + 0.5L), 1000000000000001);
	CHECK(signbit(ceill(-0.25L)) && ceill(-0.25L) == 0);
	CHECK(remquol(29, 3, &e) == -1 && e == 10);
	CHECK(fmodl(-7, 4) == -3 && fmodl(5, INFINITY) == 5);
	CHECK(nextafterl(0, 1) == LDBL_TRUE_MIN);
	CHECK(nexttoward(1.0, 2.0L) == 1.0 + DBL_EPSILON);
}

static void test_special(void)
{
	CHECK(powl(0, 0) == 1 && powl(NAN, 0) == 1 && powl(1, NAN) == 1);
	CHECK(powl(-2, 2) == 4 && powl(-8, -1) == -0.125L);
	CHECK(isnan(powl(-2, 0.5L)));
	CHECK(powl(-0.0L, -3) == -HUGE_VALL && powl(2, -INFINITY) == 0);
	CHECK(expl(INFINITY) == HUGE_VALL && expl(-INFINITY) == 0 && isnan(expl(NAN)));
	errno = 0;
	CHECK(expl(12000) == HUGE_VALL && errno == ERANGE);
	errno = 0;
	CHECK(isnan(logl(-1)) && errno == EDOM);
	CHECK(logl(0) == -HUGE_VALL);
	CHECK(atan2l(0, -1) > 3.14L && signbit(sinl(-0.0L)));
	CHECK(isnan(fmodl(1, 0)) && isnan(sinl(INFINITY)));
	CHECK(tanhl(1000) == 1 && fmaxl(NAN, 2) == 2);
}

static void test_from_text(void)
{
	static const struct {
		const char *text;
		long double want;
		int error;
	} cases[] = {
		{ "0.5", 0.5L, 0 },
		{ "-1e0", -1, 0 },
		{ "0.1", 0.1L, 0 },
		{ "3.14159265358979323846264338327950288", 3.14159265358979323846264338327950288L,
		  0 },
		{ "123456789012345678901234567890", 123456789012345678901234567890.L, 0 },
		{ "1.18973149535723176502e+4932", 1.18973149535723176502e+4932L, 0 },
		{ "0x1.8p-16382", 0x1.8p-16382L, 0 },
		{ "-0", -0.0L, 0 },
		{ "1e5000", HUGE_VALL, ERANGE },
		{ "-inf", -INFINITY, 0 },
	};
	long double scanned;
	char *end;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		long double got;

		errno = 0;
		got = strtold(cases[i].text, &end);
		if (got != cases[i].want || signbit(got) != signbit(cases[i].want) || *end ||
		    errno != cases[i].error)
			CHECK_FAIL("strtold(\"%s\") is %.17g, errno %d", cases[i].text, (double)got,
				   errno);
	}
	CHECK(strtold("1e-4940", &end) > 0 && strtold("1e-4940", &end) < LDBL_MIN);
	CHECK(isnan(strtold("nan", &end)));
	CHECK(strtold("x", &end) == 0 && *end == 'x');
	CHECK(sscanf("2.25", "%Lf", &scanned) == 1 && scanned == 2.25L);
}

int main(void)
{
	RUN(test_values);
	RUN(test_parts);
	RUN(test_special);
	RUN(test_from_text);
	return check_done();
}
