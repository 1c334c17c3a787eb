//! `export data`: what is in the files is what is in the database, whoever reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use nianbao::parse::sha256;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

mod common;

use common::loaded::Loaded;
use common::python::{ask, python};

/// The examples, and the corpus where there is one, in a database that was checked.
struct Desk(Loaded);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(Loaded::new(common::corpus().map(|corpus| corpus.join("full"))));
        desk.ok(&["check", "--quiet", "--fail-on", "never"]);
        desk
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let (code, _, errors) = self.0.run(arguments);
        (code, errors)
    }

    fn ok(&self, arguments: &[&str]) {
        self.0.ok(arguments);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    fn database(&self) -> Connection {
        let path = self.path("nianbao.db");
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).unwrap()).unwrap()
    }
}

/// The facts of each table of the forms, read by another way than the export: from the views.
const FACTS: [(&str, &str); 4] = [
    ("application", "item"),
    ("challenge", "proceeding"),
    ("disclosure", "item"),
    ("statistic", "item"),
];

/// Rows of a statement, each value as text; none where there is none.
fn rows(conn: &Connection, sql: &str) -> Vec<Vec<Option<String>>> {
    let mut statement = conn.prepare(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let width = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        (0..width)
            .map(|i| {
                Ok(match row.get_ref(i)? {
                    ValueRef::Null => None,
                    ValueRef::Integer(n) => Some(n.to_string()),
                    ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
                    other => panic!("{other:?}"),
                })
            })
            .collect()
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// The columns of a form's facts besides those that tell the row.
fn columns(conn: &Connection, relation: &str) -> Vec<String> {
    let sql = format!(
        "SELECT name FROM pragma_table_info('{relation}_fact')
         WHERE name NOT IN ('row_id', 'report_id', 'implied') ORDER BY cid"
    );
    rows(conn, &sql).into_iter().map(|row| row[0].clone().unwrap()).collect()
}

/// The rows that the files of a relation should hold, with year and province before them.
fn expected(
    conn: &Connection,
    relation: &str,
    key: &str,
    filter: &str,
) -> Vec<Vec<Option<String>>> {
    let values = columns(conn, relation).join(", v.");
    let province = "COALESCE(SUBSTR(v.region_code, 1, 2), '00')";
    let mut rows = rows(
        conn,
        &format!(
            "SELECT v.year, {province}, v.report_id, v.row_edition, v.{key}, v.{values}
             FROM v_{relation} AS v WHERE {filter}"
        ),
    );
    rows.sort();
    rows
}

/// All files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|file| {
            let path = file.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, fs::read(file.path()).unwrap())
        })
        .collect()
}

/// Year and province of a path.
fn partition(path: &str) -> (Option<String>, Option<String>) {
    let part =
        |name: &str| path.split('/').find_map(|part| part.strip_prefix(name)).map(str::to_owned);
    (part("year="), part("province="))
}

/// The rows of a relation's CSV files with year and province before them, without the last column.
fn csv_rows(folder: &Path, relation: &str) -> Vec<Vec<Option<String>>> {
    let mut found = Vec::new();
    for (path, bytes) in files(folder) {
        if !path.starts_with(&format!("facts/{relation}/")) {
            continue;
        }
        let (year, province) = partition(&path);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().unwrap().iter().next_back(), Some("implied_bits"));
        for record in reader.records().map(Result::unwrap) {
            let values = record.iter().take(record.len() - 1);
            let values = values.map(|v| (!v.is_empty()).then(|| v.to_owned()));
            found.push([year.clone(), province.clone()].into_iter().chain(values).collect());
        }
    }
    found.sort();
    found
}

#[test]
fn csv_holds_every_fact_of_the_database_and_nothing_is_not_zero() {
    let desk = Desk::new();
    desk.ok(&["export", "data", "--out", "out", "--as", "csv", "--quiet"]);
    let conn = desk.database();
    let mut nothing = 0;
    for (relation, key) in FACTS {
        let wanted = expected(&conn, relation, key, "1");
        assert!(!wanted.is_empty(), "{relation}");
        nothing += wanted.iter().flatten().filter(|value| value.is_none()).count();
        assert_eq!(csv_rows(&desk.path("out"), relation), wanted, "{relation}");
    }
    assert!(nothing > 100, "{nothing}");
    let reports =
        fs::read_to_string(desk.path("out/facts/report/year=2023/province=32/report.csv")).unwrap();
    assert!(reports.starts_with("report_id,organ_id,series_id,organ,kind,level,region_code,"));
    assert!(reports.contains(",321300,"), "{reports}");
}

