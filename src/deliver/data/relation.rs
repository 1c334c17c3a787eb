//! A relation as it is written: its columns, and where its rows are.

use serde::Deserialize;

use crate::lang::Bilingual;
use crate::table::Value;

/// What a relation is of, and the folder it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// What reports say, in a folder for each year and province.
    Facts,
    /// What facts refer to.
    Dimensions,
    /// What words mean.
    Definitions,
}

impl Group {
    /// The name of its folder.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Group::Facts => "facts",
            Group::Dimensions => "dimensions",
            Group::Definitions => "definitions",
        }
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whole numbers; money in fen.
    Int,
    /// Text, and codes whatever their digits.
    Text,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// What it holds, in a few words.
    pub title: Option<Bilingual>,
    /// Unit of its numbers, where all have one.
    pub unit: Option<String>,
    /// What else must be known.
    pub note: Option<String>,
}

/// A relation as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Name.
    pub name: String,
    /// What it is of.
    pub group: Group,
    /// What it holds, in a few words.
    pub title: Option<Bilingual>,
    /// What else must be known.
    pub note: Option<String>,
    /// Its columns.
    pub fields: Vec<Field>,
    /// What tells its rows apart.
    pub key: Vec<String>,
    /// Columns that refer to others: column, relation, column there.
    pub refers: Vec<[String; 3]>,
    /// Where its rows are.
    pub source: Source,
}

/// Where the rows of a relation are.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// In the database.
    Stored(Stored),
    /// Here.
    Here(Vec<Vec<Value>>),
}

/// How rows are read from the database. What stands first is gone through first: no order is asked
/// for, and nothing is sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stored {
    /// Expressions of the columns.
    pub select: Vec<String>,
    /// What is gone through before it, for each of its rows.
    pub lead: Option<String>,
    /// Table or view.
    pub table: String,
    /// What stands beside each row.
    pub joins: String,
    /// Condition.
    pub condition: Option<String>,
    /// The id of the report, for facts.
    pub report: Option<String>,
}

impl Stored {
    /// The statement. With `few` it has a parameter, the ids of reports as a JSON array, and looks
    /// each of them up; without it goes through all rows. Of facts the first column is the report.
    #[must_use]
    pub fn sql(&self, few: bool) -> String {
        let report = self.report.as_deref();
        let columns: Vec<&str> =
            report.into_iter().chain(self.select.iter().map(String::as_str)).collect();
        let lead = self.lead.iter().map(|lead| format!("{lead} CROSS JOIN "));
        let each = few.then(|| "json_each(?1) AS j CROSS JOIN ".to_owned());
        let from: String = lead.chain(each).collect();
        let few = report.filter(|_| few).map(|report| format!("{report} = j.value"));
        let conditions: Vec<String> = self.condition.clone().into_iter().chain(few).collect();
        let filter = match conditions.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", conditions.join(" AND ")),
        };
        format!("SELECT {} FROM {from}{} {}{filter}", columns.join(", "), self.table, self.joins)
    }
}
