//! The figures of reports that lie anywhere: a look-up for each line of the form, for all of them
//! at once.

use std::collections::HashMap;

use rusqlite::params;

use super::subjects::{SubjectReader, take_line};
use super::{StoreError, damaged};
use crate::form::Form;
use crate::validate::Sheet;

impl<'f> SubjectReader<'_, 'f> {
    /// The figures of each report in its own edition, by id; a report of which no figure is
    /// stored, as it has no table, is left out.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn figures(&self, ids: &[i64]) -> Result<HashMap<i64, Sheet<'f>>, StoreError> {
        let list = serde_json::to_string(ids).map_err(damaged)?;
        let editions = self.editions(&list)?;
        let mut out = HashMap::new();
        for form in self.forms.iter().filter(|f| editions.values().any(|e| e == &f.edition)) {
            let targets = self.dimensions.of(&form.edition).unwrap_or_default();
            for (t, target) in targets.iter().enumerate() {
                let mut statement = self.conn.prepare_cached(&target.select_each)?;
                for line in &target.lines {
                    let mut rows = statement.query(params![line.row_id, list])?;
                    while let Some(r) = rows.next()? {
                        let id: i64 = r.get(0)?;
                        if editions.get(&id) == Some(&form.edition) {
                            let form: &'f Form = form;
                            let sheet = out.entry(id).or_insert_with(|| Sheet::missing(form));
                            take_line(r, line, &form.tables[t], &mut sheet.tables[t])?;
                        }
                    }
                }
            }
        }
        Ok(out)
    }

    fn editions(&self, list: &str) -> Result<HashMap<i64, String>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, r.edition FROM json_each(?1) AS j CROSS JOIN report AS r ON r.id = j.value
             WHERE r.edition IS NOT NULL",
        )?;
        let rows = statement.query_map([list], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
