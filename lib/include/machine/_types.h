// SPDX-License-Identifier: BSD-2-Clause
/*
 * machine/_types.h - widths of the file, user and socket types on 64-bit machines.
 *
 * newlib's defaults date from 16-bit file systems. Part of the ABI: struct stat is made of these.
 */
#pragma once
#include <machine/_default_types.h>

typedef __uint64_t __dev_t;
#define __machine_dev_t_defined
typedef __uint64_t __ino_t;
#define __machine_ino_t_defined
typedef __uint32_t __nlink_t;
#define __machine_nlink_t_defined
typedef __uint32_t __uid_t;
#define __machine_uid_t_defined
typedef __uint32_t __gid_t;
#define __machine_gid_t_defined
typedef __uint64_t __fsfilcnt_t;
#define __machine_fsfilcnt_t_defined
typedef __uint16_t __sa_family_t;
#define __machine_sa_family_t_defined
