// SPDX-License-Identifier: BSD-2-Clause
#include "welcome.h"

const char welcome_page[WELCOME_BYTES + 1] =
	"<!doctype html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<title>It works</title>\n"
	"<style>\n"
	"body{font:1.1rem/1.6 system-ui;max-width:32em;margin:18vh auto;padding:0 1.5em}\n"
	"a{color:#2a7ae2}\n"
	"</style>\n"
	"<h1>It works</h1>\n"
	"<p>A C program, linked with libunik, is all that runs on this machine:\n"
	"there is no other system below it.\n"
	"<p>It was given no site to show, so it sends this page instead. Pack one\n"
	"into an archive, hand that over at boot, and it will be here.\n"
	"<p><a href=\"/status\">How this machine is doing</a>\n"
	"</html>\n";

_Static_assert(sizeof(welcome_page) == WELCOME_BYTES + 1, "as it was counted");
