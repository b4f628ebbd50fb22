// SPDX-License-Identifier: BSD-2-Clause
/*
 * drivers/xen/xenstore.c against a store that is right, slow, silent, restarted or lies. The store
 * runs as a thread of its own; a test tells it how to behave.
 */
// link: drivers/xen/xenstore_ring.c drivers/xen/event_channel.c kernel/wait.c
// link: kernel/mutex.c lib/base/fmt.c
#include "tests/host/fake/xen.h"
#include "drivers/xen/xenbus.c"
#include "drivers/xen/xenstore.c"

#define STORE_FRAME 2
#define STORE_PORT  1
#define RING        1024u

struct wire { /* public/io/xs_wire.h */
	char req[RING], rsp[RING];
	uint32_t req_cons, req_prod, rsp_cons, rsp_prod;
	uint32_t features, connection;
};

enum lie {
	HONEST,
	SILENT,       /* reads requests, answers nothing */
	DEAF,         /* does not even read */
	LONG_ANSWER,  /* a length that no message has */
	OTHER_TYPE,   /* answers something else than asked */
	OTHER_NUMBER, /* answers a request that was not made, and nothing else */
	BAD_INDEX,    /* a producer index that is out of the ring */
	STRANGE_ERROR,
	NO_NUL,   /* texts and errors without an end */
	CHATTERS, /* tells of watches instead of answering, and goes on doing so */
	BITS,     /* a random bit of each answer is wrong */
};

#define NODES 32
static struct {
	struct {
		char path[64], value[200];
		int len;
	} node[NODES];
	unsigned nnode;
	struct {
		char path[64], token[16];
	} watch[4];
	unsigned nwatch;

	enum lie lie;
	bool forgets_watches; /* starts anew before the next request */
	unsigned commits_fail;
	unsigned slice;     /* bytes of an answer at a time */
	ns_t delay;         /* before each answer */
	unsigned requests;  /* seen */
	unsigned restarted; /* by the reconnection protocol */
	struct thread *thread;
	bool stop;
	uint32_t req_cons, rsp_prod;
	unsigned chattered;
} peer;

static struct wire *wire(void)
{
	return (struct wire *)fake_xen.frame[STORE_FRAME - 1];
}

static uint32_t random32(void)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(state >> 33);
}

/* Whenever the client has read something there is more, and time passes. */
static void chatter(void)
{
	const struct xenstore_header h = { .type = XS_WATCH_EVENT, .len = 4 };
	const char *text = "a\0x";

	if (peer.rsp_prod - wire()->rsp_cons > RING - 20 || peer.chattered++ > 1000)
		return;
	fake_time += NS_PER_S;
	for (unsigned i = 0; i < sizeof(h); i++)
		wire()->rsp[peer.rsp_prod++ % RING] = ((const char *)&h)[i];
	for (unsigned i = 0; i < h.len; i++)
		wire()->rsp[peer.rsp_prod++ % RING] = text[i];
	wire()->rsp_prod = peer.rsp_prod;
}

static void notified(uint32_t port)
{
	if (port == STORE_PORT && peer.lie == CHATTERS)
		chatter();
	if (port == STORE_PORT && peer.thread)
		thread_unpark(peer.thread);
}

/* --- the store ------------------------------------------------------------------------------- */

static void peer_put(const void *bytes, size_t len)
{
	const char *p = bytes;

	for (size_t i = 0; i < len && !peer.stop; i++) {
		while (peer.rsp_prod - wire()->rsp_cons >= RING && !peer.stop)
			if (thread_park(fake_time + NS_PER_S) && peer.lie != HONEST)
				return; /* a client that gave up */
		wire()->rsp[peer.rsp_prod++ % RING] = p[i];
		wire()->rsp_prod = peer.rsp_prod;
		if (peer.slice && i % peer.slice == 0) {
			fake_xen_raise(STORE_PORT);
			thread_yield();
		}
	}
	if (peer.lie == BAD_INDEX)
		wire()->rsp_prod = peer.rsp_prod + 5000;
	fake_xen_raise(STORE_PORT);
}

