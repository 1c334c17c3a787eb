//! Rows of a table without lines, with the labels that are broken over several lines.

use std::cmp::Ordering;

use super::columns::{self, Block};
use super::mend::mend;
use super::spacing::{Spacing, leading};
use super::span::{Span, aligned, span};
use super::{Cut, Piece};
use crate::reader::page::lines::is_numbered;

/// A row of a table being put together.
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    /// Both ends of each figure; they are its last cells.
    pub(super) figures: Vec<(f32, f32)>,
    /// Baseline of its figures.
    y: f32,
    pub(super) top: f32,
    bottom: f32,
    /// The label that broken lines belong to, and where it begins.
    label: Option<(usize, f32)>,
    /// Right end of the last line of its label.
    end: f32,
    /// Right end of the longest: a line that goes on is no longer than the one that was full.
    reach: f32,
    pub(super) size: f32,
    pub(super) page: u32,
    /// The last line of its label.
    last: Span,
    spacing: Spacing,
    /// How far the line of its label above stands from it: one below stands as far.
    rise: Option<f32>,
    /// Whether its figures may be other ones.
    pub(super) unsure: bool,
}

impl Row {
    fn new(cut: &Cut, spacing: Spacing) -> Row {
        let label = (cut.parts.len() - cut.figures).checked_sub(1);
        Row {
            cells: cut.texts.clone(),
            figures: cut.parts[cut.parts.len() - cut.figures..]
                .iter()
                .map(|p| (p.x0, p.x1))
                .collect(),
            y: cut.line.y,
            top: cut.line.y,
            bottom: cut.line.y,
            label: label.map(|i| (i, cut.parts[i].x0)),
            end: label.map_or(f32::NEG_INFINITY, |i| cut.parts[i].x1),
            reach: label.map_or(f32::NEG_INFINITY, |i| cut.parts[i].x1),
            size: cut.line.size,
            page: cut.line.page,
            last: label.map_or((0.0, 0.0), |i| span(&cut.parts[i])),
            spacing,
            rise: None,
            unsure: cut.unsure,
        }
    }

    fn label(&self) -> Option<&str> {
        self.label.map(|(i, _)| self.cells[i].as_str())
    }

    /// Where its label ends to the right.
    pub(super) fn label_end(&self) -> f32 {
        self.reach
    }

    /// Its label, where that fills the room before the figures and may go on: cell, left end and
    /// last baseline.
    pub(super) fn broken(&self) -> Option<(usize, f32, f32)> {
        let is_full = self.figures.first().is_some_and(|f| f.0 - self.end < 2.0 * self.size);
        self.label.filter(|_| is_full).map(|(cell, x0)| (cell, x0, self.bottom))
    }

    /// The lines above that its label begins with, where it begins with a number several lines
    /// higher; lines that begin elsewhere are those of labels beside it.
    fn beginning(&self, above: &[Cut]) -> Vec<usize> {
        let Some(label) = self.label() else { return Vec::new() };
        let (mut lines, mut y) = (Vec::new(), self.top);
        for (i, cut) in above.iter().enumerate().rev().filter(|_| !is_numbered(label)) {
            if !cut.is_label() || !aligned(span(&cut.line), self.last, 0.6, self.size) {
                continue;
            }
            if y - cut.ys.1 > 2.0 * self.size {
                break;
            }
            lines.push(i);
            if is_numbered(&cut.texts[0]) {
                return lines;
            }
            y = cut.ys.0;
        }
        Vec::new()
    }

    /// Takes the lines above that its label begins with.
    fn begin(&mut self, above: &mut Vec<Cut>) {
        for i in self.beginning(above) {
            self.prepend(&above.remove(i));
        }
    }

    /// The label above that it lacks: rather one on both sides of its figures, and the one nearest to
    /// them.
    fn lacking(&self, above: &[Cut]) -> Option<usize> {
        let place = |i: &usize| (self.is_within(&above[*i]), above[*i].line.x0);
        let labels = (0..above.len()).filter(|i| above[*i].is_label() && self.lacks(&above[*i]));
        labels.max_by(|a, b| place(a).partial_cmp(&place(b)).unwrap_or(Ordering::Equal))
    }

    /// Whether its figures stand between the lines of a label.
    fn is_within(&self, cut: &Cut) -> bool {
        cut.ys.0 < self.y && self.y < cut.ys.1
    }

    /// Whether a line above is the beginning of its label.
    fn begins_with(&self, cut: &Cut) -> bool {
        let gap = cut.above(self.top);
        if self.lacks(cut) {
            return true;
        }
        let aligned = self.label.is_some() && aligned(span(&cut.line), self.last, 3.0, self.size);
        let broken = self.label().is_none_or(|l| !is_numbered(l));
        let near = gap < self.spacing.pitch.min(0.95 * self.size);
        aligned && broken && (near || is_numbered(&cut.texts[0]) && gap < 2.0 * self.size)
    }

