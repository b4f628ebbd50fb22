// SPDX-License-Identifier: BSD-2-Clause
/*
 * xenstore.c - one request at a time, its answer, and what the store says by itself meanwhile.
 *
 * store.lock is over everything here; who holds it reads the ring. Watches are called with only
 * store.calling held, so that they may use the store.
 */
#include "drivers/xen/xenstore.h"
#include <errno.h>
#include <string.h>
#include "drivers/xen/event_channel.h"
#include "drivers/xen/xenstore_ring.h"
#include "kernel/heap.h"
#include "kernel/log.h"
#include "kernel/mutex.h"
#include "lib/base/fmt.h"

#define TEXT_BYTES 128 /* of what xenstore_write() formats */

static struct {
	struct mutex lock, calling;
	struct wait_queue wait; /* the store has done something */
	struct xen_event event;
	bool ready, distrusted; /* distrusted: begin anew before the next request */
	uint32_t request;       /* number of the last one */
	struct list watches;
	unsigned tokens;
	bool any_pending;      /* some watch is; atomic */
	struct thread *caller; /* of watches; NULL until there is one */
	char *payload;         /* the last message's; XENSTORE_PAYLOAD + 1 bytes */
} store = {
	.lock = MUTEX_INIT(store.lock),
	.calling = MUTEX_INIT(store.calling),
	.wait = WAIT_QUEUE_INIT(store.wait),
	.watches = LIST_INIT(store.watches),
};

static int error_of_text(const char *text)
{
	static const struct {
		char text[8];
		int8_t error;
	} errors[] = { { "ENOENT", ENOENT }, { "EACCES", EACCES }, { "EAGAIN", EAGAIN },
		       { "EEXIST", EEXIST }, { "EINVAL", EINVAL }, { "ENOSPC", ENOSPC },
		       { "ENOMEM", ENOMEM }, { "EBUSY", EBUSY },   { "E2BIG", E2BIG } };

	for (unsigned i = 0; i < ARRAY_SIZE(errors); i++)
		if (strcmp(text, errors[i].text) == 0)
			return -errors[i].error;
	return -EIO;
}

/* --- bytes and messages, under the lock -------------------------------------------------- */

/* All of `len` bytes, to the store (it only reads them) or from it. The store waits for room as we
 * for bytes, so it is told when there is some. */
static int move_all(bool out, void *bytes, size_t len, ns_t deadline)
{
	char *p = bytes;

	for (size_t n; len > 0; p += n, len -= n) {
		n = out ? xenstore_ring_write(p, len) : xenstore_ring_read(p, len);
		if (n > 0)
			xen_event_notify(xenstore_ring_port());
		else if (!xenstore_ring_sane())
			return -EIO;
		else if (wait_event_until(&store.wait,
					  (out ? xenstore_ring_room() : xenstore_ring_waiting()) ||
						  !xenstore_ring_sane(),
					  deadline))
			return -ETIMEDOUT;
	}
	return 0;
}

/* A path, NUL, the token that we gave with it, NUL. Tokens of watches that have gone may come. */
static void note_watch_event(size_t len)
{
	size_t at = strlen(store.payload) + 1;

	if (at >= len)
		return;
	list_for_each (it, &store.watches) {
		struct xenstore_watch *w = list_entry(it, struct xenstore_watch, node);

		if (strcmp(w->token, store.payload + at) == 0) {
			w->pending = true;
			WRITE_ONCE(store.any_pending, true);
		}
	}
	if (store.any_pending && store.caller)
		thread_unpark(store.caller);
}

/* The next message, into store.payload with a NUL behind it; watch events are noted here. */
static int read_message(struct xenstore_header *h, ns_t deadline)
{
	int ret = move_all(false, h, sizeof(*h), deadline);

	if (ret)
		return ret;
	if (h->len > XENSTORE_PAYLOAD)
		return -EIO;
	ret = move_all(false, store.payload, h->len, deadline);
	if (ret)
		return ret;
	store.payload[h->len] = 0;
	if (h->type == XS_WATCH_EVENT)
		note_watch_event(h->len);
	return 0;
}

static int write_message(struct xenstore_header *h, void *payload, ns_t deadline)
{
	int ret;

	xenstore_ring_in_message = true;
	ret = move_all(true, h, sizeof(*h), deadline);
	if (!ret)
		ret = move_all(true, payload, h->len, deadline);
	if (!ret)
		xenstore_ring_in_message = false;
	return ret;
}

/* What answers other requests came too late for its own. A store that has always something else to
 * say does not hold us up. */
static int read_answer(const struct xenstore_header *request, ns_t deadline)
{
	struct xenstore_header h;
	int ret;

	for (;;) {
		ret = read_message(&h, deadline);
		if (ret)
			return ret;
		if (h.type != XS_WATCH_EVENT && h.request == request->request)
			break;
		if (time_now() >= deadline)
			return -ETIMEDOUT;
	}
	if (h.type == XS_ERROR)
		return error_of_text(store.payload);
	return h.type == request->type ? (int)h.len : -EBADMSG;
}

