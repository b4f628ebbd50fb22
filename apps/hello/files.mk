# SPDX-License-Identifier: BSD-2-Clause
hello-src := apps/hello/hello.c
