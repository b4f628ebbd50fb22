# SPDX-License-Identifier: BSD-2-Clause
"""The parts of the `unik` tool; `cli` is the way in.

    qemu        an image and the user's wishes -> a QEMU command line
    run         one guest from start to exit status
    accel       does a guest really run on this machine's KVM?
    symbolize   panic backtraces: addresses -> functions and source lines
    elf         the ELF and ar subset that the other parts read
    linkmap     the linker's map file
    size        what is in an image, and why
    iso         bootable CD images
"""
