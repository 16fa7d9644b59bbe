#!/bin/sh
# PID 1 of a node. It lives as long as its standard input, a pipe that the lab holds open: when the lab ends in
# whatever way, this ends, and the kernel then ends everything in the node and drops its mounts.
#   node-init.sh NAME DIRECTORIES TABLE BINDS             a bare node: namespaces, an empty /run, and what files.py wants
#   node-init.sh NAME DIRECTORIES TABLE BINDS host ROOT   a host: also a system bus of its own
set -eu
mount() { command mount --no-mtab "$@"; }   # else it leaves a /run/mount on the machine
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

hostname "$1"
directories=$2 table=$3 binds=$4 machine=/run/overlay/machine
mount -t tmpfs -o mode=755 tmpfs /run
# shellcheck disable=SC2086        # a list of words
mkdir -p $directories $machine
chmod 700 /run/overlay/2/new       # what /root will have
printf %s "$table" > /run/overlay/table
[ -z "$binds" ] || mount --rbind / $machine
if ! mount --all --types overlay --fstab /run/overlay/table 2> /dev/null; then
  # An old kernel, or two overlays below these already: copies instead, of what is small.
  copies=/run/overlay/copies
  mkdir -p $copies/etc $copies/var
  cp -a /etc/. $copies/etc 2> /dev/null || true     # an ordinary user may not read all of it
  for path in /var/*; do
    if [ -L "$path" ]; then cp -a "$path" $copies/var; else mkdir "$copies$path"; fi
  done
  mount --bind $copies/etc /etc
  mount --bind $copies/var /var
  mount -t tmpfs -o mode=700 tmpfs /root
fi
mount --all --types nooverlay --fstab /run/overlay/table
if [ -n "$binds" ]; then
  while read -r option path; do
    [ -z "$path" ] || [ -e "$path" ] || mkdir -p "$path"
    [ -z "$path" ] || mount -o "$option" "$machine$path" "$path"
  done << END
$binds
END
  umount --lazy $machine
fi
ip link set lo up

if [ "${5-}" = host ]; then
  root=${6%/}
  # NetworkManager looks whether /sys is writable; if not, it does without udev, which a node has none of.
  # What it really writes is below these two, and they stay writable.
  for directory in /sys/class /sys/devices; do mount --bind $directory $directory; done
  mount -o remount,bind,ro /sys

  mkdir -p /var/lib/NetworkManager /run/dbus /run/lock "$root/usr/share/dbus-1/system-services"
  # No services for the bus to start: they would be the machine's, and slow.
  mount -t tmpfs -o ro tmpfs "$root/usr/share/dbus-1/system-services"
  if [ -n "$root" ]; then          # the daemons run in another tree; both trees share what the daemons write
    for directory in /proc /sys /dev /run /etc/NetworkManager /var/lib/NetworkManager; do
      mkdir -p "$root$directory"
      mount --rbind "$directory" "$root$directory"
    done
  fi
  # Its user is left out: the namespace of somebody who is not root has no other user to become. Mounted over the
  # original, which names other files relative to itself.
  sed '/<user>/d' "$root/usr/share/dbus-1/system.conf" > /run/dbus/lab.conf
  mount --bind /run/dbus/lab.conf "$root/usr/share/dbus-1/system.conf"
  # --nosyslog: the machine's own journal is no place for messages from here
  ${root:+chroot "$root"} dbus-daemon --system --fork --nopidfile --nosyslog < /dev/null > /dev/null
fi

echo ready
trap '' CHLD                       # ignored, also by cat: the kernel then reaps the orphans itself
exec cat > /dev/null