/* Returns the length of the answer in store.payload, or -errno. */
static int exchange(uint32_t type, xenstore_tx_t tx, void *payload, size_t len)
{
	struct xenstore_header h = {
		.type = type, .request = ++store.request, .tx = tx, .len = (uint32_t)len
	};
	ns_t deadline = time_deadline(XENSTORE_TIMEOUT_NS);
	int ret = write_message(&h, payload, deadline);

	if (!ret)
		ret = read_answer(&h, deadline);
	if (ret == -ETIMEDOUT || ret == -EIO || ret == -EBADMSG) {
		store.distrusted = true;
		log_warn("xenstore: request %u: %s", type,
			 ret == -ETIMEDOUT ? "no answer" : "an answer that cannot be");
		ret = ret == -ETIMEDOUT ? ret : -EIO;
	}
	return ret;
}

static int send_watch(uint32_t type, const struct xenstore_watch *w)
{
	char payload[XENSTORE_PATH_BYTES + sizeof(w->token)];
	size_t path = strlen(w->path) + 1, token = strlen(w->token) + 1;
	int ret;

	memcpy(payload, w->path, path);
	memcpy(payload + path, w->token, token);
	ret = exchange(type, XENSTORE_NO_TX, payload, path + token);
	return ret > 0 ? 0 : ret;
}

/* After an answer that was wrong or did not come: from an empty ring on, with watches that the
 * store may have forgotten. It calls each at once, so nothing is missed. */
static int begin_anew(void)
{
	int ret;

	xenstore_ring_restart();
	if (wait_event_until(&store.wait, xenstore_ring_is_restarted(),
			     time_deadline(XENSTORE_TIMEOUT_NS)))
		return -ETIMEDOUT;
	xenstore_ring_in_message = false;
	store.distrusted = false;
	list_for_each (it, &store.watches) {
		ret = send_watch(XS_WATCH, list_entry(it, struct xenstore_watch, node));
		if (ret && ret != -EEXIST)
			return ret;
	}
	return 0;
}

static void on_event(void *arg UNIK_UNUSED)
{
	wait_queue_wake_all(&store.wait);
}

static int start(void)
{
	int ret = xenstore_ring_open();

	if (ret)
		return ret;
	if (!store.payload)
		store.payload = kalloc(XENSTORE_PAYLOAD + 1);
	if (!store.payload)
		return -ENOMEM;
	store.event.handle = on_event;
	ret = xen_event_connect(&store.event, xenstore_ring_port());
	store.ready = !ret;
	return ret;
}

/* Take the lock, with the store in a state to be asked; without it on an error. */
static int store_lock(void)
{
	int ret = 0;

	mutex_lock(&store.lock);
	if (!store.ready)
		ret = start();
	else if (store.distrusted)
		ret = begin_anew();
	if (ret)
		mutex_unlock(&store.lock);
	return ret;
}

/* --- requests ---------------------------------------------------------------------------- */

/* dir/name or dir, with a NUL. Returns the length with it, or -E2BIG. */
static int join(char *out, const char *dir, const char *name)
{
	size_t len = fmt_snprintf(out, XENSTORE_PATH_BYTES, name ? "%s/%s" : "%s", dir, name);

	return len < XENSTORE_PATH_BYTES ? (int)len + 1 : -E2BIG;
}

/* A request about a path whose answer goes to out[0..size), NUL-terminated when `text`. */
static int ask_path(uint32_t type, xenstore_tx_t tx, const char *dir, const char *name, char *out,
		    size_t size)
{
	char path[XENSTORE_PATH_BYTES];
	int len = join(path, dir, name), ret;

	if (len < 0)
		return len;
	ret = store_lock();
	if (ret)
		return ret;
	ret = exchange(type, tx, path, (size_t)len);
	if (ret >= 0 && out && (size_t)ret >= size)
		ret = -ERANGE;
	else if (ret >= 0 && out)
		memcpy(out, store.payload, (size_t)ret + 1);
	mutex_unlock(&store.lock);
	return ret;
}

int xenstore_read(xenstore_tx_t tx, const char *dir, const char *name, char *out, size_t size)
{
	return ask_path(XS_READ, tx, dir, name, out, size);
}

int xenstore_list(xenstore_tx_t tx, const char *dir, const char *name, char *out, size_t size)
{
	return ask_path(XS_DIRECTORY, tx, dir, name, out, size);
}

int xenstore_remove(xenstore_tx_t tx, const char *dir, const char *name)
{
	int ret = ask_path(XS_RM, tx, dir, name, NULL, 0);

	return ret > 0 ? 0 : ret;
}

static int parse_uint(const char *text, int len, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (len == 0)
		return -EINVAL;
	for (int i = 0; i < len; i++) {
		unsigned digit = (unsigned)(text[i] - '0');

		if (digit > 9 || v > (max - MIN(max, digit)) / 10 || v * 10 + digit > max)
			return -EINVAL;
		v = v * 10 + digit;
	}
	*out = v;
	return 0;
}

