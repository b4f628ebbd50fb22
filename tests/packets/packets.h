// SPDX-License-Identifier: BSD-2-Clause
/*
 * packets.h - scripts of segments and calls, run against an image in a virtual world.
 *
 * One image (program.c) with the real sockets, net/ and lwIP; this process is its network, its peer
 * and its clock. A script is a list of events with times: segments that the peer sends, segments
 * that must come back, calls of the program with their results. Nothing takes real time, and a
 * script is always the same run. What a script may say is in docs/tcp.md.
 *
 * Sequence numbers are relative in scripts (0 is the SYN) and absolute in frames; struct flow knows
 * the difference. One script a process: a failure ends it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MTU        1500 /* bytes of IP in a frame */
#define FRAME_MAX  1600
#define SACKS_MAX  4
#define WORDS_MAX  32
#define RESULT_MAX 64
#define TEXT_MAX   400

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10
#define TCP_URG 0x20

/* Which fields of a segment a line has said, or a frame has. */
enum {
	HAS_SEQ = 1 << 0,
	HAS_ACK = 1 << 1,
	HAS_WIN = 1 << 2,
	HAS_URG = 1 << 3,
	HAS_MSS = 1 << 4,
	HAS_SCALE = 1 << 5,
	HAS_SACKOK = 1 << 6,
	HAS_TIME = 1 << 7, /* the option */
	HAS_TIME_VALUE = 1 << 8,
	HAS_SACK = 1 << 9,
	HAS_SACK_ANY = 1 << 10,
	HAS_ICMP = 1 << 11, /* no segment: an error about one */
	HAS_ACK_ANY = 1 << 13,
	HAS_PLAIN = 1 << 12, /* a SYN without the options that are not named */
};

struct segment {
	unsigned has;
	uint8_t flags;
	uint16_t local_port, peer_port;
	uint32_t seq, ack;
	uint32_t win; /* as it is in the header */
	uint32_t len; /* bytes of payload */
	uint16_t urg, mss;
	uint8_t scale;
	uint32_t time_value, time_echo;
	unsigned nsack;
	struct {
		uint32_t from, to;
	} sack[SACKS_MAX];
	uint16_t icmp_mtu;
	uint8_t icmp_type, icmp_code;
	unsigned times; /* of the line: so many, one behind the other */
};

/* A connection, as the peer sees it. */
struct flow {
	uint16_t local_port, peer_port;
	bool known;                       /* local_first is */
	uint32_t local_first, peer_first; /* sequence numbers of the SYNs */
	uint32_t local_next, peer_next;   /* relative: behind all that was sent */
	uint32_t win;
	uint32_t local_time; /* the last time stamp */
};

struct frame {
	int64_t at; /* virtual time it was sent [ns] */
	size_t len;
	unsigned char data[FRAME_MAX];
};

/* fail() - the script ends here: what its current line and the reason are. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/* segment.c: words of a line become a segment; a segment becomes words. */
void segment_read(char **word, unsigned nword, struct segment *out);
const char *segment_words(const struct segment *s, bool wanted);
uint32_t number(const char *word);

/* frame.c: build() a frame of the peer's; the segment is absolute. parse() one of the image's:
 * false: it is none of TCP. Damaged ones fail. first: the sequence number where the stream begins,
 * for the payload is a pattern of the place in it. */
size_t frame_build(unsigned char *f, const struct segment *s, uint32_t stream);
bool frame_parse(const struct frame *f, struct segment *out);
void frame_check_payload(const struct frame *f, const struct segment *s, uint32_t stream);
/* frame_answer() - ARP: the answer to a question for the peer; its length or 0. */
size_t frame_answer(const unsigned char *question, size_t len, unsigned char *out);
unsigned char pattern(uint32_t offset);

/* world.c */
extern int64_t now; /* virtual [ns] */
void world_start(void);
/* world_until() - let time go on; stops early when a frame of TCP is there, if wanted. */
void world_until(int64_t when, bool frame);
struct frame *world_frame(void); /* the oldest that was sent, or NULL */
void world_forget(void);         /* ... is dealt with */
void world_inject(const unsigned char *data, size_t len);
const char *world_call(const char *command); /* what the program says to it */
extern bool verbose;

/* script.c */
void script_run(const char *path);

/* transfer.c: a stream of the image's, of whose segments so many of 1000 are lost. Prints how long
 * it took, in virtual time, which must not be more than so many seconds. */
void transfer_run(unsigned permille, uint64_t seed, bool sack, int seconds_max);
