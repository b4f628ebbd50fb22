// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen_net.c - counts the instructions that an image's netfront takes for a frame: a program of
 * the machine that measures, linked with the object file as it is in the image, with a back end and
 * a client that do next to nothing. It steps through itself by the trap flag and counts what lies
 * in the functions of that object (and not in the client, the back end or memcpy()).
 *
 * Arguments: START-END... the functions, hexadecimal. Prints "tx N" and "rx N", instructions for a
 * frame of 1514 bytes, from its coming to the device to its buffer's going back, in bursts of
 * eight.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include "drivers/xen/netfront_device.h"
#include "kernel/log.h"

#define FRAMES      2048 /* each of the ring's places eight times */
#define FRAME_BYTES 1514
#define BURST       8
#define PAGES       64

static struct {
	uintptr_t start, end;
} function[64];
static int nfunction;
static volatile unsigned long counted;

static struct netfront dev;
static char pages[2 + 2 * PAGES][PAGE_SIZE] __attribute__((aligned(4096)));
static struct xen_pool_page page_of[3][PAGES];
static struct netbuf buffer;
static char buffer_bytes[2048];
static unsigned received;

/* --- what the object wants ------------------------------------------------------------------- */

bool cpu_is_translated; /* barriers as on a real CPU */

void xen_event_notify(uint32_t port)
{
	(void)port;
}

bool xen_pool_reserve(struct xen_pool *p, unsigned n)
{
	(void)p;
	(void)n;
	return false;
}

void log_write(enum log_level level, const char *format, ...)
{
	(void)level;
	fputs(format, stderr);
	exit(1);
}

void wait_queue_wake(struct wait_queue *q, bool all)
{
	(void)q;
	(void)all;
}

void netfront_stop(struct netdev *d)
{
	(void)d;
}

/* --- the client and the back end -------------------------------------------------------------- */

static struct netbuf *rx_alloc(struct netdev_client *c)
{
	(void)c;
	buffer = (struct netbuf){ NULL, (void *)buffer_bytes, sizeof(buffer_bytes) };
	return &buffer;
}

static void rx_free(struct netdev_client *c, struct netbuf *b)
{
	(void)c;
	(void)b;
}

static void rx(struct netdev_client *c, struct netbuf *b, uint32_t offset, uint32_t len,
	       enum netdev_csum csum)
{
	(void)c;
	(void)b;
	(void)offset;
	(void)csum;
	received += len == FRAME_BYTES;
}

static void tx_done(struct netdev_client *c, void *cookie)
{
	(void)c;
	(void)cookie;
}

static struct netdev_client client = { rx_alloc, rx_free, rx, tx_done, NULL };

static void fill_pool(struct xen_pool *p, unsigned which, unsigned first_page, unsigned n)
{
	*p = (struct xen_pool){ .first_free = XEN_POOL_NONE, .page = page_of[which] };
	for (uint16_t i = 0; i < n; i++) {
		p->page[i].data = pages[first_page + i];
		xen_pool_give(p, i);
		p->npages++;
	}
}

static void answer_tx(uint32_t i)
{
	struct tx_request *q = xen_ring_entry(&dev.tx, i);
	struct {
		uint16_t id;
		int16_t status;
	} r = { q->id, 0 };

	memcpy(q, &r, sizeof(r));
	dev.tx.page->rsp_prod = i + 1;
}

static void answer_rx(uint32_t i)
{
	struct rx_request *q = xen_ring_entry(&dev.rx, i);
	struct {
		uint16_t id, offset, flags;
		int16_t status;
	} r = { q->id, 0, 1, FRAME_BYTES };

	memcpy(q, &r, sizeof(r));
	dev.rx.page->rsp_prod = i + 1;
}

/* --- counting --------------------------------------------------------------------------------- */

static void on_step(int sig, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];

	(void)sig;
	(void)info;
	for (int i = 0; i < nfunction; i++)
		if (at >= function[i].start && at < function[i].end)
			counted++;
}

static void step(bool on)
{
	if (on)
		__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq" ::: "memory", "cc");
	else
		__asm__ volatile("pushfq; andl $~0x100, (%%rsp); popfq" ::: "memory", "cc");
}

static void send_burst(uint32_t first)
{
	static const char frame[FRAME_BYTES];
	struct net_segment s[2] = { { frame, 54 }, { frame + 54, FRAME_BYTES - 54 } };
	struct netdev_tx t = { .segment = s, .nsegment = 2, .cookie = &s, .needs_csum = true };

	step(true);
	for (unsigned i = 0; i < BURST; i++)
		if (netfront_ops.transmit(&dev.netdev, &t))
			exit(1);
	netfront_ops.flush(&dev.netdev);
	step(false);
	for (unsigned i = 0; i < BURST; i++)
		answer_tx(first + i);
	step(true);
	netfront_ops.poll(&dev.netdev, 64);
	step(false);
}

static void receive_burst(uint32_t first)
{
	for (unsigned i = 0; i < BURST; i++)
		answer_rx(first + i);
	step(true);
	netfront_ops.poll(&dev.netdev, 64);
	(void)netfront_ops.irq_enable(&dev.netdev);
	step(false);
}

static void begin(void)
{
	dev.netdev.ops = &netfront_ops;
	dev.netdev.client = &client;
	fill_pool(&dev.rings, 0, 0, 2);
	fill_pool(&dev.tx_pool, 1, 2, PAGES);
	fill_pool(&dev.rx_pool, 2, 2 + PAGES, PAGES);
	netfront_reset(&dev);
	set_phase(&dev, READY);
	netfront_ops.poll(&dev.netdev, 64);
}

static void measure(const char *name, void (*burst)(uint32_t first))
{
	counted = 0;
	for (uint32_t i = 0; i < FRAMES; i += BURST)
		burst(i);
	printf("%s %lu\n", name, counted / FRAMES);
}

int main(int argc, char **argv)
{
	struct sigaction a = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO };

	for (int i = 1; i < argc && nfunction < 64; i++, nfunction++)
		if (sscanf(argv[i], "%lx-%lx", &function[nfunction].start,
			   &function[nfunction].end) != 2)
			return 1;
	sigaction(SIGTRAP, &a, NULL);
	begin();
	measure("tx", send_burst);
	measure("rx", receive_burst);
	return received == FRAMES ? 0 : 1;
}
