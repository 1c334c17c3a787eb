"""What a department's own script would do in place of `benches/delivering.rs -- office`: read the facts
of a province's reports with pandas, write the table with openpyxl, the slips with python-docx. Without
layout, marks, notes, definitions and formulas.

    python3 benches/peers/office.py matrix|sum|slips DB PROVINCE YEAR OUT
"""

import os
import sqlite3
import sys

import pandas

FACTS = ["application", "challenge", "disclosure", "statistic"]
ASIDE = {"row_id", "report_id", "implied"}


def cells(conn, province, year):
    """A line for each report, a column for each cell."""
    parts = []
    for table in FACTS:
        facts = pandas.read_sql(
            f"SELECT d.edition || '/' || d.row_key AS row, f.* FROM {table}_fact AS f JOIN form_row AS d ON d.id = f.row_id"
            " JOIN report AS r ON r.id = f.report_id"
            " WHERE r.is_current = 1 AND r.year = ? AND SUBSTR(r.region_code, 1, 2) = ?",
            conn,
            params=(year, province),
        )
        columns = [column for column in facts.columns if column not in ASIDE | {"row"}]
        long = facts.melt(id_vars=["report_id", "row"], value_vars=columns, var_name="column", value_name="n").dropna(subset="n")
        long["cell"] = table + "/" + long["row"] + "/" + long["column"]
        parts.append(long[["report_id", "cell", "n"]])
    table = pandas.concat(parts).pivot(index="report_id", columns="cell", values="n")
    names = pandas.read_sql(
        "SELECT r.id AS report_id, o.name AS organ, r.region_code FROM report AS r JOIN organ AS o ON o.id = r.organ_id"
        " WHERE r.is_current = 1 AND r.year = ? AND SUBSTR(r.region_code, 1, 2) = ?",
        conn,
        params=(year, province),
        index_col="report_id",
    )
    return names.join(table)


def slips(conn, province, year, folder):
    import docx

    os.mkdir(folder)
    found = pandas.read_sql(
        "SELECT o.name AS organ, r.id, m.zh AS message FROM finding AS f JOIN report AS r ON r.id = f.report_id"
        " JOIN organ AS o ON o.id = r.organ_id JOIN message AS m ON m.id = f.message_id"
        " WHERE f.outcome = 'fail' AND f.severity IN ('error', 'warning') AND r.is_current = 1 AND r.year = ?"
        " AND SUBSTR(r.region_code, 1, 2) = ?",
        conn,
        params=(year, province),
    )
    for (report, organ), rows in found.groupby(["id", "organ"]):
        document = docx.Document()
        document.add_heading("整改通知单", 0)
        document.add_paragraph(organ)
        for message in rows["message"]:
            document.add_paragraph(message, style="List Number")
        document.save(f"{folder}/{report}.docx")


def main(what, db, province, year, out):
    conn = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    year = int(year)
    if what == "slips":
        return slips(conn, province, year, out)
    table = cells(conn, province, year)
    with pandas.ExcelWriter(out, engine="openpyxl") as book:
        if what == "sum":
            table.drop(columns=["organ", "region_code"]).sum().to_excel(book, sheet_name="sum")
        table.to_excel(book, sheet_name="units", index=False)


main(*sys.argv[1:])