    /// Whether a line is the label that stands beside its figures only: nothing else is there, or
    /// the label of a group whose middle happens to be here.
    fn lacks(&self, cut: &Cut) -> bool {
        let free = self.label().is_none_or(|label| {
            cut.line.x0 > self.reach && (self.is_within(cut) || !is_numbered(label))
        });
        free && cut.above(self.top) < 1.7 * self.size
    }

    /// Whether a label a little below its figures is the one that it lacks: what a heading beside it
    /// and the figures have for one line, that label has for another.
    fn is_beside(&self, cut: &Cut) -> bool {
        let before = self.figures.first().is_some_and(|figure| cut.line.x1 < figure.0);
        before && cut.is_label() && cut.line.y - self.top < 0.6 * self.size && self.lacks(cut)
    }

    fn prepend(&mut self, cut: &Cut) {
        match self.label {
            Some((i, _)) if !self.lacks(cut) => self.cells[i].insert_str(0, &cut.texts[0]),
            beside => {
                let i = beside.map_or(0, |(i, _)| i + 1);
                self.cells.insert(i, cut.texts[0].clone());
                self.label = Some((i, cut.line.x0));
                self.end = cut.line.x1;
                self.last = span(&cut.line);
            }
        }
        self.reach = self.reach.max(cut.line.x1);
        self.rise = Some(cut.above(self.top));
        self.top = cut.ys.0.min(self.top);
        self.bottom = cut.ys.1.max(self.bottom);
    }

    /// Whether a line below is the rest of its label.
    fn goes_on_with(&self, cut: &Cut, next: Option<f32>) -> bool {
        let Spacing { pitch, leading } = self.spacing;
        let gap = cut.ys.0 - self.bottom;
        let nearer = next.is_none_or(|next| gap <= 1.05 * cut.above(next));
        let aligned = self.label.is_some() && aligned(span(&cut.line), self.last, 3.0, self.size);
        let near = gap < pitch.min(2.0 * self.size)
            || leading.is_some() && self.spacing.of_one_text(gap, self.size)
            || self.rise.is_some_and(|rise| rise > 0.0 && (gap - rise).abs() < 0.3 * rise);
        let fits = cut.line.x1 <= self.reach + self.size;
        nearer && aligned && near && fits && !is_numbered(&cut.texts[0])
    }

    fn append(&mut self, cut: &Cut) {
        if let Some((i, _)) = self.label {
            self.cells[i].push_str(&cut.texts[0]);
        }
        self.end = cut.line.x1;
        self.last = span(&cut.line);
        self.reach = self.reach.max(self.end);
        self.bottom = cut.ys.1;
    }
}

/// What stands in a table from top to bottom.
enum Entry {
    Row(Row),
    Other(Cut),
}

/// Puts the rows of a table together.
pub(super) fn table(region: Vec<Cut>, out: &mut Vec<Piece>) {
    let region = with_edges(region);
    let leading = leading(&region);
    let region = with_edges(mend(region, leading));
    let spacing = Spacing::of(&region);
    let region = whole_labels(region, spacing.pitch);
    let mut done: Vec<Entry> = Vec::new();
    let mut between: Vec<Cut> = Vec::new();
    for cut in region {
        if !cut.is_row() {
            match done.last_mut() {
                Some(Entry::Row(row)) if between.is_empty() && row.is_beside(&cut) => {
                    row.prepend(&cut);
                }
                _ => between.push(cut),
            }
            continue;
        }
        let mut row = Row::new(&cut, spacing);
        if let Some(Entry::Row(above)) = done.last_mut() {
            // a label of the rows around may stand between
            for line in std::mem::take(&mut between) {
                match line.is_label() && above.goes_on_with(&line, Some(row.top)) {
                    true => above.append(&line),
                    false => between.push(line),
                }
            }
        }
        row.begin(&mut between);
        if let Some(i) = row.lacking(&between) {
            row.prepend(&between.remove(i));
            row.begin(&mut between);
        }
        for i in (0..between.len()).rev() {
            if between[i].is_label() && row.begins_with(&between[i]) {
                row.prepend(&between.remove(i));
            }
        }
        done.extend(between.drain(..).map(Entry::Other));
        done.push(Entry::Row(row));
    }
    for line in between {
        match done.last_mut() {
            Some(Entry::Row(last)) if line.is_label() && last.goes_on_with(&line, None) => {
                last.append(&line);
            }
            _ => done.push(Entry::Other(line)),
        }
    }
    give(done, spacing, out);
}

