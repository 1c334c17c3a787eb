use super::*;
use crate::form::Forms;
use crate::validate::{Seen, Verdict};

/// A sheet of zeros but for these cells; an empty text makes one blank.
fn sheet<'f>(forms: &'f Forms, edition: &str, cells: &[(&str, &str)]) -> Sheet<'f> {
    let form = forms.get(edition).unwrap();
    let mut sheet = Sheet::missing(form);
    let zero = Seen { state: State::Zero, value: Some(0), implied: None };
    for (t, table) in form.tables.iter().enumerate() {
        for n in 0..table.cell_count() {
            let name = name(table.numbered_cell(n));
            let given = cells.iter().find(|(cell, _)| *cell == name);
            sheet.tables[t][n] = match given {
                None => zero,
                Some((_, "")) => Seen { state: State::Blank, value: None, implied: None },
                Some((_, text)) => {
                    Seen { state: State::Number, value: Some(text.parse().unwrap()), implied: None }
                }
            };
        }
    }
    sheet
}

/// Applications of natural persons, all granted.
fn granted(count: &'static str) -> Vec<(&'static str, &'static str)> {
    [
        "applications/received.new/natural_person",
        "applications/received.new/total",
        "applications/granted/natural_person",
        "applications/granted/total",
        "applications/processed_total/natural_person",
        "applications/processed_total/total",
    ]
    .map(|cell| (cell, count))
    .into()
}

const ISSUED: &str = "disclosure/regulations/issued";

/// What is said of a level: verdict, number of cells, sentence.
fn said(
    summary: &Sheet<'_>,
    units: &[(&str, Option<&Sheet<'_>>)],
    known: Known,
    missing: &[&str],
) -> Vec<(Verdict, usize, String)> {
    let units: Vec<Unit<'_>> =
        units.iter().map(|(name, sheet)| Unit { name, sheet: *sheet }).collect();
    let missing: Vec<String> = missing.iter().map(|m| (*m).to_owned()).collect();
    let level = Level { summary: Some(summary), units: &units, known, missing: &missing };
    let shown = |o: Outcome| (o.verdict, o.cells.len(), o.message.zh);
    reconcile(&level).into_iter().map(shown).collect()
}

#[test]
fn a_sum_that_is_right_passes() {
    let forms = Forms::builtin();
    let (a, b) = (sheet(&forms, "2021", &granted("3")), sheet(&forms, "2021", &granted("5")));
    let summary = sheet(&forms, "2021", &granted("8"));
    let units = [("甲", Some(&a)), ("乙", Some(&b))];
    for known in [Known::Listed, Known::LastYear, Known::Nobody] {
        assert_eq!(said(&summary, &units, known, &[]), [(Verdict::Pass, 0, String::new())]);
    }
}

#[test]
fn one_wrong_cell_is_named_by_itself() {
    let forms = Forms::builtin();
    let (a, b) = (sheet(&forms, "2021", &granted("3")), sheet(&forms, "2021", &granted("5")));
    let mut cells = granted("8");
    cells[3].1 = "9";
    let summary = sheet(&forms, "2021", &cells);
    let units = [("甲", Some(&a)), ("乙", Some(&b))];
    // whoever else there may be: no report has a total that is not its parts'
    for known in [Known::Listed, Known::LastYear] {
        let found = said(&summary, &units, known, &[]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1), (Verdict::Fail, 1));
        for part in ["填9", "2份下级报告之和为8", "相差1"] {
            assert!(found[0].2.contains(part), "{}", found[0].2);
        }
    }
    let found = said(&summary, &units, Known::Nobody, &[]);
    assert_eq!(found[0].0, Verdict::NotAssessable);
}

#[test]
fn a_unit_counted_twice_or_left_out_is_named_once() {
    let forms = Forms::builtin();
    let (a, b) = (sheet(&forms, "2021", &granted("3")), sheet(&forms, "2021", &granted("5")));
    let units = [("甲", Some(&a)), ("乙", Some(&b))];
    for (count, body, how) in
        [("11", "“甲”", "重计"), ("13", "“乙”", "重计"), ("3", "“乙”", "漏计")]
    {
        let summary = sheet(&forms, "2021", &granted(count));
        let found = said(&summary, &units, Known::LastYear, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0, found[0].1), (Verdict::Fail, 6));
        assert!(found[0].2.contains(body) && found[0].2.contains(how), "{}", found[0].2);
    }
    // two units of the same figures cannot be told apart
    let c = sheet(&forms, "2021", &granted("3"));
    let units = [("甲", Some(&a)), ("丙", Some(&c))];
    let found = said(&sheet(&forms, "2021", &granted("9")), &units, Known::Listed, &[]);
    assert!(found[0].2.contains("甲或丙"), "{}", found[0].2);
}

