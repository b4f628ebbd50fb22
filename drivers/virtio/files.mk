# SPDX-License-Identifier: BSD-2-Clause
src-y += drivers/virtio/drivers.c
src-y += drivers/virtio/vring.c
src-y += drivers/virtio/virtio.c
src-y += drivers/virtio/virtio_pci.c
src-y += drivers/virtio/virtio_mmio.c
src-y += drivers/virtio/virtio_net.c
src-y += drivers/virtio/virtio_rng.c
src-y += drivers/virtio/virtio_blk.c
src-y += drivers/virtio/virtio_console.c

fast-y += drivers/virtio/vring.c
fast-y += drivers/virtio/virtio_net.c
cold-y += drivers/virtio/virtio_pci.c
cold-y += drivers/virtio/virtio_mmio.c
cold-y += drivers/virtio/virtio_rng.c
cold-y += drivers/virtio/virtio.c
