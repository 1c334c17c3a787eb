//! A level's form as the sum of its units: who is missing, what its published summary differs in, and
//! what must be said of the figures.

use rusqlite::Connection;
use rust_i18n::t;

use super::annexes::{gaps, reconciled, unbalanced};
use super::file::{Annex, FormFile};
use super::sum::Sums;
use crate::check::Below;
use crate::deliver::{cell_said, corrected};
use crate::form::Forms;
use crate::lang::Lang;
use crate::region::Code;
use crate::report::Scope;
use crate::store::{StoreError, SubjectReader, summary_of};
use crate::table::{Column, Table, Value};
use crate::validate::Known;

/// The level of a region: its units, and what it published itself.
pub struct LevelSum {
    /// What it is the sum of, and who is missing.
    pub below: Below,
    /// The report in which it was published, if it is there.
    pub summary: Option<i64>,
}

impl LevelSum {
    /// The level of a region, of a county or higher, in a year.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn find(conn: &Connection, region: Code, year: i32) -> Result<LevelSum, StoreError> {
        let region = region.to_string();
        let summary = summary_of(conn, &region, year)?;
        Ok(LevelSum { below: Below::of(conn, &region, year, summary)?, summary })
    }

    /// Adds who has not reported, and what the published summary differs in.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn tell(
        &self,
        reader: &SubjectReader<'_, '_>,
        sums: &Sums<'_>,
        file: &mut FormFile<'_>,
    ) -> Result<(), StoreError> {
        let figures = self.summary.map(|id| reader.figures(&[id])).transpose()?;
        match figures.as_ref().and_then(|f| f.values().next()) {
            Some(summary) => {
                let differences = reconciled(sums, summary);
                file.notes.push(match &differences {
                    None => t!("deliver.form.agrees").into_owned(),
                    Some(a) => t!("deliver.form.differs", count = a.table.rows.len()).into_owned(),
                });
                file.annexes.extend(differences);
            }
            None => file.notes.push(t!("deliver.form.no_summary").into_owned()),
        }
        let missing = &self.below.missing;
        let title = Some(t!("deliver.form.unit.organ").into_owned());
        let table = Table {
            columns: vec![Column { title, ..Column::new("organ") }],
            rows: missing.iter().map(|name| vec![Value::Text(name.clone())]).collect(),
            total_rows: None,
        };
        file.notes.push(match (self.below.known, missing.len()) {
            (Known::Nobody, _) => t!("deliver.form.nobody_expected").into_owned(),
            (Known::Listed, n) => t!("deliver.form.missing_listed", count = n).into_owned(),
            (Known::LastYear, n) => t!("deliver.form.missing_last_year", count = n).into_owned(),
        });
        if !missing.is_empty() {
            file.annexes.push(Annex { title: t!("deliver.form.not_reported").into_owned(), table });
        }
        Ok(())
    }
}

impl Sums<'_> {
    /// What was added up, in a sentence.
    #[must_use]
    pub fn range(&self) -> String {
        let of = |scope| self.units.iter().filter(|u| u.report.scope == scope).count();
        let without = self.units.iter().filter(|u| u.sheet.is_none()).count();
        let (own, aggregate) = (of(Scope::Own), of(Scope::Aggregate));
        let mut said =
            t!("deliver.form.range", count = self.units.len(), own = own, aggregate = aggregate)
                .into_owned();
        if without > 0 {
            said += &t!("deliver.form.without", count = without);
        }
        said
    }

    /// Adds what the figures must not be taken for: sums that lack units, totals that are not the sum
    /// of their parts, units whose reports have errors or were not checked.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn tell(&self, conn: &Connection, file: &mut FormFile<'_>) -> Result<(), StoreError> {
        file.annexes.extend(gaps(self));
        if let Some(annex) = unbalanced(self) {
            let count = annex.table.rows.len();
            file.notes.push(t!("deliver.form.not_balanced", count = count).into_owned());
            file.annexes.push(annex);
        }
        let mut find = conn.prepare(
            "SELECT
                 EXISTS (SELECT 1 FROM report_check AS c WHERE c.report_id = ?1 AND c.bodies = 1),
                 EXISTS (SELECT 1 FROM report_found AS f WHERE f.report_id = ?1 AND f.errors > 0)",
        )?;
        let (mut unchecked, mut with_errors) = (0, 0);
        for unit in &self.units {
            let (checked, errors) = find.query_row([unit.report.id], |r| {
                Ok((r.get::<_, bool>(0)?, r.get::<_, bool>(1)?))
            })?;
            unchecked += usize::from(!checked);
            with_errors += usize::from(checked && errors);
        }
        if with_errors > 0 {
            file.notes.push(t!("deliver.form.with_errors", count = with_errors).into_owned());
        }
        if unchecked > 0 {
            file.notes.push(t!("deliver.form.unchecked", count = unchecked).into_owned());
        }
        Ok(())
    }
}

/// What was corrected by hand in reports, in sentences.
///
/// # Errors
/// When SQLite fails.
pub fn corrections_said(
    conn: &Connection,
    forms: &Forms,
    reports: impl Iterator<Item = i64>,
) -> Result<Vec<String>, StoreError> {
    let mut said = Vec::new();
    for correction in corrected(conn, reports)? {
        let cell = cell_said(&correction, forms, Lang::Zh);
        let original = correction.original.unwrap_or_default();
        let (organ, text) = (correction.organ, correction.raw);
        said.push(
            t!(
                "deliver.form.unit_corrected",
                organ = organ,
                cell = cell,
                original = original,
                text = text
            )
            .into_owned(),
        );
    }
    Ok(said)
}
