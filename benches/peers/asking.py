"""The canned queries in DuckDB over the same facts, best of three, beside the times of the program.

DuckDB has every table of facts and the one row a report that the store lays out for questions
(report_figure) as tables of its own, and the store's views over them. Of what the store keeps
summed it has nothing: where a query reads kept sums, DuckDB is asked the plain form in plain/, and of
sums by place each report stands for itself, as DuckDB sums fastest.
"""

import glob
import json
import math
import os
import re
import sqlite3
import sys
import time

import duckdb

database, folder = sys.argv[1:]
db = duckdb.connect(os.path.join(folder, "peer.duckdb"))
db.execute("SET threads = 2")
tables = {os.path.basename(path).split(".")[0] for path in glob.glob(f"{folder}/*.0.parquet")}
for table in sorted(tables):
    db.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_parquet('{folder}/{table}.*.parquet')")

PLACE = """SELECT COALESCE(p.place_level, 1) AS place_level, COALESCE(p.place_code, '000000') AS place_code,
    COALESCE(p.place_depth, 1) AS place_depth, 1 AS reports, f.*{more}
FROM {relation} AS f LEFT JOIN v_region_place AS p ON p.region_code = f.region_code"""
db.execute("""CREATE OR REPLACE TABLE attendance_wait AS
    SELECT year FROM report WHERE is_current = 1 UNION SELECT year FROM expectation""")
views = {
    "v_attendance": "SELECT * FROM attendance_due",
    "report_found": """SELECT report_id, COUNT(CASE WHEN severity = 'error' THEN 1 END) AS errors,
        COUNT(CASE WHEN severity = 'warning' THEN 1 END) AS warnings
    FROM finding_open GROUP BY report_id""",
    "v_place_figure": PLACE.format(relation="report_figure", more="")
    + """ UNION ALL SELECT 4, f.township_code, 4, 1, f.* FROM report_figure AS f
    WHERE f.township_code IS NOT NULL""",
    "v_place_breakdown": PLACE.format(
        relation="v_breakdown", more=", CASE WHEN f.part IS NULL THEN 0 ELSE 1 END AS complete"
    ),
    "v_place_line": PLACE.format(relation="v_line", more="") + " WHERE f.value IS NOT NULL",
}
for name, sql in sqlite3.connect(database).execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'"):
    kept = ("v_place_mark", "v_place_measure", "v_place_finding", "v_year_source", "v_attended")
    unasked = name.endswith("_due") and name != "attendance_due"
    unasked = unasked or name in (*kept, "v_coverage", "v_check_run")
    if name not in views and name not in tables and not unasked:
        sql = re.sub(r"^CREATE VIEW \w+ AS", "", sql)
        # CROSS JOIN ... ON keeps SQLite's order; DuckDB plans by itself
        sql = re.sub(r"CROSS JOIN (\w+ AS \w+)\s+ON", r"INNER JOIN \1 ON", sql)
        views[name] = sql
waiting = dict(views)
while waiting:
    made, wrong = [], {}
    for name, sql in waiting.items():
        try:
            db.execute(f"CREATE OR REPLACE VIEW {name} AS {sql}")
            made.append(name)
        except duckdb.Error as error:
            wrong[name] = error
    for name in made:
        del waiting[name]
    if not made:
        for name, error in wrong.items():
            print(f"view {name}: {str(error)[:200]}", file=sys.stderr)
        break


def same(ours, theirs):
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-15)
    return ours == theirs or (ours is None and theirs is None)


slower, late, worst = [], [], 0
print("| query | rows | ms | DuckDB, ms | times as fast |\n|---|---|---|---|---|")
for asked in json.load(open(f"{folder}/asked.json")):
    plain = os.path.join(os.path.dirname(__file__), "plain", f"{asked['name']}.sql")
    sql = open(plain).read() if os.path.exists(plain) else asked["sql"]
    names = set(re.findall(r":([a-z_]+)", sql))
    params = {name: value for name, value in asked["params"].items() if name in names}
    sql = re.sub(r"(?<![:\w]):([a-z_]+)", r"$\1", sql)
    sql = re.sub(r"\bboth\b", "both_years", sql)  # a word of DuckDB's own
    best, rows, note = math.inf, None, ""
    try:
        for _ in range(3):
            start = time.perf_counter()
            rows = db.execute(sql, params).fetchall()
            best = min(best, (time.perf_counter() - start) * 1e3)
            if best > 20_000:
                break
    except duckdb.Error as error:
        note = f" {str(error)[:150]}"
    if rows is not None:
        if len(rows) != asked["count"]:
            note = f" {len(rows)} rows!"
        elif not all(same(a, float(b) if hasattr(b, "as_tuple") else b)
                     for ours, theirs in zip(asked["rows"], rows) for a, b in zip(ours, theirs)):
            note = " other rows!"
    if asked["ms"] > best:
        slower.append(asked["name"])
    if asked["ms"] > 300:
        late.append(asked["name"])
    print(f"| `{asked['name']}`{note} | {asked['count']:,} | {asked['ms']:.1f} | {best:.1f} | {best / asked['ms']:.1f} |")
print(f"\nSlower than DuckDB: {', '.join(slower) or 'none'}. Above 300 ms: {', '.join(late) or 'none'}.")
