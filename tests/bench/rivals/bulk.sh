#!/bin/sh
# Many profiles by nmcli, which adds and changes one at a time, and can delete them all at once.
set -e
work=$1
profiles=$(seq 0 $(($2 - 1)))
case $work in
  add)
    for i in $profiles; do
      nmcli con add type vlan con-name "bulk$i" ifname "bulk$i" dev trunk0 id $((1 + i % 4094)) autoconnect no \
        ipv4.method disabled ipv6.method disabled
    done
    ;;
  change) for i in $profiles; do nmcli con mod "bulk$i" 802-3-ethernet.mtu 1400; done ;;
  remove)
    set --
    for i in $profiles; do set -- "$@" "bulk$i"; done
    nmcli con delete "$@"
    ;;
  *) exit 2 ;;
esac
