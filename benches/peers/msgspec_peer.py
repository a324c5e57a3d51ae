"""msgspec: a typed struct, first error only, two processes.

    python3 msgspec_peer.py FILE.ndjson FOLDER
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

import halves
from rules import CONTACT_TYPES, COUNTRIES, DATE, ENUMS, FIELDS, IMPORT_MANDATORY, MANDATORY, OF_TYPE

TEXT = Annotated[str, Meta(min_length=1)]
COUNTRY = Literal[tuple(COUNTRIES)]


def kind_of(name, kind):
    if kind == "enum":
        return Literal[tuple(ENUMS[name])]
    if isinstance(kind, int):
        return Annotated[str, Meta(min_length=1, max_length=kind)]
    return {
        "text": TEXT,
        "date": Annotated[str, Meta(pattern=f"^{DATE}$")],
        "country": COUNTRY,
        "boolean": bool | Literal["true", "false"],
    }[kind]


class Contact(Struct, gc=False):
    contactType: Literal[tuple(CONTACT_TYPES)]
    contactDetails: TEXT


class Address(Struct, gc=False):
    country: COUNTRY
    addressDetails: TEXT | UnsetType = UNSET
    city: TEXT | UnsetType = UNSET
    zipCode: TEXT | UnsetType = UNSET


def check(self):
    if self.sourceOfRiskLevel != "EVALUATE":
        for name in IMPORT_MANDATORY:
            if getattr(self, name) is UNSET:
                raise ValueError(f"{name} is missing")
    if (self.customerStatus == "CLOSED") != (self.closingDate is not UNSET):
        raise ValueError("closingDate does not fit customerStatus")
    fields = OF_TYPE[self.entityType]
    for name in fields["mandatory"]:
        if getattr(self, name) is UNSET:
            raise ValueError(f"{name} is missing")
    for name in fields["not"]:
        if getattr(self, name) is not UNSET:
            raise ValueError(f"{name} is not allowed")
    if self.listAddress and self.entityType == "ORGANIZATION":
        for address in self.listAddress:
            if address.addressDetails is UNSET:
                raise ValueError("addressDetails is missing")


def fields():
    for name in MANDATORY:
        yield name, kind_of(name, FIELDS[name])
    for name, kind in FIELDS.items():
        if name not in MANDATORY:
            yield name, kind_of(name, kind) | UnsetType, UNSET
    yield "listContact", list[Contact] | UnsetType, UNSET
    yield "listAddress", list[Address] | UnsetType, UNSET


Customer = msgspec.defstruct("Customer", list(fields()), namespace={"__post_init__": check}, gc=False)


def make():
    decode = msgspec.json.Decoder(Customer).decode

    def first_error(line):
        try:
            decode(line)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            return error
        return None

    return first_error


if __name__ == "__main__":
    halves.run(make)
