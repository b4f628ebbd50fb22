// SPDX-License-Identifier: BSD-2-Clause
/*
 * board.S - the device tree of a board whose loader may have none for us: a Raspberry Pi 3. It names
 * what there is a driver for, by the addresses that the CPU uses; boot.c adds RAM and words.
 *
 * Ref: Devicetree Specification v0.4, chapter 5; BCM2835 ARM Peripherals, 1.2, 7.5, 13; BCM2836 ARM
 * quad-A7 core peripherals (QA7_rev3.4), 3; the bindings brcm,bcm2836-l1-intc, -armctrl-ic.
 */

/* All numbers of a tree are big-endian. */
	.macro	cells first, rest:vararg
	.byte	(\first) >> 24 & 0xff, (\first) >> 16 & 0xff, (\first) >> 8 & 0xff, (\first) & 0xff
	.ifnb	\rest
	cells	\rest
	.endif
	.endm
	.macro	begin name
	cells	1
	.asciz	"\name"
	.balign	4
	.endm
	.macro	end
	cells	2
	.endm
	/* property NAME, CELLS…: of numbers, or of none */
	.macro	property name, values:vararg
	cells	3, 772f - 771f, name_\name - names
771:
	.ifnb	\values
	cells	\values
	.endif
772:
	.endm
	.macro	text name, value
	cells	3, 772f - 771f, name_\name - names
771:	.asciz	"\value"
772:	.balign	4
	.endm

	.section .rodata.board_tree, "a", @progbits
	.balign	8
	.globl	board_tree
board_tree:
	cells	0xd00dfeed, tree_end - board_tree, structure - board_tree, names - board_tree
	cells	reserved - board_tree, 17, 16, 0, names_end - names, names - structure
reserved:
	cells	0, 0, 0, 0

structure:
	begin	""
	property address_cells, 1
	property size_cells, 1

	begin	"intc@40000000"
	text	compatible, "brcm,bcm2836-l1-intc"
	property reg, 0x40000000, 0x100
	property interrupt_controller
	property interrupt_cells, 1
	property phandle, 1
	end
	begin	"intc@3f00b200"
	text	compatible, "brcm,bcm2836-armctrl-ic"
	property reg, 0x3f00b200, 0x200
	property interrupt_controller
	property interrupt_cells, 2
	property phandle, 2
	end
	begin	"timer"
	text	compatible, "arm,armv8-timer"
	property interrupt_parent, 1
	property interrupts, 0, 1, 3, 2
	end
	begin	"serial@3f201000"
	text	compatible, "arm,pl011"
	property reg, 0x3f201000, 0x200
	property interrupt_parent, 2
	property interrupts, 2, 25
	end
	begin	"watchdog@3f100000"
	text	compatible, "brcm,bcm2835-pm-wdt"
	property reg, 0x3f100000, 0x28
	end

	end
	cells	9
names:
name_address_cells: .asciz "#address-cells"
name_size_cells: .asciz "#size-cells"
name_compatible: .asciz "compatible"
name_reg: .asciz "reg"
name_interrupt_controller: .asciz "interrupt-controller"
name_interrupt_cells: .asciz "#interrupt-cells"
name_phandle: .asciz "phandle"
name_interrupt_parent: .asciz "interrupt-parent"
name_interrupts: .asciz "interrupts"
names_end:
	.balign	4
tree_end:

	.section .note.GNU-stack, "", @progbits