static void peer_answer(const struct xenstore_header *to, uint32_t type, const char *text,
			size_t len)
{
	static char message[16 + 5000];
	struct xenstore_header h = { type, to->request, to->tx, (uint32_t)len };

	if (peer.lie == SILENT || peer.lie == CHATTERS)
		return;
	if (peer.delay)
		thread_sleep(fake_time + peer.delay);
	if (peer.lie == LONG_ANSWER)
		h.len = 4097 + random32();
	if (peer.lie == OTHER_TYPE)
		h.type = type == XS_READ ? XS_WRITE : XS_READ;
	if (peer.lie == OTHER_NUMBER)
		h.request += 1000;
	if (peer.lie == STRANGE_ERROR) {
		h.type = XS_ERROR;
		text = "EWHATEVER";
		h.len = (uint32_t)(len = 10);
	}
	memcpy(message, &h, sizeof(h));
	memcpy(message + sizeof(h), text, len);
	if (peer.lie == NO_NUL && len && message[sizeof(h) + len - 1] == 0)
		((struct xenstore_header *)message)->len = (uint32_t)--len;
	if (peer.lie == BITS)
		message[random32() % (sizeof(h) + len)] ^= 1 << random32() % 8;
	peer_put(message, sizeof(h) + len);
}

static void peer_error(const struct xenstore_header *h, const char *text)
{
	peer_answer(h, XS_ERROR, text, strlen(text) + 1);
}

static int peer_find(const char *path)
{
	for (unsigned i = 0; i < peer.nnode; i++)
		if (strcmp(peer.node[i].path, path) == 0)
			return (int)i;
	return -1;
}

static void peer_fire(const char *path)
{
	for (unsigned i = 0; i < peer.nwatch; i++) {
		struct xenstore_header h = { .type = XS_WATCH_EVENT };
		char text[100];
		int n;

		if (strncmp(path, peer.watch[i].path, strlen(peer.watch[i].path)) != 0)
			continue;
		n = snprintf(text, sizeof(text), "%s%c%s", path, 0, peer.watch[i].token) + 1;
		peer_answer(&h, XS_WATCH_EVENT, text, (size_t)n);
	}
}

static void set_node(const char *path, const char *value, int len)
{
	int i = peer_find(path);

	if (i < 0)
		i = (int)peer.nnode++;
	snprintf(peer.node[i].path, sizeof(peer.node[i].path), "%s", path);
	memcpy(peer.node[i].value, value, (size_t)len);
	peer.node[i].len = len;
}

static void set_text(const char *path, const char *value)
{
	set_node(path, value, (int)strlen(value));
}

/* Names directly below path. */
static size_t peer_names(const char *path, char *out)
{
	size_t n = 0, len = strlen(path);

	for (unsigned i = 0; i < peer.nnode; i++) {
		const char *p = peer.node[i].path;

		if (strncmp(p, path, len) == 0 && p[len] == '/' && !strchr(p + len + 1, '/'))
			n += (size_t)sprintf(out + n, "%s", p + len + 1) + 1;
	}
	return n;
}

static void peer_handle(const struct xenstore_header *h, char *text)
{
	static char names[2000];
	int at = peer_find(text);
	size_t path = strlen(text) + 1;

	peer.requests++;
	switch (h->type) {
	case XS_READ:
		if (at < 0)
			return peer_error(h, "ENOENT");
		return peer_answer(h, XS_READ, peer.node[at].value, (size_t)peer.node[at].len);
	case XS_DIRECTORY:
		return peer_answer(h, XS_DIRECTORY, names, peer_names(text, names));
	case XS_WRITE:
		if (strncmp(text, "closed", 6) == 0)
			return peer_error(h, "EACCES");
		set_node(text, text + path, (int)(h->len - path));
		peer_answer(h, XS_WRITE, "OK", 3);
		return peer_fire(text);
	case XS_RM:
		if (at < 0)
			return peer_error(h, "ENOENT");
		peer.node[at] = peer.node[--peer.nnode];
		return peer_answer(h, XS_RM, "OK", 3);
	case XS_TRANSACTION_START:
		return peer_answer(h, h->type, "77", 3);
	case XS_TRANSACTION_END:
		if (h->tx != 77)
			return peer_error(h, "ENOENT");
		if (text[0] == 'T' && peer.commits_fail && peer.commits_fail--)
			return peer_error(h, "EAGAIN");
		return peer_answer(h, h->type, "OK", 3);
	case XS_WATCH:
		for (unsigned i = 0; i < peer.nwatch; i++)
			if (strcmp(peer.watch[i].token, text + path) == 0)
				return peer_error(h, "EEXIST");
		strcpy(peer.watch[peer.nwatch].path, text);
		strcpy(peer.watch[peer.nwatch++].token, text + path);
		peer_answer(h, h->type, "OK", 3);
		return peer_fire(text);
	case XS_UNWATCH:
		peer.nwatch = 0;
		return peer_answer(h, h->type, "OK", 3);
	default:
		CHECK_FAIL("request of type %u", h->type);
	}
}

