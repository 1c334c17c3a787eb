//! The cells that a figure comes from: what stands in them, what it counts as, and where.

use rust_decimal::Decimal;
use serde::Serialize;

use super::definition::{Metric, Part};
use crate::form::{CellDef, Form};
use crate::lang::Bilingual;
use crate::report::{Cell, Correction, Place, State};
use crate::validate::{Seen, Sheet};

/// What a cell is in a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A part of the numerator.
    Numerator,
    /// A part of the denominator.
    Denominator,
    /// In neither, but the report counts only if it is settled.
    Needed,
}

impl Role {
    /// The key, as JSON has it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Role::Numerator => "numerator",
            Role::Denominator => "denominator",
            Role::Needed => "needed",
        }
    }
}

/// A cell of a report as a measure uses it.
#[derive(Debug, Clone, Serialize)]
pub struct CellShown {
    /// `table/row/column`.
    pub cell: String,
    /// What the form calls it.
    pub label: Bilingual,
    /// What it is in the measure.
    #[serde(rename = "parts")]
    pub roles: Vec<Role>,
    /// The text as it stands; none where the document has no such cell.
    pub raw: Option<String>,
    /// What it holds.
    pub state: State,
    /// The number as printed.
    #[serde(with = "rust_decimal::serde::arbitrary_precision_option")]
    pub printed: Option<Decimal>,
    /// Its unit.
    pub unit: Option<String>,
    /// What it counts as, money in fen; none where nothing settles it.
    pub value: Option<i64>,
    /// Whether the value is not printed but settled by the form's sums.
    pub implied: bool,
    /// Where it stands in the source.
    pub at: Option<Place>,
    /// What it says itself, where somebody corrected it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<Box<Correction>>,
}

/// The cells of a measure in a report of that form, in form order.
#[must_use]
pub fn cells(metric: &Metric, form: &Form, cells: &[Cell]) -> Vec<CellShown> {
    let edition = &form.edition;
    // a report that mixes editions has the cells of its own by themselves
    let own = || cells.iter().filter(|c| c.edition.as_ref().is_none_or(|e| e == edition));
    let sheet = Sheet::of_cells(form, own());
    let has = |part: Option<&Part>, name: &String| {
        part.is_some_and(|part| part.cells(edition).any(|cell| cell == name))
    };
    let needs = metric.needs(edition);
    let mut shown = Vec::new();
    for def in form.cells() {
        let name = format!("{}/{}/{}", def.table.key, def.row.key, def.column.key);
        let roles = [
            (Role::Numerator, has(Some(&metric.numerator), &name)),
            (Role::Denominator, has(metric.denominator.as_ref(), &name)),
            (Role::Needed, needs.contains(&&name)),
        ];
        let roles: Vec<Role> = roles.into_iter().filter(|(_, is)| *is).map(|(r, _)| r).collect();
        if roles.is_empty() {
            continue;
        }
        let cell = own().find(|cell| cell.name() == name);
        let seen = sheet.named(&name).unwrap_or(Seen::MISSING);
        shown.push(CellShown {
            label: label(def),
            roles,
            raw: cell.and_then(|c| c.raw.clone()),
            state: cell.map_or(State::Missing, |c| c.state),
            printed: cell.and_then(|c| c.value),
            unit: cell.and_then(|c| c.unit.clone()),
            value: seen.settled(),
            implied: seen.value.is_none() && seen.implied.is_some(),
            at: cell.and_then(|c| c.at.clone()),
            correction: cell.and_then(|c| c.correction.clone()),
            cell: name,
        });
    }
    shown
}

/// What the form calls a cell: its row and, in a table of several columns, its column.
#[must_use]
pub fn label(def: CellDef<'_>) -> Bilingual {
    let row = def.table.row_label(def.row);
    if def.table.columns.len() == 1 {
        return Bilingual { zh: row.into_owned(), en: def.row.en.clone() };
    }
    Bilingual {
        zh: format!("{row} · {}", def.column.label),
        en: format!("{} · {}", def.row.en, def.column.en),
    }
}
