// SPDX-License-Identifier: BSD-2-Clause
/*
 * inet.c - Internet addresses as text, and byte order.
 *
 * Ref: RFC 4291, 2.2 (IPv6 as text); RFC 5952, 4 (which of the texts to write).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include "lib/base/compiler.h"
#include "lib/base/fmt.h"

UNIK_API const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
UNIK_API const struct in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;

#undef htonl
#undef htons
#undef ntohl
#undef ntohs

UNIK_API uint32_t htonl(uint32_t n)
{
	return __htonl(n);
}

UNIK_API uint16_t htons(uint16_t n)
{
	return __htons(n);
}

UNIK_API uint32_t ntohl(uint32_t n)
{
	return __ntohl(n);
}

UNIK_API uint16_t ntohs(uint16_t n)
{
	return __ntohs(n);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Digits of `base` at *text, at most `max`; moves *text behind them. False: none, or too much. */
static bool read_number(const char **text, int base, uint32_t max, uint32_t *out)
{
	const char *p = *text;
	uint64_t n = 0;

	for (; digit_of(*p) < base; p++) {
		n = n * base + digit_of(*p);
		if (n > max)
			return false;
	}
	if (p == *text)
		return false;
	*text = p;
	*out = n;
	return true;
}

static bool read_ipv4(const char *text, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		const char *start = text;
		uint32_t n;

		if (!read_number(&text, 10, 255, &n) || (*start == '0' && text - start > 1))
			return false;
		out[i] = n;
		if (*text++ != (i < 3 ? '.' : '\0'))
			return false;
	}
	return true;
}

/*
 * Groups up to the end of text, from out[n] on; *gap becomes where "::" stood. Returns how many
 * bytes there are now, or -1.
 */
static int read_groups(const char *text, uint8_t out[16], int *gap)
{
	int n = 0;

	if (text[0] == ':' && *++text != ':')
		return -1;
	for (;;) {
		const char *start = text;
		uint32_t group;

		if (*text == ':') { /* the second of "::" */
			if (*gap >= 0)
				return -1;
			*gap = n;
			if (!*++text)
				return n;
			start = text;
		}
		if (n == 16 || !read_number(&text, 16, 0xffff, &group) || text - start > 4)
			return -1;
		if (*text == '.')
			return n <= 12 && read_ipv4(start, out + n) ? n + 4 : -1;
		out[n++] = group >> 8;
		out[n++] = group;
		if (!*text)
			return n;
		if (*text++ != ':' || !*text)
			return -1;
	}
}

static bool read_ipv6(const char *text, uint8_t out[16])
{
	uint8_t bytes[16] = { 0 };
	int gap = -1, n = read_groups(text, bytes, &gap);

	if (n < 0 || (gap < 0 ? n != 16 : n > 14))
		return false;
	memset(out, 0, 16);
	if (gap < 0)
		gap = n;
	memcpy(out, bytes, gap);
	memcpy(out + 16 - (n - gap), bytes + gap, n - gap);
	return true;
}

UNIK_API int inet_pton(int family, const char *text, void *address)
{
	uint8_t bytes[16];

	if (family == AF_INET) {
		if (!read_ipv4(text, bytes))
			return 0;
		memcpy(address, bytes, 4);
		return 1;
	}
	if (family == AF_INET6)
		return read_ipv6(text, address);
	errno = EAFNOSUPPORT;
	return -1;
}

static size_t write_ipv4(const uint8_t *a, char *out, size_t size)
{
	return fmt_snprintf(out, size, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
}

/* The longest run of at least two zero groups, the first of equals; its length, 0 for none. */
static int longest_gap(const uint16_t *group, int *start)
{
	int best = 1;

	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && !group[i + n])
			n++;
		if (n > best) {
			best = n;
			*start = i;
		}
		i += n;
	}
	return best > 1 ? best : 0;
}

static size_t write_ipv6(const uint8_t *a, char *out)
{
	uint16_t group[8];
	int start = 8, gap;
	char *p = out;

	for (int i = 0; i < 8; i++)
		group[i] = a[2 * i] << 8 | a[2 * i + 1];
	gap = longest_gap(group, &start);
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			p += fmt_snprintf(p, 3, "::");
			i += gap - 1;
			continue;
		}
		if (i == 6 && start == 0 && (gap == 6 || (gap == 5 && group[5] == 0xffff))) {
			*p = 0;
			if (gap == 5)
				*p++ = ':';
			return p + write_ipv4(a + 12, p, 16) - out;
		}
		p += fmt_snprintf(p, 6, i && i != start + gap ? ":%x" : "%x", group[i]);
	}
	return p - out;
}

UNIK_API const char *inet_ntop(int family, const void *address, char *text, socklen_t size)
{
	char buf[INET6_ADDRSTRLEN];
	size_t len;

	if (family == AF_INET)
		len = write_ipv4(address, buf, sizeof(buf));
	else if (family == AF_INET6)
		len = write_ipv6(address, buf);
	else
		return errno = EAFNOSUPPORT, NULL;
	if (len >= size)
		return errno = ENOSPC, NULL;
	return memcpy(text, buf, len + 1);
}

/* The old forms: one to four numbers of base 8, 10 or 16; the last fills what is left. */
UNIK_API int inet_aton(const char *text, struct in_addr *out)
{
	uint32_t address = 0;

	for (int i = 0; i < 4; i++) {
		int base = 10;
		uint32_t n;

		if (*text == '0' && (text[1] | 0x20) == 'x') {
			base = 16;
			text += 2;
		} else if (*text == '0') {
			base = 8;
		}
		if (!read_number(&text, base, 0xffffffffu >> (8 * i), &n))
			return 0;
		if (*text == '.' && i < 3) {
			if (n > 255)
				return 0;
			address |= n << (24 - 8 * i);
			text++;
			continue;
		}
		if (*text && *text != ' ' && (*text < '\t' || *text > '\r'))
			return 0;
		out->s_addr = __htonl(address | n);
		return 1;
	}
	return 0;
}

UNIK_API in_addr_t inet_addr(const char *text)
{
	struct in_addr a;

	return inet_aton(text, &a) ? a.s_addr : INADDR_NONE;
}

UNIK_API char *inet_ntoa(struct in_addr a)
{
	static __thread char text[INET_ADDRSTRLEN];

	return (char *)inet_ntop(AF_INET, &a.s_addr, text, sizeof(text));
}
