//! Tables without lines: rows by baselines, columns by the gaps between glyphs.
//!
//! Such a table is a guess. What it needs is figures behind labels on several lines; lines that hold
//! a label only are the rest of one that is broken, if they stand near enough to a row.

use super::lines::{Line, is_numbered};

/// What a run of lines is.
#[derive(Debug)]
pub enum Piece {
    /// A line of running text.
    Line(Line),
    /// Rows of a table.
    Rows(Vec<Vec<String>>, u32, f32),
}

impl Piece {
    /// Its upper end on its page.
    pub fn top(&self) -> f32 {
        match self {
            Piece::Line(line) => line.top(),
            Piece::Rows(_, _, top) => *top,
        }
    }
}

/// Lines between two rows that may still belong to their table.
const BETWEEN: usize = 6;
/// A line of more characters than this is running text.
const PROSE: usize = 45;

/// A line cut at its gaps.
struct Cut {
    line: Line,
    parts: Vec<Line>,
    texts: Vec<String>,
    /// How many of its last parts are figures.
    figures: usize,
}

impl Cut {
    fn new(line: Line) -> Cut {
        let parts = line.parts();
        let texts: Vec<String> = parts.iter().map(Line::text).collect();
        let figures = texts.iter().rev().take_while(|t| is_figure(t)).count();
        Cut { line, parts, texts, figures }
    }

    /// Whether it is a row: figures behind a label, or nothing but figures.
    fn is_row(&self) -> bool {
        self.figures > 0 && self.parts.len() > 1
    }

    fn is_prose(&self) -> bool {
        self.parts.len() == 1 && self.line.glyphs.len() > PROSE
    }
}

/// Whether a text is a number, or what stands in place of one.
fn is_figure(text: &str) -> bool {
    let figure = |c: char| {
        c.is_ascii_digit() || ('０'..='９').contains(&c) || ".,，．+＋-－−—–/／%％ ".contains(c)
    };
    !text.is_empty() && text.chars().count() <= 16 && (text == "无" || text.chars().all(figure))
}

/// Parts the lines of a page into running text and tables.
pub fn pieces(lines: Vec<Line>) -> Vec<Piece> {
    let cuts: Vec<Cut> = lines.into_iter().map(Cut::new).collect();
    let mut out = Vec::new();
    let mut cuts = cuts.into_iter().peekable();
    let mut waiting: Vec<Cut> = Vec::new();
    let mut region: Vec<Cut> = Vec::new();
    loop {
        let next = cuts.next();
        let ends = next.as_ref().is_none_or(|c| c.is_prose() || waiting.len() > BETWEEN);
        if ends {
            finish(&mut region, &mut waiting, &mut out);
        }
        let Some(cut) = next else { break };
        match cut.is_row() {
            true => {
                region.append(&mut waiting);
                region.push(cut);
            }
            false => waiting.push(cut),
        }
    }
    out
}

/// Ends a table, if the rows seen make one; the lines behind it are text.
fn finish(region: &mut Vec<Cut>, waiting: &mut Vec<Cut>, out: &mut Vec<Piece>) {
    let rows: Vec<&Cut> = region.iter().filter(|c| c.is_row()).collect();
    let figures: usize = rows.iter().map(|c| c.figures).sum();
    let text = |cuts: &mut Vec<Cut>, out: &mut Vec<Piece>| {
        out.extend(cuts.drain(..).map(|c| Piece::Line(c.line)));
    };
    if rows.len() < 2 || figures < 3 {
        text(region, out);
    } else {
        table(std::mem::take(region), out);
    }
    text(waiting, out);
}

/// A row of a table being put together.
struct Row {
    cells: Vec<String>,
    top: f32,
    bottom: f32,
    /// The label that broken lines belong to, and where it begins.
    label: Option<(usize, f32)>,
    size: f32,
    page: u32,
}

impl Row {
    fn new(cut: &Cut) -> Row {
        let label = (cut.parts.len() - cut.figures).checked_sub(1);
        Row {
            cells: cut.texts.clone(),
            top: cut.line.y,
            bottom: cut.line.y,
            label: label.map(|i| (i, cut.parts[i].x0)),
            size: cut.line.size,
            page: cut.line.page,
        }
    }

    fn label(&self) -> Option<&str> {
        self.label.map(|(i, _)| self.cells[i].as_str())
    }

    /// Whether a line above is the beginning of its label.
    fn begins_with(&self, cut: &Cut) -> bool {
        let gap = self.top - cut.line.y;
        let broken = self.label().is_none_or(|l| !is_numbered(l));
        gap < 0.95 * self.size
            || broken && is_numbered(&cut.texts[0]) && gap < 2.0 * self.size
            || self.label.is_none() && gap < 1.7 * self.size
    }

    fn prepend(&mut self, cut: &Cut) {
        match self.label {
            Some((i, _)) => self.cells[i].insert_str(0, &cut.texts[0]),
            None => {
                self.cells.insert(0, cut.texts[0].clone());
                self.label = Some((0, cut.line.x0));
            }
        }
        self.top = cut.line.y;
    }

    /// Whether a line below is the rest of its label.
    fn goes_on_with(&self, cut: &Cut, next: Option<f32>) -> bool {
        let Some((_, x0)) = self.label else { return false };
        let gap = cut.line.y - self.bottom;
        let nearer = next.is_none_or(|next| gap <= 1.05 * (next - cut.line.y));
        let aligned = (cut.line.x0 - x0).abs() < 3.0 * self.size;
        nearer && aligned && gap < 2.0 * self.size && !is_numbered(&cut.texts[0])
    }

