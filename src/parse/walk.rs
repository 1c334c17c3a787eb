//! One pass over the items: which values stand behind which label, under which header.
//!
//! No decision about editions, columns or alignment is made here; [`super::align`] makes them all.

use std::borrow::Cow;
use std::rc::Rc;

use super::items::{Item, Kind};
use super::vocabulary::{Meaning, Role, Vocabulary};
use crate::form::Layout;
use crate::report::Place;

/// A value behind a label, or one without.
#[derive(Debug, Clone)]
pub struct Value<'d> {
    /// Text as it stands, empty for a blank cell.
    pub raw: Cow<'d, str>,
    /// Where it stands.
    pub place: &'d Place,
    /// Digits run on from the label.
    pub fused: bool,
    /// Unit of money that its header has in place of the form's.
    pub unit: Option<&'static str>,
    /// How sure its characters are, of 100, where they were recognized in a picture.
    pub confidence: Option<u8>,
}

/// A label in a header.
#[derive(Debug, Clone)]
pub struct HeaderLabel<'d> {
    /// What it can mean; empty for a label that no form has.
    pub meanings: Vec<Meaning>,
    /// Column it begins in, where spans are known.
    pub x: Option<u16>,
    /// Text as it stands.
    pub raw: Cow<'d, str>,
    /// Blank cells behind it on its line: the rows below have them too.
    pub blanks_after: usize,
}

/// The header over a row, in reading order.
pub type Header<'d> = Rc<Vec<HeaderLabel<'d>>>;

/// A printed row: its label, its values and the header over it.
#[derive(Debug, Clone)]
pub struct PrintedRow<'d> {
    /// Key of the table it stands in, where that is known.
    pub table: Option<&'d str>,
    /// What its label can mean; empty if it has none or no form has it.
    pub meanings: Vec<Meaning>,
    /// Label as it stands; empty if there is none.
    pub label: Cow<'d, str>,
    /// Values in reading order.
    pub values: Vec<Value<'d>>,
    /// Header over it.
    pub header: Header<'d>,
    /// Whether nothing but the header of its table stands before it.
    pub first: bool,
    /// Whether the row is complete: what follows cannot belong to it.
    closed: bool,
    line: u32,
    /// Whether label and values stand on one printed row.
    pub hard: bool,
}

impl PrintedRow<'_> {
    /// The digits that were cut into so many values, if they could as well be one number.
    pub fn run_together(&self, values: usize) -> Option<&str> {
        let [value] = self.values.as_slice() else { return None };
        (value.fused && values > 1 && !value.raw.starts_with('0')).then_some(&*value.raw)
    }
}

/// What the walk found.
#[derive(Debug, Default)]
pub struct Walk<'d> {
    /// Rows in reading order.
    pub rows: Vec<PrintedRow<'d>>,
    /// Headers that have no rows under them, by table key.
    pub headers: Vec<(&'d str, Header<'d>)>,
    /// Whether the document breaks off within the last row.
    pub breaks_off: bool,
    /// Items that belong to tables, by their index: the rest is narrative.
    pub used: Vec<bool>,
}

struct Walker<'d, 'f> {
    v: &'d Vocabulary<'f>,
    out: Walk<'d>,
    /// Key of the table we are in.
    table: Option<&'d str>,
    header: Vec<HeaderLabel<'d>>,
    /// Whether labels still belong to the header.
    in_header: bool,
    /// Whether a row may take values.
    open: bool,
    seen_row: bool,
    /// A line of text after a row: the label of an unknown row if values follow.
    stray: Option<Cow<'d, str>>,
}

