// SPDX-License-Identifier: BSD-2-Clause
/*
 * shared.c - the counters of a process of ARCH=host lie in a file from the start: EXECUTABLE.counts
 *
 * All runs of the executable and their forks add to the same file, and it does not matter how they
 * end. Two that add at the same moment may lose one; no counter goes back to 0.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Whole pages; from the linker. */
extern char __start_gcov_counters[], __stop_gcov_counters[];

static __attribute__((constructor)) void share_counters(void)
{
	size_t len = (size_t)(__stop_gcov_counters - __start_gcov_counters);
	char path[PATH_MAX + sizeof(".counts")];
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
	int fd;

	if (n < 0)
		abort();
	strcpy(path + n, ".counts");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || ftruncate(fd, (off_t)len) ||
	    mmap(__start_gcov_counters, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 0) != __start_gcov_counters) {
		perror(path);
		abort();
	}
	close(fd);
}

/* What libgcov's own way would call; gcc's structures name it. */
void __gcov_merge_add(void);
void __gcov_merge_add(void)
{
}