int xenstore_read_uint(xenstore_tx_t tx, const char *dir, const char *name, uint64_t max,
		       uint64_t *out)
{
	char text[24];
	int len = xenstore_read(tx, dir, name, text, sizeof(text));

	if (len == -ERANGE)
		return -EINVAL;
	return len < 0 ? len : parse_uint(text, len, max, out);
}

int xenstore_write(xenstore_tx_t tx, const char *dir, const char *name, const char *format, ...)
{
	char payload[XENSTORE_PATH_BYTES + TEXT_BYTES];
	int path = join(payload, dir, name), ret;
	size_t len;
	va_list ap;

	if (path < 0)
		return path;
	va_start(ap, format);
	len = fmt_vsnprintf(payload + path, TEXT_BYTES, format, ap);
	va_end(ap);
	if (len >= TEXT_BYTES)
		return -E2BIG;
	ret = store_lock();
	if (ret)
		return ret;
	ret = exchange(XS_WRITE, tx, payload, (size_t)path + len);
	mutex_unlock(&store.lock);
	return ret > 0 ? 0 : ret;
}

/* --- transactions ------------------------------------------------------------------------ */

int xenstore_begin(xenstore_tx_t *tx)
{
	char nothing = 0;
	uint64_t id;
	int ret = store_lock();

	if (ret)
		return ret;
	ret = exchange(XS_TRANSACTION_START, XENSTORE_NO_TX, &nothing, 1);
	if (ret >= 0) {
		ret = parse_uint(store.payload, (int)strlen(store.payload), UINT32_MAX, &id);
		ret = ret || id == XENSTORE_NO_TX ? -EIO : 0;
	}
	mutex_unlock(&store.lock);
	if (!ret)
		*tx = (xenstore_tx_t)id;
	return ret;
}

static int end(xenstore_tx_t tx, bool commit)
{
	char how[] = { commit ? 'T' : 'F', 0 };
	int ret = store_lock();

	if (ret)
		return ret;
	ret = exchange(XS_TRANSACTION_END, tx, how, sizeof(how));
	mutex_unlock(&store.lock);
	return ret > 0 ? 0 : ret;
}

int xenstore_commit(xenstore_tx_t tx)
{
	return end(tx, true);
}

void xenstore_abort(xenstore_tx_t tx)
{
	(void)end(tx, false);
}

/* --- watches ----------------------------------------------------------------------------- */

static struct xenstore_watch *take_pending(void)
{
	struct xenstore_watch *found = NULL;

	mutex_lock(&store.lock);
	WRITE_ONCE(store.any_pending, false);
	list_for_each (it, &store.watches) {
		struct xenstore_watch *w = list_entry(it, struct xenstore_watch, node);

		if (!w->pending)
			continue;
		if (!found) {
			found = w;
			w->pending = false;
		} else {
			WRITE_ONCE(store.any_pending, true);
		}
	}
	mutex_unlock(&store.lock);
	return found;
}

/* With nobody's request under way, all that comes is news. -errno: there will be none for now. */
static int read_news(void)
{
	ns_t deadline = time_deadline(XENSTORE_TIMEOUT_NS);
	struct xenstore_header h;
	int ret = store_lock();

	if (ret)
		return ret;
	while (xenstore_ring_waiting() > 0 && !ret && time_now() < deadline)
		ret = read_message(&h, deadline);
	if (ret || !xenstore_ring_sane())
		store.distrusted = true;
	mutex_unlock(&store.lock);
	return ret;
}

static void call_watches(void)
{
	struct xenstore_watch *w;

	mutex_lock(&store.calling);
	w = take_pending();
	if (w)
		w->changed(w);
	mutex_unlock(&store.calling);
}

static UNIK_NORETURN void caller_main(void *arg UNIK_UNUSED)
{
	for (;;) {
		wait_event(&store.wait,
			   READ_ONCE(store.any_pending) || xenstore_ring_waiting() > 0);
		if (read_news()) /* others have the lock meanwhile */
			thread_sleep(time_deadline(NS_PER_S));
		while (READ_ONCE(store.any_pending))
			call_watches();
	}
}

int xenstore_watch(struct xenstore_watch *w, const char *dir, const char *name)
{
	int ret = join(w->path, dir, name);

	if (ret < 0)
		return ret;
	ret = store_lock();
	if (ret)
		return ret;
	if (!store.caller)
		ret = thread_create(&store.caller, "xenstore", 0, caller_main, NULL);
	if (!ret) {
		fmt_snprintf(w->token, sizeof(w->token), "%u", ++store.tokens);
		w->pending = false;
		list_push_back(&store.watches, &w->node);
		ret = send_watch(XS_WATCH, w);
		if (ret)
			list_remove(&w->node);
	}
	mutex_unlock(&store.lock);
	return ret;
}

/* Whatever the store says: without its entry the watch is not called any more. */
void xenstore_unwatch(struct xenstore_watch *w)
{
	mutex_lock(&store.calling);
	mutex_lock(&store.lock);
	list_remove(&w->node);
	if (!store.distrusted)
		(void)send_watch(XS_UNWATCH, w);
	mutex_unlock(&store.lock);
	mutex_unlock(&store.calling);
}
