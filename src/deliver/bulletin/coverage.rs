//! Who was to report, and who did.

use rusqlite::Connection;
use rust_i18n::t;
use serde::Serialize;

use super::Subject;
use crate::lang::Lang;
use crate::metric::{Selection, depth};
use crate::region::Code;
use crate::store::{Attendance, Attended, Origin, StoreError, attendance};

/// Reports of a region and year, own reports and summaries alike.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coverage {
    /// Expected.
    pub expected: usize,
    /// Expected and there.
    pub come: usize,
    /// Expected and not there.
    pub missing: usize,
    /// There without being expected.
    pub unexpected: usize,
    /// Published after the day of the statute.
    pub late: usize,
    /// Of which another source has other figures.
    pub twice: usize,
    /// With errors that nobody dismissed.
    pub with_errors: usize,
    /// Checked, and without errors.
    pub clean: usize,
    /// Not checked since they changed.
    pub unchecked: usize,
    /// On a form that was not in force for the year.
    pub other_form: usize,
    /// Names of those missing.
    pub missing_names: Vec<String>,
    /// Names of those late.
    pub late_names: Vec<String>,
    /// Whether the user's list says who is expected.
    pub listed: bool,
}

impl Coverage {
    /// Of a region and all under it.
    pub(super) fn of(conn: &Connection, subject: &Subject<'_>) -> Result<Coverage, StoreError> {
        let mut all = attendance(conn, Some(subject.year))?;
        all.retain(|a| is_inside(a, subject.region));
        let mut coverage =
            Coverage { other_form: other_forms(conn, subject)?, ..Coverage::default() };
        for a in &all {
            let is_there = a.state != Attendance::Missing;
            coverage.expected += usize::from(a.state != Attendance::Unexpected);
            coverage.come += usize::from(a.state == Attendance::Come);
            coverage.missing += usize::from(!is_there);
            coverage.unexpected += usize::from(a.state == Attendance::Unexpected);
            coverage.late += usize::from(a.late);
            coverage.twice += usize::from(a.twice);
            coverage.with_errors += usize::from(is_there && a.checked && a.errors > 0);
            coverage.clean += usize::from(is_there && a.checked && a.errors == 0);
            coverage.unchecked += usize::from(is_there && !a.checked);
            coverage.listed |= a.origin == Some(Origin::Listed);
            if !is_there {
                coverage.missing_names.push(a.organ.clone());
            }
            if a.late {
                coverage.late_names.push(a.organ.clone());
            }
        }
        Ok(coverage)
    }

    /// The counts with their names; none of those that rest on who was to report where nobody is
    /// known to be expected.
    pub(super) fn counts(&self, lang: Lang) -> [(String, Option<usize>); 10] {
        let named = |(key, count): (&str, Option<usize>)| {
            let name = t!(format!("deliver.bulletin.coverage.{key}"), locale = lang.key());
            (name.into_owned(), count)
        };
        let of_expected = |count| (self.expected > 0).then_some(count);
        [
            ("expected", of_expected(self.expected)),
            ("come", Some(if self.expected > 0 { self.come } else { self.unexpected })),
            ("missing", of_expected(self.missing)),
            ("unexpected", of_expected(self.unexpected)),
            ("late", Some(self.late)),
            ("twice", Some(self.twice)),
            ("with_errors", Some(self.with_errors)),
            ("clean", Some(self.clean)),
            ("unchecked", Some(self.unchecked)),
            ("other_form", Some(self.other_form)),
        ]
        .map(named)
    }
}

/// Whether a body is of the region or of one under it, as the codes tell.
fn is_inside(attended: &Attended, region: Code) -> bool {
    let inside = |code: &String| match depth(region) {
        4 => *code == region.to_string(),
        _ => code.starts_with(&region.prefix()),
    };
    attended.region_code.as_ref().is_some_and(inside)
        || attended.township_code.as_ref().is_some_and(inside)
}

/// Current reports on a form that was not in force for the year.
fn other_forms(conn: &Connection, subject: &Subject<'_>) -> Result<usize, StoreError> {
    let years = subject.year..=subject.year;
    let selection = Selection::Current { years, region: Some(subject.region) };
    let sql = format!(
        "SELECT r.edition, COUNT(*) FROM report AS r
         WHERE {} AND r.edition IS NOT NULL GROUP BY r.edition",
        selection.reports()
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut other = 0;
    while let Some(r) = rows.next()? {
        let (edition, count): (String, i64) = (r.get(0)?, r.get(1)?);
        if subject.forms.get(&edition).is_some_and(|form| !form.in_force(subject.year)) {
            other += usize::try_from(count).unwrap_or(0);
        }
    }
    Ok(other)
}
