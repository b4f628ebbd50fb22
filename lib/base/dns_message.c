// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/dns_message.h"
#include <errno.h>
#include <string.h>

#define HEADER_BYTES 12
#define RECORD_BYTES 10 /* behind its name and before its data */
#define NAME_MOST    253
#define LABEL_MOST   63

static unsigned read16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static void write16(uint8_t *p, unsigned value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

size_t dns_question(uint8_t out[DNS_QUESTION_BYTES], uint16_t id, const char *name, uint16_t type)
{
	uint8_t *at = out + HEADER_BYTES;
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MOST)
		return 0;
	memset(out, 0, HEADER_BYTES);
	write16(out, id);
	out[2] = 1; /* recursion is wished for */
	out[5] = 1; /* one question */
	for (;;) {
		const char *dot = strchr(name, '.');

		len = dot ? (size_t)(dot - name) : strlen(name);
		if (len == 0 || len > LABEL_MOST)
			return 0;
		*at++ = (uint8_t)len;
		memcpy(at, name, len);
		at += len;
		if (!dot)
			break;
		name = dot + 1;
	}
	*at++ = 0;
	write16(at, type);
	write16(at + 2, 1); /* the Internet */
	return (size_t)(at + 4 - out);
}

/* Behind the name that begins at `at`; 0: it runs out of the message. */
static size_t skip_name(const uint8_t *message, size_t len, size_t at)
{
	while (at < len) {
		if (message[at] == 0)
			return at + 1;
		if (message[at] >= 0xc0) /* the rest is elsewhere */
			return at + 2;
		at += 1 + message[at];
	}
	return 0;
}

int dns_answer(const uint8_t *question, size_t question_len, const uint8_t *answer, size_t len,
	       void *out, size_t size)
{
	size_t at = question_len;
	unsigned rcode, type = read16(question + question_len - 4);

	if (len < question_len || read16(answer) != read16(question) || !(answer[2] & 0x80) ||
	    read16(answer + 4) != 1 ||
	    memcmp(answer + HEADER_BYTES, question + HEADER_BYTES, question_len - HEADER_BYTES))
		return -EBADMSG;
	rcode = answer[3] & 15;
	if (rcode)
		return rcode == 3 ? -ENOENT : -EAGAIN;
	for (unsigned n = read16(answer + 6); n > 0; n--) {
		const uint8_t *record;
		size_t data_len;

		at = skip_name(answer, len, at);
		if (at == 0 || at + RECORD_BYTES > len)
			return -EBADMSG;
		record = answer + at;
		data_len = read16(record + 8);
		at += RECORD_BYTES;
		if (data_len > len - at)
			return -EBADMSG;
		if (read16(record) == type && read16(record + 2) == 1 && data_len == size) {
			memcpy(out, answer + at, size);
			return 0;
		}
		at += data_len;
	}
	return -ENOENT;
}
