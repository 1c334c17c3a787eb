//! The questions of the README: each is answered by its commands, run as they stand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// What the answer of each question holds, besides all its commands succeeding.
const ANSWERS: [&[&str]; 10] = [
    &["新加载", "│   17 ┆     17 ┆"],
    &["未变", "│   17 ┆      0 ┆   17 ┆"],
    &["缺报", "宿迁市示例局", "上年已报"],
    &["新收", "│ 2023 ┆ 2021 ┆      1 ┆        0 ┆ 3511 ┆ 3486 ┆"],
    &["算式：结果纠正 ÷ 已审结", "challenges/review/corrected", "可比性"],
    &["4.11%（17 ÷ 414）", "第61行", "表3行4列2"],
    &["没有读到“因政府信息公开工作被申请行政复议、提起行政诉讼情况”表", "已排除 1 个问题"],
    &["名次", "宿迁市示例局", "55.32%"],
    &[],
    &["3511", "另有 2 份已由汇总报告涵盖", "沭阳县示例镇人民政府"],
];

struct Place(TempDir);

impl Place {
    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["DB", "FORMS", "REGIONS", "ORGANS", "METRICS"] {
            command.env_remove(format!("NIANBAO_{name}"));
        }
        command.current_dir(self.0.path()).env("LC_ALL", "zh_CN.UTF-8").args(args).output().unwrap()
    }

    fn said(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        said
    }
}

/// The questions with their commands, and the folder that the examples are put in.
fn questions() -> (Vec<(String, Vec<String>)>, String) {
    let readme = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let section = readme.split("\n### 常见问题\n").nth(1).unwrap();
    let section = section.split("\n### ").next().unwrap();
    let demo = section.split("`nianbao demo ").nth(1).unwrap().split('`').next().unwrap();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let block = section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    for line in block.lines() {
        if let Some(question) = line.strip_prefix("# ") {
            found.push((question.to_owned(), Vec::new()));
        } else if let Some(command) = line.strip_prefix("nianbao ") {
            found.last_mut().unwrap().1.push(command.to_owned());
        }
    }
    (found, demo.to_owned())
}

#[test]
fn every_question_is_answered_by_its_commands() {
    let (questions, demo) = questions();
    assert_eq!(questions.len(), ANSWERS.len());
    let place = Place(tempfile::tempdir().unwrap());
    place.said(&["demo", &demo]);
    for (number, ((question, commands), answers)) in questions.iter().zip(ANSWERS).enumerate() {
        assert!(question.starts_with(&format!("{}. ", number + 1)), "{question}");
        assert!(question.contains('？') && !commands.is_empty(), "{question}");
        let said: String = commands
            .iter()
            .map(|command| place.said(&command.split(' ').collect::<Vec<_>>()))
            .collect();
        for answer in answers {
            assert!(said.contains(answer), "{question}: no '{answer}' in\n{said}");
        }
    }
    let table = fs::read(place.0.path().join("结果.xlsx")).unwrap();
    assert!(table.starts_with(b"PK"), "a workbook is a zip");
    assert!(Path::new(&place.0.path().join("失败.csv")).exists());
}

/// Whoever looks into the help finds what the questions use.
#[test]
fn the_help_tells_of_every_option_in_the_questions() {
    let (questions, _) = questions();
    let place = Place(tempfile::tempdir().unwrap());
    let mut options = 0;
    for (question, commands) in &questions {
        for command in commands {
            let words: Vec<&str> = command.split(' ').collect();
            let named = matches!(words[0], "query" | "findings");
            let topic = if named { &words[..2] } else { &words[..1] };
            let help = place.said(&[topic, &["--help"]].concat());
            let common = place.said(&["--help"]);
            for option in words.iter().filter_map(|word| word.strip_prefix("--")) {
                let is_told = help.contains(&format!("--{option}"))
                    || common.contains(&format!("--{option}"));
                // a query tells its parameters as a table
                let is_listed = named && help.contains(&format!("│ {option} "));
                assert!(is_told || is_listed, "{question}: --{option} is not in\n{help}");
                options += 1;
            }
        }
    }
    assert!(options > 15, "{options}");
}
