// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel.c - long double is binary128 and done in software: by the functions of double, with the
 * exponents of long double.
 */
#include "lib/libm/kernel.h"
#include <math.h>

long double __unik_exp2_fraction(long double x)
{
	return expm1((double)(x * 0.693147180559945309417232121458176568L));
}

long double __unik_log2(long double x)
{
	int e;

	x = frexpl(x, &e);
	return e + (long double)log2((double)x);
}

long double __unik_log2_near_1(long double x)
{
	return log1p((double)x) * 1.44269504088896340735992468100189214L;
}

long double __unik_sin(long double x)
{
	return sin((double)x);
}

long double __unik_cos(long double x)
{
	return cos((double)x);
}

long double __unik_tan(long double x)
{
	return tan((double)x);
}

long double __unik_atan2(long double y, long double x)
{
	int ex, ey, larger;

	frexpl(x, &ex);
	frexpl(y, &ey);
	larger =
		ex > ey ? ex : ey; /* only their ratio counts, which double may not have room for */
	return atan2((double)scalbnl(y, -larger), (double)scalbnl(x, -larger));
}
