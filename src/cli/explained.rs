//! How `why` prints a figure: sentences and tables for people, every cell for programs.

use std::io::Write;

use rust_i18n::t;
use serde_json::{Value as Json, json};

use super::Common;
use super::metrics::description;
use super::output::{self, SCREEN_ROWS};
use super::sql::rows;
use super::why::{Evidence, Figure, Subject, role};
use crate::export::{self, Document, Format, Options};
use crate::lang::Lang;
use crate::metric::{self, CellShown, Metric, Reason, Unit};
use crate::report::{Place, State};
use crate::table::{Column, Table, Unit as Meaning, Value};

/// Writes a figure, and gives what must be said beside it.
pub fn write(
    common: &Common,
    figure: &Figure<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> anyhow::Result<Option<String>> {
    match common.format_or(Format::Table)? {
        Format::Json => {
            writeln!(out, "{}", serde_json::to_string_pretty(&as_json(figure))?)?;
        }
        format if format.is_prose() => for_people(common, figure, options, out)?,
        format => {
            let (title, lines) = said(figure, common.lang());
            let about = common.about(&title, lines, Vec::new());
            if format != Format::Html {
                return common.write(&data(figure), &about, out, options);
            }
            let mut document = Document { about, parts: Vec::new() };
            for (title, table) in tables(figure, common.lang()) {
                document.add(title, table);
            }
            format.write_document(&document, out, options)?;
        }
    }
    Ok(None)
}

/// The heading of a figure and the sentences about it.
fn said(figure: &Figure<'_>, lang: Lang) -> (String, Vec<String>) {
    let locale = lang.key();
    let (subject, name) = (figure.subject.name(lang), figure.metric.name.get(lang));
    let (year, key) = (figure.year, &figure.metric.key);
    let title =
        t!("why.heading", locale = locale, subject = subject, year = year, name = name, key = key);
    let mut lines = vec![result(figure, lang)];
    lines.extend(description(figure.metric, lang));
    lines.extend(provenance(figure, lang));
    (title.into_owned(), lines)
}

/// The interval, where it is asked for and there is one.
fn interval(figure: &Figure<'_>) -> Option<(f64, f64)> {
    let share = figure.interval && figure.metric.unit == Unit::Rate;
    let (part, of) =
        figure.measured.numerator.zip(figure.measured.denominator).filter(|_| share)?;
    metric::wilson(part, of)
}

fn for_people(
    common: &Common,
    figure: &Figure<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let (lang, format) = (common.lang(), common.format_or(Format::Table)?);
    let (first, second) = if format == Format::Markdown { ("# ", "## ") } else { ("", "") };
    let (title, lines) = said(figure, lang);
    writeln!(out, "{first}{title}\n")?;
    for line in lines {
        writeln!(out, "{}\n", export::fold(&line, options.width))?;
    }
    for (number, (title, mut table)) in tables(figure, lang).into_iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        if let Some(most) = rows(common, None, SCREEN_ROWS)?.filter(|most| table.rows.len() > *most)
        {
            table.total_rows = Some(table.rows.len());
            table.rows.truncate(most);
        }
        writeln!(out, "{second}{title}\n")?;
        format.write(&table, out, options)?;
    }
    Ok(())
}

/// A value of the measure as people read it.
fn shown(metric: &Metric, value: &Value) -> String {
    export::shown(value, metric.unit.in_tables())
}

/// The same with its unit, in a sentence.
fn with_unit(metric: &Metric, value: &Value, lang: Lang) -> String {
    let value = shown(metric, value);
    match metric.unit {
        Unit::MoneyFen => t!("why.yuan", locale = lang.key(), value = value).into(),
        _ => value,
    }
}

