use super::*;
use crate::region::Regions;

/// A small country: 密云县 became 密云区 in 2015, 甲市 holds the district 乙区.
fn places() -> HashMap<String, Place> {
    let place = |name: &str| Place { name: name.to_owned(), ..Place::default() };
    HashMap::from([
        ("321300".to_owned(), place("宿迁市")),
        ("321302".to_owned(), Place { parent: Some("321300".to_owned()), ..place("宿城区") }),
        (
            "110228".to_owned(),
            Place {
                valid_to: Some(2015),
                successors: vec!["110118".to_owned()],
                note: "改设密云区".to_owned(),
                ..place("密云县")
            },
        ),
        ("110118".to_owned(), Place { valid_from: Some(2015), ..place("密云区") }),
    ])
}

fn body(id: i64, key: &str, years: (u16, u16)) -> Body {
    Body { id, key: key.to_owned(), reported: Some(years) }
}

/// Links as `from>to year`, series as `id=end`, years as `id from-to`.
fn followed(bodies: &[Body], user: &str) -> (String, String, String) {
    let regions = Regions::builtin();
    let known = regions.known_organ_changes().unwrap();
    let head = "organ,region,valid_from,valid_to,successor,year\n";
    let user = regions.organ_changes(format!("{head}{user}").as_bytes(), "user.csv").unwrap();
    let places = places();
    let succession = Succession::new(&known, &user, &places);
    let lineage = succession.follow(bodies);
    let turned: Vec<Body> = bodies.iter().rev().cloned().collect();
    assert_eq!(lineage, succession.follow(&turned), "the order does not matter");
    let year = |y: Option<u16>| y.map_or_else(|| "?".to_owned(), |y| y.to_string());
    let links = lineage.links.iter();
    let links = links.map(|l| format!("{}>{} {}", l.organ, l.successor, year(l.year)));
    let of = |body: &Body| lineage.years[&body.id];
    let series = bodies.iter().filter_map(|b| of(b).series.map(|s| format!("{}={s}", b.id)));
    let years = bodies.iter().filter(|b| of(b).from.is_some() || of(b).to.is_some());
    let years = years.map(|b| format!("{} {}-{}", b.id, year(of(b).from), year(of(b).to)));
    let join = |v: Vec<String>| v.join(", ");
    (join(links.collect()), join(series.collect()), join(years.collect()))
}

#[test]
fn a_rule_joins_two_bodies_of_one_region() {
    let (links, series, years) = followed(
        &[
            body(1, "321300/国土资源局", (2014, 2018)),
            body(2, "321300/自然资源和规划局", (2019, 2023)),
            body(3, "321302/自然资源局", (2019, 2023)),
        ],
        "",
    );
    assert_eq!((links.as_str(), series.as_str()), ("1>2 2019", "1=2"));
    assert_eq!(years, "1 ?-2018, 2 2018-?");
}

#[test]
fn several_candidates_are_none() {
    let bodies = [
        body(1, "321300/旅游局", (2014, 2018)),
        body(2, "321300/文化和旅游局", (2019, 2023)),
        body(3, "321300/文化广电和旅游局", (2019, 2023)),
    ];
    assert_eq!(followed(&bodies, ""), Default::default());
    let (links, ..) = followed(&bodies[..2], "");
    assert_eq!(links, "1>2 2019");
}

#[test]
fn a_body_that_still_reports_did_not_end() {
    let bodies =
        [body(1, "321300/文化局", (2014, 2020)), body(2, "321300/文化和旅游局", (2019, 2023))];
    assert_eq!(followed(&bodies, ""), Default::default());
    // the user knows better
    let (links, series, years) = followed(&bodies, "宿迁市文化局,,,2020,宿迁市文化和旅游局,2021\n");
    assert_eq!((links.as_str(), series.as_str()), ("1>2 2021", "1=2"));
    assert_eq!(years, "1 ?-2020");
}

