"""The values of test_parity_random.py: random ones that NetworkManager accepts.

The rules here are NetworkManager's, found by trying nmcli. Values that csnet refuses on purpose are left out as well:
a gateway outside its subnet or together with never_default, an MTU below 68, an ethernet profile for any NIC.
"""
import ipaddress
import random
import uuid
from typing import Any, Callable, Dict, List, Sequence, Tuple

_Fields = Dict[str, Any]

PORTS = {"BridgePort": "bridge", "BondPort": "bond"}
_GIVEN = {
    "BridgePort": "nmcli con add type bridge con-name 'The bridge' ifname br77",
    "BondPort": "nmcli con add type bond con-name 'The bond' ifname bond77",
}
_CONTROLLERS = {
    "BridgePort": ["br77", "The bridge", "<uuid of The bridge>"],
    "BondPort": ["bond77", "The bond", "<uuid of The bond>"],
}
_NAMES = ["eth0", "bond0.100", "cloudbr0", "Management bridge", "a/b", ".hidden", "x~", "Brücke", "管理", "a=b;c", "#1",
          "back\\slash", "[bridge]", 'say "hi"', " padded ", "tab\there", "br0.nmconnection", "-dash", "100%", "$HOME"]
_MODES = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"]
_COALESCE = [f"{what}{when}" for what in ("rx-usecs", "tx-usecs", "rx-frames", "tx-frames")
             for when in ("", "-irq", "-low", "-high")]
_COALESCE += ["adaptive-rx", "adaptive-tx", "pkt-rate-low", "pkt-rate-high", "sample-interval", "stats-block-usecs"]
_METHODS = {4: ["auto", "manual", "disabled", "link-local", "shared"],
            6: ["auto", "manual", "disabled", "link-local", "shared", "ignore", "dhcp"]}
# The values that set a field to NetworkManager's default, in nmcli's words and from nm-settings-nmcli(5): csnet's
# `reset` must not be compared with csnet's own table. A field that is not here has no default, or no single property.
DEFAULTS: Dict[str, Dict[str, str]] = {
    "every profile": {"autoconnect": "yes", "autoconnect_priority": "0", "zone": "", "mtu": "0",
                      "cloned_mac_address": ""},
    "BridgeProfile": {"stp": "yes", "priority": "32768", "forward_delay": "15", "hello_time": "2", "max_age": "20",
                      "ageing_time": "300", "mac_address": "", "vlan_filtering": "no", "multicast_snooping": "yes",
                      "group_forward_mask": "0"},
    "VlanProfile": {"flags": "1", "ingress_priority_map": "", "egress_priority_map": ""},
    "BondProfile": {},
    "EthernetProfile": {"mac_address": ""},
    "BridgePort": {"priority": "32", "path_cost": "100", "hairpin_mode": "no"},
    "BondPort": {"queue_id": "0"},
    **{family: {"method": "auto", "addresses": "", "gateway": "", "routes": "", "dns": "", "dns_search": "",
                "route_metric": "-1", "never_default": "no", "may_fail": "yes"}
       for family in ("Ip4Config", "Ip6Config")},
}
DEFAULTS["Ip4Config"]["dad_timeout"] = "-1"
_WITH_WORDS_OF_THEIR_OWN = ("controller", "mode", "options", "coalesce")
_WITHOUT_ADDRESSES = ("disabled", "link-local", "ignore")


