//! The results as `docs/rule-trials.md` has them.

use std::fmt::Write as _;
use std::fs;

use super::score::Score;

const PATH: &str = "docs/rule-trials.md";

/// The table of results in Markdown.
pub fn table(scores: &[Score]) -> String {
    let mut out = "| kind | rule | severity | editions | cases | found | right cells | false | held out | repairs |\n|---|---|---|---|--:|--:|--:|--:|--:|--:|\n".to_owned();
    for s in scores {
        let editions: Vec<String> = s.editions.iter().map(u16::to_string).collect();
        let share = |(all, right): (usize, usize)| match all {
            0 => String::new(),
            _ => format!("{right}/{all}"),
        };
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            s.kind,
            s.rule,
            s.severity,
            editions.join(" "),
            s.cases,
            s.found,
            s.right,
            s.wrong,
            share(s.held),
            share(s.repairs)
        )
        .unwrap();
    }
    out
}

/// Cases and finds of a rule: with all wordings, and with those that are held out.
pub fn shares(scores: &[Score], rule: &str) -> ((usize, usize), (usize, usize)) {
    let own = || scores.iter().filter(|s| s.rule == rule);
    let sum = |f: fn(&Score) -> usize| own().map(f).sum::<usize>();
    ((sum(|s| s.cases), sum(|s| s.right)), (sum(|s| s.held.0), sum(|s| s.held.1)))
}

/// The table with what each rule on the narrative finds of open wordings and of those held out.
pub fn results(scores: &[Score], text_rules: &[&str]) -> String {
    let mut out = table(scores);
    out += "\n| rule | all wordings | open | held out |\n|---|--:|--:|--:|\n";
    let percent = |right: usize, cases: usize| match cases {
        0 => String::new(),
        _ => format!("{right}/{cases} = {} %", right * 100 / cases),
    };
    for rule in text_rules {
        let ((all, right), (held, held_right)) = shares(scores, rule);
        let open = percent(right - held_right, all - held);
        let (all, held) = (percent(right, all), percent(held_right, held));
        writeln!(out, "| {rule} | {all} | {open} | {held} |").unwrap();
    }
    let kinds = scores.len();
    let cases: usize = scores.iter().map(|s| s.cases).sum();
    writeln!(out, "\n{kinds} kinds, {cases} damaged reports or pairs of reports.").unwrap();
    out.trim_end().to_owned()
}

/// Compares a part of the document with what it should say, or writes it anew.
pub fn keep(part: &str, text: &str) {
    if std::env::var_os("NIANBAO_CASES").is_some() {
        return;
    }
    let (open, close) = (format!("<!-- {part} -->\n"), format!("\n<!-- end of {part} -->"));
    let document = fs::read_to_string(PATH).unwrap();
    let (before, rest) = document.split_once(&open).unwrap();
    let (known, after) = rest.split_once(&close).unwrap();
    if std::env::var_os("NIANBAO_WRITE").is_some() {
        fs::write(PATH, format!("{before}{open}{text}{close}{after}")).unwrap();
    } else {
        let how = "NIANBAO_WRITE=1 cargo test --test accuse -- --test-threads 1";
        assert!(known == text, "{PATH} says otherwise; if that is right: {how}\n{text}");
    }
}
