//! What was found in the reports of a matrix, and which of its columns that is about.

use std::collections::HashMap;

use rust_i18n::t;

use super::super::{Chosen, cell_said, corrected, open_findings};
use super::{Matrix, Remark, RemarkKind, Source};
use crate::metric::Metric;
use crate::report::Severity;
use crate::store::{Corrected, Shown, StoreError};

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

    /// Those that cells are in.
    fn about(&self, edition: &str, cells: &[String]) -> Vec<usize> {
        let known = cells.iter().filter_map(|cell| self.0.get(&(edition, cell.as_str())));
        let mut columns: Vec<usize> = known.flatten().copied().collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// What there is to say of a report.
struct Said {
    kind: RemarkKind,
    sentence: String,
    /// Edition of the cells.
    edition: String,
    cells: Vec<String>,
}

impl Said {
    fn found(found: &Shown, report: &Chosen, source: Source<'_>) -> Said {
        Said {
            kind: RemarkKind::Found(found.severity),
            sentence: found.told(source.forms, source.lang, false),
            edition: report.edition.clone().unwrap_or_default(),
            cells: found.cells.clone(),
        }
    }

    fn corrected(correction: Corrected, source: Source<'_>) -> Said {
        let original = correction.original.clone().unwrap_or_default();
        let sentence = t!(
            "deliver.form.corrected",
            locale = source.lang.key(),
            cell = cell_said(&correction, source.forms, source.lang),
            original = original,
            text = correction.raw
        );
        Said {
            kind: RemarkKind::Corrected,
            sentence: sentence.into_owned(),
            edition: correction.edition,
            cells: vec![correction.cell],
        }
    }
}

impl Matrix<'_> {
    /// What there is to say of reports, the worst first; counts those that were not checked.
    fn said(
        &mut self,
        source: Source<'_>,
        reports: &[Chosen],
    ) -> Result<HashMap<i64, Vec<Said>>, StoreError> {
        let mut said: HashMap<i64, Vec<Said>> = HashMap::new();
        for report in reports {
            match open_findings(source.conn, report.id, Severity::Warning)? {
                Some(found) => {
                    let found = found.iter().map(|s| Said::found(s, report, source));
                    said.insert(report.id, found.collect());
                }
                None => self.unchecked += 1,
            }
        }
        for correction in corrected(source.conn, reports.iter().map(|r| r.id))? {
            let of_report = said.entry(correction.report).or_default();
            of_report.push(Said::corrected(correction, source));
        }
        Ok(said)
    }

    /// Puts beside each line what there is to say of its report.
    pub(super) fn look(
        &mut self,
        source: Source<'_>,
        reports: &[Chosen],
    ) -> Result<(), StoreError> {
        let columns = Columns::of(self.columns.iter().map(|column| column.metric));
        let mut said = self.said(source, reports)?;
        for line in &mut self.lines {
            let said = said.remove(&line.report.id).unwrap_or_default();
            line.remarks = said
                .into_iter()
                .map(|s| Remark {
                    kind: s.kind,
                    columns: columns.about(&s.edition, &s.cells),
                    sentence: s.sentence,
                })
                .collect();
        }
        Ok(())
    }

    /// Puts beside each body what there is to say of its reports of all years.
    pub(super) fn look_over_years(
        &mut self,
        source: Source<'_>,
        lines: &HashMap<i64, usize>,
        reports: &[Chosen],
    ) -> Result<(), StoreError> {
        let columns = Columns::of(self.columns.iter().map(|c| c.metric).take(1));
        let mut said = self.said(source, reports)?;
        let (locale, years) = (source.lang.key(), self.columns.iter().map(|c| c.year));
        let at: HashMap<i32, usize> =
            years.enumerate().filter_map(|(n, year)| Some((year?, n))).collect();
        for report in reports {
            let Some(line) = lines.get(&report.id) else { continue };
            for s in said.remove(&report.id).unwrap_or_default() {
                let touched = !columns.about(&s.edition, &s.cells).is_empty();
                let (year, said) = (report.year, s.sentence);
                self.lines[*line].remarks.push(Remark {
                    kind: s.kind,
                    sentence: t!(
                        "deliver.matrix.of_year",
                        locale = locale,
                        year = year,
                        said = said
                    )
                    .into(),
                    columns: at.get(&year).filter(|_| touched).copied().into_iter().collect(),
                });
            }
        }
        for line in &mut self.lines {
            // the worst first, what was corrected last
            line.remarks.sort_by_key(|r| std::cmp::Reverse(r.kind));
        }
        Ok(())
    }
}
