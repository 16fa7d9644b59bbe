#!/bin/sh
# PID 1 of a node. It runs until its standard input ends, a pipe that the lab holds open: however the lab ends, this
# process ends, and the kernel then ends all processes of the node and removes its mounts.
#   node-init.sh NAME DIRECTORIES TABLE BINDS             a bare node: namespaces, an empty /run, the mounts of files.py
#   node-init.sh NAME DIRECTORIES TABLE BINDS host ROOT   a host: also its own system bus
set -eu
mount() { command mount --no-mtab "$@"; }   # without --no-mtab it would make /run/mount on the machine
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

hostname "$1"
directories=$2 table=$3 binds=$4 machine=/run/overlay/machine
mount -t tmpfs -o mode=755 tmpfs /run
# shellcheck disable=SC2086        # a list of words
mkdir -p $directories $machine
chmod 700 /run/overlay/2/new       # the mode of /root
printf %s "$table" > /run/overlay/table
[ -z "$binds" ] || mount --rbind / $machine
if ! mount --all --types overlay --fstab /run/overlay/table 2> /dev/null; then
  # An old kernel, or too many nested overlays: copy the small directories instead.
  copies=/run/overlay/copies
  mkdir -p $copies/etc $copies/var
  cp -a /etc/. $copies/etc 2> /dev/null || true     # an ordinary user cannot read all files
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
  # If /sys is not writable, NetworkManager does not use udev, which a node does not have. It needs to write below
  # these two directories, which remain writable.
  for directory in /sys/class /sys/devices; do mount --bind $directory $directory; done
  mount -o remount,bind,ro /sys

  mkdir -p /var/lib/NetworkManager /run/dbus /run/lock "$root/usr/share/dbus-1/system-services"
  # Without services, the bus does not start slow ones of the machine.
  mount -t tmpfs -o ro tmpfs "$root/usr/share/dbus-1/system-services"
  if [ -n "$root" ]; then          # the daemons run in another tree; both trees share the files that they write
    for directory in /proc /sys /dev /run /etc/NetworkManager /var/lib/NetworkManager; do
      mkdir -p "$root$directory"
      mount --rbind "$directory" "$root$directory"
    done
  fi
  # Without <user>: the user namespace of an ordinary user has no other user to switch to. Mounted over the original,
  # because the configuration names other files relative to itself.
  sed '/<user>/d' "$root/usr/share/dbus-1/system.conf" > /run/dbus/lab.conf
  mount --bind /run/dbus/lab.conf "$root/usr/share/dbus-1/system.conf"
  # --nosyslog keeps the bus's messages out of the machine's journal.
  ${root:+chroot "$root"} dbus-daemon --system --fork --nopidfile --nosyslog < /dev/null > /dev/null
fi

echo ready
trap '' CHLD                       # ignored by cat, too, so that the kernel reaps orphans
exec cat > /dev/null
