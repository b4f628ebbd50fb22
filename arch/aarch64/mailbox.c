// SPDX-License-Identifier: BSD-2-Clause
/*
 * mailbox.c - Ref: Raspberry Pi firmware, "Accessing mailboxes" and "Mailbox property interface".
 *
 * The message lies in cache lines of its own, so that nothing else is written back over the answer.
 */
#include "arch/aarch64/mailbox.h"
#include "arch/dma.h"
#include "arch/mmio.h"

#define REG_READ         0x00
#define REG_READ_STATUS  0x18
#define REG_WRITE        0x20
#define REG_WRITE_STATUS 0x38
#define STATUS_FULL      (1u << 31)
#define STATUS_EMPTY     (1u << 30)
#define LOOKS_MAX        1000000 /* a tenth of a second, more or less */

#define CHANNEL_PROPERTY 8u /* in the low bits of what is passed */
#define CHANNEL_MASK     0xfu
#define BUS_UNCACHED     0xc0000000u /* where the other side finds RAM, past its own cache */
#define BUS_RAM_BYTES    0x40000000u

#define ANSWERED       0x80000000u
#define GET_ARM_MEMORY 0x00010005u

/* A message with one question and room for an answer of two words. */
enum { BYTES, CODE, QUESTION, ROOM_BYTES, ANSWER_BYTES, ANSWER, LAST = ANSWER + 2, NWORD };

_Static_assert(NWORD * 4 <= DMA_LINE_BYTES_MAX, "a message fits");

static bool wait_clear(const char *status, uint32_t flag)
{
	for (unsigned looks = LOOKS_MAX; looks > 0; looks--)
		if (!(mmio_read32(status) & flag))
			return true;
	return false;
}

/* Hands the message over and waits for it to come back; what others left unread goes by. */
static bool pass(char *regs, uint32_t what)
{
	if (!wait_clear(regs + REG_WRITE_STATUS, STATUS_FULL))
		return false;
	mmio_write32(regs + REG_WRITE, what);
	for (unsigned tries = 0; tries < 16; tries++) {
		if (!wait_clear(regs + REG_READ_STATUS, STATUS_EMPTY))
			return false;
		if (mmio_read32(regs + REG_READ) == what)
			return true;
	}
	return false;
}

static bool ask(const struct mailbox *m, uint32_t question)
{
	uint32_t *w = m->message;

	if (m->at >= BUS_RAM_BYTES || m->at % (CHANNEL_MASK + 1))
		return false;
	w[BYTES] = NWORD * 4;
	w[CODE] = 0;
	w[QUESTION] = question;
	w[ROOM_BYTES] = 8;
	w[ANSWER_BYTES] = 0;
	w[ANSWER] = w[ANSWER + 1] = 0;
	w[LAST] = 0;
	dma_to_device(w, DMA_LINE_BYTES_MAX, false);
	if (!pass(m->regs, (uint32_t)m->at | BUS_UNCACHED | CHANNEL_PROPERTY))
		return false;
	dma_from_device(w, DMA_LINE_BYTES_MAX, false);
	return READ_ONCE(w[CODE]) == ANSWERED && READ_ONCE(w[QUESTION]) == question &&
	       READ_ONCE(w[ANSWER_BYTES]) == (ANSWERED | 8);
}

bool mailbox_memory(const struct mailbox *m, uint32_t *start, uint32_t *len)
{
	uint32_t first, bytes;

	if (!ask(m, GET_ARM_MEMORY))
		return false;
	first = READ_ONCE(m->message[ANSWER]);
	bytes = READ_ONCE(m->message[ANSWER + 1]);
	if (bytes == 0 || bytes > UINT32_MAX - first)
		return false;
	*start = first;
	*len = bytes;
	return true;
}
