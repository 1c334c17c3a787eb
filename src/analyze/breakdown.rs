//! `breakdown`: what a whole is made of, and what changed between two years.

use std::path::Path;

use polars::prelude::{
    Column, DataFrame, DataType, Expr, IntoLazy, LazyFrame, NamedFrom, Series, col, len, lit,
};
use rusqlite::Connection;
use rust_i18n::t;

use super::definition::Dictionary;
use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{Request, Subject};
use super::sums::Whole;
use super::{last_year, notes, nothing};
use crate::metric::{Metric, Metrics};
use crate::query::polars::collect;

macro_rules! lists {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../data/breakdowns/", $name, ".toml")))),+]
    };
}

/// The parts of each whole, as lists of measures.
const PARTS: [(&str, &str); 6] =
    lists!["outcomes", "refusals", "not-processed", "applicants", "review", "litigation"];

/// A row of the answer: the number of a part, none for the whole, and its two years.
type Row = (Option<i64>, Pair);

/// A part in the two years; none where no edition used in the year has it.
type Pair = [Option<i64>; 2];

/// Runs it.
///
/// # Errors
/// When there are no reports, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let Some(Subject::Whole(name)) = request.subjects.first() else {
        return Err(nothing(request));
    };
    let list = PARTS.iter().find(|(known, _)| known == name);
    let (_, list) = list.ok_or_else(|| Error::Broken(name.clone()))?;
    let parts = Metrics::of_list(list, Path::new(name), request.forms)?;
    let parts: Vec<&Metric> = parts.iter().collect();
    let Some(metric) = parts.first() else { return Err(Error::Broken(name.clone())) };
    let years = two_years(conn, request)?;
    let request = &Request { from: Some(years[0]), to: Some(years[1]), ..request.clone() };
    let base = Base::read(conn, request.forms, &parts, &request.selection(), request.region)?;
    let whole = Whole::of(request);
    let plan = base.wide()?.filter(whole.counts(request, metric));
    let sums = collect(by_year(plan, parts.len()))?;
    let shown = Shown::of(&sums, parts.len(), years)?;
    if shown.used == [0, 0] {
        return Err(nothing(request));
    }
    let mut notes = vec![
        t!(
            "analyze.note.whole",
            locale = request.lang.key(),
            name = Dictionary::get()?.label("whole", name).get(request.lang),
            first = years[0],
            second = years[1]
        )
        .into(),
        notes::of_scope(request, metric, whole),
    ];
    notes.extend(shown.notes(request));
    if shown.parts.iter().any(|pair| pair[0].is_some() != pair[1].is_some()) {
        notes.push(t!("analyze.note.parts_differ", locale = request.lang.key()).into());
    }
    Outcome::of(request, &shown.frame()?, &parts, notes)
}

/// The two years to be compared.
fn two_years(conn: &Connection, request: &Request<'_>) -> Result<[i32; 2], Error> {
    let last = match request.to {
        Some(year) => year,
        None => last_year(conn, &[request.selection()])?.ok_or_else(|| nothing(request))?,
    };
    Ok([request.from.unwrap_or(last - 1), last])
}

/// The sums by year of the reports that have all parts that their edition asks for.
fn by_year(plan: LazyFrame, parts: usize) -> LazyFrame {
    let all = |of: &dyn Fn(usize) -> Expr, join: fn(Expr, Expr) -> Expr| {
        (1..parts).fold(of(0), |whole, part| join(whole, of(part)))
    };
    let asked = |part: usize| col(format!("asked_{part}")).eq(lit(1));
    let settled = |part: usize| asked(part).not().or(col(format!("n_{part}")).is_not_null());
    let any = all(&asked, Expr::or);
    let complete = any.clone().and(all(&settled, Expr::and));
    let denominator = |part: usize| col(format!("d_{part}"));
    let whole = all(&denominator, |a, b| a.fill_null(b));
    let used = || col("complete");
    let count = |what: Expr, name: &str| what.sum().cast(DataType::Int64).alias(name);
    let mut figures = vec![
        len().cast(DataType::Int64).alias("reports"),
        count(used(), "used"),
        count(col("any").not().and(col("edition").is_not_null()), "not_asked"),
        col("whole").filter(used()).sum().alias("whole"),
    ];
    for part in 0..parts {
        let known = col(format!("n_{part}")).filter(used());
        figures.push(known.clone().sum().alias(format!("n_{part}")));
        figures.push(known.count().cast(DataType::Int64).alias(format!("told_{part}")));
    }
    plan.with_columns([any.alias("any"), complete.alias("complete"), whole.alias("whole")])
        .group_by([col("year")])
        .agg(figures)
}

/// The parts and the whole in two years.
struct Shown {
    years: [i32; 2],
    parts: Vec<Pair>,
    wholes: [i64; 2],
    reports: [i64; 2],
    used: [i64; 2],
    not_asked: [i64; 2],
}

