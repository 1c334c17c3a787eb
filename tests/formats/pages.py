"""Lays made-up reports out as pages, in many ways and by several programs, and says what they say.

Argument: a folder. Writes NAME.pdf or NAME.ofd with NAME.truth.json into it and prints how many.
Needs reportlab and typst from PyPI; the labels come from the form's definition."""

import itertools
import json
import random
import sys
import tomllib
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import typst
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

OUT = Path(sys.argv[1])
FORM = tomllib.loads((Path(__file__).parents[2] / "forms/2021.toml").read_text("utf-8"))
DISCLOSURE, APPLICATIONS, CHALLENGES = FORM["tables"]
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

SENTENCE = "本年度认真贯彻条例，及时公开应当公开的政府信息，规范办理公开申请，加强信息管理和平台建设，"


class Report:
    """Figures that add up, from a seed."""

    def __init__(self, seed):
        rnd = self.rnd = random.Random(seed)
        self.cells = {}
        most = rnd.choice([3, 30, 4000])
        figure = lambda: rnd.choice([0, 0, rnd.randrange(most)])
        for block in DISCLOSURE["blocks"]:
            for row in block["rows"]:
                for column in block["columns"]:
                    fee = f"{rnd.randrange(10**4)}.{rnd.randrange(10**3):03}{rnd.randrange(1, 10)}" if rnd.random() < 0.5 else str(figure())
                    self.cells["disclosure", row["key"], column] = fee if column == "amount" else str(figure())
        columns = [c["key"] for c in APPLICATIONS["columns"]]
        rows = [r["key"] for r in APPLICATIONS["blocks"][0]["rows"]]
        parts = [r for r in rows if r not in ("received.new", "received.carried_in", "processed_total", "carried_out")]
        grid = {}
        for column in columns[:-1]:
            for row in parts + ["received.carried_in"]:
                grid[row, column] = figure()
            grid["processed_total", column] = sum(grid[r, column] for r in parts)
            low = max(0, grid["received.carried_in", column] - grid["processed_total", column])
            grid["carried_out", column] = low + figure()
            out = grid["processed_total", column] + grid["carried_out", column]
            grid["received.new", column] = out - grid["received.carried_in", column]
        for row in rows:
            grid[row, "total"] = sum(grid[row, c] for c in columns[:-1])
        for (row, column), value in grid.items():
            self.cells["applications", row, column] = str(value)
        for row in CHALLENGES["blocks"][0]["rows"]:
            values = [figure() for _ in range(4)]
            for column, value in zip(CHALLENGES["blocks"][0]["columns"], values + [sum(values)]):
                self.cells["challenges", row["key"], column] = str(value)

    def truth(self, name):
        cells = []
        for (table, row, column), raw in self.cells.items():
            state = "zero" if Decimal(raw) == 0 else "number"
            number = float(raw) if "." in raw else int(raw)
            cells.append({"table": table, "row": row, "column": column, "raw": raw, "value": number, "state": state})
        body = {"organ": "江阴市", "year": 2023, "scope": "own", "edition": "2021", "published": None}
        return {"file": name, **body, "cells": cells}


def disclosure(report):
    """Rows of (text, columns, rows), four columns wide."""
    label = {c["key"]: c["label"] for c in DISCLOSURE["columns"]}
    rows = []
    for block in DISCLOSURE["blocks"]:
        wide = {1: 3, 3: 1}[len(block["columns"])]
        rows.append([(block["caption"], 4, 1)])
        rows.append([(block["corner"], 1, 1)] + [(label[c], wide, 1) for c in block["columns"]])
        for row in block["rows"]:
            figures = [report.cells["disclosure", row["key"], c] for c in block["columns"]]
            rows.append([(row["label"], 1, 1)] + [(f, wide, 1) for f in figures])
    return rows, [3, 2, 2, 2], 0


