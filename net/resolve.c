// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/compiler.h"
#include "net/resolve.h"
#include "net/hooks.h"
#include "net/net.h"
#include <lwip/dns.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct question {
	struct wait_queue wait;
	bool answered;
	bool found;
	bool timed_out; /* nobody answered; or the answer was no */
	bool truncated; /* not found, but `server` knows more */
	ip_addr_t server;
	ip_addr_t address;
};

static unsigned pending;
static ns_t aged; /* lwIP's cache of answers is right up to here */

static bool is_pending(void)
{
	return pending != 0;
}

/* Whose call it is that gives a question up tells why: the clock's, or that of a packet. */
static bool in_tick;

static void tick(void)
{
	in_tick = true;
	dns_tmr();
	in_tick = false;
}

static struct net_clock_state answers_state;
static const struct net_clock answers_clock = { tick, is_pending, DNS_TMR_INTERVAL,
						&answers_state };
static bool started;

static void start(void)
{
	if (started)
		return;
	started = true;
	dns_init();
	net_clock_add(&answers_clock);
}

static const ip_addr_t *truncated_by; /* of the next answer */

void net_dns_truncated(const ip_addr_t *server)
{
	truncated_by = server;
}

/* lwIP calls this exactly once for each question it took, with NULL when there is no answer. */
static void on_answer(const char *name, const ip_addr_t *address, void *arg)
{
	struct question *q = arg;

	(void)name;
	pending--;
	q->found = address != NULL;
	q->timed_out = in_tick;
	if (address)
		q->address = *address;
	q->truncated = truncated_by != NULL;
	if (truncated_by)
		q->server = *truncated_by;
	truncated_by = NULL;
	WRITE_ONCE(q->answered, true);
	wait_queue_wake_all(&q->wait);
}

/* The clock of the cache stands still while nobody asks: bring it up to date. */
static void age_answers(void)
{
	ns_t now = time_now();
	unsigned seconds = MIN((uint64_t)(now - aged) / NS_PER_S, (uint64_t)DNS_MAX_TTL);

	aged = now;
	while (!pending && seconds--)
		dns_tmr();
}

static err_t ask(struct question *q, const char *name, bool ipv6)
{
	err_t err;

	start();
	age_answers();
	err = dns_gethostbyname_addrtype(name, &q->address, on_answer, q,
					 ipv6 ? LWIP_DNS_ADDRTYPE_IPV6 : LWIP_DNS_ADDRTYPE_IPV4);
	if (err == ERR_INPROGRESS) {
		pending++;
		net_timers_kick();
	}
	return err;
}

static int copy_address(void *out, const ip_addr_t *a)
{
	if (IP_IS_V6(a)) {
		memcpy(out, ip_2_ip6(a)->addr, 16);
		return AF_INET6;
	}
	memcpy(out, &ip_2_ip4(a)->addr, 4);
	return AF_INET;
}

static void copy_server(struct net_server *out, const ip_addr_t *server)
{
	out->family = copy_address(out->address, server);
}

bool net_name_server(unsigned i, struct net_server *out)
{
	bool known;

	if (!net_is_started())
		return false;
	net_enter();
	known = i < DNS_MAX_SERVERS && !ip_addr_isany(dns_getserver((u8_t)i));
	if (known)
		copy_server(out, dns_getserver((u8_t)i));
	net_leave();
	return known;
}

int net_resolve(const char *name, int family, void *address, struct net_server *longer)
{
	struct question q = { 0 };
	err_t err = net_start();

	if (err)
		return -ENETUNREACH;
	if (net_wait_address(false) && net_wait_address(true))
		return -ENETUNREACH;
	wait_queue_init(&q.wait);
	net_enter();
	err = ask(&q, name, family == AF_INET6);
	net_leave();
	if (err == ERR_INPROGRESS) {
		wait_event(&q.wait, READ_ONCE(q.answered));
		/* The waker held net_lock: once we have it, nobody looks at q any more. */
		net_enter();
		net_leave();
		err = q.found ? ERR_OK : q.timed_out ? ERR_MEM : ERR_VAL;
	}
	if (q.truncated && !q.found) {
		copy_server(longer, &q.server);
		return -EMSGSIZE;
	}
	if (err == ERR_MEM)
		return -EAGAIN;
	if (err == ERR_ARG)
		return -EINVAL;
	if (err != ERR_OK)
		return -ENOENT;
	if (IP_IS_V6_VAL(q.address) != (family == AF_INET6))
		return -ENOENT; /* the name was a numeric address of the other kind */
	copy_address(address, &q.address);
	return 0;
}
