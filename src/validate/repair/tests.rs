//! Each kind of repair on the editions' tables, and what is not known well enough.

use super::super::{Before, Case, Seen, Sheet, Subject, check};
use super::*;
use crate::form::Forms;
use crate::lang::Lang;
use crate::report::State;

/// A cell that holds a number.
pub(super) fn printed(value: i64) -> Seen {
    let state = if value == 0 { State::Zero } else { State::Number };
    Seen { state, value: Some(value), implied: None }
}

/// A report in an edition, all 0 but for these cells.
pub(super) fn report<'f>(forms: &'f Forms, edition: &str, figures: &[(&str, i64)]) -> Subject<'f> {
    let mut sheet = Sheet::missing(forms.get(edition).unwrap());
    sheet.tables.iter_mut().flatten().for_each(|seen| *seen = printed(0));
    let mut subject = Subject { sheets: vec![sheet], ..Subject::default() };
    figures.iter().for_each(|(name, value)| put(&mut subject, name, printed(*value)));
    subject
}

pub(super) fn put(subject: &mut Subject<'_>, name: &str, seen: Seen) {
    let sheet = &mut subject.sheets[0];
    let cell = sheet.form.named_cell(name).unwrap_or_else(|| panic!("no cell {name}"));
    let t = sheet.form.tables.iter().position(|t| t.key == cell.table.key).unwrap();
    let number = cell.table.cell_number(&cell.row.key, &cell.column.key).unwrap();
    sheet.tables[t][number] = seen;
}

/// Writes a text into a cell where a count belongs.
fn scribble(subject: &mut Subject<'_>, name: &str, state: State, raw: &str) {
    put(subject, name, Seen { state, ..Seen::MISSING });
    let sheet = &mut subject.sheets[0];
    let cell = sheet.form.named_cell(name).unwrap();
    let t = sheet.form.tables.iter().position(|t| t.key == cell.table.key).unwrap();
    let number = cell.table.cell_number(&cell.row.key, &cell.column.key).unwrap();
    sheet.note(t, number, raw);
}

pub(super) fn propose_for(
    forms: &Forms,
    subject: &Subject<'_>,
    before: &[&Subject<'_>],
) -> Vec<Repair> {
    let before = match before {
        [] => Before::Unknown,
        reports => Before::Known { reports, reorganized: false },
    };
    let case = Case { now: subject, before, forms };
    let outcomes = check(&case, |_| true);
    let mut out: Vec<Repair> = Vec::new();
    for repair in propose(&case, &outcomes, &[]).into_iter().flatten() {
        if !out.contains(&repair) {
            out.push(repair);
        }
    }
    out
}

/// A repair in short: `kind! cell 5>15 … settles rules, equations/remaining, alternatives`; `?` for
/// `!` where it is not determined.
pub(super) fn short(repair: &Repair) -> String {
    let change = |c: &Change| {
        let name = c.cell.split_once('/').map_or("", |(_, name)| name);
        format!("{name} {}>{}", c.from.as_deref().unwrap_or("none"), c.to)
    };
    let cells: Vec<String> = repair.cells.iter().map(change).collect();
    let kind = serde_json::to_value(repair.kind).unwrap();
    format!(
        "{}{} {} settles {} {}/{} {}",
        kind.as_str().unwrap(),
        if repair.determined { "!" } else { "?" },
        cells.join(", "),
        repair.settles.join("+"),
        repair.equations,
        repair.remaining,
        repair.alternatives.as_ref().unwrap().len()
    )
}

pub(super) fn shorts(edition: &str, figures: &[(&str, i64)]) -> Vec<String> {
    let forms = Forms::builtin();
    propose_for(&forms, &report(&forms, edition, figures), &[]).iter().map(short).collect()
}

/// Applications of natural persons and businesses that agree with every sum: 35 received, 4 of
/// them carried in, 15 and 8 granted, 12 refused, 4 carried out.
pub(super) const APPLICATIONS: [(&str, i64); 17] = [
    ("applications/received.new/natural_person", 26),
    ("applications/received.new/business", 9),
    ("applications/received.new/total", 35),
    ("applications/received.carried_in/natural_person", 4),
    ("applications/received.carried_in/total", 4),
    ("applications/granted/natural_person", 15),
    ("applications/granted/business", 8),
    ("applications/granted/total", 23),
    ("applications/refused.third_party/natural_person", 12),
    ("applications/refused.third_party/total", 12),
    ("applications/processed_total/natural_person", 27),
    ("applications/processed_total/business", 8),
    ("applications/processed_total/total", 35),
    ("applications/carried_out/natural_person", 3),
    ("applications/carried_out/business", 1),
    ("applications/carried_out/total", 4),
    ("applications/granted/research", 0),
];

/// The applications with some cells changed.
pub(super) fn with<'n>(changes: &[(&'n str, i64)]) -> Vec<(&'n str, i64)> {
    APPLICATIONS.iter().chain(changes).copied().collect()
}

#[test]
fn what_holds_wants_no_repair() {
    for edition in ["2019", "2021"] {
        assert!(shorts(edition, &APPLICATIONS).is_empty());
    }
}

