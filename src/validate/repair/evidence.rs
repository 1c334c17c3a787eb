//! A single sum that fails: any of its cells may be wrong, unless something else tells which.

use super::super::{Seen, Subject};
use super::tests::{printed, propose_for, put, report, short, shorts, with};
use crate::form::Forms;
use crate::report::{Section, State};

#[test]
fn of_one_sum_the_sum_itself_is_proposed_and_not_claimed() {
    let line = [
        ("challenges/review/upheld", 5),
        ("challenges/review/corrected", 2),
        ("challenges/review/total", 4),
    ];
    let found = shorts("2021", &line);
    assert_eq!(
        found,
        ["sum_mistyped? review/total 4>7 settles challenge-total 1/0 1"],
        "upheld 5>2 would do as well, corrected 2>-1 would not"
    );
    // 2014: refused stands in two sums, the others in one
    let replied = [
        ("statistics/applications.replied/value", 14),
        ("statistics/applications.replied.granted/value", 9),
        ("statistics/applications.replied.refused/value", 5),
        ("statistics/applications.replied.refused.privacy/value", 5),
    ];
    let with = |change: (&'static str, i64)| {
        shorts("2014", &replied.iter().copied().chain([change]).collect::<Vec<_>>())
    };
    assert_eq!(
        with(("statistics/applications.replied.refused/value", 7)),
        ["sum_mistyped! applications.replied.refused/value 7>5 settles part-sum 2/0 0"]
    );
    let found = with(("statistics/applications.replied.granted/value", 8));
    assert!(found[0].starts_with("sum_mistyped? applications.replied/value 14>13 "), "{found:?}");
}

#[test]
fn the_digits_decide_where_one_sum_does_not() {
    let line = [
        ("challenges/review/upheld", 7),
        ("challenges/review/corrected", 5),
        ("challenges/review/total", 21),
    ];
    assert_eq!(
        shorts("2021", &line),
        ["digits_swapped! review/total 21>12 settles challenge-total 1/0 0"]
    );
}

#[test]
fn the_text_decides_where_one_sum_does_not() {
    let forms = Forms::builtin();
    let line = [
        ("challenges/review/upheld", 5),
        ("challenges/review/corrected", 2),
        ("challenges/review/total", 4),
    ];
    let mut subject = report(&forms, "2021", &line);
    subject.year = Some(2023);
    let say = |subject: &mut Subject<'_>, text: &str| {
        let title = "政府信息公开行政复议、行政诉讼情况".to_owned();
        let section = Section { no: 4, title, text: text.to_owned() };
        subject.sections = vec![section];
        subject.claims = std::cell::OnceCell::new();
    };
    say(&mut subject, "本年度行政复议7件。");
    let found: Vec<String> = propose_for(&forms, &subject, &[]).iter().map(short).collect();
    assert_eq!(found, ["sum_mistyped! review/total 4>7 settles challenge-total+text-number 1/0 0"]);
    // the printed total is what the text says, and only upheld is large enough to be wrong
    say(&mut subject, "本年度行政复议4件。");
    let found: Vec<String> = propose_for(&forms, &subject, &[]).iter().map(short).collect();
    assert_eq!(found, ["other_value! review/upheld 5>2 settles challenge-total 1/0 0"]);
    // now two are
    put(&mut subject, "challenges/review/corrected", printed(4));
    put(&mut subject, "challenges/review/total", printed(7));
    say(&mut subject, "本年度行政复议7件。");
    let found: Vec<String> = propose_for(&forms, &subject, &[]).iter().map(short).collect();
    assert_eq!(found, ["other_value? review/upheld 5>3 settles challenge-total 1/0 1"]);
}

#[test]
fn last_years_report_decides_where_one_sum_does_not() {
    let forms = Forms::builtin();
    // the totals of the rows were left out, so that each cell stands in one sum
    let mut now = report(&forms, "2021", &with(&[]));
    for row in ["received.new", "received.carried_in", "carried_out", "processed_total"] {
        let blank = Seen { state: State::Blank, ..Seen::MISSING };
        put(&mut now, &format!("applications/{row}/total"), blank);
    }
    let mut last = report(&forms, "2021", &[]);
    put(&mut last, "applications/carried_out/natural_person", printed(4));
    put(&mut now, "applications/received.carried_in/natural_person", printed(6));
    let found: Vec<String> = propose_for(&forms, &now, &[&last]).iter().map(short).collect();
    assert_eq!(
        found,
        ["other_value! received.carried_in/natural_person 6>4 settles balance+carry-over 1/0 0"]
    );
    let found: Vec<String> = propose_for(&forms, &now, &[]).iter().map(short).collect();
    assert!(found[0].contains("? "), "{found:?}");
}
