// SPDX-License-Identifier: BSD-2-Clause
/*
 * elementary.c - functions of long double from the few that lib/libm/<arch>/kernel.c supplies.
 * Special values and errors by C11, annex F, and POSIX.1-2017.
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include "lib/libm/kernel.h"

#define LN2     0.693147180559945309417232121458176568L
#define LOG2_E  1.44269504088896340735992468100189214L
#define LOG10_2 0.301029995663981195213738894724493027L
/* ln 2 in two parts: the first has so few bits that its product with an exponent is exact. */
#define LN2_HIGH 0x1.62e42ffp-1L
#define LN2_LOW  -4.2009150726810845979353590145974296430e-11L

static long double invalid(long double x)
{
	errno = EDOM;
	return (x - x) / (x - x);
}

static long double pole(long double sign)
{
	errno = ERANGE;
	return copysignl(HUGE_VALL, sign);
}

/* Whether a result has run over or under; says so in errno. */
static long double checked(long double result)
{
	if (isinf(result) || result == 0)
		errno = ERANGE;
	return result;
}

/* --- exponentials ------------------------------------------------------------------------- */

/* 2^n * (1 + f), where f is 2^x - 1 of a fraction x. */
static long double exp2_split(long double n, long double fraction)
{
	return scalblnl(1 + __unik_exp2_fraction(fraction), (long)n);
}

static bool exp_is_extreme(long double x, long double *result)
{
	if (isnan(x)) {
		*result = x;
		return true;
	}
	if (fabsl(x) < 20000)
		return false;
	*result = x > 0 ? (isinf(x) ? x : pole(1)) : (isinf(x) ? 0 : checked(0));
	return true;
}

long double exp2l(long double x)
{
	long double result, n = rintl(x);

	if (exp_is_extreme(x, &result))
		return result;
	return checked(exp2_split(n, x - n));
}

long double expl(long double x)
{
	long double result, n = rintl(x * LOG2_E);

	if (exp_is_extreme(x, &result))
		return result;
	return checked(exp2_split(n, ((x - n * LN2_HIGH) - n * LN2_LOW) * LOG2_E));
}

long double expm1l(long double x)
{
	if (fabsl(x) < 0.3L)
		return x == 0 ? x : __unik_exp2_fraction(x * LOG2_E);
	return isinf(x) && x < 0 ? -1 : expl(x) - 1;
}

/* --- logarithms --------------------------------------------------------------------------- */

static long double log_by(long double x, long double factor)
{
	if (isnan(x) || (isinf(x) && x > 0))
		return x;
	if (x == 0)
		return pole(-1);
	if (x < 0)
		return invalid(x);
	if (x > 0.75L && x < 1.25L)
		return __unik_log2_near_1(x - 1) * factor;
	return __unik_log2(x) * factor;
}

long double log2l(long double x)
{
	return log_by(x, 1);
}

long double logl(long double x)
{
	return log_by(x, LN2);
}

long double log10l(long double x)
{
	return log_by(x, LOG10_2);
}

long double log1pl(long double x)
{
	if (x == 0)
		return x;
	return fabsl(x) < 0.25L ? __unik_log2_near_1(x) * LN2 : log_by(1 + x, LN2);
}

/* --- powers ------------------------------------------------------------------------------- */

static bool is_whole(long double y)
{
	return truncl(y) == y;
}

static bool is_odd(long double y)
{
	return is_whole(y) && fabsl(y) < 1 / LDBL_EPSILON && fmodl(y, 2) != 0;
}

/* x >= 0 to a whole power, while that is exact or nearly so. */
static long double power_by_squares(long double x, unsigned n)
{
	long double result = 1;

	for (; n; n >>= 1, x *= x)
		if (n & 1)
			result *= x;
	return result;
}

/* x > 0, neither 1 nor infinite; y finite. */
static long double power(long double x, long double y)
{
	long double product, n, rest;
	int e;

	if (is_whole(y) && fabsl(y) <= 64) {
		long double p = power_by_squares(x, (unsigned)fabsl(y));

		if (isfinite(p) && p >= LDBL_MIN)
			return y < 0 ? 1 / p : p;
	}
	x = frexpl(x, &e); /* y * log2 in two parts, of which the first is exact or nearly so */
	if (x < 0.70710678118654752440L) {
		x *= 2;
		e--;
	}
	product = y * log2l(x);
	n = rintl(y * e + product);
	if (fabsl(n) > 40000)
		return n > 0 ? pole(1) : checked(0);
	rest = (y * e - n) + product;
	while (rest >= 1)
		rest -= 1, n += 1;
	while (rest <= -1)
		rest += 1, n -= 1;
	return checked(exp2_split(n, rest));
}

