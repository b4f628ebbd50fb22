// SPDX-License-Identifier: BSD-2-Clause
/* arch/aarch64/mailbox.c against a firmware that is right, slow, mute or lies, and that sees of
 * memory only what has been cleaned out of the caches. */
// link: arch/aarch64/mailbox.c
#include <string.h>
#include "arch/aarch64/mailbox.h"
#include "arch/dma.h"
#include "arch/mmio.h"
#include "tests/host/fake/fake.h"

#define AT    0x123400u
#define BUS   (0xc0000000u | AT)
#define EMPTY (1u << 30)
#define FULL  (1u << 31)
#define NWORD (DMA_LINE_BYTES_MAX / 4)

static char regs[0x40];
static uint32_t cached[NWORD], memory[NWORD]; /* as the CPU sees it, and as the device does */

static struct {
	bool mute, full, forgets; /* `forgets`: says that it has, and has not written */
	unsigned strangers;       /* what others have left in the mailbox */
	uint32_t waiting, code, question, length, start, bytes;
	unsigned asked;
} vc;

void dma_cache_clean(const void *p, size_t len, bool discard)
{
	CHECK(p == cached);
	CHECK_EQ(len, sizeof(cached));
	if (discard)
		memcpy(cached, memory, sizeof(cached));
	else
		memcpy(memory, cached, sizeof(cached));
}

/* What was asked is as the interface wants it; then the answer. */
static void answer(uint32_t what)
{
	CHECK_EQ(what, BUS | 8);
	CHECK_EQ(memory[0], 32);
	CHECK_EQ(memory[1], 0);
	CHECK_EQ(memory[2], 0x00010005);
	CHECK_EQ(memory[3], 8);
	CHECK_EQ(memory[7], 0);
	vc.asked++;
	vc.waiting = vc.mute ? 0 : what;
	if (vc.forgets)
		return;
	memory[1] = vc.code;
	memory[2] = vc.question;
	memory[4] = vc.length;
	memory[5] = vc.start;
	memory[6] = vc.bytes;
}

static uint32_t read_mailbox(void)
{
	uint32_t v = vc.waiting;

	if (vc.strangers > 0) {
		vc.strangers--;
		return 0x12345671;
	}
	vc.waiting = 0;
	return v;
}

static bool access_regs(uintptr_t addr, unsigned width, bool write, uint64_t *value)
{
	uintptr_t reg = addr - (uintptr_t)regs;

	if (reg >= sizeof(regs))
		return false;
	CHECK_EQ(width, 4);
	if (write) {
		CHECK_EQ(reg, 0x20);
		answer((uint32_t)*value);
	} else if (reg == 0x18) {
		*value = vc.waiting || vc.strangers ? 0 : EMPTY;
	} else if (reg == 0x38) {
		*value = vc.full ? FULL : 0;
	} else {
		CHECK_EQ(reg, 0);
		*value = read_mailbox();
	}
	return true;
}

static void honest(void)
{
	memset(&vc, 0, sizeof(vc));
	vc.code = 0x80000000;
	vc.question = 0x00010005;
	vc.length = 0x80000008;
	vc.bytes = 0x3b400000;
	fake_mmio = access_regs;
}

static bool ask_at(paddr_t at, uint32_t *start, uint32_t *len)
{
	const struct mailbox m = { regs, cached, at };

	*start = *len = 0x55555555;
	return mailbox_memory(&m, start, len);
}

static void check_refused(void)
{
	uint32_t start, len;

	CHECK(!ask_at(AT, &start, &len));
	CHECK_EQ(start, 0x55555555);
	CHECK_EQ(len, 0x55555555);
}

static void test_memory(void)
{
	uint32_t start, len;

	honest();
	vc.start = 0x1000;
	CHECK(ask_at(AT, &start, &len));
	CHECK_EQ(start, 0x1000);
	CHECK_EQ(len, 0x3b400000);
	CHECK_EQ(vc.asked, 1);
}

static void test_strangers_go_by(void)
{
	uint32_t start, len;

	honest();
	vc.strangers = 10;
	CHECK(ask_at(AT, &start, &len));
	honest();
	vc.strangers = 1000000;
	check_refused();
}

static void test_no_answer(void)
{
	honest();
	vc.mute = true;
	check_refused();
	honest();
	vc.full = true;
	check_refused();
	CHECK_EQ(vc.asked, 0);
	honest();
	vc.forgets = true;
	check_refused();
}

static void test_lies(void)
{
	static const struct {
		uint32_t code, question, length, start, bytes;
	} lies[] = {
		{ 0x80000001, 0x00010005, 0x80000008, 0, 1 << 28 },   /* an error */
		{ 0, 0x00010005, 0x80000008, 0, 1 << 28 },            /* not looked at */
		{ 0x80000000, 0x00010006, 0x80000008, 0, 1 << 28 },   /* another question's */
		{ 0x80000000, 0x00010005, 8, 0, 1 << 28 },            /* no answer to it */
		{ 0x80000000, 0x00010005, 0x80000004, 0, 1 << 28 },   /* half of one */
		{ 0x80000000, 0x00010005, 0x80000000, 0, 1 << 28 },   /* none of it */
		{ 0x80000000, 0x00010005, 0xffffffff, 0, 1 << 28 },   /* more than fits */
		{ 0x80000000, 0x00010005, 0x80000008, 0, 0 },         /* no RAM */
		{ 0x80000000, 0x00010005, 0x80000008, 4096, ~4094u }, /* past the end of all */
		{ 0x80000000, 0x00010005, 0x80000008, ~0u, ~0u },
	};

	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		honest();
		vc.code = lies[i].code;
		vc.question = lies[i].question;
		vc.length = lies[i].length;
		vc.start = lies[i].start;
		vc.bytes = lies[i].bytes;
		check_refused();
	}
}

/* Where the other side could not reach it, or its low bits would be taken for a channel. */
static void test_bad_places(void)
{
	uint32_t start, len;

	honest();
	CHECK(!ask_at(0x40000000, &start, &len));
	CHECK(!ask_at(0x100000000 + AT, &start, &len));
	CHECK(!ask_at(AT + 8, &start, &len));
	CHECK_EQ(vc.asked, 0);
}

int main(void)
{
	RUN(test_memory);
	RUN(test_strangers_go_by);
	RUN(test_no_answer);
	RUN(test_lies);
	RUN(test_bad_places);
	return check_done();
}
