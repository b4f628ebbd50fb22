# SPDX-License-Identifier: BSD-2-Clause
# Two images of one source: nginx, and nginx-tls with TLS by apps/openssl, which is three times as
# large.
nginx-archive := nginx_1.22.1.orig.tar.gz
nginx-sha256  := 9ebb333a9e82b952acd3e2b4aeb1d4ff6406f72491bab6cd9fe69f0dea737f31
nginx-beside  := nginx
nginx-licence := BSD-2-Clause
nginx-deps    := zlib openssl
nginx-images  := nginx=plain/nginx nginx-tls=tls/nginx
nginx-modules := build/nginx.cpio
nginx-ports   := 8080:80 8081:81
nginx-mem     := 128M
nginx-args    := -p /
nginx-tls-modules := build/nginx-tls.cpio
nginx-tls-ports   := 8080:80 8443:443
nginx-tls-mem     := 128M
nginx-tls-args    := -p /

# A server of files: what asks other servers is left out. No PCRE. Its configure runs what it
# compiles; apps/nginx/cc makes that a guest.
define nginx-configure
cp -R "$$SRC"/. .
configure() {
	folder=$$1
	shift
	./configure --builddir="$$folder" --crossbuild=Unik:1:$${HOST%-unik} --with-cc="$$HERE"/cc \
		--with-cc-opt="-Os -I$$DEPS/zlib/root/include -I$$DEPS/openssl/root/include" \
		--with-ld-opt="-L$$DEPS/zlib/root/lib -L$$DEPS/openssl/root/lib -Wl,-Map,$$folder/nginx.map" \
		--prefix=/ --conf-path=/nginx.conf --error-log-path=stderr --http-log-path=/dev/null \
		--pid-path=/nginx.pid --lock-path=/nginx.lock --http-client-body-temp-path=/tmp/body \
		--with-http_v2_module --without-http-cache --without-http_rewrite_module \
		--without-http_proxy_module --without-http_memcached_module \
		--without-http_fastcgi_module --without-http_uwsgi_module --without-http_scgi_module \
		--without-http_grpc_module --without-http_upstream_hash_module \
		--without-http_upstream_ip_hash_module --without-http_upstream_least_conn_module \
		--without-http_upstream_random_module --without-http_upstream_keepalive_module \
		--without-http_upstream_zone_module "$$@"
}
configure plain
configure tls --with-http_ssl_module
endef

define nginx-make
for folder in plain tls; do
	make -j$$JOBS -f $$folder/Makefile $$folder/nginx CC=unik-cc LINK=unik-cc
done
endef

build/nginx.cpio: tools/mkarchive $(shell find apps/nginx/files -type f)
	$(call say,PACK,$@)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/mkarchive -o $@ apps/nginx/files

# With a key that nobody else has and a certificate that nobody knows.
build/nginx-tls.cpio: tools/mkarchive $(shell find apps/nginx/files apps/nginx/files-tls -type f)
	$(Q)tools/need-packages openssl
	$(call say,PACK,$@)
	$(Q)rm -rf build/nginx-tls && mkdir -p build/nginx-tls
	$(Q)cp -R apps/nginx/files/. apps/nginx/files-tls/. build/nginx-tls
	$(Q)openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
		-subj /CN=localhost -keyout build/nginx-tls/servers/key.pem \
		-out build/nginx-tls/servers/cert.pem 2>build/nginx-tls.log || { cat build/nginx-tls.log; exit 1; }
	$(Q)$(PYTHON) tools/mkarchive -o $@ build/nginx-tls
