// SPDX-License-Identifier: BSD-2-Clause
/*
 * proc.c - what programs look up in /proc and /etc. The formats are Linux's (proc(5)), with the
 * lines that are true here.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "drivers/clock.h"
#include "kernel/heap.h"
#include "kernel/boot_info.h"
#include "kernel/random.h"
#include "kernel/sealed.h"
#include "kernel/thread.h"
#include "lib/fs/generated.h"
#include "lib/fs/ramfs_space.h"
#include "lib/libc/args.h"
#include "lib/libc/fd.h"

#define KIB(pages) ((unsigned long)(pages) * (PAGE_SIZE / 1024))

extern char image_start[], image_text_end[], image_rodata_end[], image_end[];

static void proc_meminfo(struct text *t)
{
	struct page_stats s;
	unsigned long cached;

	page_get_stats(&s);
	cached = (unsigned long)(ramfs.used_bytes / 1024);
	text_printf(t,
		    "MemTotal:       %8lu kB\nMemFree:        %8lu kB\nMemAvailable:   %8lu kB\n"
		    "Buffers:        %8u kB\nCached:         %8lu kB\nSwapCached:     %8u kB\n"
		    "SwapTotal:      %8u kB\nSwapFree:       %8u kB\nShmem:          %8lu kB\n",
		    KIB(s.total_pages), KIB(s.free_pages), KIB(s.free_pages), 0, cached, 0, 0, 0,
		    cached);
}

static void proc_cpuinfo(struct text *t)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	for (long i = 0; i < n; i++)
		text_printf(t, "processor\t: %ld\n\n", i);
}

/* Seconds with two digits behind the point. */
static void print_seconds(struct text *t, ns_t ns, const char *end)
{
	text_printf(t, "%lld.%02lld%s", ns / NS_PER_S, ns % NS_PER_S / 10000000, end);
}

/* What the time since the start went to. All that is busy is the user's; until somebody first asks
 * for processor time nobody counts, and everything is. */
struct spent {
	ns_t user, idle, steal;
};

static struct spent spent_time(void)
{
	struct spent s = { .user = thread_cpu_time(NULL) };

	s.steal = clock_stolen();
	s.idle = MAX(time_now() - s.user - s.steal, (ns_t)0);
	return s;
}

static void proc_uptime(struct text *t)
{
	print_seconds(t, time_now(), " ");
	print_seconds(t, spent_time().idle, "\n");
}

static long long ticks(ns_t ns)
{
	return ns / (NS_PER_S / CLOCKS_PER_SEC);
}

/* Of one CPU. Columns: user, nice, system, idle, waiting for disks, interrupts (2), stolen, guests
 * (2). */
static void proc_stat(struct text *t)
{
	struct spent s = spent_time();

	for (int i = 0; i < 2; i++)
		text_printf(t, "cpu%s %lld 0 0 %lld 0 0 0 %lld 0 0\n", i ? "0" : " ", ticks(s.user),
			    ticks(s.idle), ticks(s.steal));
	text_printf(t, "btime %lld\nprocesses 1\n", (time_wall() - time_now()) / NS_PER_S);
}

/* No load is measured. */
static void proc_loadavg(struct text *t)
{
	text_printf(t, "0.00 0.00 0.00 1/1 %d\n", getpid());
}

static unsigned long resident_kib(void)
{
	struct page_stats s;

	page_get_stats(&s);
	return KIB(s.total_pages - s.free_pages);
}

static void proc_self_status(struct text *t)
{
	text_printf(t,
		    "Name:\tprogram\nState:\tR (running)\nTgid:\t%d\nPid:\t%d\nPPid:\t%d\n"
		    "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t%d\n"
		    "VmSize:\t%8lu kB\nVmRSS:\t%8lu kB\n",
		    getpid(), getpid(), getppid(), FD_MAX, resident_kib(), resident_kib());
}

/* The fields that mean nothing here are 0. */
static void proc_self_stat(struct text *t)
{
	text_printf(t, "%d (program) R %d 0 0 0 0 0 0 0 0 0 0 0 0 0 20 0 1 0 0 %lu %lu", getpid(),
		    getppid(), resident_kib() * 1024, resident_kib() / KIB(1));
	for (int i = 0; i < 28; i++)
		text_printf(t, " 0");
	text_printf(t, "\n");
}

static void print_range(struct text *t, const char *start, const char *end, const char *rights)
{
	text_printf(t, "%lx-%lx %s 00000000 00:00 0          /program\n", (unsigned long)start,
		    (unsigned long)end, rights);
}

/* The image only; it is not said where threads and mappings are. */
static void proc_self_maps(struct text *t)
{
	print_range(t, image_start, image_text_end, "r-xp");
	print_range(t, image_text_end, image_rodata_end, "r--p");
	print_range(t, image_rodata_end, image_end, "rw-p");
}

static void proc_self_cmdline(struct text *t)
{
	struct args args;

	if (args_parse(&args, boot_cmdline()))
		return;
	for (int i = 0; i < args.argc; i++)
		text_bytes(t, args.argv[i], strlen(args.argv[i]) + 1);
	kfree(args.argv);
}

