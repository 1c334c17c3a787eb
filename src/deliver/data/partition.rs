//! Which reports are written, and the partition that each lies in.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::deliver::{Choice, Place};
use crate::store::StoreError;

/// What stands for a province in a path where there is none, as in the store. Hive has a name of its
/// own for it, with which PyArrow and pandas fail.
const NO_PROVINCE: &str = "00";
/// Reports are looked up one by one where no more than one in so many is wanted.
const FEW: usize = 8;

/// A year and a province.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    /// Reporting year.
    pub year: i32,
    /// First two digits of the region's code.
    pub province: Option<String>,
}

impl Partition {
    /// Its folder, as Hive names partitions.
    #[must_use]
    pub fn folder(&self) -> String {
        let province = self.province.as_deref().unwrap_or(NO_PROVINCE);
        format!("year={}/province={province}", self.year)
    }
}

/// The reports that are written.
#[derive(Debug, Default)]
pub struct Reports {
    /// By id the number of the partition, from 1; 0: it is not written. Four bytes a report.
    slots: Vec<u32>,
    partitions: Vec<Partition>,
    count: usize,
    /// The highest id of all reports there are.
    last: usize,
}

impl Reports {
    /// The reports that a choice is of: all of them, or with `once` no body twice.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn chosen(conn: &Connection, choice: &Choice, once: bool) -> Result<Reports, StoreError> {
        let last: Option<i64> = conn.query_row("SELECT MAX(id) FROM report", [], |r| r.get(0))?;
        let last = last.and_then(|id| usize::try_from(id).ok()).unwrap_or_default();
        let mut reports = Reports { last, ..Reports::default() };
        let mut known = HashMap::new();
        if once {
            for report in choice.reports(conn)? {
                reports.add(&mut known, &Place::of(&report));
            }
        } else {
            choice.places(conn, |place| reports.add(&mut known, &place))?;
        }
        Ok(reports)
    }

    fn add(&mut self, known: &mut HashMap<Partition, u32>, place: &Place<'_>) {
        let province = place.region_code.and_then(|code| code.get(..2)).map(str::to_owned);
        let partition = Partition { year: place.year, province };
        let slot = *known.entry(partition.clone()).or_insert_with(|| {
            self.partitions.push(partition);
            u32::try_from(self.partitions.len()).unwrap_or(u32::MAX)
        });
        let Ok(id) = usize::try_from(place.report_id) else { return };
        if self.slots.len() <= id {
            self.slots.resize(id + 1, 0);
        }
        self.slots[id] = slot;
        self.count += 1;
    }

    /// The number of a report's partition, from 0; none where it is not written.
    #[must_use]
    pub fn slot(&self, report: i64) -> Option<usize> {
        let slot = *self.slots.get(usize::try_from(report).ok()?)?;
        usize::try_from(slot).ok()?.checked_sub(1)
    }

    /// The partitions by their number.
    #[must_use]
    pub fn partitions(&self) -> &[Partition] {
        &self.partitions
    }

    /// How many they are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Their ids as a JSON array, where they are few among all.
    #[must_use]
    pub fn few(&self) -> Option<String> {
        let ids = || self.slots.iter().enumerate().filter(|(_, slot)| **slot > 0);
        (self.count * FEW <= self.last).then(|| {
            let ids: Vec<String> = ids().map(|(id, _)| id.to_string()).collect();
            format!("[{}]", ids.join(","))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_lies_in_the_partition_of_its_year_and_province() {
        let mut reports = Reports { last: 100, ..Reports::default() };
        let mut known = HashMap::new();
        for (report_id, year, region_code) in [
            (7, 2023, Some("321300")),
            (3, 2023, Some("320500")),
            (9, 2022, Some("321300")),
            (4, 2023, None),
        ] {
            reports.add(&mut known, &Place { report_id, year, region_code });
        }
        let folder = |id: i64| reports.slot(id).map(|slot| reports.partitions()[slot].folder());
        assert_eq!(folder(7).as_deref(), Some("year=2023/province=32"));
        assert_eq!(folder(3), folder(7));
        assert_eq!(folder(9).as_deref(), Some("year=2022/province=32"));
        assert_eq!(folder(4).as_deref(), Some("year=2023/province=00"));
        assert_eq!((folder(5), folder(-1), folder(1000)), (None, None, None));
        assert_eq!(reports.few().as_deref(), Some("[3,4,7,9]"));
        assert_eq!(Reports { last: 31, ..reports }.few(), None);
    }
}
