// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_console.c - the virtio console device (virtio 1.2, 5.3) with a single port.
 *
 * Output is polled: one buffer, waited for before it is used again. Input lies in the buffers of
 * the receive queue until it is read; the interrupt only wakes.
 */
#include <errno.h>
#include <string.h>
#include "arch/mmu.h"
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtio_console.h"
#include "kernel/log.h"

#define QUEUE_RX    0
#define QUEUE_TX    1
#define RING        4 /* buffers for input */
#define RX_BYTES    (PAGE_SIZE / 2 / RING)
#define TX_BYTES    (PAGE_SIZE / 2)
#define DRAIN_LOOKS 1000000 /* for a buffer to be sent; then what follows is dropped */

static struct virtio_console {
	struct virtio_dev virtio;
	struct vring rx, tx;
	char *buffer; /* a page: room for one output, then for the input */
	bool stuck;   /* the last output did not drain in time */
	bool untold;  /* it went out of service without a line in the log */
	/* The input that is being read: */
	uint32_t rx_at, rx_len;
	int rx_slot; /* descriptor whose buffer it is; -1 none */
} hvc;

static struct wait_queue *hvc_reader;

/* Interrupt context. */
static void hvc_on_queue(struct virtio_dev *v)
{
	(void)v;
	if (hvc_reader)
		wait_queue_wake_all(hvc_reader);
}

/* Each descriptor of the receive queue has its own part of the page. */
static char *rx_buffer(unsigned slot)
{
	return hvc.buffer + TX_BYTES + slot * RX_BYTES;
}

static int hvc_setup(struct virtio_dev *v)
{
	int ret = virtio_begin(v);

	if (ret == 0)
		ret = virtio_accept(v, VIRTIO_F_EVENT_IDX);
	if (ret == 0)
		ret = virtio_irq_connect(v);
	if (ret == 0)
		ret = virtio_queue_init(v, &hvc.rx, QUEUE_RX, RING);
	if (ret == 0)
		ret = virtio_queue_init(v, &hvc.tx, QUEUE_TX, RING);
	if (ret)
		return ret;
	hvc.buffer = page_alloc(0);
	if (!hvc.buffer)
		return -ENOMEM;
	vring_irq_disable(&hvc.rx);
	vring_irq_disable(&hvc.tx);
	virtio_start(v);
	return 0;
}

static bool hvc_probe(const struct console *c)
{
	(void)c;
	hvc.rx_slot = -1;
	hvc.virtio.name = "virtio-console";
	hvc.virtio.on_queue = hvc_on_queue;
	if (virtio_open(&hvc.virtio, VIRTIO_CONSOLE, 0))
		return false;
	if (hvc_setup(&hvc.virtio) == 0)
		return true;
	if (virtio_stop(&hvc.virtio)) {
		vring_free(&hvc.rx);
		vring_free(&hvc.tx);
	}
	return false;
}

/* Wait until the output buffer is ours; false: the device does not drain it. */
static bool tx_wait(void)
{
	struct vring *q = &hvc.tx;

	/* Once it has been waited for in vain, nothing waits until it has moved. */
	for (unsigned looks = hvc.stuck ? 1 : DRAIN_LOOKS; looks && !hvc.virtio.failed; looks--) {
		if (vring_in_flight(q) == 0 || vring_take(q, NULL) >= 0) {
			hvc.stuck = false;
			return true;
		}
		cpu_relax();
	}
	hvc.stuck = true;
	return false;
}

static void hvc_write(const struct console *c, const char *text, size_t len)
{
	struct vring *q = &hvc.tx;

	(void)c;
	bool failed = hvc.virtio.failed;

	hvc.virtio.quiet = true; /* it may be the log that is writing */
	while (len && tx_wait()) {
		uint32_t n = (uint32_t)MIN(len, TX_BYTES);

		memcpy(hvc.buffer, text, n);
		vring_post_one(q, virt_to_phys(hvc.buffer), n, false, NULL);
		vring_kick(q);
		text += n;
		len -= n;
	}
	hvc.virtio.quiet = false;
	hvc.untold |= hvc.virtio.failed && !failed;
}

static void rx_refill(void)
{
	struct vring *q = &hvc.rx;

	while (q->nfree)
		vring_post_one(q, virt_to_phys(rx_buffer(q->free_head)), RX_BYTES, true, NULL);
	vring_kick(q);
}

/* Is there input at rx_at? If not, an interrupt comes for the next. A device that returns buffers
 * with nothing in them does not keep us here. */
static bool rx_ready(void)
{
	for (unsigned i = 0; i <= RING && hvc.rx_slot < 0; i++) {
		hvc.rx_at = 0;
		hvc.rx_slot = vring_take(&hvc.rx, &hvc.rx_len);
		if (hvc.rx_slot < 0 && !vring_irq_enable(&hvc.rx, 0))
			return false;
		if (hvc.rx_slot >= 0 && hvc.rx_len == 0) {
			hvc.rx_slot = -1;
			rx_refill();
		}
	}
	return hvc.rx_slot >= 0;
}

/* Output that found the device broken could not say so. */
static void tell_failure(void)
{
	if (hvc.untold)
		log_err("%s: out of service", hvc.virtio.name);
	hvc.untold = false;
}

static size_t hvc_read(const struct console *c, char *out, size_t len)
{
	(void)c;
	if (!rx_ready()) {
		tell_failure();
		return 0;
	}
	size_t n = MIN(len, (size_t)(hvc.rx_len - hvc.rx_at));

	memcpy(out, rx_buffer((unsigned)hvc.rx_slot) + hvc.rx_at, n);
	hvc.rx_at += (uint32_t)n;
	if (hvc.rx_at == hvc.rx_len) {
		hvc.rx_slot = -1;
		rx_refill();
	}
	return n;
}

static int hvc_listen(const struct console *c)
{
	(void)c;
	if (hvc.virtio.failed)
		return -ENODEV;
	if (hvc.rx_slot < 0) /* else its descriptor, free already, is still being read */
		rx_refill();
	vring_irq_enable(&hvc.rx, 0);
	return 0;
}

const struct console virtio_console = {
	.name = "hvc0",
	.probe = hvc_probe,
	.write = hvc_write,
	.read = hvc_read,
	.listen = hvc_listen,
	.input = &hvc_reader,
};