def applications(report, labels, header):
    """`labels`: merged, repeated or single; `header`: how many rows it has."""
    columns = APPLICATIONS["columns"]
    left = 1 if labels == "single" else 3
    if header == 3:
        note = APPLICATIONS["note"]
        rows = [
            [(note, left, 3), (APPLICATIONS["corner"], 7, 1)],
            [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
            [(c["label"], 1, 1) for c in columns[1:-1]],
        ]
    else:
        rows = [[("项目", left, 1)] + [(c["label"], 1, 1) for c in columns]]
    data = APPLICATIONS["blocks"][0]["rows"]
    above = []
    for i, row in enumerate(data):
        path = row.get("path", [])
        figures = [(report.cells["applications", row["key"], c["key"]], 1, 1) for c in columns]
        if labels == "single":
            # a group without figures has a row of its own
            new = [p for p in path if p not in above]
            rows.extend([(p, 8, 1)] for p in new)
            rows.append([(row["label"], 1, 1)] + figures)
        elif labels == "repeated":
            cells = [(p, 1, 1) for p in path] + [(row["label"], left - len(path), 1)]
            rows.append(cells + figures)
        else:
            cells = []
            for depth, name in enumerate(path):
                if path[: depth + 1] != above[: depth + 1]:
                    same = itertools.takewhile(lambda r: r.get("path", [])[: depth + 1] == path[: depth + 1], data[i:])
                    cells.append((name, 1, len(list(same))))
            rows.append(cells + [(row["label"], left - len(path), 1)] + figures)
        above = path
    widths = [10] if labels == "single" else [2, 2.5, 6]
    return rows, widths + [1.7] * 7, header


def challenges(report):
    columns = [c["label"] for c in CHALLENGES["columns"]]
    leaves = lambda: [(c, 1, 1) for c in columns]
    data = [r["key"] for r in CHALLENGES["blocks"][0]["rows"]]
    figures = [report.cells["challenges", r, c["key"]] for r in data for c in CHALLENGES["columns"]]
    rows = [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [(c, 1, 2) for c in columns] + [("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        leaves() + leaves(),
        [(f, 1, 1) for f in figures],
    ]
    return rows, [1] * 15, 3


def content(report, labels, header, lines):
    """Headings, paragraphs and tables in order; `lines` of text move the tables down the page."""
    yield "title", "江阴市2023年政府信息公开工作年度报告"
    yield "heading", "一、总体情况"
    for _ in range(1 + lines // 6):
        yield "text", SENTENCE * 3 + "成效明显。"
    for _ in range(lines % 6):
        yield "text", "一是加强领导。"
    yield "heading", "二、主动公开政府信息情况"
    yield "table", disclosure(report)
    yield "heading", "三、收到和处理政府信息公开申请情况"
    yield "table", applications(report, labels, header)
    yield "heading", "四、政府信息公开行政复议、行政诉讼情况"
    yield "table", challenges(report)
    yield "heading", "五、存在的主要问题及改进情况"
    yield "text", SENTENCE * 2 + "仍有不足。"
    yield "heading", "六、其他需要报告的事项"
    yield "text", "没有其他需要报告的事项。"


def matrix(rows, width):
    """Places of cells: (row, column, text, columns, rows)."""
    taken, out = set(), []
    for y, row in enumerate(rows):
        x = 0
        for text, w, h in row:
            while (y, x) in taken:
                x += 1
            out.append((y, x, text, w, h))
            taken.update((y + j, x + i) for j in range(h) for i in range(w))
            x += w
    return out


def by_reportlab(path, parts, size, wide, ruled, repeat, cut):
    style = ParagraphStyle("text", fontName="STSong-Light", fontSize=size, leading=size * 1.4, wordWrap="CJK")
    text = ParagraphStyle("body", parent=style, firstLineIndent=2 * size)
    title = ParagraphStyle("title", parent=style, fontSize=size * 1.7, leading=size * 2.2, alignment=1)
    page = landscape(A4) if wide else A4
    story = []
    for kind, part in parts:
        if kind != "table":
            story.append(Paragraph(part, {"title": title, "heading": text, "text": text}[kind]))
            story.append(Spacer(1, size / 2))
            continue
        rows, widths, header = part
        room = page[0] - 100
        data = [[""] * len(widths) for _ in rows]
        styles = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 2)]
        if ruled:
            styles.append(("GRID", (0, 0), (-1, -1), 0.6, colors.black))
        for y, x, said, w, h in matrix(rows, len(widths)):
            data[y][x] = Paragraph(said, style)
            if (w, h) != (1, 1):
                styles.append(("SPAN", (x, y), (x + w - 1, y + h - 1)))
        columns = [w * room / sum(widths) for w in widths]
        table = Table(data, columns, style=styles, repeatRows=header if repeat else 0, splitInRow=int(cut))
        story.extend([table, Spacer(1, size)])
    number = lambda canvas, doc: canvas.drawCentredString(page[0] / 2, 25, f"- {doc.page} -")
    SimpleDocTemplate(str(path), pagesize=page, margins=50, leftMargin=50, rightMargin=50).build(
        story, onFirstPage=number, onLaterPages=number
    )


def by_typst(path, parts, size, wide, ruled, repeat, cut):
    quote = lambda s: json.dumps(s, ensure_ascii=False)
    out = [
        f'#set page("a4", flipped: {str(wide).lower()}, margin: 2cm, numbering: "1/1", header: [政府信息公开])',
        f'#set text(font: ("Noto Serif CJK SC", "WenQuanYi Zen Hei", "Noto Sans CJK SC"), size: {size}pt, lang: "zh")',
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true))",
        f"#set table(stroke: {'0.5pt' if ruled else 'none'}, inset: 3pt, align: horizon)",
    ]
    for kind, part in parts:
        if kind == "title":
            out.append(f"#align(center, text(size: 1.6em, {quote(part)}))")
        elif kind != "table":
            out.append(f"#par({quote(part)})")
        else:
            rows, widths, header = part
            out.append(f"#show table.cell: set par(first-line-indent: 0em, justify: false)")
            out.append(f"#table(columns: ({', '.join(f'{w}fr' for w in widths)},),")
            cells = lambda rows: "".join(
                f"table.cell(colspan: {w}, rowspan: {h}, breakable: {str(cut).lower()}, {quote(said)}), "
                for row in rows
                for said, w, h in row
            )
            if header and repeat:
                out.append(f"table.header({cells(rows[:header])}),")
                rows = rows[header:]
            out.append(cells(rows) + ")")
    typst.compile("\n".join(out).encode(), output=str(path))


