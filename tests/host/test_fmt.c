// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/fmt.c against the host's snprintf(), and what only we do. */
// link: lib/base/fmt.c
// flags: -Wno-format
#include <limits.h>
#include "lib/base/fmt.h"
#include "tests/host/fake/fake.h"

static void compare(const char *format, size_t size, const char *ours, size_t our_len,
		    const char *theirs, int their_len)
{
	if (our_len != (size_t)their_len || (size && strcmp(ours, theirs) != 0))
		CHECK_FAIL("\"%s\" into %zu: \"%s\" (%zu), not \"%s\" (%d)", format, size, ours,
			   our_len, theirs, their_len);
}

/* Both give the same text and length, into room of each size from none to plenty. */
#define SAME(...)                                                                               \
	for (size_t size_ = 0; size_ < 80; size_++) {                                           \
		char *ours_ = malloc(size_), *theirs_ = malloc(size_);                          \
		size_t n_ = fmt_snprintf(ours_, size_, __VA_ARGS__);                            \
		int m_ = snprintf(theirs_, size_, __VA_ARGS__);                                 \
		compare(#__VA_ARGS__, size_, size_ ? ours_ : "", n_, size_ ? theirs_ : "", m_); \
		free(ours_);                                                                    \
		free(theirs_);                                                                  \
	}

static void test_integers(void)
{
	SAME("%d %i %u %x %X", -3, 42, 3000000000u, 0xbeefu, 0xCAFEu);
	SAME("%d %d %u", INT_MIN, INT_MAX, UINT_MAX);
	SAME("%ld %lld %lu %llx", LONG_MIN, LLONG_MAX, ULONG_MAX, 0x123456789abcdefULL);
	SAME("%hhd %hhu %hd %hu", -1, 511, -32769, 65537);
	SAME("%zu %zd %jd %tx", SIZE_MAX, (ssize_t)-5, (intmax_t)-7, (ptrdiff_t)255);
	SAME("%d%%", 0);
}

static void test_width(void)
{
	SAME("|%5d|%-5d|%05d|%*d|%-*d|", 42, 42, -42, 7, -1, 7, -1);
	SAME("|%08x|%8X|%3d|%2u|", 0xabc, 0xabc, 12345, 999);
	SAME("|%5s|%-5s|%5c|%-5c|", "ab", "ab", 'x', 'y');
	SAME("|%060d|", 1);
}

static void test_strings(void)
{
	char unterminated[3] = { 'a', 'b', 'c' };

	SAME("%s and %s", "one", "");
	SAME("%.2s|%.0s|%.9s|%.*s|%6.2s|", "abc", "abc", "abc", 1, "abc", "abc");
	SAME("%.3s", unterminated);
	SAME("%s", (char *)NULL);
	SAME("%p", (void *)0x1234abcd);
}

static void test_odd_formats(void)
{
	char out[32];

	CHECK_EQ(fmt_snprintf(out, sizeof(out), "%"), 1);
	CHECK_STR(out, "%");
	fmt_snprintf(out, sizeof(out), "%5");
	CHECK_STR(out, "%5");
	fmt_snprintf(out, sizeof(out), "%q %d", 7);
	CHECK_STR(out, "%q 7");
	fmt_snprintf(out, sizeof(out), "%-08d|", 5);
	CHECK_STR(out, "5       |");
	fmt_snprintf(out, sizeof(out), "%p", NULL);
	CHECK_STR(out, "0x0");
}

static void test_no_room(void)
{
	CHECK_EQ(fmt_snprintf(NULL, 0, "%s", "hello"), 5);
}

int main(void)
{
	RUN(test_integers);
	RUN(test_width);
	RUN(test_strings);
	RUN(test_odd_formats);
	RUN(test_no_room);
	return check_done();
}
