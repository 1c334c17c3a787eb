//! Reports for tests, given by the cells that matter; every other cell is missing.

use rusqlite::Connection;

use super::{RegionRecord, Store};
use crate::form::{Forms, read_cell};
use crate::report::{Cell, Report, SCHEMA, Scope, Section, Source, State};

/// A report of a government. `edition` may be empty: no table at all. Cells are named
/// `table/row/column` and have their text as printed.
pub(crate) fn report(
    edition: &str,
    path: &str,
    (year, region, scope): (i32, &str, Scope),
    given: &[(String, String)],
) -> Report {
    let forms = Forms::builtin();
    let form = forms.get(edition);
    for (name, _) in given {
        assert!(form.is_some_and(|form| form.named_cell(name).is_some()), "no cell {name}");
    }
    let cells = form.into_iter().flat_map(|form| form.cells()).map(|def| {
        let mut cell = Cell {
            edition: None,
            table: def.table.key.clone(),
            row: def.row.key.clone(),
            column: def.column.key.clone(),
            value: None,
            unit: def.unit().map(str::to_owned),
            raw: None,
            state: State::Missing,
            at: None,
            correction: None,
            confidence: None,
        };
        let name = cell.name();
        if let Some((_, raw)) = given.iter().find(|(given, _)| *given == name) {
            let reading = read_cell(raw, def.kind());
            (cell.value, cell.state) = (reading.value, reading.state);
            cell.unit = reading.unit.or(cell.unit);
            cell.raw = Some(raw.clone());
        }
        cell
    });
    Report {
        schema: SCHEMA.to_owned(),
        title: None,
        organ: Some(region.to_owned()),
        organ_printed: Some(region.to_owned()),
        region_code: Some(region.to_owned()),
        township_code: None,
        year: Some(year),
        scope: Some(scope),
        edition: form.map(|form| form.edition.clone()),
        published: None,
        source: Source {
            path: path.to_owned(),
            sha256: format!("{path}{given:?}"),
            media_type: "text/plain".to_owned(),
            encoding: None,
        },
        sections: vec![Section {
            no: 6,
            title: "其他".to_owned(),
            text: "全年未收取信息处理费。".to_owned(),
        }],
        cells: cells.collect(),
        findings: Vec::new(),
    }
}

/// A region of that code and name.
pub(crate) fn region(code: &str, name: &str, level: i64) -> RegionRecord {
    RegionRecord {
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: None,
        valid: (None, None),
        successors: Vec::new(),
        note: None,
    }
}

/// The connection of a store that has been written.
pub(crate) fn into_connection(mut store: Store) -> Connection {
    store.commit().expect("memory is there");
    store.conn
}
