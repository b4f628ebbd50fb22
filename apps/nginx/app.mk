# SPDX-License-Identifier: BSD-2-Clause
nginx-archive := nginx_1.22.1.orig.tar.gz
nginx-sha256  := 9ebb333a9e82b952acd3e2b4aeb1d4ff6406f72491bab6cd9fe69f0dea737f31
nginx-beside  := nginx
nginx-licence := BSD-2-Clause
nginx-deps    := zlib
nginx-images  := nginx=objs/nginx
nginx-modules := build/nginx.cpio
nginx-ports   := 8080:80 8081:81
nginx-mem     := 128M
nginx-args    := -p /

# Its configure runs what it compiles; apps/nginx/cc makes that a guest. No PCRE, no TLS.
define nginx-configure
cp -R "$$SRC"/. .
./configure --crossbuild=Unik:1:$${HOST%-unik} --with-cc="$$HERE"/cc \
	--with-cc-opt="-Os -I$$DEPS/zlib/root/include" \
	--with-ld-opt="-L$$DEPS/zlib/root/lib -Wl,-Map,objs/nginx.map" --with-http_v2_module \
	--prefix=/ --conf-path=/nginx.conf --error-log-path=stderr --http-log-path=/dev/null \
	--pid-path=/nginx.pid --lock-path=/nginx.lock --http-client-body-temp-path=/tmp/body \
	--without-http_rewrite_module --without-http_proxy_module \
	--without-http_fastcgi_module --without-http_uwsgi_module --without-http_scgi_module \
	--without-http_grpc_module --without-http_upstream_zone_module
endef

nginx-make := make -j$$JOBS -f objs/Makefile objs/nginx CC=unik-cc LINK=unik-cc

build/nginx.cpio: tools/mkarchive $(shell find apps/nginx/files -type f)
	$(call say,PACK,$@)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/mkarchive -o $@ apps/nginx/files
