// SPDX-License-Identifier: BSD-2-Clause
/*
 * options.c - the command line of an image that is a process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/host/linux/linux.h"

#define RAM_DEFAULT    (64ULL << 20)
#define RAM_MIN        (1ULL << 20)
#define RAM_MAX        (1ULL << 40)
#define LINE_BYTES     2048 /* the longest command line of an image */
#define HOST_PREFIX    "host."
#define IS(w, name)    (strncmp(w, HOST_PREFIX name "=", sizeof(HOST_PREFIX name)) == 0)
#define VALUE(w, name) ((w) + sizeof(HOST_PREFIX name))

static char line[LINE_BYTES];

/* A word in quotes, inside of which only ' has to be written otherwise (lib/base/cmdline.h). */
static size_t quote(char *out, const char *word)
{
	size_t n = 0;

	out[n++] = '\'';
	for (; *word; word++) {
		if (*word == '\'') {
			memcpy(out + n, "'\\'", 3);
			n += 3;
		}
		out[n++] = *word;
	}
	out[n++] = '\'';
	return n;
}

static void add_word(const char *word)
{
	static size_t used;

	if (used + 4 * strlen(word) + 4 > sizeof(line))
		fail("the command line is too long");
	if (used)
		line[used++] = ' ';
	used += quote(line + used, word);
}

static uint64_t parse_size(const char *text)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);
	unsigned shift = *end == 'G' ? 30 : *end == 'M' ? 20 : *end == 'K' ? 10 : 0;

	if (shift)
		end++;
	if (end == text || *end || n > RAM_MAX >> shift || n << shift < RAM_MIN)
		fail("host.ram=%s: from 1M to 1024G", text);
	return (n << shift) & ~4095ULL;
}

static void add(const char **list, unsigned *n, unsigned max, const char *value)
{
	if (*n == max)
		fail("too many: %s", value);
	list[(*n)++] = value;
}

static void take_ours(struct linux_host *h, const char *w)
{
	if (IS(w, "ram"))
		h->machine.ram_bytes = parse_size(VALUE(w, "ram"));
	else if (IS(w, "net"))
		add(h->net, &h->nnet, HOST_NETS, VALUE(w, "net"));
	else if (IS(w, "disk"))
		add(h->disk, &h->ndisk, HOST_DISKS, VALUE(w, "disk"));
	else if (IS(w, "module"))
		add(h->module, &h->nmodule, HOST_MODULES, VALUE(w, "module"));
	else
		fail("%s: there is host.ram=SIZE, host.net=WIRE, host.disk=FILE, host.module=FILE",
		     w);
}

void options_parse(struct linux_host *h, int argc, char **argv)
{
	bool ours = true;

	h->machine.ram_bytes = RAM_DEFAULT;
	for (int i = 1; i < argc; i++) {
		if (ours && strncmp(argv[i], HOST_PREFIX, strlen(HOST_PREFIX)) == 0) {
			take_ours(h, argv[i]);
			continue;
		}
		ours = ours && strcmp(argv[i], "--") != 0;
		add_word(argv[i]);
	}
	h->machine.command_line = line;
}
