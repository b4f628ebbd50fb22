// SPDX-License-Identifier: BSD-2-Clause
/*
 * strtold.c - text to long double of 113 bits. newlib's takes every long double for the one of x87,
 * and its "0.5" is 0 here. Ref: IEEE 754-2019, 3.4 (binary128).
 *
 * All names of newlib's file are here, so that it is not linked.
 */
#define _GNU_SOURCE
#include <locale.h>
#include <reent.h>
#include <stdint.h>
#include <stdlib.h>

#define MANTISSA_BITS 113 /* with the one that is not stored */
#define BIAS          16383

/* newlib's interface (its gdtoa.h): a binary floating-point format, and what a text is in it. */
struct format {
	int mantissa_bits, exponent_min, exponent_max, rounding, sudden_underflow;
};
enum { IS_ZERO, IS_NORMAL, IS_DENORMAL, IS_INFINITE, IS_NAN, IS_NAN_BITS, IS_NO_NUMBER, KIND = 7 };
#define IS_NEGATIVE  8
#define ROUND_NEAR   1
#define MANTISSA_LEN ((MANTISSA_BITS + 31) / 32)

extern struct __locale_t __global_locale;
int _strtodg_l(struct _reent *r, const char *restrict text, char **restrict end, struct format *f,
	       int *exponent, uint32_t *mantissa, locale_t locale);

union quad {
	long double value;
	uint64_t half[2]; /* the lower first */
};

static long double assemble(int kind, int exponent, const uint32_t mantissa[MANTISSA_LEN])
{
	uint64_t top = 0;
	union quad q = { .half = { 0, 0 } };

	switch (kind & KIND) {
	case IS_NORMAL:
	case IS_NAN_BITS:
		top = (uint64_t)(exponent + MANTISSA_BITS - 1 + BIAS);
		/* fallthrough */
	case IS_DENORMAL:
		q.half[0] = mantissa[0] | (uint64_t)mantissa[1] << 32;
		q.half[1] = mantissa[2] | (uint64_t)(mantissa[3] & 0xffff) << 32 | top << 48;
		break;
	case IS_INFINITE:
		q.value = __builtin_infl();
		break;
	case IS_NAN:
		q.value = __builtin_nanl("");
		break;
	}
	if (kind & IS_NEGATIVE)
		q.half[1] |= 1ULL << 63;
	return q.value;
}

static long double convert(struct _reent *r, const char *restrict text, char **restrict end,
			   locale_t locale)
{
	struct format f = { MANTISSA_BITS, 1 - BIAS - MANTISSA_BITS + 1, BIAS - MANTISSA_BITS + 1,
			    ROUND_NEAR, 0 };
	uint32_t mantissa[MANTISSA_LEN] = { 0 };
	int exponent = 0, kind;

	kind = _strtodg_l(r, text, end, &f, &exponent, mantissa, locale);
	return assemble(kind, exponent, mantissa);
}

long double _strtold_r(struct _reent *r, const char *restrict text, char **restrict end)
{
	return convert(r, text, end, r->_locale ? r->_locale : &__global_locale);
}

long double strtold(const char *restrict text, char **restrict end)
{
	return _strtold_r(_REENT, text, end);
}

long double strtold_l(const char *restrict text, char **restrict end, locale_t locale)
{
	return convert(_REENT, text, end, locale);
}
