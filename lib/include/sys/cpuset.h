// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/cpuset.h - sets of processors (as in glibc's <sched.h>, which includes this).
 */
#pragma once
#define _SYS_CPUSET_H_
#include <string.h>

#define CPU_SETSIZE 1024

typedef struct {
	unsigned long __bits[CPU_SETSIZE / (8 * sizeof(unsigned long))];
} cpu_set_t;

#define __CPU_WORD(cpu) ((unsigned long)(cpu) / (8 * sizeof(unsigned long)))
#define __CPU_BIT(cpu)  (1UL << ((unsigned long)(cpu) % (8 * sizeof(unsigned long))))

#define CPU_ALLOC_SIZE(n) ((((n) + 63UL) / 64) * 8)
#define CPU_ALLOC(n)      ((cpu_set_t *)calloc(1, CPU_ALLOC_SIZE(n)))
#define CPU_FREE(set)     free(set)

#define CPU_ZERO_S(size, set) memset(set, 0, size)
#define CPU_SET_S(cpu, size, set) \
	((unsigned long)(cpu) < 8UL * (size) ? (set)->__bits[__CPU_WORD(cpu)] |= __CPU_BIT(cpu) : 0)
#define CPU_CLR_S(cpu, size, set)                                                                \
	((unsigned long)(cpu) < 8UL * (size) ? (set)->__bits[__CPU_WORD(cpu)] &= ~__CPU_BIT(cpu) \
					     : 0)
#define CPU_ISSET_S(cpu, size, set)             \
	((unsigned long)(cpu) < 8UL * (size) && \
	 ((set)->__bits[__CPU_WORD(cpu)] & __CPU_BIT(cpu)) != 0)
#define CPU_COUNT_S(size, set)  __unik_cpu_count(size, set)
#define CPU_EQUAL_S(size, a, b) (memcmp(a, b, size) == 0)

#define CPU_ZERO(set)       CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_SET(cpu, set)   CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set)   CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_COUNT(set)      CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(a, b)     CPU_EQUAL_S(sizeof(cpu_set_t), a, b)

static inline int __unik_cpu_count(size_t __size, const cpu_set_t *__set)
{
	int __n = 0;

	for (size_t __i = 0; __i < __size / sizeof(unsigned long); __i++)
		__n += __builtin_popcountl(__set->__bits[__i]);
	return __n;
}
