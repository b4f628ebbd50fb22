// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/host.h - the boundary between the library and the process that it runs in.
 *
 * Two halves are linked into one executable, or loaded into one process. The image is the program
 * with libunik and newlib; all of its symbols but host_image are local. The Linux side
 * (arch/host/linux) is compiled against the host's C library. Neither calls the other but through
 * the two tables here, so the Linux side can be replaced, by one that invents the time, the
 * network and the failures for instance, and a process can hold several images.
 *
 * Threading: an image has one CPU. All operations are called with its interrupts off; they may
 * switch to another stack and come back. host_image's functions may be called from a signal
 * handler, start() excepted. An operation of the host may also raise events itself.
 *
 * Errors: negative numbers; what they mean is said here.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_NETS       8
#define HOST_DISKS      8
#define HOST_MODULES    16
#define HOST_SEED_BYTES 32
#define HOST_NEVER      INT64_MAX

/* Interrupt lines; raise() takes a set of them. */
#define HOST_LINE_TIMER   0
#define HOST_LINE_CONSOLE 1 /* something has been typed, after a read that found nothing */
#define HOST_LINE_STOP    2 /* somebody wants the machine to end */
#define HOST_LINE_NET     3 /* and the HOST_NETS that follow: a frame has come */
#define HOST_EVENT(line)  (1u << (line))
#define HOST_LINES        (HOST_LINE_NET + HOST_NETS)

/* Rights of a page, for map(). */
#define HOST_MAP_READ  (1u << 0)
#define HOST_MAP_WRITE (1u << 1)
#define HOST_MAP_EXEC  (1u << 2)

/* What may be made to fail, for fails(). */
enum host_fault_point { HOST_FAULT_PAGE, HOST_FAULT_HEAP };

struct host_piece {
	const void *data;
	size_t len; /* bytes */
};

struct host_net_info {
	uint8_t mac[6];
	uint16_t mtu; /* bytes of IP in a frame */
};

struct host_disk_info {
	uint64_t nsectors; /* of 512 bytes */
	bool read_only;
};

struct host_ops {
	/* clock() - monotonic nanoseconds; the cycle counter. wall() - since 1970, UTC. */
	uint64_t (*clock)(void *host);
	int64_t (*wall)(void *host);
	/* timer() - raise HOST_EVENT(HOST_LINE_TIMER) once when clock() has reached `deadline`;
	 * HOST_NEVER: not at all. Replaces what was set. */
	void (*timer)(void *host, int64_t deadline);
	/* wait() - until an event has been raised; comes back at once when one is pending. */
	void (*wait)(void *host);

	/* listen() - somebody listens to a line now, or nobody does; before that nobody does, and
	 * its events are not looked at. */
	void (*listen)(void *host, unsigned line, bool listens);

	/* thread_pointer() - thread-local variables of the image are below here from now on. */
	void (*thread_pointer)(void *host, void *tcb);

	/* map() - `len` bytes of RAM from `pa` on are seen at `va`, with these rights; 0: nothing
	 * is. Whole pages. 0; -1: the address is the host's own, or it has no memory. */
	int (*map)(void *host, uintptr_t va, uint64_t pa, size_t len, unsigned rights);

	/* console_read() - what has been typed; 0 for nothing yet. */
	void (*console_write)(void *host, const char *text, size_t len);
	size_t (*console_read)(void *host, char *out, size_t len);

	/* exit() - the end, with a status of 0..255. reset() - start again. */
	__attribute__((noreturn)) void (*exit)(void *host, int status);
	__attribute__((noreturn)) void (*reset)(void *host);

	/* entropy() - random bytes; returns how many of out[0..len) were filled. */
	size_t (*entropy)(void *host, void *out, size_t len);

	/* net_open() - the n-th wire; false: there is none. From then on frames raise its event.
	 * net_send() - a frame. 0; -1 no room now; -2 the wire is gone.
	 * net_receive() - the next frame, cut at len. Its length; 0 there is none; -2 gone. */
	bool (*net_open)(void *host, unsigned n, struct host_net_info *out);
	int (*net_send)(void *host, unsigned n, const struct host_piece *piece, unsigned npiece);
	long (*net_receive)(void *host, unsigned n, void *out, size_t len);

	/* disk_open() - the n-th disk; false: there is none. disk_transfer() - bytes at an offset;
	 * disk_flush() - on the medium. 0; -1: the disk said no. They wait. */
	bool (*disk_open)(void *host, unsigned n, struct host_disk_info *out);
	int (*disk_transfer)(void *host, unsigned n, bool write, uint64_t offset, void *data,
			     size_t len);
	int (*disk_flush)(void *host, unsigned n);

	/* fails() - is this allocation of `bytes` to fail? NULL: none ever does. */
	bool (*fails)(void *host, enum host_fault_point point, size_t bytes);
};

/* The machine that an image is started on. RAM is mapped at `ram` already, from physical address
 * 0 on; all the rest of the addresses is for map() and empty. */
struct host_machine {
	const struct host_ops *ops;
	void *host; /* the first argument of all operations */
	char *ram;
	uint64_t ram_bytes;   /* whole pages, modules included */
	uintptr_t area_base;  /* 1 TiB for the mapped area (kernel/area.h) */
	uintptr_t place_base; /* 3 TiB and more: where mmap() without a wish begins */
	const char *command_line;
	unsigned nmodule;
	struct {
		uint64_t start, end;      /* in RAM, bytes */
		const char *command_line; /* NULL for none */
	} module[HOST_MODULES];
	const void *tls_template; /* the executable's TLS segment: the beginning, */
	size_t tls_template_bytes, tls_bytes, tls_align; /* the rest is zero */
	uint8_t seed[HOST_SEED_BYTES];
	size_t seed_bytes;
};

enum host_answer {
	HOST_GO,     /* return from the signal: the image goes on, perhaps elsewhere */
	HOST_LATER,  /* not here; when interrupts are on again the image sees to it itself */
	HOST_SOON,   /* not here, and nobody will see to it: try again in a moment */
	HOST_NOT_US, /* the registers are not the image's: the host's own fault */
};

/* Numbers of general registers are those of the host's signal frames (its <sys/ucontext.h>). */
struct host_image {
	/* start() - boot; on the caller's stack, which is left for good. */
	__attribute__((noreturn)) void (*start)(const struct host_machine *m);
	/* raise() - events have happened. They are taken when the image next allows it, or by
	 * interrupt(). */
	void (*raise)(uint32_t events);
	/* interrupt() - where a signal has stopped the image: take pending events now if it may be
	 * interrupted, by changing the registers that the signal returns to. */
	enum host_answer (*interrupt)(long long *registers);
	/* fault() - an exception of the CPU; as above. */
	enum host_answer (*fault)(long long *registers);
	/* Its variables, as start() wants to find them: who puts back what was there before the
	 * first start() can start it again. */
	struct host_variables {
		char *start, *end;
	} data, zero;
};

extern const struct host_image host_image;
