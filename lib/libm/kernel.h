// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel.h - the functions of long double that an architecture supplies (lib/libm/<arch>/), on
 * which lib/libm/elementary.c builds the others. Arguments are finite.
 */
#pragma once

long double __unik_exp2_fraction(long double x); /* 2^x - 1 for -1 < x < 1 */
long double __unik_log2(long double x);          /* x > 0 */
long double __unik_log2_near_1(long double x);   /* log2(1 + x) for |x| < 0.29 */
long double __unik_sin(long double x);
long double __unik_cos(long double x);
long double __unik_tan(long double x);
long double __unik_atan2(long double y, long double x);