#[test]
fn merged_bodies_lead_to_one_and_a_missing_link_is_passed_over() {
    let (links, series, years) = followed(
        &[
            body(1, "central/中国银行业监督管理委员会", (2016, 2017)),
            body(2, "central/中国保险监督管理委员会", (2016, 2017)),
            body(3, "central/国家金融监督管理总局", (2023, 2023)),
        ],
        "",
    );
    assert_eq!((links.as_str(), series.as_str()), ("1>3 2023, 2>3 2023", "1=3, 2=3"));
    assert_eq!(years, "1 ?-2018, 2 ?-2018, 3 2023-?");
}

#[test]
fn a_divided_body_begins_no_series() {
    let (links, series, _) = followed(
        &[
            body(1, "central/国家新闻出版广电总局", (2016, 2017)),
            body(2, "central/国家广播电视总局", (2018, 2023)),
            body(3, "central/国家电影局", (2018, 2023)),
        ],
        "",
    );
    assert_eq!((links.as_str(), series.as_str()), ("1>2 2018, 1>3 2018", ""));
}

#[test]
fn bodies_follow_their_region() {
    let (links, series, years) = followed(
        &[
            body(1, "110228", (2014, 2014)),
            body(2, "110118", (2015, 2023)),
            body(3, "110228/环境保护局", (2014, 2015)),
            body(4, "110118/环境保护局", (2016, 2018)),
            body(5, "110118/生态环境局", (2018, 2023)),
            body(6, "110228/国土资源局", (2014, 2015)),
            body(7, "110118/自然资源局", (2019, 2023)),
        ],
        "",
    );
    assert_eq!(links, "1>2 2015, 3>4 2015, 4>5 2019, 6>7 2019");
    assert_eq!(series, "1=2, 3=5, 4=5, 6=7");
    assert_eq!(years, "1 ?-2015, 2 2015-?, 3 ?-2015, 4 2015-2018, 5 2018-?, 6 ?-2015, 7 2018-?");
}

#[test]
fn a_rule_may_hold_the_name_of_the_region() {
    let (links, _, years) = followed(
        &[
            body(1, "321300/国家税务局", (2016, 2017)),
            body(2, "321300/地方税务局", (2016, 2017)),
            body(3, "321300/国家税务总局宿迁市税务局", (2018, 2023)),
            body(4, "321302/地方税务局", (2016, 2017)),
            body(5, "321302/国家税务总局宿迁市宿城区税务局", (2018, 2023)),
        ],
        "",
    );
    assert_eq!(links, "1>3 2018, 2>3 2018, 4>5 2018");
    assert!(years.ends_with("3 2018-?, 4 ?-2018, 5 2018-?"), "{years}");
}

#[test]
fn a_year_that_differs_from_place_to_place_stays_open() {
    let bodies = [
        body(1, "321300/工商行政管理局", (2014, 2015)),
        body(2, "321300/市场监督管理局", (2015, 2023)),
        body(3, "321300/法制办公室", (2014, 2018)),
        body(4, "321300/司法局", (2014, 2023)),
    ];
    let (links, _, years) = followed(&bodies, "");
    assert_eq!(links, "1>2 ?, 3>4 2019");
    assert_eq!(years, "3 ?-2018", "司法局 is older than the merger");
}

#[test]
fn a_user_may_refuse_a_rule_and_go_in_circles() {
    let bodies =
        [body(1, "321300/国土资源局", (2014, 2018)), body(2, "321300/自然资源局", (2019, 2023))];
    let (links, ..) = followed(&bodies, "宿迁市国土资源局,,2001,,-,\n");
    assert_eq!(links, "");
    // years alone leave the rule as it is
    let (links, _, years) = followed(&bodies, "宿迁市国土资源局,,2001,,,\n");
    assert_eq!((links.as_str(), years.as_str()), ("1>2 2019", "1 2001-2018, 2 2018-?"));
    let circle = "国土资源局,*,,,自然资源局,\n自然资源局,*,,,国土资源局,\n";
    let (links, series, _) = followed(&bodies, circle);
    assert_eq!((links.as_str(), series.as_str()), ("1>2 ?, 2>1 ?", ""));
}
