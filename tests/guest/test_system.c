// SPDX-License-Identifier: BSD-2-Clause
// archives: files/accounts
/* Identity, limits, users, encodings, patterns, locales and what is honestly not there. */
#define _GNU_SOURCE
#include <crypt.h>
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <error.h>
#include <execinfo.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <glob.h>
#include <grp.h>
#include <iconv.h>
#include <langinfo.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <nl_types.h>
#include <pwd.h>
#include <regex.h>
#include <sched.h>
#include <search.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <uchar.h>
#include <unistd.h>
#include <utmpx.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)

static void test_identity(void)
{
	gid_t groups[4];
	uid_t a, b, c;

	CHECK_EQ(setuid(0), 0);
	CHECK_ERRNO(setuid(1000), EPERM);
	CHECK_EQ(setresgid(0, (gid_t)-1, 0), 0);
	CHECK_ERRNO(setreuid(0, 5), EPERM);
	CHECK_EQ(getresuid(&a, &b, &c), 0);
	CHECK(a == 0 && b == 0 && c == 0);
	CHECK_EQ(getgroups(4, groups), 0);
	CHECK_EQ(setgroups(1, (gid_t[]){ 0 }), 0);
	CHECK_ERRNO(setgroups(1, (gid_t[]){ 7 }), EPERM);
	CHECK_EQ(initgroups("root", 0), 0);
	CHECK_EQ(getpgrp(), 1);
	CHECK_EQ(getsid(0), 1);
	CHECK_ERRNO(getpgid(77), ESRCH);
	CHECK_ERRNO(setsid(), EPERM);
	CHECK_STR(getlogin(), "root");
}

static void test_users(void)
{
	char buf[200];
	struct passwd user, *found;
	struct group *g;
	gid_t list[8];
	int n = 8;

	found = getpwnam("alice");
	CHECK(found && found->pw_uid == 1000 && found->pw_gid == 100);
	CHECK_STR(found->pw_gecos, "Alice,,,");
	CHECK_STR(found->pw_shell, "/bin/false");
	CHECK(getpwnam("broken") == NULL && getpwnam("nobody") == NULL);
	CHECK_EQ(getpwuid_r(0, &user, buf, sizeof(buf), &found), 0);
	CHECK(found == &user);
	CHECK_STR(user.pw_dir, "/root");
	CHECK_EQ(getpwuid_r(0, &user, buf, 10, &found), ERANGE);
	CHECK(found == NULL);
	CHECK_EQ(getpwuid_r(4711, &user, buf, sizeof(buf), &found), 0);
	CHECK(found == NULL);
	setpwent();
	CHECK_STR(getpwent()->pw_name, "root");
	CHECK_STR(getpwent()->pw_name, "alice");
	CHECK(getpwent() == NULL);
	g = getgrnam("users");
	CHECK(g && g->gr_gid == 100);
	CHECK_STR(g->gr_mem[0], "alice");
	CHECK_STR(g->gr_mem[1], "bob");
	CHECK(g->gr_mem[2] == NULL);
	CHECK_STR(getgrgid(33)->gr_name, "web");
	CHECK_EQ(getgrouplist("alice", 100, list, &n), 2);
	CHECK(list[0] == 100 && list[1] == 33);
}

static void test_limits(void)
{
	struct rlimit old, low = { 8, 65536 };
	struct rusage usage;
	int fd[10], n = 0;

	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
	CHECK_EQ(old.rlim_cur, sysconf(_SC_OPEN_MAX));
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
	while (n < 10 && (fd[n] = dup(0)) >= 0)
		n++;
	CHECK_EQ(errno, EMFILE);
	CHECK_EQ(n, 5);
	CHECK_ERRNO(dup2(0, 8), EBADF);
	CHECK_EQ(sysconf(_SC_OPEN_MAX), 8);
	CHECK_EQ(prlimit(0, RLIMIT_NOFILE, &old, &low), 0);
	CHECK_EQ(low.rlim_cur, 8);
	while (n > 0)
		close(fd[--n]);
	low.rlim_max = 1 << 20;
	CHECK_ERRNO(setrlimit(RLIMIT_NOFILE, &low), EPERM);
	CHECK_ERRNO(getrlimit(99, &old), EINVAL);
	CHECK_EQ(setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }), 0);
	CHECK_ERRNO(setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 1 }), EPERM);
	CHECK_EQ(getrusage(RUSAGE_SELF, &usage), 0);
	CHECK(usage.ru_maxrss > 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 0);
	CHECK_ERRNO(nice(5), EPERM);
}

