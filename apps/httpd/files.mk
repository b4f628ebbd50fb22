# SPDX-License-Identifier: BSD-2-Clause
httpd-src := $(addprefix apps/httpd/,main.c server.c poller.c timers.c now.c stats.c conn.c \
	reply.c files.c mime.c status.c welcome.c log.c text.c http.c http_path.c http_body.c \
	http_reply.c http_date.c)
httpd-modules := build/httpd-www.cpio
httpd-ports := 8080:80

# Only the parser is worth its size in speed; the rest of a request is a few straight lines.
$(foreach s,$(filter-out apps/httpd/http.c,$(httpd-src)),$(eval cflags-$s = $$(opt-cold)))
cflags-apps/httpd/http.c = $(opt-fast)

httpd-www := $(wildcard apps/httpd/www apps/httpd/www/* apps/httpd/www/*/*)

build/httpd-www.cpio: tools/mkarchive $(httpd-www)
	$(call say,PACK,$@)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/mkarchive -o $@ apps/httpd/www
