"""What asking.py found in several folders, side by side: `growth.py DIR...`, the smallest first. Memory
is that of the last."""

import json
import os
import sys

folders = sys.argv[1:]
TABLES = [
    ("queries", "query", "ms", "duckdb_ms"),
    ("analyses", "analysis as a process", "alone", "duckdb_alone"),
    ("analyses", "analysis with the database open", "ms", "duckdb_ms"),
]


def found_in(folder, kind):
    """What was found, by name; nothing where this kind was not asked."""
    path = os.path.join(folder, f"{kind}.found.json")
    return {each["name"]: each for each in json.load(open(path))} if os.path.exists(path) else {}


def shown(ms):
    if ms is None:
        return ""
    return f"{ms:,.1f}" if ms < 1_000 else f"{ms:,.0f}"


def title(folder):
    """The name of the folder, which may be the number of reports."""
    name = os.path.basename(os.path.normpath(folder))
    return f"{int(name):,}" if name.isdigit() else name


for kind, heading, ours, theirs in TABLES:
    found = [found_in(folder, kind) for folder in folders]
    columns = [title(folder) for folder in folders]
    columns += [f"DuckDB, {column}" for column in columns]
    print(f"\n| {heading} | {' | '.join(columns)} | peak MB | DuckDB, MB |\n|{'---|' * (len(columns) + 3)}")
    for name, last in found[-1].items():
        cells = [shown(of.get(name, {}).get(key)) for key in (ours, theirs) for of in found]
        cells += [f"{last[key]:,}" if key in last else "" for key in ("peak", "duckdb_peak")]
        print(f"| `{last['words'] or name}` | {' | '.join(cells)} |")
