//! What the formats for people share: a value as text, a column's heading and side, the notice
//! of a cut.

use rust_i18n::t;

use crate::lang::Lang;
use crate::table::{Column, Table, Unit, Value};

/// Stands where there is no value, so that nothing looks like an empty text or a 0.
const NO_VALUE: &str = "—";

/// The heading of a column.
pub(super) fn heading(column: &Column) -> String {
    printable(column.title.as_deref().unwrap_or(&column.name))
}

/// The cells of a row as people read them.
pub(crate) fn cells(table: &Table, row: usize) -> impl Iterator<Item = String> {
    let values = table.rows.get(row).into_iter().flatten();
    table.columns.iter().zip(values).map(move |(column, value)| {
        match column.labels.get(row).and_then(Option::as_deref) {
            Some(label) => printable(label),
            None => shown(value, column.unit),
        }
    })
}

/// A value as people read it.
#[must_use]
pub fn shown(value: &Value, unit: Unit) -> String {
    match (value, unit) {
        (Value::Null, _) => NO_VALUE.to_owned(),
        (Value::Int(n), Unit::Rate | Unit::Growth) => format!("{}.00%", i128::from(*n) * 100),
        (Value::Real(x), Unit::Rate | Unit::Growth) => format!("{:.2}%", x * 100.0),
        (Value::Int(n), Unit::Points) => format!("{}.00", i128::from(*n) * 100),
        (Value::Real(x), Unit::Points) => format!("{:.2}", x * 100.0),
        (Value::Int(n), Unit::Ratio) => format!("{n}.00"),
        (Value::Real(x), Unit::Ratio) => format!("{x:.2}"),
        (Value::Int(fen), Unit::Fen) => yuan(*fen),
        (Value::Real(fen), Unit::Fen) => format!("{:.2}", fen / 100.0),
        (Value::Int(n), _) => n.to_string(),
        (Value::Real(x), _) => real(*x),
        (Value::Text(text), _) => printable(text),
        (Value::Blob(bytes), _) => format!("<BLOB {}>", size(bytes.len())),
    }
}

/// A number of bytes in the unit that leaves it short.
fn size(bytes: usize) -> String {
    let kilobytes = bytes as f64 / 1024.0;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{kilobytes:.1} KB"),
        _ => format!("{:.1} MB", kilobytes / 1024.0),
    }
}

/// A floating-point number in the fewest digits that give it back. JSON has no infinity; a
/// number beyond its range is read as one everywhere.
pub(super) fn real(x: f64) -> String {
    match serde_json::Number::from_f64(x) {
        Some(number) => number.to_string(),
        None if x == f64::INFINITY => "9e999".to_owned(),
        None if x == f64::NEG_INFINITY => "-9e999".to_owned(),
        None => String::new(),
    }
}

/// Whether a column stands on the right: its unit says that it is of numbers, or it holds numbers
/// and nothing else.
pub(super) fn is_numeric(table: &Table, index: usize) -> bool {
    if table.columns[index].unit.is_of_numbers() {
        return true;
    }
    let mut values = table.rows.iter().filter_map(|row| row.get(index));
    let number = |value: &Value| matches!(value, Value::Int(_) | Value::Real(_) | Value::Null);
    values.clone().any(|value| *value != Value::Null) && values.all(number)
}

/// What must be said about how much of an answer is shown, if anything.
#[must_use]
pub fn notice(table: &Table, lang: Lang) -> Option<String> {
    let shown = table.rows.len();
    let locale = lang.key();
    match table.total_rows {
        Some(total) if total > shown => {
            Some(t!("export.cut_off", locale = locale, shown = shown, total = total).into())
        }
        _ if shown == 0 => Some(t!("export.no_rows", locale = locale).into()),
        _ => None,
    }
}

/// The heading of a column with the one it shares with its neighbours.
pub(super) fn whole_heading(column: &Column) -> String {
    match &column.group {
        Some(group) => format!("{}\n{}", printable(group), heading(column)),
        None => heading(column),
    }
}

/// Fen in yuan, exact: no float comes near money.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// A stranger's text without the control characters that would move a terminal's cursor or turn
/// the direction of a line; line breaks stay.
pub(crate) fn printable(text: &str) -> String {
    let harmless = |c: char| match c {
        '\n' => '\n',
        '\t' => ' ',
        c if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
            char::REPLACEMENT_CHARACTER
        }
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(harmless).collect()
}
