// SPDX-License-Identifier: BSD-2-Clause
/*
 * XenStore's client against a store that does what the input says: it answers requests with any
 * bytes, of any length whatever it says the length is, tells of watches, moves all indices of the
 * shared page, and connects anew or does not. Each call ends in time and writes only what it says.
 */
// link: drivers/xen/event_channel.c kernel/wait.c kernel/mutex.c lib/base/fmt.c
#include "tests/fuzz/fuzz.h"
#include "tests/host/fake/xen.h"
#include "drivers/xen/xenstore_ring.c"
#include "drivers/xen/xenbus.c"
#include "drivers/xen/xenstore.c"

#define STORE_FRAME 2
#define STORE_PORT  1
#define STEPS       200
#define NWATCH      3
#define EVENTS_MAX  200 /* of a store that has no end of them */

static struct {
	struct fuzz_input *in;
	uint32_t cons, prod; /* of requests that were read, of answers that were written */
	struct xenstore_header request;
	char payload[XENSTORE_PAYLOAD];
	uint8_t out[8192]; /* what there was no room for yet */
	size_t at, len;
	bool chatters; /* tells of a watch again whenever the client has read something */
	unsigned told;
} peer;

static struct xenstore_watch watch[NWATCH];
static bool watched[NWATCH];

static struct rings *page(void)
{
	return (struct rings *)fake_xen.frame[STORE_FRAME - 1];
}

/* --- the store ------------------------------------------------------------------------------- */

static void put(const void *bytes, size_t len)
{
	if (peer.len + len > sizeof(peer.out))
		return;
	memcpy(peer.out + peer.len, bytes, len);
	peer.len += len;
}

static void pump(void)
{
	while (peer.at < peer.len && peer.prod - page()->rsp_cons < RING_BYTES)
		page()->rsp[peer.prod++ % RING_BYTES] = (char)peer.out[peer.at++];
	page()->rsp_prod = peer.prod;
	if (peer.at == peer.len)
		peer.at = peer.len = 0;
	fake_xen_raise(STORE_PORT);
}

/* What is put into a message besides bytes of the input: what its reader looks for. */
static const char *word(uint8_t what, size_t *len)
{
	static const struct {
		const char *text;
		size_t len;
	} words[] = { { "OK", 3 },        { "ENOENT", 7 },
		      { "EAGAIN", 7 },    { "17", 2 },
		      { "0\0001\0", 4 },  { "/local/domain/0/backend/vif/1/0", 31 },
		      { "path\0001", 7 }, { "4294967295", 11 } };

	*len = words[what % ARRAY_SIZE(words)].len;
	return words[what % ARRAY_SIZE(words)].text;
}

static void tell_of_watch(unsigned token)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "path%c%u", 0, token) + 1;
	struct xenstore_header h = { .type = XS_WATCH_EVENT, .len = (uint32_t)len };

	put(&h, sizeof(h));
	put(text, (size_t)len);
}

static void answer(const struct xenstore_header *to)
{
	uint8_t how = fuzz_byte(peer.in);
	struct xenstore_header h = *to;
	size_t len, more = 0;
	const char *text = word(fuzz_byte(peer.in), &len);

	if (how & 1)
		text = (const char *)fuzz_bytes(peer.in, fuzz_u16(peer.in) % 5000, &len);
	if (how & 2)
		h.type = fuzz_byte(peer.in) % 20;
	if (how & 4)
		h.request += fuzz_byte(peer.in);
	if (how & 8)
		more = fuzz_byte(peer.in) & 1 ? fuzz_u32(peer.in) : fuzz_byte(peer.in);
	h.len = (uint32_t)(len + more);
	if (how & 16)
		tell_of_watch(fuzz_byte(peer.in) % 8);
	put(&h, sizeof(h));
	put(text, len);
	if (how & 32)
		peer.chatters = true;
}

static void scribble(void)
{
	uint32_t *fields[] = { &page()->req_cons, &page()->req_prod, &page()->rsp_cons,
			       &page()->rsp_prod, &page()->features, &page()->connection };
	uint8_t which = fuzz_byte(peer.in);

	*fields[which % ARRAY_SIZE(fields)] = which & 0x40 ? fuzz_u32(peer.in) : fuzz_byte(peer.in);
	fake_xen_raise(STORE_PORT);
}

/* One request, if all of it is there. */
static bool take_request(void)
{
	uint32_t there = page()->req_prod - peer.cons;
	char *h = (char *)&peer.request;

	if (there > RING_BYTES || there < sizeof(peer.request))
		return false;
	for (unsigned i = 0; i < sizeof(peer.request); i++)
		h[i] = page()->req[(peer.cons + i) % RING_BYTES];
	if (there < sizeof(peer.request) + peer.request.len)
		return false;
	peer.cons += (uint32_t)sizeof(peer.request) + peer.request.len;
	page()->req_cons = peer.cons;
	return true;
}

static void notified(uint32_t port)
{
	if (page()->connection == STATE_RECONNECT && fuzz_byte(peer.in) & 1) {
		memset(&page()->req_cons, 0, 4 * sizeof(uint32_t));
		page()->connection = STATE_CONNECTED;
		peer.cons = peer.prod = 0;
		peer.at = peer.len = 0;
	}
	while (take_request() && fuzz_left(peer.in)) {
		uint8_t what = fuzz_byte(peer.in);

		if (what < 16)
			scribble();
		else if (what < 240) /* else: silent */
			answer(&peer.request);
	}
	if (peer.chatters && peer.told < EVENTS_MAX) {
		peer.told++;
		fake_time += NS_PER_S;
		tell_of_watch(1);
	}
	pump();
}

