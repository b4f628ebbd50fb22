// SPDX-License-Identifier: BSD-2-Clause
/*
 * segment.c - segments in words.
 *
 *   FLAGS [port N] [local N] [seq N] [ack N|any] [len N] [win N] [urg N] [mss N] [scale N] [sackok]
 *         [time V:E] [sack FROM:TO,...|any] [plain] [x N]
 *   icmp TYPE CODE [mtu N] [seq N] ...
 *
 * FLAGS are letters of S, A, F, R, P, U, or a point for none of the first four. P is not compared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/packets/packets.h"

static const char letters[] = "FSRPAU"; /* from bit 0 on */

uint32_t number(const char *word)
{
	char *end;
	long long n = strtoll(word, &end, 0);

	if (end == word || *end)
		fail("'%s' is not a number", word);
	return (uint32_t)n;
}

static uint8_t read_flags(const char *word)
{
	uint8_t flags = 0;

	for (const char *p = word; *p; p++) {
		const char *letter = strchr(letters, *p);

		if (*p == '.')
			continue;
		if (!letter)
			fail("'%s' are no flags", word);
		flags |= (uint8_t)(1u << (letter - letters));
	}
	return flags;
}

static void read_time(char *word, struct segment *s)
{
	char *echo = strchr(word, ':');

	if (!echo)
		fail("'time' wants VALUE:ECHO");
	*echo++ = 0;
	s->has |= HAS_TIME;
	if (strcmp(word, "*") != 0) {
		s->has |= HAS_TIME_VALUE;
		s->time_value = number(word);
	}
	s->time_echo = number(echo);
}

static void read_sack(char *word, struct segment *s)
{
	char *at;

	if (strcmp(word, "any") == 0) {
		s->has |= HAS_SACK_ANY;
		return;
	}
	s->has |= HAS_SACK;
	for (char *w = strtok_r(word, ",", &at); w; w = strtok_r(NULL, ",", &at)) {
		char *to = strchr(w, ':');

		if (!to || s->nsack == SACKS_MAX)
			fail("'sack' wants up to %d FROM:TO,...", SACKS_MAX);
		*to++ = 0;
		s->sack[s->nsack].from = number(w);
		s->sack[s->nsack++].to = number(to);
	}
}

/* Fields that are a word and a number. */
static bool read_field(const char *name, char *value, struct segment *s)
{
	uint32_t n;

	if (strcmp(name, "time") == 0 || strcmp(name, "sack") == 0) {
		(name[0] == 't' ? read_time : read_sack)(value, s);
		return true;
	}
	if (strcmp(name, "ack") == 0 && strcmp(value, "any") == 0) {
		s->has |= HAS_ACK_ANY;
		return true;
	}
	n = number(value);
	if (strcmp(name, "seq") == 0)
		s->has |= HAS_SEQ, s->seq = n;
	else if (strcmp(name, "ack") == 0)
		s->has |= HAS_ACK, s->ack = n;
	else if (strcmp(name, "win") == 0)
		s->has |= HAS_WIN, s->win = n;
	else if (strcmp(name, "urg") == 0)
		s->has |= HAS_URG, s->urg = (uint16_t)n;
	else if (strcmp(name, "mss") == 0)
		s->has |= HAS_MSS, s->mss = (uint16_t)n;
	else if (strcmp(name, "scale") == 0)
		s->has |= HAS_SCALE, s->scale = (uint8_t)n;
	else if (strcmp(name, "len") == 0)
		s->len = n;
	else if (strcmp(name, "port") == 0)
		s->peer_port = (uint16_t)n;
	else if (strcmp(name, "local") == 0)
		s->local_port = (uint16_t)n;
	else if (strcmp(name, "mtu") == 0)
		s->icmp_mtu = (uint16_t)n;
	else if (strcmp(name, "x") == 0)
		s->times = n;
	else
		return false;
	return true;
}

void segment_read(char **word, unsigned nword, struct segment *s)
{
	unsigned i = 1;

	*s = (struct segment){ .local_port = 80, .peer_port = 40000, .times = 1 };
	if (nword < 1)
		fail("which segment?");
	if (strcmp(word[0], "icmp") == 0) {
		if (nword < 3)
			fail("'icmp' wants TYPE CODE");
		s->has |= HAS_ICMP;
		s->icmp_type = (uint8_t)number(word[1]);
		s->icmp_code = (uint8_t)number(word[2]);
		i = 3;
	} else {
		s->flags = read_flags(word[0]);
	}
	for (; i < nword; i++) {
		if (strcmp(word[i], "sackok") == 0)
			s->has |= HAS_SACKOK;
		else if (strcmp(word[i], "plain") == 0)
			s->has |= HAS_PLAIN;
		else if (i + 1 == nword || !read_field(word[i], word[i + 1], s))
			fail("'%s' is not understood", word[i]);
		else
			i++;
	}
}

static int add_flags(char *text, uint8_t flags)
{
	int n = 0;

	for (unsigned i = 0; letters[i]; i++)
		if (flags & 1u << i)
			text[n++] = letters[i];
	if (!n)
		text[n++] = '.';
	text[n] = 0;
	return n;
}

/* wanted: a script's, of which the push flag says nothing. */
const char *segment_words(const struct segment *s, bool wanted)
{
	static char texts[2][TEXT_MAX];
	char *text = texts[wanted], *p = text;
	char *end = text + TEXT_MAX;

	p += add_flags(p, s->flags & (uint8_t) ~(wanted ? TCP_PSH : 0));
	p += snprintf(p, (size_t)(end - p), " port %u seq %u len %u", s->peer_port, s->seq, s->len);
	if (s->flags & TCP_ACK)
		p += snprintf(p, (size_t)(end - p), " ack %u", s->ack);
	if (s->has & HAS_WIN)
		p += snprintf(p, (size_t)(end - p), " win %u", s->win);
	if (s->has & HAS_MSS)
		p += snprintf(p, (size_t)(end - p), " mss %u", s->mss);
	if (s->has & HAS_SCALE)
		p += snprintf(p, (size_t)(end - p), " scale %u", s->scale);
	if (s->has & HAS_SACKOK)
		p += snprintf(p, (size_t)(end - p), " sackok");
	if (s->has & HAS_TIME)
		p += snprintf(p, (size_t)(end - p), " time %u:%u", s->time_value, s->time_echo);
	for (unsigned i = 0; i < s->nsack; i++)
		p += snprintf(p, (size_t)(end - p), "%s%u:%u", i ? "," : " sack ", s->sack[i].from,
			      s->sack[i].to);
	return text;
}
