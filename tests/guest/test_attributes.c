// SPDX-License-Identifier: BSD-2-Clause
/* Attributes that are set are read back, and what cannot be is refused: of threads' objects, sets
 * of signals, sockets of the local family, files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, error)        \
	do {                            \
		errno = 0;              \
		CHECK_EQ(call, -1);     \
		CHECK_EQ(errno, error); \
	} while (0)

static void test_thread(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pthread_attr_t a;
	void *where;
	size_t bytes;
	int n;

	CHECK_EQ(pthread_attr_init(&a), 0);
	CHECK_EQ(pthread_attr_setstacksize(&a, 100), EINVAL);
	CHECK_EQ(pthread_attr_setstacksize(&a, 65536), 0);
	CHECK_EQ(pthread_attr_getstacksize(&a, &bytes), 0);
	CHECK_EQ(bytes, 65536);
	CHECK_EQ(pthread_attr_setguardsize(&a, 8192), EINVAL); /* there is one page */
	CHECK_EQ(pthread_attr_setguardsize(&a, 4096), 0);
	CHECK_EQ(pthread_attr_getguardsize(&a, &bytes), 0);
	CHECK_EQ(bytes, 4096);
	CHECK_EQ(pthread_attr_setstack(&a, stack + 1, sizeof(stack) - 16), EINVAL);
	CHECK_EQ(pthread_attr_setstack(&a, stack, 100), EINVAL);
	CHECK_EQ(pthread_attr_setstack(&a, stack, sizeof(stack)), 0);
	CHECK_EQ(pthread_attr_getstack(&a, &where, &bytes), 0);
	CHECK(where == stack && bytes == sizeof(stack));
	CHECK_EQ(pthread_attr_setinheritsched(&a, 99), EINVAL);
	CHECK_EQ(pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED), 0);
	CHECK_EQ(pthread_attr_getinheritsched(&a, &n), 0);
	CHECK_EQ(n, PTHREAD_EXPLICIT_SCHED);
	CHECK_EQ(pthread_attr_setdetachstate(&a, 99), EINVAL);
	CHECK_EQ(pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED), 0);
	CHECK_EQ(pthread_attr_getdetachstate(&a, &n), 0);
	CHECK_EQ(n, PTHREAD_CREATE_DETACHED);
	CHECK_EQ(pthread_attr_destroy(&a), 0);
	/* Of the running thread: this variable is on its stack. */
	CHECK_EQ(pthread_getattr_np(pthread_self(), &a), 0);
	CHECK_EQ(pthread_attr_getstack(&a, &where, &bytes), 0);
	CHECK((char *)&a >= (char *)where && (char *)&a < (char *)where + bytes);
}

static void test_locks(void)
{
	pthread_mutexattr_t m;
	pthread_rwlockattr_t r;
	pthread_condattr_t c;
	clockid_t clock;
	int n;

	CHECK_EQ(pthread_mutexattr_init(&m), 0);
	CHECK_EQ(pthread_mutexattr_settype(&m, 99), EINVAL);
	CHECK_EQ(pthread_mutexattr_settype(&m, PTHREAD_MUTEX_RECURSIVE), 0);
	CHECK_EQ(pthread_mutexattr_gettype(&m, &n), 0);
	CHECK_EQ(n, PTHREAD_MUTEX_RECURSIVE);
	CHECK_EQ(pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_ROBUST), ENOTSUP);
	CHECK_EQ(pthread_mutexattr_setrobust(&m, 99), EINVAL);
	CHECK_EQ(pthread_mutexattr_getrobust(&m, &n), 0);
	CHECK_EQ(n, PTHREAD_MUTEX_STALLED);
	CHECK_EQ(pthread_mutexattr_setpshared(&m, 99), EINVAL);
	CHECK_EQ(pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED), 0);
	CHECK_EQ(pthread_mutexattr_getpshared(&m, &n), 0);
	CHECK_EQ(n, PTHREAD_PROCESS_SHARED);
	CHECK_EQ(pthread_rwlockattr_init(&r), 0);
	CHECK_EQ(pthread_rwlockattr_getpshared(&r, &n), 0);
	CHECK_EQ(n, PTHREAD_PROCESS_PRIVATE);
	CHECK_EQ(pthread_condattr_init(&c), 0);
	CHECK_EQ(pthread_condattr_getclock(&c, &clock), 0);
	CHECK_EQ(clock, CLOCK_REALTIME);
	CHECK_EQ(pthread_condattr_setclock(&c, 99), EINVAL);
	CHECK_EQ(pthread_condattr_setclock(&c, CLOCK_MONOTONIC), 0);
	CHECK_EQ(pthread_condattr_getclock(&c, &clock), 0);
	CHECK_EQ(clock, CLOCK_MONOTONIC);
}

