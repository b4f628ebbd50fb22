// SPDX-License-Identifier: BSD-2-Clause
/*
 * insncount.c - TCG plugin that counts what a guest executes, exactly and repeatably.
 *
 *   qemu-system-x86_64 -accel tcg … -plugin insncount.so,entry=100030,ctl=c.sock,out=c.json
 *
 *   entry=HEX            linear address of the guest's first instruction: figures count from there
 *   at=NAME:OFF:BYTES    a point: code at an address that ends in OFF (3 hex digits) and begins
 *                        with BYTES (hex): so a function is found wherever the image is
 *   ctl=PATH             Unix socket; each connection gets the figures so far, a JSON object
 *   out=PATH             the same object, written when QEMU exits
 *   mmio=on              count accesses to device memory too (slow)
 *   pcs=PATH             written when QEMU exits: each address and how often it was executed
 *
 * Figures:
 *   insns  instructions. A repeated string instruction counts once, however long it runs; one that
 *          an interrupt cut counts again when it goes on, and so does one that a fault repeats.
 *   rep    elements that repeated string instructions went through, not part of insns
 *   pio    port accesses         hlt  HLT (x86) or WFI (Arm)        mmio  see above
 *
 * Marks: an instruction with no effect that names itself, so that a guest can put it anywhere:
 *   x86-64   nopl 0x554e49NN(%rax)          0f 1f 80 NN 49 4e 55    ("INU" and the number)
 *   AArch64  movz xzr, #0x55NN, lsl #48     0xd2e00000 | 0x55NN << 5 | 31
 * NN is the mark's number, 0 to 255. It is not counted itself. For each mark and each point: how
 * often (n), the figures at the first and at the last time, and `step`: instructions since whatever
 * mark came before, least, most and in all.
 *
 * One virtual CPU only: plain additions. Readers of the socket see figures that may be a few
 * instructions apart from each other.
 */
#define _GNU_SOURCE
#include "qemu_plugin.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NMARKS          256
#define NPOINTS         16
#define POINT_BYTES_MAX 64
#define PAGE_MASK       0xfffULL

struct figures {
	uint64_t insns, rep, pio, hlt, mmio;
};

struct record {
	uint64_t n;
	struct figures first, last;
	uint64_t step_min, step_max, step_sum;
};

struct point {
	char name[32];
	uint64_t page_offset;
	uint8_t bytes[POINT_BYTES_MAX];
	size_t len_bytes;
	uint64_t addr; /* where it was found */
	struct record record;
};

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct figures now, at_entry;
static uint64_t entry_addr;
static bool entered, want_mmio, is_x86;
static struct record marks[NMARKS];
static uint64_t last_mark_insns;
static struct point points[NPOINTS];
static unsigned int npoints;
static char ctl_path[108], out_path[1024], pcs_path[1024];

/* Executions by address: open addressing, never emptied. */
#define NPCS (1u << 18)
static struct {
	uint64_t pc, n;
} pcs[NPCS];

/* ---- reporting ---- */

static void put_figures(FILE *to, const char *name, const struct figures *f,
			const struct figures *since)
{
	fprintf(to,
		"\"%s\": {\"insns\": %lu, \"rep\": %lu, \"pio\": %lu, \"hlt\": %lu, \"mmio\": %lu}",
		name, f->insns - since->insns, f->rep - since->rep, f->pio - since->pio,
		f->hlt - since->hlt, f->mmio - since->mmio);
}

static void put_record(FILE *to, const char *name, const struct record *r, bool *comma)
{
	if (!r->n)
		return;
	fprintf(to, "%s\"%s\": {\"n\": %lu, \"step\": {\"min\": %lu, \"max\": %lu, \"sum\": %lu}, ",
		*comma ? ", " : "", name, r->n, r->step_min, r->step_max, r->step_sum);
	put_figures(to, "first", &r->first, &at_entry);
	fputs(", ", to);
	put_figures(to, "last", &r->last, &at_entry);
	fputs("}", to);
	*comma = true;
}

