//! What stands at a place of a source, read here without the program.

use std::path::Path;

use regex::Regex;
use serde_json::Value;

/// A source whose places can be looked up.
pub struct Source {
    text: String,
    is_html: bool,
}

impl Source {
    pub fn read(path: &Path) -> Source {
        let text = std::fs::read_to_string(path).unwrap();
        let is_html = path.extension().is_some_and(|e| e == "html");
        Source { text, is_html }
    }

    /// Panics unless the place leads to the text as printed.
    pub fn holds(&self, at: &Value, raw: &str, about: &str) {
        let number = |name: &str| at[name].as_u64().map(|n| n as usize);
        let line = number("line").unwrap_or_else(|| panic!("{about}: no line in {at}"));
        let (offset, found) = if self.is_html {
            let [table, row, column] = ["table", "row", "column"].map(|n| number(n).unwrap());
            self.html_cell(table, row, column)
        } else {
            let offset = number("offset").unwrap();
            let text = self.text.chars().skip(offset).take(raw.chars().count()).collect();
            (self.text.char_indices().nth(offset).map_or(self.text.len(), |(i, _)| i), text)
        };
        assert_eq!(found.trim(), raw.trim(), "{about}: {at}");
        let line_there = self.text[..offset].matches('\n').count() + 1;
        assert_eq!(line, line_there, "{about}: {at}");
    }

    /// Where a cell of a page begins, and its text: tables, their rows and the cells of a row are
    /// counted as their tags come. No page of the tests has a table within a table.
    fn html_cell(&self, table: usize, row: usize, column: usize) -> (usize, String) {
        let part = |(from, to): (usize, usize), tag: &str, nth: usize| {
            let tags = Regex::new(&format!(r"(?is)<(?:{tag})\b.*?</(?:{tag})>")).unwrap();
            let found = tags.find_iter(&self.text[from..to]).nth(nth - 1).unwrap();
            (from + found.start(), from + found.end())
        };
        let table = part((0, self.text.len()), "table", table);
        let (from, to) = part(part(table, "tr", row), "td|th", column);
        let bare = Regex::new(r"(?s)<[^>]*>|&nbsp;|\s").unwrap();
        (from, bare.replace_all(&self.text[from..to], "").into_owned())
    }
}
