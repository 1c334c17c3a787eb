//! `cohort`: the trend over the bodies that have the figure in every year.

use polars::prelude::{DataFrame, DataType, Expr, IntoLazy, JoinArgs, JoinType, col, lit};
use rusqlite::Connection;
use rust_i18n::t;

use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::Request;
use super::sums::{Whole, added};
use super::trend::series;
use super::{notes, nothing, one_metric};
use crate::query::polars::collect;

/// Runs it.
///
/// # Errors
/// When a measure is missing, no body has the figure in every year, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let metric = one_metric(request)?;
    let base = Base::read(conn, request.forms, &[metric], &request.selection(), request.region)?;
    let whole = Whole::Mixed(request.region);
    let reports = base.of(0)?.filter(whole.counts(request, metric));
    let told = || col("n").is_not_null();
    let years = collect(reports.clone().filter(told()).select([col("year").unique()]))?;
    let years: Vec<i64> = years.column("year")?.i64()?.iter().flatten().collect();
    if years.is_empty() {
        return Err(nothing(request));
    }
    let of_years = |year: &i64| col("year").eq(lit(*year));
    let in_years = years.iter().map(of_years).reduce(Expr::or);
    let reports = match in_years {
        Some(condition) => reports.filter(condition),
        None => reports,
    };
    let bodies = collect(reports.clone().group_by([col("series_id")]).agg([
        col("year").n_unique().cast(DataType::Int64).alias("reported"),
        col("year").filter(told()).n_unique().cast(DataType::Int64).alias("told"),
    ]))?;
    let panel = Panel::of(&bodies, years.len() as i64)?;
    let (first, last) = (years.iter().min(), years.iter().max());
    let span = format!("{}-{}", first.unwrap_or(&0), last.unwrap_or(&0));
    if panel.members == 0 {
        return Err(Error::NoPanel { years: span, bodies: bodies.height() });
    }
    let members = bodies.lazy().filter(col("told").eq(lit(years.len() as i64)));
    let members = members.select([col("series_id")]);
    let inner = JoinArgs::new(JoinType::Inner);
    let own = reports.join(members, [col("series_id")], [col("series_id")], inner);
    let counts = own
        .clone()
        .group_by([col("year")])
        .agg([col("series_id").n_unique().cast(DataType::Int64).alias("bodies")]);
    let plan = added(own, request, (0, metric), None, true);
    let plan = series(plan, metric, None);
    let plan = plan.join(counts, [col("year")], [col("year")], JoinArgs::new(JoinType::Left));
    let frame = collect(plan.sort_by_exprs([col("year")], Default::default()))?;
    let mut notes = notes::of_sums(request, &frame, &[metric], whole)?;
    notes.insert(1, panel.note(request, &span));
    Outcome::of(request, &frame, &[metric], notes)
}

/// Who is in, and why the others are not.
struct Panel {
    members: usize,
    absent: usize,
    untold: usize,
}

impl Panel {
    fn of(bodies: &DataFrame, years: i64) -> Result<Panel, Error> {
        let (reported, told) = (bodies.column("reported")?.i64()?, bodies.column("told")?.i64()?);
        let mut panel = Panel { members: 0, absent: 0, untold: 0 };
        for (reported, told) in reported.iter().zip(told.iter()) {
            match (reported == Some(years), told == Some(years)) {
                (_, true) => panel.members += 1,
                (false, false) => panel.absent += 1,
                (true, false) => panel.untold += 1,
            }
        }
        Ok(panel)
    }

    fn note(&self, request: &Request<'_>, span: &str) -> String {
        let out = self.absent + self.untold;
        t!(
            "analyze.note.panel",
            locale = request.lang.key(),
            years = span,
            members = self.members,
            out = out,
            absent = self.absent,
            untold = self.untold
        )
        .into()
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NamedFrom, Series};

    use super::*;

    #[test]
    fn a_body_is_out_for_one_reason() {
        let column = |name: &str, values: &[i64]| Series::new(name.into(), values).into();
        let columns = vec![column("reported", &[3, 3, 2, 1, 3]), column("told", &[3, 2, 2, 0, 3])];
        let panel = Panel::of(&DataFrame::new(5, columns).unwrap(), 3).unwrap();
        assert_eq!((panel.members, panel.absent, panel.untold), (2, 2, 1));
    }
}
