//! Figures of the text: a measure of a region in a year against the year before.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rust_i18n::t;
use serde::Serialize;

use super::{Coverage, Subject};
use crate::export::shown;
use crate::lang::Lang;
use crate::metric::{Measured, Metric, Selection, Unit, evaluate};
use crate::table::{Column, Table, Unit as Meaning, Value};

/// A measure as a sentence has it.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What it is called.
    pub name: String,
    /// Its value; none where nothing settles it.
    pub text: Option<String>,
    /// That of the year before.
    pub last: Option<String>,
    /// How it changed, in words.
    pub change: String,
    /// What is counted, in the year.
    pub numerator: Option<i64>,
    /// What that is set against.
    pub denominator: Option<i64>,
    /// Reports in it.
    pub reports: i64,
    /// Reports in that of the year before.
    pub last_reports: i64,
    /// Reports left out, because they leave it open or are not asked for it.
    pub left_out: i64,
    /// Whether the denominator is too small for a rate to mean much.
    pub small: bool,
}

/// The figure of a measure.
pub(super) fn figure(
    conn: &Connection,
    subject: &Subject<'_>,
    metric: &Metric,
) -> rusqlite::Result<Figure> {
    let years = subject.year - 1..=subject.year;
    let selection = Selection::Reports { years, region: Some(subject.region), scope: None };
    let found = evaluate(conn, metric, subject.forms, &selection)?;
    let of = |year: i32| found.iter().find(|(y, _)| *y == year).map(|(_, m)| m);
    let (now, before) = (of(subject.year), of(subject.year - 1));
    let value = |m: Option<&Measured>| m.map_or(Value::Null, |m| m.value(metric.unit));
    let text = |value: &Value| (*value != Value::Null).then(|| shown(value, meaning(metric.unit)));
    let (this, last) = (value(now), value(before));
    Ok(Figure {
        name: metric.name.get(subject.lang).to_owned(),
        change: match now.zip(before).filter(|_| this != Value::Null && last != Value::Null) {
            Some((now, before)) if !is_comparable(now, before) => {
                t!("deliver.bulletin.change.other_reports", locale = subject.lang.key()).into()
            }
            // a body that did not report is no fall
            Some((now, before)) if now.used != before.used && is_sum(metric.unit) => t!(
                "deliver.bulletin.change.of_reports",
                locale = subject.lang.key(),
                change = change(&this, &last, metric.unit, subject.lang),
                last = before.used,
                now = now.used
            )
            .into(),
            _ => change(&this, &last, metric.unit, subject.lang),
        },
        text: text(&this),
        last: text(&last),
        numerator: now.and_then(|m| m.numerator),
        denominator: now.and_then(|m| m.denominator),
        reports: now.map_or(0, |m| m.used),
        last_reports: before.map_or(0, |m| m.used),
        left_out: now.map_or(0, |m| m.incomplete + m.not_asked),
        small: now.is_some_and(|m| m.is_small(metric)),
    })
}

/// Whether two years are of reports of one kind, and of about as many: a summary of a level and the
/// report of one of its offices do not make a change.
fn is_comparable(now: &Measured, before: &Measured) -> bool {
    let (least, most) = (now.used.min(before.used), now.used.max(before.used));
    now.scope_used == before.scope_used && most <= 2 * least
}

/// Whether a measure grows with the bodies that report.
fn is_sum(unit: Unit) -> bool {
    matches!(unit, Unit::Count | Unit::MoneyFen)
}

/// How the value of a measure is printed.
fn meaning(unit: Unit) -> Meaning {
    match unit {
        Unit::Rate => Meaning::Rate,
        Unit::Ratio | Unit::Per100 | Unit::Mean => Meaning::Ratio,
        Unit::Count => Meaning::Count,
        Unit::MoneyFen => Meaning::Fen,
    }
}