/// Walks over the items. `hint` tells for a block that is a heading which table it announces.
pub fn walk<'d>(
    items: &[Item<'d>],
    v: &'d Vocabulary<'_>,
    breaks_off: bool,
    hint: impl Fn(usize) -> Option<Option<&'d str>>,
) -> Walk<'d> {
    let mut w = Walker {
        v,
        out: Walk { used: vec![false; items.len()], ..Walk::default() },
        table: None,
        header: Vec::new(),
        in_header: false,
        open: false,
        seen_row: false,
        stray: None,
    };
    let mut i = 0;
    let mut announced = None;
    while i < items.len() {
        let item = &items[i];
        if announced != Some(item.block) && !item.cell {
            announced = Some(item.block);
            if let Some(table) = hint(item.block) {
                w.enter(table);
                w.open = false;
                i += 1;
                continue;
            }
        }
        match &item.kind {
            Kind::Label(meanings) => w.label(item, meanings, i),
            Kind::Value | Kind::Blank | Kind::Fused => w.value(item, i),
            Kind::Unit => w.unit(item, i),
            Kind::Other => w.other(item, items, i),
        }
        i += 1;
    }
    w.finish_header();
    w.out.breaks_off = breaks_off && w.out.used.last() == Some(&true) && w.open;
    w.out
}

