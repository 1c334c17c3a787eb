"""The facts as tables of a DuckDB file, with the store's views over them.

DuckDB has every table of facts and the one row a report that the store lays out for questions
(report_figure) as tables of its own, and the store's views over them. Of what the store keeps
summed it has nothing: where a query reads kept sums, DuckDB is asked the plain form in plain/, and of
sums by place each report stands for itself, as DuckDB sums fastest.
"""

import glob
import os
import re
import sqlite3
import sys

import duckdb

HERE = os.path.dirname(os.path.abspath(__file__))

PLACE = """SELECT COALESCE(p.place_level, 1) AS place_level, COALESCE(p.place_code, '000000') AS place_code,
    COALESCE(p.place_depth, 1) AS place_depth, 1 AS reports, f.*{more}
FROM {relation} AS f LEFT JOIN v_region_place AS p ON p.region_code = f.region_code"""
VIEWS = {
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
# views over kept sums and over runs of checks, which no query asks
KEPT = {"v_place_mark", "v_place_measure", "v_place_finding", "v_year_source", "v_attended", "v_coverage", "v_check_run"}


def make(database, folder):
    """Makes the file anew from the Parquet of the folder and gives its path."""
    path = os.path.join(folder, "peer.duckdb")
    if os.path.exists(path):
        os.remove(path)
    db = duckdb.connect(path)
    db.execute("SET threads = 2")
    tables = {os.path.basename(part).split(".")[0] for part in glob.glob(f"{folder}/*.0.parquet")}
    for table in sorted(tables):
        db.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{folder}/{table}.*.parquet')")
    db.execute("""CREATE TABLE attendance_wait AS
        SELECT year FROM report WHERE is_current = 1 UNION SELECT year FROM expectation""")
    make_views(db, dict(VIEWS) | views_of_store(database, tables))
    db.execute(open(os.path.join(HERE, "analyses", "views.sql")).read())
    db.close()
    return path


def views_of_store(database, tables):
    """The views of the store that DuckDB is to have, in its words."""
    views = {}
    stored = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    for name, sql in stored.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'"):
        unasked = name in KEPT or name.endswith("_due") and name != "attendance_due"
        if name not in VIEWS and name not in tables and not unasked:
            sql = re.sub(r"^CREATE VIEW \w+ AS", "", sql)
            # CROSS JOIN ... ON keeps SQLite's order; DuckDB plans by itself
            views[name] = re.sub(r"CROSS JOIN (\w+ AS \w+)\s+ON", r"INNER JOIN \1 ON", sql)
    return views


def make_views(db, waiting):
    """Makes the views, those first that the others read; tells of those that cannot be made."""
    while waiting:
        made, wrong = [], {}
        for name, sql in waiting.items():
            try:
                db.execute(f"CREATE VIEW {name} AS {sql}")
                made.append(name)
            except duckdb.Error as error:
                wrong[name] = error
        for name in made:
            del waiting[name]
        if not made:
            for name, error in wrong.items():
                print(f"view {name}: {str(error)[:200]}", file=sys.stderr)
            return


def connect(path):
    """The file, to be read by two threads."""
    db = duckdb.connect(path, read_only=True)
    db.execute("SET threads = 2")
    return db
