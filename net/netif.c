// SPDX-License-Identifier: BSD-2-Clause
#include "net/netif.h"
#include "kernel/heap.h"
#include "kernel/idle.h"
#include "kernel/log.h"
#include "kernel/page.h"
#include "kernel/thread.h"
#include "kernel/timer.h"
#include "net/net.h"
#include "net/offload.h"
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/pbuf.h>
#include <lwip/priv/tcp_priv.h>
#include <netif/ethernet.h>
#include <errno.h>
#include <string.h>

#define POLL_BUDGET  64              /* frames at a time, before threads may run */
#define WATCHDOG_NS  (2 * NS_PER_MS) /* the longest that busy threads keep us out */
#define CHUNK_ORDER  4               /* receive buffers come 64 KiB at a time */
#define THREAD_STACK (16 * 1024)

struct rx_buffer {
	struct pbuf_custom pbuf; /* first: lwIP hands it back to free_rx() */
	struct netbuf net;
	struct interface *interface;
};

struct interface {
	struct netif netif;
	struct netdev_client client;
	struct netdev *dev;
	struct interface *next;
	struct rx_buffer *rx_free; /* linked by pbuf.pbuf.next */
	uint32_t rx_nfree;
};

static struct interface *interfaces;
static size_t rx_budget; /* bytes of receive buffers that may still be made */
static struct poller poller;
static struct thread *net_thread;
static struct timer watchdog;
static bool watchdog_on; /* armed; changed under net_lock and by its interrupt */
static bool polled;      /* since the watchdog was armed */
static bool quiet;       /* all devices will wake us and none has; interrupts change it, too */

/* Receive buffers */

static size_t rx_buffer_bytes(const struct interface *i)
{
	return ALIGN_UP(sizeof(struct rx_buffer) + i->dev->rx_buf_bytes, 16);
}

static void rx_put(struct rx_buffer *b)
{
	struct interface *i = b->interface;

	b->pbuf.pbuf.next = (struct pbuf *)i->rx_free;
	i->rx_free = b;
	i->rx_nfree++;
}

static void free_rx(struct pbuf *p)
{
	rx_put((struct rx_buffer *)p);
}

static void rx_init(struct interface *i, struct rx_buffer *b)
{
	memset(b, 0, sizeof(*b));
	b->pbuf.custom_free_function = free_rx;
	b->net.data = (uint8_t *)(b + 1);
	b->net.size = i->dev->rx_buf_bytes;
	b->interface = i;
	rx_put(b);
}

/* Cuts a chunk of pages into buffers; a small one where only a little may still be taken. */
static UNIK_COLD void rx_grow(struct interface *i)
{
	size_t each = rx_buffer_bytes(i), bytes = PAGE_SIZE << CHUNK_ORDER;
	char *chunk;

	bytes = MIN(MAX(bytes, ALIGN_UP(each, PAGE_SIZE)), ALIGN_DOWN(rx_budget, PAGE_SIZE));
	if (bytes < each)
		return;
	chunk = page_alloc_exact(bytes / PAGE_SIZE);
	if (!chunk)
		return;
	rx_budget -= bytes;
	for (size_t at = 0; at + each <= bytes; at += each)
		rx_init(i, (struct rx_buffer *)(chunk + at));
}

static struct interface *of_client(struct netdev_client *c)
{
	return container_of(c, struct interface, client);
}

static struct netbuf *rx_alloc(struct netdev_client *c)
{
	struct interface *i = of_client(c);
	struct rx_buffer *b = i->rx_free;

	if (unlikely(!b)) {
		rx_grow(i);
		b = i->rx_free;
		if (!b)
			return NULL;
	}
	i->rx_free = (struct rx_buffer *)b->pbuf.pbuf.next;
	i->rx_nfree--;
	return &b->net;
}

static struct rx_buffer *of_netbuf(struct netbuf *n)
{
	return container_of(n, struct rx_buffer, net);
}

static void rx_free(struct netdev_client *c, struct netbuf *n)
{
	(void)c;
	while (n) {
		struct netbuf *next = n->next;

		n->next = NULL;
		rx_put(of_netbuf(n));
		n = next;
	}
}

/* Receive */

static struct pbuf *as_pbuf(struct netbuf *n, uint32_t offset, uint32_t len, uint32_t total)
{
	struct pbuf *p = &of_netbuf(n)->pbuf.pbuf;

	p->next = NULL;
	p->payload = n->data + offset;
	p->len = len;
	p->tot_len = total;
	p->type_internal = PBUF_REF;
	p->flags = PBUF_FLAG_IS_CUSTOM;
	p->ref = 1;
	return p;
}