#[test]
fn manifest_and_package_tell_what_is_there() {
    let desk = Desk::new();
    desk.ok(&["export", "data", "--out", "out", "--as", "csv", "--quiet"]);
    let manifest = desk.json("out/manifest.json");
    let mut there = files(&desk.path("out"));
    there.remove("manifest.json");
    there.remove(".nianbao-export");
    let listed: Vec<&Value> = manifest["files"].as_array().unwrap().iter().collect();
    assert_eq!(listed.len(), there.len());
    for file in listed {
        let bytes = &there[file["path"].as_str().unwrap()];
        assert_eq!(file["bytes"], bytes.len());
        assert_eq!(file["sha256"], sha256(bytes));
        if file["path"] != "datapackage.json" {
            let lines = csv::Reader::from_reader(bytes.as_slice()).into_records().count();
            assert_eq!(file["rows"], lines, "{file}");
        }
    }
    let conn = desk.database();
    let counted = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    let current = counted("SELECT COUNT(*) FROM report WHERE is_current = 1");
    assert_eq!(manifest["reports"], current);
    assert_eq!(manifest["rows"]["report"], current);
    assert_eq!(manifest["rows"]["finding"], counted("SELECT COUNT(*) FROM v_finding"));
    assert_eq!(
        manifest["rows"]["cell_mark"],
        counted(
            "SELECT COUNT(*) FROM cell_mark AS c INNER JOIN report AS r ON r.id = c.report_id WHERE r.is_current = 1"
        )
    );
    assert_eq!(manifest["database"]["schema_version"], nianbao::store::SCHEMA_VERSION);
    assert_eq!(manifest["filters"]["region"], Value::Null);
    // what the manifest says of the database can be found out with it alone
    let sql = manifest["database"]["content_sql"].as_str().unwrap();
    let lines: String =
        rows(&conn, sql).into_iter().map(|r| r[0].clone().unwrap() + "\n").collect();
    assert_eq!(manifest["database"]["content_sha256"], sha256(lines.as_bytes()));

    let package = desk.json("out/datapackage.json");
    let mut paths = BTreeSet::new();
    for resource in package["resources"].as_array().unwrap() {
        let of = match &resource["path"] {
            Value::Array(paths) => paths.clone(),
            path => vec![path.clone()],
        };
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|f| f["name"].as_str().unwrap()).collect();
        for field in fields {
            let name = field["name"].as_str().unwrap();
            assert!(field["title"].is_string(), "{name}");
            if name.ends_with("_code") || name == "code" {
                assert_eq!(field["type"], "string", "{name}");
            }
            if name.ends_with("_fen") {
                assert_eq!((&field["type"], &field["unit"]), (&"integer".into(), &"分".into()));
            }
        }
        for path in of {
            let bytes = &there[path.as_str().unwrap()];
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names);
            paths.insert(path.as_str().unwrap().to_owned());
        }
    }
    there.remove("datapackage.json");
    assert_eq!(paths, there.into_keys().collect());
}

/// What Frictionless finds in a package: its tasks, and the errors of each.
const VALIDATE: &str = "
import sys
from frictionless import Package
report = Package(sys.argv[1]).validate()
print(len(report.tasks))
for error in report.errors:
    print(error.type, error.note)
for task in report.tasks:
    for error in task.errors:
        print(task.name, error.type, error.note)
";

#[test]
fn frictionless_finds_the_package_as_it_is_described() {
    let Some(python) = python("frictionless") else { return };
    let desk = Desk::new();
    desk.ok(&["export", "data", "--as", "csv", "--out", "out"]);
    let said = ask(&python, VALIDATE, &[desk.path("out/datapackage.json")]);
    let (tasks, errors) = said.split_once('\n').unwrap();
    assert!(tasks.parse::<usize>().unwrap() > 15, "{said}");
    assert_eq!(errors, "");
}

