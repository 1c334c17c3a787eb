"""The canned queries and the analyses in DuckDB over the same facts, the best of five, beside the times of
the program, and each in a process of its own: its whole time, and the memory it had.

Each comes as a line of JSON when the program has asked it; `ready` says that the next may come. What
DuckDB has is told in facts.py. An analysis is asked as the plain SQL in analyses/.
"""

import json
import math
import os
import re
import subprocess
import sys
import time

import duckdb
import facts

database, folder = sys.argv[1:]
# what rows may differ by: sums of integers are exact, what is worked out of many fractions is not
NEAR = {"queries": 1e-12, "analyses": 1e-9}


def same(ours, theirs, near):
    if hasattr(theirs, "as_tuple"):
        theirs = float(theirs)
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=near, abs_tol=near / 1e3)
    return ours == theirs


def statement(kind, asked):
    """The SQL and the parameters that it has."""
    plain = os.path.join(facts.HERE, {"queries": "plain"}.get(kind, kind), f"{asked['name']}.sql")
    sql = open(plain).read() if os.path.exists(plain) else asked["sql"]
    sql = re.sub(r"(?<![:\w]):([a-z_]+)", r"$\1", sql)
    sql = re.sub(r"\bboth\b", "both_years", sql)  # a word of DuckDB's own
    names = set(re.findall(r"\$([a-z_]+)", sql))
    return sql, {name: value for name, value in asked["params"].items() if name in names}


def differs(kind, asked, rows):
    """What is not the same, in a few words."""
    if len(rows) != asked["count"]:
        return f" {len(rows)} rows!"
    for number, (ours, theirs) in enumerate(zip(asked["rows"], rows)):
        if not all(same(a, b, NEAR[kind]) for a, b in zip(ours, theirs, strict=True)):
            print(f"{asked['name']}, row {number}: {ours} and {theirs}", file=sys.stderr)
            return " other rows!"
    return ""


def alone(path, sql, params):
    """Milliseconds of a process that asks this alone, and its memory in MB."""
    start = time.perf_counter()
    asked = json.dumps({"sql": sql, "params": params})
    command = [sys.executable, os.path.join(facts.HERE, "alone.py"), path]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return (time.perf_counter() - start) * 1e3, int(done.stdout)


def ask(kind, asked):
    """The best of the rounds, the process, and what is wrong with the answer."""
    sql, params = statement(kind, asked)
    found = {key: asked.get(key) for key in ("name", "words", "count", "ms", "alone", "peak")}
    best, rows = math.inf, None
    try:
        for _ in range(5):
            start = time.perf_counter()
            rows = db.execute(sql, params).fetchall()
            best = min(best, (time.perf_counter() - start) * 1e3)
            if best > 2_000:
                break
    except duckdb.Error as error:
        return found | {"note": f" {str(error)[:150]}"}
    found |= {"note": differs(kind, asked, rows), "duckdb_ms": best}
    found["duckdb_alone"], found["duckdb_peak"] = alone(path, sql, params)
    return found


def told(kind, all_found):
    """The table of what was found."""
    processes = kind == "analyses"
    title = "| query | rows | ms | DuckDB, ms | times as fast |"
    if processes:
        title = "| analysis | rows | process, ms | DuckDB, ms | times as fast | inside, ms | DuckDB, ms | times as fast |"
    title += " peak MB | DuckDB, MB |"
    print(f"\n{title}\n|{'---|' * (title.count('|') - 1)}")
    for found in all_found:
        print(f"| `{found['words'] or found['name']}`{found['note']} | {found['count']:,} |", end="")
        if "duckdb_ms" in found:
            pairs = [("alone", "duckdb_alone")] if processes else []
            for ours, theirs in [*pairs, ("ms", "duckdb_ms")]:
                times = found[theirs] / found[ours]
                shown = f"{times:.1f}" if times >= 1 else f"{times:.2g}"
                print(f" {found[ours]:,.1f} | {found[theirs]:,.1f} | {shown} |", end="")
            print(f" {found['peak']:,} | {found['duckdb_peak']:,} |", end="")
        print()
    asked = [found for found in all_found if "duckdb_ms" in found]
    for words, ours, theirs in [("", "ms", "duckdb_ms"), (" as a process", "alone", "duckdb_alone")][: 1 + processes]:
        slower = [found["name"] for found in asked if found[ours] > found[theirs]]
        print(f"\nSlower than DuckDB{words}: {', '.join(slower) or 'none'}.")
    late = [found["name"] for found in all_found if found["ms"] > 300]
    print(f"\nAbove 300 ms: {', '.join(late) or 'none'}.")


path = facts.make(database, folder)
db = facts.connect(path)
all_found = {}
print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    all_found.setdefault(asked["kind"], []).append(ask(asked["kind"], asked))
    print("ready", flush=True)
for kind, found in all_found.items():
    json.dump(found, open(f"{folder}/{kind}.found.json", "w"), ensure_ascii=False)
    told(kind, found)
