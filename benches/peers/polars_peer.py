"""polars, streaming: the rules as expressions, accepted and rejected records written.

    python3 polars_peer.py FILE.csv FOLDER
"""

import sys
from pathlib import Path

import polars as pl

from rules import COUNTRIES, DATE, ENUMS, FIELDS, IMPORT_MANDATORY, MANDATORY, OF_TYPE


def rules():
    """Pairs of a name and an expression that is true where the rule is broken."""
    for name in MANDATORY:
        yield f"{name} missing", pl.col(name).is_null()
    for name, kind in FIELDS.items():
        column = pl.col(name)
        if kind == "enum":
            yield f"{name} invalid", ~column.is_in(ENUMS[name])
        elif kind == "country":
            yield f"{name} invalid", ~column.is_in(COUNTRIES)
        elif kind == "boolean":
            yield f"{name} invalid", ~column.is_in(["true", "false"])
        elif kind == "date":
            yield f"{name} invalid", ~column.str.contains(f"^{DATE}$")
        elif isinstance(kind, int):
            yield f"{name} invalid", column.str.len_chars() > kind
    imported = pl.col("sourceOfRiskLevel").ne_missing(pl.lit("EVALUATE"))
    for name in IMPORT_MANDATORY:
        yield f"{name} missing", pl.col(name).is_null() & imported
    closed = pl.col("customerStatus").eq_missing(pl.lit("CLOSED"))
    yield "closingDate missing", pl.col("closingDate").is_null() & closed
    yield "closingDate not allowed", pl.col("closingDate").is_not_null() & ~closed
    for entity, fields in OF_TYPE.items():
        of_type = pl.col("entityType") == entity
        for name in fields["mandatory"]:
            yield f"{name} missing", of_type & pl.col(name).is_null()
        for name in fields["not"]:
            yield f"{name} not allowed", of_type & pl.col(name).is_not_null()


def main(file, folder):
    found = [pl.when(broken).then(pl.lit(name)) for name, broken in rules()]
    errors = pl.concat_str(found, separator=" | ", ignore_nulls=True)
    judged = pl.scan_csv(file, infer_schema=False).with_columns(errors.alias("_errors"))
    accepted = judged.filter(pl.col("_errors") == "").drop("_errors")
    rejected = judged.filter(pl.col("_errors") != "")
    sinks = [
        accepted.sink_csv(Path(folder) / "accepted.csv", lazy=True),
        rejected.sink_csv(Path(folder) / "rejected.csv", lazy=True),
    ]
    pl.collect_all(sinks, engine="streaming")
    with open(Path(folder) / "rejected.csv", "rb") as written:
        print(f"rejected={sum(1 for _ in written) - 1}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
