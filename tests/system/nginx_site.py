# SPDX-License-Identifier: BSD-2-Clause
"""What nginx serves in the tests: the example's site with pages of known contents, and one more
server that logs into files and keeps connections for long."""

import os
import shutil
import subprocess
import sys

import app
from guest import ROOT
from web import MKARCHIVE, PAGE_BYTES

EXAMPLE = os.path.join(ROOT, "apps", "nginx")
PAGE = (b"<!doctype html><title>test</title>\n" + b"libunik " * 100)[:PAGE_BYTES]
LARGE = bytes(range(256)) * 4096
ARGS = ["-p", "/"]
MEM = "128M"
PACKED = "build/nginx-tls.cpio"
CERTIFICATE = os.path.join(ROOT, "build", "nginx-tls", "servers", "cert.pem")
LOGGING = """
server {
    listen 82;
    root /html;
    keepalive_timeout 600;
    keepalive_requests 1000000;
    error_log /error.log info;
    location / { access_log /access.log; }
    location /quiet/ { alias /html/; }
    location = /access.log { root /; types { } default_type text/plain; }
    location = /error.log { root /; types { } default_type text/plain; }
}
"""


def build():
    """Both images and the key that the example's packing makes."""
    app.build("nginx", PACKED)


def make(folder, tls=False):
    """A boot archive in `folder`; returns its path."""
    site = os.path.join(folder, "site")
    shutil.copytree(os.path.join(ROOT, "build", "nginx-tls") if tls else
                    os.path.join(EXAMPLE, "files"), site)
    for name, data in (("html/page.html", PAGE), ("html/large.bin", LARGE),
                       ("servers/logging.conf", LOGGING.encode())):
        os.makedirs(os.path.dirname(os.path.join(site, name)), exist_ok=True)
        with open(os.path.join(site, name), "wb") as file:
            file.write(data)
    conf = os.path.join(site, "nginx.conf")
    with open(conf, encoding="ascii") as file:
        text = file.read()
    with open(conf, "w", encoding="ascii") as file:
        file.write(text.replace("worker_connections 1024", "worker_connections 12000"))
    output = os.path.join(folder, "site.cpio")
    subprocess.run([sys.executable, MKARCHIVE, "-o", output, site], check=True)
    return output
