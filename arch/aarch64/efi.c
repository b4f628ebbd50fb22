// SPDX-License-Identifier: BSD-2-Clause
/*
 * efi.c - the image as an application of UEFI firmware.
 *
 * Where the command line comes from: the load options; when there are none, the file unik.cfg in
 * the root of the volume that the image was read from. Words `initrd=PATH` in it name modules on
 * that volume and are taken out; QEMU's -initrd arrives by the firmware's LoadFile2 protocol for
 * initial ram disks.
 *
 * Runs where the firmware put it, with memory mapped one to one and before relocation: no
 * initialised pointers, and nothing outside of this file is called. All of it lies in .efi_text,
 * because firmware may make the page with the image's headers not executable.
 *
 * Ref: UEFI 2.10; the paragraphs named here are of that.
 */
#include "arch/aarch64/efi.h"
#include "arch/cpu.h"

#define EFI_TEXT   __attribute__((section(".efi_text"), noinline))
#define EFI_ERROR  (1ull << 63)
#define TOO_SMALL  (EFI_ERROR | 5)
#define LOAD_ERROR (EFI_ERROR | 1)

typedef uint64_t efi_status;
typedef uint16_t char16;

struct efi_guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

/* 4.2: only what is used has a type. */
struct efi_boot_services {
	uint8_t header[24];
	void *tpl[2];
	efi_status (*allocate_pages)(int how, int type, uint64_t npages, uint64_t *at);
	void *free_pages;
	efi_status (*get_memory_map)(uint64_t *bytes, void *map, uint64_t *key, uint64_t *each,
				     uint32_t *version);
	efi_status (*allocate_pool)(int type, uint64_t bytes, void **out);
	efi_status (*free_pool)(void *p);
	void *events[6], *install[3];
	efi_status (*handle_protocol)(void *handle, const struct efi_guid *guid, void **out);
	void *other[3];
	efi_status (*locate_device_path)(const struct efi_guid *guid, const void **path,
					 void **handle);
	void *install_table, *images[4];
	efi_status (*exit_boot_services)(void *image, uint64_t key);
};

struct efi_text_output {
	void *reset;
	efi_status (*output)(struct efi_text_output *self, const char16 *text);
};

/* 4.5 */
struct efi_runtime_services {
	uint8_t header[24];
	efi_status (*get_time)(struct efi_time *time, void *capabilities);
};

struct efi_table {
	struct efi_guid guid;
	void *table;
};

/* 4.3 */
struct efi_system_table {
	uint8_t header[24];
	void *vendor;
	uint64_t revision;
	void *in_handle, *in, *out_handle;
	struct efi_text_output *out;
	void *error_handle, *error;
	struct efi_runtime_services *runtime;
	struct efi_boot_services *boot;
	uint64_t ntable;
	struct efi_table *table;
};

/* 9.1 */
struct efi_loaded_image {
	uint64_t revision;
	void *parent, *system, *device, *path, *reserved;
	uint32_t options_bytes;
	char16 *options;
};

/* 13.5 */
struct efi_file {
	uint64_t revision;
	efi_status (*open)(struct efi_file *self, struct efi_file **out, const char16 *name,
			   uint64_t mode, uint64_t attributes);
	efi_status (*close)(struct efi_file *self);
	void *remove;
	efi_status (*read)(struct efi_file *self, uint64_t *bytes, void *out);
	void *write;
	efi_status (*get_position)(struct efi_file *self, uint64_t *at);
	efi_status (*set_position)(struct efi_file *self, uint64_t at);
};

/* 13.4 */
struct efi_volume {
	uint64_t revision;
	efi_status (*open)(struct efi_volume *self, struct efi_file **root);
};

/* 13.2 */
struct efi_load_file {
	efi_status (*load)(struct efi_load_file *self, const void *path, uint8_t policy,
			   uint64_t *bytes, void *out);
};

