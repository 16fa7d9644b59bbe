"""The options that come from csnet's fields.

Made by tests/ansible/make_arguments.py from csnet's own tables: do not edit.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment:
    MANAGEMENT = r"""
    options:
      uplink:
        description:
          - The NIC (step 1); a list of NICs, which become an LACP bond; or {bond, ports, mode, options}.
        type: raw
        required: true
      vlan:
        description:
          - 'The VLAN''s number; left out: untagged (step 2).'
        type: int
      bridge:
        description:
          - The zone's KVM traffic label; default cloudbr0 (step 3).
        type: str
      addresses:
        description:
          - Of the bridge, at least one IPv4 (step 5).
        type: list
        elements: str
        required: true
      gateway:
        description:
          - IPv4 default gateway, inside an address's network.
        type: str
      gateway6:
        description:
          - IPv6 default gateway.
        type: str
      dns:
        description:
          - Name servers' addresses.
        type: list
        elements: str
      dns_search:
        description:
          - Search domains.
        type: list
        elements: str
        aliases:
          - dns-search
      mtu:
        description:
          - 'Bytes, for every link of it; left out: the kernel''s.'
        type: int
      stp:
        description:
          - 'Left out: NetworkManager''s default, on: 2 × 15 s of silence.'
        type: bool
      mac_address:
        description:
          - 'Pins the bridge''s address; left out: its uplink''s.'
        type: str
        aliases:
          - mac-address
          - mac
      servers:
        description:
          - Management servers, which must stay reachable on TCP 8250.
        type: list
        elements: str
    """

    PROFILE = r"""
    options:
      type:
        description:
          - Bridge, vlan, bond or ethernet.
        type: str
        required: true
        choices:
          - bridge
          - vlan
          - bond
          - ethernet
      name:
        description:
          - The profile's name.
          - NetworkManager's C(connection.id).
        type: str
        aliases:
          - con-name
      interface_name:
        description:
          - 1 to 15 bytes.
          - NetworkManager's C(connection.interface-name).
        type: str
        aliases:
          - interface-name
          - ifname
      uuid:
        description:
          - 'Empty: csnet makes one.'
          - NetworkManager's C(connection.uuid).
        type: str
      autoconnect:
        description:
          - NetworkManager brings it up on its own; default true.
          - NetworkManager's C(connection.autoconnect).
        type: bool
      autoconnect_priority:
        description:
          - Of several profiles for one interface, NetworkManager brings up the highest; default 0.
          - NetworkManager's C(connection.autoconnect-priority).
        type: int
        aliases:
          - autoconnect-priority
      controller:
        description:
          - Interface name, uuid or profile name of the bridge or bond that this is a port of; '' detaches.
          - NetworkManager's C(connection.master).
        type: str
        aliases:
          - master
      port:
        description:
          - '{type: bridge, …} or {type: bond, …}: the settings of this port.'
          - NetworkManager's C(connection.slave-type).
        type: dict
        suboptions:
          type:
            description:
              - 'Bridge or bond: what the controller is.'
            type: str
            required: true
            choices:
              - bridge
              - bond
          priority:
            description:
              - Of a bridge profile or port. STP priority of the port; default 32.
              - NetworkManager's C(bridge-port.priority).
            type: int
          path_cost:
            description:
              - Of a bridge profile or port. STP cost; default 100.
              - NetworkManager's C(bridge-port.path-cost).
            type: int
            aliases:
              - path-cost
          hairpin_mode:
            description:
              - Of a bridge profile or port. Send frames back out of the port that they came from; default
                false.
              - NetworkManager's C(bridge-port.hairpin-mode).
            type: bool
            aliases:
              - hairpin-mode
              - hairpin
          queue_id:
            description:
              - Of a bond profile or port. Transmit queue; default 0.
              - NetworkManager's C(bond-port.queue-id).
            type: int
            aliases:
              - queue-id
      zone:
        description:
          - Firewalld's zone; '' is its default zone.
          - NetworkManager's C(connection.zone).
        type: str
      mtu:
        description:
          - 'Bytes, from 68; 0 is the default: the kernel''s.'
          - NetworkManager's C(802-3-ethernet.mtu).
        type: int
      cloned_mac_address:
        description:
          - An address for the interface to take, or preserve, permanent, random or stable; '' is the default.
          - NetworkManager's C(802-3-ethernet.cloned-mac-address).
        type: str
        aliases:
          - cloned-mac-address
          - cloned-mac
      ipv4:
        description:
          - IPv4 of the interface; a port has none.
          - NetworkManager's C(ipv4).
        type: dict
        suboptions:
          method:
            description:
              - Auto (the default), manual, disabled, link-local or shared.
              - NetworkManager's C(ipv4.method).
            type: str
            choices:
              - auto
              - manual
              - disabled
              - link-local
              - shared
          addresses:
            description:
              - Static addresses with their prefix.
              - NetworkManager's C(ipv4.addresses).
            type: list
            elements: str
          gateway:
            description:
              - Default gateway; needs an address.
              - NetworkManager's C(ipv4.gateway).
            type: str
          routes:
            description:
              - '''DESTINATION/PREFIX [NEXT-HOP] [METRIC]'' each.'
              - NetworkManager's C(ipv4.routes).
            type: list
            elements: str
          dns:
            description:
              - Name servers' addresses.
              - NetworkManager's C(ipv4.dns).
            type: list
            elements: str
          dns_search:
            description:
              - Search domains.
              - NetworkManager's C(ipv4.dns-search).
            type: list
            elements: str
            aliases:
              - dns-search
          route_metric:
            description:
              - -1 is the default, which NetworkManager chooses by the device's type.
              - NetworkManager's C(ipv4.route-metric).
            type: int
            aliases:
              - route-metric
          never_default:
            description:
              - Never hold the default route; default false.
              - NetworkManager's C(ipv4.never-default).
            type: bool
            aliases:
              - never-default
          may_fail:
            description:
              - The profile is active even when this family failed, if the other did not; default true.
              - NetworkManager's C(ipv4.may-fail).
            type: bool
            aliases:
              - may-fail
          dad_timeout:
            description:
              - Milliseconds of duplicate address detection; 0 is off, -1 the default (0 before NetworkManager
                1.46).
              - NetworkManager's C(ipv4.dad-timeout).
            type: int
            aliases:
              - dad-timeout
      ipv6:
        description:
          - IPv6 of the interface; a port has none.
          - NetworkManager's C(ipv6).
        type: dict
        suboptions:
          method:
            description:
              - Auto (the default), manual, disabled, link-local, shared, ignore or dhcp.
              - NetworkManager's C(ipv6.method).
            type: str
            choices:
              - auto
              - manual
              - disabled
              - link-local
              - shared
              - ignore
              - dhcp
          addresses:
            description:
              - Static addresses with their prefix.
              - NetworkManager's C(ipv6.addresses).
            type: list
            elements: str
          gateway:
            description:
              - Default gateway; needs an address.
              - NetworkManager's C(ipv6.gateway).
            type: str
          routes:
            description:
              - '''DESTINATION/PREFIX [NEXT-HOP] [METRIC]'' each.'
              - NetworkManager's C(ipv6.routes).
            type: list
            elements: str
          dns:
            description:
              - Name servers' addresses.
              - NetworkManager's C(ipv6.dns).
            type: list
            elements: str
          dns_search:
            description:
              - Search domains.
              - NetworkManager's C(ipv6.dns-search).
            type: list
            elements: str
            aliases:
              - dns-search
          route_metric:
            description:
              - -1 is the default, which NetworkManager chooses by the device's type.
              - NetworkManager's C(ipv6.route-metric).
            type: int
            aliases:
              - route-metric
          never_default:
            description:
              - Never hold the default route; default false.
              - NetworkManager's C(ipv6.never-default).
            type: bool
            aliases:
              - never-default
          may_fail:
            description:
              - The profile is active even when this family failed, if the other did not; default true.
              - NetworkManager's C(ipv6.may-fail).
            type: bool
            aliases:
              - may-fail
          dad_timeout:
            description:
              - Milliseconds of duplicate address detection; 0 is off, -1 the default (0 before NetworkManager
                1.46).
              - NetworkManager's C(ipv6.dad-timeout).
            type: int
            aliases:
              - dad-timeout
      reset:
        description:
          - Fields that go back to NetworkManager's default in modify() and plan(), [mtu, ipv4.gateway].
        type: list
        elements: str
      stp:
        description:
          - Of type bridge. Spanning tree protocol; default true.
          - NetworkManager's C(bridge.stp).
        type: bool
      priority:
        description:
          - Of type bridge. STP priority; default 32768.
          - NetworkManager's C(bridge.priority).
        type: int
      forward_delay:
        description:
          - Of type bridge. Seconds that a port listens, and again learns, before it forwards; default 15.
          - NetworkManager's C(bridge.forward-delay).
        type: int
        aliases:
          - forward-delay
      hello_time:
        description:
          - Of type bridge. Seconds; default 2.
          - NetworkManager's C(bridge.hello-time).
        type: int
        aliases:
          - hello-time
      max_age:
        description:
          - Of type bridge. Seconds; default 20.
          - NetworkManager's C(bridge.max-age).
        type: int
        aliases:
          - max-age
      ageing_time:
        description:
          - Of type bridge. Seconds that an unseen MAC address is remembered; default 300.
          - NetworkManager's C(bridge.ageing-time).
        type: int
        aliases:
          - ageing-time
      mac_address:
        description:
          - Of type bridge. The bridge's own address.
          - Of type ethernet. Only the NIC with this permanent address.
          - NetworkManager's C(802-3-ethernet.mac-address).
          - NetworkManager's C(bridge.mac-address).
        type: str
        aliases:
          - mac-address
          - mac
      vlan_filtering:
        description:
          - Of type bridge. Default false.
          - NetworkManager's C(bridge.vlan-filtering).
        type: bool
        aliases:
          - vlan-filtering
      multicast_snooping:
        description:
          - Of type bridge. Default true.
          - NetworkManager's C(bridge.multicast-snooping).
        type: bool
        aliases:
          - multicast-snooping
      group_forward_mask:
        description:
          - Of type bridge. Bit mask of the link-local groups 01:80:C2:00:00:0X to forward, without 0, 1 and
            2; default 0.
          - NetworkManager's C(bridge.group-forward-mask).
        type: int
        aliases:
          - group-forward-mask
      parent:
        description:
          - Of type vlan. Interface name or profile uuid of the interface below.
          - NetworkManager's C(vlan.parent).
        type: str
        aliases:
          - dev
      id:
        description:
          - Of type vlan. The VLAN's number.
          - NetworkManager's C(vlan.id).
        type: int
      flags:
        description:
          - Of type vlan. Sum of 1 reorder headers, 2 GVRP, 4 loose binding, 8 MVRP; default 1.
          - NetworkManager's C(vlan.flags).
        type: int
      ingress_priority_map:
        description:
          - Of type vlan. 802.1p priority (0 to 7) of a frame that comes in → Linux priority.
          - NetworkManager's C(vlan.ingress-priority-map).
        type: dict
        aliases:
          - ingress-priority-map
          - ingress
      egress_priority_map:
        description:
          - Of type vlan. Linux priority → 802.1p priority (0 to 7) of a frame that goes out.
          - NetworkManager's C(vlan.egress-priority-map).
        type: dict
        aliases:
          - egress-priority-map
          - egress
      mode:
        description:
          - Of type bond. Balance-rr (the default), active-backup, balance-xor, broadcast, 802.3ad, balance-tlb
            or balance-alb.
          - NetworkManager's C(bond.options).
        type: str
        choices:
          - balance-rr
          - active-backup
          - balance-xor
          - broadcast
          - 802.3ad
          - balance-tlb
          - balance-alb
          - '0'
          - '1'
          - '2'
          - '3'
          - '4'
          - '5'
          - '6'
      options:
        description:
          - 'Of type bond. The kernel''s bonding options but the mode, {miimon: 100}; mentioned, it replaces
            them all.'
          - NetworkManager's C(bond.options).
        type: dict
      coalesce:
        description:
          - 'Of type ethernet. Interrupt coalescing by ethtool''s names, {rx-usecs: 50} (microseconds); mentioned,
            it replaces all.'
          - NetworkManager's C(ethtool).
        type: dict
    """

    STATE = r"""
    options:
      profiles:
        description:
          - NetworkManager's profiles.
        type: list
        elements: dict
        suboptions:
          type:
            description:
              - Bridge, vlan, bond or ethernet.
            type: str
            required: true
            choices:
              - bridge
              - vlan
              - bond
              - ethernet
          name:
            description:
              - The profile's name.
              - NetworkManager's C(connection.id).
            type: str
            aliases:
              - con-name
          interface_name:
            description:
              - 1 to 15 bytes.
              - NetworkManager's C(connection.interface-name).
            type: str
            aliases:
              - interface-name
              - ifname
          uuid:
            description:
              - 'Empty: csnet makes one.'
              - NetworkManager's C(connection.uuid).
            type: str
          autoconnect:
            description:
              - NetworkManager brings it up on its own; default true.
              - NetworkManager's C(connection.autoconnect).
            type: bool
          autoconnect_priority:
            description:
              - Of several profiles for one interface, NetworkManager brings up the highest; default 0.
              - NetworkManager's C(connection.autoconnect-priority).
            type: int
            aliases:
              - autoconnect-priority
          controller:
            description:
              - Interface name, uuid or profile name of the bridge or bond that this is a port of; '' detaches.
              - NetworkManager's C(connection.master).
            type: str
            aliases:
              - master
          port:
            description:
              - '{type: bridge, …} or {type: bond, …}: the settings of this port.'
              - NetworkManager's C(connection.slave-type).
            type: dict
            suboptions:
              type:
                description:
                  - 'Bridge or bond: what the controller is.'
                type: str
                required: true
                choices:
                  - bridge
                  - bond
              priority:
                description:
                  - Of a bridge profile or port. STP priority of the port; default 32.
                  - NetworkManager's C(bridge-port.priority).
                type: int
              path_cost:
                description:
                  - Of a bridge profile or port. STP cost; default 100.
                  - NetworkManager's C(bridge-port.path-cost).
                type: int
                aliases:
                  - path-cost
              hairpin_mode:
                description:
                  - Of a bridge profile or port. Send frames back out of the port that they came from; default
                    false.
                  - NetworkManager's C(bridge-port.hairpin-mode).
                type: bool
                aliases:
                  - hairpin-mode
                  - hairpin
              queue_id:
                description:
                  - Of a bond profile or port. Transmit queue; default 0.
                  - NetworkManager's C(bond-port.queue-id).
                type: int
                aliases:
                  - queue-id
          zone:
            description:
              - Firewalld's zone; '' is its default zone.
              - NetworkManager's C(connection.zone).
            type: str
          mtu:
            description:
              - 'Bytes, from 68; 0 is the default: the kernel''s.'
              - NetworkManager's C(802-3-ethernet.mtu).
            type: int
          cloned_mac_address:
            description:
              - An address for the interface to take, or preserve, permanent, random or stable; '' is the
                default.
              - NetworkManager's C(802-3-ethernet.cloned-mac-address).
            type: str
            aliases:
              - cloned-mac-address
              - cloned-mac
          ipv4:
            description:
              - IPv4 of the interface; a port has none.
              - NetworkManager's C(ipv4).
            type: dict
            suboptions:
              method:
                description:
                  - Auto (the default), manual, disabled, link-local or shared.
                  - NetworkManager's C(ipv4.method).
                type: str
                choices:
                  - auto
                  - manual
                  - disabled
                  - link-local
                  - shared
              addresses:
                description:
                  - Static addresses with their prefix.
                  - NetworkManager's C(ipv4.addresses).
                type: list
                elements: str
              gateway:
                description:
                  - Default gateway; needs an address.
                  - NetworkManager's C(ipv4.gateway).
                type: str
              routes:
                description:
                  - '''DESTINATION/PREFIX [NEXT-HOP] [METRIC]'' each.'
                  - NetworkManager's C(ipv4.routes).
                type: list
                elements: str
              dns:
                description:
                  - Name servers' addresses.
                  - NetworkManager's C(ipv4.dns).
                type: list
                elements: str
              dns_search:
                description:
                  - Search domains.
                  - NetworkManager's C(ipv4.dns-search).
                type: list
                elements: str
                aliases:
                  - dns-search
              route_metric:
                description:
                  - -1 is the default, which NetworkManager chooses by the device's type.
                  - NetworkManager's C(ipv4.route-metric).
                type: int
                aliases:
                  - route-metric
              never_default:
                description:
                  - Never hold the default route; default false.
                  - NetworkManager's C(ipv4.never-default).
                type: bool
                aliases:
                  - never-default
              may_fail:
                description:
                  - The profile is active even when this family failed, if the other did not; default true.
                  - NetworkManager's C(ipv4.may-fail).
                type: bool
                aliases:
                  - may-fail
              dad_timeout:
                description:
                  - Milliseconds of duplicate address detection; 0 is off, -1 the default (0 before NetworkManager
                    1.46).
                  - NetworkManager's C(ipv4.dad-timeout).
                type: int
                aliases:
                  - dad-timeout
          ipv6:
            description:
              - IPv6 of the interface; a port has none.
              - NetworkManager's C(ipv6).
            type: dict
            suboptions:
              method:
                description:
                  - Auto (the default), manual, disabled, link-local, shared, ignore or dhcp.
                  - NetworkManager's C(ipv6.method).
                type: str
                choices:
                  - auto
                  - manual
                  - disabled
                  - link-local
                  - shared
                  - ignore
                  - dhcp
              addresses:
                description:
                  - Static addresses with their prefix.
                  - NetworkManager's C(ipv6.addresses).
                type: list
                elements: str
              gateway:
                description:
                  - Default gateway; needs an address.
                  - NetworkManager's C(ipv6.gateway).
                type: str
              routes:
                description:
                  - '''DESTINATION/PREFIX [NEXT-HOP] [METRIC]'' each.'
                  - NetworkManager's C(ipv6.routes).
                type: list
                elements: str
              dns:
                description:
                  - Name servers' addresses.
                  - NetworkManager's C(ipv6.dns).
                type: list
                elements: str
              dns_search:
                description:
                  - Search domains.
                  - NetworkManager's C(ipv6.dns-search).
                type: list
                elements: str
                aliases:
                  - dns-search
              route_metric:
                description:
                  - -1 is the default, which NetworkManager chooses by the device's type.
                  - NetworkManager's C(ipv6.route-metric).
                type: int
                aliases:
                  - route-metric
              never_default:
                description:
                  - Never hold the default route; default false.
                  - NetworkManager's C(ipv6.never-default).
                type: bool
                aliases:
                  - never-default
              may_fail:
                description:
                  - The profile is active even when this family failed, if the other did not; default true.
                  - NetworkManager's C(ipv6.may-fail).
                type: bool
                aliases:
                  - may-fail
              dad_timeout:
                description:
                  - Milliseconds of duplicate address detection; 0 is off, -1 the default (0 before NetworkManager
                    1.46).
                  - NetworkManager's C(ipv6.dad-timeout).
                type: int
                aliases:
                  - dad-timeout
          reset:
            description:
              - Fields that go back to NetworkManager's default in modify() and plan(), [mtu, ipv4.gateway].
            type: list
            elements: str
          stp:
            description:
              - Of type bridge. Spanning tree protocol; default true.
              - NetworkManager's C(bridge.stp).
            type: bool
          priority:
            description:
              - Of type bridge. STP priority; default 32768.
              - NetworkManager's C(bridge.priority).
            type: int
          forward_delay:
            description:
              - Of type bridge. Seconds that a port listens, and again learns, before it forwards; default
                15.
              - NetworkManager's C(bridge.forward-delay).
            type: int
            aliases:
              - forward-delay
          hello_time:
            description:
              - Of type bridge. Seconds; default 2.
              - NetworkManager's C(bridge.hello-time).
            type: int
            aliases:
              - hello-time
          max_age:
            description:
              - Of type bridge. Seconds; default 20.
              - NetworkManager's C(bridge.max-age).
            type: int
            aliases:
              - max-age
          ageing_time:
            description:
              - Of type bridge. Seconds that an unseen MAC address is remembered; default 300.
              - NetworkManager's C(bridge.ageing-time).
            type: int
            aliases:
              - ageing-time
          mac_address:
            description:
              - Of type bridge. The bridge's own address.
              - Of type ethernet. Only the NIC with this permanent address.
              - NetworkManager's C(802-3-ethernet.mac-address).
              - NetworkManager's C(bridge.mac-address).
            type: str
            aliases:
              - mac-address
              - mac
          vlan_filtering:
            description:
              - Of type bridge. Default false.
              - NetworkManager's C(bridge.vlan-filtering).
            type: bool
            aliases:
              - vlan-filtering
          multicast_snooping:
            description:
              - Of type bridge. Default true.
              - NetworkManager's C(bridge.multicast-snooping).
            type: bool
            aliases:
              - multicast-snooping
          group_forward_mask:
            description:
              - Of type bridge. Bit mask of the link-local groups 01:80:C2:00:00:0X to forward, without 0,
                1 and 2; default 0.
              - NetworkManager's C(bridge.group-forward-mask).
            type: int
            aliases:
              - group-forward-mask
          parent:
            description:
              - Of type vlan. Interface name or profile uuid of the interface below.
              - NetworkManager's C(vlan.parent).
            type: str
            aliases:
              - dev
          id:
            description:
              - Of type vlan. The VLAN's number.
              - NetworkManager's C(vlan.id).
            type: int
          flags:
            description:
              - Of type vlan. Sum of 1 reorder headers, 2 GVRP, 4 loose binding, 8 MVRP; default 1.
              - NetworkManager's C(vlan.flags).
            type: int
          ingress_priority_map:
            description:
              - Of type vlan. 802.1p priority (0 to 7) of a frame that comes in → Linux priority.
              - NetworkManager's C(vlan.ingress-priority-map).
            type: dict
            aliases:
              - ingress-priority-map
              - ingress
          egress_priority_map:
            description:
              - Of type vlan. Linux priority → 802.1p priority (0 to 7) of a frame that goes out.
              - NetworkManager's C(vlan.egress-priority-map).
            type: dict
            aliases:
              - egress-priority-map
              - egress
          mode:
            description:
              - Of type bond. Balance-rr (the default), active-backup, balance-xor, broadcast, 802.3ad, balance-tlb
                or balance-alb.
              - NetworkManager's C(bond.options).
            type: str
            choices:
              - balance-rr
              - active-backup
              - balance-xor
              - broadcast
              - 802.3ad
              - balance-tlb
              - balance-alb
              - '0'
              - '1'
              - '2'
              - '3'
              - '4'
              - '5'
              - '6'
          options:
            description:
              - 'Of type bond. The kernel''s bonding options but the mode, {miimon: 100}; mentioned, it replaces
                them all.'
              - NetworkManager's C(bond.options).
            type: dict
          coalesce:
            description:
              - 'Of type ethernet. Interrupt coalescing by ethtool''s names, {rx-usecs: 50} (microseconds);
                mentioned, it replaces all.'
              - NetworkManager's C(ethtool).
            type: dict
      remove:
        description:
          - Uuids, names or interfaces of profiles to delete.
        type: list
        elements: str
      probes:
        description:
          - What must be reachable afterwards.
        type: list
        elements: dict
        suboptions:
          type:
            description:
              - Tcp, arp or command.
            type: str
            choices:
              - tcp
              - arp
              - command
            required: true
          target:
            description:
              - 192.168.100.2:8250 (tcp), 192.168.100.1 (arp), or a line for /bin/sh.
            type: str
            required: true
          interface_name:
            description:
              - Tcp and arp go out of it after the change; '' lets the kernel's routes decide.
            type: str
            aliases:
              - interface-name
              - ifname
          required:
            description:
              - Must pass after the change even if it did not before; default false.
            type: bool
    """