    fn append(&mut self, cut: &Cut) {
        if let Some((i, _)) = self.label {
            self.cells[i].push_str(&cut.texts[0]);
        }
        self.bottom = cut.line.y;
    }
}

/// Puts the rows of a table together.
fn table(region: Vec<Cut>, out: &mut Vec<Piece>) {
    let edge = region.iter().filter(|c| c.is_row()).map(|c| c.parts[c.parts.len() - c.figures].x0);
    let edge = edge.fold(f32::INFINITY, f32::min);
    let mut done: Vec<Row> = Vec::new();
    let mut between: Vec<Cut> = Vec::new();
    for cut in region {
        if !cut.is_row() {
            between.push(cut);
            continue;
        }
        let mut row = Row::new(&cut);
        let is_label = |c: &Cut| c.parts.len() == 1 && c.line.x0 < edge;
        if let Some(above) = done.last_mut() {
            let mut rest = std::mem::take(&mut between).into_iter().peekable();
            while let Some(line) =
                rest.next_if(|c| is_label(c) && above.goes_on_with(c, Some(row.top)))
            {
                above.append(&line);
            }
            between = rest.collect();
        }
        while let Some(line) = between.pop_if(|c| is_label(c) && row.begins_with(c)) {
            row.prepend(&line);
        }
        flush(&mut done, out, !between.is_empty());
        others(std::mem::take(&mut between), out);
        done.push(row);
    }
    flush(&mut done, out, true);
    others(between, out);
}

/// Gives the rows read so far, where something else follows.
fn flush(done: &mut Vec<Row>, out: &mut Vec<Piece>, now: bool) {
    if now && let Some(first) = done.first() {
        let (page, top) = (first.page, first.top - first.size);
        let rows = done.drain(..).map(|r| r.cells).collect();
        out.push(Piece::Rows(rows, page, top));
    }
}

/// Lines between rows that belong to none: headers, whose columns are broken over several lines,
/// and headings.
fn others(cuts: Vec<Cut>, out: &mut Vec<Piece>) {
    let mut header: Vec<Vec<(Line, String)>> = Vec::new();
    let give = |header: &mut Vec<Vec<(Line, String)>>, out: &mut Vec<Piece>| {
        let Some((first, _)) = header.first().and_then(|row| row.first()) else { return };
        let (page, top) = (first.page, first.top());
        let rows = header.drain(..).map(|r| r.into_iter().map(|(_, t)| t).collect()).collect();
        out.push(Piece::Rows(rows, page, top));
    };
    for cut in cuts {
        let row: Vec<(Line, String)> = cut.parts.into_iter().zip(cut.texts).collect();
        let goes_on = header.last().is_some_and(|above| is_below(above, &row));
        if let Some(above) = header.last_mut().filter(|_| goes_on) {
            for (part, text) in row {
                if let Some((known, said)) = above.iter_mut().find(|(p, _)| overlap(p, &part)) {
                    said.push_str(&text);
                    known.y = part.y;
                    (known.x0, known.x1) = (known.x0.min(part.x0), known.x1.max(part.x1));
                }
            }
        } else if row.len() == 1 {
            give(&mut header, out);
            out.push(Piece::Line(cut.line));
        } else {
            header.push(row);
        }
    }
    give(&mut header, out);
}

fn overlap(a: &Line, b: &Line) -> bool {
    a.x0 < b.x1 && b.x0 < a.x1
}

/// Whether a line is the rest of the columns in the one above: near, each part below one of them.
fn is_below(above: &[(Line, String)], row: &[(Line, String)]) -> bool {
    let one =
        |a: &Line, others: &[(Line, String)]| others.iter().filter(|(o, _)| overlap(a, o)).count();
    row.iter().all(|(part, text)| {
        let near = |(a, _): &&(Line, String)| {
            overlap(a, part) && part.y - a.y < 1.7 * part.size && one(a, row) == 1
        };
        one(part, above) == 1 && above.iter().any(|a| near(&a)) && !is_numbered(text)
    })
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::super::lines::tests::print;
    use super::*;

    fn sketch(parts: &[(&str, f32, f32)]) -> Vec<String> {
        let glyphs = parts.iter().flat_map(|(t, x, y)| print(t, *x, *y)).collect();
        let show = |p: Piece| match p {
            Piece::Line(line) => line.text(),
            Piece::Rows(rows, ..) => {
                rows.iter().map(|r| format!("[{}]", r.join(","))).collect::<String>()
            }
        };
        pieces(lines(glyphs, 1)).into_iter().map(show).collect()
    }

    #[test]
    fn figures_behind_labels_make_rows() {
        let read = sketch(&[
            ("二、主动公开", 10.0, 10.0),
            ("信息", 10.0, 40.0),
            ("制发", 100.0, 33.0),
            ("件数", 100.0, 47.0),
            ("废止", 160.0, 33.0),
            ("件数", 160.0, 47.0),
            ("规章", 10.0, 70.0),
            ("12", 100.0, 70.0),
            ("0", 160.0, 70.0),
            ("1.行政规范", 10.0, 93.0),
            ("3", 100.0, 100.0),
            ("4", 160.0, 100.0),
            ("性文件", 10.0, 107.0),
        ]);
        assert_eq!(read[0], "二、主动公开");
        assert_eq!(read.last().unwrap(), "[规章,12,0][1.行政规范性文件,3,4]");
    }

    #[test]
    fn running_text_with_a_number_is_no_table() {
        let read = sketch(&[("电话", 10.0, 10.0), ("12", 100.0, 10.0), ("地址", 10.0, 30.0)]);
        assert_eq!(read, ["电话 12", "地址"]);
    }
}
