// SPDX-License-Identifier: BSD-2-Clause
/* What is declared so that programs compile and is not there says so, each call with its errno. */
// boards: no, the test is about the library alone
#define _GNU_SOURCE
#include <crypt.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <mntent.h>
#include <nl_types.h>
#include <pthread.h>
#include <spawn.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <ulimit.h>
#include <unistd.h>
#include <utmpx.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, error)          \
	do {                              \
		errno = 0;                \
		CHECK_EQ((long)call, -1); \
		CHECK_EQ(errno, error);   \
	} while (0)
#define CHECK_NULL(call, error)         \
	do {                            \
		errno = 0;              \
		CHECK((call) == NULL);  \
		CHECK_EQ(errno, error); \
	} while (0)

static char buf[64];

static void test_system_v(void)
{
	struct sembuf op = { 0 };

	CHECK_ERRNO(ftok("/", 1), ENOSYS);
	CHECK_ERRNO(shmget(IPC_PRIVATE, 4096, 0600), ENOSYS);
	CHECK_ERRNO(shmat(1, NULL, 0), ENOSYS);
	CHECK_ERRNO(shmdt(buf), ENOSYS);
	CHECK_ERRNO(shmctl(1, IPC_RMID, NULL), ENOSYS);
	CHECK_ERRNO(semget(IPC_PRIVATE, 1, 0600), ENOSYS);
	CHECK_ERRNO(semop(1, &op, 1), ENOSYS);
	CHECK_ERRNO(semctl(1, 0, IPC_RMID), ENOSYS);
	CHECK_ERRNO(msgget(IPC_PRIVATE, 0600), ENOSYS);
	CHECK_ERRNO(msgsnd(1, buf, 1, 0), ENOSYS);
	CHECK_ERRNO(msgrcv(1, buf, 1, 0, 0), ENOSYS);
	CHECK_ERRNO(msgctl(1, IPC_RMID, NULL), ENOSYS);
}

static void test_loading(void)
{
	CHECK(dlerror() == NULL);
	CHECK(dlopen("libc.so", RTLD_NOW) == NULL);
	CHECK(dlerror() != NULL);
	CHECK(dlerror() == NULL); /* it was told */
	CHECK(dlsym(RTLD_DEFAULT, "main") == NULL);
	CHECK(strstr(dlerror(), "symbols") != NULL);
	CHECK_EQ(dlclose(buf), -1);
	CHECK(dlerror() != NULL);
}

static void test_passwords_and_catalogues(void)
{
	struct crypt_data data;

	CHECK_NULL(crypt("key", "sa"), ENOSYS);
	CHECK_NULL(crypt_r("key", "sa", &data), ENOSYS);
	CHECK_ERRNO(catopen("none", 0), ENOENT);
	CHECK_EQ(strcmp(catgets((nl_catd)-1, 1, 1, "itself"), "itself"), 0);
	CHECK_ERRNO(catclose((nl_catd)-1), EBADF);
	CHECK(getutxent() == NULL);
	CHECK_NULL(pututxline(&(struct utmpx){ 0 }), EPERM);
}

static void test_file_systems(void)
{
	struct mntent entry = { .mnt_opts = "ro,noexec" };

	CHECK_ERRNO(mount("a", "/b", "ext4", 0, NULL), ENOSYS);
	CHECK_ERRNO(umount("/b"), ENOSYS);
	CHECK_ERRNO(umount2("/b", 0), ENOSYS);
	CHECK_NULL(setmntent("/etc/mtab", "r"), ENOENT);
	CHECK(hasmntopt(&entry, "noexec") == entry.mnt_opts + 3);
	CHECK(hasmntopt(&entry, "sync") == NULL);
	CHECK_ERRNO(getxattr("/", "user.a", buf, 1), ENOTSUP);
	CHECK_ERRNO(lgetxattr("/", "user.a", buf, 1), ENOTSUP);
	CHECK_ERRNO(fgetxattr(0, "user.a", buf, 1), ENOTSUP);
	CHECK_ERRNO(setxattr("/", "user.a", buf, 1, 0), ENOTSUP);
	CHECK_ERRNO(lsetxattr("/", "user.a", buf, 1, 0), ENOTSUP);
	CHECK_ERRNO(fsetxattr(0, "user.a", buf, 1, 0), ENOTSUP);
	CHECK_ERRNO(listxattr("/", buf, 1), ENOTSUP);
	CHECK_ERRNO(llistxattr("/", buf, 1), ENOTSUP);
	CHECK_ERRNO(flistxattr(0, buf, 1), ENOTSUP);
	CHECK_ERRNO(removexattr("/", "user.a"), ENOTSUP);
	CHECK_ERRNO(lremovexattr("/", "user.a"), ENOTSUP);
	CHECK_ERRNO(fremovexattr(0, "user.a"), ENOTSUP);
}

