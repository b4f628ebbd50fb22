// SPDX-License-Identifier: BSD-2-Clause
/*
 * agent.h - what the simulation (world.c), its agent inside of an image (agent.c) and the programs
 * tell each other. The agent asks the host through fails() of <asm/host.h>, with the points below
 * instead of those that are there for allocations.
 */
#pragma once
#include <stdint.h>

enum sim_point {
	SIM_PREEMPT = 100, /* is the running thread to give way? */
	SIM_BLOCKS,        /* so many blocks of both heaps are in use now */
	SIM_PHASE,         /* a program says that enum sim_phase begins */
	SIM_VIRTIO,        /* a device's register: struct sim_virtio */
	SIM_VIOLATION,     /* an invariant does not hold: a text */
	SIM_BUG,           /* a bug on purpose (bugs.c): is it to happen now? */
};

enum sim_register {
	SIM_OPEN, /* is there this device? value: the line; config is filled */
	SIM_GET_STATUS,
	SIM_SET_STATUS,
	SIM_GET_FEATURES,
	SIM_SET_FEATURES,
	SIM_GENERATION,
	SIM_QUEUE_MAX,
	SIM_QUEUE_ENABLE, /* value: descriptors; ring: bus addresses of the three parts */
	SIM_NOTIFY,
	SIM_TAKE_ISR,
};

struct sim_virtio {
	enum sim_register reg;
	unsigned type;  /* of the device: an instance has one of each */
	unsigned queue; /* or the word of the features */
	uint64_t value;
	uint64_t ring[3];
	uint8_t *config; /* SIM_CONFIG_BYTES */
};

#define SIM_CONFIG_BYTES 64

enum sim_phase { SIM_CALM, SIM_STORM, SIM_OVER };

/* What an image has in use. */
struct sim_use {
	long kernel_blocks, user_blocks, net_blocks, pages, threads, descriptors;
};

/* sim_phase() - of a program: from now on there are faults, or there are none.
 * sim_measure() - what is in use, after all that is only kept for reuse was given back; but for
 * descriptors, which the program counts. */
void sim_phase(enum sim_phase phase);
void sim_measure(struct sim_use *out);
