//! Tables without lines: rows by baselines, columns by the gaps between glyphs.
//!
//! Such a table is a guess. What it needs is figures behind labels on several lines; lines that hold
//! a label only are the rest of one that is broken, if they stand near enough to a row.

mod carry;
mod columns;
mod figures;
mod lanes;
mod mend;
mod spacing;
mod span;
mod table;
#[cfg(test)]
mod tests;

use super::Glyph;
use super::lines::{COLUMN_GAP, Line, is_numbered};
pub use carry::carry;
use table::table;

/// What a run of lines is.
#[derive(Debug)]
pub enum Piece {
    /// A line of running text.
    Line(Line),
    /// Rows of a table.
    Rows(Unruled),
}

/// Rows of a table without lines on one page.
#[derive(Debug)]
pub struct Unruled {
    /// Each cell with its column, where that is told.
    pub rows: Vec<Vec<(String, Option<u16>)>>,
    /// Its page.
    pub page: u32,
    /// Its upper end.
    pub top: f32,
    /// The label of its last row, if it fills its column and so may go on: its cell, left end and
    /// last baseline.
    pub broken: Option<(usize, f32, f32)>,
    /// Rows whose columns or digits are not certain.
    pub unsure: Vec<usize>,
}

impl Piece {
    /// Its upper end on its page.
    pub fn top(&self) -> f32 {
        match self {
            Piece::Line(line) => line.top(),
            Piece::Rows(table) => table.top,
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
    /// Where the figures of the rows next to it begin.
    edge: f32,
    /// Where the labels of the rows below it end, if it may stand over these.
    labels: Option<f32>,
    /// Whether its figures may be other ones.
    unsure: bool,
}

impl Cut {
    fn new(mut line: Line, starts: &[f32]) -> Cut {
        let text = |parts: &[Line]| parts.iter().map(Line::text).collect::<Vec<String>>();
        let trailing = |texts: &[String]| texts.iter().rev().take_while(|t| is_figure(t)).count();
        let mut parts = line.fine_parts(starts);
        let figures = trailing(&text(&parts));
        let columns = parts.split_off(parts.len() - figures);
        let before = parts.iter().map(|p| p.glyphs.len()).sum::<usize>();
        // narrow gaps part figures only: a label or a text has them within
        if (1..3).contains(&figures) && before > LABEL {
            parts = line.parts();
        } else {
            if starts.is_empty() {
                parts = Line::of_parts(&parts).map_or_else(Vec::new, |l| l.parts());
            }
            parts.extend(columns);
        }
        let texts = text(&parts);
        let figures = trailing(&texts);
        // what stands beside the figures may be a line of a label whose row is another
        line.y = parts.last().filter(|_| figures > 0).map_or(line.y, |figure| figure.y);
        let ys = (line.y, line.y);
        Cut { line, parts, texts, figures, ys, edge: f32::INFINITY, labels: None, unsure: false }
    }

    /// Whether it is a row: figures behind a label, or nothing but figures.
    fn is_row(&self) -> bool {
        self.figures > 0 && self.parts.len() > 1
    }

    /// Where what stands before its figures ends.
    fn label_end(&self) -> f32 {
        self.parts[..self.parts.len() - self.figures].last().map_or(f32::NEG_INFINITY, |p| p.x1)
    }

    /// Whether three figures or more stand behind its label, each as far from the next as columns.
    fn has_columns(&self) -> bool {
        let from = self.parts.len() - self.figures;
        let wide = |pair: &[Line]| pair[1].x0 - pair[0].x1 > COLUMN_GAP * self.line.size;
        self.figures >= 3 && from > 0 && self.parts[from - 1..].windows(2).all(wide)
    }

    /// Whether what stands before its figures ends in a colon: it says what one of a text is.
    fn is_entry(&self) -> bool {
        let label = self.texts[..self.texts.len() - self.figures].last();
        label.is_some_and(|text| text.ends_with(['：', ':']))
    }

    /// Whether a part of a header stands over a figure of a row, and no part of its label.
    fn is_over(&self, figure: &Line, row: &Cut) -> bool {
        let over = |p: &Line| row.label_end() < p.x0 && p.x0 < figure.x1 && figure.x0 < p.x1;
        self.figures == 0 && self.parts.iter().any(over)
    }

    fn is_prose(&self) -> bool {
        self.parts.len() == 1 && self.line.glyphs.len() > PROSE
    }

    /// Whether it is a label without figures, or a part of one.
    fn is_label(&self) -> bool {
        self.parts.len() == 1 && self.figures == 0 && !self.is_over_figures(&self.parts[0])
    }

    /// Whether a part of it stands over figures: behind where they begin, or behind the labels of
    /// the rows below if it is no item.
    fn is_over_figures(&self, part: &Line) -> bool {
        let behind = |end: f32| {
            let among = self.parts.len() > 1 || end > f32::NEG_INFINITY;
            among && part.x0 > end && !is_numbered(&part.text())
        };
        part.x0 >= self.edge - 1.0 || self.labels.is_some_and(behind)
    }

    /// Labels side by side without figures, each by itself.
    fn apart(self) -> Vec<Cut> {
        let is_label = |p: &Line| p.x1 < self.edge && !self.is_over_figures(p);
        let labels = self.figures == 0 && self.parts.iter().all(is_label);
        if !labels || self.parts.len() < 2 {
            return vec![self];
        }
        let parts = self.parts.into_iter().zip(self.texts);
        let cut = |(part, text): (Line, String)| Cut {
            ys: (part.y, part.y),
            parts: vec![part.clone()],
            line: part,
            texts: vec![text],
            figures: 0,
            edge: self.edge,
            labels: self.labels,
            unsure: false,
        };
        parts.map(cut).collect()
    }

    /// What is left of it without its figures.
    fn without_figures(mut self) -> Option<Cut> {
        self.parts.truncate(self.parts.len() - self.figures);
        self.texts.truncate(self.parts.len());
        self.figures = 0;
        self.line = Line::of_parts(&self.parts)?;
        self.ys = (self.line.y, self.line.y);
        Some(self)
    }

    /// Its line; a label that was put together from several stands as one.
    fn line_of_label(self) -> Line {
        let Cut { mut line, texts, ys, .. } = self;
        if ys.0 < ys.1
            && let Some(last) = line.glyphs.iter().rev().find(|g| !g.c.is_whitespace()).copied()
        {
            let said = line.text().chars().count();
            line.glyphs.extend(texts[0].chars().skip(said).map(|c| Glyph { c, ..last }));
        }
        line
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
    let cuts: Vec<Cut> = figures::whole(lines).into_iter().map(|l| Cut::new(l, &[])).collect();
    let mut out = Vec::new();
    // the header of a table stands before its first row
    let mut waiting: Vec<Cut> = Vec::new();
    let mut region: Vec<Cut> = Vec::new();
    for cut in cuts {
        if cut.is_prose() || waiting.len() > BETWEEN {
            finish(&mut region, &mut waiting, &mut out);
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
    finish(&mut region, &mut waiting, &mut out);
    out.extend(waiting.into_iter().map(|c| Piece::Line(c.line)));
    out
}

/// Ends a table, if the rows seen make one.
fn finish(region: &mut Vec<Cut>, waiting: &mut Vec<Cut>, out: &mut Vec<Piece>) {
    let mut region = std::mem::take(region);
    // the label of the last row may go on below it
    let below = region.last().map_or(0, |last| rest(last, waiting));
    region.extend(waiting.drain(..below));
    if !is_table(&region) {
        out.extend(region.into_iter().map(|c| Piece::Line(c.line)));
        return;
    }
    let starts = starts(&region);
    table(region.into_iter().map(|c| Cut::new(c.line, &starts)).collect(), out);
}

/// How many of the lines below a row may be the rest of its labels: those next to it, and those that
/// follow one another from one place on.
fn rest(row: &Cut, below: &[Cut]) -> usize {
    let edge = row.parts[row.parts.len() - row.figures].x0;
    let labels = |c: &&Cut| {
        !c.is_prose() && (c.parts.len() == 1 || c.parts.iter().all(|part| part.x1 < edge))
    };
    let (mut last, mut count) = (row, 0);
    for cut in below.iter().take_while(labels) {
        let near = |from: &Cut| cut.line.y < from.line.y + 2.0 * row.line.size;
        let under = |part: &Line| {
            last.parts.iter().any(|above| (part.x0 - above.x0).abs() < 0.6 * part.size)
        };
        let goes_on = near(last) && cut.parts.iter().all(under);
        if !near(row) && !goes_on {
            break;
        }
        (last, count) = (cut, count + 1);
    }
    count
}

/// Whether rows and what stands over them make a table: by enough figures, by three in columns
/// behind a label, or by a header over each.
fn is_table(region: &[Cut]) -> bool {
    let rows = || region.iter().filter(|c| c.is_row());
    let (count, figures) = rows().fold((0, 0), |(n, figures), c| (n + 1, figures + c.figures));
    let header = || region.iter().take_while(|c| !c.is_row());
    let is_headed = |row: &Cut| {
        let figures = &row.parts[row.parts.len() - row.figures..];
        !row.is_entry() && figures.iter().all(|f| header().any(|c| c.is_over(f, row)))
    };
    figures >= 5
        || count >= 2 && figures >= 3
        || rows().any(Cut::has_columns)
        || count > 0 && rows().all(is_headed)
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