static void test_questions(void)
{
	struct sysinfo info;
	struct utsname name;
	cpu_set_t cpus;
	char text[70], path[20];

	CHECK_EQ(sysconf(_SC_PAGESIZE), 4096);
	CHECK_EQ(sysconf(_SC_MAPPED_FILES), _POSIX_VERSION);
	errno = 0;
	CHECK_EQ(sysconf(_SC_JOB_CONTROL), -1);
	CHECK_EQ(errno, 0);
	CHECK_ERRNO(sysconf(9999), EINVAL);
	CHECK_EQ(pathconf("/", _PC_NAME_MAX), NAME_MAX);
	CHECK_ERRNO(pathconf("/none", _PC_NAME_MAX), ENOENT);
	CHECK_ERRNO(fpathconf(77, _PC_NAME_MAX), EBADF);
	CHECK_EQ(confstr(_CS_PATH, path, sizeof(path)), 5);
	CHECK_EQ(sysinfo(&info), 0);
	CHECK_EQ(info.totalram, (unsigned long)sysconf(_SC_PHYS_PAGES) * 4096);
	CHECK_EQ(sethostname("guest", 5), 0);
	CHECK_EQ(gethostname(text, sizeof(text)), 0);
	CHECK_STR(text, "guest");
	CHECK_EQ(uname(&name), 0);
	CHECK_STR(name.nodename, "guest");
	CHECK_EQ(getauxval(AT_PAGESZ), 4096);
	CHECK_EQ(prctl(PR_SET_NAME, "a rather long name"), 0);
	CHECK_EQ(prctl(PR_GET_NAME, text), 0);
	CHECK_STR(text, "a rather long n");
	CHECK_ERRNO(prctl(PR_SET_DUMPABLE, 1), EINVAL);
	CHECK_EQ(sched_getaffinity(0, sizeof(cpus), &cpus), 0);
	CHECK_EQ(CPU_COUNT(&cpus), get_nprocs());
	CPU_ZERO(&cpus);
	CPU_SET(3, &cpus);
	CHECK_ERRNO(sched_setaffinity(0, sizeof(cpus), &cpus), EINVAL);
	CHECK_EQ(sched_get_priority_max(SCHED_OTHER), 0);
}

static void test_absent(void)
{
	CHECK(dlopen("libm.so", RTLD_NOW) == NULL && dlerror() != NULL && dlerror() == NULL);
	CHECK(dlsym(RTLD_DEFAULT, "printf") == NULL && dlerror() != NULL);
	CHECK_ERRNO(shmget(IPC_PRIVATE, 4096, 0), ENOSYS);
	errno = 0;
	CHECK(crypt("secret", "ab") == NULL && errno == ENOSYS);
	CHECK(catopen("messages", 0) == (nl_catd)-1);
	CHECK_STR(catgets((nl_catd)-1, 1, 1, "plain"), "plain");
	CHECK(getutxent() == NULL && sbrk(4096) == (void *)-1);
	CHECK_ERRNO(syscall(39), ENOSYS);
}

static size_t convert(const char *to, const char *from, const char *in, size_t len, char *out)
{
	char *p = (char *)in, *q = out;
	size_t room = 63;
	iconv_t cd = iconv_open(to, from);

	CHECK(cd != (iconv_t)-1);
	if (iconv(cd, &p, &len, &q, &room) == (size_t)-1)
		return (size_t)-1;
	*q = '\0';
	iconv_close(cd);
	return (size_t)(q - out);
}