/// The figure in one sentence.
fn result(figure: &Figure<'_>, lang: Lang) -> String {
    let (metric, measured, locale) = (figure.metric, &figure.measured, lang.key());
    let value = with_unit(metric, &measured.value(metric.unit), lang);
    let mut text: String = match (measured.numerator, measured.denominator) {
        (None, _) => t!("why.none", locale = locale).into(),
        (Some(_), None) => t!("why.value", locale = locale, value = value).into(),
        (Some(part), Some(of)) => {
            t!("why.quotient", locale = locale, value = value, part = part, of = of).into()
        }
    };
    if measured.denominator == Some(0) {
        text += &t!("why.over_nothing", locale = locale);
    } else if let Some(least) = metric.least.filter(|_| measured.is_small(metric)) {
        text += &t!("why.small", locale = locale, least = least);
    }
    if let Some((low, high)) = interval(figure) {
        let [low, high] = [low, high].map(|x| export::shown(&Value::Real(x), Meaning::Rate));
        text += &t!("why.interval", locale = locale, low = low, high = high);
    }
    text
}

/// Which reports were used, of what scope and editions.
fn provenance(figure: &Figure<'_>, lang: Lang) -> Vec<String> {
    let (measured, locale) = (&figure.measured, lang.key());
    let editions: Vec<&str> = measured.editions.iter().map(String::as_str).collect();
    let mut lines: Vec<String> = Vec::new();
    if let Some(scope) = measured.scope_used {
        let (scope, editions) = (scope_name(scope, lang), editions.join(" "));
        lines
            .push(t!("why.scope_used", locale = locale, scope = scope, editions = editions).into());
    }
    if editions.len() > 1 {
        lines.push(t!("why.mixed", locale = locale).into());
    }
    if let (Subject::Body(_), Some(only)) = (&figure.subject, figure.reports.first()) {
        lines.push(t!("show.source", locale = locale, path = only.report.path).into());
        return lines;
    }
    let counts = t!(
        "why.counts",
        locale = locale,
        reports = measured.reports,
        used = measured.used,
        incomplete = measured.incomplete,
        not_asked = measured.not_asked,
        covered = figure.left_out().filter(|e| e.report.reason == Reason::Covered).count()
    );
    lines.push(counts.into());
    if measured.used > 1 {
        lines.push(t!("why.each_cell", locale = locale).into());
    }
    lines
}

fn scope_name(scope: &str, lang: Lang) -> String {
    let key = if scope == "aggregate+own" { "both" } else { scope };
    t!(format!("scope.{key}"), locale = lang.key()).into_owned()
}

/// The tables for people: reports with their parts where the figure is a sum, cells where it is of
/// one report, and what was left out.
fn tables(figure: &Figure<'_>, lang: Lang) -> Vec<(String, Table)> {
    let locale = lang.key();
    let mut out: Vec<(String, Table)> = Vec::new();
    if let (Subject::Body(_), Some(only)) = (&figure.subject, figure.reports.first()) {
        if only.report.reason == Reason::Used || !only.cells.is_empty() {
            out.push((t!("why.cells", locale = locale).into(), cells(figure, only, lang)));
        }
        if only.report.reason == Reason::Used {
            return out;
        }
    }
    let used: Vec<&Evidence> = figure.used().collect();
    if !used.is_empty() {
        let title = t!("why.used", locale = locale, count = used.len());
        out.push((title.into(), reports(figure, &used, lang)));
    }
    if let [only] = used.as_slice() {
        out.push((t!("why.cells", locale = locale).into(), cells(figure, only, lang)));
    }
    let left_out: Vec<&Evidence> = figure.left_out().collect();
    if !left_out.is_empty() {
        let title = t!("why.left_out", locale = locale, count = left_out.len());
        out.push((title.into(), reports(figure, &left_out, lang)));
    }
    out
}

/// Columns with their headings.
fn columns(names: &[&str], lang: Lang) -> Vec<Column> {
    output::columns(names, |n| t!(format!("why.column.{n}"), locale = lang.key()).into())
}