impl Shown {
    fn of(sums: &DataFrame, parts: usize, years: [i32; 2]) -> Result<Shown, Error> {
        let rows: Vec<Option<i64>> = sums.column("year")?.i64()?.iter().collect();
        let row = |year: i32| rows.iter().position(|known| *known == Some(year.into()));
        let at = years.map(row);
        let figure = |column: &str| -> Result<[i64; 2], Error> {
            let values = sums.column(column)?.i64()?;
            Ok(at.map(|row| row.and_then(|row| values.get(row)).unwrap_or(0)))
        };
        let mut pairs = Vec::with_capacity(parts);
        for part in 0..parts {
            let (n, told) = (figure(&format!("n_{part}"))?, figure(&format!("told_{part}"))?);
            pairs.push([0, 1].map(|side| (told[side] > 0).then_some(n[side])));
        }
        Ok(Shown {
            years,
            parts: pairs,
            wholes: figure("whole")?,
            reports: figure("reports")?,
            used: figure("used")?,
            not_asked: figure("not_asked")?,
        })
    }

    /// A row a part that one of the years has, and one of the whole.
    fn frame(&self) -> Result<DataFrame, Error> {
        let told = |pair: &Pair| pair.iter().any(Option::is_some);
        let parts = self.parts.iter().enumerate().filter(|(_, pair)| told(pair));
        let mut rows: Vec<Row> = parts.map(|(part, pair)| (Some(part as i64), *pair)).collect();
        let known = |side: usize| (self.used[side] > 0).then_some(self.wholes[side]);
        rows.push((None, [known(0), known(1)]));
        let share = |value: Option<i64>, side: usize| {
            let whole = Some(self.wholes[side]).filter(|whole| *whole > 0)?;
            Some(value? as f64 / whole as f64)
        };
        let shift = |pair: &Pair| Some(share(pair[1], 1)? - share(pair[0], 0)?);
        let contribution = |pair: &Pair| share(Some(pair[1]? - pair[0]?), 0);
        let float = |name: &str, of: &dyn Fn(&Pair) -> Option<f64>| -> Column {
            Series::new(name.into(), rows.iter().map(|(_, p)| of(p)).collect::<Vec<_>>()).into()
        };
        let whole = |name: &str, of: &dyn Fn(&Row) -> Option<i64>| -> Column {
            Series::new(name.into(), rows.iter().map(of).collect::<Vec<_>>()).into()
        };
        let columns = vec![
            whole("metric", &|row| row.0),
            whole("part", &|row| row.0),
            whole("first_number", &|row| row.1[0]),
            float("first_share", &|pair| share(pair[0], 0)),
            whole("second_number", &|row| row.1[1]),
            float("second_share", &|pair| share(pair[1], 1)),
            float("shift", &shift),
            float("contribution", &contribution),
        ];
        Ok(DataFrame::new(rows.len(), columns)?.lazy().collect()?)
    }

    /// What was counted, and whether the parts add up.
    fn notes(&self, request: &Request<'_>) -> Vec<String> {
        let locale = request.lang.key();
        let mut notes = Vec::new();
        for side in [0, 1] {
            let (reports, used, not_asked) =
                (self.reports[side], self.used[side], self.not_asked[side]);
            let note = t!(
                "analyze.note.parts_counted",
                locale = locale,
                year = self.years[side],
                reports = reports,
                used = used,
                incomplete = reports - used - not_asked,
                not_asked = not_asked
            );
            notes.push(note.into());
            let sum: i64 = self.parts.iter().filter_map(|pair| pair[side]).sum();
            if sum != self.wholes[side] {
                let (year, rest) = (self.years[side], self.wholes[side] - sum);
                let note =
                    t!("analyze.note.not_adding_up", locale = locale, year = year, rest = rest);
                notes.push(note.into());
            }
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_whole_has_its_parts_and_a_name() {
        let named = Dictionary::get().unwrap().labels("whole").unwrap();
        let named: Vec<&str> = named.keys().map(String::as_str).collect();
        let mut known = PARTS.map(|(name, _)| name);
        known.sort_unstable();
        assert_eq!(named, known);
    }

    #[test]
    fn shares_shifts_and_contributions_are_those_worked_out_by_hand() {
        // 30 and 10 of 40 become 20, 30 and a new 10 of 60
        let shown = Shown {
            years: [2022, 2023],
            parts: vec![[Some(30), Some(20)], [Some(10), Some(30)], [None, Some(10)], [None; 2]],
            wholes: [40, 60],
            reports: [1, 2],
            used: [1, 1],
            not_asked: [0, 1],
        };
        let frame = shown.frame().unwrap();
        let column = |name: &str| -> Vec<Option<f64>> {
            frame.column(name).unwrap().f64().unwrap().iter().collect()
        };
        assert_eq!(column("first_share"), [Some(0.75), Some(0.25), None, Some(1.0)]);
        assert_eq!(column("second_share"), [1.0 / 3.0, 0.5, 1.0 / 6.0, 1.0].map(Some));
        assert_eq!(column("shift"), [Some(1.0 / 3.0 - 0.75), Some(0.25), None, Some(0.0)]);
        assert_eq!(column("contribution"), [Some(-0.25), Some(0.5), None, Some(0.5)]);
    }
}
