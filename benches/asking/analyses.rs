//! The analyses: each as the whole command in a process of its own, its start included, and in one
//! process with the database open.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nianbao::analyze::{self, By, Count, Dictionary, Method, Request, Subject};
use nianbao::form::Forms;
use nianbao::lang::Lang;
use nianbao::metric::{Metric, Metrics};
use nianbao::store;
use nianbao::table::Table;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::peer::Peer;
use crate::queries::plain;
use crate::{peak_of, timed};

/// What each is asked, and the file in `peers/analyses` that asks DuckDB the same; `BODY` and `OTHER`
/// are names.
const ASKED: [(&str, &[&str]); 13] = [
    ("trend", &["trend", "--metric", "disclosure-rate"]),
    ("trend-by-region", &["trend", "--metric", "applications-received", "--by", "region"]),
    ("correction-rate", &["correction-rate"]),
    ("correction-rate-by-level", &["correction-rate", "--by", "level"]),
    ("compare", &["compare", "BODY", "OTHER"]),
    ("rank", &["rank", "--metric", "disclosure-rate"]),
    ("benchmark", &["benchmark", "BODY"]),
    ("outliers", &["outliers", "--metric", "disclosure-rate"]),
    ("breakdown-refusals", &["breakdown", "refusals"]),
    ("breakdown-applicants", &["breakdown", "applicants"]),
    ("cohort", &["cohort", "--metric", "disclosure-rate"]),
    ("correlate", &["correlate", "--metric", "disclosure-rate", "--metric", "refusal-rate"]),
    ("forecast", &["forecast", "--metric", "applications-received"]),
];

/// Rounds in one process, and milliseconds beyond which there are no more.
const ROUNDS: usize = 3;
const LONG: f64 = 5_000.0;

/// A body that is asked about.
struct Body {
    organ: i64,
    series: i64,
    name: String,
}

/// Runs all and prints seconds and peak memory of each, or has the peer ask the same.
pub fn all(db: &Path, mut peer: Option<&mut Peer>) {
    let mut conn = store::open_read_only(db).unwrap();
    let bodies = bodies(&conn);
    let forms = Forms::builtin();
    let known = Metrics::builtin(&forms).unwrap();
    if peer.is_none() {
        println!("\n| analysis | seconds | peak MB | in one process, ms |\n|---|---|---|---|");
    }
    for (name, words) in ASKED {
        let (seconds, mb) = alone(db, words, &bodies);
        let request = request(words, &bodies, (&forms, &known));
        let (ms, table) = best(&mut conn, &request);
        match &mut peer {
            None => println!("| `{}` | {seconds:.2} | {mb} | {ms:.1} |", words.join(" ")),
            Some(peer) => {
                let mut said = said(name, &table, &bodies);
                said["words"] = words.join(" ").into();
                said["ms"] = ms.into();
                said["alone"] = (seconds * 1e3).into();
                said["peak"] = mb.into();
                peer.ask(&said);
            }
        }
    }
}

/// The first two bodies with a report of their own.
fn bodies(conn: &Connection) -> Vec<Body> {
    let sql = "SELECT o.id, COALESCE(o.series_id, o.id), o.name
        FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
        WHERE r.scope = 'own' GROUP BY o.id ORDER BY MIN(r.id) LIMIT 2";
    let body =
        |r: &rusqlite::Row<'_>| Ok(Body { organ: r.get(0)?, series: r.get(1)?, name: r.get(2)? });
    conn.prepare(sql).unwrap().query_map([], body).unwrap().map(Result::unwrap).collect()
}

/// The body that a word stands for.
fn body<'b>(word: &str, bodies: &'b [Body]) -> Option<&'b Body> {
    ["BODY", "OTHER"].iter().position(|known| *known == word).map(|at| &bodies[at])
}

/// Seconds and peak memory in MB of the command.
fn alone(db: &Path, words: &[&str], bodies: &[Body]) -> (f64, u64) {
    let words = words.iter().map(|word| body(word, bodies).map_or(*word, |body| &body.name));
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command.arg("--db").arg(db).arg("analyze").args(words);
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let process = child.id().to_string();
    let mut peak = 0;
    loop {
        peak = peak.max(peak_of(&process));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{command:?}");
            return (start.elapsed().as_secs_f64(), peak);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The request that the command makes of these words.
fn request<'r>(
    words: &[&str],
    bodies: &[Body],
    (forms, known): (&'r Forms, &'r Metrics),
) -> Request<'r> {
    let definition = Dictionary::get().unwrap().find(words[0]).unwrap();
    let (mut metrics, mut subjects, mut by) = (Vec::<&Metric>::new(), Vec::new(), None);
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        match *word {
            "--metric" => metrics.push(known.get(rest.next().unwrap()).unwrap()),
            "--by" => {
                let key = rest.next().unwrap();
                by = By::ALL.into_iter().find(|by| by.key() == *key);
            }
            word => subjects.push(match body(word, bodies) {
                None => Subject::Whole(word.to_owned()),
                Some(b) => Subject::Body { organ: b.organ, series: b.series, name: b.name.clone() },
            }),
        }
    }
    if metrics.is_empty() && definition.metrics == Count::Any {
        metrics = known.iter().collect();
    }
    Request {
        definition,
        forms,
        known,
        metrics,
        subjects,
        by,
        region: None,
        level: None,
        kind: None,
        from: None,
        to: None,
        peers: Vec::new(),
        scope: None,
        minimum: None,
        method: Method::Mad,
        lang: Lang::Zh,
    }
}

/// Milliseconds of the best of the rounds, and the answer.
fn best(conn: &mut Connection, request: &Request<'_>) -> (f64, Table) {
    let mut rounds = 0;
    let mut best = f64::INFINITY;
    loop {
        let (outcome, time) = timed(|| analyze::run(conn, request).unwrap());
        best = best.min(time.as_secs_f64() * 1e3);
        rounds += 1;
        if rounds == ROUNDS || best > LONG {
            return (best, outcome.table);
        }
    }
}

/// What came out, for the peer.
fn said(name: &str, table: &Table, bodies: &[Body]) -> Json {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let rows: Vec<Vec<Json>> =
        table.rows.iter().map(|row| row.iter().map(plain).collect()).collect();
    let params =
        json!({ "first": bodies[0].series, "second": bodies[1].series, "organ": bodies[0].organ });
    json!({ "kind": "analyses", "name": name, "params": params,
            "count": rows.len(), "columns": columns, "rows": rows })
}