/* Of 0 and the infinities. */
static long double special_power(long double x, long double y)
{
	long double size = fabsl(x), sign = signbit(x) && is_odd(y) ? -1 : 1;

	if (isinf(y))
		return size == 1 ? 1 : (size > 1) == (y > 0) ? HUGE_VALL : 0;
	if ((size == 0) == (y > 0))
		return copysignl(0, sign);
	return size == 0 ? pole(sign) : copysignl(HUGE_VALL, sign);
}

long double powl(long double x, long double y)
{
	if (y == 0 || x == 1)
		return 1;
	if (isnan(x) || isnan(y))
		return x + y;
	if (x == 0 || isinf(x) || isinf(y))
		return special_power(x, y);
	if (x > 0)
		return power(x, y);
	if (!is_whole(y))
		return invalid(x);
	x = x == -1 ? 1 : power(-x, y);
	return is_odd(y) ? -x : x;
}

long double cbrtl(long double x)
{
	long double r, fraction;
	int e;

	if (x == 0 || !isfinite(x))
		return x;
	fraction = frexpl(x, &e);
	for (; e % 3 != 0; e++)
		fraction /= 2;
	r = cbrt((double)fraction);
	for (int i = 0; i < (LDBL_MANT_DIG > 64 ? 2 : 1);
	     i++) /* Newton's method doubles the bits */
		r -= (r - fraction / (r * r)) / 3;
	return scalbnl(r, e / 3);
}

/* --- circular functions ------------------------------------------------------------------- */

long double sinl(long double x)
{
	if (!isfinite(x))
		return isnan(x) ? x : invalid(x);
	return x == 0 ? x : __unik_sin(x);
}

long double cosl(long double x)
{
	if (!isfinite(x))
		return isnan(x) ? x : invalid(x);
	return __unik_cos(x);
}

long double tanl(long double x)
{
	if (!isfinite(x))
		return isnan(x) ? x : invalid(x);
	return x == 0 ? x : __unik_tan(x);
}

long double atan2l(long double y, long double x)
{
	const long double quarter = 0.785398163397448309615660845819875721L;

	if (isnan(x) || isnan(y))
		return x + y;
	if (isinf(x) && isinf(y))
		return copysignl(x > 0 ? quarter : 3 * quarter, y);
	if (isinf(x) || y == 0)
		return copysignl(signbit(x) ? 4 * quarter : 0, y);
	if (isinf(y) || x == 0)
		return copysignl(2 * quarter, y);
	return __unik_atan2(y, x);
}

long double atanl(long double x)
{
	return x == 0 ? x : atan2l(x, 1);
}

long double asinl(long double x)
{
	if (fabsl(x) > 1)
		return invalid(x);
	return x == 0 ? x : atan2l(x, sqrtl((1 - x) * (1 + x)));
}

long double acosl(long double x)
{
	if (fabsl(x) > 1)
		return invalid(x);
	return atan2l(sqrtl((1 - x) * (1 + x)), x);
}

/* --- hyperbolic functions ----------------------------------------------------------------- */

long double sinhl(long double x)
{
	long double e, size = fabsl(x);

	if (x == 0 || !isfinite(x))
		return x;
	if (size > 11000)
		return copysignl(checked(expl(size - LN2)), x);
	e = expm1l(size);
	return copysignl((e + e / (e + 1)) / 2, x);
}

long double coshl(long double x)
{
	long double size = fabsl(x), e;

	if (isnan(x) || isinf(x))
		return size;
	if (size > 11000)
		return checked(expl(size - LN2));
	e = expl(size);
	return (e + 1 / e) / 2;
}

long double tanhl(long double x)
{
	long double e;

	if (x == 0 || isnan(x))
		return x;
	if (fabsl(x) > 50)
		return copysignl(1, x);
	e = expm1l(2 * fabsl(x));
	return copysignl(e / (e + 2), x);
}

long double asinhl(long double x)
{
	long double size = fabsl(x);

	if (x == 0 || !isfinite(x))
		return x;
	if (size > 1 / LDBL_EPSILON)
		return copysignl(logl(size) + LN2, x);
	return copysignl(log1pl(size + size * size / (1 + sqrtl(1 + size * size))), x);
}

long double acoshl(long double x)
{
	if (x < 1)
		return invalid(x);
	if (x > 1 / LDBL_EPSILON)
		return logl(x) + LN2;
	return log1pl((x - 1) + sqrtl((x - 1) * (x + 1)));
}

long double atanhl(long double x)
{
	if (fabsl(x) > 1)
		return invalid(x);
	if (fabsl(x) == 1)
		return pole(x);
	return x == 0 ? x : copysignl(log1pl(2 * fabsl(x) / (1 - fabsl(x))) / 2, x);
}

/* --- as good as double -------------------------------------------------------------------- */

long double erfl(long double x)
{
	return erf((double)x);
}

long double erfcl(long double x)
{
	return erfc((double)x);
}

long double tgammal(long double x)
{
	return tgamma((double)x);
}

long double lgammal(long double x)
{
	return lgamma((double)x);
}
