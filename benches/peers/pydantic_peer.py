"""pydantic: a model, all errors of a field, two processes.

    python3 pydantic_peer.py FILE.ndjson FOLDER
"""

from typing import Annotated, Literal, Optional

from pydantic import BaseModel, Field, StrictBool, ValidationError, create_model, model_validator

import halves
from rules import CONTACT_TYPES, COUNTRIES, DATE, ENUMS, FIELDS, IMPORT_MANDATORY, MANDATORY, OF_TYPE

TEXT = Annotated[str, Field(min_length=1)]
COUNTRY = Literal[tuple(COUNTRIES)]


def kind_of(name, kind):
    if kind == "enum":
        return Literal[tuple(ENUMS[name])]
    if isinstance(kind, int):
        return Annotated[str, Field(min_length=1, max_length=kind)]
    return {
        "text": TEXT,
        "date": Annotated[str, Field(pattern=f"^{DATE}$")],
        "country": COUNTRY,
        "boolean": StrictBool | Literal["true", "false"],
    }[kind]


class Contact(BaseModel):
    contactType: Literal[tuple(CONTACT_TYPES)]
    contactDetails: TEXT


class Address(BaseModel):
    country: COUNTRY
    addressDetails: Optional[TEXT] = None
    city: Optional[TEXT] = None
    zipCode: Optional[TEXT] = None


class Checked(BaseModel):
    @model_validator(mode="after")
    def check(self):
        broken = []
        if self.sourceOfRiskLevel != "EVALUATE":
            broken += [f"{name} is missing" for name in IMPORT_MANDATORY if getattr(self, name) is None]
        if (self.customerStatus == "CLOSED") != (self.closingDate is not None):
            broken.append("closingDate does not fit customerStatus")
        fields = OF_TYPE[self.entityType]
        broken += [f"{name} is missing" for name in fields["mandatory"] if getattr(self, name) is None]
        broken += [f"{name} is not allowed" for name in fields["not"] if getattr(self, name) is not None]
        if self.entityType == "ORGANIZATION":
            for address in self.listAddress:
                if address.addressDetails is None:
                    broken.append("addressDetails is missing")
        if broken:
            raise ValueError(", ".join(broken))
        return self


def fields():
    for name, kind in FIELDS.items():
        if name in MANDATORY:
            yield name, (kind_of(name, kind), ...)
        else:
            yield name, (Optional[kind_of(name, kind)], None)
    yield "listContact", (list[Contact], [])
    yield "listAddress", (list[Address], [])


Customer = create_model("Customer", __base__=Checked, **dict(fields()))


def make():
    validate = Customer.__pydantic_validator__.validate_json

    def first_error(line):
        try:
            validate(line)
        except ValidationError as error:
            return "; ".join(f"{found['loc']}: {found['msg']}" for found in error.errors(include_url=False))
        return None

    return first_error


if __name__ == "__main__":
    halves.run(make)