static void report(FILE *to)
{
	struct figures copy = *(volatile struct figures *)&now;
	bool comma = false;

	fprintf(to, "{\"entered\": %s, ", entered ? "true" : "false");
	put_figures(to, "now", &copy, &at_entry);
	fputs(", \"marks\": {", to);
	for (int i = 0; i < NMARKS; i++) {
		char name[4];

		snprintf(name, sizeof(name), "%d", i);
		put_record(to, name, &marks[i], &comma);
	}
	fputs("}, \"points\": {", to);
	comma = false;
	for (unsigned int i = 0; i < npoints; i++)
		put_record(to, points[i].name, &points[i].record, &comma);
	fputs("}}\n", to);
}

/* A line per address: hexadecimal, executions, and the name of the point that begins there. */
static void report_pcs(FILE *to)
{
	for (unsigned int i = 0; i < NPCS; i++) {
		const char *name = "";

		if (!pcs[i].n)
			continue;
		for (unsigned int k = 0; k < npoints; k++)
			if (points[k].addr == pcs[i].pc)
				name = points[k].name;
		fprintf(to, "%lx %lu %s\n", pcs[i].pc, pcs[i].n, name);
	}
}

static void *serve_figures(void *listener)
{
	for (;;) {
		int fd = accept4((int)(intptr_t)listener, NULL, NULL, SOCK_CLOEXEC);
		FILE *to = fd < 0 ? NULL : fdopen(fd, "w");

		if (!to)
			continue;
		report(to);
		fclose(to);
	}
	return NULL;
}

static int start_serving(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pthread_t thread;

	memcpy(addr.sun_path, ctl_path, sizeof(addr.sun_path));
	unlink(ctl_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 4) ||
	    pthread_create(&thread, NULL, serve_figures, (void *)(intptr_t)fd)) {
		perror("insncount: ctl");
		return -1;
	}
	return 0;
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *unused)
{
	FILE *to = out_path[0] ? fopen(out_path, "w") : NULL;

	(void)id, (void)unused;
	if (to) {
		report(to);
		fclose(to);
	}
	to = pcs_path[0] ? fopen(pcs_path, "w") : NULL;
	if (to) {
		report_pcs(to);
		fclose(to);
	}
	if (ctl_path[0])
		unlink(ctl_path);
}

/* ---- while the guest runs ---- */

static void take(struct record *r)
{
	uint64_t step = now.insns - last_mark_insns;

	last_mark_insns = now.insns;
	if (!r->n++) {
		r->first = now;
		r->step_min = step;
	}
	r->last = now;
	r->step_sum += step;
	if (step < r->step_min)
		r->step_min = step;
	if (step > r->step_max)
		r->step_max = step;
}

static void on_mark(unsigned int vcpu, void *record)
{
	(void)vcpu;
	take(record);
}

static void on_point(unsigned int vcpu, void *point)
{
	(void)vcpu;
	if (entered)
		take(&((struct point *)point)->record);
}

static void on_entry(unsigned int vcpu, void *unused)
{
	(void)vcpu, (void)unused;
	if (entered)
		return;
	entered = true;
	at_entry = now;
	last_mark_insns = now.insns;
}

/*
 * QEMU runs a repeated string instruction as a loop on its own address: once for each element, and
 * once more to find the count at zero. No other instruction came between exactly if `insns` stands
 * where this one left it. Returns true if it goes on, false if it starts.
 */
static bool rep_goes_on(uint64_t pc)
{
	static uint64_t last_pc, last_insns;

	if (pc == last_pc && now.insns == last_insns) {
		now.rep++;
		return true;
	}
	last_pc = pc;
	last_insns = ++now.insns;
	return false;
}

static void on_rep(unsigned int vcpu, void *pc)
{
	(void)vcpu;
	rep_goes_on((uintptr_t)pc);
}

