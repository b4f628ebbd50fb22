/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dns_message.h - a question to a name server and what it answers (RFC 1035, 4.1), as TCP carries
 * them; lwIP has its own for UDP.
 *
 * Threading: no state. The answer may be anything. Errors: -errno.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define DNS_TYPE_A         1
#define DNS_TYPE_AAAA      28
#define DNS_QUESTION_BYTES 272 /* of any */

/* dns_question() - ask for records of a type. Returns the length; 0: name is not one of labels of
 * 1 to 63 bytes, 253 in all. */
size_t dns_question(uint8_t out[DNS_QUESTION_BYTES], uint16_t id, const char *name, uint16_t type);

/*
 * dns_answer() - the first address in an answer of len bytes to that question.
 *
 * size   of an address of the type that was asked for, 4 or 16: *out
 *
 * Returns 0; -ENOENT there is no such name, or no such address; -EAGAIN the server failed;
 * -EBADMSG this is no answer to this question, or a damaged one.
 */
int dns_answer(const uint8_t *question, size_t question_len, const uint8_t *answer, size_t len,
	       void *out, size_t size);
