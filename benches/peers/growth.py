"""What asking.py found in several folders, side by side: `growth.py DIR...`, the smallest first."""

import json
import os
import sys

folders = sys.argv[1:]


def table(kind, ours, theirs, columns):
    """Ours and DuckDB's of each folder, then the memory of the last."""
    found = []
    for folder in folders:
        path = os.path.join(folder, f"{kind}.found.json")
        if os.path.exists(path):
            found.append({each["name"]: each for each in json.load(open(path))})
    if not found:
        return
    print(f"\n| {kind} | {' | '.join(columns)} | peak MB | DuckDB, MB |\n|{'---|' * (len(columns) + 3)}")
    for name, last in found[-1].items():
        cells = [of[name].get(key) for key in (ours, theirs) for of in found]
        shown = ["" if ms is None else f"{ms:,.1f}" if ms < 1_000 else f"{ms:,.0f}" for ms in cells]
        print(f"| `{last['words'] or name}` | {' | '.join(shown)} | {last['peak']:,} | {last.get('duckdb_peak', 0):,} |")


names = [os.path.basename(os.path.normpath(folder)) for folder in folders]
names += [f"DuckDB, {name}" for name in names]
table("queries", "ms", "duckdb_ms", names)
table("analyses", "alone", "duckdb_alone", names)
table("analyses", "ms", "duckdb_ms", names)