static const struct efi_guid loaded_image_guid = {
	0x5b1b31a1, 0x9562, 0x11d2, { 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};
static const struct efi_guid volume_guid = {
	0x964e5b22, 0x6459, 0x11d2, { 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};
static const struct efi_guid load_file2_guid = {
	0x4006c0c1, 0xfcb3, 0x403e, { 0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d }
};
/* The Devicetree Specification has no number for it; this is what firmware uses. */
static const struct efi_guid fdt_guid = {
	0xb1b621d5, 0xf19c, 0x41a5, { 0x83, 0x0b, 0xd9, 0x15, 0x2c, 0x69, 0xaa, 0xe0 }
};
static const struct efi_guid acpi_guid = {
	0x8868e871, 0xe4f1, 0x11d3, { 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 }
};

/* A device path of one node (10.3.5.3): the vendor's medium under which boot loaders offer an
 * initial ram disk. Then the end of the path. */
static const struct {
	uint8_t type, subtype;
	uint16_t len;
	struct efi_guid guid;
	uint8_t end_type, end_subtype;
	uint16_t end_len;
} UNIK_PACKED initrd_path = {
	4,    3,
	20,   { 0x5568e427, 0x68fc, 0x4f3d, { 0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68 } },
	0x7f, 0xff,
	4
};

struct efi_handover efi_handover __attribute__((section(".data.efi_handover")));
UNIK_NORETURN void efi_leave(paddr_t fdt);
efi_status efi_main(void *image, struct efi_system_table *st);

/* What is found on the way; on the firmware's stack. */
struct efi_state {
	struct efi_system_table *st;
	struct efi_boot_services *bs;
	void *image;
	struct efi_loaded_image *loaded;
	struct efi_handover *h;
	char *line; /* the command line, BOOT_CMDLINE_BYTES */
	uint64_t len;
};

static EFI_TEXT efi_status complain(struct efi_state *s, const char *why)
{
	char16 c[2] = { 0, 0 };

	while ((c[0] = (uint8_t)*why++))
		s->st->out->output(s->st->out, c);
	return LOAD_ERROR;
}

static EFI_TEXT bool same_guid(const struct efi_guid *a, const struct efi_guid *b)
{
	const uint32_t *x = (const void *)a, *y = (const void *)b;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3];
}

static EFI_TEXT void find_tables(struct efi_state *s)
{
	for (uint64_t i = 0; i < s->st->ntable; i++) {
		const struct efi_table *t = &s->st->table[i];

		if (same_guid(&t->guid, &fdt_guid))
			s->h->fdt = (uintptr_t)t->table;
		if (same_guid(&t->guid, &acpi_guid))
			s->h->rsdp = (uintptr_t)t->table;
	}
}

/* Some devices for that are known to the firmware alone. */
static EFI_TEXT void take_time(struct efi_state *s)
{
	struct efi_time *t = &s->h->time;

	t->month = 0;
	if (s->st->runtime->get_time(t, NULL))
		t->month = 0;
	s->h->time_cycles = cpu_cycles();
}

static EFI_TEXT void *allocate(struct efi_state *s, uint64_t bytes)
{
	uint64_t at;

	if (s->bs->allocate_pages(0, EFI_LOADER_DATA, (bytes + PAGE_SIZE - 1) / PAGE_SIZE, &at))
		return NULL;
	return (void *)at;
}

static EFI_TEXT void add_module(struct efi_state *s, void *start, uint64_t len)
{
	if (s->h->nmodule == BOOT_MAX_MODULES)
		return;
	s->h->module[s->h->nmodule].start = (uintptr_t)start;
	s->h->module[s->h->nmodule++].len = len;
}

static EFI_TEXT void *read_all(struct efi_state *s, struct efi_file *f, uint64_t *len)
{
	uint64_t want;
	void *data;

	if (f->set_position(f, UINT64_MAX) || f->get_position(f, &want) || f->set_position(f, 0))
		return NULL;
	data = allocate(s, want + 1);
	*len = want;
	if (!data || f->read(f, len, data) || *len != want)
		return NULL;
	((char *)data)[want] = '\0';
	return data;
}

/* A file of the volume that the image came from; NULL: there is none, or it cannot be read. */
static EFI_TEXT void *read_file(struct efi_state *s, const char *name, uint64_t len,
				uint64_t *bytes)
{
	struct efi_volume *v;
	struct efi_file *root, *f;
	char16 wide[256];
	void *data = NULL;
	uint64_t i;

	for (i = 0; i < len && i < ARRAY_SIZE(wide) - 1; i++)
		wide[i] = name[i] == '/' ? '\\' : (uint8_t)name[i];
	wide[i] = 0;
	if (s->bs->handle_protocol(s->loaded->device, &volume_guid, (void **)&v) ||
	    v->open(v, &root))
		return NULL;
	if (!root->open(root, &f, wide, 1 /* to read */, 0)) {
		data = read_all(s, f, bytes);
		f->close(f);
	}
	root->close(root);
	return data;
}

static EFI_TEXT bool is_initrd(const char *word, uint64_t len)
{
	const char name[] = { 'i', 'n', 'i', 't', 'r', 'd', '=' };

	if (len <= sizeof(name))
		return false;
	for (unsigned i = 0; i < sizeof(name); i++)
		if (word[i] != name[i])
			return false;
	return true;
}

/* The module that offered by the firmware's own loader. */
static EFI_TEXT void load_initrd(struct efi_state *s)
{
	const void *path = &initrd_path;
	struct efi_load_file *lf;
	uint64_t bytes = 0;
	void *handle, *data;

	if (s->bs->locate_device_path(&load_file2_guid, &path, &handle) ||
	    s->bs->handle_protocol(handle, &load_file2_guid, (void **)&lf) ||
	    lf->load(lf, &initrd_path, 0, &bytes, NULL) != TOO_SMALL)
		return;
	data = allocate(s, bytes);
	if (data && !lf->load(lf, &initrd_path, 0, &bytes, data))
		add_module(s, data, bytes);
}

/* Take the initrd= words out of the line and load what they name. */
static EFI_TEXT efi_status take_modules(struct efi_state *s)
{
	uint64_t out = 0, at = 0;

	while (at < s->len) {
		uint64_t start = at, bytes;
		void *data;

		while (at < s->len && s->line[at] != ' ')
			at++;
		if (!is_initrd(s->line + start, at - start)) {
			while (start < at)
				s->line[out++] = s->line[start++];
		} else if ((data = read_file(s, s->line + start + 7, at - start - 7, &bytes))) {
			add_module(s, data, bytes);
		} else if (!s->h->nmodule) {
			return complain(s, "unik: a file that initrd= names cannot be read\r\n");
		}
		if (at < s->len)
			s->line[out++] = s->line[at++];
	}
	s->line[out] = '\0';
	return 0;
}

/* Blanks, and the ends of lines of a file. */
static EFI_TEXT void add_char(struct efi_state *s, unsigned c)
{
	if (s->len < BOOT_CMDLINE_BYTES - 1)
		s->line[s->len++] = c < ' ' ? ' ' : (char)(c > 126 ? '?' : c);
}

/* A shell puts the program's name before its arguments. */
static EFI_TEXT uint64_t program_name_len(const char16 *text, uint64_t len)
{
	uint64_t end = 0;

	while (end < len && text[end] && text[end] != ' ')
		end++;
	return end > 4 && text[end - 4] == '.' && (text[end - 3] | 32) == 'e' &&
			       (text[end - 2] | 32) == 'f' && (text[end - 1] | 32) == 'i'
		       ? end
		       : 0;
}

static EFI_TEXT efi_status read_cmdline(struct efi_state *s)
{
	const char name[] = { 'u', 'n', 'i', 'k', '.', 'c', 'f', 'g' };
	uint64_t n = s->loaded->options ? s->loaded->options_bytes / 2 : 0, bytes;
	const char16 *wide = s->loaded->options;
	const char *text;

	s->line = allocate(s, BOOT_CMDLINE_BYTES);
	if (!s->line)
		return complain(s, "unik: no memory for the command line\r\n");
	for (uint64_t i = program_name_len(wide, n); i < n && wide[i]; i++)
		add_char(s, wide[i]);
	if (s->len == 0 && (text = read_file(s, name, sizeof(name), &bytes)))
		for (uint64_t i = 0; i < bytes; i++)
			add_char(s, (uint8_t)text[i]);
	s->h->cmdline = (uintptr_t)s->line;
	return 0;
}

/* 7.4.6: the map must be the one of just now, and asking for room for it changes it. */
static EFI_TEXT efi_status end_boot_services(struct efi_state *s)
{
	efi_status status = LOAD_ERROR;

	for (int tries = 0; tries < 4 && status; tries++) {
		uint64_t bytes = 0, each = 0, key;
		uint32_t version;
		void *map;

		s->bs->get_memory_map(&bytes, NULL, &key, &each, &version);
		bytes += 8 * each;
		map = allocate(s, bytes);
		if (!map || s->bs->get_memory_map(&bytes, map, &key, &each, &version))
			continue;
		s->h->map_bytes = bytes;
		s->h->descriptor_bytes = each;
		s->h->map = (uintptr_t)map;
		status = s->bs->exit_boot_services(s->image, key);
	}
	return status;
}

/* Returns only when it does not work. */
EFI_TEXT efi_status efi_main(void *image, struct efi_system_table *st)
{
	struct efi_state s;
	efi_status status;

	s.st = st;
	s.bs = st->boot;
	s.image = image;
	s.h = &efi_handover;
	s.len = 0;
	if (s.bs->handle_protocol(image, &loaded_image_guid, (void **)&s.loaded))
		return complain(&s, "unik: the firmware does not say what it loaded\r\n");
	find_tables(&s);
	take_time(&s);
	status = read_cmdline(&s);
	if (status)
		return status;
	load_initrd(&s);
	status = take_modules(&s);
	if (status)
		return status;
	if (end_boot_services(&s)) {
		efi_handover.map = 0;
		return complain(&s, "unik: the firmware does not let go\r\n");
	}
	efi_leave(s.h->fdt);
}
