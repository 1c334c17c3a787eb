//! Ticks, scales, what is drawn of an answer, and what cannot be.

use resvg::usvg::fontdb::Database;

use super::*;
use crate::lang::Lang;
use crate::query::catalog::{Chart, ChartKind};
use crate::table::{Column, Table, Unit, Value};

fn labels(values: &[f64], zero: bool, whole: bool, unit: Unit) -> Vec<String> {
    let scale = Scale::of(values.iter().copied(), 5, zero, whole);
    scale.ticks().map(|tick| scale.label(tick, unit)).collect()
}

#[test]
fn ticks_are_round_and_hold_all_values() {
    let rates = labels(&[0.031, 0.137], false, false, Unit::Rate);
    assert_eq!(rates, ["0%", "5%", "10%", "15%"]);
    assert_eq!(labels(&[3.0, 47.0], true, true, Unit::Count), ["0", "10", "20", "30", "40", "50"]);
    assert_eq!(labels(&[1.0, 2.0], true, true, Unit::Count), ["0", "1", "2"]);
    let below = labels(&[-0.4, 0.25], true, false, Unit::Rate);
    assert_eq!(below, ["-40%", "-20%", "0%", "20%", "40%"]);
    let yuan = labels(&[123_456.0, 5.0], true, false, Unit::Fen);
    assert_eq!(yuan, ["0", "500", "1000", "1500"]);
    let small = labels(&[0.0004, 0.0011], true, false, Unit::Rate);
    assert_eq!(small, ["0.00%", "0.05%", "0.10%", "0.15%"]);
}

#[test]
fn an_axis_far_from_zero_begins_there_only_where_it_may() {
    assert_eq!(labels(&[97.0, 99.0], false, true, Unit::Count), ["97", "98", "99"]);
    assert_eq!(labels(&[97.0, 99.0], true, true, Unit::Count)[0], "0");
    assert_eq!(labels(&[-99.0, -97.0], false, true, Unit::Count), ["-99", "-98", "-97"]);
}

#[test]
fn an_axis_of_shares_ends_at_the_whole_at_most() {
    let hundredths = || (0..=100).map(|n| f64::from(n) / 100.0);
    for (low, high) in hundredths().flat_map(|low| hundredths().map(move |high| (low, high))) {
        for (ticks, zero) in [(5, true), (6, true), (5, false), (6, false)] {
            let scale = Scale::of([low, high].into_iter(), ticks, zero, false);
            assert!(scale.high <= 1.0 + 1e-9 && scale.low >= 0.0, "{low} {high}: {scale:?}");
        }
    }
    // parts of a whole, added up, may be a hair more
    let whole = 1.0 + f64::EPSILON;
    assert!(Scale::of([whole].into_iter(), 6, true, false).high <= 1.0 + 1e-9);
    assert!(Scale::of([0.5, 1.3].into_iter(), 6, true, false).high >= 1.3);
}

#[test]
fn lines_and_bars_begin_at_zero_and_hang_from_it() {
    let ticks = |kind, rates: [f64; 2]| -> Vec<String> {
        let table = table(&[year(2022, "甲", rates[0]), year(2023, "甲", rates[1])]);
        let figure = Figure::of(&table, &chart(kind, None), words()).expect("it is drawn");
        let svg = svg(&figure).svg;
        let texts = svg.split("</text>").filter_map(|part| part.rsplit('>').next());
        texts.filter(|text| text.ends_with("0%")).map(str::to_owned).collect()
    };
    for kind in [ChartKind::Line, ChartKind::Bar] {
        let far = ticks(kind, [0.8, 0.9]);
        assert!(far.contains(&"0%".to_owned()) && far.contains(&"100%".to_owned()), "{far:?}");
        let below = ticks(kind, [-0.31, 0.11]);
        assert!(
            below.contains(&"-40%".to_owned()) && below.contains(&"0%".to_owned()),
            "{below:?}"
        );
    }
}

#[test]
fn a_group_that_is_alone_is_not_named_and_an_edition_is_said_to_be_one() {
    let mut table = table(&[year(2022, "2021", 0.1), year(2023, "2021", 0.2)]);
    table.columns[1].name = "edition".into();
    table
        .columns
        .push(Column { title: Some("不予公开率".into()), ..table.columns[2].clone() });
    table.columns[3].name = "refused".into();
    table.rows.iter_mut().for_each(|row| row.push(Value::Real(0.3)));
    let y = vec!["rate".to_owned(), "refused".to_owned()];
    let grouped = Chart { y, ..chart(ChartKind::Line, Some("edition")) };
    let names = |table: &Table, lang| -> Vec<String> {
        let figure = Figure::of(table, &grouped, Words { lang, ..words() }).expect("it is drawn");
        figure.series.into_iter().map(|series| series.name).collect()
    };
    assert_eq!(names(&table, Lang::Zh), ["公开率", "不予公开率"]);
    table.rows[0][1] = Value::Text("2019".into());
    assert_eq!(names(&table, Lang::Zh)[..2], ["2019版表样 · 公开率", "2019版表样 · 不予公开率"]);
    assert_eq!(names(&table, Lang::En)[2], "form of 2021 · 公开率");
}

