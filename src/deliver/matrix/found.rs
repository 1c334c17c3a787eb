//! What was found in the reports of a matrix, and which of its columns that is about.

use std::collections::HashMap;

use rust_i18n::t;

use super::super::{Chosen, open_findings};
use super::{Matrix, Remark, Source};
use crate::metric::Metric;
use crate::report::Severity;
use crate::store::{Shown, StoreError};

/// The columns that a cell is in, by edition and cell.
struct Columns<'m>(HashMap<(&'m str, &'m str), Vec<usize>>);

impl<'m> Columns<'m> {
    fn of(metrics: impl Iterator<Item = &'m Metric>) -> Columns<'m> {
        let mut columns: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for (number, metric) in metrics.enumerate() {
            for edition in &metric.editions {
                let counted = metric.parts().flat_map(|part| part.cells(edition));
                for cell in counted.chain(metric.needs(edition)) {
                    let known = columns.entry((edition.as_str(), cell.as_str())).or_default();
                    if known.last() != Some(&number) {
                        known.push(number);
                    }
                }
            }
        }
        Columns(columns)
    }

    /// Those that a finding is about.
    fn about(&self, edition: Option<&str>, found: &Shown) -> Vec<usize> {
        let Some(edition) = edition else { return Vec::new() };
        let cells = found.cells.iter();
        let known = cells.filter_map(|cell| self.0.get(&(edition, cell.as_str())));
        let mut columns: Vec<usize> = known.flatten().copied().collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

impl Matrix<'_> {
    /// Puts beside each line what was found in its report.
    pub(super) fn look(
        &mut self,
        source: Source<'_>,
        lines: &HashMap<i64, usize>,
    ) -> Result<(), StoreError> {
        let columns = Columns::of(self.columns.iter().map(|column| column.metric));
        for (report, line) in lines {
            let Some(found) = open_findings(source.conn, *report, Severity::Warning)? else {
                self.unchecked += 1;
                continue;
            };
            let line = &mut self.lines[*line];
            let edition = line.report.edition.as_deref();
            line.remarks = found
                .iter()
                .map(|s| Remark {
                    severity: s.severity,
                    sentence: s.told(source.forms, source.lang, false),
                    columns: columns.about(edition, s),
                })
                .collect();
        }
        Ok(())
    }

    /// Puts beside each body what was found in its reports of all years.
    pub(super) fn look_over_years(
        &mut self,
        source: Source<'_>,
        lines: &HashMap<i64, usize>,
        reports: &[Chosen],
    ) -> Result<(), StoreError> {
        let columns = Columns::of(self.columns.iter().map(|c| c.metric).take(1));
        for report in reports {
            let Some(found) = open_findings(source.conn, report.id, Severity::Warning)? else {
                self.unchecked += 1;
                continue;
            };
            let year = self.columns.iter().position(|c| c.year == Some(report.year));
            let Some(line) = lines.get(&report.id) else { continue };
            for s in &found {
                let touched = !columns.about(report.edition.as_deref(), s).is_empty();
                let sentence = s.told(source.forms, source.lang, false);
                let (locale, of) = (source.lang.key(), report.year);
                self.lines[*line].remarks.push(Remark {
                    severity: s.severity,
                    sentence: t!(
                        "deliver.matrix.of_year",
                        locale = locale,
                        year = of,
                        said = sentence
                    )
                    .into(),
                    columns: year.filter(|_| touched).into_iter().collect(),
                });
            }
        }
        for line in &mut self.lines {
            line.remarks.sort_by_key(|r| std::cmp::Reverse(r.severity));
        }
        Ok(())
    }
}
