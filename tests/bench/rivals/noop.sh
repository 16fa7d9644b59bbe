#!/bin/sh
# What a careful script does before it changes anything: it looks at each profile and at each interface.
set -e
for profile in eth0 cloudbr0; do
  nmcli -t connection show $profile > /dev/null
  nmcli -t device show $profile > /dev/null
done
