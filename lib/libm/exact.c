// SPDX-License-Identifier: BSD-2-Clause
/*
 * exact.c - functions of long double whose results are exact: parts, rounding, remainders.
 * C11, 7.12. For both formats that there are, x87's 64 bits and IEEE's binary128: each ends with a
 * word of sign and exponent, with the same bias.
 */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>

#define EXPONENT_WORD (LDBL_MANT_DIG == 64 ? 4 : 7)
#define BIAS          16383
#define SPECIAL       0x7fff
/* From here on every number is whole. */
#define ALL_WHOLE (1 / LDBL_EPSILON)

static uint16_t *exponent_word(long double *x)
{
	return (uint16_t *)(void *)x + EXPONENT_WORD;
}

long double fabsl(long double x)
{
	return __builtin_fabsl(x);
}

long double copysignl(long double x, long double y)
{
	return __builtin_copysignl(x, y);
}

/* --- exponents ---------------------------------------------------------------------------- */

long double frexpl(long double x, int *exponent)
{
	int e = *exponent_word(&x) & SPECIAL;

	*exponent = 0;
	if (x == 0 || e == SPECIAL)
		return x;
	if (e == 0) { /* subnormal */
		x = frexpl(x * 0x1p120L, exponent);
		*exponent -= 120;
		return x;
	}
	*exponent = e - BIAS + 1;
	*exponent_word(&x) = (uint16_t)((*exponent_word(&x) & 0x8000) | (BIAS - 1));
	return x;
}

/* 2 to the n, for a normal result. */
static long double power_of_two(int n)
{
	long double p = 1;

	*exponent_word(&p) = (uint16_t)(n + BIAS);
	return p;
}

/* A step down goes no further than to where the next one rounds once, and only once. */
long double scalbnl(long double x, int n)
{
	const int down = -BIAS + 1 + LDBL_MANT_DIG;

	for (; n > BIAS && x != 0 && isfinite(x); n -= BIAS)
		x *= power_of_two(BIAS);
	for (; n < -BIAS + 1 && x != 0; n -= down)
		x *= power_of_two(down);
	return n > BIAS || n < -BIAS + 1 ? x : x * power_of_two(n);
}

long double ldexpl(long double x, int n)
{
	return scalbnl(x, n);
}

long double scalblnl(long double x, long n)
{
	return scalbnl(x, n > 100000 ? 100000 : n < -100000 ? -100000 : (int)n);
}

int ilogbl(long double x)
{
	int e;

	if (x == 0)
		return FP_ILOGB0;
	if (isnan(x))
		return FP_ILOGBNAN;
	if (isinf(x))
		return INT_MAX;
	frexpl(x, &e);
	return e - 1;
}

long double logbl(long double x)
{
	if (x == 0)
		return -1 / fabsl(x);
	return isfinite(x) ? ilogbl(x) : x * x;
}

/* --- rounding ----------------------------------------------------------------------------- */

/* Adding and taking away a number whose last bit counts one rounds, as the mode says. */
long double rintl(long double x)
{
	volatile long double sum;

	if (!(fabsl(x) < ALL_WHOLE))
		return x;
	if (signbit(x)) {
		sum = x - ALL_WHOLE;
		return copysignl(sum + ALL_WHOLE, x);
	}
	sum = x + ALL_WHOLE;
	return copysignl(sum - ALL_WHOLE, x);
}

long double nearbyintl(long double x)
{
	return rintl(x);
}

long double floorl(long double x)
{
	long double r = rintl(x);

	return r > x ? r - 1 : r;
}

long double ceill(long double x)
{
	long double r = rintl(x);

	return r < x ? copysignl(r + 1, x) : r;
}

long double truncl(long double x)
{
	return signbit(x) ? ceill(x) : floorl(x);
}

long double roundl(long double x)
{
	long double t = truncl(x);

	return fabsl(x - t) >= 0.5L ? t + copysignl(1, x) : t;
}

