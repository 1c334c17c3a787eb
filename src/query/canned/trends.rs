//! Totals, trends and backlogs.

use super::{ask, ask_wide, lines};

#[test]
fn applications_are_summed_by_edition_and_carried_over() {
    assert_eq!(
        lines(&ask("applications-by-year", &[])),
        [
            "2013 - 1 1 - - -",
            "2018 2014 2 1 12 12 own",
            "2020 2019 1 0 20 19 own",
            "2023 2019 1 0 9 9 own",
            "2023 2021 3 1 108 98 aggregate+own",
            "2024 2021 2 0 1500 1540 aggregate+own",
            "2025 2021 2 0 4 4 aggregate+own",
        ]
    );
    assert_eq!(
        lines(&ask("carried-over", &[("from", "2018"), ("to", "2024")])),
        [
            "2018 2 2 - - - - - - -",
            "2020 1 0 1 20 19 2 21 0.0952 own",
            "2023 4 1 5 117 107 15 122 0.1230 aggregate+own",
            "2024 2 0 120 1500 1540 80 1620 0.0494 aggregate+own",
        ]
    );
}

#[test]
fn each_outcome_has_its_own_numerator_and_denominator() {
    // 2014 does not ask for three; one of its two reports does not settle `processed`.
    assert_eq!(
        lines(&ask("outcomes", &[("to", "2018"), ("from", "2018")])),
        [
            "2018 2014 granted 2 1 6 12 0.5000 own",
            "2018 2014 partially_granted 2 1 2 12 0.1667 own",
            "2018 2014 refused 2 1 1 12 0.0833 own",
        ]
    );
    // a report without tables may have said anything
    let unknown = lines(&ask("outcomes", &[("to", "2013")]));
    assert_eq!(unknown.len(), 6);
    assert!(unknown.iter().all(|row| row.ends_with(" 1 1 - - - -")), "{unknown:?}");
    assert_eq!(
        lines(&ask("outcomes", &[("from", "2023"), ("to", "2023")]))[6..],
        [
            "2023 2021 granted 3 0 41 101 0.4059 aggregate+own",
            "2023 2021 partially_granted 3 0 21 101 0.2079 aggregate+own",
            "2023 2021 refused 3 0 10 101 0.0990 aggregate+own",
            "2023 2021 unavailable 3 0 10 101 0.0990 aggregate+own",
            "2023 2021 not_processed 3 0 9 101 0.0891 aggregate+own",
            "2023 2021 other 3 0 10 101 0.0990 aggregate+own",
        ]
    );
}

/// The wide fixture has six bodies in 浙江: in 2021 two bureaus of 杭州 (40 and 0 applications), in 2022
/// a summary of the province, which stands for all of them.
#[test]
fn rates_by_year_say_what_changed() {
    let years = [("from", "2021"), ("to", "2022")];
    // 12 + 7 of 38; the province's 90 + 30 of 190
    assert_eq!(
        lines(&ask_wide("disclosure-rate-by-year", &years)),
        ["2021 2021 2 0 19 38 0.5000 own", "2022 2021 1 0 120 190 0.6316 aggregate"]
    );
    // 19/38 - (5 + 2 + 10 + 4)/(11 + 19) of 2020, which is not shown; 120/190 - 19/38 = 5/38
    assert_eq!(
        lines(&ask_wide("rate-by-year", &years)),
        [
            "2021 2021 2021 2 0 19 38 0.5000 0.7000 -0.2000 own",
            "2022 2021 2021 1 0 120 190 0.6316 0.5000 0.1316 aggregate",
        ]
    );
    // by own reports: 8 of 58 and 20 of 44, 1 of 30, none of none
    let refused = [("from", "2022"), ("to", "2022"), ("scope", "own"), ("metric", "refusal-rate")];
    assert_eq!(
        lines(&ask_wide("rate-by-year", &refused)),
        // of 2021 6 of 38
        ["2022 2021 2021 4 0 29 132 0.2197 0.1579 0.0618 own"]
    );
    // 2014: 申请信息不存在 3 of 9, which the two bureaus elsewhere leave open
    assert_eq!(
        lines(&ask_wide("not-held-share", &[("to", "2021"), ("from", "2018")])),
        [
            "2018 2014 3 2 3 9 0.3333 own",
            "2020 2019 2 0 2 30 0.0667 own",
            "2021 2021 2 0 5 38 0.1316 own",
        ]
    );
}

