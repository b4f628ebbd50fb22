// SPDX-License-Identifier: BSD-2-Clause
/*
 * sim.h - a world of instances in one process, in which everything is decided by a seed.
 *
 * The clock is virtual: each question for the time costs CLOCK_STEP_NS, and when all instances wait
 * it jumps to the next event. One thread; an instance runs until it waits. Nothing here depends on
 * the real time, on addresses or on what the process was before, so a seed is always the same run;
 * `hash` is of all that happened.
 */
#pragma once
#include <stdio.h>
#include <ucontext.h>
#include "arch/host/include/asm/host.h"
#include "tests/sim/agent.h"

#define INSTANCES     4
#define RAM_BYTES     (16ul << 20)
#define NS_PER_US     1000ll
#define NS_PER_MS     1000000ll
#define NS_PER_S      1000000000ll
#define REASON_BYTES  512
#define CONSOLE_BYTES 4096

/* What can be made to happen; the table at the end has a line for each. */
#define FAULTS(X)                                                 \
	X(LOSS, "frame lost")                                     \
	X(DUPLICATE, "frame duplicated")                          \
	X(REORDER, "frame overtaken by others")                   \
	X(DELAY, "frame long delayed")                            \
	X(CORRUPT, "bit of a frame flipped")                      \
	X(TRUNCATE, "frame cut short")                            \
	X(LINK_DOWN, "link down")                                 \
	X(LINK_DROP, "frame lost: link down")                     \
	X(HALF_OPEN, "link open in one direction only")           \
	X(HALF_DROP, "frame lost: that direction")                \
	X(MTU, "MTU of the link reduced")                         \
	X(MTU_DROP, "frame lost: larger than that")               \
	X(RESET, "connection reset in the peer's name")           \
	X(RESTART, "instance switched off and on again")          \
	X(DEVICE_FULL, "device has no room to send")              \
	X(DEVICE_LATE, "device tells late")                       \
	X(DEVICE_SPURIOUS, "interrupt without reason")            \
	X(NIC_SLOW, "virtio-net: frame taken late")               \
	X(DISK_SLOW, "virtio-blk: request takes long")            \
	X(DISK_ERROR, "virtio-blk: request fails")                \
	X(CUT, "power cut before a flush")                        \
	X(CUT_SECTOR, "sector lost or old by that")               \
	X(LIE_ID, "virtio: id that is not in flight")             \
	X(LIE_LENGTH, "virtio: wrong length")                     \
	X(LIE_REPEAT, "virtio: completed twice")                  \
	X(LIE_INDEX, "virtio: index out of range")                \
	X(LIE_RESET, "virtio: does not come out of reset")        \
	X(LIE_CONFIG, "virtio: configuration changes while read") \
	X(SERVICE, "device out of service: switched off and on")  \
	X(NO_HEAP, "kernel heap allocation failed")               \
	X(NO_PAGE, "page allocation failed")                      \
	X(PREEMPT_OP, "preempted in a call of the host")          \
	X(PREEMPT_STEP, "preempted at an instruction")            \
	X(BUG, "bug on purpose")

enum fault {
#define X(name, text) FAULT_##name,
	FAULTS(X)
#undef X
		FAULT_KINDS
};

/* What became of a seed; in memory that its process shares with the driver. */
struct result {
	uint64_t hash, events;
	uint64_t count[FAULT_KINDS];
	int64_t end; /* virtual time [ns] */
	bool passed;
	char reason[REASON_BYTES];
	char console[CONSOLE_BYTES]; /* the last that was written */
};

struct instance {
	const struct host_image *image;
	struct host_machine machine;
	unsigned index;
	int ram_fd;
	ucontext_t context;
	void *tcb;
	int64_t due; /* the timer */
	bool awake;  /* has something to do, or has not said that it waits */
	bool ended;
	bool virtio_net, has_disk; /* devices.h; its wire ends in the first */
	uint64_t features;         /* of virtio, that its devices may have */
	int64_t off;               /* when it will be switched off; HOST_NEVER */
	bool restarts;             /* may be switched off and on again */
	bool restarted;            /* was */
	int64_t networked;         /* since when its network runs; HOST_NEVER: not yet */
	int64_t boot;              /* when it is switched on; HOST_NEVER: it is on */
	char *variables;           /* as they were before the first start */
	bool endless;              /* a server that nobody can tell to end */
	long before;               /* its blocks, when the storm began */
	int status;
	long blocks; /* of the kernel's heap */
	char stack[32768];
};

struct rates { /* in 65536ths of the occasions; of the seed */
	unsigned of[FAULT_KINDS];
};

struct world {
	struct instance instance[INSTANCES];
	struct instance *running; /* NULL: the world itself */
	ucontext_t context;
	int64_t now;
	uint64_t random;
	enum sim_phase phase;
	int64_t storm_end; /* by itself */
	struct rates rates;
	bool verbose;
	struct result *result;
	size_t console_bytes;
	bool preempt;        /* the next timer interrupt ends a turn */
	unsigned steps;      /* single steps until the thread is preempted; 0: none */
	unsigned steps_left; /* of the whole seed */
};

extern struct world world;

/* world_run() - one seed; fills *r. Does not return: the process ends. */
__attribute__((noreturn)) void world_run(uint64_t seed, bool verbose, struct result *r);

/* violation() - an invariant does not hold: the run ends. */
__attribute__((noreturn, format(printf, 1, 2))) void violation(const char *format, ...);

/* choose() - 0..n-1. happens() - is this fault to happen at this occasion? Counts it if so.
 * trace() - something happened: enters the hash, and is printed if that is wanted. */
uint64_t choose(uint64_t n);
bool happens(enum fault fault);
void count(enum fault fault);
__attribute__((format(printf, 1, 2))) void trace(const char *format, ...);

/* raise_line() - an event for an instance, which goes on if it waited. */
void raise_line(struct instance *i, unsigned line);

/* memory_start() - RAM of an instance, at addresses of its own. memory_reset() - as at the start;
 * its variables too. */
void memory_start(struct instance *i);
void memory_reset(struct instance *i);
int memory_map(void *host, uintptr_t va, uint64_t pa, size_t len, unsigned rights);

/* steps_start() - exceptions are the images', single steps are ours. steps_begin() - preempt the
 * running thread in a few instructions. steps_stop() - no longer. */
void steps_start(void);
void steps_begin(void);
void steps_stop(void);

/* wire_plan() - the faults of the seed. wire_next() - when the next frame arrives or the link
 * changes, HOST_NEVER. wire_deliver() - what is due by now. wire_reset() - i is off. */
void wire_plan(void);
int64_t wire_next(void);
void wire_deliver(void);
void wire_reset(struct instance *i);
/* wire_put() - a frame that i sends. */
#define WIRE_MTU       1500
#define WIRE_FRAME_MAX 1600
void wire_put(struct instance *i, const unsigned char *data, size_t len);
void wire_mac(const struct instance *i, uint8_t mac[6]);
bool wire_open(void *host, unsigned n, struct host_net_info *out);
int wire_send(void *host, unsigned n, const struct host_piece *piece, unsigned npiece);
long wire_receive(void *host, unsigned n, void *out, size_t len);