#[test]
fn slips_of_single_digits_are_told_by_both_sums() {
    for edition in ["2019", "2021"] {
        let one = |name: &str, value: i64| shorts(edition, &with(&[(name, value)]));
        assert_eq!(
            one("applications/granted/natural_person", 5),
            ["digit_dropped! granted/natural_person 5>15 settles row-total+processed-total 2/0 0"]
        );
        assert_eq!(
            one("applications/granted/total", 223),
            ["digit_doubled! granted/total 223>23 settles row-total+processed-total 2/0 0"]
        );
        assert_eq!(
            one("applications/received.new/natural_person", 62),
            ["digits_swapped! received.new/natural_person 62>26 settles row-total+balance 2/0 0"]
        );
        assert_eq!(
            one("applications/processed_total/total", 38),
            [
                "sum_mistyped! processed_total/total 38>35 settles row-total+processed-total+balance 3/0 0"
            ]
        );
        assert_eq!(
            one("applications/refused.third_party/natural_person", 19),
            [
                "other_value! refused.third_party/natural_person 19>12 settles row-total+processed-total 2/0 0"
            ]
        );
    }
}

#[test]
fn cells_that_changed_places_are_changed_back() {
    let row = [("applications/granted/natural_person", 8), ("applications/granted/business", 15)];
    assert_eq!(
        shorts("2021", &with(&row)),
        [
            "cells_swapped! granted/natural_person 8>15, granted/business 15>8 settles processed-total 2/0 0"
        ]
    );
    let column = [
        ("applications/granted/natural_person", 12),
        ("applications/refused.third_party/natural_person", 15),
    ];
    assert_eq!(
        shorts("2021", &with(&column)),
        [
            "cells_swapped! granted/natural_person 12>15, refused.third_party/natural_person 15>12 settles row-total 2/0 0"
        ]
    );
    let with_total =
        [("applications/granted/natural_person", 23), ("applications/granted/total", 15)];
    assert_eq!(
        shorts("2019", &with(&with_total)),
        [
            "cells_swapped! granted/natural_person 23>15, granted/total 15>23 settles row-total+processed-total 3/0 0"
        ]
    );
}

#[test]
fn two_rows_in_which_a_swap_fits_are_not_told_apart() {
    // one row has two figures that differ by what the columns lack
    let changes = [
        ("applications/granted/natural_person", 18),
        ("applications/granted/business", 5),
        ("applications/refused.deliberative/natural_person", 5),
        ("applications/refused.deliberative/business", 2),
        ("applications/refused.deliberative/total", 7),
        ("applications/processed_total/natural_person", 26),
        ("applications/processed_total/business", 16),
        ("applications/processed_total/total", 42),
        ("applications/refused.third_party/natural_person", 6),
        ("applications/refused.third_party/business", 6),
        ("applications/received.new/natural_person", 25),
        ("applications/received.new/business", 17),
        ("applications/received.new/total", 42),
    ];
    let found = shorts("2021", &with(&changes));
    assert_eq!(
        found,
        [
            "cells_swapped! refused.deliberative/natural_person 5>2, refused.deliberative/business 2>5 settles processed-total 2/0 0"
        ]
    );
    // and now another has, too
    let again = [
        ("applications/refused.internal_affairs/natural_person", 3),
        ("applications/refused.internal_affairs/total", 3),
        ("applications/processed_total/natural_person", 29),
        ("applications/processed_total/total", 45),
        ("applications/received.new/natural_person", 28),
        ("applications/received.new/total", 45),
    ];
    let found = shorts("2021", &with(&[&changes[..], &again].concat()));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("cells_swapped? ") && found[0].ends_with(" 2/0 1"), "{found:?}");
}

#[test]
fn a_row_one_column_off_is_moved_back() {
    // to the right with the total lost, to the left with the first lost, the parts only
    let right = [
        ("applications/granted/natural_person", 0),
        ("applications/granted/business", 15),
        ("applications/granted/research", 8),
        ("applications/granted/total", 0),
    ];
    let moved = "granted/natural_person 0>15, granted/business 15>8, granted/research 8>0";
    let settles = "settles row-total+processed-total 5/0 0";
    assert_eq!(
        shorts("2021", &with(&right)),
        [format!("row_shifted! {moved}, granted/total 0>23 {settles}")]
    );
    let left = [
        ("applications/granted/natural_person", 8),
        ("applications/granted/business", 0),
        ("applications/granted/other_org", 23),
        ("applications/granted/total", 0),
    ];
    let moved = "granted/natural_person 8>15, granted/business 0>8, granted/other_org 23>0";
    assert_eq!(
        shorts("2019", &with(&left)),
        [format!("row_shifted! {moved}, granted/total 0>23 {settles}")]
    );
    let parts = [
        ("applications/granted/natural_person", 0),
        ("applications/granted/business", 15),
        ("applications/granted/research", 8),
    ];
    let moved = "granted/natural_person 0>15, granted/business 15>8, granted/research 8>0";
    assert_eq!(
        shorts("2021", &with(&parts)),
        [format!("row_shifted! {moved} settles processed-total 3/0 0")]
    );
}