static bool peer_get(void *out, size_t len)
{
	char *p = out;

	for (size_t i = 0; i < len; i++) {
		while (peer.req_cons == wire()->req_prod)
			if (thread_park(fake_time + 30 * NS_PER_S) && peer.stop)
				return false;
		p[i] = wire()->req[peer.req_cons++ % RING];
		wire()->req_cons = peer.req_cons;
	}
	return !peer.stop;
}

static void peer_main(void *arg)
{
	static char text[4097];
	struct xenstore_header h;

	(void)arg;
	for (;;) {
		while (!peer.stop && (peer.lie == DEAF || (peer.req_cons == wire()->req_prod &&
							   wire()->connection == 0)))
			(void)thread_park(NS_NEVER);
		if (peer.stop)
			return;
		if (peer.forgets_watches) {
			peer.nwatch = 0;
			peer.forgets_watches = false;
		}
		if (wire()->connection) {
			peer.restarted++;
			peer.nwatch = 0;
			peer.req_cons = peer.rsp_prod = 0;
			memset(&wire()->req_cons, 0, 16);
			wire()->connection = 0;
			fake_xen_raise(STORE_PORT);
			continue;
		}
		if (!peer_get(&h, sizeof(h)) || h.len > 4096 || !peer_get(text, h.len))
			return;
		text[h.len] = 0;
		fake_xen_raise(STORE_PORT);
		peer_handle(&h, text);
	}
}

/* --- each test begins with a machine and a store that are new -------------------------------- */

static void open_all(void)
{
	fake_xen_reset();
	fake_xen.param[XEN_PARAM_STORE_PFN] = STORE_FRAME;
	fake_xen.param[XEN_PARAM_STORE_PORT] = STORE_PORT;
	fake_xen.notified = notified;
	memset(&peer, 0, sizeof(peer));
	CHECK_EQ(thread_create(&peer.thread, "store", 0, peer_main, NULL), 0);
	if (store.payload) { /* the client lives on: as after a restart of the store's machine */
		store.distrusted = true;
		fake_xen.shared.mask[0] = 0;
		memset(wire(), 0, sizeof(*wire()));
		wire()->features = 1;
		CHECK_EQ(xenstore_write(XENSTORE_NO_TX, "here", NULL, "1"), 0);
	}
}

static void close_all(void)
{
	struct thread *t = peer.thread;

	peer.stop = true;
	thread_unpark(t);
	fake_threads_run();
	peer.thread = NULL;
}

static void test_reads_and_writes(void)
{
	char out[64];
	uint64_t v;

	open_all();
	set_text("name", "guest");
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "name", NULL, out, sizeof(out)), 5);
	CHECK_STR(out, "guest");
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "no", "thing", out, sizeof(out)), -ENOENT);
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "name", NULL, out, 5), -ERANGE);
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "name", NULL, out, 6), 5);
	CHECK_EQ(xenstore_write(XENSTORE_NO_TX, "data", "n", "%u", 42u), 0);
	CHECK_EQ(xenstore_read_uint(XENSTORE_NO_TX, "data", "n", 42, &v), 0);
	CHECK_EQ(v, 42);
	CHECK_EQ(xenstore_read_uint(XENSTORE_NO_TX, "data", "n", 41, &v), -EINVAL);
	CHECK_EQ(xenstore_write(XENSTORE_NO_TX, "closed", "n", "x"), -EACCES);
	CHECK_EQ(xenstore_write(XENSTORE_NO_TX, "data", "long", "%0200u", 1u), -E2BIG);
	CHECK_EQ(xenstore_remove(XENSTORE_NO_TX, "data", "n"), 0);
	CHECK_EQ(xenstore_remove(XENSTORE_NO_TX, "data", "n"), -ENOENT);
	memset(out, 'p', sizeof(out));
	out[63] = 0;
	CHECK_EQ(xenstore_remove(XENSTORE_NO_TX, out,
				 "0123456789012345678901234567890123456789012"
				 "345678901234567890123456789"),
		 -E2BIG);
	close_all();
}