static void proc_self_limits(struct text *t)
{
	text_printf(t,
		    "Limit                     Soft Limit           Hard Limit           Units\n"
		    "Max open files            %-20u %-20d files\n",
		    fd_limit(), FD_MAX);
}

static void proc_somaxconn(struct text *t)
{
	text_printf(t, "%d\n", SOMAXCONN);
}

static void proc_ostype(struct text *t)
{
	struct utsname name;

	uname(&name);
	text_printf(t, "%s\n", name.sysname);
}

static void proc_osrelease(struct text *t)
{
	struct utsname name;

	uname(&name);
	text_printf(t, "%s\n", name.release);
}

/* Version 4 of RFC 9562: random, but for six bits. */
static void proc_uuid(struct text *t)
{
	uint8_t r[16];

	random_bytes(r, sizeof(r));
	r[6] = (r[6] & 0x0f) | 0x40;
	r[8] = (r[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++)
		text_printf(t, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", r[i]);
	text_printf(t, "\n");
}

static void proc_mounts(struct text *t)
{
	text_printf(t, "rootfs / tmpfs %s 0 0\n", ramfs_limit() ? "rw" : "ro");
}

bool (*SEALED proc_name_servers)(struct text *t);

static void etc_resolv_conf(struct text *t)
{
	char server[64];

	if (proc_name_servers && proc_name_servers(t))
		return;
	if (boot_option("unik.dns", server, sizeof(server)))
		text_printf(t, "nameserver %s\n", server);
}

static void etc_hosts(struct text *t)
{
	char name[65];

	text_printf(t, "127.0.0.1\tlocalhost\n::1\tlocalhost\n");
	if (gethostname(name, sizeof(name)) == 0)
		text_printf(t, "127.0.1.1\t%s\n", name);
}

static void etc_hostname(struct text *t)
{
	char name[65];

	if (gethostname(name, sizeof(name)) == 0)
		text_printf(t, "%s\n", name);
}

/* A time zone file without transitions: RFC 9636, version 2. Its footer is the rule, which is
 * TZ's; without one, UTC. */
static void etc_localtime(struct text *t)
{
	static const char header[44] = "TZif2";
	static const char counts[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4";
	static const char utc[] = "\0\0\0\0\0\0UTC"; /* offset, not in summer, its name */
	const char *zone = getenv("TZ");

	for (int version = 1; version <= 2; version++) {
		text_bytes(t, header, 20);
		text_bytes(t, counts, 24);
		text_bytes(t, utc, sizeof(utc));
	}
	text_printf(t, "\n%s\n", zone && zone[0] != ':' && zone[0] ? zone : "UTC0");
}

/* Rows without anything are directories of descriptors. */
const struct generated generated_table[] = {
	{ .path = "/proc/meminfo", .make = proc_meminfo },
	{ .path = "/proc/cpuinfo", .make = proc_cpuinfo },
	{ .path = "/proc/uptime", .make = proc_uptime },
	{ .path = "/proc/stat", .make = proc_stat },
	{ .path = "/proc/loadavg", .make = proc_loadavg },
	{ .path = "/proc/mounts", .make = proc_mounts },
	{ .path = "/proc/self/status", .make = proc_self_status },
	{ .path = "/proc/self/stat", .make = proc_self_stat },
	{ .path = "/proc/self/maps", .make = proc_self_maps },
	{ .path = "/proc/self/cmdline", .make = proc_self_cmdline },
	{ .path = "/proc/self/limits", .make = proc_self_limits },
	{ .path = "/proc/self/exe", .target = "/program" },
	{ .path = "/proc/self/fd" },
	{ .path = "/proc/1", .target = "self" },
	{ .path = "/proc/sys/net/core/somaxconn", .make = proc_somaxconn },
	{ .path = "/proc/sys/kernel/ostype", .make = proc_ostype },
	{ .path = "/proc/sys/kernel/osrelease", .make = proc_osrelease },
	{ .path = "/proc/sys/kernel/random/uuid", .make = proc_uuid },
	{ .path = "/proc/sys/vm/overcommit_memory", .text = "1\n" },
	{ .path = "/dev/fd", .target = "/proc/self/fd" },
	{ .path = "/dev/stdin", .target = "/proc/self/fd/0" },
	{ .path = "/dev/stdout", .target = "/proc/self/fd/1" },
	{ .path = "/dev/stderr", .target = "/proc/self/fd/2" },
	{ .path = "/etc/passwd", .text = "root:x:0:0:root:/:/bin/sh\n" },
	{ .path = "/etc/group", .text = "root:x:0:\n" },
	{ .path = "/etc/hosts", .make = etc_hosts },
	{ .path = "/etc/hostname", .make = etc_hostname },
	{ .path = "/etc/resolv.conf", .make = etc_resolv_conf },
	{ .path = "/etc/localtime", .make = etc_localtime },
};
const size_t generated_table_len = ARRAY_SIZE(generated_table);
