//! A written list of attempts to write, to reach outside or to exhaust the machine, each against
//! a real file: refused or interrupted within its limits, with the file's bytes as they were and
//! no new file beside it. The attempts that fill the heap are in `tests/heap.rs`, a process of its
//! own: SQLite's heap limit is the whole process's, and they would starve the tests beside them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::{Error, Limits, Params, run};

const LIMIT: Duration = Duration::from_millis(500);
/// How far past its limit a statement may run: one instruction on the largest values, on a busy
/// machine and without optimization.
const GRACE: Duration = Duration::from_secs(5);

/// Statements that write, open a file or change the connection.
const REACHING: &[&str] = &[
    // Writes of each kind.
    "INSERT INTO t VALUES (1, 'x')",
    "INSERT INTO t VALUES (1, 'x') RETURNING a",
    "REPLACE INTO t VALUES (1, 'x')",
    "UPDATE t SET a = 2",
    "DELETE FROM t",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT 1, 'y' FROM x",
    "INSERT INTO t SELECT * FROM t ON CONFLICT DO UPDATE SET a = 9",
    "UPDATE sqlite_schema SET sql = 'x'",
    "DELETE FROM sqlite_sequence",
    // The schema.
    "CREATE TABLE u (a)",
    "CREATE TABLE u AS SELECT * FROM t",
    "CREATE TEMP TABLE u (a)",
    "CREATE TEMP VIEW u AS SELECT 1",
    "CREATE TEMP TRIGGER u AFTER INSERT ON t BEGIN SELECT 1; END",
    "CREATE VIEW u AS SELECT 1",
    "CREATE INDEX i ON t (a)",
    "CREATE TRIGGER u AFTER INSERT ON t BEGIN DELETE FROM t; END",
    "CREATE VIRTUAL TABLE u USING fts5(x)",
    "CREATE VIRTUAL TABLE temp.u USING fts5vocab('main', 'f', 'row')",
    "DROP TABLE t",
    "DROP VIEW v",
    "ALTER TABLE t RENAME TO u",
    "ALTER TABLE t ADD COLUMN c",
    "ALTER TABLE t DROP COLUMN b",
    // Other files.
    "ATTACH 'other.db' AS o",
    "ATTACH DATABASE ('oth' || 'er.db') AS o",
    "ATTACH ':memory:' AS o",
    "ATTACH 'file:other.db?mode=rwc' AS o",
    "DETACH main",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "VACUUM main INTO ('co' || 'py.db')",
    "SELECT load_extension('x')",
    "SELECT LOAD_EXTENSION('x', 'y')",
    "SELECT writefile('written', 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT edit('x')",
    "SELECT * FROM sqlite_dbpage",
    // Pragmas.
    "PRAGMA writable_schema = 1",
    "PRAGMA writable_schema = RESET",
    "PRAGMA journal_mode = WAL",
    "PRAGMA journal_mode",
    "PRAGMA query_only = 0",
    "PRAGMA main.user_version = 7",
    "PRAGMA application_id = 7",
    "PRAGMA page_size = 512",
    "PRAGMA auto_vacuum = FULL",
    "PRAGMA incremental_vacuum",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA optimize",
    "PRAGMA schema_version = 1",
    "PRAGMA temp_store_directory = '/tmp'",
    "PRAGMA data_version = 1",
    "PRAGMA hard_heap_limit = 1",
    "PRAGMA mmap_size = 1000000000",
    "PRAGMA trusted_schema = 1",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA foreign_keys = 0",
    "PRAGMA key = 'x'",
    "SELECT * FROM pragma_journal_mode('WAL')",
    "SELECT * FROM pragma_optimize",
    "SELECT * FROM pragma_database_list",
    // Transactions.
    "BEGIN",
    "BEGIN EXCLUSIVE",
    "COMMIT",
    "END",
    "ROLLBACK",
    "SAVEPOINT s",
    "RELEASE s",
    "ROLLBACK TO s",
    // Maintenance.
    "REINDEX",
    "REINDEX t",
    "ANALYZE",
    "ANALYZE t",
    // Hiding.
    "EXPLAIN INSERT INTO t VALUES (1, 'x')",
    "EXPLAIN QUERY PLAN DELETE FROM t",
    "EXPLAIN VACUUM",
    "EXPLAIN ATTACH 'other.db' AS o",
    "EXPLAIN PRAGMA journal_mode = WAL",
    "-- SELECT\nDELETE FROM t",
    "/* SELECT 1; */ DROP TABLE t -- SELECT",
    "\u{feff}DELETE FROM t",
    ";;; DELETE FROM t",
    "SELECT 1; DELETE FROM t",
    "SELECT 1; SELECT 2",
    "SELECT 1;\n-- a\nPRAGMA user_version = 3",
    "SELECT 1 /* ; */ ; VACUUM INTO 'copy.db'",
    "SELECT 1\0; DELETE FROM t",
    "DELETE FROM t WHERE a IN (SELECT a FROM t) -- \n;",
    // Full-text search.
    "INSERT INTO f(f) VALUES ('rebuild')",
    "INSERT INTO f(f) VALUES ('delete-all')",
    "INSERT INTO f(f, rank) VALUES ('pgsz', 64)",
    "DELETE FROM f_data",
    "UPDATE f_config SET v = 0",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts3_tokenizer('simple', x'4141414141414141')",
    "SELECT fts5(x'00')",
    "SELECT rtreecheck('t')",
];