static void on_rep_io(unsigned int vcpu, void *pc)
{
	(void)vcpu;
	if (rep_goes_on((uintptr_t)pc))
		now.pio++;
}

static void on_memory(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *unused)
{
	struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, vaddr);

	(void)vcpu, (void)unused;
	if (where && qemu_plugin_hwaddr_is_io(where))
		now.mmio++;
}

/* ---- translation: what kind of instruction is it? ---- */

struct code {
	struct qemu_plugin_insn *insn;
	const uint8_t *bytes;
	size_t len;
	uint64_t pc;
};

static struct code code_of(const struct qemu_plugin_tb *tb, size_t i)
{
	struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

	return (struct code){ insn, qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn),
			      qemu_plugin_insn_vaddr(insn) };
}

static void count(const struct code *c, uint64_t *counter)
{
	qemu_plugin_register_vcpu_insn_exec_inline(c->insn, QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}

static void call(const struct code *c, qemu_plugin_vcpu_udata_cb_t cb, void *userdata)
{
	qemu_plugin_register_vcpu_insn_exec_cb(c->insn, cb, QEMU_PLUGIN_CB_NO_REGS, userdata);
}

static bool between(uint8_t value, uint8_t low, uint8_t high)
{
	return value >= low && value <= high;
}

/* Intel SDM 2.1.1 (legacy prefixes) and 2.2.1 (REX); alone, 40h…4fh are INC and DEC of 32 bits. */
static bool is_prefix(uint8_t byte)
{
	static const uint8_t legacy[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
					  0x66, 0x67, 0xf0, 0xf2, 0xf3 };

	return memchr(legacy, byte, sizeof(legacy)) || between(byte, 0x40, 0x4f);
}

static bool is_string_io(uint8_t opcode)
{
	return between(opcode, 0x6c, 0x6f); /* INS, OUTS */
}

static bool is_string(uint8_t opcode)
{
	return between(opcode, 0xa4, 0xa7) || between(opcode, 0xaa, 0xaf) || is_string_io(opcode);
}

static int x86_mark(const struct code *c)
{
	static const uint8_t nopl[] = { 0x0f, 0x1f, 0x80 }, tail[] = { 0x49, 0x4e, 0x55 };

	return c->len == 7 && !memcmp(c->bytes, nopl, 3) && !memcmp(c->bytes + 4, tail, 3)
		       ? c->bytes[3]
		       : -1;
}

static void translate_x86(const struct code *c)
{
	bool repeated = false;
	size_t at = 0;
	uint8_t opcode;

	for (; at + 1 < c->len && is_prefix(c->bytes[at]); at++)
		repeated |= c->bytes[at] == 0xf2 || c->bytes[at] == 0xf3;
	opcode = c->bytes[at];
	if (repeated && is_string(opcode)) {
		call(c, is_string_io(opcode) ? on_rep_io : on_rep, (void *)(uintptr_t)c->pc);
		return;
	}
	count(c, &now.insns);
	if (between(opcode, 0xe4, 0xe7) || between(opcode, 0xec, 0xef) || is_string_io(opcode))
		count(c, &now.pio);
	else if (opcode == 0xf4)
		count(c, &now.hlt);
}

static uint32_t arm_word(const struct code *c)
{
	uint32_t word;

	memcpy(&word, c->bytes, sizeof(word));
	return word;
}

static int arm_mark(const struct code *c)
{
	uint32_t word = arm_word(c);

	return (word & 0xffffe01f) == (0xd2e00000 | 0x5500 << 5 | 31) ? (int)(word >> 5 & 0xff)
								      : -1;
}

static void translate_arm(const struct code *c)
{
	const uint32_t wfi = 0xd503207f;

	count(c, &now.insns);
	if (arm_word(c) == wfi)
		count(c, &now.hlt);
}

/* The block may end before the point's bytes do: then what there is must fit, at least 4 bytes. */
static bool starts_point(const struct qemu_plugin_tb *tb, size_t i, const struct point *p)
{
	size_t done = 0;

	for (; i < qemu_plugin_tb_n_insns(tb) && done < p->len_bytes; i++) {
		struct code c = code_of(tb, i);
		size_t len = c.len < p->len_bytes - done ? c.len : p->len_bytes - done;

		if (memcmp(c.bytes, p->bytes + done, len))
			return false;
		done += len;
	}
	return done == p->len_bytes || done >= 4;
}

/* The address's own counter; NULL when the table is full. */
static uint64_t *pc_counter(uint64_t pc)
{
	unsigned int at = (uint32_t)(pc * 0x9e3779b1u) % NPCS;

	for (unsigned int i = 0; i < 64; i++, at = (at + 1) % NPCS) {
		if (!pcs[at].pc)
			pcs[at].pc = pc;
		if (pcs[at].pc == pc)
			return &pcs[at].n;
	}
	return NULL;
}

static void watch_points(const struct qemu_plugin_tb *tb, size_t i, const struct code *c)
{
	if (entry_addr && c->pc == entry_addr)
		call(c, on_entry, NULL);
	for (unsigned int k = 0; k < npoints; k++) {
		if ((c->pc & PAGE_MASK) != points[k].page_offset ||
		    !starts_point(tb, i, &points[k]))
			continue;
		points[k].addr = c->pc;
		call(c, on_point, &points[k]);
	}
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t ninsns = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < ninsns; i++) {
		struct code c = code_of(tb, i);
		int mark = is_x86 ? x86_mark(&c) : arm_mark(&c);
		uint64_t *executed = pcs_path[0] ? pc_counter(c.pc) : NULL;

		if (executed)
			count(&c, executed);
		watch_points(tb, i, &c);
		if (mark >= 0)
			call(&c, on_mark, &marks[mark]);
		else if (is_x86)
			translate_x86(&c);
		else
			translate_arm(&c);
		if (want_mmio)
			qemu_plugin_register_vcpu_mem_cb(c.insn, on_memory, QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_RW, NULL);
	}
}

