//! `export datasette`: Datasette itself, where it is installed, answers as `query` does.

use std::fs;

use serde_json::Value;

mod common;

use common::loaded::Loaded;
use common::python::{ask, python};

/// The examples in a database with a Chinese name.
fn desk() -> Loaded {
    let folder = Loaded::new(None);
    fs::rename(folder.path("nianbao.db"), folder.path("县.db")).unwrap();
    folder.ok(&["check", "--quiet", "--fail-on", "never", "--db", "县.db"]);
    folder
}

#[test]
fn the_file_is_named_for_its_style_and_its_database() {
    let folder = desk();
    folder.ok(&["export", "datasette", "--out", "metadata.json", "--db", "县.db"]);
    let text = fs::read_to_string(folder.path("metadata.json")).unwrap();
    let metadata: Value = serde_json::from_str(&text).unwrap();
    assert!(metadata["databases"]["县"]["queries"]["outcomes"]["sql"].is_string());
    let (code, _, errors) =
        folder.run(&["export", "datasette", "--out", "metadata.txt", "--db", "县.db"]);
    assert!(code == 2 && errors.contains(".yaml"), "{errors}");
}

/// Both styles say the same.
const SAME: &str = "
import json, sys, yaml
assert yaml.safe_load(open(sys.argv[1], encoding='utf-8')) == json.load(open(sys.argv[2], encoding='utf-8'))
print('same')
";

#[test]
fn yaml_says_what_json_says() {
    let Some(python) = python("yaml") else { return };
    let folder = desk();
    let file = |name: &str| folder.path(name);
    folder.ok(&["export", "datasette", "--out", "metadata.yaml", "--db", "县.db"]);
    folder.ok(&["export", "datasette", "--out", "metadata.json", "--db", "县.db"]);
    assert_eq!(ask(&python, SAME, &[file("metadata.yaml"), file("metadata.json")]), "same\n");
}

/// Asks Datasette each question of a list, and prints the answers.
const SCRIPT: &str = "
import asyncio, json, sys
from urllib.parse import urlencode
from datasette.app import Datasette
from datasette.utils import parse_metadata, tilde_encode
db, metadata, asked = sys.argv[1:]
at = '/' + tilde_encode('县')
async def main():
    metadata_ = parse_metadata(open(metadata, encoding='utf-8').read())
    ds = Datasette([], immutables=[db], metadata=metadata_, settings={'sql_time_limit_ms': 30000})
    await ds.invoke_startup()
    answers = []
    for name, given in json.load(open(asked, encoding='utf-8')):
        given = dict(given, _shape='array')
        answer = await ds.client.get(f'{at}/{name}.json?' + urlencode(given))
        assert answer.status_code == 200, (name, answer.text)
        answers.append(answer.json())
        page = await ds.client.get(f'{at}/{name}?' + urlencode({k: v for k, v in given.items() if k[0] != '_'}))
        assert page.status_code == 200, (name, page.status_code)
    page = await ds.client.get(f'{at}/v_disclosure')
    assert page.status_code == 200 and '本年' in page.text, page.text[:500]
    print(json.dumps(answers))
asyncio.run(main())
";

/// Whether two answers are one: Python writes some fractions in other digits.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && is_same(a.1, b.1))
        }
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

#[test]
fn datasette_answers_every_query_as_the_program_does() {
    let Some(python) = python("datasette") else { return };
    let folder = desk();
    let file = |name: &str| folder.path(name);
    folder.ok(&["export", "datasette", "--out", "metadata.yaml", "--db", "县.db"]);
    let list = folder.ok(&["query", "--format", "json"]);
    let list: Vec<Value> = serde_json::from_str(&list).unwrap();
    let mut asked: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for query in &list {
        let name = query["name"].as_str().unwrap().to_owned();
        asked.push((name.clone(), Vec::new()));
        let has =
            |name: &str| query["parameters"].as_array().unwrap().iter().any(|p| p["name"] == name);
        let some = [("from", "2019"), ("to", "2024"), ("region", "3213")];
        let some = some.into_iter().filter(|(name, _)| has(name));
        asked.push((name, some.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()));
    }
    let given = |given: &[(String, String)]| -> serde_json::Map<String, Value> {
        given.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect()
    };
    let questions: Vec<Value> =
        asked.iter().map(|(name, g)| serde_json::json!([name, given(g)])).collect();
    fs::write(file("asked.json"), serde_json::to_string(&questions).unwrap()).unwrap();
    let said = ask(&python, SCRIPT, &[file("县.db"), file("metadata.yaml"), file("asked.json")]);
    let answers: Vec<Value> = serde_json::from_str(&said).unwrap();
    let mut with_rows = 0;
    for ((name, given), answer) in asked.iter().zip(&answers) {
        let mut arguments =
            vec!["query".to_owned(), name.clone(), "--format".into(), "json".into()];
        arguments.extend(["--db".to_owned(), "县.db".to_owned()]);
        for (key, value) in given {
            arguments.extend(["-p".to_owned(), format!("{key}={value}")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ours: Value = serde_json::from_str(&folder.ok(&arguments)).unwrap();
        assert!(is_same(answer, &ours), "{name} {given:?}: {answer} {ours}");
        with_rows += usize::from(ours.as_array().is_some_and(|rows| !rows.is_empty()));
    }
    assert!(with_rows > 40, "{with_rows}");
}
