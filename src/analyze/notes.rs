//! What must be said beside an answer: of what it is, which reports it is from, what was left out.

use std::collections::BTreeSet;

use polars::prelude::DataFrame;
use rust_i18n::t;

use super::error::Error;
use super::request::Request;
use super::sums::Whole;
use crate::metric::{Comparable, Metric};
use crate::report::Scope;

/// The sum of a column of counts.
///
/// # Errors
/// When it is not there.
pub fn total(frame: &DataFrame, column: &str) -> Result<i64, Error> {
    Ok(frame.column(column)?.i64()?.iter().flatten().sum())
}

/// What the measure is, whose reports are used and how many, and what to mind where editions are
/// compared; of a frame with the columns of `sums`.
///
/// # Errors
/// When a column is missing.
pub fn of_sums(
    request: &Request<'_>,
    frame: &DataFrame,
    metrics: &[&Metric],
    whole: Whole,
) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    if let [metric] = metrics {
        notes.push(of_metric(request, metric));
        notes.push(of_scope(request, metric, whole));
        notes.push(counted(request, frame)?);
    } else if let Some(metric) = metrics.iter().find(|m| !m.own_only) {
        notes.push(of_scope(request, metric, whole));
    }
    notes.extend(small(request, frame, metrics)?);
    notes.extend(editions(request, frame, metrics)?);
    Ok(notes)
}

/// What the measure is.
#[must_use]
pub fn of_metric(request: &Request<'_>, metric: &Metric) -> String {
    let lang = request.lang;
    let (name, key) = (metric.name.get(lang), &metric.key);
    let definition = metric.definition.get(lang);
    t!("analyze.note.metric", locale = lang.key(), name = name, key = key, definition = definition)
        .into()
}

/// Whose reports are used.
#[must_use]
pub fn of_scope(request: &Request<'_>, metric: &Metric, whole: Whole) -> String {
    let locale = request.lang.key();
    match whole.scope(request, metric) {
        Some(Scope::Own) => t!("analyze.note.own", locale = locale),
        Some(Scope::Aggregate) => t!("analyze.note.aggregate", locale = locale),
        None if matches!(whole, Whole::Parts(_)) => t!("analyze.note.auto_parts", locale = locale),
        None => t!("analyze.note.auto", locale = locale),
    }
    .into()
}

/// How many reports there are and what became of them.
fn counted(request: &Request<'_>, frame: &DataFrame) -> Result<String, Error> {
    Ok(t!(
        "analyze.note.counted",
        locale = request.lang.key(),
        reports = total(frame, "reports")?,
        used = total(frame, "used")?,
        incomplete = total(frame, "incomplete")?,
        not_asked = total(frame, "not_asked")?
    )
    .into())
}

/// That some denominators are small.
fn small(
    request: &Request<'_>,
    frame: &DataFrame,
    metrics: &[&Metric],
) -> Result<Option<String>, Error> {
    if total(frame, "small")? == 0 {
        return Ok(None);
    }
    let least: BTreeSet<i64> = metrics.iter().filter_map(|m| request.least(m)).collect();
    let least: Vec<String> = least.iter().map(i64::to_string).collect();
    let least = least.join(request.lang.pick("、", ", "));
    Ok(Some(t!("analyze.note.small", locale = request.lang.key(), least = least).into()))
}

/// That the years are not of the same number of reports: what changes may be who reported.
///
/// # Errors
/// When a column is missing.
pub fn uneven(request: &Request<'_>, frame: &DataFrame) -> Result<Option<String>, Error> {
    let used: Vec<i64> = frame.column("used")?.i64()?.iter().flatten().collect();
    let (Some(least), Some(most)) = (used.iter().min(), used.iter().max()) else {
        return Ok(None);
    };
    let locale = request.lang.key();
    let note = match least * 2 < *most {
        true => t!("analyze.note.very_uneven", locale = locale, least = least, most = most),
        false => t!("analyze.note.uneven", locale = locale, least = least, most = most),
    };
    let is_body = request.series().is_some();
    Ok((least != most && !is_body).then(|| note.into()))
}

/// What to mind where an answer is over several editions; of a frame with their column.
///
/// # Errors
/// When the column is missing.
pub fn editions(
    request: &Request<'_>,
    frame: &DataFrame,
    metrics: &[&Metric],
) -> Result<Vec<String>, Error> {
    let locale = request.lang.key();
    let used: BTreeSet<&str> =
        frame.column("editions")?.str()?.iter().flatten().flat_map(|e| e.split('+')).collect();
    let used: Vec<&str> = used.into_iter().filter(|edition| !edition.is_empty()).collect();
    if used.len() < 2 {
        return Ok(Vec::new());
    }
    let list = used.join(request.lang.pick("、", ", "));
    let mut notes = vec![t!("analyze.note.editions", locale = locale, editions = list).into()];
    let mut caveats = Vec::new();
    for metric in metrics.iter().filter(|metric| metric.comparable != Comparable::Yes) {
        caveats.extend(metric.caveats.iter().map(|c| c.get(request.lang).to_owned()));
    }
    let mut seen = BTreeSet::new();
    caveats.retain(|caveat| seen.insert(caveat.clone()));
    // of many measures each has its own: `metrics` tells them
    match metrics.len() {
        1..=3 => notes.extend(caveats),
        _ => notes.push(t!("analyze.note.see_metrics", locale = locale).into()),
    }
    Ok(notes)
}

/// How many reports one of several measures left out.
///
/// # Errors
/// When a column is missing.
pub fn left_out(
    request: &Request<'_>,
    frame: &DataFrame,
    number: usize,
    metric: &Metric,
) -> Result<String, Error> {
    let of_metric = frame.column("metric")?.i64()?;
    let sum = |column: &str| -> Result<i64, Error> {
        let counts = frame.column(column)?.i64()?;
        let own = of_metric.iter().zip(counts.iter()).filter(|(m, _)| *m == Some(number as i64));
        Ok(own.filter_map(|(_, n)| n).sum())
    };
    Ok(t!(
        "analyze.note.counted_of",
        locale = request.lang.key(),
        name = metric.name.get(request.lang),
        reports = sum("reports")?,
        used = sum("used")?,
        incomplete = sum("incomplete")?,
        not_asked = sum("not_asked")?
    )
    .into())
}

/// Which year it is.
#[must_use]
pub fn of_year(request: &Request<'_>, year: i32) -> String {
    t!("analyze.note.year", locale = request.lang.key(), year = year).into()
}

/// How many are ranked, and how many are not and why.
#[must_use]
pub fn ranked(request: &Request<'_>, metric: &Metric, counts: [i64; 3]) -> String {
    let [ranked, none, small] = counts;
    let locale = request.lang.key();
    match request.least(metric) {
        None => t!("analyze.note.ranked_all", locale = locale, ranked = ranked, none = none),
        Some(least) => t!(
            "analyze.note.ranked",
            locale = locale,
            ranked = ranked,
            none = none,
            small = small,
            least = least
        ),
    }
    .into()
}

/// How many measures have no value and are not shown.
#[must_use]
pub fn left_out_measures(request: &Request<'_>, left_out: usize) -> String {
    t!("analyze.note.compared", locale = request.lang.key(), left_out = left_out).into()
}
