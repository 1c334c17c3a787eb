//! Proactive disclosure and fees.

use super::super::fixture::odd;
use super::{ask, ask_of, ask_wide, lines};

#[test]
fn disclosure_has_a_row_for_each_figure_that_the_edition_asks_for() {
    let (unsettled, settled): (Vec<_>, Vec<_>) =
        lines(&ask("disclosure-by-year", &[])).into_iter().partition(|row| row.ends_with(" - - -"));
    assert_eq!(
        settled,
        [
            "2020 2019 regulations made 1 0 2 - own",
            "2020 2019 regulations published 1 0 1 - own",
            "2020 2019 regulations public_total 1 0 9 - own",
            "2020 2019 licensing items_last_year 1 0 30 - own",
            "2020 2019 licensing change 1 0 -3 - own",
            "2020 2019 licensing decisions 1 0 100 - own",
            "2020 2019 procurement projects 1 0 4 - own",
            "2020 2019 procurement amount 1 0 - 25100000 own",
            "2023 2019 licensing items_last_year 1 0 1 - own",
            "2023 2019 licensing change 1 0 3 - own",
            "2023 2019 licensing decisions 1 0 8 - own",
            // of three reports one leaves the fees open, and one has no such table
            "2023 2021 licensing decisions 3 1 12 - aggregate+own",
            "2023 2021 fees amount 3 2 - 1500000 aggregate",
        ]
    );
    // 22 cells in 2019's form, asked twice; 10 in 2021's, asked three times; a row for the reports
    // without tables of 2013, and for 2014's form, which has none of these
    assert_eq!(settled.len() + unsettled.len(), 2 * 22 + 3 * 10 + 2);
    for row in [
        "2013 - - - 1 1 - - -",
        "2018 2014 - - 2 2 - - -",
        "2020 2019 fees items_last_year 1 1 - - -",
        "2023 2021 regulations in_force 3 3 - - -",
        "2025 2021 fees amount 2 2 - - -",
    ] {
        assert!(unsettled.iter().any(|found| found == row), "{row}: {unsettled:?}");
    }
    // the form has no decisions on fees, so nobody is asked for them
    assert!(unsettled.iter().all(|row| !row.contains("fees decisions")));
}

#[test]
fn documents_decisions_and_fees_are_those_of_the_editions() {
    let of = |name: &str, given: &[(&str, &str)]| lines(&ask_wide(name, given));
    // 3 issued and 1 repealed of 20; by own reports of 2022 2 and 4 of 16, the others leave it open
    assert_eq!(
        of("normative-documents", &[("from", "2021"), ("to", "2021")]),
        ["2021 2 1 3 1 20 0.2000 own"]
    );
    let own = [("from", "2022"), ("to", "2022"), ("scope", "own")];
    assert_eq!(of("normative-documents", &own), ["2022 4 3 2 4 16 0.3750 own"]);
    // 5 of 宿迁's summary, 7, 8 and nothing; both editions of the year together
    assert_eq!(
        of("administrative-decisions", &[("from", "2023"), ("to", "2023")]),
        ["2023 licensing 4 1 20 aggregate+own", "2023 penalties 4 4 - -", "2023 coercion 4 4 - -"]
    );
    assert_eq!(
        of("largest-deciders", &[("limit", "2")]),
        [
            "宿迁市教育局 321300 2020 licensing 100 9 0 13 own",
            "杭州市财政局 330100 2021 licensing 70 9 0 13 own",
        ]
    );
    assert_eq!(
        of("largest-deciders", &[("item", "penalties"), ("minimum", "4")]),
        [
            "杭州市教育局 330100 2022 penalties 9 2 1 19 own",
            "杭州市教育局 330100 2021 penalties 4 2 1 19 own"
        ]
    );
    // 0.5 万元; 6 - 2 items; 2.5 万元; the summary's 1.5 万元
    assert_eq!(
        of("fees", &[]),
        [
            "2013 - - 1 1 - - -",
            "2018 2014 fees-for-applications 3 2 - 500000 own",
            "2020 2019 fee-items 2 1 4 - own",
            "2021 2021 fees-charged 2 1 - 2500000 own",
            "2022 2021 fees-charged 1 1 - - -",
            "2023 2019 fee-items 1 1 - - -",
            "2023 2021 fees-charged 3 2 - 1500000 aggregate",
            "2024 2021 fees-charged 2 2 - - -",
            "2025 2021 fees-charged 2 2 - - -",
        ]
    );
    assert_eq!(
        of("processing-fees", &[("from", "2022"), ("to", "2022")]),
        ["2022 1 1 1 2 1 60000 1 50000 aggregate"]
    );
}

/// A line that stands on the forms of two editions counts once, and a report without tables may have
/// said anything.
#[test]
fn what_stands_twice_counts_once_and_what_is_unknown_is_incomplete() {
    let of = |name: &str, year: &str| {
        lines(&ask_of(&mut odd(), name, &[("from", year), ("to", year), ("scope", "own")]))
    };
    let rows = of("disclosure-by-year", "2024");
    let licences = "2024 2021 licensing decisions 5 4 5 - own".to_owned();
    assert!(rows.contains(&licences), "{rows:?}");
    assert_eq!(
        of("administrative-decisions", "2023"),
        ["2023 licensing 1 1 - -", "2023 penalties 1 1 - -", "2023 coercion 1 1 - -"]
    );
}
