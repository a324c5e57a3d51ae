#!/usr/bin/env python3
"""What a spreadsheet does to rejected files: opens them in LibreOffice, saves them, imports them again.

    cargo build
    python3 tests/spreadsheet/round_trip.py target/debug/kyc-import [SOFFICE]

LANGUAGES=en-US tries one language only; VERBOSE=1 prints what is changed without the guard.

Needs Python 3.9 and LibreOffice Calc (Debian: apt-get install libreoffice-calc); nothing else.

Records whose texts a spreadsheet likes to change are rejected for one missing name. rejected.csv is
opened and saved as CSV and as XLSX, rejected.xlsx as XLSX and as CSV, in several languages, and the
results are imported after the missing name was filled in, which is all that a person would change.
Every accepted record must hold the texts it held at first. The same is done without the guard, to count
what it saves. Ends with 0 when nothing changed.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HEAD = {
    "communicationNumber": "N-{n}", "requester": "branch-7", "sourceOfRiskLevel": "IMPORT", "riskLevel": "LOW",
    "customerStatus": "ACTIVE", "riskManagementCategory": "IND", "entityType": "INDIVIDUAL",
    "customerExtId": "X-{n}", "applicationDate": "2026-01-21", "firstName": "", "lastName": "Example",
    "citizenshipCountry": "LT", "isPEP": "true", "initialDepositAmount": "1500.50",
}

# Each of them goes into two fields of free text.
TEXTS = [
    "007", "+37061234567", "0037061234567", "-5", "=1+1", "=HYPERLINK(\"http://x\")", "@sum", "'quoted", "''", "'=1",
    "1234567890123456789012", "123456789012", "12345678901", "1e5", "1E5", "1.23E+4", "1-2", "3/4", "12:30", "10%",
    "2026-01-21", "21.01.2026", "1/21/2026", "1500.50", "1,5", "1 500,75", "$5", "5 EUR", "(5)", ".5", "1.", "+", "-",
    " 007", " leading", "trailing ", "May 5", "5-Jan", "SEPT2", "Mar-20", "1 1/2", "a;b", "a,b", "a\"b", "\"x\"",
    "line\nbreak", "Ąžuolas Šūnys", "日本", "LT-01100", "01100", "A1", "R1C1", "x=1", "#1", "C#", "<b>&amp;</b>",
    "_x0041_", "12 rue", "0x1F", "1_000", "٣٤", "TRUE story", "a\tb", "E12", "5e", "1e", "00", "0", "0.0", "10.0",
]

# 59 is the semicolon, 34 the quote, 76 UTF-8; then the first line, formats, language, text in quotes,
# numbers recognised, cells as shown.
CSV_FILTER = "59,34,76,1,,{language},false,true,{shown}"

LANGUAGES = {"en-US": 1033, "de-DE": 1031, "lt-LT": 1063}


def run(program, folder, *arguments):
    done = subprocess.run([program, "--root", str(folder), "run", "--format", "json", *arguments],
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{program} ended with {done.returncode}: {done.stderr}{done.stdout}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def records():
    for number, text in enumerate(TEXTS, 1):
        record = {name: value.format(n=number) for name, value in HEAD.items()}
        record |= {"nationalCode": text, "listAddress[0].addressDetails": text, "listAddress[0].country": "LT"}
        yield record


def write_csv(path, rows, bom=False):
    with open(path, "w", encoding="utf-8-sig" if bom else "utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def convert(soffice, profile, source, target, infilter, outfilter):
    """Opens a file in the spreadsheet and saves it."""
    folder = Path(tempfile.mkdtemp(dir=profile))
    arguments = [soffice, "--headless", "--norestore", f"-env:UserInstallation=file://{profile}/user"]
    if infilter:
        arguments.append(f"--infilter=CSV:{infilter}")
    arguments += ["--convert-to", outfilter, "--outdir", str(folder), str(source)]
    subprocess.run(arguments, capture_output=True, check=False, timeout=120)
    made = list(folder.iterdir())
    if len(made) != 1:
        sys.exit(f"{soffice} did not convert {source}")
    shutil.move(made[0], target)


def fill_in(path):
    """What a person does: writes the missing first name into every row."""
    if path.suffix == ".csv":
        with open(path, encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source, delimiter=";"))
        for row in rows:
            row["firstName"] = "Ona"
        write_csv(path, rows)


def fill_in_before(source, path):
    """The same in rejected.csv, before it is opened and saved as a workbook."""
    shutil.copy(source, path)
    fill_in(path)


def fill_in_workbook(source, path):
    """The same in a workbook: the blank red cells of the first sheet get an inline text."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        strings = old.read("xl/sharedStrings.xml").decode()
        names = strings.split("<si>")[1:]
        header = next(i for i, text in enumerate(names) if ">firstName<" in text)
        for item in old.infolist():
            data = old.read(item.filename)
            if item.filename == "xl/worksheets/sheet1.xml":
                text = data.decode()
                at = text.index(f"<v>{header}</v>")
                column = text[text.rindex('<c r="', 0, at) + 6:].split("1\"")[0]
                pieces = text.split(f'<c r="{column}')
                for i, piece in enumerate(pieces[2:], 2):
                    cell, rest = piece.split("/>", 1)
                    pieces[i] = f'{cell} t="inlineStr"><is><t>Ona</t></is></c>{rest}'
                data = f'<c r="{column}'.join(pieces).encode()
            new.writestr(item, data)