/* ---- start ---- */

static int add_point(const char *text)
{
	char hex[2 * POINT_BYTES_MAX + 1];
	struct point *p = &points[npoints];

	if (npoints == NPOINTS ||
	    sscanf(text, "%31[^:]:%lx:%128[0-9a-f]", p->name, &p->page_offset, hex) != 3)
		return -1;
	for (p->len_bytes = 0;
	     sscanf(hex + 2 * p->len_bytes, "%2hhx", &p->bytes[p->len_bytes]) == 1;)
		p->len_bytes++;
	p->page_offset &= PAGE_MASK;
	npoints++;
	return 0;
}

static int take_option(const char *name, const char *value)
{
	if (!strcmp(name, "entry"))
		entry_addr = strtoull(value, NULL, 16);
	else if (!strcmp(name, "at"))
		return add_point(value);
	else if (!strcmp(name, "ctl"))
		return snprintf(ctl_path, sizeof(ctl_path), "%s", value) >= (int)sizeof(ctl_path);
	else if (!strcmp(name, "out"))
		return snprintf(out_path, sizeof(out_path), "%s", value) >= (int)sizeof(out_path);
	else if (!strcmp(name, "pcs"))
		return snprintf(pcs_path, sizeof(pcs_path), "%s", value) >= (int)sizeof(pcs_path);
	else if (!strcmp(name, "mmio"))
		want_mmio = !strcmp(value, "on");
	else
		return -1;
	return 0;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	is_x86 = !strcmp(info->target_name, "x86_64") || !strcmp(info->target_name, "i386");
	for (int i = 0; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (value)
			*value++ = '\0';
		if (!value || take_option(argv[i], value)) {
			fprintf(stderr, "insncount: bad option %s\n", argv[i]);
			return -1;
		}
	}
	entered = !entry_addr;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return ctl_path[0] ? start_serving() : 0;
}
