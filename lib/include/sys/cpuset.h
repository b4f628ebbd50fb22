// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/cpuset.h - sets of processors, as Linux has them.
 */
#pragma once
#define _SYS_CPUSET_H_ /* newlib's <sched.h> asks for it */
#include <sys/cdefs.h>
#include <stddef.h>

#define CPU_SETSIZE 1024 /* processors */

typedef struct {
	unsigned long __bits[CPU_SETSIZE / (8 * sizeof(unsigned long))];
} cpu_set_t;

#define __CPU_LONG_BITS       (8 * sizeof(unsigned long))
#define __CPU_IN(cpu, size)   ((size_t)(cpu) < 8 * (size_t)(size))
#define __CPU_WORD(cpu, set)  ((set)->__bits[(size_t)(cpu) / __CPU_LONG_BITS])
#define __CPU_BIT(cpu)        (1UL << ((size_t)(cpu) % __CPU_LONG_BITS))
#define CPU_ZERO_S(size, set) ((void)__builtin_memset((set), 0, (size)))
#define CPU_SET_S(cpu, size, set) \
	((void)(__CPU_IN(cpu, size) ? __CPU_WORD(cpu, set) |= __CPU_BIT(cpu) : 0))
#define CPU_CLR_S(cpu, size, set) \
	((void)(__CPU_IN(cpu, size) ? __CPU_WORD(cpu, set) &= ~__CPU_BIT(cpu) : 0))
#define CPU_ISSET_S(cpu, size, set) \
	(__CPU_IN(cpu, size) && (__CPU_WORD(cpu, set) & __CPU_BIT(cpu)) != 0)
#define CPU_ZERO(set)           CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_SET(cpu, set)       CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set)       CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set)     CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_COUNT(set)          CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_COUNT_S(size, set)  __cpu_count((size), (set))
#define CPU_EQUAL(a, b)         CPU_EQUAL_S(sizeof(cpu_set_t), a, b)
#define CPU_EQUAL_S(size, a, b) (__builtin_memcmp((a), (b), (size)) == 0)
#define CPU_ALLOC_SIZE(n)       (((n) + __CPU_LONG_BITS - 1) / __CPU_LONG_BITS * sizeof(unsigned long))
/* With <stdlib.h>. */
#define CPU_ALLOC(n)  ((cpu_set_t *)calloc(1, CPU_ALLOC_SIZE(n)))
#define CPU_FREE(set) free(set)

static inline int __cpu_count(size_t __size, const cpu_set_t *__set)
{
	int __n = 0;

	for (size_t __i = 0; __i < __size / sizeof(unsigned long); __i++)
		__n += __builtin_popcountl(__set->__bits[__i]);
	return __n;
}