#[test]
fn a_low_picture_is_no_higher_than_a_third_of_a_page() {
    let table = table(&[year(2022, "甲", 0.1), year(2023, "乙", 0.2)]);
    let figure = Figure::of(&table, &chart(ChartKind::Line, Some("place")), words());
    let figure = figure.expect("it is drawn");
    let height = |drawing: Drawing| -> u32 {
        let rest = drawing.svg.split("height=\"").nth(1).expect("it has a height");
        rest.split('"').next().expect("it ends").parse().expect("it is a number")
    };
    let (low, high) = (height(low_svg(&figure)), height(svg(&figure)));
    assert_eq!(high - low, 160);
    // in millimetres where it is 160 wide
    assert!(low * 160 / 960 < 75, "{low}");
}

#[test]
fn an_axis_of_one_value_or_none_has_a_length() {
    for values in [&[][..], &[0.0], &[7.0], &[-7.0], &[f64::NAN, f64::INFINITY]] {
        let scale = Scale::of(values.iter().copied(), 5, true, false);
        assert!(scale.high > scale.low, "{values:?}: {scale:?}");
        assert!(scale.ticks().count() >= 2, "{values:?}: {scale:?}");
    }
}

#[test]
fn a_box_has_quartiles_whiskers_and_points_beyond() {
    let spread = Spread::of(vec![1.0, 2.0, 3.0, 4.0, 5.0, 30.0]).expect("there are values");
    assert_eq!(spread.marks, [1.0, 2.25, 3.5, 4.75, 5.0]);
    assert_eq!(spread.points, [30.0]);
    assert_eq!(Spread::of(vec![f64::NAN]), None);
    let one = Spread::of(vec![2.0]).expect("there is a value");
    assert_eq!((one.marks, one.points.len()), ([2.0; 5], 0));
}

#[test]
fn text_is_measured_without_a_font() {
    assert_eq!(text::width("政府", 10.0), 20.0);
    assert!(text::width("2023", 10.0) > 20.0);
    for name in ["内蒙古自治区通辽市科尔沁左翼中旗财政局", "Department of Information"]
    {
        let lines = text::lines(name, 13.0, 100.0);
        assert!(
            lines.len() > 1 && lines.iter().all(|l| text::width(l, 13.0) <= 100.0),
            "{lines:?}"
        );
        assert_eq!(lines.join("").replace(' ', ""), name.replace(' ', ""));
    }
}

/// A table of years or names with a rate and a group.
fn table(rows: &[(Value, &str, Value)]) -> Table {
    let column = |name: &str, title: &str, unit| Column {
        title: Some(title.to_owned()),
        unit,
        ..Column::new(name)
    };
    Table {
        columns: vec![
            column("x", "年度", Unit::Label),
            column("place", "地区", Unit::Plain),
            column("rate", "公开率", Unit::Rate),
        ],
        rows: rows
            .iter()
            .map(|(x, place, rate)| vec![x.clone(), Value::Text((*place).into()), rate.clone()])
            .collect(),
        total_rows: None,
    }
}

fn chart(kind: ChartKind, group: Option<&str>) -> Chart {
    Chart { kind, x: "x".into(), y: vec!["rate".into()], group: group.map(str::to_owned) }
}

fn words() -> Words {
    Words { title: "公开率".into(), lang: Lang::Zh, ..Words::default() }
}

fn year(year: i64, place: &str, rate: f64) -> (Value, &str, Value) {
    (Value::Int(year), place, Value::Real(rate))
}

#[test]
fn years_stand_in_order_and_leave_gaps() {
    let table = table(&[year(2023, "甲", 0.5), year(2020, "甲", 0.25)]);
    let figure = Figure::of(&table, &chart(ChartKind::Line, None), words()).expect("it is drawn");
    assert_eq!(figure.places, ["2020", "2021", "2022", "2023"]);
    let Marks::Values(points) = &figure.series[0].marks else { panic!("a line has values") };
    let texts: Vec<_> = points.iter().map(|p| p.as_ref().map(|p| p.text.as_str())).collect();
    assert_eq!(texts, [Some("25.00%"), None, None, Some("50.00%")]);
}

