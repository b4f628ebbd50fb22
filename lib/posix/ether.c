// SPDX-License-Identifier: BSD-2-Clause
/*
 * ether.c - Ethernet addresses as text.
 */
#include <netinet/ether.h>
#include <string.h>
#include "lib/base/compiler.h"
#include "lib/base/fmt.h"

UNIK_API char *ether_ntoa_r(const struct ether_addr *a, char *text)
{
	const uint8_t *b = a->ether_addr_octet;

	fmt_snprintf(text, 18, "%x:%x:%x:%x:%x:%x", b[0], b[1], b[2], b[3], b[4], b[5]);
	return text;
}

UNIK_API char *ether_ntoa(const struct ether_addr *a)
{
	static __thread char text[18];

	return ether_ntoa_r(a, text);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

UNIK_API struct ether_addr *ether_aton_r(const char *text, struct ether_addr *a)
{
	struct ether_addr out = { { 0 } };

	for (int i = 0; i < ETH_ALEN; i++) {
		int n = digit_of(*text), low;

		if (n < 0)
			return NULL;
		low = digit_of(*++text);
		if (low >= 0) {
			n = n << 4 | low;
			text++;
		}
		out.ether_addr_octet[i] = (uint8_t)n;
		if (*text != (i < ETH_ALEN - 1 ? ':' : '\0'))
			return NULL;
		text++;
	}
	*a = out;
	return a;
}

UNIK_API struct ether_addr *ether_aton(const char *text)
{
	static __thread struct ether_addr a;

	return ether_aton_r(text, &a);
}
