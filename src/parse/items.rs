//! A document as a stream of items: labels, values, blanks and everything else.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::vocabulary::{Label, Meaning, Role, Slips, Vocabulary};
use crate::form::{ValueKind, fold_label, fold_text, is_note_mark, may_be_number, read_cell};
use crate::reader::document::{Block, Document, GridCell};
use crate::report::{Place, State};

/// What an item is.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'v> {
    /// A label of a form.
    Label(&'v [Meaning]),
    /// A number or a mark that the line does not apply.
    Value,
    /// Digits that run on from a label: one number, or one digit a column.
    Fused,
    /// A cell with nothing in it.
    Blank,
    /// The unit of a figure in a cell or line of its own.
    Unit,
    /// Anything else.
    Other,
}

/// A cell, a line or a part of it.
#[derive(Debug, Clone)]
pub struct Item<'d> {
    /// What it is.
    pub kind: Kind<'d>,
    /// Its text as it stands.
    pub raw: Cow<'d, str>,
    /// Where it stands.
    pub place: &'d Place,
    /// Column it begins in, where the format lays out spans.
    pub x: Option<u16>,
    /// Number of the printed row or line, counted through the document.
    pub line: u32,
    /// Block of the document it belongs to.
    pub block: usize,
    /// Whether it is a cell of a grid.
    pub cell: bool,
    /// Whether its row stands alone: cells of the next row never belong to it.
    pub hard: bool,
    /// How sure its characters are, of 100, where they were recognized in a picture.
    pub confidence: Option<u8>,
}

/// Longest text that can be a label or a value; what is longer is prose.
const MAX_CELL: usize = 120;
/// No form has so many columns.
const WIDEST: usize = 64;
/// Most pieces a label is broken into.
const MAX_PIECES: usize = 6;

/// Cuts a document into items.
pub fn items<'d>(doc: &'d Document, v: &'d Vocabulary<'_>) -> Vec<Item<'d>> {
    let mut raw = Vec::new();
    let mut line = 0;
    for (b, block) in doc.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(p) => {
                line += 1;
                raw.push(Item {
                    kind: Kind::Other,
                    raw: Cow::Borrowed(&p.text),
                    place: &p.place,
                    x: None,
                    line,
                    block: b,
                    cell: false,
                    hard: false,
                    confidence: None,
                });
            }
            Block::Grid(grid) => {
                let mut repeats = Repeats::default();
                for row in &grid.rows {
                    line += 1;
                    let repeated = repeats.row(row, v);
                    let filled = row.iter().filter(|c| !c.text.is_empty()).count();
                    // spans are known only where the markup says what is a row
                    let hard = filled > 1 || row.iter().any(|c| c.x.is_some());
                    let once = row.iter().zip(repeated).filter(|(_, repeated)| !repeated);
                    raw.extend(once.map(|(c, _)| Item {
                        kind: if c.text.is_empty() { Kind::Blank } else { Kind::Other },
                        raw: Cow::Borrowed(&c.text),
                        place: &c.place,
                        x: c.x,
                        line,
                        block: b,
                        cell: true,
                        hard,
                        confidence: c.confidence,
                    }));
                }
            }
        }
    }
    classify(raw, v)
}

/// Looks at the rows of a grid for cells that are parts of others, which somebody filled in one by
/// one instead of merging them.
#[derive(Default)]
struct Repeats<'d> {
    above: Option<&'d [GridCell]>,
    /// Columns over which the header last seen only repeats the label to their left.
    covered: BTreeSet<u16>,
}

impl<'d> Repeats<'d> {
    /// Which cells of the next row only repeat the label of a column beside them or above them, or
    /// are blank under such a one.
    fn row(&mut self, row: &'d [GridCell], v: &Vocabulary<'_>) -> Vec<bool> {
        let above = self.above.replace(row);
        let is_column = |text: &str| {
            let meanings = v.lookup(text).unwrap_or_default();
            meanings.iter().any(|m| matches!(m.role, Role::Column(_) | Role::ColumnGroup))
        };
        if row.len() > WIDEST {
            return vec![false; row.len()];
        }
        let is_header = |row: &[GridCell]| row.iter().all(|c| !is_value(&c.text));
        let is_above = |cell: &GridCell| {
            above.is_some_and(|above| {
                above.iter().any(|a| a.x == cell.x && a.text == cell.text)
                    && is_header(above)
                    && is_header(row)
            })
        };
        let is_beside = |n: usize, cell: &GridCell| {
            let before = n.checked_sub(1).map(|before| &row[before]);
            before.is_some_and(|b| {
                b.text == cell.text && b.x.and_then(|x| x.checked_add(1)) == cell.x
            })
        };
        let mut repeated = vec![false; row.len()];
        let mut beside = BTreeSet::new();
        for (n, cell) in row.iter().enumerate() {
            let Some(x) = cell.x else { continue };
            if cell.text.is_empty() {
                repeated[n] = self.covered.contains(&x);
            } else if cell.text.starts_with(|c: char| c.is_ascii_digit()) {
                // a figure, which no column is called
            } else if is_beside(n, cell) && is_column(&cell.text) {
                repeated[n] = true;
                beside.insert(x);
            } else if is_above(cell) && is_column(&cell.text) {
                repeated[n] = true;
            }
        }
        if !beside.is_empty() || !self.covered.is_empty() && row.iter().any(|c| is_column(&c.text))
        {
            self.covered = beside;
        }
        repeated
    }
}