static void test_iconv(void)
{
	char out[64];

	CHECK_EQ(convert("UTF-8", "ISO-8859-1", "gr\xfc\xdf", 4, out), 6);
	CHECK_STR(out, "gr\xc3\xbc\xc3\x9f");
	CHECK_EQ(convert("CP1252", "UTF-8", "\xe2\x82\xac", 3, out), 1);
	CHECK_STR(out, "\x80");
	CHECK_EQ(convert("ISO-8859-15", "utf8", "\xe2\x82\xac", 3, out), 1);
	CHECK_STR(out, "\xa4");
	CHECK_EQ(convert("UTF-16BE", "UTF-8", "\xf0\x9f\x98\x80", 4, out), 4);
	CHECK_EQ(memcmp(out, "\xd8\x3d\xde\x00", 4), 0);
	CHECK_EQ(convert("UTF-8", "UTF-16", "\xfe\xff\0a", 4, out), 1);
	CHECK_STR(out, "a");
	CHECK_EQ(convert("UTF-16", "ASCII", "a", 1, out), 4);
	CHECK_EQ(memcmp(out,
			"\xff\xfe"
			"a\0",
			4),
		 0);
	CHECK_EQ(convert("ASCII//TRANSLIT", "UTF-8", "a\xc3\xbc", 3, out), 2);
	CHECK_STR(out, "a?");
	errno = 0;
	CHECK(convert("ASCII", "UTF-8", "\xc3\xbc", 2, out) == (size_t)-1 && errno == EILSEQ);
	CHECK(convert("UTF-32LE", "UTF-8", "\xc3", 1, out) == (size_t)-1 && errno == EINVAL);
	CHECK(convert("UTF-8", "UTF-8", "\xc0\x80", 2, out) == (size_t)-1 && errno == EILSEQ);
	CHECK(convert("UTF-8", "ISO-8859-15",
		      "\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4"
		      "\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4\xa4",
		      22, out) == (size_t)-1 &&
	      errno == E2BIG);
	CHECK(iconv_open("UTF-8", "KLINGON") == (iconv_t)-1);
}

static void test_patterns(void)
{
	regmatch_t match[3];
	regex_t re;
	glob_t found;
	char text[60], path[] = "/usr/lib/libc.a";

	CHECK_EQ(regcomp(&re, "([a-z]+)=([0-9]{2,})", REG_EXTENDED), 0);
	CHECK_EQ(regexec(&re, "  port=8080;", 3, match, 0), 0);
	CHECK(match[1].rm_so == 2 && match[1].rm_eo == 6 && match[2].rm_eo == 11);
	CHECK_EQ(regexec(&re, "port=8", 0, NULL, 0), REG_NOMATCH);
	regfree(&re);
	CHECK(regcomp(&re, "(", REG_EXTENDED) == REG_EPAREN);
	CHECK(regerror(REG_EPAREN, NULL, text, sizeof(text)) > 1);
	CHECK_EQ(fnmatch("*.[ch]", "main.c", 0), 0);
	CHECK_EQ(fnmatch("*", "a/b", FNM_PATHNAME), FNM_NOMATCH);
	CHECK_EQ(glob("/etc/[gp]*", 0, NULL, &found), 0);
	CHECK_EQ(found.gl_pathc, 2);
	CHECK_STR(found.gl_pathv[0], "/etc/group");
	globfree(&found);
	CHECK_STR(basename(path), "libc.a");
	CHECK_STR(dirname(path), "/usr/lib");
}