static void test_sets(void)
{
	sigset_t a, b, both;

	sigemptyset(&a);
	sigemptyset(&b);
	CHECK(sigisemptyset(&a));
	CHECK_EQ(sigaddset(&a, SIGUSR1), 0);
	CHECK_EQ(sigaddset(&a, SIGUSR2), 0);
	CHECK_EQ(sigaddset(&b, SIGUSR2), 0);
	CHECK_EQ(sigandset(&both, &a, &b), 0);
	CHECK_EQ(sigismember(&both, SIGUSR1), 0);
	CHECK_EQ(sigismember(&both, SIGUSR2), 1);
	CHECK_EQ(sigdelset(&a, SIGUSR2), 0);
	CHECK_EQ(sigorset(&both, &a, &b), 0);
	CHECK_EQ(sigismember(&both, SIGUSR1), 1);
	CHECK_EQ(sigismember(&both, SIGHUP), 0);
	CHECK_ERRNO(sigaddset(&a, 0), EINVAL);
	CHECK_ERRNO(sigdelset(&a, 1000), EINVAL);
	CHECK_ERRNO(sigismember(&a, -1), EINVAL);
}

static int is_blocked(int sig)
{
	sigset_t now;

	sigprocmask(SIG_SETMASK, NULL, &now);
	return sigismember(&now, sig) == 1;
}

static void test_jumps(void)
{
	static sigjmp_buf with, without;
	static volatile int turn;

	turn = 0;
	if (sigsetjmp(with, 1) == 0) {
		CHECK_EQ(sighold(SIGUSR1), 0);
		turn = 1;
		siglongjmp(with, 5);
	}
	CHECK_EQ(turn, 1);
	CHECK(!is_blocked(SIGUSR1)); /* it came back with the mask */
	if (sigsetjmp(without, 0) == 0) {
		CHECK_EQ(sighold(SIGUSR1), 0);
		siglongjmp(without, 5);
	}
	CHECK(is_blocked(SIGUSR1));
	CHECK_EQ(sigrelse(SIGUSR1), 0);
	CHECK(!is_blocked(SIGUSR1));
}

static volatile int caught;

static void catch (int sig)
{
	caught = sig;
}

static void test_system_v_signals(void)
{
	caught = 0;
	CHECK(sigset(SIGUSR1, catch) == SIG_DFL);
	CHECK(sigset(SIGUSR1, SIG_HOLD) == catch);
	raise(SIGUSR1);
	CHECK_EQ(caught, 0);
	CHECK(sigset(SIGUSR1, catch) == SIG_HOLD); /* and lets it go */
	CHECK_EQ(caught, SIGUSR1);
	CHECK_EQ(sigignore(SIGUSR1), 0);
	caught = 0;
	raise(SIGUSR1);
	CHECK_EQ(caught, 0);
	CHECK(sigset(SIGUSR1, SIG_DFL) == SIG_IGN);
	CHECK_ERRNO((long)sigset(SIGKILL, SIG_HOLD), EINVAL);
	CHECK_ERRNO((long)sigset(1000, catch), EINVAL);
	CHECK_ERRNO(sighold(1000), EINVAL);
}

static int get_int(int fd, int option)
{
	int n = -1;
	socklen_t len = sizeof(n);

	return getsockopt(fd, SOL_SOCKET, option, &n, &len) ? -errno : n;
}