/// Statements that would never end, or would take the machine's memory.
const EXHAUSTING: &[&str] = &[
    // Giant values.
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000000)",
    "SELECT length(zeroblob(2147483647))",
    "SELECT hex(zeroblob(4000000))",
    "SELECT printf('%*c', 1000000000, 'x')",
    "SELECT printf('%.*c', 1000000000, 'x')",
    "SELECT format('%1000000000d', 1)",
    "SELECT printf('%.1000000000f', 1)",
    "SELECT replace(printf('%.*c', 100000, 'a'), 'a', printf('%.*c', 100000, 'b'))",
    "SELECT replace(replace(replace(hex(zeroblob(1000)), '0', hex(zeroblob(1000))), '0',
        hex(zeroblob(1000))), '0', hex(zeroblob(1000)))",
    "SELECT quote(zeroblob(4000000))",
    "SELECT unhex(printf('%.*c', 1000000, 'a'), printf('%.*c', 1000000, 'b'))",
    "SELECT json_patch('{}', '{}')",
    "SELECT json_array(zeroblob(9999999))",
    // Quadratic work inside one instruction.
    "SELECT sum(instr(printf('%.*c', 2000000, 'a'), printf('%.*c', 1000000, 'a') || i))
        FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)",
    "SELECT sum(length(trim(printf('%.*c', 2000000, 'a'), printf('%.*c', 1000000, 'b') || i)))
        FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)",
    "SELECT sum(length(replace(printf('%.*c', 2000000, 'a'),
        printf('%.*c', 1000000, 'a') || i, '')))
        FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)",
    "SELECT printf('%.*c', 4000000, 'a') LIKE replace(printf('%.*c', 1000, 'x'), 'x', '%a_')",
    "SELECT sum(printf('%.*c', 1000000, 'a') LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b' || i)
        FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)",
    "SELECT sum(printf('%.*c', 1000000, 'a') GLOB '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b' || i)
        FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)",
    // Recursion without end.
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n) SELECT i FROM n ORDER BY i DESC",
    "WITH RECURSIVE n(x) AS (SELECT 'ab' UNION ALL SELECT x || x FROM n) SELECT length(x) FROM n",
    "WITH RECURSIVE n(x) AS (SELECT zeroblob(1000000) UNION ALL SELECT x FROM n) SELECT x FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 'a' UNION ALL SELECT x || 'a' FROM n)
        SELECT group_concat(x) FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n, t LIMIT 1000000000)
        SELECT count(*) OVER (ORDER BY x) FROM n",
    "SELECT * FROM json_each((WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)
        SELECT json_group_array(x) FROM n))",
    // Joins without end.
    "SELECT count(*) FROM many a, many b, many c, many d, many e, many f",
    "SELECT a.i FROM many a, many b, many c, many d ORDER BY a.i * b.i * c.i * d.i",
    "SELECT DISTINCT a.i || b.i || c.i || d.i FROM many a, many b, many c, many d",
    "SELECT (SELECT count(*) FROM many a, many b, many c WHERE a.i + b.i + c.i > x.i)
        FROM many x",
    "SELECT max(a.i) FROM many a, many b, many c, many d, many e GROUP BY a.i + b.i + c.i",
];