/// Tells each line where the figures of the rows above and below it begin, the farther counts:
/// tables that follow one another have their figures elsewhere.
pub(super) fn with_edges(mut region: Vec<Cut>) -> Vec<Cut> {
    let first = |c: &Cut| c.parts[c.parts.len() - c.figures].x0;
    let mut above = f32::NEG_INFINITY;
    for cut in &mut region {
        if cut.is_row() {
            above = first(cut);
        }
        cut.edge = above;
    }
    let mut below = f32::NEG_INFINITY;
    for cut in region.iter_mut().rev() {
        if cut.is_row() {
            below = first(cut);
        }
        cut.edge = cut.edge.max(below);
    }
    with_labels(&mut region);
    region
}

/// Tells each line where the labels of the rows below it end, up to the next header.
fn with_labels(region: &mut [Cut]) {
    let (mut end, mut rows) = (f32::NEG_INFINITY, 0);
    let (mut over, mut known) = (false, true);
    for i in (0..region.len()).rev() {
        // a row whose label stands on both sides of its figures tells nothing
        let is_between = region.get(i + 1).is_some_and(|next| {
            next.figures == 0 && next.line.y - region[i].line.y < 1.2 * next.line.size
        });
        let cut = &mut region[i];
        if cut.is_row() {
            if std::mem::take(&mut over) {
                (end, rows) = (f32::NEG_INFINITY, 0);
            }
            let own = cut.label_end();
            known = own > f32::NEG_INFINITY || !is_between;
            if known {
                (end, rows) = (end.max(own), rows + 1);
            }
        } else {
            over |= cut.parts.len() > 1;
            // a line of one part alone may as well be the rest of a label
            cut.labels = (known && over && rows > 0).then_some(end);
        }
    }
    below_labels(region);
}

/// Where the labels of the rows above end farther to the right, that counts, down from a heading.
fn below_labels(region: &mut [Cut]) {
    let mut above = f32::NEG_INFINITY;
    for cut in region {
        let starts = |text: &String| is_numbered(text) && text.chars().take(3).any(|c| c == '、');
        if cut.is_row() {
            above = above.max(cut.label_end());
        } else if cut.parts.len() == 1 && cut.texts.iter().all(starts) {
            above = f32::NEG_INFINITY;
        } else if let Some(end) = &mut cut.labels {
            *end = end.max(above);
        }
    }
}

/// Labels whose lines stand close one under the other put together: rows may stand beside them.
fn whole_labels(region: Vec<Cut>, pitch: f32) -> Vec<Cut> {
    /// Lines looked back over.
    const BACK: usize = 8;
    let mut out: Vec<Cut> = Vec::with_capacity(region.len());
    for cut in region.into_iter().flat_map(Cut::apart) {
        let from = out.len().saturating_sub(BACK);
        let label = cut.is_label() && !is_numbered(&cut.texts[0]);
        let goes_on = (from..out.len()).rev().filter(|_| label).find(|i| {
            let above = &out[*i];
            let mut rows = out[i + 1..].iter().filter(|c| c.is_row()).peekable();
            let beside = rows.peek().is_some();
            let bare = rows.all(|r| r.label_end() < cut.line.x0);
            let most = if bare { 2.0 } else { (pitch / cut.line.size).min(1.7) };
            beside
                && above.is_label()
                && cut.line.y - above.ys.1 < most * cut.line.size
                && aligned(span(&cut.line), span(&above.line), 0.6, cut.line.size)
        });
        match goes_on {
            Some(i) => {
                out[i].texts[0].push_str(&cut.texts[0]);
                out[i].ys.1 = cut.line.y;
            }
            None => out.push(cut),
        }
    }
    out
}

/// Gives the rows with the headers over them, and what stands between as text.
fn give(entries: Vec<Entry>, spacing: Spacing, out: &mut Vec<Piece>) {
    let mut blocks = vec![Block::default()];
    for entry in entries {
        let last = blocks.len() - 1;
        let block = &mut blocks[last];
        match entry {
            Entry::Row(row) if block.line.is_none() => block.rows.push(row),
            Entry::Row(row) => blocks.push(Block { rows: vec![row], ..Block::default() }),
            Entry::Other(cut) => {
                // a header is what stands over figures, and what stands beside that
                let heading = cut.parts.len() == 1 && is_numbered(&cut.texts[0]);
                let over = cut.parts.iter().any(|p| cut.is_over_figures(p)) && !heading;
                let open = block.rows.is_empty() && block.line.is_none();
                let beside = open && !block.header.is_empty() && !is_numbered(&cut.texts[0]);
                match over || beside {
                    true if open => block.header.push(cut),
                    true => blocks.push(Block { header: vec![cut], ..Block::default() }),
                    false if block.line.is_none() => block.line = Some(cut),
                    false => blocks.push(Block { line: Some(cut), ..Block::default() }),
                }
            }
        }
    }
    columns::give(blocks, spacing, out);
}
