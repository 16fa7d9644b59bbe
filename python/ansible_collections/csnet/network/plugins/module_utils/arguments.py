"""The arguments that come from csnet's fields.

Made by tests/ansible/make_arguments.py from csnet's own tables: do not edit.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

MANAGEMENT = {
    "uplink": {"type": "raw", "required": True},
    "vlan": {"type": "int"},
    "bridge": {"type": "str"},
    "addresses": {"type": "list", "elements": "str", "required": True},
    "gateway": {"type": "str"},
    "gateway6": {"type": "str"},
    "dns": {"type": "list", "elements": "str"},
    "dns_search": {"type": "list", "elements": "str", "aliases": ["dns-search"]},
    "mtu": {"type": "int"},
    "stp": {"type": "bool"},
    "mac_address": {"type": "str", "aliases": ["mac-address", "mac"]},
    "servers": {"type": "list", "elements": "str"},
}

PROFILE = {
    "type": {"type": "str", "required": True, "choices": ["bridge", "vlan", "bond", "ethernet"]},
    "name": {"type": "str", "aliases": ["con-name"]},
    "interface_name": {"type": "str", "aliases": ["interface-name", "ifname"]},
    "uuid": {"type": "str"},
    "autoconnect": {"type": "bool"},
    "autoconnect_priority": {"type": "int", "aliases": ["autoconnect-priority"]},
    "controller": {"type": "str", "aliases": ["master"]},
    "port": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "required": True, "choices": ["bridge", "bond"]},
            "priority": {"type": "int"},
            "path_cost": {"type": "int", "aliases": ["path-cost"]},
            "hairpin_mode": {"type": "bool", "aliases": ["hairpin-mode", "hairpin"]},
            "queue_id": {"type": "int", "aliases": ["queue-id"]},
        },
    },
    "zone": {"type": "str"},
    "mtu": {"type": "int"},
    "cloned_mac_address": {"type": "str", "aliases": ["cloned-mac-address", "cloned-mac"]},
    "ipv4": {
        "type": "dict",
        "options": {
            "method": {"type": "str", "choices": ["auto", "manual", "disabled", "link-local", "shared"]},
            "addresses": {"type": "list", "elements": "str"},
            "gateway": {"type": "str"},
            "routes": {"type": "list", "elements": "str"},
            "dns": {"type": "list", "elements": "str"},
            "dns_search": {"type": "list", "elements": "str", "aliases": ["dns-search"]},
            "route_metric": {"type": "int", "aliases": ["route-metric"]},
            "never_default": {"type": "bool", "aliases": ["never-default"]},
            "may_fail": {"type": "bool", "aliases": ["may-fail"]},
            "dad_timeout": {"type": "int", "aliases": ["dad-timeout"]},
        },
    },
    "ipv6": {
        "type": "dict",
        "options": {
            "method": {
                "type": "str",
                "choices": ["auto", "manual", "disabled", "link-local", "shared", "ignore", "dhcp"],
            },
            "addresses": {"type": "list", "elements": "str"},
            "gateway": {"type": "str"},
            "routes": {"type": "list", "elements": "str"},
            "dns": {"type": "list", "elements": "str"},
            "dns_search": {"type": "list", "elements": "str", "aliases": ["dns-search"]},
            "route_metric": {"type": "int", "aliases": ["route-metric"]},
            "never_default": {"type": "bool", "aliases": ["never-default"]},
            "may_fail": {"type": "bool", "aliases": ["may-fail"]},
            "dad_timeout": {"type": "int", "aliases": ["dad-timeout"]},
        },
    },
    "reset": {"type": "list", "elements": "str"},
    "stp": {"type": "bool"},
    "priority": {"type": "int"},
    "forward_delay": {"type": "int", "aliases": ["forward-delay"]},
    "hello_time": {"type": "int", "aliases": ["hello-time"]},
    "max_age": {"type": "int", "aliases": ["max-age"]},
    "ageing_time": {"type": "int", "aliases": ["ageing-time"]},
    "mac_address": {"type": "str", "aliases": ["mac-address", "mac"]},
    "vlan_filtering": {"type": "bool", "aliases": ["vlan-filtering"]},
    "multicast_snooping": {"type": "bool", "aliases": ["multicast-snooping"]},
    "group_forward_mask": {"type": "int", "aliases": ["group-forward-mask"]},
    "parent": {"type": "str", "aliases": ["dev"]},
    "id": {"type": "int"},
    "flags": {"type": "int"},
    "ingress_priority_map": {"type": "dict", "aliases": ["ingress-priority-map", "ingress"]},
    "egress_priority_map": {"type": "dict", "aliases": ["egress-priority-map", "egress"]},
    "mode": {
        "type": "str",
        "choices": [
            "balance-rr",
            "active-backup",
            "balance-xor",
            "broadcast",
            "802.3ad",
            "balance-tlb",
            "balance-alb",
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
        ],
    },
    "options": {"type": "dict"},
    "coalesce": {"type": "dict"},
}

STATE = {
    "profiles": {
        "type": "list",
        "elements": "dict",
        "options": PROFILE,
    },
    "remove": {"type": "list", "elements": "str"},
    "probes": {
        "type": "list",
        "elements": "dict",
        "options": {
            "type": {"type": "str", "choices": ["tcp", "arp", "command"], "required": True},
            "target": {"type": "str", "required": True},
            "interface_name": {"type": "str", "aliases": ["interface-name", "ifname"]},
            "required": {"type": "bool"},
        },
    },
}