#[test]
fn what_may_be_a_unit_nobody_knows_of_is_no_error_without_a_list() {
    let forms = Forms::builtin();
    let a = sheet(&forms, "2021", &granted("3"));
    let summary = sheet(&forms, "2021", &granted("7"));
    let units = [("甲", Some(&a))];
    let found = said(&summary, &units, Known::LastYear, &[]);
    assert_eq!((found.len(), found[0].0, found[0].1), (1, Verdict::NotAssessable, 6));
    assert!(found[0].2.contains("自成一份报告"), "{}", found[0].2);
    let found = said(&summary, &units, Known::Listed, &[]);
    assert!(found.len() == 6 && found.iter().all(|f| f.0 == Verdict::Fail), "{found:?}");
    // less than its parts is wrong whoever is missing
    let summary = sheet(&forms, "2021", &granted("2"));
    assert_eq!(said(&summary, &units, Known::LastYear, &[])[0].0, Verdict::Fail);
}

#[test]
fn a_summary_of_many_more_than_are_known_is_not_accused() {
    let forms = Forms::builtin();
    let a = sheet(&forms, "2021", &granted("3"));
    let mut cells = granted("700");
    cells[3].1 = "690";
    let summary = sheet(&forms, "2021", &cells);
    let units = [("甲", Some(&a))];
    // its own sums do not hold, but that is no matter of its units
    let found = said(&summary, &units, Known::LastYear, &[]);
    assert_eq!((found.len(), found[0].0), (1, Verdict::NotAssessable), "{found:?}");
}

#[test]
fn with_units_missing_nothing_is_judged() {
    let forms = Forms::builtin();
    let a = sheet(&forms, "2021", &granted("3"));
    let units = [("甲", Some(&a))];
    let summary = sheet(&forms, "2021", &granted("8"));
    let found = said(&summary, &units, Known::Listed, &["乙", "丙"]);
    assert_eq!((found.len(), found[0].0), (1, Verdict::NotAssessable));
    for part in ["5（", "共6格", "乙、丙"] {
        assert!(found[0].2.contains(part), "{}", found[0].2);
    }
    let equal = sheet(&forms, "2021", &granted("3"));
    let found = said(&equal, &units, Known::Listed, &["乙"]);
    assert_eq!((found.len(), found[0].0), (1, Verdict::NotAssessable));
    assert_eq!(said(&summary, &[], Known::Listed, &["乙"])[0].0, Verdict::NotAssessable);
    assert_eq!(said(&summary, &[], Known::Nobody, &[])[0].0, Verdict::NotAssessable);
}

#[test]
fn a_cell_that_a_unit_leaves_open_is_not_compared_and_the_unit_is_named() {
    let forms = Forms::builtin();
    let a = sheet(&forms, "2021", &[(ISSUED, "2")]);
    let b = sheet(&forms, "2021", &[(ISSUED, "")]);
    let summary = sheet(&forms, "2021", &[(ISSUED, "9")]);
    let found = said(&summary, &[("甲", Some(&a)), ("乙", Some(&b))], Known::Listed, &[]);
    assert_eq!((found.len(), found[0].0, found[0].1), (1, Verdict::NotAssessable, 1));
    assert!(found[0].2.contains("乙") && !found[0].2.contains("甲"), "{}", found[0].2);
    // an implied value serves
    let mut implied = b.clone();
    for seen in implied.tables.iter_mut().flatten().filter(|s| s.state == State::Blank) {
        seen.implied = Some(7);
    }
    let found = said(&summary, &[("甲", Some(&a)), ("乙", Some(&implied))], Known::Listed, &[]);
    assert_eq!(found, [(Verdict::Pass, 0, String::new())]);
    // a report without tables leaves all open
    let found = said(&summary, &[("甲", Some(&a)), ("丙", None)], Known::Listed, &[]);
    assert_eq!((found.len(), found[0].0), (1, Verdict::NotAssessable));
    assert_eq!(found[0].1, forms.get("2021").unwrap().cells().count());
}

#[test]
fn of_two_editions_only_what_both_have_is_compared() {
    let forms = Forms::builtin();
    let (old, new) = (sheet(&forms, "2019", &granted("3")), sheet(&forms, "2021", &granted("5")));
    let units = [("甲", Some(&old)), ("乙", Some(&new))];
    // the form of 2019 has no such column
    let mut cells = granted("8");
    cells.push((ISSUED, "4"));
    assert!(forms.get("2019").unwrap().named_cell(ISSUED).is_none());
    let summary = sheet(&forms, "2021", &cells);
    assert_eq!(said(&summary, &units, Known::Listed, &[])[0].0, Verdict::Pass);
    let summary = sheet(&forms, "2021", &granted("9"));
    assert_eq!(said(&summary, &units, Known::Listed, &[])[0].0, Verdict::Fail);
    // nothing in common
    let statistics = sheet(&forms, "2014", &[]);
    let found = said(&summary, &[("丙", Some(&statistics))], Known::Listed, &[]);
    assert_eq!((found.len(), found[0].0), (1, Verdict::NotAssessable));
}
