# SPDX-License-Identifier: BSD-2-Clause
# What jobs use in dom0. A guest NAME has its configuration in /job/NAME.cfg.

# say TEXT...: a line of the log, with the time since dom0 started.
say() {
	read -r uptime _ </proc/uptime
	echo "RIG: [$uptime] $*"
}

# until_true SECONDS COMMAND...: try it four times a second until it succeeds; 1 when it never does.
# More often would take the CPU from the guests.
until_true() {
	tries=$(($1 * 4))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.25
	done
}

start_store() {
	xenstored --pid-file /run/xenstored.pid || say "xenstored does not start"
	until_true 20 xenstore-read -s / || say "xenstored does not answer"
}

# start NAME...: create the guests; they run when xl has done most of its work.
start() {
	for name in "$@"; do
		# Once in some hundred times xl itself aborts: the reason is not known; it is said.
		xl create -q -p "/job/$name.cfg" || {
			say "xl create $name failed, once more"
			cat "/var/log/xen/qemu-dm-$name.log" 2>/dev/null
			xl destroy "$name" 2>/dev/null
			xl create -q -p "/job/$name.cfg" || return 1
		}
		xl unpause "$name" || return 1
	done
}

has_ended() {
	grep -q "^Domain .* has shut down" "/var/log/xen/xl-$1.log"
}

is_gone() {
	! xl domid "$1"
}

# Xen's console and the serial port that an HVM guest has.
consoles() {
	ls /var/log/xen/console/guest-$1.log /var/log/xen/console/serial-$1.log 2>/dev/null
}

# show NAME: what it wrote to its console.
show() {
	cat $(consoles $1) | tr -d '\r' | sed "s/^/GUEST $1| /"
	echo
}

# console_has NAME TEXT
console_has() {
	cat $(consoles $1) | grep -qF -- "$2"
}

# finish NAME SECONDS: wait for its end, report status, reason and console, and remove it.
finish() {
	ended=0
	until_true "$2" has_ended "$1" || ended=1
	id=$(xl domid "$1")
	reason=$(sed -n 's/.*shut down, reason code \([0-9]*\).*/\1/p' "/var/log/xen/xl-$1.log")
	status=$(xenstore-read "/local/domain/$id/data/exit-status" 2>/dev/null)
	[ $ended = 0 ] || xenctx "$id"
	show "$1"
	echo "END $1 status=${status:-none} reason=${reason:-none}"
	xl destroy "$1"
	until_true 20 is_gone "$1" || ended=1
	return $ended
}

# run_guests SECONDS NAME...: one after the other.
run_guests() {
	seconds=$1
	shift
	result=0
	for guest in "$@"; do
		start "$guest" && finish "$guest" "$seconds" || result=1
	done
	return $result
}