#[test]
fn filters_narrow_the_facts_and_an_export_is_the_same_each_time() {
    let desk = Desk::new();
    let narrow = ["export", "data", "--region", "宿迁", "--year", "2023", "--as", "csv", "--quiet"];
    desk.ok(&[&narrow[..], &["--out", "few"]].concat());
    desk.ok(&[&narrow[..], &["--out", "again"]].concat());
    let first = files(&desk.path("few"));
    assert_eq!(first, files(&desk.path("again")));
    let conn = desk.database();
    let filter = "v.year = 2023 AND v.region_code BETWEEN '321300' AND '321399'";
    for (relation, key) in FACTS {
        let wanted = expected(&conn, relation, key, filter);
        assert_eq!(csv_rows(&desk.path("few"), relation), wanted, "{relation}");
    }
    assert!(first.keys().all(|path| !path.contains("year=2022")));
    let manifest = desk.json("few/manifest.json");
    assert_eq!(manifest["filters"]["region"], "321300");
    assert_eq!(manifest["filters"]["from"], 2023);

    // one report among all: it is looked up
    desk.ok(&[
        "export",
        "data",
        "--body",
        "宿迁市",
        "--year",
        "2023",
        "--as",
        "ndjson",
        "--out",
        "one",
        "--quiet",
    ]);
    let lines =
        fs::read_to_string(desk.path("one/facts/challenge/year=2023/province=32/challenge.ndjson"))
            .unwrap();
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let report = &desk.json("one/manifest.json")["rows"]["report"];
    assert_eq!((report, lines.len()), (&1.into(), 3));
    let review = lines.iter().find(|line| line["row_key"] == "review").unwrap();
    let report = review["report_id"].as_i64().unwrap();
    let wanted = rows(
        &conn,
        &format!(
            "SELECT upheld, total FROM v_challenge WHERE report_id = {report} AND proceeding = 'review'"
        ),
    );
    let number = |name: &str| review[name].as_i64().map(|n| n.to_string());
    assert_eq!(wanted, [[number("upheld"), number("total")]]);

    // without a summary beside the bodies that it stands for
    desk.ok(&["export", "data", "--scope", "auto", "--as", "csv", "--out", "once", "--quiet"]);
    desk.ok(&["export", "data", "--as", "csv", "--out", "all", "--quiet"]);
    let count = |name: &str| desk.json(name)["reports"].as_i64().unwrap();
    assert!(count("once/manifest.json") < count("all/manifest.json"));
}

#[test]
fn what_stands_there_is_kept_and_what_fails_leaves_nothing() {
    let desk = Desk::new();
    let before = |desk: &Desk| {
        fs::read_dir(desk.path("."))
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect::<BTreeSet<_>>()
    };
    let there = before(&desk);
    for (arguments, said) in [
        (vec!["--out", "out", "--year", "1999"], "没有符合条件的报告"),
        (vec!["--out", "out", "--format", "xlsx"], "--as parquet"),
        (vec![], "--out"),
        (vec!["--out", "nowhere/out"], "nowhere"),
    ] {
        let (code, errors) = desk.run(&[vec!["export", "data"], arguments.clone()].concat());
        assert_eq!(code, 2, "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{errors}");
        assert_eq!(before(&desk), there, "{arguments:?}");
    }
    desk.ok(&["export", "data", "--out", "out", "--as", "csv"]);
    let first = files(&desk.path("out"));
    let (code, errors) = desk.run(&["export", "data", "--out", "out"]);
    assert!(code == 2 && errors.contains("--force"), "{errors}");
    assert_eq!(files(&desk.path("out")), first);
    desk.ok(&["export", "data", "--out", "out", "--force"]);
    assert!(files(&desk.path("out")).keys().any(|path| path.ends_with(".parquet")));
    assert!(files(&desk.path("out")).keys().all(|path| !path.ends_with(".csv")));
    fs::create_dir(desk.path("other")).unwrap();
    fs::write(desk.path("other/mine.txt"), "x").unwrap();
    let (code, errors) = desk.run(&["export", "data", "--out", "other", "--force"]);
    assert!(code == 2 && errors.contains("mine.txt"), "{errors}");
    assert!(desk.path("other/mine.txt").is_file());
}

