//! The analyses: questions that take more than one statement, as lazy Polars expressions over a
//! frame read from the store.
//!
//! [`Base`] is the frame: one row a report with its body and the figures of each measure, from the
//! measure's own statement, so that there is one definition of it. `sums` chooses the reports that
//! count and adds them up; each analysis has a file of its own; what people read of it stands in
//! `data/analyses.toml`. A new analysis is a file, an entry there and a line in the list below.

mod benchmark;
mod bodies;
mod breakdown;
mod cohort;
mod compare;
mod correction_rate;
mod correlate;
mod definition;
mod drawn;
mod error;
mod forecast;
mod frame;
mod notes;
mod outcome;
mod outliers;
mod rank;
mod request;
mod stats;
mod sums;
#[cfg(test)]
mod tests;
mod trend;

use rusqlite::Connection;
use rust_i18n::t;

use crate::metric::{Metric, Selection};
use crate::report::Scope;

pub use definition::{Count, Definition, Dictionary};
pub use error::Error;
pub use frame::Base;
pub use outcome::Outcome;
pub use request::{By, LEVELS, Method, Peer, Request, Subject};

/// What works an analysis out.
type Run = fn(&mut Connection, &Request<'_>) -> Result<Outcome, Error>;

/// The analyses by name.
const RUN: [(&str, Run); 10] = [
    ("trend", trend::run),
    ("correction-rate", correction_rate::run),
    ("compare", compare::run),
    ("rank", rank::run),
    ("benchmark", benchmark::run),
    ("outliers", outliers::run),
    ("breakdown", breakdown::run),
    ("cohort", cohort::run),
    ("correlate", correlate::run),
    ("forecast", forecast::run),
];

/// Works an analysis out.
///
/// # Errors
/// [`Error`]: something that it needs is missing, there is nothing to work on, or the database
/// cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let name = request.definition.name.as_str();
    let found = RUN.iter().find(|(known, _)| *known == name);
    let (_, run) = found.ok_or_else(|| Error::Broken(name.to_owned()))?;
    let request = Request { scope: scope(conn, request)?, ..request.clone() };
    run(conn, &request)
}

/// The scope asked for; of a named body without own reports that of its summaries.
fn scope(conn: &Connection, request: &Request<'_>) -> Result<Option<Scope>, Error> {
    let Some(series) = request.series().filter(|_| request.scope.is_none()) else {
        return Ok(request.scope);
    };
    let sql = "SELECT COUNT(*) FILTER (WHERE r.scope = 'own'), COUNT(*) FROM report AS r
         INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE COALESCE(o.series_id, o.id) = ?1 AND r.is_current = 1 AND r.year BETWEEN ?2 AND ?3";
    let years = request.years();
    let (own, all): (i64, i64) =
        conn.query_row(sql, [series, (*years.start()).into(), (*years.end()).into()], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
    Ok((own == 0 && all > 0).then_some(Scope::Aggregate))
}

/// The last year in which each of the selections has a report.
fn last_year(conn: &Connection, selections: &[Selection]) -> Result<Option<i32>, Error> {
    let years = selections.iter().map(|selection| {
        format!("SELECT r.year AS year FROM report AS r WHERE {}", selection.reports())
    });
    let sql = format!("SELECT MAX(year) FROM ({})", years.collect::<Vec<_>>().join(" INTERSECT "));
    Ok(conn.query_row(&sql, [], |r| r.get(0))?)
}

/// The request in the year asked for, else in the last there is.
fn in_one_year<'a>(conn: &Connection, request: &Request<'a>) -> Result<(Request<'a>, i32), Error> {
    let year = match request.to {
        Some(year) => year,
        None => last_year(conn, &[request.selection()])?.ok_or_else(|| nothing(request))?,
    };
    Ok((Request { from: Some(year), to: Some(year), ..request.clone() }, year))
}

/// The measure that is asked for, where there must be one.
fn one_metric<'a>(request: &Request<'a>) -> Result<&'a Metric, Error> {
    match request.metrics.as_slice() {
        [metric] => Ok(metric),
        [] => Err(Error::Missing {
            analysis: request.definition.name.clone(),
            what: "--metric".to_owned(),
        }),
        _ => Err(Error::WrongNumber {
            analysis: request.definition.name.clone(),
            usage: request.definition.example.clone(),
        }),
    }
}

/// That there are no reports.
fn nothing(request: &Request<'_>) -> Error {
    let years = request.years();
    let mut what: Vec<String> = request.subjects.iter().map(Subject::name).collect();
    what.extend(request.region.map(|code| code.to_string()));
    what.extend(match (request.from, request.to) {
        (None, None) => None,
        _ if years.start() == years.end() => Some(years.start().to_string()),
        _ => Some(format!("{}-{}", years.start(), years.end())),
    });
    if what.is_empty() {
        what.push(t!("why.everywhere").into());
    }
    Error::Nothing { what: what.join(" ") }
}
