"""Profiles as vCard4 in XML (RFC 6351), read leniently and written plainly."""

import base64
import binascii
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Final

from netdesk.domain.errors import Unreadable
from netdesk.domain.people import FIELDS, Profile
from netdesk.domain.pictures import check_picture
from netdesk.domain.profiles import clean
from netdesk.networks.xmpp.elements import VCARD, add, all_of, child, element, text_of

_TEXTS: Final = {"name": ("fn", "text"), "headline": ("title", "text"), "about": ("note", "text"), "organisation": ("org", "text")}
_DATA_URI: Final = "data:"
PICTURE_LIMIT: Final = 90_000  # bytes: ejabberd takes items of 139 kB, and base64 makes four bytes of three


def write_vcard(profile: Profile) -> ET.Element:
    """The vCard of a profile; what is unsaid has no element, and a picture that is too large for servers is left out."""
    made = element(VCARD, "vcard")
    for name, (tag, kind) in _TEXTS.items():
        if getattr(profile, name):
            add(add(made, tag), kind, getattr(profile, name))
    if profile.location:
        add(add(made, "adr"), "locality", profile.location)
    if profile.website:
        add(add(made, "url"), "uri", profile.website)
    if profile.email:
        add(add(made, "email"), "text", profile.email)
    if profile.phone:
        add(add(made, "tel"), "text", profile.phone)
    for interest in profile.interests:
        add(add(made, "hobby"), "text", interest)
    if profile.picture and len(profile.picture) <= PICTURE_LIMIT:
        kind = "image/png" if profile.picture.startswith(b"\x89PNG") else "image/jpeg"
        add(add(made, "photo"), "uri", f"{_DATA_URI}{kind};base64,{base64.b64encode(profile.picture).decode()}")
    return made


def read_vcard(vcard: ET.Element | None) -> Profile:
    """The profile in a vCard; what is not understood is left out, texts are tamed. `hobby` and `interest` are RFC 6715, §2.2 and §2.3."""
    values = {name: text_of(vcard, VCARD, tag, kind) for name, (tag, kind) in _TEXTS.items()}
    address = child(vcard, VCARD, "adr")
    places = [text_of(address, VCARD, part) for part in ("locality", "region", "country")]
    values["location"] = ", ".join(one for one in places if one)
    values["website"] = text_of(vcard, VCARD, "url", "uri")
    values["email"] = text_of(vcard, VCARD, "email", "text")
    values["phone"] = text_of(vcard, VCARD, "tel", "text") or text_of(vcard, VCARD, "tel", "uri").removeprefix("tel:")
    interests = tuple(text_of(one, VCARD, "text") for tag in ("hobby", "interest") for one in all_of(vcard, VCARD, tag))
    picture = _picture(text_of(vcard, VCARD, "photo", "uri"))
    return clean(Profile(interests=interests, picture=picture, **values))


def _picture(uri: str) -> bytes:
    """The picture in a data: URI; nothing for another kind of URI, which is never fetched, and for what is no picture."""
    if not uri.startswith(_DATA_URI):
        return b""
    try:
        found = base64.b64decode(uri.partition(",")[2], validate=False)
        check_picture(found)
    except (binascii.Error, ValueError, Unreadable):
        return b""
    return found


def merged(parts: list[Profile]) -> Profile:
    """One profile of what several nodes let me see; the first that says something about a field counts."""
    found = Profile()
    for part in parts:
        fresh = {name: getattr(part, name) for name in FIELDS if getattr(part, name) and not getattr(found, name)}
        found = replace(found, **fresh)
    return found