static void test_numbers(void)
{
	static const struct {
		const char *text;
		int ret;
		uint64_t value;
	} cases[] = { { "0", 0, 0 },
		      { "18446744073709551615", 0, UINT64_MAX },
		      { "18446744073709551616", -EINVAL, 0 },
		      { "99999999999999999999999999", -EINVAL, 0 },
		      { "", -EINVAL, 0 },
		      { "-1", -EINVAL, 0 },
		      { " 1", -EINVAL, 0 },
		      { "1x", -EINVAL, 0 },
		      { "0x1", -EINVAL, 0 } };

	open_all();
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t v = 0;

		set_text("n", cases[i].text);
		CHECK_EQ(xenstore_read_uint(XENSTORE_NO_TX, "n", NULL, UINT64_MAX, &v),
			 cases[i].ret);
		CHECK_EQ(v, cases[i].value);
	}
	set_node("n", "1\0002", 3);
	CHECK_EQ(xenstore_read_uint(XENSTORE_NO_TX, "n", NULL, 99, &(uint64_t){ 0 }), -EINVAL);
	close_all();
}

static int fill(struct xenbus_device *d, xenstore_tx_t tx, void *arg)
{
	(*(int *)arg)++;
	return xenstore_write(tx, d->front, "ring-ref", "%u", 9u);
}

static void test_transactions(void)
{
	struct xenbus_device d = { .front = "device/vif/0" };
	xenstore_tx_t tx;
	int filled = 0;

	open_all();
	CHECK_EQ(xenstore_begin(&tx), 0);
	CHECK_EQ(tx, 77);
	CHECK_EQ(xenstore_commit(tx), 0);
	CHECK_EQ(xenstore_commit(78), -ENOENT);
	peer.commits_fail = 2;
	CHECK_EQ(xenbus_publish(&d, fill, &filled, XENBUS_CONNECTED), 0);
	CHECK_EQ(filled, 3);
	CHECK(peer_find("device/vif/0/state") >= 0);
	peer.commits_fail = 1000; /* somebody disturbs it for ever */
	CHECK_EQ(xenbus_publish(&d, fill, &filled, XENBUS_CONNECTED), -EAGAIN);
	close_all();
}

static unsigned changes;
static void changed(struct xenstore_watch *w)
{
	char out[64];

	(void)!xenstore_read(XENSTORE_NO_TX, w->path, NULL, out, sizeof(out));
	changes++;
}

static void test_watches(void)
{
	static struct xenstore_watch w = { .changed = changed };

	open_all();
	set_text("control/shutdown", "");
	changes = 0;
	CHECK_EQ(xenstore_watch(&w, "control/shutdown", NULL), 0);
	fake_threads_run();
	CHECK_EQ(changes, 1);
	CHECK_EQ(xenstore_write(XENSTORE_NO_TX, "control/shutdown", NULL, "poweroff"), 0);
	fake_threads_run();
	CHECK_EQ(changes, 2);
	peer_fire("control/shutdown"); /* with no request under way */
	fake_threads_run();
	CHECK_EQ(changes, 3);

	/* A store that forgot it is told again once something went wrong. */
	peer.nwatch = 0;
	peer.lie = SILENT;
	CHECK_EQ(xenstore_write(XENSTORE_NO_TX, "a", NULL, "1"), -ETIMEDOUT);
	peer.lie = HONEST;
	CHECK_EQ(xenstore_write(XENSTORE_NO_TX, "a", NULL, "1"), 0);
	CHECK_EQ(peer.nwatch, 1);
	fake_threads_run();
	CHECK_EQ(changes, 4);

	xenstore_unwatch(&w);
	peer_fire("control/shutdown");
	fake_threads_run();
	CHECK_EQ(changes, 4);
	CHECK(list_empty(&store.watches));
	close_all();
}