/// Reports with their parts, or with the reason why they are left out.
fn reports(figure: &Figure<'_>, of: &[&Evidence], lang: Lang) -> Table {
    let metric = figure.metric;
    let text = |s: &str| Value::Text(s.to_owned());
    let is_used = of.iter().all(|e| e.report.reason == Reason::Used);
    let mut names = vec!["organ", "scope", "edition"];
    match (is_used, metric.denominator.is_some()) {
        (true, true) => names.extend(["numerator", "denominator", "value", "path"]),
        (true, false) => names.extend(["value", "path"]),
        (false, _) => names.extend(["reason", "path"]),
    }
    let row = |e: &&Evidence| {
        let r = &e.report;
        let value = metric::value(metric.unit, r.numerator, r.denominator);
        let of = |name: &&str| match *name {
            "organ" => text(&r.organ),
            "scope" => text(&scope_name(&r.scope, lang)),
            "edition" => r.edition.as_deref().map_or(Value::Null, text),
            "numerator" => r.numerator.map_or(Value::Null, Value::Int),
            "denominator" => r.denominator.map_or(Value::Null, Value::Int),
            "value" => Value::Text(shown(metric, &value)),
            "reason" => Value::Text(reason(e, lang)),
            _ => text(&r.path),
        };
        names.iter().map(of).collect()
    };
    let rows = of.iter().map(row).collect();
    let mut columns = columns(&names, lang);
    for column in &mut columns {
        if matches!(column.name.as_str(), "numerator" | "denominator" | "value") {
            column.unit = Meaning::Count;
        }
    }
    Table { columns, rows, total_rows: None }
}

/// Why a report is left out, with the cells that nothing settles.
fn reason(evidence: &Evidence, lang: Lang) -> String {
    let locale = lang.key();
    let said = match evidence.report.reason {
        Reason::Used => t!("why.reason.used", locale = locale),
        Reason::Incomplete => t!("why.reason.incomplete", locale = locale),
        Reason::NoTable => t!("why.reason.no_table", locale = locale),
        Reason::NotAsked => t!("why.reason.not_asked", locale = locale),
        Reason::UnknownForm => t!("why.reason.unknown_form", locale = locale),
        Reason::Summary => t!("why.reason.summary", locale = locale),
        Reason::Covered => t!("why.reason.covered", locale = locale),
    };
    let open = evidence.cells.iter().filter(|cell| cell.value.is_none());
    let open: Vec<&str> = open.map(|cell| cell.label.get(lang)).collect();
    let (cells, count) = (open.first().copied().unwrap_or_default(), open.len());
    let cells = match count {
        0 => return said.into(),
        1 => cells.into(),
        _ => t!("findings.more_cells", locale = lang.key(), first = cells, count = count),
    };
    t!("why.open_cells", locale = lang.key(), said = said, cells = cells).into()
}

/// The cells of a report for people.
fn cells(figure: &Figure<'_>, of: &Evidence, lang: Lang) -> Table {
    let text = |s: String| Value::Text(s);
    let row = |cell: &CellShown| {
        let parts: Vec<String> = cell.roles.iter().map(|r| role(*r, lang)).collect();
        vec![
            text(parts.join(&t!("show.and", locale = lang.key()))),
            text(cell.label.get(lang).to_owned()),
            cell.raw.clone().map_or(Value::Null, |raw| text(corrected(raw, cell, lang))),
            text(state(cell.state, lang)),
            cell.value.map_or(Value::Null, Value::Int),
            text(if cell.implied {
                t!("why.implied", locale = lang.key()).into()
            } else {
                String::new()
            }),
            text(cell.at.as_ref().map_or_else(String::new, |at| at.in_words(lang))),
        ]
    };
    let names = ["part", "label", "raw", "state", "value", "implied", "place"];
    let mut columns = columns(&names, lang);
    let money = figure.metric.unit == Unit::MoneyFen;
    columns[4].unit = if money { Meaning::Fen } else { Meaning::Count };
    Table { columns, rows: of.cells.iter().map(row).collect(), total_rows: None }
}

/// The text of a cell; of one that somebody corrected with what it says itself.
fn corrected(raw: String, cell: &CellShown, lang: Lang) -> String {
    let Some(correction) = &cell.correction else { return raw };
    let original = correction.raw.as_deref().unwrap_or_default();
    let locale = lang.key();
    let (reason, by) = (&correction.reason, &correction.by);
    t!("why.corrected", locale = locale, raw = raw, original = original, reason = reason, by = by)
        .into()
}

/// The word for what a cell holds.
fn state(state: State, lang: Lang) -> String {
    let locale = lang.key();
    let word = match state {
        State::Number => t!("why.state.number", locale = locale),
        State::Zero => t!("why.state.zero", locale = locale),
        State::Blank => t!("why.state.blank", locale = locale),
        State::NotApplicable => t!("why.state.not_applicable", locale = locale),
        State::Text => t!("why.state.text", locale = locale),
        State::Missing => t!("why.state.missing", locale = locale),
    };
    word.into_owned()
}

