"""review-correction-rate in DuckDB over the same facts as Parquet, best of seven."""

import sqlite3
import sys
import time

import duckdb
import pandas

database, folder = sys.argv[1:]
conn = sqlite3.connect(database)
report = pandas.read_sql("SELECT id, year, scope, region_code, covered_depth, is_current FROM report", conn)
case = pandas.read_sql("SELECT * FROM case_total", conn)
report.to_parquet(f"{folder}/report.parquet")
case.to_parquet(f"{folder}/case_total.parquet")
SQL = f"""
SELECT year, COUNT(*) AS reports, SUM(incomplete) AS incomplete, SUM(upheld) AS upheld,
    SUM(corrected) AS corrected, SUM(other) AS other, SUM(pending) AS pending, SUM(total) AS total,
    SUM(corrected) / NULLIF(SUM(upheld + corrected + other), 0) AS correction_rate
FROM '{folder}/case_total.parquet' AS c
JOIN '{folder}/report.parquet' AS r ON r.id = c.report_id
WHERE proceeding = 'review' AND is_current = 1 AND covered_depth < 1
GROUP BY year ORDER BY year
"""
db = duckdb.connect()
times = []
for _ in range(7):
    start = time.perf_counter()
    db.execute(SQL).fetchall()
    times.append(time.perf_counter() - start)
print(f"`review-correction-rate`: {min(times) * 1e3:.1f} ms in DuckDB {duckdb.__version__}")
