//! `export bundle` and `verify`: an answer that can be asked again.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use nianbao::parse::sha256;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

mod common;

use common::loaded::Loaded;
use common::python::{ask, python};

/// Bundles among the examples.
struct Desk(Loaded);

impl Desk {
    fn new() -> Desk {
        Desk(Loaded::new(None))
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.0.run(arguments)
    }

    fn ok(&self, arguments: &[&str]) -> String {
        self.0.ok(arguments)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// A member of a bundle.
    fn member(&self, bundle: &str, name: &str) -> Vec<u8> {
        let mut zip = ZipArchive::new(fs::File::open(self.path(bundle)).unwrap()).unwrap();
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// Writes a bundle anew with members changed, and the manifest with them.
    fn forge(&self, bundle: &str, forged: &str, change: impl Fn(&str, Vec<u8>) -> Vec<u8>) {
        let mut zip = ZipArchive::new(fs::File::open(self.path(bundle)).unwrap()).unwrap();
        let mut manifest: Value =
            serde_json::from_slice(&self.member(bundle, "manifest.json")).unwrap();
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..zip.len() {
            let mut member = zip.by_index(index).unwrap();
            let (name, mut bytes) = (member.name().unwrap().into_owned(), Vec::new());
            member.read_to_end(&mut bytes).unwrap();
            if name == "manifest.json" {
                continue;
            }
            let bytes = change(&name, bytes);
            manifest["members"][&name] = sha256(&bytes).into();
            out.start_file(name, SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
        out.start_file("manifest.json", SimpleFileOptions::default()).unwrap();
        out.write_all(manifest.to_string().as_bytes()).unwrap();
        fs::write(self.path(forged), out.finish().unwrap().into_inner()).unwrap();
    }
}

const QUERY: [&str; 6] = ["export", "bundle", "outcomes", "-p", "region=宿迁", "--quiet"];

#[test]
fn a_bundle_holds_the_answer_and_all_that_gave_it() {
    let desk = Desk::new();
    desk.ok(&[&QUERY[..], &["--out", "a.zip"]].concat());
    let json = |name: &str| serde_json::from_slice::<Value>(&desk.member("a.zip", name)).unwrap();
    let answer = desk.ok(&["query", "outcomes", "--region", "宿迁", "--format", "json"]);
    assert_eq!(json("result.json"), serde_json::from_str::<Value>(&answer).unwrap());
    let csv = desk.ok(&["query", "outcomes", "--region", "宿迁", "--format", "csv"]);
    let csv = format!("\u{FEFF}{csv}");
    assert_eq!(String::from_utf8(desk.member("a.zip", "result.csv")).unwrap(), csv);
    let statement = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("queries/outcomes.sql"));
    assert_eq!(desk.member("a.zip", "query.sql"), statement.unwrap());
    let parameters = json("parameters.json");
    assert_eq!(parameters["given"]["region"], "321300");
    assert_eq!(parameters["bound"]["region_to"], "321399");
    let manifest = json("manifest.json");
    for name in [
        "README.txt",
        "query.sql",
        "parameters.json",
        "result.csv",
        "result.json",
        "definitions.md",
    ] {
        assert_eq!(manifest["members"][name], sha256(&desk.member("a.zip", name)), "{name}");
    }
    assert_eq!(manifest["query"], "outcomes");
    assert_eq!(manifest["rows"], json("result.json").as_array().unwrap().len());
    assert!(manifest["database"]["counts"]["current_reports"].as_i64().unwrap() > 10);
    let readme = String::from_utf8(desk.member("a.zip", "README.txt")).unwrap();
    assert!(readme.contains("nianbao verify") && readme.contains("核对："), "{readme}");
    assert!(readme.contains("export bundle outcomes -p region=321300"), "{readme}");
    assert!(readme.contains(manifest["database"]["content_sha256"].as_str().unwrap()));
    let definitions = String::from_utf8(desk.member("a.zip", "definitions.md")).unwrap();
    assert!(
        definitions.contains("申请办理结果") && definitions.contains("`granted` 予以公开"),
        "{definitions}"
    );
}

#[test]
fn the_same_question_gives_the_same_bytes_in_either_language() {
    let desk = Desk::new();
    desk.ok(&[&QUERY[..], &["--out", "a.zip"]].concat());
    desk.ok(&[&QUERY[..], &["--out", "b.zip"]].concat());
    desk.ok(&[&QUERY[..], &["--out", "c.zip", "--lang", "en"]].concat());
    let bytes = |name: &str| fs::read(desk.path(name)).unwrap();
    assert_eq!(bytes("a.zip"), bytes("b.zip"));
    assert_eq!(bytes("a.zip"), bytes("c.zip"));
    // parameters are given as to the query itself
    desk.ok(&["export", "bundle", "outcomes", "--region", "宿迁", "--quiet", "--out", "e.zip"]);
    assert_eq!(bytes("a.zip"), bytes("e.zip"));
    let (code, _, errors) = desk.run(&[&QUERY[..], &["--out", "a.zip"]].concat());
    assert!(code == 2 && errors.contains("--force"), "{errors}");
    let (code, _, errors) = desk.run(&[&QUERY[..], &["--out", "a.tar"]].concat());
    assert!(code == 2 && errors.contains(".zip"), "{errors}");
    let (code, _, errors) = desk.run(&["export", "bundle", "outcome", "--out", "d.zip"]);
    assert!(code == 2 && errors.contains("outcomes"), "{errors}");
    let (code, _, errors) = desk.run(&["export", "bundle"]);
    assert!(code == 2 && errors.contains("nianbao export bundle --help"), "{errors}");
    assert!(!desk.path("d.zip").exists());
}

#[test]
fn verify_tells_the_same_another_database_and_another_result_apart() {
    let desk = Desk::new();
    desk.ok(&[&QUERY[..], &["--out", "a.zip"]].concat());
    assert!(desk.ok(&["verify", "a.zip"]).starts_with("结果相同：outcomes"));
    let english = desk.ok(&["verify", "a.zip", "--lang", "en"]);
    assert!(
        english.starts_with("the same result") && english.contains("same as then"),
        "{english}"
    );

    // a report of another region changes the database and not the answer
    fs::copy(desk.path("nianbao.db"), desk.path("other.db")).unwrap();
    desk.ok(&[
        "set",
        "抚州市民政局",
        "2020",
        "applications/received.new/natural_person",
        "77",
        "--reason",
        "x",
        "--by",
        "y",
        "--db",
        "other.db",
        "--quiet",
    ]);
    let said = desk.ok(&["verify", "a.zip", "--db", "other.db"]);
    assert!(said.starts_with("结果相同") && said.contains("与当时的不同"), "{said}");

    // one of the region asked for changes both
    desk.ok(&[
        "set",
        "宿迁市",
        "2023",
        "applications/granted/total",
        "7777",
        "--reason",
        "x",
        "--by",
        "y",
        "--db",
        "other.db",
        "--quiet",
    ]);
    let (code, said, errors) = desk.run(&["verify", "a.zip", "--db", "other.db"]);
    assert_eq!(code, 1, "{said}{errors}");
    assert!(said.starts_with("结果不同：outcomes 第 "), "{said}");
    assert!(said.contains("7777") && said.contains("与当时的不同"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");

    // a result that was never this database's, in a bundle that is whole
    desk.forge("a.zip", "forged.zip", |name, bytes| match name {
        "result.json" => {
            let mut rows: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
            rows.pop();
            serde_json::to_vec(&rows).unwrap()
        }
        _ => bytes,
    });
    let (code, said, _) = desk.run(&["verify", "forged.zip"]);
    assert!(code == 1 && said.contains("（没有这一行）") && said.contains("与当时相同"), "{said}");
}

#[test]
fn what_is_damaged_or_foreign_is_refused_in_one_sentence() {
    let desk = Desk::new();
    desk.ok(&[&QUERY[..], &["--out", "a.zip"]].concat());
    let whole = fs::read(desk.path("a.zip")).unwrap();
    fs::write(desk.path("cut.zip"), &whole[..whole.len() - 40]).unwrap();
    fs::write(desk.path("text.zip"), "not an archive").unwrap();
    let mut damaged = whole.clone();
    let at = damaged.len() / 3;
    damaged[at..at + 8].fill(0);
    fs::write(desk.path("damaged.zip"), damaged).unwrap();
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    fs::write(desk.path("other.zip"), other.finish().unwrap().into_inner()).unwrap();
    for name in ["cut.zip", "text.zip", "damaged.zip", "other.zip", "nowhere.zip"] {
        let (code, said, errors) = desk.run(&["verify", name]);
        assert_eq!((code, said.as_str()), (2, ""), "{name}: {errors}");
        assert!(errors.contains(name) && errors.lines().count() == 1, "{name}: {errors}");
    }
    let (code, ..) = desk.run(&["verify", "a.zip", "--db", "none.db"]);
    assert_eq!(code, 3);
    // a statement that does more than read is not run
    desk.forge("a.zip", "forged.zip", |name, bytes| match name {
        "query.sql" => b"VACUUM INTO 'stolen.db'".to_vec(),
        "parameters.json" => b"{\"given\": {}, \"bound\": {}}".to_vec(),
        _ => bytes,
    });
    let (code, said, errors) = desk.run(&["verify", "forged.zip"]);
    assert_eq!((code, said.as_str()), (2, ""), "{errors}");
    assert!(!desk.path("stolen.db").exists());
}

/// Runs the statement of a bundle by SQLite alone and compares the rows.
const SCRIPT: &str = "
import json, sqlite3, sys, zipfile
db, bundle = sys.argv[1:]
members = zipfile.ZipFile(bundle)
assert {tuple(m.date_time) for m in members.infolist()} == {(1980, 1, 1, 0, 0, 0)}
conn = sqlite3.connect(f'file:{db}?mode=ro', uri=True)
conn.row_factory = sqlite3.Row
bound = json.loads(members.read('parameters.json'))['bound']
rows = [dict(r) for r in conn.execute(members.read('query.sql').decode(), bound)]
assert rows == json.loads(members.read('result.json')), rows
print(len(rows))
";

#[test]
fn python_runs_the_statement_of_a_bundle_by_itself() {
    let Some(python) = python("zipfile") else { return };
    let desk = Desk::new();
    for (query, given) in [("outcomes", "region=宿迁"), ("review-correction-rate", "from=2019")] {
        let name = format!("{query}.zip");
        desk.ok(&["export", "bundle", query, "-p", given, "--out", &name, "--quiet"]);
        let said = ask(&python, SCRIPT, &[desk.path("nianbao.db"), desk.path(&name)]);
        assert!(said.trim().parse::<usize>().unwrap() > 0, "{query}: {said}");
    }
}