/// Statements too long to write out.
fn generated() -> Vec<(&'static str, String)> {
    let doubling = |levels: usize, join: &str| {
        let mut sql = "WITH a0 AS (SELECT 1 AS x)".to_owned();
        for n in 1..=levels {
            let p = n - 1;
            match join {
                "union" => {
                    sql += &format!(", a{n} AS (SELECT x FROM a{p} UNION ALL SELECT x FROM a{p})")
                }
                _ => sql += &format!(", a{n} AS (SELECT l.x FROM a{p} AS l, a{p} AS r)"),
            }
        }
        format!("{sql} SELECT count(*) FROM a{levels}")
    };
    // Few levels of many references: 50 to the 5th power in all.
    let widening = |select: &str, join: &str| {
        let mut sql = "WITH a0 AS (SELECT 1 AS x)".to_owned();
        for n in 1..=5 {
            let p = n - 1;
            let all: Vec<String> = (0..50).map(|i| format!("{select} a{p} AS r{i}")).collect();
            let from = if select.is_empty() { "SELECT r0.x FROM" } else { "" };
            sql += &format!(", a{n} AS ({from} {})", all.join(join));
        }
        format!("{sql} SELECT count(*) FROM a5, many, many AS m, many AS n")
    };
    let subqueries =
        |depth: usize| format!("{}SELECT 1{}", "SELECT * FROM (".repeat(depth), ")".repeat(depth));
    vec![
        ("deep brackets", format!("SELECT {}1{}", "(".repeat(40_000), ")".repeat(40_000))),
        ("deep sum", format!("SELECT {}1", "1+".repeat(40_000))),
        ("deep not", format!("SELECT {}1", "NOT ".repeat(20_000))),
        ("deep minus", format!("SELECT {}1", "- ".repeat(40_000))),
        (
            "deep case",
            format!("SELECT {}1{}", "CASE 1 WHEN ".repeat(4000), " THEN 1 END".repeat(4000)),
        ),
        ("deep functions", format!("SELECT {}1{}", "abs(".repeat(15_000), ")".repeat(15_000))),
        ("deep subqueries", subqueries(3000)),
        ("long compound", format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(5000))),
        ("many columns", format!("SELECT 1{}", ",1".repeat(45_000))),
        ("many arguments", format!("SELECT max(1{})", ",1".repeat(45_000))),
        ("many parameters", format!("SELECT 1{}", "+:a".repeat(20_000))),
        ("high parameter", "SELECT ?999999999".to_owned()),
        ("many tables", format!("SELECT count(*) FROM many{}", ", many".repeat(10_000))),
        ("long statement", format!("SELECT '{}'", "x".repeat(10_000_000))),
        ("doubling unions", doubling(30, "union")),
        ("wide unions", widening("SELECT x FROM", " UNION ALL ")),
        ("wide joins", widening("", ", ")),
        ("doubling joins", doubling(60, "join")),
        ("deep json", "SELECT json_extract(printf('%.*c', 3000000, '['), '$')".to_owned()),
        ("deep fts", format!("SELECT * FROM f WHERE f MATCH '{}a'", "(".repeat(40_000))),
        (
            "large fts",
            format!(
                "SELECT count(*) FROM f a, f b, f c, f d, many, many m2, many m3 \
            WHERE a.f MATCH '{}a'",
                "a OR ".repeat(5000)
            ),
        ),
    ]
}