static void test_processes(void)
{
	char *argv[] = { "sh", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	siginfo_t info;
	pid_t pid = 77;
	int status;

	CHECK_EQ(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, NULL), ENOSYS);
	CHECK_EQ(posix_spawnp(&pid, "sh", NULL, NULL, argv, NULL), ENOSYS);
	CHECK_EQ(pid, 77);
	CHECK_EQ(posix_spawn_file_actions_init(&actions), ENOSYS);
	CHECK_EQ(posix_spawnattr_init(&attr), ENOSYS);
	CHECK_ERRNO(fexecve(0, argv, NULL), ENOSYS);
	CHECK_ERRNO(wait3(&status, WNOHANG, NULL), ECHILD);
	CHECK_ERRNO(wait4(-1, &status, 0, NULL), ECHILD);
	CHECK_ERRNO(wait4(-1, &status, 1 << 20, NULL), EINVAL);
	CHECK_ERRNO(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
	CHECK_ERRNO(waitid(P_ALL, 0, &info, WNOHANG), EINVAL); /* waits for nothing */
	CHECK_ERRNO(waitid((idtype_t)99, 0, &info, WEXITED), EINVAL);
	CHECK_EQ(pthread_atfork(NULL, NULL, NULL), 0);
}

static void test_identity(void)
{
	uid_t r = 1, e = 1, s = 1;
	gid_t groups[] = { 0, 5 };

	CHECK_EQ(setuid(0), 0);
	CHECK_ERRNO(setuid(5), EPERM);
	CHECK_ERRNO(seteuid(5), EPERM);
	CHECK_ERRNO(setgid(5), EPERM);
	CHECK_ERRNO(setegid(5), EPERM);
	CHECK_EQ(setreuid((uid_t)-1, 0), 0);
	CHECK_ERRNO(setreuid(0, 5), EPERM);
	CHECK_ERRNO(setregid(5, (gid_t)-1), EPERM);
	CHECK_EQ(setresuid(0, (uid_t)-1, 0), 0);
	CHECK_ERRNO(setresuid(0, 0, 5), EPERM);
	CHECK_ERRNO(setresgid(0, 5, 0), EPERM);
	CHECK_EQ(getresuid(&r, &e, &s), 0);
	CHECK_EQ(r | e | s, 0);
	CHECK_EQ(getgroups(0, NULL), 0);
	CHECK_ERRNO(getgroups(-1, NULL), EINVAL);
	CHECK_EQ(setgroups(1, groups), 0);
	CHECK_ERRNO(setgroups(2, groups), EPERM);
	CHECK_EQ(getpgid(0), getpgrp());
	CHECK_ERRNO(getpgid(77), ESRCH);
	CHECK_ERRNO(getsid(77), ESRCH);
	CHECK_ERRNO(setpgid(77, 0), ESRCH);
	CHECK_ERRNO(setpgid(0, 0), EPERM);
	CHECK_ERRNO(setsid(), EPERM);
	CHECK_EQ(getlogin_r(buf, 4), ERANGE);
	CHECK_EQ(getlogin_r(buf, 5), 0);
	CHECK_EQ(strcmp(buf, getlogin()), 0);
	CHECK_ERRNO(getdomainname(buf, 0), EINVAL);
	CHECK_EQ(getdomainname(buf, 1), 0);
	CHECK_ERRNO(setdomainname("a", 1), EPERM);
}

static void test_limits(void)
{
	struct rlimit now, lower, old;

	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &now), 0);
	CHECK(now.rlim_cur > 8 && now.rlim_cur <= now.rlim_max);
	lower = (struct rlimit){ 8, now.rlim_max };
	CHECK_EQ(prlimit(0, RLIMIT_NOFILE, &lower, &old), 0);
	CHECK_EQ(old.rlim_cur, now.rlim_cur);
	CHECK_EQ(getdtablesize(), 8);
	CHECK_ERRNO(dup2(0, 8), EBADF);
	lower.rlim_cur = now.rlim_max + 1;
	CHECK_ERRNO(setrlimit(RLIMIT_NOFILE, &lower), EINVAL);
	lower.rlim_max = now.rlim_max + 1;
	CHECK_ERRNO(setrlimit(RLIMIT_NOFILE, &lower), EPERM);
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &now), 0);
	CHECK_ERRNO(prlimit(77, RLIMIT_NOFILE, NULL, &old), ESRCH);
	CHECK_ERRNO(getrlimit(-1, &old), EINVAL);
	CHECK_ERRNO(getrlimit(RLIMIT_NLIMITS, &old), EINVAL);
	CHECK_EQ(getrlimit(RLIMIT_CORE, &old), 0);
	CHECK_EQ(setrlimit(RLIMIT_CORE, &old), 0); /* as it is */
	CHECK_ERRNO(setrlimit(RLIMIT_CORE, &now), EPERM);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 0);
	CHECK_ERRNO(getpriority(PRIO_USER, 5), ESRCH);
	CHECK_ERRNO(getpriority(99, 0), EINVAL);
	CHECK_EQ(setpriority(PRIO_PROCESS, 0, 0), 0);
	CHECK_ERRNO(setpriority(PRIO_PGRP, 0, 5), EPERM);
	CHECK_ERRNO(nice(1), EPERM);
	CHECK_ERRNO(ulimit(UL_SETFSIZE, 1L), EPERM);
	CHECK_ERRNO(ulimit(99), EINVAL);
	CHECK(ulimit(UL_GETFSIZE) > 1 << 20);
}

int main(void)
{
	RUN(test_system_v);
	RUN(test_loading);
	RUN(test_passwords_and_catalogues);
	RUN(test_file_systems);
	RUN(test_processes);
	RUN(test_identity);
	RUN(test_limits);
	return check_done();
}
