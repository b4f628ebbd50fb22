// SPDX-License-Identifier: BSD-2-Clause
/*
 * decimal.h - the decimal digits of a floating-point number, for printf.
 *
 * Exact at any length: the number is written out in base 10^9 and rounded once. Takes the bits of
 * the number, so it needs no FPU. No state, no memory, no errors. Runs anywhere.
 */
#pragma once
#include <stdint.h>

/* Room for digits: a double has at most 767 (those of 2^-1022 - 2^-1074), written nine at a time.
 */
#define DECIMAL_MAX 784

/*
 * __unik_decimal() - the digits of a finite double that is not zero, rounded half to even.
 *
 * bits         the number, IEEE 754 binary64; the sign is ignored
 * ndigits      how many digits are wanted, and ...
 * after_point  ... whether they are counted from the decimal point, or from the first digit
 * digits       DECIMAL_MAX characters; filled without trailing zeros, not terminated
 * point        out: the number is 0.digits * 10^point
 *
 * Returns the number of digits; 0 where it rounds to zero (only with after_point).
 * Context: any.
 */
int __unik_decimal(uint64_t bits, int ndigits, int after_point, char *digits, int *point);
