"""Works canned queries out anew, from the raw tables alone, and compares them with the program.

Arguments: the program, the database. Only Python's standard library."""

import json
import sqlite3
import subprocess
import sys
from collections import defaultdict

program, database = sys.argv[1:]
conn = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
rows = conn.execute(
    "SELECT id, year, scope, edition, region_code, organ_id, covered_depth FROM report WHERE is_current = 1"
).fetchall()
NAMES = ("id", "year", "scope", "edition", "region", "organ", "covered")
REPORTS = [dict(zip(NAMES, row)) for row in rows]
KEYS = {i: (t, r, e) for i, t, r, e in conn.execute("SELECT id, table_key, row_key, edition FROM form_row")}

FACTS = {}  # (report, table, row, column) in the edition of the line
for table, fact in [
    ("applications", "application_fact"),
    ("challenges", "challenge_fact"),
    ("disclosure", "disclosure_fact"),
    ("statistics", "statistic_fact"),
]:
    cursor = conn.execute(f"SELECT * FROM {fact}")
    columns = [c[0] for c in cursor.description]
    for row in cursor:
        row = dict(zip(columns, row))
        _, line, edition = KEYS[row["row_id"]]
        for column in columns:
            FACTS[row["report_id"], edition, table, line, column] = row[column]

FIGURES = defaultdict(list)
for edition, *names, table, row, column in conn.execute(
    "SELECT edition, series, figure, table_key, row_key, column_key FROM form_figure"
):
    FIGURES[edition, tuple(names)].append((table, row, column))


def cell(report, table, row, column):
    return FACTS.get((report["id"], report["edition"], table, row, column))


def total(values):
    values = list(values)
    return sum(values) if values and None not in values else None


def figure(report, series, name):
    cells = FIGURES[report["edition"], (series, name)]
    return total(cell(report, *where) for where in cells)


def reviews(report):
    """All reviews, where each figure of the line is settled."""
    asked = {names[1] for edition, names in FIGURES if edition == report["edition"] and names[0] == "review"}
    known = [figure(report, "review", name) for name in asked]
    return figure(report, "review", "total") if known and None not in known else None


def once():
    return [r for r in REPORTS if r["covered"] < 1]


def sums(reports, part, whole, *keys):
    """Reports, incomplete ones, sum of parts, sum of wholes, scopes by the keys of a report."""
    groups = defaultdict(lambda: [0, 0, None, None, set()])
    for report in reports:
        group = groups[tuple(report[key] for key in keys)]
        p, w = part(report), whole(report)
        group[0] += 1
        if p is None or w is None:
            group[1] += 1
            continue
        group[2], group[3] = (group[2] or 0) + p, (group[3] or 0) + w
        group[4].add(report["scope"])
    return {
        key: (n, open_, p, w, "+".join(sorted(scopes)) or None) for key, (n, open_, p, w, scopes) in groups.items()
    }


def asked(name, *args):
    command = [program, "query", name, "--db", database, "--format", "json", *args]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


compared = 0


def agree(name, found, expected):
    global compared
    assert found == expected, (name, found, expected)
    compared += len(found)


def by_keys(name, keys, columns, expected, *args):
    found = {tuple(r[k] for k in keys): tuple(r[c] for c in columns) for r in asked(name, *args)}
    agree(name, found, expected)


PROCESSED = lambda r: figure(r, "requests", "processed")
RECEIVED = lambda r: figure(r, "requests", "received")
REFUSED = lambda r: figure(r, "requests", "refused")
DISCLOSED = lambda r: total(figure(r, "requests", f) for f in ("granted", "partially_granted"))


def not_held(report):
    if report["edition"] == "2014":
        return cell(report, "statistics", "applications.replied.not_existing", "value")
    return cell(report, "applications", "unavailable.not_held", "total")


KINDS = ("business", "research", "welfare", "legal_service", "other_org")
CORPORATE = lambda r: total(cell(r, "applications", "received.new", k) for k in KINDS)
BASE = ("reports", "incomplete")
for name, part, whole, keys, columns in [
    ("disclosure-rate-by-year", DISCLOSED, PROCESSED, ("year", "edition"), ("disclosed", "processed")),
    ("not-held-share", not_held, PROCESSED, ("year", "edition"), ("not_held", "processed")),
    ("corporate-share", CORPORATE, RECEIVED, ("year", "edition"), ("corporate", "received")),
    ("reviews-per-100", reviews, RECEIVED, ("year",), ("reviews", "received")),
    (
        "litigation-after-review",
        lambda r: cell(r, "challenges", "litigation_after_review", "total"),
        reviews,
        ("year",),
        ("lawsuits", "reviews"),
    ),
]:
    everything = BASE + columns + ("scope_used",)
    by_keys(name, keys, everything, sums(once(), part, whole, *keys))
    own = [r for r in REPORTS if r["scope"] == "own"]
    by_keys(name, keys, everything, sums(own, part, whole, *keys), "--scope", "own")

