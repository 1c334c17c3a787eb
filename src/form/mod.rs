//! The official forms as data: editions, tables, rows, columns and sums, read from `forms/*.toml`.
//!
//! Nothing else in the program names a label or a key of a form; a new edition is a new file.

mod check;
mod editions;
mod fold;
mod grid;
mod implied;
mod number;

pub use editions::{FormError, Forms};
pub(crate) use fold::{Chars, TRADITIONAL};
pub use fold::{fold_char, fold_label, fold_text, fold_year, is_note_mark, simplify};
pub use grid::{Equation, Tie};
pub use implied::{Implied, Printed, imply, imply_cells};
pub use number::{CellKind, Reading, fen, may_be_number, read_cell};
pub(crate) use number::{han_number, plain_number};

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

/// One edition of the official form, as its file defines it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Key of the edition, the year it was issued for: `2014`, `2019`, `2021`.
    pub edition: String,
    /// The circular that prescribes it.
    pub basis: String,
    /// First reporting year it is in force for.
    pub first_year: i32,
    /// Last reporting year it is in force for; none while it is in force.
    pub last_year: Option<i32>,
    /// Reporting years for which it was only encouraged.
    #[serde(default)]
    pub encouraged: Vec<i32>,
    /// English names of its units.
    #[serde(default)]
    pub units: BTreeMap<String, String>,
    /// Headings of the narrative, by their number; none prescribed if empty.
    #[serde(default)]
    pub sections: Vec<SectionHeading>,
    /// The statistical tables in the order of the form.
    pub tables: Vec<FormTable>,
    /// Figures comparable over editions (`review`, `litigation`, `requests`): for each the cells,
    /// as `table/row/column`, whose sum it is.
    #[serde(default)]
    pub series: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// A numbered heading of the narrative with the wordings seen for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionHeading {
    /// 1 to 6.
    pub no: u8,
    /// The official wording without its number.
    pub title: String,
    /// Other wordings in use.
    #[serde(default)]
    pub variants: Vec<String>,
    /// Words that tell a numbered heading in other wording to be this one.
    #[serde(default)]
    pub keywords: Vec<String>,
}

/// How a table is laid out on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One printed line a row, a header over each block.
    #[default]
    Rows,
    /// All rows side by side on one printed line, their labels in the header.
    Line,
}

/// One statistical table of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormTable {
    /// Key of the table: `disclosure`, `applications`, `challenges`, `statistics`.
    pub key: String,
    /// Chinese heading.
    pub title: String,
    /// English heading.
    pub en: String,
    /// Number of the narrative section it stands in.
    pub section: Option<u8>,
    /// Relation that holds its facts in the store.
    pub store: String,
    /// Column of that relation that holds the row key.
    pub row_key: String,
    /// Layout on paper.
    #[serde(default)]
    pub layout: Layout,
    /// Unit of its cells unless a column or row says otherwise.
    pub unit: Option<String>,
    /// Note printed in its corner.
    pub note: Option<String>,
    /// The same in English.
    pub note_en: Option<String>,
    /// Heading over all columns.
    pub corner: Option<String>,
    /// Columns of all blocks.
    pub columns: Vec<Column>,
    /// Groups of rows that share columns.
    pub blocks: Vec<Block>,
    /// Sums that the form demands.
    #[serde(default)]
    pub sums: Vec<Sum>,
    /// 其中 lines: a part that cannot exceed its whole.
    #[serde(default)]
    pub shares: Vec<Share>,
    /// What ties this year's figures to last year's.
    #[serde(default)]
    pub continuities: Vec<Continuity>,
    /// The cells by number.
    #[serde(skip)]
    grid: grid::Grid,
}

/// What a cell of a column or row may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// A whole number, not negative.
    #[default]
    Count,
    /// A whole number with a sign (本年增/减).
    Signed,
    /// An amount of money, stored in fen.
    Money,
}

/// A column of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Key, unique in the table.
    pub key: String,
    /// Official Chinese label.
    pub label: String,
    /// English label.
    pub en: String,
    /// Heading above it that it shares with neighbours.
    pub group: Option<String>,
    /// The same in English.
    pub group_en: Option<String>,
    /// Other wordings in use.
    #[serde(default)]
    pub variants: Vec<String>,
    /// What its cells hold.
    #[serde(default)]
    pub kind: ValueKind,
    /// Unit, where it differs from the table's.
    pub unit: Option<String>,
}

