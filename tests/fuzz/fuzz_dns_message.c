// SPDX-License-Identifier: BSD-2-Clause
/* What name servers answer by TCP, and names that are asked for. */
// link: lib/base/dns_message.c
#include <errno.h>
#include "lib/base/dns_message.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t question[DNS_QUESTION_BYTES], address[4], *answer;
	size_t asked = dns_question(question, 0, "host.example", DNS_TYPE_A);
	char *name = malloc(len + 1);
	int err;

	/* The question's echo, so that what is behind it is looked at. */
	answer = malloc(asked + len);
	memcpy(answer, question, asked);
	memcpy(answer + asked, data, len);
	answer[2] |= 0x80;
	answer[7] = 200;
	err = dns_answer(question, asked, answer, asked + len, address, sizeof(address));
	FUZZ_ASSERT(err == 0 || err == -ENOENT || err == -EBADMSG);
	err = dns_answer(question, asked, data, len, address, sizeof(address));
	FUZZ_ASSERT(err <= 0);

	memcpy(name, data, len);
	name[len] = '\0';
	FUZZ_ASSERT(dns_question(question, 0, name, DNS_TYPE_A) <= sizeof(question));
	free(name);
	free(answer);
	return 0;
}
