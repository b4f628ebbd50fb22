// SPDX-License-Identifier: BSD-2-Clause
/*
 * Bringing the network up: memory shares, lwIP, loopback, devices, addresses.
 */
#include "net/net.h"
#include "kernel/boot_info.h"
#include "kernel/log.h"
#include "kernel/page.h"
#include "net/hooks.h"
#include "net/mem.h"
#include "net/netif.h"
#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>
#include <errno.h>
#include <string.h>

/* Shares of RAM, as divisors. Windows are per connection, and far from all are full. */
#define SHARE_HEAP      6  /* payload to send, connections, sockets */
#define SHARE_RX        12 /* receive buffers */
#define SHARE_WINDOW    64
#define SHARE_TIME_WAIT (64 * 1024) /* one connection for so many bytes of RAM */

#define WINDOW_MIN_BYTES (32 * 1024u)
#define WINDOW_MAX_BYTES (512 * 1024u)
#define HEAP_MAX_BYTES   (512ul << 20)
#define RX_MAX_BYTES     (64ul << 20)

struct mutex net_lock = MUTEX_INIT(net_lock);
struct net_state net_state;
struct net_tuning net_tuning;

static struct mutex start_lock = MUTEX_INIT(start_lock);
static bool started; /* read without a lock; set under start_lock */
static ns_t start_time;
static struct wait_queue address_wait = WAIT_QUEUE_INIT(address_wait);
static bool have_ipv4, have_ipv6; /* some device has an address of more than link scope */

static size_t ram_bytes(void)
{
	struct page_stats stats;

	page_get_stats(&stats);
	return stats.total_pages * PAGE_SIZE;
}

static void tune(size_t ram)
{
	uint32_t window = MIN(MAX(ram / SHARE_WINDOW, WINDOW_MIN_BYTES), WINDOW_MAX_BYTES);

	net_tuning.tcp_window_bytes = net_tuning.tcp_send_buffer_bytes = window;
	net_tuning.tcp_time_wait_max = MIN(MAX(ram / SHARE_TIME_WAIT, 64u), 4096u);
	net_mem_init(MIN(ram / SHARE_HEAP, HEAP_MAX_BYTES));
}

/* What lwip_init() does, without the modules that are ours, and without DNS (net/resolve.c). */
static void init_lwip(void)
{
	netif_init();
	udp_init();
	tcp_init();
}

err_t net_loop_queued(void)
{
	net_state.loop_pending = true;
	return ERR_OK;
}

void net_settle(void)
{
	struct netif *n;

	while (net_state.loop_pending) {
		net_state.loop_pending = false;
		for (n = netif_list; n; n = n->next)
			netif_poll(n);
	}
	if (net_state.tx_pending)
		net_device_flush();
}

static bool is_global(const struct netif *n, int i)
{
	return ip6_addr_isvalid(netif_ip6_addr_state(n, i)) &&
	       !ip6_addr_islinklocal(netif_ip6_addr(n, i));
}

/* lwIP says that an address or the link changed. */
static void on_status(struct netif *n)
{
	bool ipv6 = false;

	for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
		ipv6 |= is_global(n, i);
	WRITE_ONCE(have_ipv6, have_ipv6 || ipv6);
	WRITE_ONCE(have_ipv4, have_ipv4 || !ip4_addr_isany(netif_ip4_addr(n)));
	wait_queue_wake_all(&address_wait);
}

/* "ADDR/LEN"; false when it is not that. */
static bool parse_cidr(char *text, ip4_addr_t *address, ip4_addr_t *mask)
{
	char *slash = strchr(text, '/');
	unsigned bits = 0;

	if (!slash)
		return false;
	*slash = 0;
	for (const char *p = slash + 1; *p; p++) {
		if (*p < '0' || *p > '9' || bits > 32)
			return false;
		bits = bits * 10 + (*p - '0');
	}
	if (bits > 32 || !ip4addr_aton(text, address))
		return false;
	ip4_addr_set_u32(mask, bits ? lwip_htonl(0xffffffffu << (32 - bits)) : 0);
	return true;
}

static void set_name_server(void)
{
	char text[64];
	ip_addr_t server;

	if (!boot_option("unik.dns", text, sizeof(text)))
		return;
	if (ipaddr_aton(text, &server))
		dns_setserver(0, &server);
	else
		log_warn("net: unik.dns=%s is not an address", text);
}

static void set_fixed(struct netif *n, char *text)
{
	ip4_addr_t address, mask, gateway = { 0 };
	char gw[32];

	if (!parse_cidr(text, &address, &mask)) {
		log_err("net: unik.ip= wants ADDRESS/LENGTH");
		return;
	}
	if (boot_option("unik.gw", gw, sizeof(gw)) && !ip4addr_aton(gw, &gateway))
		log_warn("net: unik.gw=%s is not an address", gw);
	netif_set_addr(n, &address, &mask, &gateway);
}

static void configure(struct netif *n, bool first)
{
	char text[64];

	netif_set_status_callback(n, on_status);
	netif_create_ip6_linklocal_address(n, 1);
	netif_set_ip6_autoconfig_enabled(n, 1);
	netif_set_up(n);
	if (first)
		netif_set_default(n);
	if (first && boot_option("unik.ip", text, sizeof(text)))
		set_fixed(n, text);
	else if (dhcp_start(n) != ERR_OK)
		log_warn("net: no memory for DHCP");
	on_status(n);
}

static void add_devices(void)
{
	struct netdev *d;
	struct netif *n;
	bool first = true;

	for (unsigned i = 0; (d = netdev_probe(i)); i++) {
		n = net_device_add(d);
		if (!n)
			continue;
		configure(n, first);
		first = false;
	}
	set_name_server();
	if (first)
		log_warn("net: no network device");
}

/* Nobody but this machine writes there: no sums are needed. */
static void init_loopback(void)
{
	struct netif *lo = netif_list;

	lo->chksum_flags = 0;
}

static int start(void)
{
	size_t ram = ram_bytes();
	int err = net_devices_init(MIN(ram / SHARE_RX, RX_MAX_BYTES));

	if (err)
		return err;
	start_time = time_now();
	tune(ram);
	net_hooks_init();
	net_timers_init();
	net_enter();
	init_lwip();
	init_loopback();
	add_devices();
	net_timers_kick();
	net_leave();
	return 0;
}

bool net_is_started(void)
{
	return __atomic_load_n(&started, __ATOMIC_ACQUIRE);
}

int net_start(void)
{
	int err = 0;

	if (likely(net_is_started()))
		return 0;
	mutex_lock(&start_lock);
	if (!started)
		err = start();
	if (!err)
		__atomic_store_n(&started, true, __ATOMIC_RELEASE);
	mutex_unlock(&start_lock);
	return err;
}

int net_address_state(bool ipv6)
{
	if (likely(READ_ONCE(*(ipv6 ? &have_ipv6 : &have_ipv4))))
		return 0;
	return netif_default && time_now() < start_time + NET_ADDRESS_WAIT_NS ? -EAGAIN
									      : -ENETUNREACH;
}

int net_wait_address(bool ipv6)
{
	int err = net_address_state(ipv6);

	if (err == -EAGAIN)
		err = wait_event_until(&address_wait, !net_address_state(ipv6),
				       start_time + NET_ADDRESS_WAIT_NS);
	return err ? -ENETUNREACH : 0;
}
