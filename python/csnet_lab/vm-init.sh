#!/bin/bash
# PID 1 of the virtual machine, after vm-start.sh: makes the machine around a command, runs it, and reports its status.
# /run/lab/command is a script that sets `terminal` (rows and columns, or empty) and defines
# `run_command [WRAPPER...]`.
#   /dev/vport0p4 keys of a terminal    p5 its size, whenever it changes    p1 standard output    p2 standard error
#   /dev/vport0p3 the exit status, and the numbers of bytes sent to p1 and p2, as ports can overtake each other
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

command=$(cat /run/lab/command)
terminal=
eval "$command"

modprobe --all e1000e bridge 8021q veth
modprobe bonding max_bonds=0
ip link set lo up
echo lab > /proc/sys/kernel/hostname

# In its own pid namespace, so that no process that the command leaves running holds its output open. bash's messages
# about the end of the command are not part of the command's output (8: the command's standard error).
printf '%s\nexec 8>&2 2> /dev/null\nrun_command "$@"\nexit\n' "$command" > /run/lab/command
in_box() { unshare --pid --fork --kill-child --mount-proc bash /run/lab/command "$@"; }
pass_on() { tee "/dev/vport0p$2" < "/run/lab/$1" | wc -c > "/run/lab/$1.bytes"; }

mkfifo /run/lab/stdout /run/lab/stderr
pass_on stdout 1 &
pass_on stderr 2 &
if [ -n "$terminal" ]; then
  read -r -a size <<< "$terminal"
  in_box python3 -I -S "${0%/*}/terminal.py" "${size[@]}" /dev/vport0p5 < /dev/vport0p4 > /run/lab/stdout 2> /run/lab/stderr
else
  in_box < /dev/null > /run/lab/stdout 2> /run/lab/stderr
fi
status=$?
wait
sync
echo "$status $(< /run/lab/stdout.bytes) $(< /run/lab/stderr.bytes)" > /dev/vport0p3
exec sleep infinity                      # the reader of the status ends this kernel
