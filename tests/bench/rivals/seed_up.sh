#!/bin/sh
# Steps 3 to 5; nmcli brings each profile up and waits for it. $1: 1 for the VLAN, 0 for the NIC itself as the port.
set -e
nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 stp no autoconnect no
if [ "$1" = 1 ]; then
  nmcli con add type vlan con-name eth0.100 ifname eth0.100 dev eth0 id 100 master cloudbr0 slave-type bridge autoconnect no
  nmcli con add type ethernet con-name eth0 ifname eth0 ipv4.method disabled ipv6.method disabled autoconnect no
else
  nmcli con add type ethernet con-name eth0 ifname eth0 master cloudbr0 slave-type bridge autoconnect no
fi
nmcli con mod cloudbr0 ipv4.addresses 192.168.100.10/24 ipv4.method manual
nmcli con up cloudbr0 # first, because a new activation of the bridge detaches its ports
nmcli con up eth0
if [ "$1" = 1 ]; then nmcli con up eth0.100; fi
