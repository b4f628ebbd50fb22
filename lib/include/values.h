// SPDX-License-Identifier: BSD-2-Clause
/*
 * values.h - older names of limits (as in System V).
 */
#pragma once
#include <float.h>
#include <limits.h>

#define CHARBITS   CHAR_BIT
#define SHORTBITS  (CHAR_BIT * (int)sizeof(short))
#define INTBITS    (CHAR_BIT * (int)sizeof(int))
#define LONGBITS   (CHAR_BIT * (int)sizeof(long))
#define PTRBITS    (CHAR_BIT * (int)sizeof(char *))
#define DOUBLEBITS (CHAR_BIT * (int)sizeof(double))
#define FLOATBITS  (CHAR_BIT * (int)sizeof(float))

#define MAXSHORT    SHRT_MAX
#define MINSHORT    SHRT_MIN
#define MAXINT      INT_MAX
#define MININT      INT_MIN
#define MAXLONG     LONG_MAX
#define MINLONG     LONG_MIN
#define MAXDOUBLE   DBL_MAX
#define MINDOUBLE   DBL_MIN
#define MAXFLOAT    FLT_MAX
#define MINFLOAT    FLT_MIN
#define DMAXEXP     DBL_MAX_EXP
#define DMINEXP     DBL_MIN_EXP
#define FMAXEXP     FLT_MAX_EXP
#define FMINEXP     FLT_MIN_EXP
#define BITSPERBYTE CHAR_BIT
