//! Corrections by hand: beside the original, seen by every query, rule and explanation, kept while
//! the original stays the same.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const CELL: &str = "applications/received.new/total";

struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place::of("示例市")
    }

    /// With the report of a city.
    fn of(city: &str) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
        let text = fs::read_to_string(example.join("example-city-2024.txt")).unwrap();
        fs::write(place.0.path().join("a.txt"), text.replace("示例市", city)).unwrap();
        place.run(&["load", "a.txt"], 0);
        place
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        command.current_dir(self.0.path()).args(["--lang", "en", "--db", "x.db"]).args(args);
        command
    }

    fn run(&self, args: &[&str], code: i32) -> (String, String) {
        let out = self.command(args).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (data, told) = (text(&out.stdout), text(&out.stderr));
        assert_eq!(out.status.code(), Some(code), "{args:?}: {told}");
        (data, told)
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.run(args, 0).0).unwrap()
    }

    fn body(&self) -> String {
        let rows = self.json(&["sql", "SELECT name FROM organ", "--format", "json"]);
        rows[0]["name"].as_str().unwrap().to_owned()
    }

    /// What every kept figure says of the corrected cell.
    fn seen(&self) -> [i64; 3] {
        let one = |sql: &str| {
            let rows = self.json(&["sql", sql, "--format", "json"]);
            rows[0]["n"].as_i64().unwrap()
        };
        [
            one(
                "SELECT SUM(total) AS n FROM application_fact AS f INNER JOIN form_row AS w ON w.id = f.row_id WHERE w.row_key = 'received.new'",
            ),
            one("SELECT received AS n FROM request_total"),
            one("SELECT received AS n FROM report_figure"),
        ]
    }

    fn set(&self, value: &str, code: i32) -> String {
        let body = self.body();
        let args = ["set", &body, "2024", CELL, value, "--reason", "misread", "--by", "Li"];
        self.run(&args, code).1
    }

    fn total_of_region(&self) -> i64 {
        let rows = self.json(&["query", "applications-by-year", "--format", "json"]);
        rows[0]["received"].as_i64().unwrap_or_else(|| panic!("{rows}"))
    }
}

#[test]
fn a_correction_stands_beside_the_original_and_is_seen_everywhere() {
    let place = Place::new();
    let body = place.body();
    let [was, ..] = place.seen();
    assert_eq!(place.seen(), [was; 3]);
    assert_eq!(place.total_of_region(), was);
    let told = place.set(&(was + 7).to_string(), 0);
    assert!(told.contains(&format!("the document says '{was}'")), "{told}");
    assert_eq!(place.seen(), [was + 7; 3]);
    assert_eq!(place.total_of_region(), was + 7);

    // the original is there, with who said what and why
    let report = place.json(&["show", &body, "2024", "--format", "json"]);
    let cells = report["cells"].as_array().unwrap();
    let corrected: Vec<&Value> = cells.iter().filter(|c| !c["correction"].is_null()).collect();
    let [cell] = corrected.as_slice() else { panic!("{corrected:?}") };
    assert_eq!(cell["value"], was + 7);
    assert_eq!(cell["correction"]["raw"], was.to_string());
    assert_eq!(cell["correction"]["by"], "Li");
    let (shown, _) = place.run(&["show", &body, "2024"], 0);
    assert!(shown.contains(&format!("※{}", was + 7)), "{shown}");
    let (why, _) = place.run(&["why", &body, "2024", "applications-received"], 0);
    let said = format!("{} (corrected; the document says '{was}'; Li: misread)", was + 7);
    assert!(why.split_whitespace().collect::<Vec<_>>().join(" ").contains(&said), "{why}");

    // the rules look at it: the sums do not hold any more
    let (found, _) = place.run(&["check", "--rule", "row-total", "--format", "json"], 1);
    assert!(found.contains(CELL), "{found}");
    // and quote the document as it is
    let found: Value = serde_json::from_str(&found).unwrap();
    let evidence = found[0]["evidence"].as_array().unwrap();
    let of_cell = evidence.iter().find(|e| e["cell"] == CELL).unwrap();
    assert_eq!(of_cell["raw"], was.to_string());
    assert_eq!(of_cell["corrected"], (was + 7).to_string());
    assert!(evidence.iter().filter(|e| !e["corrected"].is_null()).count() == 1, "{evidence:?}");
    let (told, _) = place.run(&["findings", "--rule", "row-total", "--format", "junit"], 0);
    let said = format!("{CELL} was corrected to {}; the document says '{was}'", was + 7);
    assert!(told.contains(&said), "{told}");
    let (csv, _) = place.run(&["show", &body, "2024", "--format", "csv"], 0);
    let corrected: Vec<&str> = csv.lines().filter(|l| l.ends_with(&format!(",1,{was}"))).collect();
    assert_eq!(corrected.len(), 1, "{csv}");
    assert!(csv.lines().next().unwrap().ends_with(",raw,corrected,original"), "{csv}");

    // corrected again, and withdrawn
    place.set(&(was + 9).to_string(), 0);
    assert_eq!(place.seen(), [was + 9; 3]);
    let args = ["set", &body, "2024", CELL, "--withdraw", "--reason", "it was right", "--by", "Wu"];
    place.run(&args, 0);
    assert_eq!(place.seen(), [was; 3]);
    assert_eq!(place.total_of_region(), was);
    place.run(&["check", "--rule", "row-total"], 0);
    let list = place.json(&["corrections", "--format", "json"]);
    let standings: Vec<_> = list.as_array().unwrap().iter().map(|c| &c["standing"]).collect();
    // the first gave way to the second, which was taken back
    assert_eq!(standings, ["replaced", "withdrawn"]);
    let end = |n: usize| ["withdrawn_reason", "withdrawn_by"].map(|of| list[n][of].clone());
    assert_eq!(end(0), ["misread", "Li"]);
    assert_eq!(end(1), ["it was right", "Wu"]);
    place.run(&args, 2);
}

