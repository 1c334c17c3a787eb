//! Regions.

use std::collections::BTreeSet;

use super::super::fixture::odd;
use super::{ask, ask_of, ask_wide, lines};

#[test]
fn a_summary_of_the_regions_below_goes_one_level_down() {
    let year = |year, region| {
        lines(&ask("region-summary", &[("from", year), ("to", year), ("region", region)]))
    };
    assert_eq!(year("2023", ""), ["320000 江苏省 2023 4 1 117 107 66 0.6168 aggregate+own"]);
    assert_eq!(
        year("2023", "32"),
        [
            "320000 江苏省 2023 1 0 8 0 0 - own",
            "320500 苏州市 2023 2 1 9 9 6 0.6667 own",
            "321300 宿迁市 2023 1 0 100 98 60 0.6122 aggregate",
        ]
    );
    assert_eq!(year("2023", "321302"), ["321302 宿城区 2023 1 1 - - - - -"]);
    assert_eq!(
        year("2025", "321302"),
        [
            "321302001 河滨街道 2025 1 0 3 3 3 1.0000 aggregate",
            "321302002 幸福街道 2025 1 0 1 1 1 1.0000 own",
        ]
    );
}

/// Summaries stand for what is below them, and bodies above the level belong to no place of it.
#[test]
fn places_of_a_level_count_no_body_twice() {
    let roll = |level: &str, year: &str, scope: &str| {
        let given = [("level", level), ("from", year), ("to", year), ("scope", scope)];
        lines(&ask_wide("region-rollup", &given))
    };
    assert_eq!(
        roll("province", "2022", "auto"),
        ["330000 浙江省 2022 1 0 200 190 120 0.6316 aggregate"]
    );
    assert_eq!(
        roll("city", "2022", "auto"),
        [
            "330100 杭州市 2022 1 0 100 90 60 0.6667 aggregate",
            "330200 宁波市 2022 1 0 50 44 11 0.2500 own",
        ]
    );
    // the county's bureau is of the city's region, too: 60 + 0 + 35
    assert_eq!(roll("city", "2022", "own")[0], "330100 杭州市 2022 3 0 95 88 64 0.7273 own");
    assert_eq!(roll("county", "2022", "auto"), ["330106 西湖区 2022 1 0 35 30 24 0.8000 own"]);
    // the street's summary, and the other street's own report
    assert_eq!(
        roll("township", "2025", "auto"),
        [
            "321302001 河滨街道 2025 1 0 3 3 3 1.0000 aggregate",
            "321302002 幸福街道 2025 1 0 1 1 1 1.0000 own",
        ]
    );
    // 90 of 90 and 60 of 98 in 宿迁, 60 of 90 in 杭州; the small ones are eight
    assert_eq!(
        lines(&ask_wide("region-ranking", &[("limit", "3")])),
        [
            "321300 宿迁市 2024 1 0 90 90 1.0000 30 5 8 aggregate",
            "330100 杭州市 2022 1 0 60 90 0.6667 30 5 8 aggregate",
            "321300 宿迁市 2023 1 0 60 98 0.6122 30 5 8 aggregate",
        ]
    );
    let cases = [("from", "2022"), ("to", "2022"), ("region", "33")];
    assert_eq!(
        lines(&ask_wide("region-challenges", &cases)),
        [
            "330100 杭州市 2022 review 1 0 12 12 4 28 0.4286 aggregate",
            "330100 杭州市 2022 litigation 1 0 1 1 0 2 0.5000 aggregate",
            "330200 宁波市 2022 review 1 0 2 6 0 8 0.7500 own",
            "330200 宁波市 2022 litigation 1 0 4 1 0 5 0.2000 own",
        ]
    );
}

/// A county that is asked for is no part of a row of its city.
#[test]
fn a_region_below_the_level_is_a_place_of_its_own() {
    let of = |name: &str, county: &str| {
        lines(&ask_of(&mut odd(), name, &[("region", county), ("from", "2024"), ("to", "2024")]))
    };
    assert_eq!(of("region-rollup", "320505"), ["320505 虎丘区 2024 1 0 40 40 20 0.5000 own"]);
    assert_eq!(of("region-ranking", "320505"), ["320505 虎丘区 2024 1 0 20 40 0.5000 30 1 0 own"]);
    let cases = [("region", "321302"), ("from", "2023"), ("to", "2023")];
    assert_eq!(
        lines(&ask("region-challenges", &cases))[0],
        "321302 宿城区 2023 review 1 0 3 1 0 4 0.2500 aggregate"
    );
}

/// Its streets are told by its summary, where there is one.
#[test]
fn a_city_without_counties_stands_among_the_counties() {
    let counties = [("level", "county")];
    assert_eq!(
        lines(&ask_of(&mut odd(), "region-rollup", &counties)),
        [
            "320505 虎丘区 2024 1 0 40 40 20 0.5000 own",
            "320506 吴中区 2024 1 0 60 60 15 0.2500 own",
            "441900 东莞市 2024 2 0 30 30 15 0.5000 own",
            "441900 东莞市 2025 1 0 30 30 10 0.3333 aggregate",
        ]
    );
}

#[test]
fn townships_of_a_county_are_places_of_their_own() {
    for name in ["region-rollup", "region-challenges"] {
        let places = |region: &str| {
            let table = ask(name, &[("level", "township"), ("region", region)]);
            lines(&table).into_iter().map(|line| line[..9].to_owned()).collect::<BTreeSet<_>>()
        };
        assert!(!places("321302").is_empty(), "{name}");
        assert_eq!(places("321302"), places("321300"), "{name}: no other county has any");
    }
}