long lrintl(long double x)
{
	return (long)rintl(x);
}

long long llrintl(long double x)
{
	return (long long)rintl(x);
}

long lroundl(long double x)
{
	return (long)roundl(x);
}

long long llroundl(long double x)
{
	return (long long)roundl(x);
}

long double modfl(long double x, long double *whole)
{
	*whole = truncl(x);
	return copysignl(isinf(x) ? 0 : x - *whole, x);
}

/* --- remainders --------------------------------------------------------------------------- */

/* |x| modulo |y|, finite and y not 0, by long division: each difference is exact. The quotient's
 * last bits are in *quotient. */
static long double divide(long double x, long double y, unsigned *quotient)
{
	int ex, ey;

	x = fabsl(x);
	y = fabsl(y);
	*quotient = 0;
	if (x < y)
		return x;
	frexpl(x, &ex);
	frexpl(y, &ey);
	for (int shift = ex - ey; shift >= 0; shift--) {
		long double part = scalbnl(y, shift);

		*quotient <<= 1;
		if (part <= x) {
			x -= part;
			*quotient |= 1;
		}
	}
	return x;
}

long double fmodl(long double x, long double y)
{
	unsigned q;

	if (isnan(x) || isnan(y) || isinf(x) || y == 0)
		return (x * y) / (x * y);
	return isinf(y) ? x : copysignl(divide(x, y, &q), x);
}

long double remquol(long double x, long double y, int *quotient)
{
	unsigned q = 0;
	long double r = fabsl(x), half, size = fabsl(y);

	*quotient = 0;
	if (isnan(x) || isnan(y) || isinf(x) || y == 0)
		return (x * y) / (x * y);
	if (!isinf(y))
		r = divide(x, y, &q);
	half = size - r; /* exact where it is near to r */
	if (r > half || (r == half && q & 1)) {
		r -= size;
		q++;
	}
	*quotient = (int)(q & 0x7fffffff);
	if (signbit(x) != signbit(y))
		*quotient = -*quotient;
	return r == 0 ? copysignl(0, x) : signbit(x) ? -r : r;
}

long double remainderl(long double x, long double y)
{
	int q;

	return remquol(x, y, &q);
}

/* --- neighbours, choices ------------------------------------------------------------------ */

long double nextafterl(long double x, long double y)
{
	long double fraction;
	int e, last;

	if (isnan(x) || isnan(y))
		return x + y;
	if (x == y)
		return y;
	if (x == 0)
		return copysignl(LDBL_TRUE_MIN, y);
	if (isinf(x))
		return copysignl(LDBL_MAX, x);
	fraction = fabsl(frexpl(x, &e));
	last = e - LDBL_MANT_DIG - (fraction == 0.5L && (x < y) == signbit(x));
	if (last < LDBL_MIN_EXP - LDBL_MANT_DIG)
		last = LDBL_MIN_EXP - LDBL_MANT_DIG;
	return x + copysignl(scalbnl(1, last), x < y ? 1 : -1);
}

long double nexttowardl(long double x, long double y)
{
	return nextafterl(x, y);
}

double nexttoward(double x, long double y)
{
	if (isnan(y))
		return x + (double)y;
	return x == y ? (double)y : nextafter(x, x < y ? HUGE_VAL : -HUGE_VAL);
}

float nexttowardf(float x, long double y)
{
	if (isnan(y))
		return x + (float)y;
	return x == y ? (float)y : nextafterf(x, x < y ? HUGE_VALF : -HUGE_VALF);
}

long double fdiml(long double x, long double y)
{
	return isnan(x) || isnan(y) ? x + y : x > y ? x - y : 0;
}

long double fmaxl(long double x, long double y)
{
	return isnan(x) ? y : isnan(y) ? x : x > y || (x == y && !signbit(x)) ? x : y;
}

long double fminl(long double x, long double y)
{
	return isnan(x) ? y : isnan(y) ? x : x < y || (x == y && signbit(x)) ? x : y;
}
