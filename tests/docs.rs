//! What is written down agrees with the program.

use std::process::Command;

fn nianbao(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nianbao")).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_json_schema_is_that_of_the_types() {
    let kept = std::fs::read_to_string("docs/report.schema.json").unwrap();
    assert!(
        kept == nianbao(&["parse", "--schema"]),
        "run: cargo run -- parse --schema > docs/report.schema.json"
    );
}

#[test]
fn the_written_queries_are_those_of_the_headers() {
    for (lang, path) in [("zh", "docs/queries.md"), ("en", "docs/queries.en.md")] {
        let args = ["query", "all", "--help", "--format", "markdown", "--lang", lang];
        let kept = std::fs::read_to_string(path).unwrap();
        assert!(kept == nianbao(&args), "run: cargo run -- {} > {path}", args.join(" "));
    }
}

#[test]
fn the_readme_names_only_what_there_is() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let help = nianbao(&["--help", "--lang", "zh"]);
    let queries = nianbao(&["query", "--format", "csv", "--lang", "zh"]);
    let mut commands = 0;
    for line in readme.lines().filter(|l| l.starts_with("nianbao ")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(help.contains(&format!("\n  {} ", words[1])), "no command '{}'", words[1]);
        if let ["nianbao", "query", name, ..] = words.as_slice()
            && !name.starts_with('-')
        {
            assert!(queries.contains(name), "no query '{name}'");
        }
        commands += 1;
    }
    assert!(commands >= 5);
    for path in
        readme.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split('`').next())
    {
        let path = path.split('*').next().unwrap();
        assert!(std::path::Path::new(path).exists(), "no '{path}'");
    }
}

/// The causes by which failures are told are explained in both languages.
#[test]
fn the_readme_names_every_cause_of_a_failure() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (zh, en) = readme.split_once("\n## English\n").unwrap();
    let messages = std::fs::read_to_string("locales/app.yml").unwrap();
    let causes = messages.split_once("\n  cause:\n").unwrap().1;
    let causes = causes.lines().map_while(|line| line.strip_prefix("    ")?.split_once(": {"));
    let mut count = 0;
    for (cause, _) in causes {
        let word = regex::Regex::new(&format!(r"\b{cause}\b")).unwrap();
        assert!(word.is_match(zh) && word.is_match(en), "no cause '{cause}'");
        count += 1;
    }
    assert_eq!(count, 16);
}

/// The lists that a user may add have the columns of those built in.
#[test]
fn the_readme_names_the_columns_of_the_lists() {
    let bare = regex::Regex::new("（[^）]*）|[`\\s]").unwrap();
    let readme = bare.replace_all(&std::fs::read_to_string("README.md").unwrap(), "").into_owned();
    for list in ["data/organ-changes.csv", "data/region-changes.csv"] {
        let header = std::fs::read_to_string(list).unwrap();
        let header = header.lines().next().unwrap();
        assert_eq!(readme.matches(&format!("列{header}")).count(), 1, "{list}");
        assert!(
            readme.contains(&format!("({header})")) || readme.contains(&format!("columns{header}")),
            "{list}"
        );
    }
}

/// The statement that shows how to count no body twice runs as it stands.
#[test]
fn the_readme_counts_no_body_twice() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("nianbao.db").to_string_lossy().into_owned();
    nianbao(&["load", "examples/reports", "--db", &db]);
    let readme = std::fs::read_to_string("README.md").unwrap();
    let sql = readme.split("```sql\n").nth(1).unwrap().split("```").next().unwrap();
    let answer = nianbao(&["sql", sql, "--db", &db, "--format", "csv"]);
    // the city's summary of 2023 stands for its bureau and its township
    assert!(answer.lines().any(|line| line == "2023,3511"), "{answer}");
}

/// Whoever looks for something finds where it is: every part of the sources and every file of the
/// data stands in a map, every module in the outline.
#[test]
fn the_maps_leave_nothing_out() {
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    let entries = |folder: &str| -> Vec<(String, bool)> {
        let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap());
        entries
            .map(|e| (e.file_name().into_string().unwrap(), e.path().is_dir()))
            .filter(|(name, _)| name != "README.md" && !name.starts_with('.'))
            .collect()
    };
    let (readme, data, outline) = (read("README.md"), read("data/README.md"), read("src/lib.rs"));
    let sources = entries("src");
    assert!(sources.len() > 15, "{sources:?}");
    for (name, is_folder) in sources {
        let entry = if is_folder { format!("`src/{name}/`") } else { format!("`src/{name}`") };
        assert!(readme.contains(&entry), "README.md does not name {entry}");
        let module = name.trim_end_matches(".rs");
        if outline.contains(&format!("pub mod {module};")) {
            assert!(outline.contains(&format!("[`{module}`]")), "src/lib.rs tells of no {module}");
        }
    }
    for (name, _) in entries("data") {
        assert!(data.contains(&format!("`{name}`")), "data/README.md does not name `{name}`");
    }
    for folder in ["benches", "docs", "examples", "forms", "fuzz", "metrics", "queries", "tests"] {
        assert!(readme.contains(&format!("| `{folder}/")), "README.md does not name {folder}/");
    }
}