/// Whether a text is a number or a mark that the line does not apply.
pub fn is_value(text: &str) -> bool {
    if !may_be_number(text) {
        return false;
    }
    let state = read_cell(text, ValueKind::Signed).state;
    matches!(state, State::Number | State::Zero | State::NotApplicable)
}

fn classify<'d>(mut raw: Vec<Item<'d>>, v: &'d Vocabulary<'_>) -> Vec<Item<'d>> {
    let mut out: Vec<Item<'d>> = Vec::with_capacity(raw.len());
    let mut i = 0;
    while i < raw.len() {
        let here = &raw[i];
        let short = here.raw.len() <= MAX_CELL || here.raw.chars().nth(MAX_CELL).is_none();
        let mut pieces = 1;
        let as_on_the_form = v.as_on_the_form(&here.raw);
        let may_be_figure = short && as_on_the_form.is_none();
        let kind = if matches!(here.kind, Kind::Blank) {
            Kind::Blank
        } else if may_be_figure && v.is_unit(&here.raw) {
            Kind::Unit
        } else if may_be_figure && is_value(&here.raw) {
            Kind::Value
        } else if let Some((n, meanings)) = joined(&raw[i..], as_on_the_form, v) {
            pieces = n;
            Kind::Label(meanings)
        } else if short && split(here, v, &mut out) {
            i += 1;
            continue;
        } else {
            Kind::Other
        };
        let mut text = std::mem::take(&mut raw[i].raw);
        raw[i + 1..i + pieces].iter().for_each(|piece| text.to_mut().push_str(&piece.raw));
        out.push(Item { kind, raw: text, ..raw[i] });
        i += pieces;
    }
    out
}

/// The longest label that begins with the first item, and over how many items it is broken.
fn joined<'v>(
    rest: &[Item<'_>],
    first: Option<&'v Label>,
    v: &'v Vocabulary<'_>,
) -> Option<(usize, &'v [Meaning])> {
    let mut folded = match first {
        Some(label) => Cow::Borrowed(&*label.folded),
        None => fold_label(&rest[0].raw),
    };
    let first = first.map(|label| &*label.meanings);
    let slips = match rest[0].confidence {
        Some(_) => Slips::Recognized,
        None => Slips::Typed,
    };
    let found = first.or_else(|| v.lookup_folded(&rest[0].raw, &folded, slips));
    let mut best = found.map(|m| (1, m));
    let mut text = String::new();
    for (n, next) in rest.iter().enumerate().take(MAX_PIECES).skip(1) {
        if !matches!(next.kind, Kind::Other) || !v.is_beginning(&folded) || is_value(&next.raw) {
            break;
        }
        if n == 1 {
            text.push_str(&rest[0].raw);
        }
        text.push_str(&next.raw);
        folded = Cow::Owned(fold_label(&text).into_owned());
        if let Some(m) = v.exact(&folded) {
            best = Some((n + 1, m));
        }
    }
    best
}

/// Takes apart a line in which labels and values stand without separators.
fn split<'d>(item: &Item<'d>, v: &'d Vocabulary<'_>, out: &mut Vec<Item<'d>>) -> bool {
    let part = |kind, raw: &str| Item { kind, raw: Cow::Owned(raw.to_owned()), ..*item };
    // label, blanks, values: the table of an extractor that aligns by blanks
    let words: Vec<&str> = item.raw.split_whitespace().collect();
    let values = words.iter().rev().take_while(|w| is_value(w)).count();
    if values > 0 && values < words.len() {
        let label = words[..words.len() - values].join(" ");
        let run_together = || v.segment(&fold_label(&label)).filter(|_| !ends_with_figure(&label));
        let labels = v.lookup(&label).map(|m| vec![m]).or_else(run_together);
        if let Some(labels) = labels {
            out.extend(labels.into_iter().map(|m| part(Kind::Label(m), &label)));
            out.extend(words[words.len() - values..].iter().map(|w| part(Kind::Value, w)));
            return true;
        }
    }
    // values only, divided by blanks; in a cell that is laid out they are its own, whatever they are
    if values == words.len() && values > 1 && item.x.is_none() {
        out.extend(words.iter().map(|w| part(Kind::Value, w)));
        return true;
    }
    // labels run together, the digits of the last one's values behind them
    let folded = fold_text(item.raw.trim_end_matches(is_note_mark));
    let text = folded.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let digits = &folded[text.len()..];
    // a number in a ring before a label is the label's own
    let has_note = item.raw.trim_start_matches(is_note_mark).contains(is_note_mark);
    // a figure before them, or the mark of a note by them: nobody can tell where one ends
    if !digits.is_empty() && (ends_with_figure(text) || has_note) {
        return false;
    }
    let label = fold_label(text);
    let labels = match v.exact(&label) {
        Some(m) if !digits.is_empty() => vec![m],
        _ => v.segment(&label).filter(|l| l.len() > 1 || !digits.is_empty()).unwrap_or_default(),
    };
    if labels.is_empty() {
        return false;
    }
    out.extend(labels.into_iter().map(|m| part(Kind::Label(m), text)));
    if !digits.is_empty() {
        // behind a mark they are one figure
        let kind = if text.ends_with(parts_figures) { Kind::Value } else { Kind::Fused };
        out.push(part(kind, digits));
    }
    true
}

fn ends_with_figure(text: &str) -> bool {
    text.trim_end_matches(parts_figures).ends_with(|c: char| c.is_ascii_digit())
}

/// Whether a character parts one figure from another, or a label from its figure.
fn parts_figures(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '、' | ';' | ':')
}