def accepted(program, path):
    """Imports a file; returns the accepted records and the number of rejected ones."""
    with tempfile.TemporaryDirectory() as root:
        result = run(program, root, str(path))[-1]
        batch = Path(root) / "outbox" / result["batch"] / "accepted.ndjson"
        lines = batch.read_text(encoding="utf-8").splitlines() if batch.exists() else []
        return {record["customerExtId"]: record for record in map(json.loads, lines)}, result["rejected"]


def changed(before, path, program):
    """How many cells of the records are not what they were; a record that is missing lost all of its own."""
    after, _ = accepted(program, path)
    count, examples = 0, []
    for number, record in before.items():
        own = after.get(number, {})
        pairs = [(record[name], own.get(name)) for name in record if name != "listAddress"]
        address = (own.get("listAddress") or [{}])[0]
        pairs += [(record["listAddress"][0][name], address.get(name)) for name in record["listAddress"][0]]
        for old, new in pairs:
            if old != new:
                count += 1
                examples.append(f"{old!r} -> {new!r}")
    return count, examples


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    soffice = sys.argv[2] if len(sys.argv) > 2 else shutil.which("soffice") or sys.exit("soffice is not here")
    work = Path(tempfile.mkdtemp(prefix="kyc-round-trip-"))
    try:
        sys.exit(1 if round_trips(program, soffice, work) else 0)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def round_trips(program, soffice, work):
    write_csv(work / "customers.csv", list(records()))
    batch = run(program, work, str(work / "customers.csv"))[-1]["batch"]
    folder = work / "outbox" / batch
    # What the records are when nothing but the name is filled in.
    fill_in_before(folder / "rejected.csv", work / "expected.csv")
    before, rejected = accepted(program, work / "expected.csv")
    if rejected or len(before) != len(TEXTS):
        sys.exit(f"{rejected} of {len(TEXTS)} corrected records were rejected")
    cells = sum(len(record) + len(record["listAddress"][0]) - 1 for record in before.values())
    # The same rows without the guard: as they came in.
    with open(folder / "rejected.csv", encoding="utf-8-sig", newline="") as source:
        guarded = list(csv.DictReader(source, delimiter=";"))
    plain = [{name: value for name, value in row.items() if name.startswith("_")} | original
             for row, original in zip(guarded, records())]
    write_csv(work / "unguarded.csv", plain, bom=True)
    fill_in(work / "unguarded.csv")
    fill_in_workbook(folder / "rejected.xlsx", work / "corrected.xlsx")

    worst = 0
    print(f"{len(before)} records, {cells} cells\n")
    print(f"{'file':24} {'saved as':10} {'language':10} changed cells")
    wanted = os.environ.get("LANGUAGES", ",".join(LANGUAGES)).split(",")
    for language, number in LANGUAGES.items():
        if language not in wanted:
            continue
        for name, is_guarded in [("unguarded.csv", False), ("expected.csv", True)]:
            for shown in ["false", "true"]:
                infilter = CSV_FILTER.format(language=number, shown=shown)
                for ending in ["csv", "xlsx"]:
                    if ending == "xlsx" and shown == "true":
                        continue
                    target = work / f"saved.{ending}"
                    out = "csv:Text - txt - csv (StarCalc):" + infilter if ending == "csv" else "xlsx"
                    convert(soffice, work, work / name, target, infilter, out)
                    count, examples = changed(before, target, program)
                    label = "rejected.csv" if is_guarded else "without guard"
                    print(f"{label:24} {ending + (' shown' if shown == 'true' else ''):10} {language:10} {count}")
                    if is_guarded:
                        worst = max(worst, count)
                        for example in examples[:10]:
                            print("    ", example)
                    elif os.environ.get("VERBOSE"):
                        for example in examples:
                            print("    ", example)
    for ending in ["xlsx", "csv"]:
        target = work / f"saved.{ending}"
        infilter = CSV_FILTER.format(language=1033, shown="false")
        out = "csv:Text - txt - csv (StarCalc):" + infilter if ending == "csv" else "xlsx"
        convert(soffice, work, work / "corrected.xlsx", target, None, out)
        count, examples = changed(before, target, program)
        print(f"{'rejected.xlsx':24} {ending:10} {'en-US':10} {count}")
        worst = max(worst, count)
        for example in examples[:10]:
            print("    ", example)
    count, _ = changed(before, work / "corrected.xlsx", program)
    print(f"{'rejected.xlsx':24} {'as it is':10} {'':10} {count}")
    return max(worst, count)


if __name__ == "__main__":
    main()