/// Reads facts with PyArrow and with SQLite, compares all values, and prints the types.
const ARROW: &str = r#"
import json, sqlite3, sys
import pyarrow.dataset as ds
db, folder = sys.argv[1:]
conn = sqlite3.connect(f'file:{db}?mode=ro', uri=True)
key = lambda row: [(v is None, str(v)) for v in row]
types, compared = {}, 0
for relation, line in [('application', 'item'), ('challenge', 'proceeding'), ('disclosure', 'item'), ('statistic', 'item')]:
    table = ds.dataset(f'{folder}/facts/{relation}', format='parquet', partitioning='hive').to_table()
    names = [n for n in table.column_names if n not in ('implied_bits', 'year', 'province')]
    types.update({f'{relation}.{n}': str(table.schema.field(n).type) for n in names})
    rows = table.to_pylist()
    ours = [[r['year'], f"{r['province']:02}"] + [r[n] for n in names] for r in rows]
    select = ', '.join({'row_key': f'v.{line}'}.get(n, f'v.{n}') for n in names)
    theirs = conn.execute(f"SELECT v.year, COALESCE(SUBSTR(v.region_code, 1, 2), '00'), {select} FROM v_{relation} AS v").fetchall()
    ours.sort(key=key); theirs = sorted(map(list, theirs), key=key)
    assert ours == theirs, (relation, len(ours), len(theirs))
    compared += len(ours)
reports = ds.dataset(f'{folder}/facts/report', format='parquet', partitioning='hive').to_table()
types['report.region_code'] = str(reports.schema.field('region_code').type)
region = ds.dataset(f'{folder}/dimensions/region.parquet').to_table()
types['region.code'] = str(region.schema.field('code').type)
assert region.num_rows == conn.execute('SELECT COUNT(*) FROM region').fetchone()[0]
print(json.dumps([compared, types]))
"#;

#[test]
fn pyarrow_reads_the_same_values_with_their_types() {
    let Some(python) = python("pyarrow") else { return };
    let desk = Desk::new();
    desk.ok(&["export", "data", "--out", "out", "--quiet"]);
    let said = ask(&python, ARROW, &[desk.path("nianbao.db"), desk.path("out")]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert!(said[0].as_i64().unwrap() > 500, "{said}");
    let types = said[1].as_object().unwrap();
    for (name, kind) in types {
        let is_text = ["row_key", "row_edition", "region_code", "code"]
            .iter()
            .any(|text| name.split('.').next_back() == Some(text));
        let is_string = kind.as_str().unwrap().contains("string");
        assert_eq!(is_string, is_text, "{name} {kind}");
        assert!(is_string || kind == "int64", "{name} {kind}");
    }
}

/// Sums facts with DuckDB and with pandas, and types of codes.
const OTHERS: &str = r#"
import json, sys
import duckdb, pandas
folder = sys.argv[1]
files = f"read_parquet('{folder}/facts/%s/**/*.parquet', hive_partitioning = true)"
received = duckdb.sql(f"""
    SELECT f.year, SUM(f.total) FROM {files % 'application'} AS f
    INNER JOIN {files % 'report'} AS r USING (report_id)
    WHERE f.row_key = 'received.new' AND r.covered_depth < 1 AND f.year = r.reporting_year
    GROUP BY f.year ORDER BY f.year""").fetchall()
reports = pandas.read_parquet(f'{folder}/facts/report')
application = pandas.read_parquet(f'{folder}/facts/application')
both = application.merge(reports, on='report_id')
both = both[(both.row_key == 'received.new') & (both.covered_depth < 1)]
sums = both.groupby('reporting_year').total.sum(min_count=1)
kinds = {str(type(code).__name__) for code in reports.region_code.dropna()}
kind = duckdb.sql(f"SELECT DISTINCT typeof(region_code) FROM {files % 'report'}").fetchall()[0][0]
print(json.dumps([[list(map(int, r)) for r in received], [[int(y), int(n)] for y, n in sums.items()], sorted(kinds), kind]))
"#;

#[test]
fn duckdb_and_pandas_add_up_the_same() {
    let Some(python) = python("duckdb, pandas, pyarrow") else { return };
    let desk = Desk::new();
    desk.ok(&["export", "data", "--out", "out", "--from", "2019", "--quiet"]);
    let said = ask(&python, OTHERS, &[desk.path("out")]);
    let said: Value = serde_json::from_str(&said).unwrap();
    let sums = rows(
        &desk.database(),
        "SELECT year, SUM(total) FROM v_application
         WHERE item = 'received.new' AND covered_depth < 1 AND year >= 2019 GROUP BY year ORDER BY year",
    );
    let sums: Vec<Vec<i64>> = sums
        .iter()
        .map(|row| row.iter().map(|v| v.as_ref().unwrap().parse().unwrap()).collect())
        .collect();
    assert_eq!(said[0], serde_json::json!(sums));
    assert_eq!(said[1], serde_json::json!(sums));
    assert_eq!((&said[2], &said[3]), (&serde_json::json!(["str"]), &serde_json::json!("VARCHAR")));
}
