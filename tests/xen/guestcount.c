// SPDX-License-Identifier: BSD-2-Clause
/*
 * guestcount.c - a QEMU plugin: instructions of an image, by the addresses where images run, from
 * the entry to main(), also where a hypervisor and a dom0 run on the same CPU.
 *
 * Arguments: entry=HEX (address of the PVH entry), main=OFFSET:BYTES (of main() in its page, and
 * its first bytes, hexadecimal), out=PATH. Writes one line for each run of an image: the count. A
 * repetition of a string instruction counts each time.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/bench/qemu_plugin.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* Where the loader puts it, and the region of its random base. */
#define LOW_START  0x100000UL
#define LOW_END    0x200000UL
#define HIGH_START 0xffffff8000000000UL
#define HIGH_END   0xffffffff80000000UL

static unsigned long entry, main_offset, count;
static unsigned char main_bytes[64];
static size_t nbytes;
static bool running;
static char out[1024];

static void on_insn(unsigned cpu, void *unused)
{
	(void)cpu;
	(void)unused;
	count += running;
}

static void on_entry(unsigned cpu, void *unused)
{
	(void)cpu;
	(void)unused;
	count = 0;
	running = true;
}

static void on_main(unsigned cpu, void *unused)
{
	FILE *to = running ? fopen(out, "a") : NULL;

	(void)cpu;
	(void)unused;
	running = false;
	if (to) {
		fprintf(to, "%lu\n", count);
		fclose(to);
	}
}

/* Do the instructions from the i-th on begin with main()'s bytes, as far as they go? */
static bool is_main(const struct qemu_plugin_tb *tb, size_t i)
{
	size_t at = 0;

	for (; i < qemu_plugin_tb_n_insns(tb) && at < nbytes; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		size_t n = qemu_plugin_insn_size(insn);

		if (n > nbytes - at)
			n = nbytes - at;
		if (memcmp(qemu_plugin_insn_data(insn), main_bytes + at, n) != 0)
			return false;
		at += n;
	}
	return at >= 4;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		unsigned long pc = qemu_plugin_insn_vaddr(insn);

		if ((pc < LOW_START || pc >= LOW_END) && (pc < HIGH_START || pc >= HIGH_END))
			continue;
		if (pc == entry)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_entry,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		if ((pc & 0xfff) == main_offset && is_main(tb, i))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_main,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_insn, QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

static void take_main(const char *text)
{
	char *bytes;
	unsigned value;

	main_offset = strtoul(text, &bytes, 16);
	while (nbytes < sizeof(main_bytes) && sscanf(bytes + 1 + 2 * nbytes, "%2x", &value) == 1)
		main_bytes[nbytes++] = (unsigned char)value;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "entry=", 6) == 0)
			entry = strtoul(argv[i] + 6, NULL, 16);
		else if (strncmp(argv[i], "main=", 5) == 0)
			take_main(argv[i] + 5);
		else if (strncmp(argv[i], "out=", 4) == 0)
			snprintf(out, sizeof(out), "%s", argv[i] + 4);
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
