"""The same reading and inserting as a Python user would write it: pandas.read_html for the tables, lxml
for the text around them, sqlite-utils for the rows. One process, one pass, one transaction.

Of each page it finds title, body, year and date; matches rows by their labels and columns by their
headers against the form in force for the year (forms/*.toml), with numbering, blanks and punctuation
folded away; and writes source, report, sections with a full-text index, and cells with the keys of row
and column, state and value.

What it does not do: tell the edition from the tables, find labels that are mistyped or broken over
lines, check an order against sums, resolve the body to a place, imply values, know revisions and
duplicates, keep the place of a figure, or say what it could not place. It reads well-formed pages only.
"""

import hashlib
import io
import pathlib
import re
import sys
import tomllib
import unicodedata
import zlib
from collections import defaultdict
from itertools import count

import lxml.html
import pandas
import sqlite_utils

FORMS = pathlib.Path(__file__).parents[2] / "forms"
NUMBERING = re.compile(r"^(?:\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.]|其中:)+")
PUNCTUATION = re.compile(r"[\W_]+")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
HEADING = re.compile(r"([一二三四五六])、(.*)")
DATE = re.compile(r"发布日期[:：]\s*(\d{4}-\d{2}-\d{2})")
YEAR = re.compile(r"(20\d\d)年")
NUMERALS = "一二三四五六"
# pages whose rows are collected before they are inserted
BATCH = 100


def fold(label):
    return PUNCTUATION.sub("", NUMBERING.sub("", unicodedata.normalize("NFKC", label)))


class Form:
    """An edition: for each table the keys that a folded label can stand for, in the form's order."""

    def __init__(self, path):
        definition = tomllib.loads(path.read_text("utf-8"))
        self.first, self.last = definition["first_year"], definition.get("last_year", 9999)
        self.tables = []
        for table in definition["tables"]:
            rows = [row for block in table["blocks"] for row in block["rows"]]
            self.tables.append((table["key"], labels(rows), labels(table["columns"])))


def labels(definitions):
    keys = defaultdict(list)
    for definition in definitions:
        for label in {fold(label) for label in [definition["label"], *definition.get("variants", ())]}:
            keys[label].append(definition["key"])
    return keys


def read_table(frame, form, folded):
    """Row key, column key and text of each cell of a printed table, with the key of the table."""
    lines = [[str(value) for value in line] for line in frame.values.tolist()]
    for text in {text for line in lines for text in line} - folded.keys():
        folded[text] = fold(text)
    printed = {folded[text] for line in lines for text in line}
    table, rows, columns = max(form.tables, key=lambda t: len(printed & t[1].keys()) + len(printed & t[2].keys()))
    row_above, column_above = {}, {}
    taken, cells = set(), {}
    for line in lines:
        names = [folded[text] for text in line]
        if any(name in columns or name in rows for name in names[1:]):
            # a line of headers: the lowest label over a place counts
            row_above.update((x, rows[name][0]) for x, name in enumerate(names) if name in rows)
            column_above.update((x, columns[name][0] if name in columns else None) for x, name in enumerate(names))
            continue
        # one label can stand for several rows, which come in the form's order
        row = next((key for key in rows.get(names[0], ()) if key not in taken), None)
        taken.add(row)
        for x, text in enumerate(line):
            key = row if row else row_above.get(x)
            column = column_above.get(x)
            if key and column and not (row and x == 0):
                # a cell that spans several columns stands in each of them
                cells.setdefault((key, column), text)
    return table, cells


def read_cell(text):
    text = text.strip()
    if NUMBER.fullmatch(text):
        value = float(text) if "." in text else int(text)
        return ("number" if value else "zero"), value
    if text in ("/", "-", "—", "无"):
        return "not_applicable", None
    return ("text" if text else "blank"), None


def read_sections(page):
    sections = []
    for paragraph in page.xpath("//p[not(ancestor::table)]"):
        text = paragraph.text_content().strip()
        if heading := HEADING.match(text):
            sections.append((NUMERALS.index(heading[1]) + 1, heading[2], []))
        elif sections:
            sections[-1][2].append(text)
    return sections


def main(folder, target):
    forms = [Form(path) for path in FORMS.glob("*.toml")]
    db = sqlite_utils.Database(target)
    db.enable_wal()
    db["section"].create({"id": int, "report_id": int, "no": int, "title": str, "text": str}, pk="id")
    db["section"].enable_fts(["text"], tokenize="trigram", create_triggers=True)
    folded, ids = {}, count(1)
    batch = defaultdict(list)

    def flush():
        for table, key in (("source", "id"), ("report", "id"), ("cell", None), ("section", "id")):
            db[table].insert_all(batch[table], pk=key, batch_size=5000)
        batch.clear()

    with db.atomic():
        for path in sorted(pathlib.Path(folder).glob("*.html")):
            content = path.read_bytes()
            html = content.decode("utf-8")
            page = lxml.html.fromstring(html)
            title = page.findtext(".//h1")
            year = int(YEAR.search(title)[1])
            form = next(form for form in forms if form.first <= year <= form.last)
            number = next(ids)
            batch["source"].append(
                {
                    "id": number,
                    "path": str(path),
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                    "content": zlib.compress(content, 1),
                }
            )
            published = DATE.search(html)
            batch["report"].append(
                {
                    "id": number,
                    "source_id": number,
                    "title": title,
                    "organ": title[: title.index(str(year))],
                    "year": year,
                    "published": published and published[1],
                }
            )
            for frame in pandas.read_html(io.StringIO(html), flavor="lxml", keep_default_na=False):
                table, cells = read_table(frame, form, folded)
                for (row, column), text in cells.items():
                    state, value = read_cell(text)
                    batch["cell"].append(
                        {
                            "report_id": number,
                            "table": table,
                            "row": row,
                            "column": column,
                            "raw": text,
                            "state": state,
                            "value": value,
                        }
                    )
            for no, heading, lines in read_sections(page):
                batch["section"].append(
                    {"id": None, "report_id": number, "no": no, "title": heading, "text": "\n".join(lines)}
                )
            if number % BATCH == 0:
                flush()
        flush()
    db.close()


main(*sys.argv[1:])
