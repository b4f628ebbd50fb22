// SPDX-License-Identifier: BSD-2-Clause
/*
 * utmpx.h - who is logged in (POSIX.1-2017, XSI): nobody is, ever.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/time.h>
#include <sys/types.h>

#define EMPTY         0
#define RUN_LVL       1
#define BOOT_TIME     2
#define NEW_TIME      3
#define OLD_TIME      4
#define INIT_PROCESS  5
#define LOGIN_PROCESS 6
#define USER_PROCESS  7
#define DEAD_PROCESS  8

struct utmpx {
	short ut_type;
	pid_t ut_pid;
	char ut_line[32];
	char ut_id[4];
	char ut_user[32];
	char ut_host[256];
	struct timeval ut_tv;
};

__BEGIN_DECLS

void setutxent(void);
void endutxent(void);
struct utmpx *getutxent(void);
struct utmpx *getutxid(const struct utmpx *__like);
struct utmpx *getutxline(const struct utmpx *__like);
struct utmpx *pututxline(const struct utmpx *__new); /* EPERM */

__END_DECLS
