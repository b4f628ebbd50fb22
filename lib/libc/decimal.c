// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/compiler.h"
#include "lib/libc/decimal.h"

#define BASE        1000000000u /* 2^9 * 5^9 */
#define BASE_DIGITS 9
#define INTEGER     35  /* limbs: 309 digits before the point */
#define FRACTION    120 /* limbs: 1074 digits behind it */

#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1075 /* as if the mantissa were an integer */

/* Limbs first..end - 1 are used, the most significant first; the point is before INTEGER. */
struct big {
	int first, end;
	uint32_t limb[INTEGER + FRACTION];
};

/* Times 2^shift; up to 29, so that the carry is one limb. */
static void big_multiply(struct big *b, int shift)
{
	uint64_t carry = 0;

	for (int i = b->end - 1; i >= b->first; i--) {
		carry += (uint64_t)b->limb[i] << shift;
		b->limb[i] = carry % BASE;
		carry /= BASE;
	}
	if (carry)
		b->limb[--b->first] = (uint32_t)carry;
}

/* Over 2^shift; up to 9, as BASE is divisible by 2^9: what a limb leaves over is an integer. */
static void big_divide(struct big *b, int shift)
{
	uint32_t carry = 0;

	for (int i = b->first; i < b->end; i++) {
		uint32_t rest = b->limb[i] & ((1u << shift) - 1);

		b->limb[i] = (b->limb[i] >> shift) + carry;
		carry = (BASE >> shift) * rest;
	}
	if (carry)
		b->limb[b->end++] = carry;
	while (b->limb[b->first] == 0)
		b->first++;
}

static void big_set(struct big *b, uint64_t bits)
{
	uint64_t mantissa = bits & ((1ULL << MANTISSA_BITS) - 1);
	int exponent = (bits >> MANTISSA_BITS) & 0x7ff;

	if (exponent)
		mantissa |= 1ULL << MANTISSA_BITS;
	else
		exponent = 1;
	b->end = INTEGER;
	b->limb[INTEGER - 2] = (uint32_t)(mantissa / BASE);
	b->limb[INTEGER - 1] = mantissa % BASE;
	b->first = INTEGER - (mantissa < BASE ? 1 : 2);
	exponent -= EXPONENT_BIAS;
	for (int left = exponent; left > 0; left -= 29)
		big_multiply(b, MIN(left, 29));
	for (int left = -exponent; left > 0; left -= 9)
		big_divide(b, MIN(left, 9));
	while (b->limb[b->end - 1] == 0)
		b->end--;
}

/* How many digits the first limb has: it is written without leading zeros. */
static int leading_digits(const struct big *b)
{
	int n = 1;

	for (uint32_t v = b->limb[b->first]; v >= 10; v /= 10)
		n++;
	return n;
}

/* Write limbs until there are more than `wanted` digits or none is left; returns how many. */
static int write_digits(struct big *b, char *digits, int wanted)
{
	int n = 0, width = leading_digits(b);

	while (b->first < b->end && n <= wanted) {
		uint32_t v = b->limb[b->first++];

		for (int i = n + width - 1; i >= n; i--, v /= 10)
			digits[i] = (char)('0' + v % 10);
		n += width;
		width = BASE_DIGITS;
	}
	return n;
}

static bool rounds_up(const char *digits, int wanted, int n, bool more)
{
	bool odd = wanted > 0 && (digits[wanted - 1] & 1);

	if (digits[wanted] != '5')
		return digits[wanted] > '5';
	for (int i = wanted + 1; i < n; i++)
		more |= digits[i] != '0';
	return more || odd;
}

UNIK_API int __unik_decimal(uint64_t bits, int ndigits, int after_point, char *digits, int *point)
{
	struct big b;
	int n, wanted;

	big_set(&b, bits);
	*point = (INTEGER - 1 - b.first) * BASE_DIGITS + leading_digits(&b);
	wanted =
		after_point ? MIN(ndigits, DECIMAL_MAX + FRACTION * BASE_DIGITS) + *point : ndigits;
	if (wanted < 0)
		return 0;
	n = write_digits(&b, digits, wanted);
	if (n > wanted) {
		bool up = rounds_up(digits, wanted, n, b.first < b.end);

		for (n = wanted; up && n > 0 && digits[n - 1] == '9';)
			n--;
		if (up && n == 0) {
			digits[n++] = '1';
			++*point;
		} else if (up) {
			digits[n - 1]++;
		}
	}
	while (n > 0 && digits[n - 1] == '0')
		n--;
	return n;
}
