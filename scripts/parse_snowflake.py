"""Parses every Snowflake golden file with a parser that others wrote: typos and wrong grammar show without an account."""

import pathlib
import sys

import sqlglot

files = sorted(pathlib.Path("tests/golden").glob("**/snowflake/*.sql"))
faults = []
for file in files:
    try:
        sqlglot.parse_one(file.read_text(), dialect="snowflake")
    except sqlglot.errors.SqlglotError as error:
        faults.append(f"{file}: {error}")
print(f"{len(files)} statements, {len(faults)} faults", *faults, sep="\n")
sys.exit(1 if faults or len(files) < 150 else 0)
