// SPDX-License-Identifier: BSD-2-Clause
#include "status.h"

#include <stdbool.h>

#include "now.h"
#include "stats.h"

#if __has_include(<unik/memory.h>)
#include <unik/memory.h>
#else
/* On another system nobody asks how much memory the machine has: 0 reads as unknown. */
static void unik_memory(size_t *total_bytes, size_t *free_bytes)
{
	*total_bytes = 0;
	*free_bytes = 0;
}
#endif

enum {
	SPARK_HEIGHT = 40, /* of a curve, in units of its own */
};

/* The script puts a fresh <main> in place of the old one; without scripts the page reloads. */
static const char page_top[] =
	"<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\">"
	"<meta name=\"color-scheme\" content=\"light dark\"><title>Status</title>"
	"<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>\n<style>"
	":root{--b:#f4f6f8;--c:#fff;--f:#1b1f24;--d:#667080;--l:#1f6fd6}"
	"@media(prefers-color-scheme:dark){"
	":root{--b:#101316;--c:#1b2026;--f:#e8eaed;--d:#97a1ae;--l:#6cb0ff}}"
	"body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:46rem;padding:1.5rem;"
	"background:var(--b);color:var(--f)}h1{font-size:1.4rem}"
	"main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr))}"
	"p{margin:0;background:var(--c);border-radius:.7rem;padding:.9rem 1.2rem;"
	"box-shadow:0 1px 3px #0003;color:var(--d)}"
	"b{display:block;font-size:1.6rem;font-variant-numeric:tabular-nums;color:var(--f)}"
	".w{grid-column:1/-1}svg{display:block;width:100%;height:5rem}"
	"polyline{fill:none;stroke:var(--l);stroke-width:2;vector-effect:non-scaling-stroke}"
	"</style>\n<h1>Status</h1>\n<main>";
static const char page_end[] =
	"</main>\n<script>setInterval(()=>fetch('').then(r=>r.text()).then(t=>"
	"document.querySelector('main').replaceWith(new DOMParser().parseFromString(t,"
	"'text/html').querySelector('main'))).catch(()=>{}),1000)</script>\n";

/* Three digits or so, as in "12.3 MiB". */
static void text_size(struct text *t, uint64_t bytes)
{
	const char *unit = "KMGT";
	uint64_t tenths = bytes * 10 / 1024;

	if (bytes < 1024) {
		text_u64(t, bytes);
		text_str(t, " B");
		return;
	}
	for (; tenths >= 10240 && unit[1]; unit++)
		tenths /= 1024;
	text_u64(t, tenths / 10);
	if (tenths < 1000) {
		text_char(t, '.');
		text_u64(t, tenths % 10);
	}
	text_char(t, ' ');
	text_char(t, *unit);
	text_str(t, "iB");
}

static void text_duration(struct text *t, uint32_t seconds)
{
	if (seconds >= 86400) {
		text_u64(t, seconds / 86400);
		text_str(t, " d ");
	}
	text_pad2(t, seconds / 3600 % 24);
	text_char(t, ':');
	text_pad2(t, seconds / 60 % 60);
	text_char(t, ':');
	text_pad2(t, seconds % 60);
}

static void text_count(struct text *t, uint64_t n, const char *what)
{
	text_u64(t, n);
	text_str(t, what);
}

static uint32_t value(unsigned int ago, bool bytes)
{
	const struct stats_second *s = stats_second(ago);

	return bytes ? s->bytes : s->requests;
}

static uint32_t highest(bool bytes)
{
	uint32_t high = 1;

	for (unsigned int ago = 1; ago <= STATS_SECONDS; ago++)
		if (value(ago, bytes) > high)
			high = value(ago, bytes);
	return high;
}

/* The last minute as a curve, the latest second at the right. */
static void write_curve(struct text *t, bool bytes)
{
	uint64_t high = highest(bytes);

	text_str(t, "<svg viewBox=\"0 -1 59 42\" preserveAspectRatio=\"none\"><polyline points=\"");
	for (unsigned int ago = STATS_SECONDS; ago; ago--) {
		text_u64(t, STATS_SECONDS - ago);
		text_char(t, ',');
		text_u64(t, SPARK_HEIGHT - value(ago, bytes) * SPARK_HEIGHT / high);
		text_char(t, ' ');
	}
	text_str(t, "\"/></svg>");
}

static void write_memory(struct text *t)
{
	size_t total, available;

	unik_memory(&total, &available);
	text_str(t, "<p>Memory<b>");
	if (total) {
		text_size(t, total - available);
		text_str(t, "</b>used of ");
		text_size(t, total);
	} else {
		text_str(t, "unknown</b>");
	}
}

static void write_connections(struct text *t)
{
	text_str(t, "<p>Connections<b>");
	text_count(t, stats.open, "</b>at most ");
	text_count(t, stats.peak, " of ");
	text_count(t, stats.max, ", ");
	text_count(t, stats.accepted, " in all");
}

void status_write_html(struct text *t)
{
	text_str(t, page_top);
	text_str(t, "<p>Uptime<b>");
	text_duration(t, now.tick - stats.started);
	text_str(t, "</b>");
	write_memory(t);
	write_connections(t);
	text_str(t, "<p>Requests<b>");
	text_count(t, stats.requests, "</b>");
	text_count(t, stats.refused, " refused<p>Sent<b>");
	text_size(t, stats.bytes);
	text_str(t, "</b><p class=\"w\">Requests per second<b>");
	text_count(t, value(1, false), "</b>");
	write_curve(t, false);
	text_count(t, highest(false),
		   " at most in the last minute"
		   "<p class=\"w\">Bytes per second<b>");
	text_size(t, value(1, true));
	text_str(t, "</b>");
	write_curve(t, true);
	text_size(t, highest(true));
	text_str(t, " at most in the last minute");
	text_str(t, page_end);
}

static void json_number(struct text *t, const char *key, uint64_t n)
{
	text_str(t, key);
	text_u64(t, n);
}

static void json_curve(struct text *t, const char *key, bool bytes)
{
	text_str(t, key);
	for (unsigned int ago = STATS_SECONDS; ago; ago--) {
		text_u64(t, value(ago, bytes));
		text_char(t, ago > 1 ? ',' : ']');
	}
}

void status_write_json(struct text *t)
{
	size_t total, available;

	unik_memory(&total, &available);
	json_number(t, "{\"uptime_s\":", now.tick - stats.started);
	json_number(t, ",\"memory_total_bytes\":", total);
	json_number(t, ",\"memory_free_bytes\":", available);
	json_number(t, ",\"connections\":", stats.open);
	json_number(t, ",\"connections_peak\":", stats.peak);
	json_number(t, ",\"connections_max\":", stats.max);
	json_number(t, ",\"accepted\":", stats.accepted);
	json_number(t, ",\"requests\":", stats.requests);
	json_number(t, ",\"refused\":", stats.refused);
	json_number(t, ",\"sent_bytes\":", stats.bytes);
	json_curve(t, ",\"rps\":[", false);
	json_curve(t, ",\"bps\":[", true);
	text_str(t, "}\n");
}
