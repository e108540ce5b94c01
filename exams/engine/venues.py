"""考点: where and with which code the people of a unit may sit (docs/rules.md “考点”)."""
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from .refusals import WrongAddress, WrongCode


@dataclass(frozen=True)
class Venue:
    """For the unit with this tree path and all below it. Empty code or no networks: not asked for."""

    path: str
    name: str
    code: str = ""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True)
class Reach:
    """Whom something concerns: the unit with this tree path and all below it, but not those at or below `apart`."""

    path: str = ""
    apart: tuple[str, ...] = ()

    def __contains__(self, path: str) -> bool:
        return path.startswith(self.path) and not any(path.startswith(other) for other in self.apart)

    def overlaps(self, other: "Reach") -> bool:
        """Whether there is a unit that both concern. In a tree that is so where one's own unit is the other's as well."""
        return self.path in other or other.path in self


def reach_of(path: str, paths: Iterable[str]) -> Reach:
    """Whom the venue of the unit with this path is for.

    Args:
        paths: of the units that have a venue.
    """
    return Reach(path, tuple(sorted(other for other in paths if other != path and other.startswith(path))))


def parse_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks from lines or commas: 10.3.0.0/16, 10.3.4.5. Raises ValueError with the word that is none."""
    found = []
    for word in text.replace("，", ",").replace("、", ",").replace("\n", ",").split(","):
        if word.strip():
            try:
                found.append(ip_network(word.strip(), strict=False))
            except ValueError:
                raise ValueError(word.strip()[:40]) from None
    return tuple(found)


def is_inside(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether an address lies in one of the networks; an IPv4 address in IPv6 clothes counts as itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)


def check_address(venue: Venue | None, address: str) -> None:
    """Whether somebody of this venue may work from an address. Raises WrongAddress."""
    if venue is not None and venue.networks and not is_inside(address, venue.networks):
        raise WrongAddress(venue.name)


def check_code(venue: Venue | None, code: str) -> None:
    """Whether the code said is the venue's; how long it takes tells nothing about it. Raises WrongCode."""
    if venue is not None and venue.code and not hmac.compare_digest(venue.code.encode(), code.strip().encode()):
        raise WrongCode(venue.name)
