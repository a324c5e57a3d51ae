"""The rules of the comparison, once, and the schemas that are made of them.

They are the rules that matter for the fields of the generated files: mandatory fields, lists of values,
countries, dates, and what depends on the type, the source and the status of the customer.

    python3 rules.py FOLDER     writes customer.schema.json, customer-csv.schema.json and two .xsd files
"""

import json
import sys
from pathlib import Path

COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
""".split()

# A date, or a date with a time, each with or without a zone. Without anchors, as XSD wants it.
DATE = (
    "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    "(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)

ENUMS = {
    "action": ["CREATE", "UPDATE"],
    "sourceOfRiskLevel": ["IMPORT", "EVALUATE"],
    "riskLevel": ["NONE", "LOW", "MEDIUM", "HIGH", "EXTREME"],
    "customerStatus": ["PENDING", "ACTIVE", "REJECTED", "SUSPENDED", "CLOSED"],
    "entityType": ["INDIVIDUAL", "ORGANIZATION"],
}
CONTACT_TYPES = ["MOBILEPHONE", "FIXEDPHONE", "EMAIL", "WEBSITE"]

# The flat fields: name -> text, text up to a length, enum, date, country or boolean.
FIELDS = {
    "communicationNumber": 256,
    "requester": 100,
    "action": "enum",
    "sourceOfRiskLevel": "enum",
    "riskLevel": "enum",
    "customerStatus": "enum",
    "riskManagementCategory": "text",
    "entityType": "enum",
    "customerExtId": "text",
    "applicationDate": "date",
    "closingDate": "date",
    "nationalCode": "text",
    "isPEP": "boolean",
    "isSanctioned": "boolean",
    "firstName": "text",
    "lastName": "text",
    "citizenshipCountry": "country",
    "birthDate": "date",
    "title": "text",
    "registrationCountry": "country",
    "legalForm": "text",
}
MANDATORY = [
    "communicationNumber", "requester", "riskManagementCategory", "entityType", "customerExtId",
    "applicationDate",
]
IMPORT_MANDATORY = ["riskLevel", "customerStatus"]
OF_TYPE = {
    "INDIVIDUAL": {
        "mandatory": ["firstName", "lastName", "citizenshipCountry"],
        "not": ["title", "legalForm"],
    },
    "ORGANIZATION": {
        "mandatory": ["title", "registrationCountry", "legalForm"],
        "not": ["firstName", "lastName", "citizenshipCountry", "birthDate"],
    },
}


def json_schema(csv):
    """A JSON Schema: of a record of JSON, or of a row of CSV, where an absent value is null."""
    text = {"type": "string", "minLength": 1}
    boolean = {"enum": [True, False, "true", "false"]}
    if csv:
        boolean = {"type": "string", "enum": ["true", "false"]}
    kinds = {
        "text": text,
        "date": {"type": "string", "pattern": f"^{DATE}$"},
        "country": {"type": "string", "enum": COUNTRIES},
        "boolean": boolean,
    }

    def field(name, kind):
        if kind == "enum":
            found = {"type": "string", "enum": ENUMS[name]}
        elif isinstance(kind, int):
            found = {**text, "maxLength": kind}
        else:
            found = dict(kinds[kind])
        if csv and name not in MANDATORY:
            found["type"] = [found["type"], "null"]
            if "enum" in found:
                found["enum"] = [*found["enum"], None]
        return found

    def present(names):
        if csv:
            return {"properties": {name: {"type": "string"} for name in names}}
        return {"required": names}

    def absent(names):
        values = {"type": "null"} if csv else False
        return {"properties": {name: values for name in names}}

    def when(name, values, then, otherwise=None):
        condition = {"properties": {name: {"enum": values}}, "required": [name]}
        rule = {"if": condition, "then": then}
        return rule if otherwise is None else {**rule, "else": otherwise}

    rules = [
        when("sourceOfRiskLevel", ["EVALUATE"], {}, present(IMPORT_MANDATORY)),
        when("customerStatus", ["CLOSED"], present(["closingDate"]), absent(["closingDate"])),
    ]
    for entity, fields in OF_TYPE.items():
        then = {"allOf": [present(fields["mandatory"]), absent(fields["not"])]}
        if entity == "ORGANIZATION" and not csv:
            items = {"items": {"required": ["addressDetails"]}}
            then["allOf"].append({"properties": {"listAddress": items}})
        rules.append(when("entityType", [entity], then))
    properties = {name: field(name, kind) for name, kind in FIELDS.items()}
    if not csv:
        contact = {"contactType": {"type": "string", "enum": CONTACT_TYPES}, "contactDetails": text}
        address = {"addressDetails": text, "country": kinds["country"], "city": text, "zipCode": text}
        properties["listContact"] = items_of(contact, ["contactType", "contactDetails"])
        properties["listAddress"] = items_of(address, ["country"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": MANDATORY,
        "allOf": rules,
    }


def items_of(properties, required):
    return {"type": "array", "items": {"type": "object", "properties": properties, "required": required}}


def xsd():
    """An XML Schema. Version 1.0 has no rules that depend on another field: those are left out."""

    def upper(name):
        return name[0].upper() + name[1:]

    def simple(name, base, facets):
        lines = "".join(f"      {facet}\n" for facet in facets)
        return (
            f'  <xs:simpleType name="{name}">\n    <xs:restriction base="{base}">\n'
            f"{lines}    </xs:restriction>\n  </xs:simpleType>\n"
        )

    def values(words):
        return [f'<xs:enumeration value="{word}"/>' for word in words]

    def element(name, kind, mandatory):
        occurs = "" if mandatory else ' minOccurs="0"'
        return f'      <xs:element name="{upper(name)}" type="{kind}"{occurs}/>\n'

    types = simple("text", "xs:string", ['<xs:minLength value="1"/>'])
    types += simple("date", "xs:string", [f'<xs:pattern value="{DATE}"/>'])
    types += simple("country", "xs:string", values(COUNTRIES))
    types += simple("boolean", "xs:string", values(["true", "false"]))
    types += simple("contactType", "xs:string", values(CONTACT_TYPES))
    elements = ""
    for name, kind in FIELDS.items():
        if kind == "enum":
            types += simple(name, "xs:string", values(ENUMS[name]))
            kind = name
        elif isinstance(kind, int):
            limits = ['<xs:minLength value="1"/>', f'<xs:maxLength value="{kind}"/>']
            types += simple(name, "xs:string", limits)
            kind = name
        elements += element(name, kind, name in MANDATORY)
    lists = ""
    for name, fields in {
        "Contact": {"contactType": "contactType", "contactDetails": "text"},
        "Address": {"addressDetails": "text", "country": "country", "city": "text", "zipCode": "text"},
    }.items():
        inner = "".join(
            element(field, kind, field in ("contactType", "contactDetails", "country"))
            for field, kind in fields.items()
        )
        lists += (
            f'  <xs:complexType name="{name}">\n    <xs:all>\n{inner}    </xs:all>\n  </xs:complexType>\n'
            f'  <xs:complexType name="List{name}">\n    <xs:sequence>\n'
            f'      <xs:element name="{name}" type="{name}" minOccurs="0" maxOccurs="unbounded"/>\n'
            "    </xs:sequence>\n  </xs:complexType>\n"
        )
        elements += element(f"list{name}", f"List{name}", False)
    namespace = "urn:amlyze-services:EvaluateCustomerService_v2r0"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{namespace}"\n'
        f'    targetNamespace="{namespace}" elementFormDefault="qualified">\n'
        f"{types}{lists}"
        f'  <xs:element name="AMLYZE_CUSTOMER">\n   <xs:complexType>\n    <xs:all>\n{elements}'
        "    </xs:all>\n   </xs:complexType>\n  </xs:element>\n</xs:schema>\n"
    )


def envelope():
    """The XML Schema of what stands around the customers."""
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    namespace = "urn:amlyze-services:EvaluateCustomerService_v2r0"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:customer="{namespace}"
    targetNamespace="{soap}" elementFormDefault="qualified">
  <xs:import namespace="{namespace}" schemaLocation="customer.xsd"/>
  <xs:element name="Envelope">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="Body">
          <xs:complexType>
            <xs:sequence>
              <xs:element ref="customer:AMLYZE_CUSTOMER" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in {"customer": json_schema(csv=False), "customer-csv": json_schema(csv=True)}.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema, indent=1))
    (folder / "customer.xsd").write_text(xsd())
    (folder / "envelope.xsd").write_text(envelope())


if __name__ == "__main__":
    main(sys.argv[1])
