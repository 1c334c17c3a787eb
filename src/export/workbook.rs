//! What all workbooks share: what they say of themselves, their font, the names of their sheets.

use std::collections::HashSet;
use std::io;

use rust_i18n::t;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

/// Characters that the name of a sheet may have.
const NAME: usize = 31;
/// What Chinese offices print in.
pub(crate) const FONT: &str = "宋体";

/// How a cell is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Look {
    /// As the program that opens it sees fit.
    General,
    /// As it stands, digits too.
    Text,
    /// A whole number without separators: a year, an id.
    Whole,
    /// A count.
    Count,
    /// A number with a fraction.
    Decimal,
    /// A share in hundredths.
    Rate,
    /// Money.
    Yuan,
}

impl Look {
    /// The number format.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Look::General => "General",
            Look::Text => "@",
            Look::Whole => "0",
            Look::Count => "#,##0",
            Look::Decimal => "#,##0.00##",
            Look::Rate => "0.00%",
            Look::Yuan => "#,##0.00",
        }
    }
}

/// What a workbook says of itself: its title, and no time, so that the same content is the same
/// file whenever it is written.
pub(crate) fn properties(title: &str) -> Result<DocProperties, XlsxError> {
    let time = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&time))
}

/// An error of the writer of workbooks.
pub(crate) fn failed(error: XlsxError) -> io::Error {
    io::Error::other(t!("export.xlsx_failed", said = error).into_owned())
}

/// Names of sheets: each once, and without the signs that a spreadsheet refuses.
#[derive(Default)]
pub(crate) struct Names(HashSet<String>);

impl Names {
    /// The name as a sheet can have it, told apart from those taken before.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        let clean: String = wanted.chars().filter(|c| !"[]:*?/\\'".contains(*c)).collect();
        let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut number = 1;
        loop {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            let room = NAME - suffix.len();
            let mut name = String::new();
            // a spreadsheet counts in UTF-16
            for c in clean.chars() {
                if name.encode_utf16().count() + c.len_utf16() > room {
                    break;
                }
                name.push(c);
            }
            name = (name.trim_end().to_owned() + &suffix).trim_start().to_owned();
            if !name.is_empty() && self.0.insert(name.to_lowercase()) {
                return name;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_such_as_a_spreadsheet_takes() {
        let mut names = Names::default();
        assert_eq!(names.take("一/二 [三]: 四?"), "一二 三 四");
        assert_eq!(names.take("Notes"), "Notes");
        assert_eq!(names.take("notes"), "notes 2");
        let long = "政".repeat(40);
        assert_eq!(names.take(&long).chars().count(), 31);
        assert_eq!(names.take(&long), format!("{} 2", "政".repeat(29)));
        assert_eq!(names.take("[]"), "2");
    }
}
