#!/bin/sh
# PID 1 of a node. It lives as long as its standard input, a pipe that the lab holds open: when the lab ends in
# whatever way, this ends, and the kernel then ends everything in the node and drops its mounts.
#   node-init.sh NAME             a bare node: namespaces and an empty /run
#   node-init.sh NAME host ROOT   a host: also a system bus of its own, and NetworkManager's directories
set -eu
mount() { command mount --no-mtab "$@"; }   # else it leaves a /run/mount on the machine
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

hostname "$1"
mount -t sysfs sysfs /sys          # /sys shows the network namespace it was mounted in
mount -t tmpfs -o mode=755 tmpfs /run
ip link set lo up

if [ "${2-}" = host ]; then
  root=${3%/}
  # NetworkManager looks whether /sys is writable; if not, it does without udev, which a node has none of.
  # What it really writes is below these two, and they stay writable.
  for directory in /sys/class /sys/devices; do mount --bind $directory $directory; done
  mount -o remount,bind,ro /sys

  mount -t tmpfs -o mode=755 tmpfs /etc/NetworkManager
  # The whole of it, since what a program under test keeps there must not land on this machine.
  mount -t tmpfs -o mode=755 tmpfs /var/lib
  mkdir /var/lib/NetworkManager
  mkdir -p /run/dbus /run/lock "$root/usr/share/dbus-1/system-services"
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
