//! `definitions.md`: what a query answers, what its parameters and columns are, and the measures
//! that it uses, in both languages.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_i18n::t;

use crate::lang::{Bilingual, Lang};
use crate::metric::{Metric, Metrics, Part};
use crate::query::catalog::Query;
use crate::table::Unit;

/// The text.
#[must_use]
pub fn definitions(query: &Query, given: &BTreeMap<String, String>, metrics: &Metrics) -> String {
    let mut out = format!("# {} · {}\n", query.name, query.title.both());
    paragraphs(&mut out, &query.description);
    heading(&mut out, "bundle_parameters");
    for parameter in &query.parameters {
        let chosen = given.get(&parameter.name).cloned();
        let chosen = chosen.or_else(|| parameter.default.as_ref().map(ToString::to_string));
        let chosen = chosen.unwrap_or_default();
        line(&mut out, &parameter.name, &format!("{} = `{chosen}`", parameter.description.both()));
    }
    heading(&mut out, "bundle_columns");
    for column in &query.columns {
        let unit = match unit(column.unit) {
            Some(unit) => format!(" [{unit}]"),
            None => String::new(),
        };
        line(&mut out, &column.name, &format!("{}{unit}", column.title.both()));
        for (key, label) in &column.labels {
            let _ = writeln!(out, "  - `{key}` {}", label.both());
        }
    }
    let used: Vec<&Metric> = metrics.iter().filter(|m| uses(query, given, m)).collect();
    if !used.is_empty() {
        heading(&mut out, "bundle_measures");
    }
    for metric in used {
        let _ = write!(out, "\n### {} · {}\n", metric.key, metric.name.both());
        paragraphs(&mut out, &metric.definition);
        let parts =
            [("numerator", Some(&metric.numerator)), ("denominator", metric.denominator.as_ref())];
        for (name, part) in parts {
            let Some(part) = part else { continue };
            line(&mut out, name, &format!("{}{}", part.name.both(), cells(part)));
        }
        for caveat in &metric.caveats {
            line(&mut out, "caveat", &caveat.both());
        }
    }
    out
}

/// Whether a query is of a measure: it is asked for, or the query or one of its columns is called
/// like it.
fn uses(query: &Query, given: &BTreeMap<String, String>, metric: &Metric) -> bool {
    let asked = query.parameters.iter().filter(|p| p.name == "metric").any(|parameter| {
        let default = parameter.default.as_ref().map(ToString::to_string);
        given.get(&parameter.name).or(default.as_ref()) == Some(&metric.key)
    });
    let is_column = || query.columns.iter().any(|c| c.name.replace('_', "-") == metric.key);
    asked || query.name == metric.key || is_column()
}

/// The cells that a part is the sum of, by edition.
fn cells(part: &Part) -> String {
    let of = |edition: &String| {
        let cells: Vec<&str> = part.cells(edition).map(String::as_str).collect();
        format!("\n  - {edition}: `{}`", cells.join(" + "))
    };
    part.terms.keys().map(of).collect()
}

fn heading(out: &mut String, leaf: &str) {
    let [zh, en] = [Lang::Zh, Lang::En].map(|l| t!(format!("deliver.{leaf}"), locale = l.key()));
    let _ = write!(out, "\n## {zh} · {en}\n\n");
}

fn paragraphs(out: &mut String, words: &Bilingual) {
    let _ = write!(out, "\n{}\n\n{}\n", words.zh, words.en);
}

fn line(out: &mut String, name: &str, text: &str) {
    let _ = writeln!(out, "- `{name}` {text}");
}

/// What the numbers of a column are counted in, where it is not plain.
fn unit(unit: Unit) -> Option<String> {
    let of = |lang: Lang| {
        let locale = lang.key();
        Some(match unit {
            Unit::Rate | Unit::Growth => t!("export.unit_of.rate", locale = locale),
            Unit::Points => t!("export.unit_of.points", locale = locale),
            Unit::Ratio => t!("export.unit_of.ratio", locale = locale),
            Unit::Count => t!("export.unit_of.count", locale = locale),
            Unit::Fen => t!("deliver.fen", locale = locale),
            Unit::Plain | Unit::Label | Unit::Severity => return None,
        })
    };
    Some(format!("{} · {}", of(Lang::Zh)?, of(Lang::En)?))
}
