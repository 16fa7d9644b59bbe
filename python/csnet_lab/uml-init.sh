#!/bin/bash
# PID 1 under User-Mode-Linux: makes the machine around one command, runs it, and reports its status.
# The root file system is the machine's own (hostfs), rw, so that the command can write its reports.
# /run/lab/command is a script that sets `directory`, `visible` and `terminal` and defines `run_command [WRAPPER...]`.
#   /dev/tty1 standard input and output, or a terminal    /dev/tty2 standard error    /dev/tty3 the exit status
#   /dev/tty4 the terminal's size, whenever it changes
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# For an ordinary user, root's files belong to nobody under this kernel: setuid mount must not switch its user.
[ -O /bin/mount ] || [ "${1-}" = again ] || exec setpriv --no-new-privs "$0" again

command=$(cat /run/lab/command)          # kept here, since a new /run will hide it
directory=/ visible=() terminal=
eval "$command"

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -sfn /proc/self/fd /dev/fd

# a new /tmp, since hostfs has no sockets; these paths of the old one remain visible
kept=() descriptors=()
for path in "$directory" "${visible[@]}"; do
  [ "${path#/tmp/}" != "$path" ] || continue
  exec {descriptor}< "$path"
  kept+=("$path") descriptors+=("$descriptor")
done
mount -t tmpfs -o mode=1777 tmpfs /tmp
for index in "${!kept[@]}"; do
  path=${kept[index]} descriptor=${descriptors[index]}
  if [ -d "/proc/self/fd/$descriptor" ]; then
    mkdir -p "$path"
  elif [ ! -e "$path" ]; then
    mkdir -p "${path%/*}"
    : > "$path"
  fi
  mount --no-canonicalize --bind "/proc/self/fd/$descriptor" "$path"
  exec {descriptor}<&-
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/lab/lib/modules

# modprobe does not look in the modules' directory, and making one where it looks would change the machine.
ln -s "/usr/lib/uml/modules/$(uname -r)" /run/lab/lib/modules/
printf '#!/bin/sh\nexec modprobe --dirname /run/lab "$@"\n' > /run/lab/modprobe
chmod +x /run/lab/modprobe
echo /run/lab/modprobe > /proc/sys/kernel/modprobe
/run/lab/modprobe --all bridge 8021q veth
/run/lab/modprobe bonding max_bonds=0

ip link set lo up
echo lab > /proc/sys/kernel/hostname

# In its own pid namespace, so that no process that the command leaves running holds its output open. bash's messages
# about the end of the command are not part of the command's output (8: the command's standard error).
printf '%s\nexec 8>&2 2> /dev/null\nrun_command "$@"\nexit\n' "$command" > /run/lab/command
in_box() { unshare --pid --fork --kill-child --mount-proc bash /run/lab/command "$@"; }

if [ -n "$terminal" ]; then
  # A new terminal: this kernel's console has no size, and does not keep one.
  for tty in 1 4; do stty -F /dev/tty$tty raw -echo; done
  read -r -a size <<< "$terminal"
  in_box python3 -I -S "${0%/*}/terminal.py" "${size[@]}" /dev/tty4 < /dev/tty1 > /dev/tty1 2>&1
  status=$?
else
  for tty in 1 2; do stty -F /dev/tty$tty raw -echo; done
  mkfifo /run/lab/stdout /run/lab/stderr
  cat /run/lab/stdout > /dev/tty1 &      # the command must see pipes, as outside, not a terminal
  cat /run/lab/stderr > /dev/tty2 &
  in_box < /dev/null > /run/lab/stdout 2> /run/lab/stderr
  status=$?
  wait
fi
sync
for tty in 1 2; do stty -F /dev/tty$tty raw; done   # returns when the terminal has passed on all output
stty -F /dev/tty3 raw -echo
echo $status > /dev/tty3
exec sleep infinity                      # the reader of the status ends this kernel
