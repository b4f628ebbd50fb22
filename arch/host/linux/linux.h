// SPDX-License-Identifier: BSD-2-Clause
/*
 * linux.h - the Linux side of one image: a process of its own, with real time and real devices.
 *
 * Compiled against the host's C library. The operations of <asm/host.h> are spread over the files
 * here; what they share is in struct linux_host. One thread; what signal handlers use is written
 * before the handlers are installed.
 */
#pragma once
#include <asm/host.h>
#include <signal.h>

#define STATUS_FAILED 125 /* the machine could not be started; as tools/unik has it */

struct linux_host {
	const struct host_image *image;
	struct host_machine machine;
	int ram_fd;
	const char *net[HOST_NETS];   /* what the command line says, in order */
	const char *disk[HOST_DISKS]; /* paths */
	const char *module[HOST_MODULES];
	unsigned nnet, ndisk, nmodule;
	char **argv; /* to start again */
};

extern struct linux_host linux_host;

/* fail() - say why the machine cannot be started, and end. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/* options_parse() - the command line: words that begin with "host." are for this side, the others
 * become the image's command line. */
void options_parse(struct linux_host *h, int argc, char **argv);

/* memory_start() - RAM, the modules in it, and places for what will be mapped. */
void memory_start(struct linux_host *h);
void memory_thread_pointer(void *host, void *tcb);
int memory_map(void *host, uintptr_t va, uint64_t pa, size_t len, unsigned rights);

/* time_start() - the timer. time_retry() - an interrupt could not be taken: once more, soon; then
 * time_again(). */
void time_start(void);
void time_retry(void);
void time_again(void);
int64_t time_left(void); /* until the timer is due, or HOST_NEVER [ns] */
uint64_t time_clock(void *host);
int64_t time_wall(void *host);
void time_set(void *host, int64_t deadline);

/* signals_start() - the image may be interrupted from here on. */
void signals_start(void);
void signals_wait(void *host);
void signals_listen(void *host, unsigned line, bool listens);

/* terminal_start() - keys one by one, if there is a terminal; undone at the end. */
void terminal_start(void);
void terminal_restore(void);
int terminal_fd(void); /* to be waited for, -1: nobody types */
void terminal_write(void *host, const char *text, size_t len);
size_t terminal_read(void *host, char *out, size_t len);

/* terminal_listen() - from the next read that finds nothing on, look for input. */
void terminal_listen(bool listens);
void terminal_told(void); /* the image knows of what has come */

int net_fd(unsigned n); /* of an open wire, -1: none */
bool net_open(void *host, unsigned n, struct host_net_info *out);
int net_send(void *host, unsigned n, const struct host_piece *piece, unsigned npiece);
long net_receive(void *host, unsigned n, void *out, size_t len);

bool disk_open(void *host, unsigned n, struct host_disk_info *out);
int disk_transfer(void *host, unsigned n, bool write, uint64_t offset, void *data, size_t len);
int disk_flush(void *host, unsigned n);