/* Longer than a ring, in small pieces, late: all the same. */
static void test_slow_store(void)
{
	char out[256];

	open_all();
	set_node("text", "0123456789012345678901234567890123456789", 40);
	peer.slice = 1;
	peer.delay = 9 * NS_PER_S;
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "text", NULL, out, sizeof(out)), 40);
	peer.slice = 3;
	peer.delay = 0;
	for (unsigned i = 0; i < 100; i++)
		CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "text", NULL, out, sizeof(out)), 40);
	/* Too late: an error, and what comes then is not taken for another's answer. */
	peer.delay = 11 * NS_PER_S;
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "text", NULL, out, sizeof(out)), -ETIMEDOUT);
	peer.delay = 0;
	set_text("other", "right");
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "other", NULL, out, sizeof(out)), 5);
	CHECK_STR(out, "right");
	close_all();
}

static void test_each_lie_is_an_error_and_no_more(void)
{
	static const struct {
		enum lie lie;
		int ret;
	} cases[] = { { SILENT, -ETIMEDOUT }, { DEAF, -ETIMEDOUT },         { LONG_ANSWER, -EIO },
		      { OTHER_TYPE, -EIO },   { OTHER_NUMBER, -ETIMEDOUT }, { BAD_INDEX, -EIO },
		      { STRANGE_ERROR, -EIO } };
	char out[64];

	open_all();
	set_text("a", "1");
	for (unsigned reconnects = 0; reconnects < 2; reconnects++)
		for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
			/* Without reconnection a client can only skip what is there. */
			wire()->features = reconnects;
			peer.lie = cases[i].lie;
			CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)),
				 cases[i].ret);
			peer.lie = HONEST;
			wire()->rsp_prod = peer.rsp_prod;
			thread_unpark(peer.thread);
			fake_threads_run();
			CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), 1);
		}
	CHECK(peer.restarted > 0);
	close_all();
}

static void test_a_store_that_only_talks(void)
{
	char out[64];
	ns_t start;

	open_all();
	set_text("a", "1");
	start = fake_time;
	peer.lie = CHATTERS;
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), -ETIMEDOUT);
	CHECK(fake_time - start <= 2 * XENSTORE_TIMEOUT_NS);
	peer.lie = HONEST;
	thread_sleep(fake_time + NS_PER_S);
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), 1);
	close_all();
}

/* The watches' thread, which has something to read, and requests take turns. */
static void test_a_store_that_never_comes_back(void)
{
	char out[64];
	ns_t start;

	open_all();
	peer.lie = DEAF;
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), -ETIMEDOUT);
	wire()->rsp_prod = peer.rsp_prod + 20;
	fake_xen_raise(STORE_PORT);
	fake_threads_run();
	for (unsigned i = 0; i < 5; i++) {
		start = fake_time;
		CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), -ETIMEDOUT);
		CHECK(fake_time - start <= 3 * XENSTORE_TIMEOUT_NS);
	}
	wire()->rsp_prod = peer.rsp_prod;
	peer.lie = HONEST;
	thread_unpark(peer.thread);
	thread_sleep(fake_time + XENSTORE_TIMEOUT_NS);
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), -ENOENT);
	close_all();
}

/* An error without an end, a text without one: the client's own bytes end it. */
static void test_texts_without_end(void)
{
	char out[64];

	open_all();
	set_text("a", "1");
	peer.lie = NO_NUL;
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "b", NULL, out, sizeof(out)), -ENOENT);
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), 1);
	close_all();
}

static void test_random_bits(void)
{
	static struct xenstore_watch w = { .changed = changed };
	char out[300];

	open_all();
	set_text("a", "1");
	for (unsigned i = 0; i < 3000; i++) {
		peer.lie = i % 2 ? BITS : HONEST;
		(void)!xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out));
		(void)!xenstore_write(XENSTORE_NO_TX, "b", NULL, "x");
		(void)!xenstore_list(XENSTORE_NO_TX, "c", NULL, out, sizeof(out));
		if (i % 16 == 0 && xenstore_watch(&w, "b", NULL) == 0) {
			fake_threads_run();
			xenstore_unwatch(&w);
		}
	}
	peer.lie = HONEST;
	while (xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)) != 1)
		if (fake_time > 100000000 * NS_PER_S) {
			CHECK_FAIL("never right again");
			break;
		}
	CHECK_STR(out, "1");
	close_all();
}

