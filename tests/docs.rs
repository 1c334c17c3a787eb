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
fn the_readme_names_only_what_there_is() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let help = nianbao(&["--help"]);
    let queries = nianbao(&["query", "--format", "csv"]);
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
