// SPDX-License-Identifier: BSD-2-Clause
/*
 * math.h - newlib's, with the functions of long double that it lacks.
 *
 * Rounding, remainders, exponents and the like are exact. The rest is as good as the processor's
 * own extended precision on x86-64 (powl() loses up to 14 of 64 bits where the result is huge or
 * tiny; the circular functions lose what their argument has too many of), and as good as double
 * where long double is done in software.
 */
#pragma once
#include_next <math.h>

__BEGIN_DECLS

#define __UNIK_LD(name) long double name(long double)
__UNIK_LD(acosl);
__UNIK_LD(acoshl);
__UNIK_LD(asinl);
__UNIK_LD(asinhl);
__UNIK_LD(atanl);
__UNIK_LD(atanhl);
__UNIK_LD(cbrtl);
__UNIK_LD(ceill);
__UNIK_LD(cosl);
__UNIK_LD(coshl);
__UNIK_LD(erfl);
__UNIK_LD(erfcl);
__UNIK_LD(expl);
__UNIK_LD(exp2l);
__UNIK_LD(expm1l);
__UNIK_LD(fabsl);
__UNIK_LD(floorl);
__UNIK_LD(lgammal);
__UNIK_LD(logl);
__UNIK_LD(log10l);
__UNIK_LD(log1pl);
__UNIK_LD(log2l);
__UNIK_LD(logbl);
__UNIK_LD(nearbyintl);
__UNIK_LD(rintl);
__UNIK_LD(roundl);
__UNIK_LD(sinl);
__UNIK_LD(sinhl);
__UNIK_LD(tanl);
__UNIK_LD(tanhl);
__UNIK_LD(tgammal);
__UNIK_LD(truncl);
#undef __UNIK_LD

long double atan2l(long double __y, long double __x);
long double copysignl(long double __x, long double __y);
long double fdiml(long double __x, long double __y);
long double fmaxl(long double __x, long double __y);
long double fminl(long double __x, long double __y);
long double fmodl(long double __x, long double __y);
long double frexpl(long double __x, int *__exponent);
int ilogbl(long double __x);
long double ldexpl(long double __x, int __exponent);
long long llrintl(long double __x);
long long llroundl(long double __x);
long lrintl(long double __x);
long lroundl(long double __x);
long double modfl(long double __x, long double *__whole);
long double nextafterl(long double __x, long double __y);
long double nexttowardl(long double __x, long double __y);
double nexttoward(double __x, long double __y);
float nexttowardf(float __x, long double __y);
long double powl(long double __x, long double __y);
long double remainderl(long double __x, long double __y);
long double remquol(long double __x, long double __y, int *__quotient);
long double scalblnl(long double __x, long __exponent);
long double scalbnl(long double __x, int __exponent);

__END_DECLS
