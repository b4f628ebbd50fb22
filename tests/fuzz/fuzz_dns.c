// SPDX-License-Identifier: BSD-2-Clause
/*
 * Answers of a name server: for each question that is sent, one made of the input, with the
 * question's number, port and name in their places where the input wants them to be.
 */
// link: net/addr.c net/checksum.c net/err.c net/hooks.c net/icmp_error.c net/mem.c net/netif.c
// link: net/path_mtu.c net/tcp_recovery.c
// link: net/offload.c net/resolve.c net/socket.c net/sockopt.c net/start.c net/tcp_io.c
// link: net/lwip_sums.c
// link: net/connect.c net/tcp_connect.c net/igmp_hooks.c net/groups.c
// link: net/sockopt_rare.c net/sockopt_tcp.c
// link: net/tcp_later.c net/tcp_socket.c net/timers.c net/udp_socket.c
// link: kernel/wait.c kernel/mutex.c kernel/timer.c lib/base/pheap.c
// link: $(lwip-y:%=$(LWIP_SRC)/src/%)
// flags: -Inet -I$(LWIP_SRC)/src/include -DNET_HOST_TEST -D_GNU_SOURCE -Wno-address
// flags: -fno-sanitize=alignment,shift,pointer-overflow
#include "tests/fuzz/net.h"
#include "net/resolve.h"
#include <lwip/dns.h>

#define DNS_PORT 53

static struct fuzz_input input;
static bool asking; /* nobody looks at the input otherwise */

/* The last question on the wire, or NULL. */
static const uint8_t *question(uint16_t *port, size_t *len)
{
	for (unsigned i = MIN(wire_nsent, (unsigned)WIRE_FRAMES); i-- > 0;) {
		const uint8_t *ip = wire_sent[i].data + ETH_BYTES;

		if (fuzz_get16(wire_sent[i].data + 12) != 0x0800 || ip[9] != 17 ||
		    fuzz_get16(ip + 22) != DNS_PORT)
			continue;
		*port = fuzz_get16(ip + 20);
		*len = wire_sent[i].len - ETH_BYTES - 28;
		return ip + 28;
	}
	return NULL;
}

static void answer(void)
{
	uint8_t f[WIRE_FRAME_BYTES], body[1200];
	uint16_t port;
	size_t asked, got, len = 0;
	const uint8_t *q = question(&port, &asked), *p;
	uint8_t how = fuzz_byte(&input);

	if (!q)
		return;
	if (how & 1) { /* its number, and flags that say "answer" */
		memcpy(body, q, 2);
		fuzz_put16(body + 2, 0x8180);
		memset(body + 4, 0, 8);
		body[5] = 1;
		body[7] = how >> 4;
		len = 12;
	}
	if (how & 2 && len) { /* the question as it was */
		memcpy(body + len, q + 12, asked - 12);
		len += asked - 12;
	}
	p = fuzz_bytes(&input, fuzz_u16(&input) % 600, &got);
	memcpy(body + len, p, got);
	len = fuzz_net_udp(f, TEST_ADDRESS, DNS_PORT, port, body, len + got);
	wire_deliver(f, (uint32_t)len, how & 4 ? 64 : 0);
}

static void server(void *arg)
{
	(void)arg;
	while (asking && fuzz_left(&input)) {
		answer();
		thread_sleep(time_deadline(NS_PER_MS));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static unsigned count;
	struct thread *t;
	struct net_server longer;
	uint8_t address[16];
	char name[80];
	ip_addr_t from = IPADDR4_INIT_BYTES(10, 0, 0, 1);

	fuzz_net_start();
	dns_setserver(0, &from);
	input = (struct fuzz_input){ data, data + len };
	asking = true;
	/* Another name each time: answers are kept. */
	snprintf(name, sizeof(name), "host%u.example", count++);
	if (thread_create(&t, "server", 0, server, NULL))
		abort();
	int err = net_resolve(name, fuzz_byte(&input) & 1 ? AF_INET6 : AF_INET, address, &longer);

	FUZZ_ASSERT(err <= 0);
	asking = false;
	fuzz_net_forget();
	return 0;
}
