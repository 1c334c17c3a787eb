//! Bodies ranked and compared.

use std::collections::BTreeSet;

use super::super::catalog::shared_labels;
use super::super::fixture::{odd, wide};
use super::{ask, ask_of, ask_wide, catalog, lines};

#[test]
fn the_largest_receivers_are_shares_of_what_is_counted_once() {
    assert_eq!(
        lines(&ask("largest-receivers", &[("from", "2023"), ("count", "2")])),
        ["国家某部 - 2024 500 500 1.0000 6 4 own", "宿迁市教育局 321300 2023 30 47 0.6383 6 4 own"]
    );
    assert_eq!(
        lines(&ask(
            "largest-receivers",
            &[("scope", "aggregate"), ("from", "2024"), ("to", "2024")]
        )),
        [
            "江苏省人民政府 320000 2024 1000 1000 1.0000 2 0 aggregate",
            "宿迁市人民政府 321300 2024 90 1000 0.0900 2 0 aggregate",
        ]
    );
    // of one level it is the sum of that level
    let cities =
        [("scope", "aggregate"), ("from", "2024"), ("level", "city"), ("kind", "government")];
    assert_eq!(
        lines(&ask("largest-receivers", &cities)),
        ["宿迁市人民政府 321300 2024 90 90 1.0000 1 0 aggregate"]
    );
}

/// Of own reports those with 30 processed or more: the ministry's, two of 杭州's schools, 宁波's and
/// 西湖's. Twelve are smaller, five say nothing.
#[test]
fn a_ranking_leaves_out_what_is_too_small() {
    let rank = |given: &[(&str, &str)]| lines(&ask_wide("rate-ranking", given));
    assert_eq!(
        rank(&[]),
        [
            "西湖区教育局 330106 3 department 2022 2021 24 30 0.8000 30 5 12 5 own",
            "杭州市教育局 330100 2 department 2022 2021 40 58 0.6897 30 5 12 5 own",
            "国家某部 - 0 ministry 2024 2021 290 490 0.5918 30 5 12 5 own",
            "杭州市教育局 330100 2 department 2021 2021 19 38 0.5000 30 5 12 5 own",
            "宁波市教育局 330200 2 department 2022 2021 11 44 0.2500 30 5 12 5 own",
        ]
    );
    assert_eq!(
        rank(&[
            ("level", "city"),
            ("order", "low"),
            ("from", "2022"),
            ("minimum", "40"),
            ("limit", "1")
        ]),
        // 杭州 58, 宁波 44; finance, and those of 2023 (29, 9 and 3), are below
        ["宁波市教育局 330200 2 department 2022 2021 11 44 0.2500 40 2 4 0 own"]
    );
    assert_eq!(
        rank(&[
            ("metric", "review-correction-rate"),
            ("kind", "government"),
            ("scope", "aggregate"),
            ("from", "2024")
        ]),
        // 9 of 27 and 10 of 79; the street of 2025 is none of the kind
        [
            "宿迁市人民政府 321300 2 government 2024 2021 9 27 0.3333 20 2 0 0 aggregate",
            "江苏省人民政府 320000 1 government 2024 2021 10 79 0.1266 20 2 0 0 aggregate",
        ]
    );
}

#[test]
fn levels_movers_and_peers() {
    let of_2022 = [("from", "2022"), ("to", "2022")];
    // city: 40/58, 0/0 and 11/44, of which two are large enough
    assert_eq!(
        lines(&ask_wide("levels-and-kinds", &of_2022)),
        [
            "2022 2 department 3 0 51 102 0.5000 2 30 0.2500 0.6897 own",
            "2022 3 department 1 0 24 30 0.8000 1 30 0.8000 0.8000 own",
        ]
    );
    // 40/58 - 19/38
    assert_eq!(
        lines(&ask_wide("biggest-movers", &[])),
        ["杭州市教育局 330100 2022 1 1 19 38 0.5000 40 58 0.6897 0.1897 30 1 own"]
    );
    // with less asked of them 7/11 of 2020 counts, too: 1/2 - 7/11 is a smaller move
    let small = lines(&ask_wide("biggest-movers", &[("minimum", "11")]));
    assert_eq!(small.len(), 2);
    assert_eq!(small[1], "杭州市教育局 330100 2021 1 1 7 11 0.6364 19 38 0.5000 -0.1364 11 2 own");
    assert_eq!(
        lines(&ask_wide("application-movers", &[("minimum", "0"), ("region", "33")])),
        [
            "杭州市教育局 330100 2021 1 1 12 40 28 2.3333 3 own",
            "杭州市教育局 330100 2022 1 1 40 60 20 0.5000 3 own",
            "杭州市财政局 330100 2022 1 1 0 0 0 - 3 own",
        ]
    );
    // 苏州 2023: schools 2 of 3, finance 6 of 9; each is the other's peer
    let suzhou =
        [("region", "3205"), ("from", "2023"), ("minimum", "1"), ("organ", "苏州市财政局")];
    assert_eq!(
        lines(&ask_wide("peers", &suzhou)),
        ["苏州市财政局 320500 2 department 2023 6 9 0.6667 1 2 3 0.6667 0.6667 0.6667 1 own"]
    );
    // a county's government has its peers in the counties beside it, which are not shown
    let county = [("region", "320505"), ("from", "2024")];
    assert_eq!(
        lines(&ask_of(&mut odd(), "peers", &county)),
        [
            "虎丘区人民政府 320505 3 government 2024 20 40 0.5000 1 15 60 0.2500 0.2500 0.5000 30 own"
        ]
    );
    assert_eq!(
        lines(&ask_wide("never-received", &[])),
        ["杭州市财政局 330100 2 department 2021 2022 2 0 own"]
    );
    assert!(ask_wide("never-received", &[("level", "county")]).rows.is_empty());
}

/// Whoever ranks can rank by every rate that the view has, and each has a name.
#[test]
fn every_rate_can_be_chosen() {
    let conn = wide();
    let mut rates = conn.prepare("SELECT DISTINCT metric FROM v_rate").unwrap();
    let rates = rates.query_map([], |r| r.get(0)).unwrap();
    let rates: BTreeSet<String> = rates.collect::<Result<_, _>>().unwrap();
    let catalog = catalog();
    let query = catalog.get("rate-ranking").unwrap();
    let metric = query.parameters.iter().find(|p| p.name == "metric").unwrap();
    assert_eq!(metric.choices.iter().cloned().collect::<BTreeSet<_>>(), rates);
    let labels = shared_labels("metric").unwrap();
    assert_eq!(labels.keys().cloned().collect::<BTreeSet<_>>(), rates);
}