/* The buffers of a frame as a pbuf chain; NULL when the device's numbers do not fit. */
static struct pbuf *rx_chain(struct netdev_client *c, struct netbuf *n, uint32_t offset,
			     uint32_t len)
{
	struct pbuf *head = NULL, **link = &head;

	while (n && len) {
		uint32_t here = MIN(len, n->size - offset);
		struct netbuf *next = n->next;

		n->next = NULL;
		*link = as_pbuf(n, offset, here, len);
		link = &(*link)->next;
		len -= here;
		offset = 0;
		n = next;
	}
	rx_free(c, n);
	if (unlikely(len)) {
		if (head)
			pbuf_free(head);
		return NULL;
	}
	return head;
}

/* What arrived before its time is the peers' to send again; it makes room for what is due. */
static void drop_out_of_order(void)
{
	for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
		tcp_free_ooseq(pcb);
}

/*
 * When all buffers are out, those that reach the sockets' queues are missing on the ring. Then
 * frames go up as copies of their real size, as long as the budget for payload lasts.
 */
static UNIK_COLD struct pbuf *rx_copy(struct pbuf *p)
{
	struct pbuf *copy = pbuf_alloc(PBUF_RAW, p->tot_len, PBUF_RAM);

	if (copy)
		pbuf_copy(copy, p);
	else
		drop_out_of_order();
	pbuf_free(p);
	return copy;
}

static void set_sum_check(struct netif *n, bool check)
{
	if (check)
		n->chksum_flags |= NETIF_CHECKSUM_CHECK_UDP | NETIF_CHECKSUM_CHECK_TCP;
	else
		n->chksum_flags &= ~(NETIF_CHECKSUM_CHECK_UDP | NETIF_CHECKSUM_CHECK_TCP);
}

static void rx(struct netdev_client *c, struct netbuf *n, uint32_t offset, uint32_t len,
	       enum netdev_csum csum)
{
	struct interface *i = of_client(c);
	struct pbuf *p;

	if (unlikely(len > UINT16_MAX || offset >= n->size)) {
		rx_free(c, n);
		return;
	}
	p = rx_chain(c, n, offset, len);
	if (unlikely(p && !i->rx_free && rx_budget < rx_buffer_bytes(i)))
		p = rx_copy(p);
	if (unlikely(!p))
		return;
	set_sum_check(&i->netif, csum != NETDEV_CSUM_GOOD);
	if (i->netif.input(p, &i->netif) != ERR_OK)
		pbuf_free(p);
}

/* Transmit */

static void tx_done(struct netdev_client *c, void *cookie)
{
	(void)c;
	pbuf_free(cookie);
}

/* Hands a frame over; once more after the device's finished frames were taken back. */
static err_t transmit(struct interface *i, const struct netdev_tx *tx)
{
	struct netdev *d = i->dev;
	int err = d->ops->transmit(d, tx);

	if (unlikely(err == -ENOBUFS)) {
		d->ops->flush(d);
		d->ops->poll(d, 0);
		err = d->ops->transmit(d, tx);
	}
	if (likely(!err)) {
		net_state.tx_pending = true;
		return ERR_OK;
	}
	return err == -ENOBUFS ? ERR_MEM : ERR_IF;
}

static err_t output_pbuf(struct interface *i, struct pbuf *p)
{
	struct net_segment segment[NETDEV_TX_SEGMENTS];
	struct netdev_tx tx = { .segment = segment, .cookie = p };
	err_t err;

	for (struct pbuf *q = p; q; q = q->next) {
		if (!q->len)
			continue;
		if (tx.nsegment == NETDEV_TX_SEGMENTS)
			return ERR_BUF;
		segment[tx.nsegment++] = (struct net_segment){ q->payload, q->len };
	}
	if (i->dev->features & NETDEV_TX_CSUM)
		net_offload_sum(&tx, p);
	pbuf_ref(p);
	err = transmit(i, &tx);
	if (unlikely(err != ERR_OK))
		pbuf_free(p);
	return err;
}

static err_t output(struct netif *n, struct pbuf *p)
{
	struct interface *i = n->state;
	struct pbuf *flat;
	err_t err = output_pbuf(i, p);

	if (likely(err != ERR_BUF))
		return err;
	flat = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
	if (!flat)
		return ERR_MEM;
	err = output_pbuf(i, flat);
	pbuf_free(flat);
	return err;
}

bool netif_sums_in_device(const struct netif *n)
{
	return n && n->linkoutput == output &&
	       ((struct interface *)n->state)->dev->features & NETDEV_TX_CSUM;
}

void net_device_flush(void)
{
	net_state.tx_pending = false;
	for (struct interface *i = interfaces; i; i = i->next)
		i->dev->ops->flush(i->dev);
}

