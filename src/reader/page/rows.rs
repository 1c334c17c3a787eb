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
const BETWEEN: usize = 9;
/// A line of more characters than this is running text.
const PROSE: usize = 45;

/// A label longer than this stands only before figures that are plainly columns.
const LABEL: usize = 30;

/// A line cut at its gaps.
struct Cut {
    line: Line,
    parts: Vec<Line>,
    texts: Vec<String>,
    /// How many of its last parts are figures.
    figures: usize,
    /// Upper and lower baseline of a label that is broken over lines.
    ys: (f32, f32),
}

impl Cut {
    fn new(line: Line, starts: &[f32]) -> Cut {
        let text = |parts: &[Line]| parts.iter().map(Line::text).collect::<Vec<String>>();
        let trailing = |texts: &[String]| texts.iter().rev().take_while(|t| is_figure(t)).count();
        let mut parts = line.fine_parts(starts);
        let figures = trailing(&text(&parts));
        let columns = parts.split_off(parts.len() - figures);
        let before = parts.iter().map(|p| p.glyphs.len()).sum::<usize>();
        // narrow gaps part figures only: a label or a text has them within
        if figures < 3 && before > LABEL {
            parts = line.parts();
        } else {
            if starts.is_empty() {
                parts = Line::of_parts(&parts).map_or_else(Vec::new, |l| l.parts());
            }
            parts.extend(columns);
        }
        let texts = text(&parts);
        let (figures, ys) = (trailing(&texts), (line.y, line.y));
        Cut { line, parts, texts, figures, ys }
    }

    /// Whether it is a row: figures behind a label, or nothing but figures.
    fn is_row(&self) -> bool {
        self.figures > 0 && self.parts.len() > 1
    }

    fn is_prose(&self) -> bool {
        self.parts.len() == 1 && self.line.glyphs.len() > PROSE
    }

    /// Whether it is a label without figures, or a part of one.
    fn is_label(&self, edge: f32) -> bool {
        self.parts.len() == 1 && self.figures == 0 && self.line.x0 < edge
    }

    /// How far a row lies from it: nothing, if it runs over lines on both sides of the row.
    fn above(&self, y: f32) -> f32 {
        if self.ys.1 < y { y - self.ys.1 } else { 0.0 }
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
    let cuts: Vec<Cut> = lines.into_iter().map(|l| Cut::new(l, &[])).collect();
    let mut out = Vec::new();
    // the header of a table stands before its first row
    let mut waiting: Vec<Cut> = Vec::new();
    let mut region: Vec<Cut> = Vec::new();
    for cut in cuts {
        if cut.is_prose() || waiting.len() > BETWEEN {
            finish(&mut region, &mut out);
            let keep = if cut.is_prose() { 0 } else { BETWEEN };
            let end = waiting.len().saturating_sub(keep);
            out.extend(waiting.drain(..end).map(|c| Piece::Line(c.line)));
        }
        match cut.is_row() {
            true => {
                region.append(&mut waiting);
                region.push(cut);
            }
            false => waiting.push(cut),
        }
    }
    finish(&mut region, &mut out);
    out.extend(waiting.into_iter().map(|c| Piece::Line(c.line)));
    out
}

/// Ends a table, if the rows seen make one.
fn finish(region: &mut Vec<Cut>, out: &mut Vec<Piece>) {
    let region = std::mem::take(region);
    let rows = region.iter().filter(|c| c.is_row());
    let (rows, figures) = rows.fold((0, 0), |(n, figures), c| (n + 1, figures + c.figures));
    if figures < 5 && (rows < 2 || figures < 3) {
        out.extend(region.into_iter().map(|c| Piece::Line(c.line)));
        return;
    }
    let starts = starts(&region);
    table(region.into_iter().map(|c| Cut::new(c.line, &starts)).collect(), out);
}

/// Where the columns of a table start: each figure, and what two lines or more begin with.
fn starts(region: &[Cut]) -> Vec<f32> {
    let mut starts: Vec<f32> = Vec::new();
    let mut labels: Vec<f32> = Vec::new();
    for cut in region {
        let (label, figures) = cut.parts.split_at(cut.parts.len() - cut.figures);
        starts.extend(figures.iter().map(|p| p.x0));
        labels.extend(label.iter().map(|p| p.x0));
    }
    labels.sort_by(f32::total_cmp);
    starts.extend(labels.windows(2).filter(|w| w[1] - w[0] < 1.0).map(|w| w[1]));
    starts.sort_by(f32::total_cmp);
    starts.dedup();
    starts
}

/// The least distance of two rows: the lines of one label stand nearer to each other.
fn pitch(region: &[Cut]) -> f32 {
    let ys: Vec<f32> = region.iter().filter(|c| c.is_row()).map(|c| c.line.y).collect();
    let gaps = ys.windows(2).map(|w| w[1] - w[0]).filter(|gap| *gap > 4.0);
    0.97 * gaps.fold(f32::INFINITY, f32::min)
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
    /// Lines of its label stand nearer than this.
    pitch: f32,
}

impl Row {
    fn new(cut: &Cut, pitch: f32) -> Row {
        let label = (cut.parts.len() - cut.figures).checked_sub(1);
        Row {
            cells: cut.texts.clone(),
            top: cut.line.y,
            bottom: cut.line.y,
            label: label.map(|i| (i, cut.parts[i].x0)),
            size: cut.line.size,
            page: cut.line.page,
            pitch,
        }
    }