static void test_devices_in_order(void)
{
	struct xenbus_device d;

	open_all();
	set_text("device/vbd/51728", "");
	set_text("device/vbd/51712", "");
	set_text("device/vbd/x", "");
	set_text("device/vbd/007", "");
	set_text("device/vbd/99999999999", "");
	set_text("device/vbd/51712/backend", "/local/domain/0/backend/vbd/1/51712");
	set_text("device/vbd/51712/backend-id", "0");
	set_text("device/vbd/51728/backend", "/local/domain/3/x");
	set_text("device/vbd/51728/backend-id", "99999");
	CHECK_EQ(xenbus_open("vbd", 0, &d), 0);
	CHECK_STR(d.front, "device/vbd/51712");
	CHECK_EQ(d.peer, 0);
	CHECK_EQ(xenbus_open("vbd", 1, &d), -EINVAL);
	CHECK_EQ(xenbus_open("vbd", 2, &d), -ENODEV);
	CHECK_EQ(xenbus_open("vif", 0, &d), -ENODEV);
	close_all();
}

static void test_states_of_the_other_end(void)
{
	static struct xenbus_device d;

	open_all();
	set_text("device/vif/0", "");
	set_text("device/vif/0/backend", "back");
	set_text("device/vif/0/backend-id", "5");
	set_text("back/state", "2");
	set_text("back/feature-x", "7");
	CHECK_EQ(xenbus_open("vif", 0, &d), 0);
	CHECK_EQ(d.peer, 5);
	CHECK_EQ(xenbus_follow(&d), 0);
	CHECK_EQ(xenbus_wait(&d, 1 << XENBUS_INIT_WAIT, fake_time + NS_PER_S), 0);
	CHECK_EQ(xenbus_wait(&d, 1 << XENBUS_CONNECTED, fake_time + NS_PER_S), -ETIMEDOUT);
	set_text("back/state", "99"); /* nonsense is no state */
	peer_fire("back/state");
	set_text("back/state", "6");
	peer_fire("back/state");
	CHECK_EQ(xenbus_wait(&d, 1 << XENBUS_CONNECTED, NS_NEVER), -ENODEV);
	CHECK_EQ(xenbus_wait(&d, 1 << XENBUS_CLOSED, NS_NEVER), 0);
	CHECK_EQ(xenbus_feature(&d, "feature-x", 7, 1), 7);
	CHECK_EQ(xenbus_feature(&d, "feature-x", 6, 1), 1);
	CHECK_EQ(xenbus_feature(&d, "feature-y", 7, 3), 3);
	xenbus_forget(&d);
	close_all();
}

/* First, while the client has never been used. */
static void test_no_store(void)
{
	char out[8];

	fake_xen_reset();
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), -ENODEV);
	xen_is_guest = false;
	CHECK_EQ(xenstore_read(XENSTORE_NO_TX, "a", NULL, out, sizeof(out)), -ENODEV);
}

/* What the client keeps for good, outside of the tests, which look for leaks. */
static void start_client(void)
{
	static struct xenstore_watch w = { .changed = changed };

	open_all();
	CHECK_EQ(xenstore_watch(&w, "a", NULL), 0);
	xenstore_unwatch(&w);
	close_all();
}

int main(void)
{
	RUN(test_no_store);
	start_client();
	RUN(test_reads_and_writes);
	RUN(test_numbers);
	RUN(test_transactions);
	RUN(test_watches);
	RUN(test_slow_store);
	RUN(test_each_lie_is_an_error_and_no_more);
	RUN(test_a_store_that_only_talks);
	RUN(test_a_store_that_never_comes_back);
	RUN(test_texts_without_end);
	RUN(test_random_bits);
	RUN(test_devices_in_order);
	RUN(test_states_of_the_other_end);
	return check_done();
}
