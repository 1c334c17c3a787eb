//! Whether a definition makes sense: a user's may be wrong in ways that its syntax does not show.

use rust_i18n::t;

use super::{Form, Over};

/// Tables of a form: the labels refer to them by one byte.
const MOST_TABLES: usize = 200;
/// Columns of a table: the store has a bit for each in one number.
const MOST_COLUMNS: usize = 63;

impl Form {
    /// Whether its keys refer to each other and the store can hold it; what is wrong, otherwise.
    pub(super) fn check(&self) -> Result<(), String> {
        let terms = self.series.values().flat_map(|figures| figures.values().flatten());
        if let Some(name) = terms.into_iter().find(|n| self.named_cell(n).is_none()) {
            return Err(t!("form.series_cell", name = name).into());
        }
        if let Some(key) = twice(self.tables.iter().map(|t| &t.key)) {
            return Err(t!("form.tables_twice", key = key).into());
        }
        if self.tables.len() > MOST_TABLES {
            return Err(
                t!("form.many_tables", found = self.tables.len(), most = MOST_TABLES).into()
            );
        }
        for table in &self.tables {
            let name = &table.key;
            if table.columns.len() > MOST_COLUMNS {
                let columns = table.columns.len();
                return Err(t!(
                    "form.many_columns",
                    table = name,
                    found = columns,
                    most = MOST_COLUMNS
                )
                .into());
            }
            let columns = table.columns.iter().map(|c| &c.key);
            if let Some(key) = twice(columns).or_else(|| twice(table.rows().map(|r| &r.key))) {
                return Err(t!("form.keys_twice", table = name, key = key).into());
            }
            for key in [&table.key, &table.store, &table.row_key]
                .into_iter()
                .chain(table.columns.iter().map(|c| &c.key))
            {
                let plain =
                    key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                if !plain || key.is_empty() {
                    return Err(t!("form.no_key", key = key, table = name).into());
                }
            }
            for key in table.blocks.iter().flat_map(|b| &b.columns) {
                table
                    .column(key)
                    .ok_or_else(|| t!("form.no_column", table = name, key = key).to_string())?;
            }
            let has = |over: Over, key: &String| match over {
                Over::Rows => table.rows().any(|r| &r.key == key),
                Over::Columns => table.column(key).is_some(),
            };
            for sum in &table.sums {
                if let Some(key) = sum.total.iter().chain(&sum.parts).find(|k| !has(sum.over, k)) {
                    let rule = &sum.rule;
                    return Err(t!("form.sum_key", rule = rule, table = name, key = key).into());
                }
            }
            for tie in &table.continuities {
                let mut terms =
                    [&tie.now, &tie.before, &tie.plus, &tie.minus].into_iter().flatten();
                if let Some(key) = terms.find(|k| !has(tie.over, k)) {
                    let rule = &tie.rule;
                    return Err(t!("form.sum_key", rule = rule, table = name, key = key).into());
                }
            }
            for share in &table.shares {
                if let Some(key) =
                    [&share.whole, &share.part].into_iter().find(|k| !has(Over::Rows, k))
                {
                    return Err(t!("form.share_row", table = name, key = key).into());
                }
            }
        }
        Ok(())
    }
}

/// The first key that stands there twice.
fn twice<'k>(keys: impl Iterator<Item = &'k String>) -> Option<&'k String> {
    let mut seen = std::collections::BTreeSet::new();
    keys.into_iter().find(|key| !seen.insert(*key))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_form_that_the_store_cannot_hold_is_refused() {
        let form = |columns: &str| {
            let text = format!(
                "edition = '9'\nbasis = ''\nfirst_year = 1\n[[tables]]\nkey = 't'\ntitle = ''\nen = ''\n\
                 store = 't'\nrow_key = 'r'\nblocks = []\ncolumns = [{columns}]"
            );
            Form::parse(&text, Path::new("f.toml")).map_err(|e| e.to_string())
        };
        let column = |key: usize| format!("{{ key = 'c{key}', label = '', en = '' }},");
        assert!(form(&(0..63).map(column).collect::<String>()).is_ok());
        let many = form(&(0..64).map(column).collect::<String>()).unwrap_err();
        assert!(many.contains("64") && many.contains("63"), "{many}");
        let same = form(&column(1).repeat(2)).unwrap_err();
        assert!(same.contains("c1"), "{same}");
    }
}
