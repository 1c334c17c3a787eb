//! A trial of the rules: reports made by a generator that shares nothing with them, true ones and
//! such with one known error, go as documents through the program; what it says is compared with
//! what was done. `docs/rule-trials.md` has the results.
//!
//! `NIANBAO_CASES` sets the cases of each kind (40). With `NIANBAO_WRITE` set, the document is
//! written anew instead of compared. `NIANBAO_MISSES` prints what went wrong, of wordings that
//! are not held out.

mod chance;
mod damages;
mod figures;
mod forms;
mod layouts;
mod pages;
mod places;
mod program;
mod report;
mod score;
mod story;
mod texts;
mod wording;

use std::fs;
use std::path::Path;

use chance::Chance;
use report::Made;
use score::{Kind, Score, Wound};

/// Cases of each kind.
fn cases() -> usize {
    std::env::var("NIANBAO_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

fn write(dir: &Path, stem: &str, made: &Made) {
    let (text, ending) = pages::write(made);
    fs::write(dir.join(format!("{stem}.{ending}")), text).unwrap();
}

/// A report with the damage of a kind.
fn damaged(kind: &Kind, case: usize) -> (Made, Wound) {
    let edition = kind.editions[case % kind.editions.len()];
    for attempt in 0..20_000 {
        let mut chance = Chance::of(&kind.name, case + attempt * 1_000_003);
        let mut made = Made::any(edition, case, &mut chance);
        if let Some(wound) = (kind.wound)(&mut made, &mut chance) {
            return (made, wound);
        }
    }
    panic!("{}: no report has a place for it", kind.name);
}

/// Every kind that one report by itself can show.
fn of_reports() -> Vec<Score> {
    let kinds: Vec<Kind> =
        [damages::kinds(), layouts::kinds(), texts::kinds()].into_iter().flatten().collect();
    let dir = tempfile::tempdir().unwrap();
    let mut wounds = Vec::new();
    for (k, kind) in kinds.iter().enumerate() {
        for case in 0..cases() {
            let (made, wound) = damaged(kind, case);
            let stem = format!("{k}-{case}");
            write(dir.path(), &stem, &made);
            wounds.push((k, stem, made.edition, wound));
        }
    }
    keep(dir.path(), "damaged");
    let found = program::check_files(dir.path());
    let mut scores: Vec<Score> =
        kinds.iter().map(|k| Score::new(&k.name, k.rule, k.severity)).collect();
    for (k, stem, edition, wound) in wounds {
        scores[k].add(&stem, edition, &wound, &found[&stem]);
    }
    scores
}

/// Copies the documents to where `NIANBAO_KEEP` says, to be looked at.
fn keep(from: &Path, name: &str) {
    let Some(dir) = std::env::var_os("NIANBAO_KEEP") else { return };
    let to = Path::new(&dir).join(name);
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn tell(scores: &[Score]) {
    println!("{}", score::table(scores));
    if std::env::var_os("NIANBAO_MISSES").is_some() {
        scores.iter().for_each(|s| s.misses.iter().for_each(|m| println!("{}: {m}", s.kind)));
    }
}

#[test]
fn damages_are_found() {
    let scores = of_reports();
    tell(&scores);
}

#[test]
fn true_reports_are_not_accused() {
    let dir = tempfile::tempdir().unwrap();
    let reports = cases() * 25;
    for case in 0..reports {
        let mut chance = Chance::of("clean", case);
        let made = Made::any([2014, 2019, 2021, 2021][case % 4], case, &mut chance);
        write(dir.path(), &case.to_string(), &made);
    }
    keep(dir.path(), "clean");
    let found = program::check_files(dir.path());
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for (stem, outcomes) in &found {
        for o in outcomes.iter().filter(|o| o.accuses()) {
            let line = format!("{stem}: {} {}", o.rule, o.message);
            if o.severity == "error" { errors.push(line) } else { warnings.push(line) }
        }
    }
    println!("{reports} true reports: {} errors, {} warnings", errors.len(), warnings.len());
    println!("{}", errors.join("\n"));
    println!("{}", warnings.join("\n"));
}
