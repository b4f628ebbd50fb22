// SPDX-License-Identifier: BSD-2-Clause
/*
 * script.c - runs one script: keeps its flows, sends what it says and compares what comes.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/packets/packets.h"
#include "tests/sim/sim.h"

#define FLOWS_MAX    2048
#define PEER_FIRST   1000000u
#define TOLERANCE_NS (1 * NS_PER_MS)

static struct flow flows[FLOWS_MAX];
static unsigned nflow;
static uint32_t peer_first = PEER_FIRST; /* of the next flow */
static const char *path = "(no script)";
static unsigned line_number;
static char line_text[TEXT_MAX];
static int64_t last, start; /* the event before, and the script's beginning */

void fail(const char *format, ...)
{
	va_list ap;

	fflush(stdout);
	fprintf(stderr, "%s:%u: %s\n%s:%u: at %.3f s: ", path, line_number, line_text, path,
		line_number, (double)(now - start) / 1e9);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fprintf(stderr, "\nagain, with all that happens: %s -v %s\n", "build/host/packets/packets",
		path);
	exit(1);
}

/* --- flows ---------------------------------------------------------------------------------- */

static struct flow *flow_of(const struct segment *s)
{
	struct flow *f;

	for (unsigned n = 0; n < nflow; n++)
		if (flows[n].local_port == s->local_port && flows[n].peer_port == s->peer_port)
			return &flows[n];
	if (nflow == FLOWS_MAX)
		fail("more than %d flows", FLOWS_MAX);
	f = &flows[nflow++];
	*f = (struct flow){ .local_port = s->local_port,
			    .peer_port = s->peer_port,
			    .peer_first = peer_first,
			    .win = 65535 };
	return f;
}

static uint32_t length(const struct segment *s)
{
	return s->len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN);
}

/* What comes behind a hole does not count, nor does a SYN that is not the first. */
static void advance(uint32_t *next, const struct segment *s)
{
	uint32_t end = s->seq + length(s);

	if (s->flags & TCP_SYN && *next)
		return;
	if ((int32_t)(s->seq - *next) <= 0 && (int32_t)(end - *next) > 0)
		*next = end;
}

/* What a line of the script leaves out is what is usual. */
static void complete(struct segment *s, struct flow *f, bool of_peer)
{
	if (!(s->has & HAS_SEQ) && !(s->flags & TCP_SYN))
		s->seq = of_peer ? f->peer_next : f->local_next;
	if (s->has & HAS_ICMP && !(s->has & HAS_SEQ))
		s->seq = f->local_next;
	if (!(s->has & HAS_ACK) && s->flags & TCP_ACK)
		s->ack = of_peer ? f->local_next : f->peer_next;
	if (of_peer && !(s->has & HAS_WIN))
		s->win = f->win;
	if (of_peer && s->has & HAS_WIN)
		f->win = s->win;
}

/* --- what the peer sends -------------------------------------------------------------------- */

static void inject_one(struct segment s)
{
	struct flow *f = flow_of(&s);
	unsigned char data[FRAME_MAX];
	size_t len;

	complete(&s, f, !(s.has & HAS_ICMP));
	if (!(s.has & HAS_ICMP))
		advance(&f->peer_next, &s);
	if (verbose)
		printf("%9.3f < %s\n", (double)(now - start) / 1e9, segment_words(&s, true));
	s.seq += s.has & HAS_ICMP ? f->local_first : f->peer_first;
	s.ack += f->local_first;
	for (unsigned i = 0; i < s.nsack; i++) {
		s.sack[i].from += f->local_first;
		s.sack[i].to += f->local_first;
	}
	len = frame_build(data, &s, f->peer_first + 1);
	world_inject(data, len);
}

static void inject(char **word, unsigned nword)
{
	struct segment s;

	segment_read(word, nword, &s);
	for (unsigned n = s.times; n > 0; n--) {
		inject_one(s);
		s.peer_port += !!(s.flags & TCP_SYN);
		s.seq += s.len;
	}
}

/* --- what must come ------------------------------------------------------------------------- */

/* The frame that came, in relative numbers. */
static struct segment take(const struct frame *frame)
{
	struct segment s;
	struct flow *f;

	if (!frame_parse(frame, &s))
		fail("not TCP");
	f = flow_of(&s);
	if (s.flags & TCP_SYN && !f->known) {
		f->known = true;
		f->local_first = s.seq;
	}
	if (f->known)
		frame_check_payload(frame, &s, f->local_first + 1);
	s.seq -= f->local_first;
	s.ack -= f->peer_first;
	for (unsigned i = 0; i < s.nsack; i++) {
		s.sack[i].from -= f->peer_first;
		s.sack[i].to -= f->peer_first;
	}
	if (verbose)
		printf("%9.3f > %s\n", (double)(frame->at - start) / 1e9, segment_words(&s, false));
	return s;
}

static const char *first_difference(const struct segment *w, const struct segment *g)
{
	unsigned options = HAS_MSS | HAS_SCALE | HAS_SACKOK | HAS_TIME;

	if (w->peer_port != g->peer_port || w->local_port != g->local_port)
		return "the port";
	if ((w->flags ^ g->flags) & (uint8_t)~TCP_PSH)
		return "the flags";
	if (w->seq != g->seq)
		return "the sequence number";
	if (w->len != g->len)
		return "the length";
	if (w->flags & TCP_ACK && !(w->has & HAS_ACK_ANY) && w->ack != g->ack)
		return "the acknowledgement";
	if (w->has & HAS_WIN && w->win != g->win)
		return "the window";
	if (w->has & HAS_MSS && (!(g->has & HAS_MSS) || w->mss != g->mss))
		return "the MSS";
	if (w->has & HAS_SCALE && (!(g->has & HAS_SCALE) || w->scale != g->scale))
		return "the window scale";
	if (w->has & HAS_PLAIN && (w->has ^ g->has) & options)
		return "the options";
	if (w->has & HAS_SACKOK && !(g->has & HAS_SACKOK))
		return "SACK-permitted";
	if (w->has & HAS_SACK_ANY)
		return NULL;
	if (w->nsack != g->nsack || memcmp(w->sack, g->sack, w->nsack * sizeof(w->sack[0])))
		return "SACK";
	return NULL;
}

