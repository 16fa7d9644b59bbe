#!/bin/busybox sh
# The first process of the virtual machine, in its first file system, which has busybox and the modules for the
# machine's files. It reports the start at port 3, puts an overlay over the files to protect them, mounts the shared
# directories for writing, and executes vm-init.sh.
# /lab/settings sets `modules` (the directory, of the `release`), `ports` (numbers), `shared` and `copied` (quoted
# words); /lab/run becomes /run/lab for vm-init.sh.
# shellcheck shell=dash
set -e
modules='' release='' ports='' shared='' copied=''
/bin/busybox --install -s /bin
# shellcheck source=/dev/null
. /lab/settings
mkdir -p /proc /sys /dev /files /upper /root
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev
for module in /lab/modules/*; do insmod "$module"; done
# The driver makes the ports' files some time later, without an event to wait for.
for number in $ports; do until [ -c "/dev/vport0p$number" ]; do usleep 1000; done; done
echo started > /dev/vport0p3

nine() { mount -t 9p -o "trans=virtio,version=9p2000.L,msize=512000,$3" "$1" "$2"; }
nine root /files cache=loose,ro
mount -t tmpfs tmpfs /upper
mkdir /upper/files /upper/work
# For an ordinary user, root's files belong to nobody in this machine: setuid mount must not switch its user.
[ "$(stat -c %u /files/bin/mount)" = 0 ] && suid=suid || suid=nosuid
mount -t overlay -o "$suid,lowerdir=/files,upperdir=/upper/files,workdir=/upper/work" overlay /root

mkdir -p "/root/lib/modules/$release"
mount --bind "/files$modules" "/root/lib/modules/$release"
mount --move /dev /root/dev
mount --move /proc /root/proc
mount -t sysfs sysfs /root/sys
mount -t cgroup2 cgroup2 /root/sys/fs/cgroup
mkdir -p /root/dev/pts /root/dev/shm
mount -t devpts -o ptmxmode=666 devpts /root/dev/pts
mount -t tmpfs -o mode=1777 tmpfs /root/dev/shm
ln -sfn /proc/self/fd /root/dev/fd
mount -t tmpfs -o mode=755 tmpfs /root/run
mount -t tmpfs -o mode=1777 tmpfs /root/tmp
mkdir -p /root/run/lock
cp -r /lab/run /root/run/lab

eval "set -- $copied"
for path; do
  mkdir -p "/root${path%/*}"
  cp -a "/files$path" "/root$path"
done
eval "set -- $shared"
number=0
for path; do
  mkdir -p "/root$path"
  nine "shared$number" "/root$path" cache=mmap
  number=$((number + 1))
done
exec switch_root /root /run/lab/vm-init.sh