    fn label(&self) -> Option<&str> {
        self.label.map(|(i, _)| self.cells[i].as_str())
    }

    /// Whether a line above is the beginning of its label.
    fn begins_with(&self, cut: &Cut) -> bool {
        let gap = cut.above(self.top);
        let aligned = self.label.is_none_or(|(_, x0)| (cut.line.x0 - x0).abs() < 3.0 * self.size);
        let broken = self.label().is_none_or(|l| !is_numbered(l));
        aligned && gap < self.pitch && self.is_near(cut, gap, broken)
    }

    fn is_near(&self, cut: &Cut, gap: f32, broken: bool) -> bool {
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
        self.top = cut.ys.0.min(self.top);
        self.bottom = cut.ys.1.max(self.bottom);
    }

    /// Whether a line below is the rest of its label.
    fn goes_on_with(&self, cut: &Cut, next: Option<f32>) -> bool {
        let Some((_, x0)) = self.label else { return false };
        let gap = cut.ys.0 - self.bottom;
        let nearer = next.is_none_or(|next| gap <= 1.05 * cut.above(next));
        let aligned = (cut.line.x0 - x0).abs() < 3.0 * self.size;
        nearer && aligned && gap < self.pitch.min(2.0 * self.size) && !is_numbered(&cut.texts[0])
    }

    fn append(&mut self, cut: &Cut) {
        if let Some((i, _)) = self.label {
            self.cells[i].push_str(&cut.texts[0]);
        }
        self.bottom = cut.ys.1;
    }
}

/// Puts the rows of a table together.
fn table(region: Vec<Cut>, out: &mut Vec<Piece>) {
    let edge = region.iter().filter(|c| c.is_row()).map(|c| c.parts[c.parts.len() - c.figures].x0);
    let edge = edge.fold(f32::INFINITY, f32::min);
    let pitch = pitch(&region);
    let region = whole_labels(region, edge, pitch);
    let mut done: Vec<Row> = Vec::new();
    let mut between: Vec<Cut> = Vec::new();
    for cut in region {
        if !cut.is_row() {
            between.push(cut);
            continue;
        }
        let mut row = Row::new(&cut, pitch);
        if let Some(above) = done.last_mut() {
            let mut rest = std::mem::take(&mut between).into_iter().peekable();
            while let Some(line) =
                rest.next_if(|c| c.is_label(edge) && above.goes_on_with(c, Some(row.top)))
            {
                above.append(&line);
            }
            between = rest.collect();
        }
        while let Some(line) = between.pop_if(|c| c.is_label(edge) && row.begins_with(c)) {
            row.prepend(&line);
        }
        flush(&mut done, out, !between.is_empty());
        others(std::mem::take(&mut between), out);
        done.push(row);
    }
    flush(&mut done, out, true);
    others(between, out);
}

/// Labels whose lines stand close one under the other put together: rows may stand beside them.
fn whole_labels(region: Vec<Cut>, edge: f32, pitch: f32) -> Vec<Cut> {
    let mut out: Vec<Cut> = Vec::with_capacity(region.len());
    let mut last: Option<usize> = None;
    for cut in region {
        let goes_on = last.filter(|i| {
            let above: &Cut = &out[*i];
            let close = cut.line.y - above.ys.1 < pitch.min(1.7 * cut.line.size);
            let aligned = (cut.line.x0 - above.line.x0).abs() < 0.6 * cut.line.size;
            let beside = out[i + 1..].iter().any(Cut::is_row);
            cut.is_label(edge) && close && aligned && beside && !is_numbered(&cut.texts[0])
        });
        if let Some(i) = goes_on {
            out[i].texts[0].push_str(&cut.texts[0]);
            out[i].ys.1 = cut.line.y;
            continue;
        }
        if cut.is_label(edge) {
            last = Some(out.len());
        }
        out.push(cut);
    }
    out
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
        // columns side by side may be broken at different heights
        let above = header.iter_mut().rev().take(3).find(|above| is_below(above, &row));
        if let Some(above) = above {
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