static void test_local_socket(void)
{
	struct timeval tv = { 1, 500000 }, got = { 0 };
	socklen_t len = sizeof(got);
	struct ucred who;
	int s[2], n = 1, least;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	CHECK_EQ(get_int(s[0], SO_TYPE), SOCK_DGRAM);
	CHECK_EQ(get_int(s[0], SO_DOMAIN), AF_UNIX);
	CHECK_EQ(get_int(s[0], SO_PROTOCOL), 0);
	CHECK_EQ(get_int(s[0], SO_ERROR), 0);
	CHECK_EQ(get_int(s[0], SO_ACCEPTCONN), 0);
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, &n, sizeof(n)), 0);
	least = get_int(s[0], SO_SNDBUF); /* no less than that */
	CHECK(least > 1);
	n = least + 5000;
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, &n, sizeof(n)), 0);
	CHECK_EQ(get_int(s[0], SO_SNDBUF), n);
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_RCVBUF, &n, sizeof(n)), 0);
	CHECK_EQ(get_int(s[0], SO_RCVBUF), n);
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, &n, sizeof(n)), 0);
	CHECK_EQ(get_int(s[0], SO_PASSCRED), 1);
	CHECK_EQ(get_int(s[1], SO_PASSCRED), 0);
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &got, &len), 0);
	CHECK(got.tv_sec == 1 && got.tv_usec == 500000);
	tv.tv_usec = 1000000;
	CHECK_ERRNO(setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), EDOM);
	CHECK_ERRNO(setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, &n, 2), EINVAL);
	CHECK_EQ(get_int(s[0], 9999), -ENOPROTOOPT);
	CHECK_ERRNO(setsockopt(s[0], 9999, 1, &n, sizeof(n)), ENOPROTOOPT);
	len = sizeof(who);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &who, &len), 0);
	CHECK_EQ(who.pid, getpid());
	CHECK_EQ(send(s[1], "12345", 5, 0), 5);
	CHECK_EQ(send(s[1], "123", 3, 0), 3);
	CHECK_EQ(ioctl(s[0], FIONREAD, &n), 0);
	CHECK_EQ(n, 5); /* of the first datagram */
	CHECK_ERRNO(ioctl(s[0], 0x1234, &n), ENOTTY);
	close(s[0]);
	close(s[1]);
}

static void test_file(void)
{
	struct timeval tv[2] = { { 1000, 250000 }, { 2000, 0 } };
	struct timespec t[2] = { { 0, UTIME_OMIT }, { 3000, 7 } };
	int fd = open("/file", O_CREAT | O_RDWR, 0600);
	struct stat st;

	CHECK(fd >= 0);
	CHECK_EQ(symlink("/file", "/link"), 0);
	CHECK_EQ(utimes("/file", tv), 0);
	CHECK_EQ(stat("/file", &st), 0);
	CHECK(st.st_atim.tv_sec == 1000 && st.st_atim.tv_nsec == 250000000);
	CHECK_EQ(futimens(fd, t), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_atim.tv_sec, 1000);
	CHECK(st.st_mtim.tv_sec == 3000 && st.st_mtim.tv_nsec == 7);
	tv[1].tv_usec = 1000000;
	CHECK_ERRNO(utimes("/file", tv), EINVAL);
	CHECK_ERRNO(futimes(fd, tv), EINVAL);
	tv[1] = (struct timeval){ 4000, 0 };
	CHECK_EQ(lutimes("/link", tv), 0);
	CHECK_EQ(stat("/file", &st), 0);
	CHECK_EQ(st.st_mtim.tv_sec, 3000); /* the link's, not the file's */
	CHECK_EQ(lstat("/link", &st), 0);
	CHECK_EQ(st.st_mtim.tv_sec, 4000);
	CHECK_EQ(fchown(fd, 5, 6), 0);
	CHECK_EQ(chown("/file", (uid_t)-1, 7), 0);
	CHECK_EQ(lchown("/link", 8, 8), 0);
	CHECK_EQ(stat("/file", &st), 0);
	CHECK(st.st_uid == 5 && st.st_gid == 7);
	CHECK_ERRNO(fchmodat(AT_FDCWD, "/link", 0644, AT_SYMLINK_NOFOLLOW), EOPNOTSUPP);
	CHECK_ERRNO(fchmodat(AT_FDCWD, "/file", 0644, 1 << 20), EINVAL);
	CHECK_EQ(chmod("/link", 0640), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode & 07777, 0640);
	CHECK_ERRNO(fchown(99, 0, 0), EBADF);
	CHECK_ERRNO(chown("/none", 0, 0), ENOENT);
	CHECK_EQ(unlink("/link"), 0);
	CHECK_EQ(unlink("/file"), 0);
	close(fd);
}

int main(void)
{
	RUN(test_thread);
	RUN(test_locks);
	RUN(test_sets);
	RUN(test_jumps);
	RUN(test_system_v_signals);
	RUN(test_local_socket);
	RUN(test_file);
	return check_done();
}
