// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtio console against a device that does what the input says: whatever it claims to have
 * typed, a reader gets no more than fits, and a writer comes back.
 */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c drivers/virtio/virtio_mmio.c
// link: drivers/virtio/virtio_pci.c drivers/bus/pci.c kernel/boot_info.c lib/base/ranges.c
#include "tests/fuzz/ring.h"
#include "drivers/virtio/virtio_console.c"

#define FEATURES (VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | 7)
#define STEPS    200

static struct wait_queue reader;
static struct fuzz_input *input;

void wait_queue_wake(struct wait_queue *q, bool all)
{
}

/* While the driver waits for room, the device works as the input says, and when that is used up
 * as it should: one that never does is a matter of the host test. */
static void relax(void)
{
	struct fake_queue *q = &fake_virtio.queue[1];
	int id;

	if (!q->ready)
		return;
	if (fuzz_left(input))
		ring_complete(q, input);
	else if ((id = fake_queue_pop(q)) >= 0)
		fake_queue_push(q, (uint32_t)id, 0);
	else
		hvc.virtio.failed = true; /* it was lied to; a reset would be next */
}

static void step(struct fuzz_input *in)
{
	static const char text[300];
	uint8_t what = fuzz_byte(in);
	struct fake_queue *q = &fake_virtio.queue[what >> 7];
	char got[64];

	switch (what & 7) {
	case 0:
		virtio_console.write(&virtio_console, text, fuzz_u16(in) % 300);
		break;
	case 1:
		FUZZ_ASSERT(virtio_console.read(&virtio_console, got, what >> 3) <= what >> 3);
		break;
	case 2:
	case 3:
		if (q->ready)
			ring_complete(q, in);
		break;
	case 4:
		if (q->ready)
			ring_scribble(q, in);
		break;
	case 5:
		ring_interrupt(in);
		break;
	default:
		*virtio_console.input = &reader;
		(void)virtio_console.listen(&virtio_console);
	}
}

/* The driver is there for good; here each input has its own. */
static void end(void)
{
	(void)virtio_stop(&hvc.virtio);
	vring_free(&hvc.rx);
	vring_free(&hvc.tx);
	page_free(hvc.buffer, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };
	uint64_t features = fuzz_u32(&in) | VIRTIO_F_VERSION_1;

	fake_reset();
	input = &in;
	memset(&hvc, 0, sizeof(hvc));
	host_cpu.relax = relax;
	fake_virtio_mmio(VIRTIO_CONSOLE, features & FEATURES);
	if (!virtio_console.probe(&virtio_console))
		return 0;
	for (unsigned i = 0; i < STEPS && fuzz_left(&in); i++)
		step(&in);
	end();
	return 0;
}
