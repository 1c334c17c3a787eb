//! Query files of a user's own, and what is told of those that cannot be used.

use std::path::Path;

use super::super::catalog::{Catalog, Error};

#[test]
fn a_folder_adds_and_overrides_and_errors_name_file_and_line() {
    let folder = tempfile::tempdir().expect("a temp folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let text = |zh: &str| format!("{{ zh = \"{zh}\", en = \"x\" }}");
    let head = format!("-- ---\n-- title = {}\n-- description = {}\n", text("题"), text("说"));
    write("mine.sql", &format!("{head}-- ---\nSELECT 1 AS one\n"));
    write("outcomes.sql", &format!("\u{FEFF}{head}-- ---\nSELECT 2 AS two\n"));
    write("notes.txt", "no query");
    let catalog = Catalog::load(Some(folder.path())).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(catalog.get("outcomes").unwrap().title.zh, "题");
    assert_eq!(catalog.queries().last().unwrap().name, "mine");

    let int = "-- [[parameters]]\n-- name = \"n\"\n-- type = \"int\"\n-- description = { zh = \"\", en = \"\" }\n";
    let chart = "-- chart = { kind = \"heat\", x = \"year\", y = [\"rate\"] }\n";
    let empty = "-- columns = [\"year\", \"rate\"]\n";
    for (body, line, says) in [
        ("SELECT 1".to_owned(), 1, "header is missing"),
        (format!("{head}SELECT 1"), 4, "no end"),
        (head.clone(), 3, "no end"),
        (format!("{head}-- nonsense\n-- ---\nSELECT 1"), 4, ""),
        (format!("{head}-- colour = 1\n-- ---\nSELECT 1"), 4, "colour"),
        (format!("{head}-- columns = [\"yaer\"]\n-- ---\nSELECT 1"), 4, "'year'"),
        (format!("{head}{chart}-- ---\nSELECT 1"), 4, "'year'"),
        (format!("{head}{chart}{empty}-- ---\nSELECT 1"), 4, "heat"),
        (format!("{head}-- ---\nSELECT 1,\n  :lost"), 6, "':lost'"),
        (format!("{head}{int}-- ---\nSELECT 1"), 5, "does not use"),
        (format!("{head}{int}-- default = \"x\"\n-- ---\nSELECT :n"), 5, "whole number"),
    ] {
        write("mine.sql", &body);
        let catalog = Catalog::load(Some(folder.path())).expect(&body);
        assert_eq!(catalog.broken().count(), 1);
        assert!(catalog.get("outcomes").is_ok(), "the others are there");
        let error = catalog.get("mine").expect_err(&body);
        assert_eq!(catalog.broken().next(), Some(error.to_string().as_str()));
        let Error::File { file, line: at, message } = &error else { panic!("{error}") };
        assert!(file.ends_with("mine.sql") && message.contains(says), "{error}");
        assert_eq!(*at, line, "{error}");
    }
    let missing = Catalog::load(Some(Path::new("/nowhere/at/all"))).expect_err("no folder");
    assert!(missing.to_string().contains("/nowhere/at/all"));
}
