// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel.c - by the x87's own instructions. Ref: Intel SDM vol. 1, 8.3.7 (transcendental
 * instructions), 8.3.8 (their pi), vol. 2 under each.
 */
#include "lib/libm/kernel.h"
#include <math.h>

long double __unik_exp2_fraction(long double x)
{
	__asm__("f2xm1" : "+t"(x));
	return x;
}

long double __unik_log2(long double x)
{
	long double one = 1;

	__asm__("fyl2x" : "=t"(x) : "0"(x), "u"(one) : "st(1)");
	return x;
}

long double __unik_log2_near_1(long double x)
{
	long double one = 1;

	__asm__("fyl2xp1" : "=t"(x) : "0"(x), "u"(one) : "st(1)");
	return x;
}

/* The instructions take arguments below 2^63. */
static long double reduce(long double x)
{
	const long double two_pi = 6.28318530717958647692528676655900577L;

	return fabsl(x) < 0x1p63L ? x : remainderl(x, two_pi);
}

long double __unik_sin(long double x)
{
	x = reduce(x);
	__asm__("fsin" : "+t"(x));
	return x;
}

long double __unik_cos(long double x)
{
	x = reduce(x);
	__asm__("fcos" : "+t"(x));
	return x;
}

long double __unik_tan(long double x)
{
	long double one;

	x = reduce(x);
	__asm__("fptan" : "=t"(one), "=u"(x) : "0"(x));
	return x;
}

long double __unik_atan2(long double y, long double x)
{
	__asm__("fpatan" : "=t"(x) : "0"(x), "u"(y) : "st(1)");
	return x;
}
