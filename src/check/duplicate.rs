//! `duplicate-report`: two sources that give different cells for one body, year and scope.
//!
//! The store keeps both as reports of which one counts. Another path tells a further source from a
//! revision of the same; what a file held before and holds no more does not speak.

use std::collections::BTreeMap;

use super::bodies::{Pass, Writer};
use crate::lang::Bilingual;
use crate::report::Cell;
use crate::store::{self, Between, Found, Of, StoreError, Stored};
use crate::validate::{Failure, Quantity, Sink};

/// Looks for other sources of each report that is due.
pub(super) fn look(pass: &Pass<'_>, writer: &mut Writer<'_>) -> Result<(), StoreError> {
    let mut others: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (other, current) in &pass.superseded {
        if store::is_held(pass.conn, *other)? {
            others.entry(*current).or_default().push(*other);
        }
    }
    for report in pass.due {
        if pass.stopped() {
            break;
        }
        match others.get(report) {
            Some(others) => {
                let found = compare(pass, writer, *report, others)?;
                writer.put(*report, &found)?;
            }
            None => writer.put_passed(*report)?,
        }
    }
    Ok(())
}

/// What is to be said of a report and others of its body, year and scope.
fn compare(
    pass: &Pass<'_>,
    writer: &Writer<'_>,
    report: i64,
    others: &[i64],
) -> Result<Vec<Found>, StoreError> {
    let heads = pass.reader.read_heads(&[report])?;
    let Some(report) = heads.first() else { return Ok(Vec::new()) };
    // ids ascend, so that the newest of a path comes last
    let others = pass.reader.read_heads(others)?;
    let newest: BTreeMap<&str, &Stored<'_>> =
        others.iter().map(|other| (other.path.as_str(), other)).collect();
    let mut found = Vec::new();
    for (_, other) in newest.into_iter().filter(|(path, _)| *path != report.path) {
        found.extend(differ(pass, writer, report, other)?);
    }
    if found.is_empty() {
        found.push(Found::passed(writer.rule));
    }
    Ok(found)
}

/// How two sources of one report differ, if they do.
fn differ(
    pass: &Pass<'_>,
    writer: &Writer<'_>,
    report: &Stored<'_>,
    other: &Stored<'_>,
) -> Result<Option<Found>, StoreError> {
    let cells = pass.cells.all(report.id)?;
    let theirs = pass.cells.all(other.id)?;
    let names = differences(&cells, &theirs);
    if names.is_empty() {
        return Ok(None);
    }
    let mut sink = Sink::new(writer.rule);
    sink.fail(Failure {
        args: vec![("path", Bilingual::same(other.path.clone()))],
        found: Some(Quantity::Number(names.len() as i64)),
        cells: names,
        edition: report.subject.edition.clone(),
        ..Failure::default()
    });
    let found = sink.finish().pop().map(|outcome| {
        let mut evidence = store::cell_evidence(&outcome, &cells, None);
        evidence.extend(store::cell_evidence(&outcome, &theirs, Some(&Of::report(other))));
        let between =
            Between { apart: &[other.path.as_str()], other: Some(other.id), ..Between::default() };
        Found::between(report, outcome, evidence, &between)
    });
    Ok(found)
}

/// Names of the cells that say another thing in one list than in the other. How a number is printed
/// makes no difference.
fn differences(left: &[Cell], right: &[Cell]) -> Vec<String> {
    let says = |c: &Cell| match c.value {
        Some(value) => (None, Some(value), c.unit.clone()),
        None => (Some((c.state, c.raw.clone())), None, None),
    };
    let by_name = |cells: &[Cell]| -> BTreeMap<String, Vec<_>> {
        let mut out: BTreeMap<String, Vec<_>> = BTreeMap::new();
        // a report that mixes editions may have a cell of that name in each
        for cell in cells.iter().filter(|c| c.raw.is_some()) {
            out.entry(cell.name()).or_default().push(says(cell));
        }
        out
    };
    let (theirs, ours) = (by_name(right), by_name(left));
    let mut names: Vec<String> = Vec::new();
    for name in left.iter().chain(right).map(Cell::name) {
        if ours.get(&name) != theirs.get(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Scope;
    use crate::store::fixture;

    fn cells(given: &[(&str, &str)]) -> Vec<Cell> {
        let given: Vec<(String, String)> = given
            .iter()
            .map(|(row, raw)| (format!("applications/{row}/total"), (*raw).to_owned()))
            .collect();
        fixture::report("2021", "a", (2023, "321300", Scope::Own), &given).cells
    }

    #[test]
    fn cells_differ_by_what_they_say_and_not_by_how_it_is_printed() {
        let ours = cells(&[("granted", "1,234"), ("received.new", "5"), ("carried_out", "/")]);
        let same = cells(&[("granted", "１２３４"), ("received.new", "5"), ("carried_out", "/")]);
        assert_eq!(differences(&ours, &same), [""; 0]);
        let theirs = cells(&[("granted", "1234"), ("received.new", "6"), ("carried_out", "0")]);
        let names = ["applications/received.new/total", "applications/carried_out/total"];
        assert_eq!(differences(&ours, &theirs), names);
        // one has a cell that the other lacks
        let fewer = cells(&[("granted", "1234"), ("carried_out", "/")]);
        assert_eq!(differences(&ours, &fewer), names[..1]);
        assert_eq!(differences(&fewer, &ours), names[..1]);
    }
}