#[test]
fn the_list_of_corrections_is_for_people_and_can_be_narrowed() {
    let place = Place::of("宿迁市");
    let [was, ..] = place.seen();
    let body = place.body();
    place.set(&(was + 7).to_string(), 0);
    let scope = place.json(&["sql", "SELECT scope FROM report", "--format", "json"]);
    let (key, word) = match scope[0]["scope"].as_str().unwrap() {
        "own" => ("own", "own report"),
        _ => ("aggregate", "summary"),
    };
    assert_eq!(place.json(&["corrections", "--format", "json"])[0]["scope"], key);
    let (shown, _) = place.run(&["corrections"], 0);
    assert!(shown.contains(word) && shown.contains("in force"), "{shown}");
    let count = |args: &[&str]| {
        let args = [&["corrections", "--format", "json"], args].concat();
        place.json(&args).as_array().unwrap().len()
    };
    assert_eq!([count(&[&body]), count(&["--year", "2024"])], [1; 2]);
    assert_eq!([count(&["--region", "江苏"]), count(&["--region", "321300", &body])], [1; 2]);
    assert_eq!([count(&["--year", "2023"]), count(&["--region", "西藏"])], [0; 2]);
    assert!(place.run(&["corrections", "no such body"], 2).1.contains("no such body"));
}

