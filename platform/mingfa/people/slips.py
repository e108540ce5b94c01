"""Activation slips: what is printed, cut and handed to one person."""
from dataclasses import dataclass
from datetime import datetime

import segno
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from mingfa.people.actions import issue_activation
from mingfa.people.actions.accounts import CODE_LIFETIME
from mingfa.people.models import User


@dataclass(frozen=True)
class Slip:
    """code: in groups of four. address: of the activation page, without the code; qr: the same as SVG."""

    name: str
    unit: str
    account: str
    code: str
    expires_at: datetime
    address: str
    qr: SafeString


def slip_for(person: User, *, by: User, now: datetime, request) -> Slip:
    """Issue a code and put it on a slip. The QR code leads to the page only: the code itself stays on paper."""
    code = issue_activation(person, by=by, now=now)
    address = request.build_absolute_uri(f"{reverse('activate')}?{urlencode({'account': person.username})}")
    drawn = segno.make(address, error="m").svg_inline(scale=3, border=2, svgclass="mf-qr", omitsize=False)
    return Slip(
        name=person.name,
        unit=person.current_posting.unit.name,
        account=person.username,
        code=code,
        expires_at=now + CODE_LIFETIME,
        address=address.partition("?")[0],
        # Drawn by segno from an address of our own; it holds no text.
        qr=mark_safe(drawn),  # noqa: S308
    )