/* --- the client ------------------------------------------------------------------------------ */

static void changed(struct xenstore_watch *w)
{
	char out[32];

	(void)!xenstore_read(XENSTORE_NO_TX, w->path, NULL, out, sizeof(out));
}

/* What comes out of a call: no more than was asked for, with an end, or an error. */
static void check_text(const char *out, size_t size, int ret)
{
	FUZZ_ASSERT(ret < 0 ? ret > -200 : (size_t)ret < size && out[ret] == 0);
}

static void read_text(struct fuzz_input *in, bool list)
{
	size_t size = 1 + fuzz_u16(in) % 4200;
	char *out = malloc(size);
	int ret = list ? xenstore_list(XENSTORE_NO_TX, "device", "vif", out, size)
		       : xenstore_read(XENSTORE_NO_TX, "name", NULL, out, size);

	check_text(out, size, ret);
	free(out);
}

static void transaction(bool commit)
{
	xenstore_tx_t tx = XENSTORE_NO_TX;

	if (xenstore_begin(&tx))
		return;
	FUZZ_ASSERT(tx != XENSTORE_NO_TX);
	if (commit)
		FUZZ_ASSERT(xenstore_commit(tx) <= 0);
	else
		xenstore_abort(tx);
}

static void open_device(struct fuzz_input *in)
{
	struct xenbus_device d;

	if (xenbus_open("vif", fuzz_byte(in) & 3, &d))
		return;
	FUZZ_ASSERT(memchr(d.front, 0, sizeof(d.front)) && memchr(d.back, 0, sizeof(d.back)));
	FUZZ_ASSERT(d.peer < XEN_DOMID_SELF);
	FUZZ_ASSERT(xenbus_feature(&d, "feature-sg", 1, 9) <= 9);
}

static void change_watch(unsigned i)
{
	watch[i].changed = changed;
	if (watched[i])
		xenstore_unwatch(&watch[i]);
	else if (xenstore_watch(&watch[i], "path", NULL))
		return;
	watched[i] = !watched[i];
}

static void request(struct fuzz_input *in, uint8_t what)
{
	uint64_t v;

	switch (what & 7) {
	case 0:
	case 1:
		read_text(in, what & 1);
		break;
	case 2:
		if (xenstore_read_uint(XENSTORE_NO_TX, "n", NULL, 4242, &v) == 0)
			FUZZ_ASSERT(v <= 4242);
		break;
	case 3:
		FUZZ_ASSERT(xenstore_write(XENSTORE_NO_TX, "data", "n", "%0*u", what >> 2, 1u) <=
			    0);
		break;
	case 4:
		transaction(what & 8);
		break;
	case 5:
		open_device(in);
		break;
	case 6:
		FUZZ_ASSERT(xenstore_remove(XENSTORE_NO_TX, "data", "n") <= 0);
		break;
	default:
		change_watch((what >> 3) % NWATCH);
	}
}

static void step(struct fuzz_input *in)
{
	uint8_t what = fuzz_byte(in);
	ns_t before = fake_time;

	if (what < 160)
		request(in, what);
	else if (what < 200)
		scribble();
	else if (what < 240)
		answer(&(struct xenstore_header){ .type = XS_WATCH_EVENT });
	else
		fake_time += NS_PER_S;
	pump();
	/* Ten seconds for each request, the beginning anew and each watch that is set again; the
	 * thread's own requests may come first. */
	FUZZ_ASSERT(fake_time - before <= 20 * (NWATCH + 2) * XENSTORE_TIMEOUT_NS);
	peer.chatters = false;
	fake_threads_run();
}

/* The thread that calls watches stays from input to input; it comes to rest. */
static void settle(void)
{
	for (unsigned i = 0; i < NWATCH; i++)
		if (watched[i])
			change_watch(i);
	mutex_lock(&store.lock);
	memset(page(), 0, sizeof(struct rings));
	take_indices();
	restarting = xenstore_ring_in_message = false;
	store.distrusted = false;
	store.any_pending = false;
	store.request = store.tokens = 0;
	mutex_unlock(&store.lock);
	fake_threads_run();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };

	fake_reset();
	fake_xen_reset();
	memset(&peer, 0, sizeof(peer));
	peer.in = &in;
	fake_xen.param[XEN_PARAM_STORE_PFN] = STORE_FRAME;
	fake_xen.param[XEN_PARAM_STORE_PORT] = STORE_PORT;
	fake_xen.notified = notified;
	FUZZ_ASSERT(store_lock() == 0);
	page()->features = fuzz_byte(&in);
	page()->req_prod = page()->req_cons = peer.cons = fuzz_u32(&in);
	page()->rsp_prod = page()->rsp_cons = peer.prod = fuzz_u32(&in);
	take_indices();
	mutex_unlock(&store.lock);
	for (unsigned i = 0; i < STEPS && fuzz_left(&in); i++)
		step(&in);
	in.at = in.end;
	settle();
	return 0;
}
