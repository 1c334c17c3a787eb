//! Rows of one file on their way to it, column by column.

use std::ops::Range;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::relation::{Field, Kind};
use crate::store::StoreError;
use crate::table::Value;

/// Texts end to end: an allocation for each would cost more than what is done with them.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: String,
    /// Where each ends, and whether it is one.
    ends: Vec<(u32, bool)>,
}

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        self.bytes.push_str(text.unwrap_or_default());
        // a batch is written long before it has so many bytes
        self.ends.push((u32::try_from(self.bytes.len()).unwrap_or(u32::MAX), text.is_some()));
    }

    /// All of them, end to end.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// Where each lies among all, in order; none where there is no text.
    pub fn places(&self) -> impl ExactSizeIterator<Item = Option<Range<usize>>> {
        let mut start = 0;
        self.ends.iter().map(move |(end, is_text)| {
            let place = std::mem::replace(&mut start, *end as usize)..*end as usize;
            is_text.then_some(place)
        })
    }

    /// The texts in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.places().map(|place| place.and_then(|place| self.bytes.get(place)))
    }
}

/// The values of a column.
#[derive(Debug)]
pub enum Values {
    /// Whole numbers, and which of them are there.
    Int(Vec<i64>, Vec<bool>),
    /// Texts.
    Text(Texts),
}

impl Values {
    fn new(kind: Kind) -> Values {
        match kind {
            Kind::Int => Values::Int(Vec::new(), Vec::new()),
            Kind::Text => Values::Text(Texts::default()),
        }
    }

    /// Adds a value; false where it is of another kind.
    fn push(&mut self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (Values::Int(values, known), ValueRef::Integer(n)) => {
                values.push(n);
                known.push(true);
            }
            (Values::Int(values, known), ValueRef::Null) => {
                values.push(0);
                known.push(false);
            }
            (Values::Text(texts), ValueRef::Text(bytes)) => {
                texts.push(Some(&String::from_utf8_lossy(bytes)));
            }
            (Values::Text(texts), ValueRef::Null) => texts.push(None),
            _ => return false,
        }
        true
    }
}

/// Some rows.
#[derive(Debug)]
pub struct Batch {
    /// Their values by column.
    pub columns: Vec<Values>,
    /// How many they are.
    pub rows: usize,
    /// Bytes they take in memory, near enough.
    pub size: usize,
}

/// Bytes that a value takes besides its text.
const VALUE: usize = 9;

impl Batch {
    /// None yet.
    #[must_use]
    pub fn new(fields: &[Field]) -> Batch {
        let columns = fields.iter().map(|f| Values::new(f.kind)).collect();
        Batch { columns, rows: 0, size: 0 }
    }

    /// Adds a row of the database, whose columns begin at `first`.
    ///
    /// # Errors
    /// Where a value is of another kind than its column.
    pub fn push_row(
        &mut self,
        row: &Row<'_>,
        first: usize,
        fields: &[Field],
    ) -> Result<(), StoreError> {
        for (index, column) in self.columns.iter_mut().enumerate() {
            let value = row.get_ref(first + index)?;
            if let ValueRef::Text(bytes) = value {
                self.size += bytes.len();
            }
            if !column.push(value) {
                let name = fields.get(index).map_or("", |field| field.name.as_str());
                return Err(StoreError::Damaged(format!("{name}: {}", value.data_type())));
            }
        }
        self.size += VALUE * self.columns.len();
        self.rows += 1;
        Ok(())
    }

    /// Adds a row, whose values are of the kinds of the columns.
    pub fn push(&mut self, row: &[Value]) {
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(match value {
                Value::Int(n) => ValueRef::Integer(*n),
                Value::Text(text) => ValueRef::Text(text.as_bytes()),
                _ => ValueRef::Null,
            });
        }
        self.rows += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out_and_nothing_is_not_zero() {
        let field = |name: &str, kind| Field {
            name: name.to_owned(),
            kind,
            title: None,
            unit: None,
            note: None,
        };
        let fields = [field("n", Kind::Int), field("code", Kind::Text)];
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let mut batch = Batch::new(&fields);
        let sql = "SELECT 9, 1, '032100' UNION ALL SELECT 9, NULL, '' UNION ALL SELECT 9, 0, NULL";
        let mut statement = conn.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            batch.push_row(row, 1, &fields).unwrap();
        }
        batch.push(&[Value::Null, Value::Text("宿迁".to_owned())]);
        let [Values::Int(numbers, known), Values::Text(texts)] = batch.columns.as_slice() else {
            panic!("{batch:?}")
        };
        assert_eq!(
            (numbers.as_slice(), known.as_slice()),
            ([1, 0, 0, 0].as_slice(), [true, false, true, false].as_slice())
        );
        let texts: Vec<Option<&str>> = texts.iter().collect();
        assert_eq!(texts, [Some("032100"), Some(""), None, Some("宿迁")]);
        assert_eq!(batch.rows, 4);

        let mut other = conn.prepare("SELECT 9, 'x', 'y'").unwrap();
        let mut rows = other.query([]).unwrap();
        let error = batch.push_row(rows.next().unwrap().unwrap(), 1, &fields).unwrap_err();
        assert!(error.to_string().contains("n: Text"), "{error}");
    }
}
