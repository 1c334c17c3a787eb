//! Why a library or the system failed, in words for people: the frequent reasons in the language
//! of this run, all others as they are said.

use std::io::{self, ErrorKind};
use std::path::Path;

use rusqlite::ErrorCode;
use rust_i18n::t;

/// Why a file could not be read or written.
pub fn of_io(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => t!("reason.not_found").into(),
        ErrorKind::PermissionDenied => t!("reason.denied").into(),
        ErrorKind::IsADirectory => t!("reason.is_folder").into(),
        ErrorKind::NotADirectory => t!("reason.no_folder").into(),
        ErrorKind::StorageFull => t!("reason.full").into(),
        ErrorKind::FileTooLarge | ErrorKind::QuotaExceeded => t!("reason.over_limit").into(),
        ErrorKind::ReadOnlyFilesystem => t!("reason.read_only_disk").into(),
        // what `read_to_string` says of other encodings
        ErrorKind::InvalidData if error.to_string().contains("UTF-8") => {
            t!("reason.not_utf8").into()
        }
        _ => error.to_string(),
    }
}

/// That the folder of a file is not there, if that is so.
pub fn of_no_folder(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty())?;
    (!folder.exists()).then(|| t!("reason.no_such_folder", folder = folder.display()).into())
}

/// Why SQLite could not open a file or work on it.
pub fn of_sqlite(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => t!("reason.no_database").into(),
        Some(ErrorCode::DatabaseCorrupt) => t!("reason.damaged").into(),
        Some(ErrorCode::CannotOpen) => t!("reason.cannot_open").into(),
        Some(ErrorCode::ReadOnly) => t!("reason.read_only").into(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => t!("reason.busy").into(),
        Some(ErrorCode::DiskFull) => t!("reason.full").into(),
        _ => error.to_string(),
    }
}

/// What is wrong with a JSON text, and where.
pub fn of_json(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let (line, column) = (error.line(), error.column());
    match said.strip_suffix(&format!(" at line {line} column {column}")) {
        None => of_data(&said),
        Some(what) => t!("reason.json", line = line, column = column, what = of_data(what)).into(),
    }
}

/// What is wrong with a TOML text, and where.
pub fn of_toml(error: &toml::de::Error, text: &str) -> String {
    let start = text.floor_char_boundary(error.span().map_or(0, |span| span.start));
    let before = &text[..start];
    let line = before.matches('\n').count() + 1;
    let column = before[before.rfind('\n').map_or(0, |n| n + 1)..].chars().count() + 1;
    let what = of_data(&error.message().replace('\n', " "));
    t!("reason.toml", line = line, column = column, what = what).into()
}

/// What is wrong with a CSV, and in which line.
pub fn of_csv(error: &csv::Error) -> String {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(error) => of_io(error),
        csv::ErrorKind::Utf8 { .. } => t!("reason.csv_utf8", line = line).into(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            t!("reason.csv_lengths", line = line, found = len, expected = expected_len).into()
        }
        csv::ErrorKind::Deserialize { err, .. } => {
            let what = of_data(&err.kind().to_string());
            match err.field() {
                Some(field) => {
                    t!("reason.csv_field", line = line, column = field + 1, what = what).into()
                }
                None => t!("reason.csv_line", line = line, what = what).into(),
            }
        }
        _ => error.to_string(),
    }
}

/// What serde says of data that does not fit its type, whatever the format.
pub fn of_data(said: &str) -> String {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or(text).to_owned();
    let (head, expected) = match said.split_once(", expected ") {
        Some((head, expected)) => (head, expected.trim_start_matches("one of ").replace('`', "")),
        None => (said, String::new()),
    };
    let known = || expected.replace(" or ", ", ");
    if let Some(field) = head.strip_prefix("missing field ") {
        t!("reason.missing_field", field = quoted(field)).into()
    } else if let Some(field) = head.strip_prefix("duplicate field ") {
        t!("reason.duplicate_field", field = quoted(field)).into()
    } else if let Some(field) = head.strip_prefix("unknown field ").filter(|_| head != said) {
        t!("reason.unknown_field", field = quoted(field), known = known()).into()
    } else if let Some(value) = head.strip_prefix("unknown variant ").filter(|_| head != said) {
        t!("reason.unknown_variant", value = quoted(value), known = known()).into()
    } else if let Some(found) = head.strip_prefix("invalid type: ").filter(|_| head != said) {
        t!("reason.invalid_type", found = found, expected = known()).into()
    } else if let Some(found) = head.strip_prefix("invalid value: ").filter(|_| head != said) {
        t!("reason.invalid_value", found = found, expected = known()).into()
    } else if said.starts_with("EOF while parsing") {
        t!("reason.breaks_off").into()
    } else if said.starts_with("invalid digit found") || said.starts_with("cannot parse integer") {
        t!("reason.no_integer").into()
    } else if said.starts_with("number too ") {
        t!("reason.integer_range").into()
    } else {
        said.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Thing {
        number: u8,
        kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Round,
    }

    #[test]
    fn what_serde_says_is_said_with_its_place() {
        let json = |text: &str| of_json(&serde_json::from_str::<Thing>(text).expect_err(text));
        let toml = |text: &str| of_toml(&toml::from_str::<Thing>(text).expect_err(text), text);
        for (said, place, part) in [
            (json("{\"number\": 1}"), "line 1, column 13: ", "the field 'kind' is missing"),
            (json("{\n\"size\": 1}"), "line 2, column 6: ", "no field 'size' (number, kind)"),
            (json("{\"number\": \"x\"}"), "line 1, column 14: ", "string \"x\" stands where u8"),
            (json("{\"number\": 1, \"kind\": \"flat\"}"), "line 1, ", "not 'flat'"),
            (json("{\"number\": 1, \"number\": 1}"), "line 1, ", "'number' stands twice"),
            (json("{\"number\": 1,"), "line 1, column 13: ", "breaks off"),
            (json("{number}"), "line 1, column 2: ", "key must be a string"),
            (toml("number = 1\nsize = 1"), "line 2, column 1: ", "no field 'size'"),
            (toml("number = 999\nkind = 'round'"), "line 1, column 10: ", "999"),
        ] {
            assert!(said.starts_with(place) && said.contains(part), "{said}");
        }
    }

    #[test]
    fn a_csv_is_pointed_at_by_line_and_column() {
        let read = |text: &str| -> String {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let rows: Result<Vec<(String, u8)>, _> = reader.deserialize().collect();
            of_csv(&rows.expect_err(text))
        };
        assert_eq!(read("a,b\nx,1\ny,z\n"), "line 3, column 2: a whole number is expected");
        assert_eq!(read("a,b\nx\n"), "line 2 has 1 columns and should have 2");
        assert_eq!(read("a,b\nx,999\n"), "line 2, column 2: the number is too large or too small");
    }

    #[test]
    fn the_system_speaks_the_language_of_the_run() {
        let error = std::fs::read("/nowhere/at/all").expect_err("there is none");
        assert_eq!(of_io(&error), "there is no such file");
        assert_eq!(of_io(&io::Error::other("as it is said")), "as it is said");
    }
}