static void test_locale(void)
{
	mbstate_t state = { 0 };
	locale_t l = newlocale(LC_ALL_MASK, "C.UTF-8", NULL);
	char16_t c16[2];
	char32_t c32;
	char text[8];

	CHECK_STR(setlocale(LC_ALL, NULL), "C");
	CHECK_STR(nl_langinfo(RADIXCHAR), ".");
	CHECK(setlocale(LC_ALL, "nonsense") == NULL);
	CHECK_STR(setlocale(LC_ALL, "POSIX"), "C");
	CHECK(l != NULL);
	CHECK_EQ(toupper_l('a', l), 'A');
	CHECK_EQ(strtod_l("1.5", NULL, l), 1.5);
	CHECK(uselocale(l) != NULL);
	CHECK_STR(nl_langinfo(CODESET), "UTF-8");
	CHECK_EQ(mbrtoc32(&c32, "\xe2\x82\xac", 3, &state), 3);
	CHECK_EQ(c32, 0x20ac);
	CHECK_EQ(mbrtoc16(&c16[0], "\xf0\x9f\x98\x80", 4, &state), 4);
	CHECK_EQ(mbrtoc16(&c16[1], "", 0, &state), (size_t)-3);
	CHECK(c16[0] == 0xd83d && c16[1] == 0xde00);
	CHECK_EQ(c16rtomb(text, c16[0], &state), 0);
	CHECK_EQ(c16rtomb(text, c16[1], &state), 4);
	CHECK_EQ(memcmp(text, "\xf0\x9f\x98\x80", 4), 0);
	uselocale(LC_GLOBAL_LOCALE);
	freelocale(l);
	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL && setlocale(LC_ALL, "C") != NULL);
}

static void test_options(void)
{
	static const struct option options[] = { { "port", required_argument, NULL, 'p' },
						 { "quiet", no_argument, NULL, 'q' },
						 { NULL, 0, NULL, 0 } };
	char *args[] = { "x", "--port=80", "-q", "file", NULL };

	CHECK_EQ(getopt_long(4, args, "p:q", options, NULL), 'p');
	CHECK_STR(optarg, "80");
	CHECK_EQ(getopt_long(4, args, "p:q", options, NULL), 'q');
	CHECK_EQ(getopt_long(4, args, "p:q", options, NULL), -1);
	CHECK_EQ(optind, 3);
}

static void test_time_zones(void)
{
	time_t summer = 1720000000, winter = 1705000000;
	struct tm tm;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	CHECK_EQ(localtime_r(&summer, &tm)->tm_isdst, 1);
	CHECK_EQ(tm.tm_gmtoff, 7200);
	CHECK_STR(tm.tm_zone, "CEST");
	CHECK_EQ(localtime_r(&winter, &tm)->tm_isdst, 0);
	CHECK_EQ(mktime(&tm), winter);
	unsetenv("TZ");
	tzset();
}

/* What a builtin function of the compiler sets is seen. */
static void test_errno(void)
{
	volatile size_t huge = (size_t)-1 / 2;
	void *p;

	errno = 0;
	p = malloc(huge);
	CHECK(p == NULL);
	CHECK_EQ(errno, ENOMEM);
	free(p);
}

static void test_backtrace(void)
{
	void *at[32];
	int n = backtrace(at, 32);
	char **names = backtrace_symbols(at, n);

	CHECK(n >= 2 && n <= 32 && names != NULL);
	CHECK(strncmp(names[0], "image+0x", 8) == 0);
	free(names);
	CHECK_EQ(backtrace(at, 0), 0);
}

/* What they print is looked at by a person; here, that they come back. */
static void test_messages(void)
{
	openlog("test", LOG_PID, LOG_DAEMON);
	errno = ENOENT;
	syslog(LOG_WARNING, "%s: %m, %d%%", "file", 50);
	CHECK_EQ(setlogmask(LOG_UPTO(LOG_ERR)), LOG_UPTO(LOG_DEBUG));
	syslog(LOG_INFO, "hidden");
	closelog();
	error(0, ENOENT, "%s", "file");
	CHECK_EQ(error_message_count, 1);
}

int main(void)
{
	RUN(test_identity);
	RUN(test_users);
	RUN(test_limits);
	RUN(test_questions);
	RUN(test_absent);
	RUN(test_iconv);
	RUN(test_patterns);
	RUN(test_locale);
	RUN(test_options);
	RUN(test_time_zones);
	RUN(test_errno);
	RUN(test_backtrace);
	RUN(test_messages);
	return check_done();
}