#[test]
fn cells_that_hold_no_count_are_filled_by_their_sums() {
    let forms = Forms::builtin();
    let told = |change: &dyn Fn(&mut Subject<'_>)| -> Vec<String> {
        let mut subject = report(&forms, "2021", &APPLICATIONS);
        change(&mut subject);
        propose_for(&forms, &subject, &[]).iter().map(short).collect()
    };
    let cell = "applications/granted/natural_person";
    assert_eq!(
        told(&|s| scribble(s, cell, State::Text, "l5")),
        ["digit_dropped! granted/natural_person l5>15 settles not-a-number 1/0 0"]
    );
    assert_eq!(
        told(&|s| scribble(s, cell, State::Number, "1.5")),
        ["other_value! granted/natural_person 1.5>15 settles fraction 1/0 0"]
    );
    assert_eq!(
        told(&|s| put(s, cell, printed(-15))),
        [
            "other_value! granted/natural_person -15>15 settles row-total+processed-total+negative 3/0 0"
        ]
    );
    assert_eq!(
        told(&|s| put(s, cell, Seen { state: State::Blank, ..Seen::MISSING })),
        ["other_value! granted/natural_person >15 settles blank-cell 1/0 0"]
    );
    let empty = "applications/granted/research";
    assert_eq!(
        told(&|s| put(s, empty, Seen { state: State::Blank, ..Seen::MISSING })),
        ["blank_for_zero! granted/research >0 settles blank-cell 1/0 0"]
    );
}

#[test]
fn a_part_and_its_whole_may_have_changed_places() {
    let conferences = [
        ("statistics/response.press_conferences/value", 2),
        ("statistics/response.press_conferences_by_head/value", 3),
    ];
    assert_eq!(
        shorts("2014", &conferences),
        [
            "cells_swapped? response.press_conferences/value 2>3, response.press_conferences_by_head/value 3>2 settles part-exceeds-whole 1/0 0"
        ]
    );
}

#[test]
fn two_mistakes_are_told_one_by_one() {
    let two =
        [("applications/granted/natural_person", 5), ("applications/received.new/business", 90)];
    let mut found = shorts("2021", &with(&two));
    found.sort();
    assert_eq!(
        found,
        [
            "digit_doubled! received.new/business 90>9 settles row-total+balance 2/2 0",
            "digit_dropped! granted/natural_person 5>15 settles row-total+processed-total 2/2 0",
        ]
    );
    // by as much each: crosswise they would do as well
    let same = [
        ("applications/granted/natural_person", 17),
        ("applications/refused.third_party/business", 2),
    ];
    let found = shorts("2021", &with(&same));
    assert!(!found.is_empty());
    assert!(found.iter().all(|f| f.contains("? ") && f.contains(" 2/2 ")), "{found:?}");
}

#[test]
fn a_repair_is_a_sentence_in_either_language() {
    let forms = Forms::builtin();
    let sentences = |changes: &[(&str, i64)]| -> [String; 2] {
        let subject = report(&forms, "2021", &with(changes));
        let repairs = propose_for(&forms, &subject, &[]);
        [Lang::Zh, Lang::En].map(|lang| repairs[0].sentence(&forms, Some(2023), lang))
    };
    assert_eq!(
        sentences(&[("applications/granted/total", 28)]),
        [
            "建议：“（一）予以公开”的“总计”改为 23（可消除 2 条）",
            "suggestion: make 'total' of 'granted' 23 (settles 2)"
        ]
    );
    let swap = [("applications/granted/natural_person", 8), ("applications/granted/business", 15)];
    let [zh, _] = sentences(&swap);
    assert_eq!(
        zh,
        "建议：“（一）予以公开”的“自然人”与“（一）予以公开”的“商业企业”对调（可消除 2 条）"
    );
    let [zh, en] = sentences(&[("challenges/review/upheld", 1), ("challenges/review/total", 3)]);
    assert_eq!(zh, "可能：“行政复议”的“总计”改为 1（可消除 1 条；另有 4 种可能）");
    assert_eq!(
        en,
        "possibly: make 'total' of 'administrative review' 1 (settles 1; 4 other explanations)"
    );
    let [zh, _] = sentences(&[("applications/granted/natural_person", 5)]);
    assert_eq!(zh, "建议：“（一）予以公开”的“自然人”改为 15（似漏一位数字，可消除 2 条）");
}

#[test]
fn a_repair_is_read_back_as_it_is_written() {
    let forms = Forms::builtin();
    let line = [("challenges/review/upheld", 1), ("challenges/review/total", 3)];
    let repair = propose_for(&forms, &report(&forms, "2021", &line), &[]).remove(0);
    let json = serde_json::to_string(&repair).unwrap();
    assert!(json.starts_with(r#"{"kind":"sum_mistyped","determined":false,"cells":[{"cell":"challenges/review/total","from":"3","to":1}],"settles":["challenge-total"],"equations":1,"remaining":0,"alternatives":[{"kind""#), "{json}");
    assert_eq!(json.matches("alternatives").count(), 1);
    assert_eq!(serde_json::from_str::<Repair>(&json).unwrap(), repair);
}
