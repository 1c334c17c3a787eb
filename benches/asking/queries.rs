//! The canned queries.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use nianbao::lang::Lang;
use nianbao::query::catalog::{Catalog, Query};
use nianbao::query::{Limits, Params};
use nianbao::store;
use nianbao::table::Value;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::peer::Peer;
use crate::{peak, timed};

/// What is chosen beside the defaults: a body, where the answer is about one.
fn chosen(query: &Query, conn: &Connection) -> BTreeMap<String, String> {
    let mut given = BTreeMap::new();
    if query.parameters.iter().any(|p| p.name == "organ") {
        let body = "SELECT o.name FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
            WHERE r.scope = 'own' ORDER BY r.id LIMIT 1";
        given.insert("organ".to_owned(), conn.query_row(body, [], |r| r.get(0)).unwrap());
    }
    given
}

/// Asks one query in this process and prints the most memory it had, in MB.
pub fn one(db: &Path, name: &str) {
    let catalog = Catalog::load(None).unwrap();
    let mut conn = store::open_read_only(db).unwrap();
    let query = catalog.get(name).unwrap();
    let params = query.settled(&conn, &query.params(&chosen(query, &conn)).unwrap()).unwrap();
    let limits = Limits { timeout: None, ..Limits::default() };
    let rows = query.run(&mut conn, &params, &limits, Lang::Zh).unwrap().rows.len();
    println!("{} {rows}", peak());
}

/// The memory of a process that asks this query alone, in MB.
fn peak_of(db: &Path, query: &Query) -> u64 {
    let mut alone = Command::new(std::env::current_exe().unwrap());
    let printed = alone.arg("one").arg(db).arg(&query.name).output().unwrap().stdout;
    let printed = String::from_utf8(printed).unwrap();
    printed.split(' ').next().and_then(|mb| mb.parse().ok()).expect("its memory")
}

/// Asks every query, the best of so many rounds, and has the peer ask the same.
pub fn all(db: &Path, rounds: usize, mut peer: Option<&mut Peer>) {
    let catalog = Catalog::load(None).unwrap();
    let mut conn = store::open_read_only(db).unwrap();
    for query in catalog.queries() {
        let given = chosen(query, &conn);
        let params = query.settled(&conn, &query.params(&given).unwrap()).unwrap();
        let limits = Limits { timeout: None, ..Limits::default() };
        let mut best = f64::INFINITY;
        let mut table = None;
        for _ in 0..rounds {
            let (answer, time) =
                timed(|| query.run(&mut conn, &params, &limits, Lang::Zh).unwrap());
            best = best.min(time.as_secs_f64() * 1e3);
            table = Some(answer);
            if best > 2_000.0 {
                break;
            }
        }
        let rows = table.unwrap().rows;
        match &mut peer {
            None => println!("{:28} {best:9.1} ms {:7} rows", query.name, rows.len()),
            Some(peer) => {
                let mut said = said(query, &params, best, &rows);
                said["peak"] = peak_of(db, query).into();
                peer.ask(&said);
            }
        }
    }
}

/// What was asked, how long it took and what came out, for the peer.
fn said(query: &Query, params: &Params, ms: f64, rows: &[Vec<Value>]) -> Json {
    let params: serde_json::Map<String, Json> =
        params.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
    let kept: Vec<Vec<Json>> =
        rows.iter().take(5_000).map(|row| row.iter().map(plain).collect()).collect();
    json!({ "kind": "queries", "name": query.name, "sql": query.sql, "params": params, "ms": ms,
            "count": rows.len(), "rows": kept })
}

/// A value for the peer.
pub fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(n) => json!(n),
        Value::Real(x) => json!(x),
        Value::Text(text) => json!(text),
        other => panic!("no answer has {other:?}"),
    }
}
