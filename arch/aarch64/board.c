// SPDX-License-Identifier: BSD-2-Clause
/*
 * board.c - Ref: the Linux kernel's Documentation/arm/booting.rst, 4b (tagged list); Raspberry Pi
 * firmware, "Mailbox property interface"; Cortex-A53 TRM (DDI 0500), 4.3.1.
 *
 * Nothing of the board is touched before a processor of its kind and a list that is well formed
 * have said what it is: no other 64-bit ARM machine is started with such a list.
 */
#include "arch/aarch64/board.h"
#include "arch/aarch64/mailbox.h"
#include "arch/aarch64/pagetable.h"
#include "arch/dma.h"
#include "kernel/boot_info.h"
#include <asm/sysreg.h>

#define TAGS_USUAL  0x100
#define TAGS_WORDS  1024 /* no list of a sound loader is longer */
#define TAG_END     0
#define TAG_CORE    0x54410001u
#define TAG_MEMORY  0x54410002u
#define TAG_INITRD  0x54420005u
#define TAG_CMDLINE 0x54410009u

#define CORTEX_A53  0x4100d030u /* MIDR_EL1: implementer and part */
#define MIDR_PART   0xff00fff0u
#define MAILBOX     0x3f00b880u
#define PERIPHERALS 0x3f000000u /* RAM ends below */

extern char image_start[], image_end[];

/* The list at `at`; NULL when there is none. Each tag begins with its length in words, these two
 * among them. */
static const uint32_t *open_tags(paddr_t at)
{
	const uint32_t *tag = (const uint32_t *)at;

	if (at % 4 || !pagetable_boot_map(at))
		return NULL;
	return tag[0] >= 2 && tag[0] < TAGS_WORDS && tag[1] == TAG_CORE ? tag : NULL;
}

static void add_memory(uint32_t start, uint32_t len)
{
	if (start < PERIPHERALS)
		boot_info_add_ram(start, MIN(len, PERIPHERALS - start));
}

static void read_tag(const uint32_t *tag, bool wants_memory)
{
	uint32_t nword = tag[0] - 2;

	if (tag[1] == TAG_CMDLINE)
		boot_info.cmdline = boot_info_add_text((const char *)&tag[2], 4ul * nword);
	else if (tag[1] == TAG_INITRD && nword >= 2)
		boot_info_add_module(tag[2], tag[3], 0);
	else if (tag[1] == TAG_MEMORY && nword >= 2 && wants_memory)
		add_memory(tag[3], tag[2]);
}

static void read_tags(const uint32_t *tag, bool wants_memory)
{
	uint32_t left = TAGS_WORDS;

	for (; tag[0] >= 2 && tag[0] + 2 <= left && tag[1] != TAG_END; tag += tag[0]) {
		left -= tag[0];
		read_tag(tag, wants_memory);
	}
}

/* What the firmware leaves to the CPU; no good when we are not in it ourselves. Addresses of the
 * image are still those in memory. */
static bool ask_memory(void)
{
	static uint32_t message[DMA_LINE_BYTES_MAX / 4] UNIK_ALIGNED(DMA_LINE_BYTES_MAX);
	struct mailbox m = { pagetable_boot_device(MAILBOX), message, (uintptr_t)message };
	uint32_t start, len;

	if (!m.regs || !mailbox_memory(&m, &start, &len) || start > (uintptr_t)image_start ||
	    len < (uintptr_t)image_end - start)
		return false;
	add_memory(start, len);
	return true;
}

bool board_read(paddr_t tags)
{
	const uint32_t *list;

	if ((sysreg_read(midr_el1) & MIDR_PART) != CORTEX_A53)
		return false;
	list = open_tags(tags ? tags : TAGS_USUAL);
	if (!list)
		return false;
	boot_info_reset("tags");
	read_tags(list, !ask_memory());
	return true;
}
