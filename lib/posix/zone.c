// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/zone.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "kernel/file.h"
#include "kernel/mutex.h"
#include "lib/base/tzif.h"

#define FOLDER     "/usr/share/zoneinfo/"
#define FILE_BYTES 65536 /* far more than any zone's file has */
#define NAMES      16

static struct {
	struct mutex lock; /* of all of it */
	bool known, set;   /* TZ was looked at; it was set, to: */
	char tz[128];      /* cut off; a longer one is looked at each time */
	void *file;        /* what `zif` points into; NULL: the rule counts */
	struct tzif zif;
	struct tz_rule rule;
	char names[NAMES][TZ_NAME_SIZE];
	unsigned next_name;
} zone = { .lock = MUTEX_INIT(zone.lock) };

/* Abbreviations outlive their zone: a struct tm may have one. */
static const char *keep_name(const char *name)
{
	char *kept;

	for (int i = 0; i < NAMES; i++)
		if (strcmp(zone.names[i], name) == 0)
			return zone.names[i];
	kept = zone.names[zone.next_name++ % NAMES];
	return strcpy(kept, name);
}

/* --- files ------------------------------------------------------------------------------ */

/* What open() is made of: by a name that only reads, and by any. The linker script says where they
 * are; one that nothing else in the program names is not there, and its place is empty. */
struct vnode;
typedef int open_to_read(const char *path, uint32_t flags, struct file **out);
typedef int open_any(struct vnode *start, const char *path, uint32_t flags, mode_t mode,
		     struct file **out);
extern char vfs_open_if_any[], vfs_open_any_if_any[], vfs_opens_end[];

/* The compiler takes two objects to be apart. */
static bool is_empty(const char *from, const char *to)
{
	asm("" : "+r"(from), "+r"(to));
	return from == to;
}

static struct file *open_file(const char *path)
{
	const uint32_t flags = O_RDONLY | O_NONBLOCK;
	struct file *f;
	int err = -ENOENT;

	if (!is_empty(vfs_open_any_if_any, vfs_opens_end))
		err = ((open_any *)vfs_open_any_if_any)(NULL, path, flags, 0, &f);
	else if (!is_empty(vfs_open_if_any, vfs_open_any_if_any))
		err = ((open_to_read *)vfs_open_if_any)(path, flags, &f);
	return err ? NULL : f;
}

/* Up to `size` bytes; fewer at the end, or when something goes wrong. */
static size_t read_all(struct file *f, char *out, size_t size)
{
	size_t len = 0;
	ssize_t n;

	do {
		struct iovec iov = { out + len, size - len };

		n = f->ops->read(f, &iov, 1);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0 && len < size);
	return len;
}

static bool load_file(const char *path)
{
	struct file *f = open_file(path);
	struct stat st = { 0 };
	void *bytes = NULL;
	size_t len;

	if (!f)
		return false;
	if (f->ops->stat && f->ops->stat(f, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= FILE_BYTES)
		bytes = malloc((size_t)st.st_size);
	if (bytes) {
		len = read_all(f, bytes, (size_t)st.st_size);
		if (tzif_open(&zone.zif, bytes, len) != 0) {
			free(bytes);
			bytes = NULL;
		}
	}
	file_put(f);
	zone.file = bytes;
	return bytes != NULL;
}

static bool load_name(const char *name)
{
	char path[sizeof(FOLDER) + 100] = FOLDER;

	if (name[0] == '/')
		return load_file(name);
	if (name[0] == '\0' || strlen(name) > 100)
		return false;
	strcpy(path + sizeof(FOLDER) - 1, name);
	return load_file(path);
}

/* --- the zone --------------------------------------------------------------------------- */

static void load(const char *tz)
{
	static const struct tz_rule utc = { { { .name = "UTC" }, { .name = "UTC" } }, {} };

	free(zone.file);
	zone.file = NULL;
	if (!tz ? load_file("/etc/localtime")
		: (*tz != ':' && tz_rule_parse(&zone.rule, tz, strlen(tz))) ||
			    load_name(tz + (*tz == ':')))
		return;
	zone.rule = utc;
}

/* The kind of time that is told of in tzname; false: there is none. */
static bool latest(bool summer, struct tz_local *out)
{
	if (zone.file)
		return tzif_latest(&zone.zif, summer, out);
	*out = zone.rule.local[summer];
	return out->summer == summer;
}

static void publish(void)
{
	struct tz_local local;

	latest(false, &local);
	_timezone = -local.offset;
	_tzname[0] = _tzname[1] = (char *)keep_name(local.name);
	_daylight = latest(true, &local);
	if (_daylight)
		_tzname[1] = (char *)keep_name(local.name);
}

void zone_update(void)
{
	const char *tz = getenv("TZ");

	mutex_lock(&zone.lock);
	if (!zone.known || zone.set != (tz != NULL) || (tz && strcmp(tz, zone.tz) != 0)) {
		load(tz);
		publish();
		zone.known = true;
		zone.set = tz != NULL;
		if (tz)
			strncpy(zone.tz, tz, sizeof(zone.tz) - 1);
	}
	mutex_unlock(&zone.lock);
}

void zone_at(int64_t t, struct zone_time *out)
{
	struct tz_local local;

	mutex_lock(&zone.lock);
	if (zone.file)
		tzif_at(&zone.zif, t, &local);
	else
		local = *tz_rule_at(&zone.rule, t);
	out->offset = local.offset;
	out->summer = local.summer;
	out->name = keep_name(local.name);
	mutex_unlock(&zone.lock);
}