/// A change in words: shares in percentage points, all else as a part of what it was.
fn change(this: &Value, last: &Value, unit: Unit, lang: Lang) -> String {
    let locale = lang.key();
    let number = |value: &Value| match value {
        Value::Int(n) => Some(*n as f64),
        Value::Real(x) => Some(*x),
        _ => None,
    };
    let (Some(this), Some(last)) = (number(this), number(last)) else {
        return t!("deliver.bulletin.change.unknown", locale = locale).into();
    };
    let difference = this - last;
    if difference == 0.0 {
        return t!("deliver.bulletin.change.none", locale = locale).into();
    }
    let by = |value: f64, meaning| shown(&Value::Real(value.abs()), meaning);
    match (unit, difference > 0.0) {
        (Unit::Rate, up) => {
            let points = by(difference, Meaning::Points);
            match up {
                true => t!("deliver.bulletin.change.points_up", locale = locale, points = points),
                false => {
                    t!("deliver.bulletin.change.points_down", locale = locale, points = points)
                }
            }
        }
        // of nothing there is no part
        (_, _) if last <= 0.0 => t!("deliver.bulletin.change.from_nothing", locale = locale),
        (_, up) => {
            let part = by(difference / last, Meaning::Growth);
            match up {
                true => t!("deliver.bulletin.change.up", locale = locale, part = part),
                false => t!("deliver.bulletin.change.down", locale = locale, part = part),
            }
        }
    }
    .into_owned()
}

/// All figures of the text with what they are made of.
pub(super) fn appendix(
    figures: &BTreeMap<String, Figure>,
    coverage: &Coverage,
    lang: Lang,
) -> Table {
    let locale = lang.key();
    let heading =
        |key: &str| t!(format!("deliver.bulletin.column.{key}"), locale = locale).into_owned();
    let column = |key: &str, unit| Column { title: Some(heading(key)), unit, ..Column::new(key) };
    let columns = vec![
        column("name", Meaning::Plain),
        column("value", Meaning::Ratio),
        column("last", Meaning::Ratio),
        column("change", Meaning::Plain),
        column("numerator", Meaning::Count),
        column("denominator", Meaning::Count),
        column("reports", Meaning::Count),
        column("left_out", Meaning::Count),
        column("last_reports", Meaning::Count),
    ];
    let text = |text: Option<&String>| text.map_or(Value::Null, |t| Value::Text(t.clone()));
    let int = |n: Option<i64>| n.map_or(Value::Null, Value::Int);
    let of_figure = |figure: &Figure| {
        let small = t!("deliver.bulletin.small", locale = locale);
        let name =
            if figure.small { format!("{}{small}", figure.name) } else { figure.name.clone() };
        vec![
            Value::Text(name),
            text(figure.text.as_ref()),
            text(figure.last.as_ref()),
            Value::Text(figure.change.clone()),
            int(figure.numerator),
            int(figure.denominator),
            Value::Int(figure.reports),
            Value::Int(figure.left_out),
            Value::Int(figure.last_reports),
        ]
    };
    let width = columns.len();
    let of_count = |(name, count): (String, Option<usize>)| {
        let count = count.map_or(Value::Null, |count| Value::Text(count.to_string()));
        let mut row = vec![Value::Text(name), count];
        row.resize(width, Value::Null);
        row
    };
    let rows =
        coverage.counts(lang).into_iter().map(of_count).chain(figures.values().map(of_figure));
    Table { columns, rows: rows.collect(), total_rows: None }
}

/// What the measures of the text are.
pub(super) fn definitions(metrics: &[&Metric], lang: Lang) -> Table {
    let heading =
        |key: &str| t!(format!("deliver.bulletin.column.{key}"), locale = lang.key()).into_owned();
    let column = |key: &str| Column { title: Some(heading(key)), ..Column::new(key) };
    let rows = metrics.iter().map(|metric| {
        let caveats: Vec<&str> = metric.caveats.iter().map(|c| c.get(lang)).collect();
        [metric.name.get(lang), metric.definition.get(lang), &caveats.join(" ")]
            .map(|text| Value::Text(text.to_owned()))
            .into()
    });
    Table {
        columns: ["name", "definition", "caveats"].map(column).into(),
        rows: rows.collect(),
        total_rows: None,
    }
}
