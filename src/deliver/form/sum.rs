//! The figures of many reports added up, cell by cell of one edition's form.
//!
//! Only what every report's edition asks for is added: a sum over half of the reports would look
//! like one over all. A cell that a report leaves open is not taken for 0; the sum says how many
//! reports it lacks.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Chosen;
use crate::form::Form;
use crate::validate::{Counterparts, Seen, Sheet, counterparts};

/// A report with its figures.
#[derive(Debug, Clone)]
pub struct Unit<'f> {
    /// The report.
    pub report: Chosen,
    /// Its figures; none where it has no table.
    pub sheet: Option<Sheet<'f>>,
}

/// What the reports together say of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sum {
    /// The sum, in ones or in fen.
    Added {
        /// What those that settle the cell add up to; none where nobody does, or where it is larger
        /// than a number can be.
        value: Option<i64>,
        /// Reports that leave it open.
        open: usize,
    },
    /// Editions that do not ask for it, of which there are reports.
    NotAsked(BTreeSet<String>),
}

/// Reports added up on the form of one edition.
#[derive(Debug)]
pub struct Sums<'f> {
    /// The form.
    pub form: &'f Form,
    /// The reports, also those without a table.
    pub units: Vec<Unit<'f>>,
    /// For each table the sums of its cells by number.
    pub tables: Vec<Vec<Sum>>,
    maps: BTreeMap<String, Counterparts>,
}

impl<'f> Sums<'f> {
    /// Adds up reports on a form.
    #[must_use]
    pub fn new(form: &'f Form, units: Vec<Unit<'f>>) -> Sums<'f> {
        let mut maps = BTreeMap::new();
        for other in units.iter().filter_map(|u| u.sheet.as_ref()).map(|s| s.form) {
            maps.entry(other.edition.clone()).or_insert_with(|| counterparts(form, other));
        }
        let mut sums = Sums { form, units, tables: Vec::new(), maps };
        let table = |t: usize| (0..form.tables[t].cell_count()).map(|n| sums.add(t, n)).collect();
        sums.tables = (0..form.tables.len()).map(table).collect();
        sums
    }

    /// What a report says of a cell of the form; none where its edition does not ask for it, or it
    /// has no table.
    #[must_use]
    pub fn seen(&self, unit: &Unit<'_>, (t, n): (usize, usize)) -> Option<Seen> {
        let sheet = unit.sheet.as_ref()?;
        let (t, n) = self.maps.get(&sheet.form.edition)?[t][n]?;
        Some(sheet.tables[t][n])
    }

    /// Reports whose tables are added up.
    pub fn with_tables(&self) -> impl Iterator<Item = &Unit<'f>> {
        self.units.iter().filter(|u| u.sheet.is_some())
    }

    /// The units that leave a cell open, by their number: those without a table among them.
    #[must_use]
    pub fn open(&self, t: usize, n: usize) -> BTreeSet<usize> {
        let is_open = |unit: &Unit<'_>| self.seen(unit, (t, n)).and_then(Seen::settled).is_none();
        let units = self.units.iter().enumerate().filter(|(_, unit)| is_open(unit));
        units.map(|(number, _)| number).collect()
    }

    fn add(&self, t: usize, n: usize) -> Sum {
        let asks = |map: &Counterparts| map[t][n].is_some();
        let without: BTreeSet<String> =
            self.maps.iter().filter(|(_, map)| !asks(map)).map(|(e, _)| e.clone()).collect();
        if !without.is_empty() {
            return Sum::NotAsked(without);
        }
        let values = || self.with_tables().map(|u| self.seen(u, (t, n)).and_then(Seen::settled));
        // a report without a table leaves all open
        let open = self.units.len() - values().flatten().count();
        let value = values().flatten().try_fold(0i64, i64::checked_add);
        Sum::Added { value: value.filter(|_| values().any(|v| v.is_some())), open }
    }
}
