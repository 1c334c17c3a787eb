"""The same reading and inserting as a Python user would write it: pandas.read_html for the tables,
sqlite-utils for the rows. One process; far less checking than nianbao does."""

import pathlib
import re
import sys

import pandas
import sqlite_utils

folder, target = sys.argv[1:]
db = sqlite_utils.Database(target)
for path in sorted(pathlib.Path(folder).glob("*.html")):
    html = path.read_text(encoding="utf-8")
    title = re.search(r"<h1>(.*?)</h1>", html).group(1)
    report = {"path": str(path), "title": title, "year": int(re.search(r"(20\d\d)年", title).group(1))}
    report_id = db["report"].insert(report, pk="id", alter=True).last_pk
    facts = []
    for number, table in enumerate(pandas.read_html(path)):
        for row in table.itertuples(index=False):
            label, *values = row
            for column, value in enumerate(values):
                text = str(value)
                facts.append(
                    {
                        "report_id": report_id,
                        "grid": number,
                        "row": str(label),
                        "column": column,
                        "raw": text,
                        "value": int(text) if text.isdigit() else None,
                    }
                )
    db["fact"].insert_all(facts)
    paragraphs = re.findall(r"<p[^>]*>(.*?)</p>", html, re.S)
    db["section"].insert({"report_id": report_id, "text": re.sub(r"<[^>]+>", "", "\n".join(paragraphs))})
