"""The same reading and inserting as a Python user would write it: pandas.read_html for the tables,
sqlite-utils for the rows. One process; far less checking than nianbao does: no edition, no labels
matched, no sums."""

import hashlib
import pathlib
import re
import sys
import zlib

import pandas
import sqlite_utils

folder, target = sys.argv[1:]
db = sqlite_utils.Database(target)
db["section"].create({"id": int, "report_id": int, "no": int, "title": str, "text": str}, pk="id")
db["section"].enable_fts(["text"], tokenize="trigram", create_triggers=True)
HEADING = re.compile(r"^([一二三四五六])、(.*)$")

for path in sorted(pathlib.Path(folder).glob("*.html")):
    content = path.read_bytes()
    html = content.decode("utf-8")
    source = {
        "path": str(path),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "content": zlib.compress(content),
    }
    source_id = db["source"].insert(source, pk="id").last_pk
    title = re.search(r"<h1>(.*?)</h1>", html).group(1)
    year = int(re.search(r"(20\d\d)年", title).group(1))
    report = {"source_id": source_id, "title": title, "year": year}
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
                        "state": "number" if text.isdigit() else "blank" if value is None else "text",
                    }
                )
    db["fact"].insert_all(facts)
    sections = []
    for paragraph in re.findall(r"<p[^>]*>(.*?)</p>", html, re.S):
        text = re.sub(r"<[^>]+>", "", paragraph)
        heading = HEADING.match(text)
        if heading:
            no = "一二三四五六".index(heading.group(1)) + 1
            sections.append({"report_id": report_id, "no": no, "title": heading.group(2), "text": ""})
        elif sections:
            sections[-1]["text"] += text + "\n"
    db["section"].insert_all(sections)
