"""DuckDB: the rules as SQL, accepted and rejected records written.

    python3 duckdb_peer.py FILE FOLDER     FILE ends with .csv or .ndjson
"""

import sys
from pathlib import Path

import duckdb

from rules import CONTACT_TYPES, COUNTRIES, DATE, ENUMS, FIELDS, IMPORT_MANDATORY, MANDATORY, OF_TYPE


def words(values):
    return ", ".join(f"'{value}'" for value in values)


def quoted(name):
    return f'"{name}"'


def rules(nested):
    """Pairs of a name and a condition that is true where the rule is broken."""
    for name in MANDATORY:
        yield f"{name} missing", f"{quoted(name)} IS NULL"
    for name, kind in FIELDS.items():
        column = quoted(name)
        if kind == "enum":
            yield f"{name} invalid", f"{column} NOT IN ({words(ENUMS[name])})"
        elif kind == "country":
            yield f"{name} invalid", f"{column} NOT IN ({words(COUNTRIES)})"
        elif kind == "boolean":
            yield f"{name} invalid", f"{column} NOT IN ('true', 'false')"
        elif kind == "date":
            yield f"{name} invalid", f"NOT regexp_full_match({column}, '{DATE}')"
        elif isinstance(kind, int):
            yield f"{name} invalid", f"length({column}) > {kind}"
    for name in IMPORT_MANDATORY:
        imported = "\"sourceOfRiskLevel\" IS DISTINCT FROM 'EVALUATE'"
        yield f"{name} missing", f"{quoted(name)} IS NULL AND {imported}"
    closed = "\"customerStatus\" IS NOT DISTINCT FROM 'CLOSED'"
    yield "closingDate missing", f'"closingDate" IS NULL AND {closed}'
    yield "closingDate not allowed", f'"closingDate" IS NOT NULL AND NOT {closed}'
    for entity, fields in OF_TYPE.items():
        for name in fields["mandatory"]:
            yield f"{name} missing", f"\"entityType\" = '{entity}' AND {quoted(name)} IS NULL"
        for name in fields["not"]:
            yield f"{name} not allowed", f"\"entityType\" = '{entity}' AND {quoted(name)} IS NOT NULL"
    if nested:
        contact = (
            f"item.contactType IS NULL OR item.contactType NOT IN ({words(CONTACT_TYPES)}) "
            "OR item.contactDetails IS NULL"
        )
        yield "listContact invalid", f'len(list_filter("listContact", lambda item: {contact})) > 0'
        address = (
            f"item.country IS NULL OR item.country NOT IN ({words(COUNTRIES)}) "
            "OR (item.addressDetails IS NULL AND \"entityType\" = 'ORGANIZATION')"
        )
        yield "listAddress invalid", f'len(list_filter("listAddress", lambda item: {address})) > 0'


def main(file, folder):
    nested = file.endswith(".ndjson")
    if nested:
        columns = {name: "VARCHAR" for name in FIELDS}
        columns["listContact"] = "STRUCT(contactType VARCHAR, contactDetails VARCHAR)[]"
        columns["listAddress"] = (
            "STRUCT(addressDetails VARCHAR, country VARCHAR, city VARCHAR, zipCode VARCHAR)[]"
        )
        source = f"read_json('{file}', format = 'newline_delimited', columns = {columns})"
    else:
        source = f"read_csv('{file}', all_varchar = true, header = true)"
    found = ", ".join(f"CASE WHEN {broken} THEN '{name}' END" for name, broken in rules(nested))
    connection = duckdb.connect()
    judged = f"SELECT *, concat_ws(' | ', {found}) AS _errors FROM {source}"
    connection.execute(f"CREATE TEMP TABLE judged AS {judged}")
    ending = "ndjson" if nested else "csv"
    form = "FORMAT json" if nested else "FORMAT csv, HEADER"
    accepted = Path(folder) / f"accepted.{ending}"
    rejected = Path(folder) / f"rejected.{ending}"
    connection.execute(
        f"COPY (SELECT * EXCLUDE (_errors) FROM judged WHERE _errors = '') TO '{accepted}' ({form})"
    )
    connection.execute(f"COPY (SELECT * FROM judged WHERE _errors <> '') TO '{rejected}' ({form})")
    count = connection.execute("SELECT count(*) FROM judged WHERE _errors <> ''").fetchone()[0]
    print(f"rejected={count}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
