# SPDX-License-Identifier: BSD-2-Clause
src-y += lib/base/chacha20.c
src-y += lib/base/cmdline.c
src-y += lib/base/fmt.c
src-y += lib/base/pheap.c
src-y += lib/base/ranges.c
fast-y += lib/base/chacha20.c