#[test]
fn a_correction_is_kept_while_the_original_says_the_same() {
    let place = Place::new();
    let [was, ..] = place.seen();
    place.set(&(was + 7).to_string(), 0);
    place.run(&["load", "a.txt"], 0);
    assert_eq!(place.seen(), [was + 7; 3]);
    // the file changes elsewhere: a revision with the same cell
    let path = place.0.path().join("a.txt");
    let text = fs::read_to_string(&path).unwrap();
    let other = text.replace("行政许可\t341906", "行政许可\t341907");
    assert_ne!(other, text);
    fs::write(&path, &other).unwrap();
    place.run(&["load", "a.txt"], 0);
    assert_eq!(place.seen().last(), Some(&(was + 7)));
    // the cell itself changes: what it says now counts
    let changed = text.replace(&format!("\t3\t{was}\n"), &format!("\t3\t{}\n", was + 1));
    assert_ne!(changed, text);
    fs::write(&path, changed).unwrap();
    let (_, told) = place.run(&["load", "a.txt"], 0);
    assert_eq!(place.seen().last(), Some(&(was + 1)));
    assert!(told.contains(&format!("the correction of {CELL} has lapsed")), "{told}");
    let list = place.json(&["corrections", "--format", "json"]);
    let standings = |list: &Value| -> Vec<String> {
        let all = list.as_array().unwrap().iter();
        all.map(|c| c["standing"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(standings(&list), ["carried", "lapsed"], "{list}");
    // it says again what it did: the correction holds again, and that is told
    fs::write(&path, other).unwrap();
    let (_, told) = place.run(&["load", "a.txt"], 0);
    assert_eq!(place.seen().last(), Some(&(was + 7)));
    assert!(told.contains(&format!("{CELL} says again what it did")), "{told}");
    let list = place.json(&["corrections", "--format", "json"]);
    assert_eq!(standings(&list), ["active", "carried", "carried"], "{list}");
}

/// Another file's report of the same body and year does not end it, and takes it over with its place
/// where it says the same of the cell.
#[test]
fn a_correction_holds_of_what_another_file_says_of_the_same_cell() {
    let place = Place::new();
    let [was, ..] = place.seen();
    let body = place.body();
    let text = fs::read_to_string(place.0.path().join("a.txt")).unwrap();
    let load = |name: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        fs::write(place.0.path().join(name), text.replace(from, to)).unwrap();
        place.run(&["load", name], 0).1
    };
    load("b.txt", "行政许可\t341906", "行政许可\t341907");
    place.set(&(was + 7).to_string(), 0);
    let told = load("c.txt", &format!("\t3\t{was}\n"), &format!("\t3\t{}\n", was + 7));
    assert!(!told.contains("lapsed"), "{told}");
    // the first file is of another year now: the second takes its place
    load("a.txt", "2024", "2023");
    let report = place.json(&["show", &body, "2024", "--format", "json"]);
    assert_eq!(report["source"]["path"], "b.txt");
    let cells = report["cells"].as_array().unwrap();
    let cell = cells.iter().find(|c| c["row"] == "received.new" && c["column"] == "total").unwrap();
    assert_eq!((&cell["value"], &cell["correction"]["by"]), (&(was + 7).into(), &"Li".into()));
    // and where it was withdrawn of the second it does not come back from the first
    let args = ["set", &body, "2024", CELL, "--withdraw", "--reason", "right", "--by", "Wu"];
    place.run(&args, 0);
    load("a.txt", "示例", "示例");
    load("a.txt", "2024", "2023");
    let report = place.json(&["show", &body, "2024", "--format", "json"]);
    let cells = report["cells"].as_array().unwrap();
    let cell = cells.iter().find(|c| c["row"] == "received.new" && c["column"] == "total").unwrap();
    assert_eq!((&cell["value"], &cell["correction"]), (&was.into(), &Value::Null), "{report}");
}

/// What was said last of a cell holds of the report that comes to count, whatever it had before.
#[test]
fn what_was_said_last_of_a_cell_holds() {
    for withdrawn in [false, true] {
        let place = Place::new();
        let [was, ..] = place.seen();
        let body = place.body();
        place.set(&(was + 1).to_string(), 0);
        let text = fs::read_to_string(place.0.path().join("a.txt")).unwrap();
        let load = |text: &str| {
            fs::write(place.0.path().join("b.txt"), text).unwrap();
            place.run(&["load", "b.txt"], 0).1
        };
        // published later, so that it counts, with the correction
        let later = text.replace("行政许可\t341906", "行政许可\t341907");
        let later = later.replace("2025-03-14", "2025-06-30");
        load(&later);
        let shown = |path: &str| {
            let report = place.json(&["show", &body, "2024", "--format", "json"]);
            assert_eq!(report["source"]["path"], path);
            let cells = report["cells"].as_array().unwrap();
            let is = |c: &&Value| c["row"] == "received.new" && c["column"] == "total";
            cells.iter().find(is).unwrap()["value"].as_i64().unwrap()
        };
        assert_eq!(shown("b.txt"), was + 1);
        place.set(&(was + 2).to_string(), 0);
        if withdrawn {
            let args = ["set", &body, "2024", CELL, "--withdraw", "--reason", "x", "--by", "Wu"];
            place.run(&args, 0);
        }
        load(&later.replace("2024", "2023"));
        assert_eq!(shown("a.txt"), if withdrawn { was } else { was + 2 });
    }
}

/// What was withdrawn does not come back with the next revision, and a report printed as JSON says
/// what its document says.
#[test]
fn a_correction_that_was_withdrawn_stays_so() {
    let place = Place::new();
    let [was, ..] = place.seen();
    let body = place.body();
    place.set(&(was + 7).to_string(), 0);
    let path = place.0.path().join("a.txt");
    let text = fs::read_to_string(&path).unwrap();
    let revise = |licences: &str| {
        let text = text.replace("行政许可\t341906", &format!("行政许可\t{licences}"));
        fs::write(&path, text).unwrap();
        place.run(&["load", "a.txt"], 0);
    };
    revise("341907");
    assert_eq!(place.seen().last(), Some(&(was + 7)));
    let (json, _) = place.run(&["show", &body, "2024", "--format", "json"], 0);
    fs::write(place.0.path().join("r.json"), json).unwrap();
    let parsed = place.json(&["parse", "r.json", "--format", "json"]);
    let cells = parsed["cells"].as_array().unwrap();
    let row = |c: &&Value| c["row"] == "received.new" && c["column"] == "total";
    let cell = cells.iter().find(row).unwrap();
    assert_eq!((&cell["value"], &cell["correction"]), (&was.into(), &Value::Null));
    let args = ["set", &body, "2024", CELL, "--withdraw", "--reason", "right", "--by", "Wu"];
    place.run(&args, 0);
    revise("341908");
    assert_eq!(place.seen().last(), Some(&was));
}

#[test]
fn what_cannot_be_corrected_is_said() {
    let place = Place::new();
    let [was, ..] = place.seen();
    for value in ["many", "-5", "1.5", "99999999999999999999", "", " "] {
        assert!(place.set(value, 2).contains("is no number"), "{value}");
    }
    assert!(place.set(&was.to_string(), 2).contains("nothing to correct"));
    let body = place.body();
    let wrong =
        ["set", &body, "2024", "applications/received.new/totl", "1", "--reason", "x", "--by", "y"];
    assert!(place.run(&wrong, 2).1.contains(CELL));
    assert_eq!(place.seen(), [was; 3]);
}