#[test]
fn each_key_of_the_group_is_a_series() {
    let table = table(&[year(2022, "甲", 0.1), year(2022, "乙", 0.2), year(2023, "乙", 0.3)]);
    let grouped = chart(ChartKind::Line, Some("place"));
    let figure = Figure::of(&table, &grouped, words()).expect("it is drawn");
    let names: Vec<&str> = figure.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["甲", "乙"]);
    let error = Figure::of(&table, &chart(ChartKind::Line, None), words());
    assert!(matches!(error, Err(Error::Repeated(place)) if place == "2022"));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let line = chart(ChartKind::Line, None);
    let of = |table: &Table, chart: &Chart| Figure::of(table, chart, words()).map(|_| ());
    assert!(matches!(of(&table(&[]), &line), Err(Error::Empty)));
    let nothing = table(&[(Value::Int(2023), "甲", Value::Null)]);
    assert!(matches!(of(&nothing, &line), Err(Error::NoNumbers)));
    let some = table(&[year(2023, "甲", 0.5)]);
    let text = Chart { y: vec!["place".into()], ..line.clone() };
    assert!(matches!(of(&some, &text), Err(Error::NotNumbers(name)) if name == "地区"));
    let other = Chart { y: vec!["rate".into(), "x".into()], ..line.clone() };
    assert!(matches!(of(&some, &other), Err(Error::Units)));
    let unknown = Chart { x: "month".into(), ..line };
    assert!(matches!(of(&some, &unknown), Err(Error::NoColumn(name)) if name == "month"));
}

#[test]
fn five_columns_are_a_box_and_a_sixth_its_point() {
    let names = ["x", "p10", "p25", "p50", "p75", "p90", "value"];
    let row = |first: i64, values: [Option<f64>; 6]| {
        let values = values.map(|value| value.map_or(Value::Null, Value::Real));
        [vec![Value::Int(first)], values.into()].concat()
    };
    let full = [1.0, 2.0, 3.0, 4.0, 5.0, 9.0].map(Some);
    let (mut gap, mut alone) = (full, full);
    (gap[2], alone[5]) = (None, None);
    let table = Table {
        columns: names.map(Column::new).into(),
        rows: vec![row(2021, full), row(2022, gap), row(2023, alone)],
        total_rows: None,
    };
    let y = names[1..].iter().map(|name| (*name).to_owned()).collect();
    let chart = Chart { kind: ChartKind::Box, x: "x".into(), y, group: None };
    let figure = Figure::of(&table, &chart, words()).expect("it is drawn");
    let Marks::Spreads(boxes) = &figure.series[0].marks else { panic!("a box has spreads") };
    let points = boxes.iter().map(|b| b.as_ref().map(|b| b.points.len())).collect::<Vec<_>>();
    assert_eq!(points, [Some(1), None, Some(0)]);
    assert!(figure.notes[0].contains("p10") && figure.notes[0].contains("value"));
}

#[test]
fn an_answer_without_a_choice_is_drawn_over_its_years_or_names() {
    let mut table = table(&[year(2022, "甲", 0.1), year(2022, "乙", 0.2)]);
    table.columns[0].name = "year".into();
    let chart = default_chart(&table).expect("it has numbers");
    assert_eq!((chart.kind, chart.x.as_str()), (ChartKind::Line, "year"));
    assert_eq!((chart.y, chart.group.as_deref()), (vec!["rate".to_owned()], Some("place")));
    table.columns.truncate(2);
    table.rows.iter_mut().for_each(|row| row.truncate(2));
    assert!(matches!(default_chart(&table), Err(Error::NoNumbers)));
    assert!(matches!(default_chart(&Table::default()), Err(Error::Empty)));
}

#[test]
fn without_a_font_the_missing_characters_are_named_and_nothing_is_drawn() {
    let table = table(&[year(2022, "甲", 0.1), year(2023, "甲", 0.2)]);
    let figure = Figure::of(&table, &chart(ChartKind::Line, None), words()).expect("it is drawn");
    let drawing = svg(&figure);
    let Err(Error::NoFont(missing)) = png::render_with(&drawing, Database::new()) else {
        panic!("there is no font")
    };
    assert!(missing.contains('率'), "{missing}");
}

#[test]
fn a_strangers_text_stays_text() {
    let table = table(&[year(2022, "<script>&\"\u{7}", 0.1)]);
    let grouped = Chart { x: "place".into(), ..chart(ChartKind::Bar, None) };
    let figure = Figure::of(&table, &grouped, words()).expect("it is drawn");
    let drawing = svg(&figure).svg;
    assert!(drawing.contains("&lt;script&gt;&amp;&quot;\u{FFFD}</text>"), "{drawing}");
}

#[test]
fn what_no_axis_holds_is_refused() {
    for value in [1e308, -1e16] {
        let table = Table {
            columns: vec![Column::new("year"), Column::new("n")],
            rows: vec![
                vec![Value::Int(2020), Value::Real(value)],
                vec![Value::Int(2021), Value::Real(1.0)],
            ],
            total_rows: None,
        };
        let chart =
            Chart { kind: ChartKind::Bar, x: "year".into(), y: vec!["n".into()], group: None };
        assert!(matches!(Figure::of(&table, &chart, words()), Err(Error::TooLarge)), "{value}");
    }
}
