#!/bin/sh
# Steps 3 to 5 as an operator types them, step 4 in the form that works (a VLAN device accepts only vlan profiles).
set -e
nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 autoconnect no
nmcli con add type vlan con-name eth0.100 ifname eth0.100 dev eth0 id 100 master cloudbr0 slave-type bridge autoconnect no
nmcli con add type ethernet con-name eth0 ifname eth0 ipv4.method disabled ipv6.method disabled autoconnect no
nmcli con mod cloudbr0 ipv4.addresses 192.168.100.10/24 ipv4.method manual
