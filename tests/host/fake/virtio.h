// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio.h - a make-believe virtio device with both of its faces: MMIO registers, and a PCI
 * function with capabilities. The test plays the device: it pops chains, pushes used entries,
 * or writes whatever it likes into the rings.
 *
 * Registers live at made-up physical addresses; every access through arch/mmio.h comes here, and
 * one outside of what the device has fails the test. Rings and buffers are host memory.
 *
 * Threading: one host thread.
 */
#pragma once
#include "drivers/virtio/virtio_mmio.h"
#include "tests/host/fake/pci.h"

#define FAKE_MMIO_BASE 0xfeb00000u
#define FAKE_MMIO_GSI  12
#define FAKE_BAR_BASE  0xc000000000ull
#define FAKE_BAR_BYTES 0x8000u
#define FAKE_QUEUES    4

/* Where the structures are in the BAR; the MSI-X table is in the same. */
#define FAKE_COMMON 0x0000
#define FAKE_ISR    0x1000
#define FAKE_DEVICE 0x2000
#define FAKE_NOTIFY 0x3000
#define FAKE_MSIX   0x4000

struct fake_queue {
	uint32_t max, size, ready, vector;
	uint64_t desc, avail, used;
	uint16_t next_avail; /* next entry of the available ring that the device has not seen */
	unsigned notified;
};

struct fake_virtio {
	uint32_t type;
	uint64_t offered, accepted;
	uint8_t status;
	uint8_t config[256];
	uint32_t config_bytes;
	uint32_t generation, isr;
	uint32_t select_queue, select_offered, select_accepted;
	uint32_t magic, version;
	uint16_t config_vector, nvector, nqueue;
	uint32_t notify_multiplier, notify_off;
	struct fake_queue queue[FAKE_QUEUES];
	struct fake_pci *pci;
	/* Lies: */
	bool never_resets, refuses_features, generation_runs, refuses_vectors, stays_ready;
	unsigned resets;
	void (*on_notify)(struct fake_virtio *d, unsigned queue);
};

extern struct fake_virtio fake_virtio;

/* fake_virtio_mmio(), fake_virtio_pci() - the machine has just this device, reset, with two
 * queues of 256. nvector: of MSI-X, 0 for none. The test may change it before it is opened. */
void fake_virtio_mmio(uint32_t type, uint64_t features);
void fake_virtio_pci(uint32_t type, uint64_t features, unsigned nvector);

/* fake_queue_pop()  - head of the next available chain; -1: none.
 * fake_queue_desc() - a descriptor. fake_desc_data() - where its buffer is.
 * fake_queue_push() - a used entry, shown at once.  fake_queue_show() - set used->idx. */
int fake_queue_pop(struct fake_queue *q);
struct vring_desc fake_queue_desc(const struct fake_queue *q, unsigned id);
uint8_t *fake_desc_data(struct vring_desc d);
struct vring_used *fake_queue_used(const struct fake_queue *q);
struct vring_avail *fake_queue_avail(const struct fake_queue *q);
void fake_queue_push(struct fake_queue *q, uint32_t id, uint32_t len);
uint16_t *fake_queue_avail_event(const struct fake_queue *q);
uint16_t *fake_queue_used_event(const struct fake_queue *q);
