//! An answer with what must be said of it, for the formats that are one whole file: a page, a
//! workbook.

use std::borrow::Cow;

use crate::table::Table;

/// What is said of an answer beside its tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// What it is; empty where it has no name.
    pub title: String,
    /// Definitions and notes, a sentence or a paragraph each.
    pub notes: Vec<String>,
    /// What was asked for and of what, by name: parameters, the statement, the database.
    pub facts: Vec<(String, String)>,
}

impl About {
    /// With a title alone.
    pub fn of(title: impl Into<String>) -> About {
        About { title: title.into(), ..About::default() }
    }

    /// Adds what was asked for under a name.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.facts.push((name.into(), value.into()));
    }
}

/// A table of a document.
#[derive(Debug, Clone)]
pub struct Part<'t> {
    /// What it holds; empty where there is no other.
    pub title: String,
    /// The table.
    pub table: Cow<'t, Table>,
}

/// Tables with what is said of them.
#[derive(Debug, Clone, Default)]
pub struct Document<'t> {
    /// What is said of them.
    pub about: About,
    /// The tables in order.
    pub parts: Vec<Part<'t>>,
}

impl<'t> Document<'t> {
    /// Of one table.
    #[must_use]
    pub fn of(table: &'t Table, about: About) -> Document<'t> {
        Document { about, parts: vec![Part { title: String::new(), table: Cow::Borrowed(table) }] }
    }

    /// Adds a table under a title.
    pub fn add(&mut self, title: impl Into<String>, table: Table) {
        self.parts.push(Part { title: title.into(), table: Cow::Owned(table) });
    }
}
