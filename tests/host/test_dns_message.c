// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/dns_message.c: questions and answers as TCP carries them. */
// link: lib/base/dns_message.c
#include <errno.h>
#include "lib/base/dns_message.h"
#include "tests/host/fake/fake.h"

static uint8_t question[DNS_QUESTION_BYTES];
static size_t question_len;

static void ask(const char *name, uint16_t type)
{
	question_len = dns_question(question, 0x1234, name, type);
}

/* An answer of this kind and these records behind the question. */
static int answer(uint8_t rcode, unsigned nrecords, const char *records, size_t len, void *out)
{
	uint8_t *a = malloc(question_len + len);
	int err;

	memcpy(a, question, question_len);
	memcpy(a + question_len, records, len);
	a[2] = 0x81;
	a[3] = 0x80 | rcode;
	a[7] = (uint8_t)nrecords;
	err = dns_answer(question, question_len, a, question_len + len, out, 4);
	free(a);
	return err;
}

#define ALIAS   "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\1a\xc0\x0c"
#define ADDRESS "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7"

static void test_question(void)
{
	static const char expected[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\3www\2ab\0\0\x1c\0\1";

	ask("www.ab", DNS_TYPE_AAAA);
	CHECK_EQ(question_len, sizeof(expected) - 1);
	CHECK(memcmp(question, expected, sizeof(expected) - 1) == 0);
}

static void test_names(void)
{
	static const char *const bad[] = { "", ".", "a..b", "a.", ".a" };
	char name[300];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_EQ(dns_question(question, 1, bad[i], 1), 0);
	memset(name, 'a', sizeof(name));
	name[64] = '\0';
	CHECK_EQ(dns_question(question, 1, name, 1), 0);
	for (int i = 0; i < 260; i++)
		name[i] = i % 64 == 63 ? '.' : 'a';
	name[254] = '\0';
	CHECK_EQ(dns_question(question, 1, name, 1), 0);
	name[253] = '\0';
	CHECK_EQ(dns_question(question, 1, name, 1), 12 + 255 + 4);
}

static void test_answers(void)
{
	uint8_t a[4] = { 0 };

	ask("www.ab", DNS_TYPE_A);
	CHECK_EQ(answer(0, 2, ALIAS ADDRESS, 32, a), 0);
	CHECK(memcmp(a, "\xc0\0\2\7", 4) == 0);
	CHECK_EQ(answer(0, 1, ALIAS ADDRESS, 32, a), -ENOENT);
	CHECK_EQ(answer(0, 0, "", 0, a), -ENOENT);
	CHECK_EQ(answer(3, 0, "", 0, a), -ENOENT);
	CHECK_EQ(answer(2, 0, "", 0, a), -EAGAIN);
}

static void test_damaged(void)
{
	uint8_t a[4];

	ask("www.ab", DNS_TYPE_A);
	CHECK_EQ(answer(0, 3, ALIAS ADDRESS, 16, a), -EBADMSG);
	for (size_t len = 0; len < 32; len++)
		CHECK_EQ(answer(0, 2, ALIAS ADDRESS, len, a), -EBADMSG);
	CHECK_EQ(answer(0, 1, "\x3fxyz", 4, a), -EBADMSG);
	CHECK_EQ(answer(0, 1, "\xc0", 1, a), -EBADMSG);
	for (size_t len = 0; len < question_len; len++) {
		uint8_t *cut = memcpy(malloc(len + !len), question, len);

		CHECK_EQ(dns_answer(question, question_len, cut, len, a, 4), -EBADMSG);
		free(cut);
	}
	/* The question itself is no answer. */
	CHECK_EQ(dns_answer(question, question_len, question, question_len, a, 4), -EBADMSG);
}

/* Any bytes behind a good head: no crash, and never more than 4 bytes written (ASan). */
static void test_random(void)
{
	char bytes[64];

	ask("www.ab", DNS_TYPE_A);
	srand(1);
	for (int i = 0; i < 20000; i++) {
		uint8_t *a = malloc(4);

		for (size_t k = 0; k < sizeof(bytes); k++)
			bytes[k] = (char)(rand() % 4 ? rand() % 5 : rand());
		answer(0, (unsigned)rand() % 256, bytes, (size_t)rand() % sizeof(bytes), a);
		free(a);
	}
}

int main(void)
{
	RUN(test_question);
	RUN(test_names);
	RUN(test_answers);
	RUN(test_damaged);
	RUN(test_random);
	return check_done();
}
