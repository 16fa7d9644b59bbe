#!/bin/bash
# PID 1 under User-Mode-Linux: makes the machine around one command, runs it, and reports its status.
# The root file system is the machine's own (hostfs), rw, so that the command can write its reports.
# /run/lab/command is a script that sets `directory`, `visible` and `terminal` and defines `run_command [WRAPPER...]`.
#   /dev/tty1 standard input and output, or a terminal    /dev/tty2 standard error    /dev/tty3 the exit status
#   /dev/tty4 the terminal's size, whenever it changes
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# Started by an ordinary user, this kernel sees root's files as nobody's: mount, which is setuid, must stay root.
[ -O /bin/mount ] || [ "${1-}" = again ] || exec setpriv --no-new-privs "$0" again

command=$(cat /run/lab/command)          # kept here, as /run is about to be another
directory=/ visible=() terminal=
eval "$command"

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -sfn /proc/self/fd /dev/fd

# /tmp is a new one, since hostfs has no sockets; of the old one, these stay visible
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

# The modules are not where modprobe looks, and making that directory would change the machine.
ln -s "/usr/lib/uml/modules/$(uname -r)" /run/lab/lib/modules/
printf '#!/bin/sh\nexec modprobe --dirname /run/lab "$@"\n' > /run/lab/modprobe
chmod +x /run/lab/modprobe
echo /run/lab/modprobe > /proc/sys/kernel/modprobe
/run/lab/modprobe --all bridge 8021q veth
/run/lab/modprobe bonding max_bonds=0

ip link set lo up
echo lab > /proc/sys/kernel/hostname

# In a pid namespace of its own, so that nothing that the command leaves running holds its output open. What bash has
# to say about how the command ended (8: the command's standard error) is none of its output.
printf '%s\nexec 8>&2 2> /dev/null\nrun_command "$@"\nexit\n' "$command" > /run/lab/command
in_box() { unshare --pid --fork --kill-child --mount-proc bash /run/lab/command "$@"; }

if [ -n "$terminal" ]; then
  # A terminal of its own: this kernel's console has no size, and keeps none that it is given.
  for tty in 1 4; do stty -F /dev/tty$tty raw -echo; done
  read -r -a size <<< "$terminal"
  in_box python3 -I -S "${0%/*}/terminal.py" "${size[@]}" /dev/tty4 < /dev/tty1 > /dev/tty1 2>&1
  status=$?
else
  for tty in 1 2; do stty -F /dev/tty$tty raw -echo; done
  mkfifo /run/lab/stdout /run/lab/stderr
  cat /run/lab/stdout > /dev/tty1 &      # the command shall see pipes, as its caller has them, and no terminal
  cat /run/lab/stderr > /dev/tty2 &
  in_box < /dev/null > /run/lab/stdout 2> /run/lab/stderr
  status=$?
  wait
fi
sync
for tty in 1 2; do stty -F /dev/tty$tty raw; done   # returns when the terminal has handed out all that was written
stty -F /dev/tty3 raw -echo
echo $status > /dev/tty3
exec sleep infinity                      # whoever reads the status now ends this kernel