static void expect_one(struct segment want, int64_t from, int64_t to)
{
	struct frame *frame;
	struct segment got;
	const char *why;

	world_until(to + TOLERANCE_NS, true);
	frame = world_frame();
	if (!frame) {
		complete(&want, flow_of(&want), false);
		fail("nothing was sent\nexpected %s", segment_words(&want, true));
	}
	got = take(frame);
	complete(&want, flow_of(&want), false);
	why = first_difference(&want, &got);
	if (!why && frame->at < from - TOLERANCE_NS)
		why = "the time: too early";
	if (!why && frame->at > to + TOLERANCE_NS)
		why = "the time: too late";
	if (why)
		fail("%s is wrong\nexpected %s\n     got %s (at %.3f s)", why,
		     segment_words(&want, true), segment_words(&got, false),
		     (double)(frame->at - start) / 1e9);
	advance(&flow_of(&got)->local_next, &got);
	last = frame->at;
	world_forget();
}

static void expect(char **word, unsigned nword, int64_t from, int64_t to)
{
	struct segment s;

	segment_read(word, nword, &s);
	for (unsigned n = s.times; n > 0; n--) {
		expect_one(s, from, to);
		s.peer_port += !!(s.flags & TCP_SYN);
		s.seq += s.len;
	}
}

/* --- calls and the rest --------------------------------------------------------------------- */

static void call(char **word, unsigned nword)
{
	char command[TEXT_MAX] = "";
	const char *want = nword > 2 && strcmp(word[0], "write") == 0 ? word[2] : "0", *got;

	for (unsigned i = 0; i < nword; i++) {
		if (strcmp(word[i], "=") == 0) {
			want = i + 1 < nword ? word[i + 1] : "";
			break;
		}
		strcat(strcat(command, i ? " " : ""), word[i]);
	}
	got = world_call(command);
	if (verbose)
		printf("%9.3f call %s = %s\n", (double)(now - start) / 1e9, command, got);
	if (strcmp(got, want) != 0)
		fail("the result is wrong\nexpected %s\n     got %s", want, got);
}

/* All connections from now on are new ones, and the peer begins to count here. */
static void peer(char **word, unsigned nword)
{
	if (nword != 2 || strcmp(word[0], "first") != 0)
		fail("'peer' wants first NUMBER");
	peer_first = number(word[1]);
	nflow = 0;
}

static void silence_until(int64_t when)
{
	struct segment s;

	world_until(when, true);
	if (!world_frame() || world_frame()->at > when)
		return;
	s = take(world_frame());
	fail("not expected before this line\n     got %s (at %.3f s)", segment_words(&s, false),
	     (double)(world_frame()->at - start) / 1e9);
}

static int64_t seconds(const char *word)
{
	char *end;
	double s = strtod(word, &end);

	if (end == word || *end)
		fail("'%s' is not a time", word);
	return (int64_t)(s * 1e9 + 0.5);
}

/* +SECONDS, or +SECONDS..SECONDS */
static void read_times(char *word, int64_t *from, int64_t *to)
{
	char *dots = strstr(word, "..");

	if (word[0] != '+')
		fail("a line begins with +SECONDS");
	if (dots)
		*dots = 0;
	*from = last + seconds(word + 1);
	*to = dots ? last + seconds(dots + 2) : *from;
}

static void event(char **word, unsigned nword)
{
	int64_t from, to;

	read_times(word[0], &from, &to);
	if (nword < 2)
		fail("and what happens then?");
	if (strcmp(word[1], ">") == 0) {
		expect(word + 2, nword - 2, from, to);
		return;
	}
	silence_until(from);
	last = from > now ? from : now;
	if (strcmp(word[1], "<") == 0)
		inject(word + 2, nword - 2);
	else if (strcmp(word[1], "call") == 0)
		call(word + 2, nword - 2);
	else if (strcmp(word[1], "peer") == 0)
		peer(word + 2, nword - 2);
	else if (strcmp(word[1], "silence") != 0)
		fail("'%s' is not understood", word[1]);
}

static void run_line(char *line)
{
	char *word[WORDS_MAX], *at;
	unsigned n = 0;

	line[strcspn(line, "#\n")] = 0;
	snprintf(line_text, sizeof(line_text), "%s", line);
	for (char *w = strtok_r(line, " \t", &at); w && n < WORDS_MAX;
	     w = strtok_r(NULL, " \t", &at))
		word[n++] = w;
	if (n)
		event(word, n);
}

void script_run(const char *name)
{
	FILE *f = fopen(name, "r");
	char line[TEXT_MAX];

	path = name;
	if (!f)
		fail("cannot be read");
	world_start();
	start = last = now;
	while (fgets(line, sizeof(line), f)) {
		line_number++;
		run_line(line);
	}
	snprintf(line_text, sizeof(line_text), "(the end)");
	silence_until(now);
	fclose(f);
}
