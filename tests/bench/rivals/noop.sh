#!/bin/sh
# A careful script looks at each profile and at each interface before it changes anything.
set -e
for profile in eth0 cloudbr0; do
  nmcli -t connection show $profile > /dev/null
  nmcli -t device show $profile > /dev/null
done
