"""The peer of `benches/delivering.rs`: DuckDB reads the SQLite file by its extension and writes the
same relations as Parquet, the facts by year and province.

    python3 benches/peers/delivering.py DB DIR
"""

import os
import sys

import duckdb

EXTENSION = os.environ.get("NIANBAO_DUCKDB_SQLITE")

# relation -> what is read; {r} stands for the report beside it
FACTS = {
    "report": """SELECT r.id AS report_id, r.organ_id, COALESCE(o.series_id, o.id) AS series_id, o.name AS organ, o.kind,
        CASE WHEN o.kind = 'ministry' THEN 0
             WHEN o.township_code IS NOT NULL OR o.kind IN ('township', 'street') THEN 4 ELSE h.level END AS level,
        r.region_code, g.name AS region, r.township_code, r.year AS reporting_year, r.scope, r.covered_depth, r.edition,
        r.published, r.revision, r.title, s.path, s.sha256, {partition}
        FROM db.report AS r
        JOIN db.organ AS o ON o.id = r.organ_id
        JOIN db.source AS s ON s.id = r.source_id
        LEFT JOIN db.region AS g ON g.code = r.region_code
        LEFT JOIN db.region AS h ON h.code = o.region_code
        WHERE r.is_current = 1""",
    "cell_mark": """SELECT f.report_id, d.edition AS row_edition, d.table_key, d.row_key, f.column_key, f.state, f.raw,
        f.value, f.unit, f.implied AS implied_value, {partition}
        FROM db.cell_mark AS f
        JOIN db.form_row AS d ON d.id = f.row_id
        JOIN db.report AS r ON r.id = f.report_id
        WHERE r.is_current = 1""",
    "finding": """SELECT f.id, f.report_id, f.key, f.rule, f.outcome, f.severity, m.zh AS message, m.en AS message_en,
        f.cells, f.difference, {partition}
        FROM db.finding AS f
        JOIN db.message AS m ON m.id = f.message_id
        JOIN db.report AS r ON r.id = f.report_id
        WHERE r.is_current = 1""",
}
for relation in ["request_total", "case_total", "processing_fee"]:
    FACTS[relation] = (
        f"SELECT f.*, {{partition}} FROM db.{relation} AS f JOIN db.report AS r ON r.id = f.report_id"
        " WHERE r.is_current = 1"
    )
for relation in ["application", "challenge", "disclosure", "statistic"]:
    FACTS[relation] = (
        "SELECT f.* EXCLUDE (row_id), d.edition AS row_edition, d.row_key, {partition}"
        f" FROM db.{relation}_fact AS f JOIN db.form_row AS d ON d.id = f.row_id"
        " JOIN db.report AS r ON r.id = f.report_id WHERE r.is_current = 1"
    )
DIMENSIONS = [
    "region", "region_successor", "organ", "organ_successor", "edition", "form_table", "form_row",
    "form_column", "form_cell", "rule",
]


def main(db, folder):
    conn = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    if EXTENSION:
        conn.execute(f"LOAD '{EXTENSION}'")
    else:
        conn.execute("INSTALL sqlite; LOAD sqlite")
    conn.execute(f"ATTACH '{db}' AS db (TYPE sqlite, READ_ONLY)")
    os.makedirs(f"{folder}/facts")
    os.makedirs(f"{folder}/dimensions")
    partition = "r.year AS year, SUBSTR(r.region_code, 1, 2) AS province"
    for relation, select in FACTS.items():
        conn.execute(
            f"COPY ({select.format(partition=partition)}) TO '{folder}/facts/{relation}'"
            " (FORMAT parquet, PARTITION_BY (year, province))"
        )
    for relation in DIMENSIONS:
        conn.execute(
            f"COPY (SELECT * FROM db.{relation}) TO '{folder}/dimensions/{relation}.parquet' (FORMAT parquet)"
        )


main(*sys.argv[1:])