/* Polling */

static unsigned poll_devices(void)
{
	unsigned n = 0;

	for (struct interface *i = interfaces; i; i = i->next)
		n += i->dev->ops->poll(i->dev, POLL_BUDGET);
	if (unlikely(READ_ONCE(net_state.timer_due)))
		net_timers_run();
	polled = true;
	return n;
}

/* Returns whether frames are there already. */
static bool enable_interrupts(void)
{
	bool more = false;

	WRITE_ONCE(quiet, true); /* before: an interrupt may come at once */
	for (struct interface *i = interfaces; i; i = i->next)
		more |= i->dev->ops->irq_enable(i->dev);
	if (unlikely(more))
		WRITE_ONCE(quiet, false);
	return more;
}

static void arm_watchdog(void)
{
	WRITE_ONCE(quiet, false);
	if (watchdog_on)
		return;
	watchdog_on = true;
	polled = false;
	timer_arm(&watchdog, time_deadline(WATCHDOG_NS));
}

/* Interrupt context: threads that poll us often enough need no help. */
static void watchdog_fired(struct timer *t)
{
	watchdog_on = false;
	if (quiet)
		return;
	if (polled) {
		watchdog_on = true;
		polled = false;
		timer_arm(t, time_deadline(WATCHDOG_NS));
		return;
	}
	net_wake();
}

/* Under net_lock. Returns whether there is more, so that the CPU shall not halt. */
static bool poll_once(void)
{
	if (!poll_devices())
		return enable_interrupts();
	arm_watchdog();
	return true;
}

static bool poll_idle(struct poller *p)
{
	bool more;

	(void)p;
	if (READ_ONCE(quiet) && !READ_ONCE(net_state.timer_due))
		return false;
	if (unlikely(!mutex_trylock(&net_lock)))
		return true; /* its holder runs on another CPU or is ready: not the time to halt */
	if (unlikely(!net_state.ticking) && !READ_ONCE(quiet))
		net_timers_resume(); /* frames that nobody may enter for: TCP waits for answers to
					them */
	more = poll_once();
	net_leave();
	return more;
}

/* For the case that no thread is about to sleep. */
static void thread_main(void *arg)
{
	(void)arg;
	for (;;) {
		thread_park(NS_NEVER);
		net_enter();
		if (poll_once())
			arm_watchdog();
		net_leave();
	}
}

void net_wake(void)
{
	if (!idle_is_waiting())
		thread_unpark(net_thread);
}

static void wake(struct netdev_client *c)
{
	(void)c;
	WRITE_ONCE(quiet, false);
	net_wake();
}

/* Set-up */

static err_t init_netif(struct netif *n)
{
	struct interface *i = n->state;

	n->name[0] = 'e';
	n->name[1] = 'n';
	n->mtu = n->mtu6 = i->dev->mtu;
	n->hwaddr_len = ETH_HWADDR_LEN;
	memcpy(n->hwaddr, i->dev->mac, ETH_HWADDR_LEN);
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
		   NETIF_FLAG_MLD6 | NETIF_FLAG_LINK_UP;
	n->output = etharp_output;
	n->output_ip6 = ethip6_output;
	n->linkoutput = output;
	if (i->dev->features & NETDEV_TX_CSUM)
		n->chksum_flags &= ~(NETIF_CHECKSUM_GEN_UDP | NETIF_CHECKSUM_GEN_TCP);
	return ERR_OK;
}

static const struct netdev_client callbacks = { rx_alloc, rx_free, rx, tx_done, wake };

struct netif *net_device_add(struct netdev *d)
{
	struct interface *i = kzalloc(sizeof(*i));
	int err;

	if (!i)
		return NULL;
	i->dev = d;
	i->client = callbacks;
	if (!netif_add_noaddr(&i->netif, i, init_netif, ethernet_input))
		goto free;
	err = d->ops->start(d, &i->client);
	if (err) {
		log_warn("net: %s does not start (%d)", d->name, err);
		goto remove;
	}
	i->next = interfaces;
	interfaces = i;
	arm_watchdog();
	return &i->netif;
remove:
	netif_remove(&i->netif);
free:
	kfree(i);
	return NULL;
}

int net_devices_init(size_t rx_budget_bytes)
{
	int err = thread_create(&net_thread, "net", THREAD_STACK, thread_main, NULL);

	if (err)
		return err;
	rx_budget = rx_budget_bytes;
	timer_init(&watchdog, watchdog_fired);
	net_thread->priority = THREAD_PRIORITY_HIGH;
	poller.poll = poll_idle;
	idle_add_poller(&poller);
	return 0;
}