class Ofd:
    """Pages of an OFD document, in millimetres."""

    def __init__(self, wide, size):
        self.box = (297, 210) if wide else (210, 297)
        self.size = size * 25.4 / 72
        self.pages, self.objects, self.y = [], [], 20

    def text(self, said, x, y, size):
        """One line; its baseline lies at the lower end of the object."""
        steps = " ".join(f"{size * (0.5 if c.isascii() else 1):.3f}" for c in said[:-1])
        if len({c.isascii() for c in said}) == 1 and len(said) > 2:
            steps = f"g {len(said) - 1} {size * (0.5 if said.isascii() else 1):.3f}"
        self.objects.append(
            f'<ofd:TextObject ID="1" Boundary="{x:.3f} {y - size:.3f} 200 {size:.3f}" Font="1" Size="{size:.3f}">'
            f'<ofd:TextCode X="0" Y="{size:.3f}" DeltaX="{steps}">{escape(said)}</ofd:TextCode></ofd:TextObject>'
        )

    def line(self, x0, y0, x1, y1):
        self.objects.append(
            f'<ofd:PathObject ID="2" Boundary="{x0:.3f} {y0:.3f} {x1 - x0 + 0.1:.3f} {y1 - y0 + 0.1:.3f}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:.3f} {y1 - y0:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def end_page(self):
        self.pages.append("".join(self.objects))
        self.objects, self.y = [], 20

    def wrap(self, said, width):
        lines, line, used = [], "", 0
        for c in said:
            step = self.size * (0.5 if c.isascii() else 1)
            if used + step > width and line:
                lines, line, used = lines + [line], "", 0
            line, used = line + c, used + step
        return lines + [line] if line else lines or [""]

    def paragraph(self, said, indent):
        for i, line in enumerate(self.wrap("　" * indent + said, self.box[0] - 40)):
            if self.y + self.size > self.box[1] - 20:
                self.end_page()
            self.y += self.size * 1.5
            shown = line.lstrip("　")
            self.text(shown, 20 + (len(line) - len(shown)) * self.size, self.y, self.size)
        self.y += self.size * 0.5

    def table(self, rows, widths, header, ruled, repeat):
        room = self.box[0] - 40
        xs = [20]
        for w in widths:
            xs.append(xs[-1] + w * room / sum(widths))
        cells = matrix(rows, len(widths))
        lines = {(y, x): self.wrap(said, xs[x + w] - xs[x] - 2) for y, x, said, w, h in cells}
        pitch = self.size * 1.25
        heights = [0] * len(rows)
        for y, x, said, w, h in sorted(cells, key=lambda c: c[4]):
            need = len(lines[y, x]) * pitch + 2.2
            lack = need - sum(heights[y : y + h])
            if lack > 0:
                heights[y + h - 1] += lack
        start = 0
        while start < len(rows):
            again = list(range(header)) if repeat and start > 0 else []
            used, end = sum(heights[r] for r in again), start
            while end < len(rows) and self.y + used + heights[end] < self.box[1] - 20:
                used, end = used + heights[end], end + 1
            if end == start:
                self.end_page()
                continue
            shown = again + list(range(start, end))
            tops, top = {}, self.y
            for r in shown:
                tops[r], top = top, top + heights[r]
            for y, x, said, w, h in cells:
                here = [r for r in range(y, y + h) if r in tops]
                if not here:
                    continue
                above, below = tops[here[0]], tops[here[-1]] + heights[here[-1]]
                if ruled:
                    self.line(xs[x], above, xs[x + w], above)
                    self.line(xs[x], below, xs[x + w], below)
                    self.line(xs[x], above, xs[x], below)
                    self.line(xs[x + w], above, xs[x + w], below)
                if here[0] == y:
                    block = lines[y, x]
                    at = (above + below - len(block) * pitch) / 2
                    for i, line in enumerate(block):
                        self.text(line, xs[x] + 1, at + (i + 0.85) * pitch, self.size)
            self.y = top
            start = end
            if start < len(rows):
                self.end_page()
        self.y += 4

    def write(self, path):
        if self.objects:
            self.end_page()
        space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        box = f"0 0 {self.box[0]} {self.box[1]}"
        pages = "".join(f'<ofd:Page ID="{i+9}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(self.pages)))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("OFD.xml", f"{head}<ofd:OFD {space} DocType='OFD' Version='1.0'><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>")
            z.writestr(
                "Doc_0/Document.xml",
                f"{head}<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
                f'<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>',
            )
            frame = self.objects = []
            self.text("政府信息公开", self.box[0] / 2 - 12, 12, 4)
            template = "".join(frame)
            page = lambda inner, more="": f'{head}<ofd:Page {space}>{more}<ofd:Content><ofd:Layer ID="7">{inner}</ofd:Layer></ofd:Content></ofd:Page>'
            z.writestr("Doc_0/Tpls/Tpl_0/Content.xml", page(template))
            for i, inner in enumerate(self.pages):
                z.writestr(f"Doc_0/Pages/Page_{i}/Content.xml", page(inner, '<ofd:Template TemplateID="5" ZOrder="Background"/>'))


def by_hand(path, parts, size, wide, ruled, repeat, cut):
    ofd = Ofd(wide, size)
    for kind, part in parts:
        if kind == "table":
            ofd.table(*part, ruled, repeat)
        else:
            ofd.paragraph(part, 0 if kind == "title" else 2)
    ofd.write(path)


MAKERS = {"reportlab": (by_reportlab, "pdf"), "typst": (by_typst, "pdf"), "hand": (by_hand, "ofd")}
LAYOUTS = [
    # labels, header, size, landscape, ruled, header repeated, rows cut at page ends
    ("merged", 3, 9, False, True, True, False),
    ("merged", 3, 9, False, True, False, True),
    ("merged", 1, 7, False, True, False, False),
    ("merged", 3, 12, True, True, True, True),
    ("merged", 3, 10.5, True, True, False, False),
    ("repeated", 3, 9, False, True, True, False),
    ("repeated", 1, 12, True, True, False, True),
    ("single", 3, 9, False, True, False, False),
    ("single", 1, 10.5, False, True, True, True),
    ("single", 1, 7, True, True, False, False),
    ("single", 1, 9, False, False, False, False),
    ("merged", 3, 9, False, False, False, False),
]

count = 0
for maker, (make, ending) in MAKERS.items():
    for i, (labels, header, *layout) in enumerate(LAYOUTS):
        # lines above move the page end through the rows of the tables
        if maker == "reportlab" and layout[1]:
            # it does not break a cell over rows that is higher than a page
            labels = labels.replace("merged", "repeated")
        for lines in (i, 17 + 2 * i) if layout[2] else (i,):
            report = Report(count)
            ruled = "ruled" if layout[2] else "plain"
            name = f"{count:03}-{maker}-{labels}-{header}-{layout[0]}-{ruled}{'-cut' if layout[4] else ''}.{ending}"
            make(OUT / name, content(report, labels, header, lines), *layout)
            truth = json.dumps(report.truth(name), ensure_ascii=False)
            (OUT / name).with_suffix(".truth.json").write_text(truth, "utf-8")
            count += 1
print(count)