/// Rows that stand under one header.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Caption above the block, such as 第二十条第（一）项.
    pub caption: Option<String>,
    /// The same in English.
    pub caption_en: Option<String>,
    /// Label above the row labels, such as 信息内容.
    pub corner: Option<String>,
    /// Labels of a column that repeats the unit of each row, where some print one.
    #[serde(default)]
    pub unit_labels: Vec<String>,
    /// Keys of its columns in order.
    pub columns: Vec<String>,
    /// Its rows in order.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Key, unique in the table; a dot separates a part from its whole.
    pub key: String,
    /// Official Chinese label with its number.
    pub label: String,
    /// English label.
    pub en: String,
    /// Headings above it, outermost first.
    #[serde(default)]
    pub path: Vec<String>,
    /// Other wordings in use.
    #[serde(default)]
    pub variants: Vec<String>,
    /// What its cells hold, where the row and not the column decides.
    pub kind: Option<ValueKind>,
    /// Unit, where the row and not the column decides.
    pub unit: Option<String>,
}

/// Direction of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The terms are columns; it holds in each row.
    Columns,
    /// The terms are rows; it holds in each column.
    Rows,
}

/// A sum of the form: the cells of `total` together equal the cells of `parts`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Id of the rule that checks it.
    pub rule: String,
    /// Whether the terms are rows or columns.
    pub over: Over,
    /// One side, usually a single total.
    pub total: Vec<String>,
    /// The other side.
    pub parts: Vec<String>,
}

/// A relation between a body's figures of two years: `now` together equals (or is at least) last
/// year's `before` with this year's `plus` and without this year's `minus`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Continuity {
    /// Id of the rule that checks it.
    pub rule: String,
    /// Whether the terms are rows or columns.
    pub over: Over,
    /// Terms of this year's report.
    pub now: Vec<String>,
    /// Terms of last year's report.
    pub before: Vec<String>,
    /// Terms of this year's report that come in.
    #[serde(default)]
    pub plus: Vec<String>,
    /// Terms of this year's report that go out.
    #[serde(default)]
    pub minus: Vec<String>,
    /// Whether `now` may be more.
    #[serde(default)]
    pub at_least: bool,
}

/// An 其中 line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Id of the rule that checks it.
    pub rule: String,
    /// Row of the whole.
    pub whole: String,
    /// Row of the part.
    pub part: String,
}

/// A cell of a form with everything its row and column say about it.
#[derive(Debug, Clone, Copy)]
pub struct CellDef<'f> {
    /// Table it belongs to.
    pub table: &'f FormTable,
    /// Its row.
    pub row: &'f Row,
    /// Its column.
    pub column: &'f Column,
}

impl<'f> CellDef<'f> {
    /// What it may hold: the row decides before the column.
    pub fn kind(&self) -> ValueKind {
        self.row.kind.unwrap_or(self.column.kind)
    }

    /// Its unit on the form; none for money whose unit the cell itself must give.
    pub fn unit(&self) -> Option<&'f str> {
        let own = self.row.unit.as_deref().or(self.column.unit.as_deref());
        match self.kind() {
            ValueKind::Money => own,
            _ => own.or(self.table.unit.as_deref()),
        }
    }
}

impl FormTable {
    /// The column of that key.
    pub fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.key == key)
    }

    /// All rows in form order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.blocks.iter().flat_map(|b| &b.rows)
    }

    /// The Chinese label of a row; where another row has the same, after that of its whole: the
    /// 2014 edition counts 被依法纠错数 of reviews and of lawsuits.
    pub fn row_label<'f>(&self, row: &'f Row) -> Cow<'f, str> {
        let label = Cow::from(&row.label);
        if self.rows().filter(|other| other.label == row.label).count() < 2 {
            return label;
        }
        let whole = row.key.rsplit_once('.').map(|(whole, _)| format!("{whole}.total"));
        match self.rows().find(|other| Some(&other.key) == whole.as_ref()) {
            Some(whole) => format!("{}：{label}", whole.label).into(),
            None => label,
        }
    }

    /// The columns of a block in order.
    pub fn block_columns<'f>(&'f self, block: &'f Block) -> impl Iterator<Item = &'f Column> {
        block.columns.iter().filter_map(|k| self.column(k))
    }
}

impl Form {
    /// The table of that key.
    pub fn table(&self, key: &str) -> Option<&FormTable> {
        self.tables.iter().find(|t| t.key == key)
    }

    /// All cells in form order.
    pub fn cells(&self) -> impl Iterator<Item = CellDef<'_>> {
        self.tables.iter().flat_map(FormTable::cells)
    }

    /// Whether the edition is in force for a reporting year.
    pub fn in_force(&self, year: i32) -> bool {
        self.first_year <= year && self.last_year.is_none_or(|last| year <= last)
    }

    /// The cell that `table/row/column` names.
    pub fn named_cell(&self, name: &str) -> Option<CellDef<'_>> {
        let mut keys = name.split('/');
        let (table, row, column) = (keys.next()?, keys.next()?, keys.next()?);
        self.table(table)?.cell(row, column)
    }
}
