//! Some cells of a report, and all.

use std::collections::BTreeSet;

use super::*;
use crate::report::Cell;

#[test]
fn some_cells_are_those_among_all() {
    let mut store = store();
    let report = super::report("a.txt", 2023, "321302", Scope::Own, ["5", "/", "十二", "", "八件"]);
    write(&mut store, &report);
    let reader = CellReader::new(store.connection()).unwrap();
    let all = reader.all(1).unwrap();
    assert_eq!(all, report.cells);
    let names: Vec<String> = all.iter().map(Cell::name).collect();
    for step in [1, 3, all.len()] {
        let wanted: BTreeSet<&str> = names.iter().step_by(step).map(String::as_str).collect();
        let expected: Vec<&Cell> = all.iter().step_by(step).collect();
        let found = reader.named(1, &wanted).unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    }
    assert!(reader.named(1, &BTreeSet::from(["no/such/cell"])).unwrap().is_empty());
    assert!(reader.all(2).is_err());
}
