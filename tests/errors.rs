//! What users are told: the catalogue of messages is whole, and the frequent errors read well in
//! both languages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use insta::assert_snapshot;
use regex::Regex;

rust_i18n::i18n!("locales");

fn catalogue(locale: &str) -> BTreeMap<String, String> {
    let messages = _RUST_I18N_BACKEND.messages_for_locale(locale).unwrap();
    messages.into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

fn placeholders(message: &str) -> BTreeSet<String> {
    let pattern = Regex::new(r"%\{([a-z0-9_]+)\}").unwrap();
    pattern.captures_iter(message).map(|c| c[1].to_owned()).collect()
}

fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let files = walkdir::WalkDir::new(dir).into_iter().map(|e| e.unwrap().into_path());
    let files = files.filter(|p| p.extension().is_some_and(|x| x == "rs"));
    files.map(|p| (p.clone(), fs::read_to_string(p).unwrap())).collect()
}

/// The arguments of a macro call, the text of which follows its opening bracket.
fn arguments(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let (mut depth, mut quoted) = (0, false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        out.last_mut().unwrap().push(c);
    }
    out.iter().map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect()
}

#[test]
fn the_catalogue_and_the_sources_agree() {
    let (zh, en) = (catalogue("zh"), catalogue("en"));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    let chinese = Regex::new(r"\p{Han}").unwrap();
    for (key, message) in &zh {
        assert_eq!(placeholders(message), placeholders(&en[key]), "{key}");
        assert!(!message.is_empty() && !en[key].is_empty(), "{key}");
        // the commands that the demo proposes ask for a place
        let english = !chinese.is_match(&en[key]) || key == "demo.next";
        assert!(english, "{key} is not English: {}", en[key]);
    }
    let call = Regex::new(r"\b(?:t|said)!\(\s*").unwrap();
    let dynamic = Regex::new(r#"^format!\("([a-z_.]+\.)\{"#).unwrap();
    let mut used = BTreeSet::new();
    let mut calls = 0;
    for (path, text) in sources(Path::new("src")) {
        for found in call.find_iter(&text) {
            let path = path.display();
            let arguments = arguments(&text[found.end()..]);
            // a macro that hands its key on
            if arguments[0].starts_with('$') {
                continue;
            }
            calls += 1;
            if let Some(prefix) = dynamic.captures(&arguments[0]) {
                // a key that is put together: each below the prefix is named in the same file
                let leaves = zh.keys().filter_map(|k| k.strip_prefix(&prefix[1]).map(|l| (k, l)));
                let leaves: Vec<_> = leaves.filter(|(_, leaf)| !leaf.contains('.')).collect();
                assert!(!leaves.is_empty(), "{path}: {}", arguments[0]);
                for (key, leaf) in leaves {
                    if Regex::new(&format!(r"\b{}\b", regex::escape(leaf))).unwrap().is_match(&text)
                    {
                        used.insert(key.clone());
                    }
                }
                continue;
            }
            let key = arguments[0].trim_matches('"').to_owned();
            let message = zh.get(&key).unwrap_or_else(|| panic!("{path}: no message '{key}'"));
            let given = arguments[1..].iter().map(|a| a.split('=').next().unwrap().trim());
            let given: BTreeSet<String> =
                given.filter(|a| *a != "locale").map(str::to_owned).collect();
            assert_eq!(given, placeholders(message), "{path}: '{key}'");
            used.insert(key);
        }
    }
    assert!(calls > 200, "{calls}");
    let unused: Vec<_> = zh.keys().filter(|k| !used.contains(*k)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// What the attribute of an error says without the catalogue would be in one language only.
#[test]
fn every_typed_error_takes_its_words_from_the_catalogue() {
    let attribute = Regex::new(r#"#\[error\(\s*"([^"]*)""#).unwrap();
    let mut errors = 0;
    for (path, text) in sources(Path::new("src")) {
        for found in attribute.captures_iter(&text) {
            let words = found[1].replace("{}", "");
            assert!(words.is_empty(), "{}: {}", path.display(), &found[1]);
            errors += 1;
        }
    }
    assert!(errors > 30, "{errors}");
}

/// Runs the program in a folder and gives what a user sees.
fn seen(dir: &Path, arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("nianbao").unwrap();
    let command = command.current_dir(dir).env("LC_ALL", "zh_CN.UTF-8").env_remove("NIANBAO_DB");
    let output = command.args(arguments).output().unwrap();
    let text =
        |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*dir.to_string_lossy(), "[DIR]");
    let code = output.status.code().unwrap();
    let shown: Vec<&str> =
        arguments.iter().map(|a| if a.contains('\n') { "…" } else { *a }).collect();
    format!(
        "$ nianbao {}\n{}{}[{code}]\n",
        shown.join(" "),
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// The same commands in both languages.
fn both(dir: &Path, commands: &[&[&str]]) -> [String; 2] {
    ["zh", "en"].map(|lang| {
        let run = |command: &&[&str]| seen(dir, &[*command, &["--lang", lang]].concat());
        commands.iter().map(run).collect::<Vec<_>>().join("\n")
    })
}

fn loaded() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let report = fs::canonicalize("examples/reports/suqian-2023.html").unwrap();
    let load = seen(dir.path(), &["load", &report.to_string_lossy(), "--quiet"]);
    assert!(load.ends_with("[0]\n"), "{load}");
    dir
}

#[test]
fn wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    let [zh, en] = both(
        dir.path(),
        &[
            &["lode"],
            &["load"],
            &["info", "--source"],
            &["info", "--db"],
            &["info", "--format", "pdf"],
            &["show", "宿迁市", "去年"],
            &["sql", "SELECT 1", "-f", "x.sql"],
        ],
    );
    assert_snapshot!("usage_zh", zh);
    assert_snapshot!("usage_en", en);
}

#[test]
fn statements_that_cannot_run() {
    let dir = loaded();
    let [zh, en] = both(
        dir.path(),
        &[
            &["sql", "SELECT * FROM v_reports"],
            &["sql", "SELECT * FROM zzzz"],
            &["sql", "SELECT yaer FROM v_report"],
            &["sql", "SELECT coalesc(1, 2)"],
            &["sql", "SELECT year FORM v_report WHERE"],
            &["sql", "SELECT (1"],
            &["sql", "SELECT year FROM report r JOIN v_report v ON v.report_id = r.id"],
            &["sql", "SELECT abs(1, 2)"],
            &["sql", "SELECT 1 FROM report GROUP BY 9"],
            &["sql", "DROP TABLE report"],
            &["sql", "SELECT :year"],
            &["sql", "SELECT 1; SELECT 2"],
            &["sql", "SELECT nothing FROM report", "--engine", "polars"],
            &["query", "outcome"],
            &["query", "outcomes", "--from", "二零"],
            &["query", "outcomes", "--form", "2020"],
            &["query", "outcomes", "--scope", "all"],
            &["query", "outcomes", "--region", "苏迁"],
            &["query", "outcomes", "--region", "桥西区"],
            &["query", "outcomes", "--region", "500242001"],
            &["query", "outcomes", "--region", "重庆市酉阳县桃花源街道"],
        ],
    );
    assert_snapshot!("statements_zh", zh);
    assert_snapshot!("statements_en", en);
}

#[test]
fn files_that_cannot_be_used() {
    let dir = loaded();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write("note.db", "a note and no database, long enough to be read as one");
    write("empty.txt", "");
    write("report.pdf.txt", "%PDF-1.7");
    write("broken.json", "{\"schema\": \"nianbao.report/1\",\n  \"title\": 3}");
    write("cut.json", "{\"schema\": \"nianbao.report/1\",");
    write("manifest.csv", "path,year\nempty.txt,去年\n");
    fs::create_dir_all(dir.path().join("forms")).unwrap();
    write("forms/2040.toml", "edition = \"2040\"\nbasics = \"\"\n");
    fs::create_dir_all(dir.path().join("queries")).unwrap();
    write("queries/mine.sql", "SELECT 1\n");
    let other = rusqlite::Connection::open(dir.path().join("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (a)").unwrap();
    let [zh, en] = both(
        dir.path(),
        &[
            &["info", "--db", "absent.db"],
            &["info", "--db", "note.db"],
            &["info", "--db", "other.db"],
            &["load", "absent.txt"],
            &["load", "empty.txt", "report.pdf.txt", "broken.json", "cut.json", "--quiet"],
            &["load", "empty.txt", "--manifest", "manifest.csv"],
            &["load", "empty.txt", "--manifest", "absent.csv"],
            &["load", "empty.txt", "--forms", "forms"],
            &["load", "empty.txt", "--forms", "absent"],
            &["query", "--queries", "queries"],
            &["sql", "-f", "absent.sql"],
            &["info", "--quiet", "--out", "rate.doc"],
            &["info", "--quiet", "--out", "absent/rate.csv"],
            &["show", "宿迁市", "1999"],
        ],
    );
    assert_snapshot!("files_zh", zh);
    assert_snapshot!("files_en", en);
}

/// Modules that only tests have, by the attribute above their declaration.
fn test_modules(sources: &[(PathBuf, String)]) -> Vec<PathBuf> {
    let declared = Regex::new(
        r#"#\[cfg\(test\)\]\s*(?:#\[path = "([^"]+)"\]\s*)?(?:pub(?:\([a-z]+\))? )?mod (\w+);"#,
    )
    .unwrap();
    let mut out = Vec::new();
    for (path, text) in sources {
        let folder = match path.file_stem().unwrap().to_str().unwrap() {
            "mod" | "lib" => path.parent().unwrap().to_owned(),
            stem => path.with_file_name(stem),
        };
        for found in declared.captures_iter(text) {
            match found.get(1) {
                Some(name) => out.push(path.with_file_name(name.as_str())),
                None => {
                    out.push(folder.join(&found[2]).with_extension("rs"));
                    out.push(folder.join(&found[2]));
                }
            }
        }
    }
    out
}

/// A sentence in the code is one in one language. Words of documents belong to the modules that
/// read them; texts in both languages (`… · …`) are picked apart where they are shown.
#[test]
fn no_chinese_sentence_stands_in_the_code() {
    const READERS: [&str; 5] =
        ["src/reader", "src/parse", "src/region", "src/narrative", "src/form"];
    // words that are looked for, not said
    const WORDS: [&str; 19] = [
        "全部",
        "中央",
        "省",
        "市",
        "县",
        "乡",
        "级",
        "江苏",
        "办公室",
        "办公厅",
        "万",
        "一二三四五六七八九十",
        "_文件",
        "其中",
        "（单位：{unit}）",
        "行政复议",
        // the names of fonts
        "宋体",
        "仿宋",
        "黑体",
    ];
    let (sources, han) = (sources(Path::new("src")), Regex::new(r"\p{Han}").unwrap());
    let tests = test_modules(&sources);
    assert!(tests.len() > 10, "{tests:?}");
    let of_tests = |path: &Path| tests.iter().any(|t| path.starts_with(t));
    let (mut lines, mut said) = (0, Vec::new());
    for (path, text) in &sources {
        if READERS.iter().any(|r| path.starts_with(r)) || of_tests(path) {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for line in code.lines() {
            let code = line.split("//").next().unwrap();
            lines += 1;
            if code.contains(" · ") {
                continue;
            }
            let rest = WORDS.iter().fold(code.to_owned(), |rest, word| rest.replace(word, ""));
            if han.is_match(&rest) {
                said.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(lines > 10_000, "{lines}");
    assert!(said.is_empty(), "take them from locales/app.yml or data/:\n{}", said.join("\n"));
}