class Values:
    """Random values from one seed. `given` collects the nmcli lines that make the controllers it uses."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self.given: List[str] = []

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def some(self, values: Sequence[Any], most: int) -> List[Any]:
        return self._random.sample(list(values), self._random.randint(0, min(most, len(values))))

    def profile(self) -> Tuple[str, _Fields, List[_Fields]]:
        """A profile's class, its fields, and up to three changes to it, each possible after the one before."""
        kind = self._random.choice(["BridgeProfile", "VlanProfile", "BondProfile", "EthernetProfile"])
        now: _Fields = {}
        first = self._change(kind, now, adding=True)
        _apply(now, first)
        changes = []
        for _ in range(self._random.choice([0, 0, 1, 1, 2, 3])):
            change = self._change(kind, now, adding=False)
            if change:
                changes.append(change)
                _apply(now, change)
        return kind, first, changes

    # --- one change ---

    def _change(self, kind: str, now: _Fields, adding: bool) -> _Fields:
        change: _Fields = {}
        if adding:
            change = {"name": self._name(), "interface_name": self._interface()}
            if self.chance(0.05):
                change["uuid"] = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        else:
            self._maybe(change, 0.1, name=self._name)
            self._maybe(change, 0.1, interface_name=self._interface)
        self._maybe(change, 0.15, autoconnect=self._bool, autoconnect_priority=lambda: self._int(-999, 999),
                    zone=lambda: self._random.choice(["trusted", "my zone", "ünï", ""]),
                    mtu=lambda: self._random.choice([0, 1280, 1500, 9000, 65535, self._int(1280, 65535)]),
                    cloned_mac_address=self._cloned_mac)
        self._controller(change, now, adding)
        change.update(self._until_right(lambda: self._own(kind, now, adding), lambda own: _right(kind, {**now, **own})))
        if not change.get("controller", now.get("controller")):
            for family in (4, 6):
                if self.chance(0.5):
                    self._ip(change, now, family)
        if not adding and self.chance(0.3):
            change.update(self._until_right(lambda: self._reset(kind, now, change),
                                            lambda reset: _right_whole(kind, now, {**change, **reset})))
        return change

    def _reset(self, kind: str, now: _Fields, change: _Fields) -> _Fields:
        """Names up to three fields that were mentioned before, and are not in this change."""
        single = {*DEFAULTS["every profile"], *DEFAULTS[kind], *_WITH_WORDS_OF_THEIR_OWN}
        names = [name for name in now if name in single and name not in change]
        if "controller" not in change:
            parts = [("port", *now["port"])] if now.get("port") else []
            parts += [(key, f"Ip{key[-1]}Config", now[key]) for key in ("ipv4", "ipv6") if key in now]
            names += [f"{part}.{name}" for part, of, fields in parts if part not in change
                      for name in fields if name in DEFAULTS[of]]
        reset = self.some(names, 3)
        if "controller" in reset:
            reset = [name for name in reset if not name.startswith("port.")]
        return {"reset": reset} if reset else {}

    def _maybe(self, change: _Fields, probability: float, **values: Callable[[], Any]) -> None:
        for name, value in values.items():
            if self.chance(probability):
                change[name] = value()

    def _until_right(self, make: Callable[[], _Fields], right: Callable[[_Fields], bool]) -> _Fields:
        for _ in range(60):
            made = make()
            if right(made):
                return made
        return {}

    def _controller(self, change: _Fields, now: _Fields, adding: bool) -> None:
        if now.get("controller"):
            if self.chance(0.2):
                change["controller"] = ""
            elif self.chance(0.3):
                change["port"] = self._port(now["port"][0])
            return
        if not self.chance(0.35 if adding else 0.1):
            return
        kind = self._random.choice(sorted(PORTS))
        if not adding and now.get("port"):
            kind = now["port"][0]
        # con mod stores the controller's name as it is: NetworkManager would look for an interface with this name
        names = [name for name in _CONTROLLERS[kind] if adding or " " not in name or "<" in name]
        change["controller"] = self._random.choice(names)
        if ("<" in change["controller"] or adding) and _GIVEN[kind] not in self.given:
            self.given.append(_GIVEN[kind])
        if not adding or self.chance(0.7):
            change["port"] = self._port(kind)
        else:
            now["port"] = (kind, {})  # follows from the controller

    def _port(self, kind: str) -> Tuple[str, _Fields]:
        port: _Fields = {}
        if kind == "BridgePort":
            self._maybe(port, 0.5, priority=lambda: self._random.choice([0, 32, 63, self._int(0, 63)]),
                        path_cost=lambda: self._random.choice([0, 100, 65535, self._int(0, 65535)]),
                        hairpin_mode=self._bool)
        else:
            self._maybe(port, 0.6, queue_id=lambda: self._random.choice([0, 65535, self._int(0, 65535)]))
        return kind, port

    # --- the fields of each class ---

    def _own(self, kind: str, now: _Fields, adding: bool) -> _Fields:
        own: _Fields = {}
        if kind == "BridgeProfile":
            self._maybe(own, 0.3, stp=self._bool,
                        priority=lambda: self._random.choice([0, 32768, 65535, self._int(0, 65535)]),
                        forward_delay=lambda: self._random.choice([0, 15, self._int(2, 30)]),
                        hello_time=lambda: self._random.choice([0, 2, self._int(1, 10)]),
                        max_age=lambda: self._random.choice([0, 20, self._int(6, 40)]),
                        ageing_time=lambda: self._random.choice([0, 300, 1000000, self._int(0, 1000000)]),
                        mac_address=self._mac, vlan_filtering=self._bool, multicast_snooping=self._bool,
                        group_forward_mask=lambda: self._int(0, 65535) & ~7)
        elif kind == "VlanProfile":
            self._maybe(own, 1 if adding else 0.2, parent=lambda: self._random.choice(["eth90", "bond90", "eno1np0"]),
                        id=lambda: self._random.choice([1, 100, 4094, self._int(1, 4094)]))
            self._maybe(own, 0.3, flags=lambda: self._int(0, 15), ingress_priority_map=lambda: self._map(7, 15),
                        egress_priority_map=lambda: self._map(15, 7))
        elif kind == "BondProfile":
            mode = self._random.choice(_MODES)
            self._maybe(own, 0.6 if adding else 0.2,
                        mode=lambda: str(_MODES.index(mode)) if self.chance(0.3) else mode)
            current = own.get("mode", now.get("mode", "balance-rr"))
            self._maybe(own, 0.6 if adding else 0.3, options=lambda: self._bond_options(_mode_name(current)))
        else:
            self._maybe(own, 0.25, mac_address=self._mac, coalesce=self._coalesce)
        return own

    def _bond_options(self, mode: str) -> Dict[str, str]:
        options: Dict[str, str] = {}
        pick = self._random.choice
        if self.chance(0.8):
            options["miimon"] = pick(["100", "50", "1000"])
            for name in ("updelay", "downdelay"):
                self._maybe(options, 0.3, **{name: lambda: pick(["0", "200", "1000"])})
        elif mode in ("balance-rr", "active-backup", "balance-xor", "broadcast"):
            options["arp_interval"] = str(self._int(1, 1000))
            options["arp_ip_target"] = ",".join(f"192.0.2.{n}" for n in range(1, self._int(2, 4)))
            self._maybe(options, 0.4, arp_all_targets=lambda: pick(["any", "all"]))
        if mode == "802.3ad":
            self._maybe(options, 0.4, lacp_rate=lambda: pick(["slow", "fast", "0", "1"]),
                        ad_select=lambda: pick(["stable", "bandwidth", "count"]),
                        ad_actor_sys_prio=lambda: str(self._int(1, 65535)),
                        ad_user_port_key=lambda: str(self._int(0, 1023)), min_links=lambda: str(self._int(0, 4)))
        if mode in ("802.3ad", "balance-xor", "balance-tlb"):
            self._maybe(options, 0.5,
                        xmit_hash_policy=lambda: pick(["layer2", "layer3+4", "layer2+3", "vlan+srcmac", "1"]))
        if mode == "active-backup":
            self._maybe(options, 0.4, fail_over_mac=lambda: pick(["none", "active", "follow", "1"]))
        if mode in ("active-backup", "balance-tlb", "balance-alb") and "miimon" in options:
            self._maybe(options, 0.4, primary=lambda: pick(["eth8", "eth9"]),
                        primary_reselect=lambda: pick(["always", "better", "failure"]))
        if mode == "balance-rr":
            self._maybe(options, 0.3, packets_per_slave=lambda: str(self._int(0, 65535)))
        self._maybe(options, 0.15, use_carrier=lambda: pick(["0", "1"]), resend_igmp=lambda: str(self._int(0, 255)),
                    all_slaves_active=lambda: pick(["0", "1"]), lp_interval=lambda: str(self._int(1, 9)))
        return options

    def _coalesce(self) -> Dict[str, int]:
        return {name: self._int(0, 1) if name.startswith("adaptive") else self._random.choice([0, 50, 2**32 - 1])
                for name in self.some(_COALESCE, 4)}

    # --- IP ---

    def _ip(self, change: _Fields, now: _Fields, family: int) -> None:
        key = f"ipv{family}"
        before = {} if change.get("controller") == "" else now.get(key, {})
        made = self._until_right(lambda: self._ip_fields(family, before),
                                 lambda ip: _right_ip(family, {**before, **ip}))
        if made:
            change[key] = made

    def _ip_fields(self, family: int, before: _Fields) -> _Fields:
        ip: _Fields = {}
        self._maybe(ip, 0.6, method=lambda: self._random.choice(_METHODS[family]))
        self._maybe(ip, 0.5, addresses=lambda: [self._cidr(family) for _ in range(self._int(0, 3))])
        addresses = {**before, **ip}.get("addresses")
        if addresses:
            self._maybe(ip, 0.4, gateway=lambda: self._neighbour(self._random.choice(addresses)))
        self._maybe(ip, 0.3, routes=lambda: [self._route(family) for _ in range(self._int(0, 3))],
                    dns=lambda: [self._host(family) for _ in range(self._int(0, 3))],
                    dns_search=lambda: self.some(["example.com", "b.example", "a.example", "~."], 3))
        self._maybe(ip, 0.2, route_metric=lambda: self._random.choice([-1, 0, 50, 4294967295]),
                    never_default=self._bool, may_fail=self._bool)
        if family == 4:  # nmcli has no ipv6.dad-timeout
            self._maybe(ip, 0.2, dad_timeout=lambda: self._random.choice([-1, 0, 200, 30000]))
        return ip

    def _host(self, family: int) -> str:
        return f"10.{self._int(0, 255)}.{self._int(0, 255)}.{self._int(1, 254)}" if family == 4 else (
            f"2001:db8:{self._int(0, 9999)}::{self._int(1, 9999)}")

    def _cidr(self, family: int) -> str:
        prefixes = [8, 16, 24, 25, 31, 32] if family == 4 else [32, 48, 64, 127, 128]
        return f"{self._host(family)}/{self._random.choice(prefixes)}"

    def _neighbour(self, address: str) -> str:
        interface = ipaddress.ip_interface(address)
        return str(interface.network[self._int(0, min(250, interface.network.num_addresses - 1))])

    def _route(self, family: int) -> str:
        destination = self._cidr(family) if self.chance(0.9) else ("0.0.0.0/0" if family == 4 else "::/0")
        words = [destination] + ([self._host(family)] if self.chance(0.7) else [])
        return " ".join(words + ([str(self._random.choice([0, 5, 100, 4294967295]))] if self.chance(0.4) else []))

    # --- little things ---

    def _int(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def _bool(self) -> bool:
        return self.chance(0.5)

    def _name(self) -> str:
        return self._random.choice(_NAMES) + self._random.choice(["", "", str(self._int(1, 99))])

    def _interface(self) -> str:
        return self._random.choice(["eth", "br", "bond", "vlan.", "brücke"]) + str(self._int(0, 76))

    def _mac(self) -> str:
        address = ":".join(f"{byte:02x}" for byte in [0x52, *(self._int(0, 255) for _ in range(5))])
        return self._random.choice([address, address.upper(), address.replace(":", "-")])

    def _cloned_mac(self) -> str:
        return self._random.choice(["preserve", "permanent", "random", "stable", "", self._mac(), self._mac()])

    def _map(self, most_key: int, most_value: int) -> Dict[int, int]:
        return {key: self._int(0, most_value) for key in self.some(range(most_key + 1), 4)}


def _apply(now: _Fields, change: _Fields) -> None:
    """The profile after the change, as far as later changes depend on it."""
    for family in ("ipv4", "ipv6"):
        if "controller" in change:
            now.pop(family, None)
        if family in change:
            now[family] = {**now.get(family, {}), **change[family]}
            if family == "ipv4" and now[family].get("method") == "shared" and "addresses" in now[family]:
                now[family]["addresses"] = now[family]["addresses"][:1]  # libnm drops the others
    if change.get("controller") == "":
        now.pop("port", None)
    now.update({name: value for name, value in change.items() if name not in ("ipv4", "ipv6", "reset")})
    for path in change.get("reset", []):
        name, _, inner = path.partition(".")
        if name == "port":
            now["port"] = (now["port"][0], {key: value for key, value in now["port"][1].items() if key != inner})
        elif inner:
            now[name] = {key: value for key, value in now[name].items() if key != inner}
        else:
            now.pop(name, None)
        if name == "controller":
            now.pop("port", None)


def _right_whole(kind: str, now: _Fields, change: _Fields) -> bool:
    whole = dict(now)
    _apply(whole, change)
    return _right(kind, whole) and all(_right_ip(family, whole.get(f"ipv{family}", {})) for family in (4, 6))


def _right(kind: str, whole: _Fields) -> bool:
    if kind == "BridgeProfile" and whole.get("stp", True):
        return (whole.get("forward_delay", 15) >= 2 and whole.get("hello_time", 2) >= 1
                and whole.get("max_age", 20) >= 6)
    if kind == "BondProfile":
        mode, options = _mode_name(whole.get("mode", "balance-rr")), whole.get("options", {})
        arp = mode in ("balance-rr", "active-backup", "balance-xor", "broadcast")
        return (mode == "802.3ad" or options.get("lacp_rate", "slow") in ("slow", "0")) and \
            (mode in ("active-backup", "balance-tlb", "balance-alb") or "primary" not in options) and \
            (arp or "arp_interval" not in options)
    return True


def _no_hosts(interface: Any) -> Tuple[Any, ...]:
    """The network's own address and its broadcast address."""
    network = interface.network
    return (network.network_address, network.broadcast_address) if network.prefixlen <= 30 else ()


def _right_ip(family: int, ip: _Fields) -> bool:
    method, addresses = ip.get("method", "auto"), ip.get("addresses", [])
    gateway = ip.get("gateway")
    if method in _WITHOUT_ADDRESSES and (addresses or ip.get("dns") or ip.get("dns_search")):
        return False
    if method == "shared" and family == 4 and (ip.get("dns") or ip.get("dns_search")):
        return False
    if method == "manual" and not addresses:
        return False
    # nmcli takes them, and csnet does not: no host can have such an address.
    if family == 4 and any(each.ip in _no_hosts(each) for each in map(ipaddress.ip_interface, addresses)):
        return False
    if gateway:
        networks = [ipaddress.ip_interface(address) for address in addresses]
        if family == 4 and any(ipaddress.ip_address(gateway) in _no_hosts(each) for each in networks):
            return False
        return (any(ipaddress.ip_address(gateway) in each.network for each in networks)
                and all(ipaddress.ip_address(gateway) != each.ip for each in networks)
                and not ip.get("never_default") and method in ("auto", "manual", "dhcp"))
    return True


def _mode_name(mode: str) -> str:
    return _MODES[int(mode)] if mode.isdigit() else mode