fn fixture(path: &Path) {
    let conn = Connection::open(path).expect("the folder is ours");
    conn.execute_batch(
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT);
         INSERT INTO t (b) VALUES ('x'), ('y'), ('z');
         CREATE VIEW v AS SELECT a FROM t;
         CREATE VIRTUAL TABLE f USING fts5(x);
         INSERT INTO f VALUES ('a b'), ('c d');
         CREATE TABLE many (i INTEGER);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO many SELECT i FROM n;",
    )
    .expect("the fixture is sound");
}

/// Runs an attack on a read-only and, where the guard stands alone, on a writable connection.
fn attack(folder: &Path, sql: &str, name: &str) -> Error {
    let path = folder.join("a.db");
    let before = fs::read(&path).expect("it is there");
    let mut outcome = None;
    for flags in [OpenFlags::SQLITE_OPEN_READ_ONLY, OpenFlags::SQLITE_OPEN_READ_WRITE] {
        let flags = flags | OpenFlags::SQLITE_OPEN_URI;
        let mut conn = Connection::open_with_flags(&path, flags).expect("it opens");
        let limits = Limits { timeout: Some(LIMIT), max_rows: Some(100), max_bytes: 10_000_000 };
        let start = Instant::now();
        let answer = run(&mut conn, sql, &Params::new(), &limits);
        let taken = start.elapsed();
        assert!(taken < LIMIT + GRACE, "{name} took {taken:?}");
        assert!(conn.is_autocommit(), "{name} left a transaction");
        match answer {
            Ok(table) => panic!("{name} gave {} rows", table.rows.len()),
            Err(error) => outcome = Some(error),
        }
    }
    assert_eq!(fs::read(&path).expect("it is there"), before, "{name} changed the file");
    let files: Vec<_> = fs::read_dir(folder).expect("ours").flatten().map(|f| f.path()).collect();
    assert_eq!(files, [path], "{name} made a file");
    outcome.expect("two were tried")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temp folder");
    fixture(&folder.path().join("a.db"));
    folder
}

#[test]
fn nothing_reaches_outside_or_writes() {
    let folder = folder();
    for sql in REACHING {
        let error = attack(folder.path(), sql, sql);
        assert!(!matches!(error, Error::Timeout { .. } | Error::Database(_)), "{sql}: {error}");
    }
    for made in ["other.db", "copy.db", "written"] {
        assert!(!Path::new(made).exists(), "{made} in the working folder");
    }
}

#[test]
fn nothing_exhausts_the_machine() {
    let folder = folder();
    for sql in EXHAUSTING {
        let error = attack(folder.path(), sql, sql);
        assert!(!matches!(error, Error::Database(_)), "{sql}: {error}");
    }
    for (name, sql) in generated() {
        let error = attack(folder.path(), &sql, name);
        assert!(!matches!(error, Error::Database(_)), "{name}: {error}");
        assert!(error.to_string().len() < 300, "{name}: {error}");
    }
}

#[test]
fn what_only_reads_is_let_through() {
    let folder = folder();
    let path = folder.path().join("a.db");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let mut conn = Connection::open_with_flags(path, flags).expect("it opens");
    for sql in [
        "SELECT * FROM v",
        "select sum(a), group_concat(b, '、') from t group by b having count(*) > 0",
        "VALUES (1, 2), (3, 4)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n",
        "SELECT highlight(f, 0, '[', ']') FROM f WHERE f MATCH 'a' ORDER BY rank",
        "SELECT sql FROM sqlite_schema",
        "SELECT name FROM pragma_table_info('t')",
        "PRAGMA table_info(v)",
        "EXPLAIN QUERY PLAN SELECT * FROM t WHERE a = 1",
        "SELECT value FROM json_each('[1, 2]')",
        "SELECT replace(trim(b), 'x', 'y'), instr(b, 'x'), b LIKE '%x%' FROM t",
        "SELECT strftime('%Y', '2024-01-01'), date('now'), round(1.25, 1)",
        "SELECT a, rank() OVER (ORDER BY a) FROM t",
        "/* a comment */ SELECT 'INSERT; DROP TABLE t' -- ; DELETE\n;",
    ] {
        let answer = run(&mut conn, sql, &Params::new(), &Limits::default());
        assert!(answer.is_ok_and(|table| !table.columns.is_empty()), "{sql}");
    }
}