impl<'d> Walker<'d, '_> {
    fn enter(&mut self, table: Option<&'d str>) {
        if self.table != table {
            self.finish_header();
            self.table = table;
            self.seen_row = false;
        }
    }

    /// Ends a header; one that no row stood under is kept as evidence of its table.
    fn finish_header(&mut self) {
        if self.in_header
            && !self.header.is_empty()
            && let Some(table) = self.table
        {
            self.out.headers.push((table, Rc::new(std::mem::take(&mut self.header))));
        }
        self.header.clear();
        self.in_header = true;
    }

    fn in_line_table(&self, meanings: &[Meaning]) -> bool {
        meanings.iter().any(|m| self.v.table(m).layout == Layout::Line)
    }

    fn label(&mut self, item: &Item<'d>, meanings: &[Meaning], index: usize) {
        self.stray = None;
        let v = self.v;
        let key = |m: &Meaning| v.table(m).key.as_str();
        let of = |table: Option<&str>| -> Vec<Meaning> {
            meanings.iter().filter(|m| Some(key(m)) == table).copied().collect()
        };
        let mut here = of(self.table);
        if here.is_empty() {
            // a label of another table: there we are now, unless it is nothing but prose there
            let strong = meanings.iter().any(|m| !matches!(m.role, Role::Note | Role::RowGroup));
            if !strong && !item.cell && self.table.is_none() {
                return;
            }
            self.enter(meanings.first().map(key));
            self.open = false;
            here = of(self.table);
        }
        let mut meanings = here;
        self.out.used[index] = true;

        if self.in_line_table(&meanings) {
            if meanings.iter().all(|m| m.role == Role::Note) {
                return;
            }
            if !self.in_header || self.open {
                self.finish_header();
            }
            self.open = false;
            self.push_header(item, meanings);
            return;
        }
        let has = |role: fn(&Role) -> bool| meanings.iter().any(|m| role(&m.role));
        let column = has(|r| matches!(r, Role::Column(_) | Role::ColumnGroup | Role::Unit));
        let row = has(|r| matches!(r, Role::Row(_)));
        if has(|r| *r == Role::Header) {
            if !self.in_header || self.seen_leaf() {
                self.finish_header();
            }
            self.in_header = true;
            self.open = false;
        } else if column && (!row || self.in_header) {
            if !self.in_header {
                self.finish_header();
            }
            self.open = false;
            self.push_header(item, meanings);
        } else if row {
            meanings.retain(|m| matches!(m.role, Role::Row(_)));
            self.start_row(item, meanings, item.raw.clone());
        } else {
            self.open = false;
        }
    }

    fn seen_leaf(&self) -> bool {
        self.header.iter().any(|h| h.meanings.iter().any(|m| matches!(m.role, Role::Column(_))))
    }

    fn push_header(&mut self, item: &Item<'d>, meanings: Vec<Meaning>) {
        self.in_header = true;
        self.header.push(HeaderLabel {
            meanings,
            x: item.x,
            raw: item.raw.clone(),
            blanks_after: 0,
        });
    }

    fn start_row(&mut self, item: &Item<'d>, meanings: Vec<Meaning>, label: Cow<'d, str>) {
        let header = match self.out.rows.last() {
            Some(last) if !self.in_header => last.header.clone(),
            _ => Rc::new(std::mem::take(&mut self.header)),
        };
        let first = !self.seen_row || self.in_header;
        self.in_header = false;
        self.seen_row = true;
        self.open = true;
        self.out.rows.push(PrintedRow {
            table: self.table,
            meanings,
            label,
            values: Vec::new(),
            header,
            first,
            closed: false,
            line: item.line,
            hard: item.hard,
        });
    }

    fn value(&mut self, item: &Item<'d>, index: usize) {
        let blank = matches!(item.kind, Kind::Blank);
        let Some(table) = self.table else { return };
        let value = Value {
            raw: item.raw.clone(),
            place: item.place,
            fused: matches!(item.kind, Kind::Fused),
            unit: None,
            confidence: item.confidence,
        };
        if self.open
            && let Some(row) = self.out.rows.last_mut()
        {
            // the cells of a row that stands alone do not reach into the next
            let next_line = row.line != item.line;
            if next_line && row.hard && (item.x.is_some() || !row.values.is_empty()) {
                row.closed = true;
            }
            if !row.closed {
                row.values.push(value);
                self.out.used[index] = true;
                return;
            }
        }
        // a mark that the line does not apply is no row of its own: a heading has it, too
        let mark = !item.raw.chars().any(char::is_alphanumeric);
        if blank || mark {
            if self.in_header
                && let Some(label) = self.header.last_mut()
            {
                label.blanks_after += 1;
            }
            return;
        }
        // a value without a label: the one line of a table laid out so, or a row that lost its label
        let line_table =
            self.v.forms.iter().filter_map(|f| f.table(table)).any(|t| t.layout == Layout::Line);
        let stray = self.stray.take();
        if line_table || item.cell || stray.is_some() || self.in_header && self.seen_leaf() {
            self.start_row(item, Vec::new(), stray.unwrap_or_default());
            if let Some(row) = self.out.rows.last_mut() {
                row.values.push(value);
            }
            self.out.used[index] = true;
        }
    }

    /// A unit is a cell of its own where the header has a column for it, and nothing elsewhere.
    fn unit(&mut self, item: &Item<'d>, index: usize) {
        let column = |h: &HeaderLabel| h.meanings.iter().any(|m| m.role == Role::Unit);
        if self.open && self.out.rows.last().is_some_and(|r| r.header.iter().any(column)) {
            self.value(item, index);
        } else if self.table.is_some() {
            self.out.used[index] = true;
        }
    }

    fn other(&mut self, item: &Item<'d>, items: &[Item<'d>], index: usize) {
        if self.table.is_none() {
            return;
        }
        let long = item.raw.chars().count() > 60;
        if !item.cell {
            // prose ends what it follows; a stray word does not end a table
            self.open = false;
            self.stray = (!long && self.seen_row && !self.in_header).then(|| item.raw.clone());
            if long {
                self.enter(None);
            }
            return;
        }
        // lines are numbered through the document
        let from = items[..index].partition_point(|o| o.line < item.line);
        let same_line = || items[from..].iter().take_while(|o| o.line == item.line);
        let labelled = same_line().any(|o| matches!(o.kind, Kind::Label(_)));
        let valued = same_line().any(|o| matches!(o.kind, Kind::Value));
        let continues = self.open
            && self.out.rows.last().is_some_and(|r| r.line == item.line || !r.hard && !item.hard);
        if continues && let Some(row) = self.out.rows.last_mut() {
            // text in the place of a number
            let (raw, place) = (item.raw.clone(), item.place);
            let confidence = item.confidence;
            row.values.push(Value { raw, place, fused: false, unit: None, confidence });
            self.out.used[index] = true;
        } else if labelled && self.in_header && !valued {
            self.push_header(item, Vec::new());
            self.out.used[index] = true;
        } else if valued && !labelled {
            self.start_row(item, Vec::new(), item.raw.clone());
            self.out.used[index] = true;
        }
    }
}
