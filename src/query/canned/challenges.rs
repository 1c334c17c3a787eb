//! Reviews and lawsuits.

use super::{ask, ask_wide, lines};

#[test]
fn the_correction_rate_sums_each_body_once() {
    // 2023: the city's summary stands for its bureau and its county; the other city's bureaus and
    // the province's department count themselves; one of them has an unsettled part.
    let rows = lines(&ask("review-correction-rate", &[("from", "2023"), ("to", "2023")]));
    assert_eq!(rows, ["2023 4 1 12 4 5 3 24 21 0.1905 aggregate+own"]);
    // Seen from the county, the city's summary is elsewhere: the county's own summary stands.
    let county = lines(&ask("review-correction-rate", &[("region", "321302"), ("to", "2023")]));
    assert_eq!(county, ["2023 1 0 3 1 0 0 4 4 0.2500 aggregate"]);
    // Seen from the city, so is the province's.
    let city = lines(&ask("review-correction-rate", &[("region", "3213"), ("from", "2024")]));
    assert_eq!(city[0], "2024 1 0 9 9 9 9 36 27 0.3333 aggregate");
    let own = lines(&ask("review-correction-rate", &[("region", "3213"), ("scope", "own")]));
    assert_eq!(
        own,
        [
            "2018 1 0 4 1 2 - 7 7 0.1429 own",
            "2020 1 1 - - - - - - - -",
            "2023 2 0 4 1 1 1 7 6 0.1667 own",
            "2024 1 0 8 8 8 8 32 24 0.3333 own",
            "2025 2 0 6 5 5 5 21 16 0.3125 own",
        ]
    );
    let summaries = lines(&ask("review-correction-rate", &[("scope", "aggregate")]));
    assert_eq!(summaries[0], "2023 1 0 10 3 4 2 19 17 0.1765 aggregate");
    assert_eq!(summaries[1], "2024 1 0 49 10 20 1 80 79 0.1266 aggregate");
}

#[test]
fn a_province_or_street_summary_stands_for_its_own_area_only() {
    // 2024: the province's summary stands for everything in it, also for its cities' summaries.
    let rows = lines(&ask("review-correction-rate", &[("from", "2024"), ("to", "2024")]));
    assert_eq!(rows, ["2024 2 0 50 10 20 1 81 80 0.1250 aggregate+own"]);
    // 2025: a street's summary stands for the street's own bodies, and for nothing else.
    let rows = lines(&ask("review-correction-rate", &[("from", "2025")]));
    assert_eq!(rows, ["2025 2 0 3 0 0 0 3 3 0.0000 aggregate+own"]);
}

#[test]
fn nothing_concluded_gives_no_rate_and_nothing_settled_no_sums() {
    assert_eq!(
        lines(&ask("litigation-correction-rate", &[])),
        [
            "2013 1 1 - - - - - - - -",
            "2018 2 1 0 0 1 - 1 1 0.0000 own",
            "2020 1 1 - - - - - - - -",
            "2023 4 0 0 0 0 2 2 0 - aggregate+own",
            "2024 2 2 - - - - - - - -",
            "2025 2 2 - - - - - - - -",
        ]
    );
}

#[test]
fn corrected_bodies_and_cases_per_application() {
    // by number of corrections; of 44 lines 10 have any, 7 have concluded cases and none corrected
    let corrected = lines(&ask_wide("corrected-bodies", &[("limit", "2")]));
    assert_eq!(
        corrected,
        [
            "杭州市教育局 330100 2022 review 10 24 0.4167 10 7 15 12 own",
            "宿城区教育局 321302 2024 review 8 24 0.3333 10 7 15 12 own",
        ]
    );
    let lawsuits = [("proceeding", "litigation"), ("from", "2022"), ("to", "2022")];
    assert_eq!(
        lines(&ask_wide("corrected-bodies", &lawsuits)),
        // the other three: none concluded twice, and one says nothing
        ["宁波市教育局 330200 2022 litigation 1 5 0.2000 1 0 2 1 own"]
    );
    let years = [("from", "2021"), ("to", "2023")];
    assert_eq!(
        lines(&ask_wide("reviews-per-100", &years)),
        [
            "2021 2 0 6 40 15.0000 own",
            "2022 1 0 40 200 20.0000 aggregate",
            // the bureau of 苏州 leaves its own open: 19 + 1 + 4 of 100 + 9 + 8
            "2023 4 1 24 117 20.5128 aggregate+own",
        ]
    );
    assert_eq!(
        lines(&ask_wide("litigation-after-review", &years))[..2],
        ["2021 2 0 1 6 0.1667 own", "2022 1 0 0 40 0.0000 aggregate"]
    );
    // by own reports 3 after 24 + 8 reviews; of 西湖 nothing is known
    let own = [("from", "2022"), ("to", "2022"), ("scope", "own")];
    assert_eq!(lines(&ask_wide("litigation-after-review", &own)), ["2022 4 1 3 32 0.0938 own"]);
}