/// Every cell of every report as a row; a report without cells has one row.
fn data(figure: &Figure<'_>) -> Table {
    const NAMES: [&str; 22] = [
        "organ",
        "year",
        "scope",
        "edition",
        "revision",
        "reason",
        "numerator",
        "denominator",
        "part",
        "cell",
        "raw",
        "state",
        "value",
        "implied",
        "unit",
        "path",
        "page",
        "line",
        "offset",
        "table",
        "row",
        "column",
    ];
    let text = |s: &str| Value::Text(s.to_owned());
    let or_null = |s: Option<&str>| s.map_or(Value::Null, text);
    let int = |n: Option<i64>| n.map_or(Value::Null, Value::Int);
    let mut rows = Vec::new();
    for Evidence { report: r, cells } in &figure.reports {
        let cells = cells.iter().map(Some);
        let none = std::iter::once(None).filter(|_| cells.len() == 0);
        for cell in cells.clone().chain(none) {
            let at = cell.and_then(|c| c.at.as_ref());
            let place = |of: fn(&Place) -> Option<u32>| int(at.and_then(of).map(i64::from));
            let parts = cell.map(|c| c.roles.iter().map(|r| r.key()).collect::<Vec<_>>().join(" "));
            rows.push(vec![
                text(&r.organ),
                Value::Int(r.year.into()),
                text(&r.scope),
                or_null(r.edition.as_deref()),
                Value::Int(r.revision),
                text(r.reason.key()),
                int(r.numerator),
                int(r.denominator),
                or_null(parts.as_deref()),
                or_null(cell.map(|c| c.cell.as_str())),
                or_null(cell.and_then(|c| c.raw.as_deref())),
                or_null(cell.map(|c| c.state.key())),
                int(cell.and_then(|c| c.value)),
                int(cell.map(|c| c.implied.into())),
                or_null(cell.and_then(|c| c.unit.as_deref())),
                text(&r.path),
                place(|at| at.page),
                place(|at| at.line),
                place(|at| at.offset),
                place(|at| at.table),
                place(|at| at.row),
                place(|at| at.column),
            ]);
        }
    }
    Table { columns: NAMES.map(Column::new).into(), rows, total_rows: None }
}

/// The figure with every cell; its keys are the same for every figure.
fn as_json(figure: &Figure<'_>) -> Json {
    let (metric, measured) = (figure.metric, &figure.measured);
    let (body, region) = match &figure.subject {
        Subject::Body(organ) => (Json::from(organ.as_str()), Json::Null),
        Subject::Region(code, name) => {
            (Json::Null, json!({ "code": code.to_string(), "name": name }))
        }
        Subject::Everywhere => (Json::Null, Json::Null),
    };
    let value = match measured.value(metric.unit) {
        Value::Int(n) => n.into(),
        Value::Real(x) => x.into(),
        _ => Json::Null,
    };
    let report = |e: &Evidence| {
        let r = &e.report;
        json!({
            "report_id": r.report, "organ": r.organ, "region_code": r.region_code, "year": r.year,
            "scope": r.scope, "edition": r.edition, "revision": r.revision, "path": r.path,
            "reason": r.reason.key(), "numerator": r.numerator, "denominator": r.denominator,
            "cells": e.cells,
        })
    };
    json!({
        "metric": metric,
        "body": body,
        "region": region,
        "year": figure.year,
        "scope": figure.scope.map_or("auto", |scope| scope.key()),
        "scope_used": measured.scope_used,
        "editions_used": measured.editions,
        "reports": measured.reports,
        "used": measured.used,
        "incomplete": measured.incomplete,
        "not_asked": measured.not_asked,
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "value": value,
        "small": measured.is_small(metric),
        "interval": interval(figure).map(|(low, high)| [low, high]),
        "contributing": figure.used().map(report).collect::<Vec<_>>(),
        "left_out": figure.left_out().map(report).collect::<Vec<_>>(),
    })
}