for name, table_rows, whole, column in [
    ("applicants", None, RECEIVED, "received"),
    ("refusal-grounds", ("refused.", "applications.replied.refused."), REFUSED, "refused"),
    ("not-processed-reasons", ("not_processed.",), lambda r: figure(r, "requests", "not_processed"), "not_processed"),
]:
    expected = {}
    for edition in {r["edition"] for r in once()}:
        if table_rows is None:
            items = [("applications", "received.new", k, k) for k in ("natural_person", *KINDS)] if edition in ("2019", "2021") else []
        else:
            lines = [(t, r) for t, r, e in KEYS.values() if e == edition and r.startswith(table_rows)]
            items = [(t, r, "value" if t == "statistics" else "total", r) for t, r in lines]
        reports = [r for r in once() if r["edition"] == edition]
        for table, row, col, item in items or [(None, None, None, None)]:
            found = sums(reports, lambda r: cell(r, table, row, col), whole, "year", "edition")
            expected.update({(*key, item): value for key, value in found.items()})
    by_keys(name, ("year", "edition", "item"), BASE + ("applications", column, "scope_used"), expected)

DOCUMENTS = lambda column: lambda r: cell(r, "disclosure", "normative_documents", column)
whole_line = lambda r: total(DOCUMENTS(c)(r) for c in ("issued", "repealed", "in_force"))
for column in ("issued", "repealed", "in_force"):
    expected = sums(once(), DOCUMENTS(column), whole_line, "year")
    expected = {key: (n, o, p, s) for key, (n, o, p, _, s) in expected.items()}
    by_keys("normative-documents", ("year",), BASE + (column, "scope_used"), expected)

expected = {}
for item in ("licensing", "penalties", "coercion"):
    reports = [r for r in once() if r["edition"] in ("2019", "2021")]
    decided = lambda r: cell(r, "disclosure", item, "decisions")
    for (year,), (n, o, p, _, s) in sums(reports, decided, decided, "year").items():
        expected[year, item] = (n, o, p, s)
by_keys("administrative-decisions", ("year", "item"), BASE + ("decisions", "scope_used"), expected)

FEES = {
    "2014": lambda r: cell(r, "statistics", "fees.amount", "value_fen"),
    "2019": lambda r: total(cell(r, "disclosure", "fees", c) for c in ("items_last_year", "change")),
    "2021": lambda r: cell(r, "disclosure", "fees", "amount_fen"),
    None: lambda r: None,
}
fee = lambda r: FEES[r["edition"]](r)
expected = {key: (n, o, p, s) for key, (n, o, p, _, s) in sums(once(), fee, fee, "year", "edition").items()}
found = asked("fees")
agree(
    "fees",
    {
        (r["year"], r["edition"]): (r["reports"], r["incomplete"], r["items"] if r["fen"] is None else r["fen"], r["scope_used"])
        for r in found
    },
    expected,
)

own = [r for r in REPORTS if r["scope"] == "own"]
rates = [(DISCLOSED(r), PROCESSED(r)) for r in own]
ranked = sorted((p / w for p, w in rates if p is not None and w is not None and w >= 5), reverse=True)
found = asked("rate-ranking", "--from", "0", "--minimum", "5", "--limit", "100000")
assert all(abs(a["rate"] - b) < 1e-12 for a, b in zip(found, ranked))
agree("rate-ranking", [r["ranked"] for r in found], [len(ranked)] * len(ranked))

bodies = defaultdict(list)
series = dict(conn.execute("SELECT id, COALESCE(series_id, id) FROM organ"))
for report in own:
    bodies[series[report["organ"]]].append(RECEIVED(report))
never = sum(all(n == 0 for n in numbers) for numbers in bodies.values())
agree("never-received", len(asked("never-received")) * [1], never * [1])

expected = defaultdict(int)
for report in REPORTS:
    expected[report["year"], report["edition"]] += 1
by_keys("editions", ("year", "edition"), ("reports",), {key: (n,) for key, n in expected.items()})

print(compared)
