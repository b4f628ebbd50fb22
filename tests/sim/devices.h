// SPDX-License-Identifier: BSD-2-Clause
/*
 * devices.h - virtio devices of the invented world, as the real drivers/virtio see them: registers,
 * rings in the instance's memory, an interrupt line each. virtio 1.2, 2.7.
 *
 * A device works when its time has come, makes mistakes and tells lies as the seed says, and
 * takes nothing on trust either: a driver that breaks the protocol is a violation.
 */
#pragma once
#include "tests/sim/sim.h"

#define VIRTIO_NET     1
#define VIRTIO_BLK     2
#define DEVICE_QUEUES  2
#define QUEUE_MAX      128
#define CHAIN_MAX      24
#define STATUS_FAILED  128
#define STATUS_RUNNING 4 /* DRIVER_OK */

struct part {
	uint8_t *data;
	uint32_t len;
	bool in; /* the device writes it */
};

struct chain {
	unsigned head, nparts;
	struct part part[CHAIN_MAX];
};

struct queue {
	uint8_t *desc, *avail, *used; /* NULL: not set up */
	unsigned size;
	uint16_t taken, given;
	bool flying[QUEUE_MAX];
};

struct device {
	struct instance *owner;
	unsigned type, line;
	uint8_t status;
	bool stuck; /* in reset */
	bool lied;  /* and nobody may have noticed yet */
	uint64_t features;
	uint32_t isr, generation;
	int64_t tell_at; /* an interrupt that is late; HOST_NEVER */
	struct queue queue[DEVICE_QUEUES];
};

/* device_take() - the next chain of a queue; false: there is none.
 * device_give() - done with it; `len` bytes were written. */
bool device_take(struct device *d, unsigned q, struct chain *c);
void device_give(struct device *d, unsigned q, const struct chain *c, uint32_t len);

/* gather(), scatter() - bytes out of a chain, into it; returns how many. */
size_t gather(const struct chain *c, size_t skip, uint8_t *out, size_t len);
size_t scatter(const struct chain *c, const uint8_t *data, size_t len);

/* device_of() - the device of a type, NULL where the instance has none. */
struct device *device_of(struct instance *i, unsigned type);

/* For world.c. device_register() - the driver uses a register. */
bool device_register(struct instance *i, struct sim_virtio *r);
int64_t devices_next(void);
void devices_work(void);
void devices_reset(struct instance *i); /* power off */
void devices_check(void);               /* the storm is over: who has lied is replaced */

/* nic.c. nic_receive() - a frame; false: i has no such device. */
void nic_notified(struct device *d, unsigned queue);
void nic_stopped(struct device *d);
void nic_config(const struct device *d, uint8_t *config);
bool nic_receive(struct instance *i, const uint8_t *data, size_t len);
int64_t nic_next(void);
void nic_work(void);

/* disk.c: the one disk. disk_power_cut() - of what has not been flushed some is lost. */
void disk_start(struct instance *i);
void disk_notified(struct device *d);
void disk_stopped(void);
void disk_power_cut(void);
void disk_config(uint8_t *config);
int64_t disk_next(void);
void disk_work(struct device *d);