#[test]
fn bodies_have_a_mean_and_a_history() {
    let mean = |given: &[(&str, &str)]| lines(&ask_wide("applications-per-body", given));
    // 60, 0, 50 and 35; the summaries do not count
    assert_eq!(mean(&[("from", "2022"), ("to", "2022")]), ["2022 4 0 4 145 36.2500 60 1 own"]);
    assert_eq!(
        mean(&[("from", "2022"), ("to", "2022"), ("level", "county")]),
        ["2022 1 0 1 35 35.0000 35 0 own"]
    );
    // 47 of three; two do not say
    assert_eq!(mean(&[("from", "2023"), ("to", "2023")]), ["2023 5 2 3 47 15.6667 30 0 own"]);
    assert_eq!(
        lines(&ask_wide("body-history", &[("organ", "杭州市教育局")])),
        [
            "杭州市教育局 330100 2020 2019 own 12 1 11 7 0.6364 2",
            "杭州市教育局 330100 2021 2021 own 40 2 38 19 0.5000 4",
            "杭州市教育局 330100 2022 2021 own 60 4 58 40 0.6897 6",
        ]
    );
    let province = [("scope", "aggregate"), ("organ", "浙江省人民政府")];
    assert_eq!(
        lines(&ask_wide("body-history", &province)),
        ["浙江省人民政府 330000 2022 2021 aggregate 200 5 190 120 0.6316 15"]
    );
}

#[test]
fn applicants_grounds_and_reasons_are_parts_of_their_whole() {
    let of = |name: &str, year: &str| lines(&ask_wide(name, &[("from", year), ("to", year)]));
    // of two reports one leaves the kinds open
    assert_eq!(
        of("applicants", "2021"),
        [
            "2021 2021 natural_person 2 1 30 40 0.7500 own",
            "2021 2021 business 2 1 5 40 0.1250 own",
            "2021 2021 research 2 1 1 40 0.0250 own",
            "2021 2021 welfare 2 1 0 40 0.0000 own",
            "2021 2021 legal_service 2 1 4 40 0.1000 own",
            "2021 2021 other_org 2 1 0 40 0.0000 own",
        ]
    );
    assert_eq!(of("applicants", "2018"), ["2018 2014 - 3 3 - - - -"]);
    assert_eq!(of("corporate-share", "2021"), ["2021 2021 2 1 10 40 0.2500 own"]);
    let grounds = of("refusal-grounds", "2021");
    assert_eq!(grounds.len(), 8);
    assert_eq!(grounds[0], "2021 2021 refused.state_secret 2 0 4 6 0.6667 own");
    assert_eq!(grounds[3], "2021 2021 refused.third_party 2 0 2 6 0.3333 own");
    // 2014: one of three reports names two grounds, and another one names all but has no total
    let grounds = of("refusal-grounds", "2018");
    assert_eq!(grounds.len(), 6);
    assert_eq!(
        grounds[1],
        "2018 2014 applications.replied.refused.trade_secret 3 2 1 2 0.5000 own"
    );
    assert_eq!(
        of("not-processed-reasons", "2021")[..3],
        [
            "2021 2021 not_processed.petition 2 0 2 3 0.6667 own",
            "2021 2021 not_processed.duplicate 2 0 1 3 0.3333 own",
            "2021 2021 not_processed.publication 2 0 0 3 0.0000 own",
        ]
    );
    assert_eq!(of("not-processed-reasons", "2013"), ["2013 - - 1 1 - - - -"]);
}

#[test]
fn backlogs_are_ranked_by_size_and_growth() {
    // at hand 64, 36, 50, 42, 31 and the ministry's 520; eight are below 30, eight say nothing
    assert_eq!(
        lines(&ask_wide("largest-backlogs", &[("limit", "2")])),
        [
            "国家某部 - 2024 30 520 0.0577 30 6 8 8 own",
            "杭州市教育局 330100 2022 6 64 0.0938 30 6 8 8 own",
        ]
    );
    let of_2022 = [("from", "2022"), ("to", "2022"), ("minimum", "3")];
    assert_eq!(
        lines(&ask_wide("growing-backlogs", &of_2022)),
        [
            "宁波市教育局 330200 2022 0 50 6 6 50 0.1200 2 0 own",
            "西湖区教育局 330106 2022 1 35 6 5 36 0.1667 2 0 own",
        ]
    );
}
