//! A trial of the rules: reports made by a generator that shares nothing with them, true ones and
//! such with one known error, go as documents through the program; what it says is compared with
//! what was done. `docs/rule-trials.md` has the results.
//!
//! `NIANBAO_CASES` sets the cases of each kind (40). With `NIANBAO_WRITE` set, the document is
//! written anew instead of compared. `NIANBAO_MISSES` prints what went wrong, of wordings that
//! are not held out.

mod bodies;
mod chance;
mod damages;
mod figures;
mod forms;
mod layouts;
mod pages;
mod places;
mod program;
mod record;
mod report;
mod score;
mod statistics;
mod story;
mod texts;
mod wording;
mod years;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use chance::Chance;
use places::Body;
use report::{Made, in_force};
use score::{Kind, Score, Wound};
use years::Numbers;

/// Cases of each kind.
fn cases() -> usize {
    std::env::var("NIANBAO_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

/// Cases whose bodies fit into one database.
const ROUND: usize = 40;

/// Writes a report; the stem of its file.
fn write(dir: &Path, id: &str, made: &Made) -> String {
    let stem = format!("{id}{}", made.file.as_deref().unwrap_or_default());
    fs::write(dir.join(format!("{stem}.{}", made.layout.ending())), pages::write(made)).unwrap();
    stem
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

/// Every kind that one report by itself can show, tried once for all tests.
static OF_REPORTS: LazyLock<Vec<Score>> = LazyLock::new(of_reports);

fn of_reports() -> Vec<Score> {
    let kinds: Vec<Kind> =
        [damages::kinds(), layouts::kinds(), texts::kinds()].into_iter().flatten().collect();
    let dir = tempfile::tempdir().unwrap();
    let mut wounds = Vec::new();
    for (k, kind) in kinds.iter().enumerate() {
        for case in 0..cases() {
            let (made, wound) = damaged(kind, case);
            let stem = write(dir.path(), &format!("{k}-{case}"), &made);
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

/// Every kind that shows beside last year's report, or by the day and the year.
fn over_years() -> Vec<Score> {
    let chains = years::chains();
    let mut scores: Vec<Score> =
        chains.iter().map(|k| Score::new(k.name, k.rule, k.severity)).collect();
    for round in 0..cases().div_ceil(ROUND) {
        let dir = tempfile::tempdir().unwrap();
        let (mut wounds, mut manifest) = (Vec::new(), "path,year\n".to_owned());
        for (k, chain) in chains.iter().enumerate() {
            for case in round * ROUND..cases().min((round + 1) * ROUND) {
                let numbers = Numbers { case, body: k * ROUND + case % ROUND };
                let made = (0..20_000).find_map(|attempt| {
                    let mut chance = Chance::of(chain.name, case + attempt * 1_000_003);
                    (chain.make)(&numbers, &mut chance)
                });
                let made = made.unwrap_or_else(|| panic!("{}: no place", chain.name));
                let id = |n: usize| format!("{k}-{case}-{n}-");
                let reports = made.reports.iter().enumerate();
                let stems: Vec<String> =
                    reports.map(|(n, r)| write(dir.path(), &id(n), r)).collect();
                if let Some(year) = made.given {
                    let ending = made.reports[0].layout.ending();
                    writeln!(manifest, "{}.{ending},{year}", stems[0]).unwrap();
                }
                wounds.push((k, stems, made));
            }
        }
        keep(dir.path(), &format!("years{round}"));
        let found = loaded(dir.path(), &manifest);
        for (k, stems, case) in wounds {
            let (last, before) = stems.split_last().unwrap();
            let edition = case.reports.last().unwrap().edition;
            scores[k].add(last, edition, &case.wound, found.get(last).map_or(&[], Vec::as_slice));
            for stem in before {
                scores[k].clean(stem, found.get(stem).map_or(&[], Vec::as_slice));
            }
        }
    }
    scores
}

/// Every kind that shows beside the reports of others.
fn over_bodies() -> Vec<Score> {
    let mut scores = Vec::new();
    for kind in bodies::kinds() {
        let mut score = Score::new(kind.name, kind.rule, kind.severity);
        for round in 0..cases().div_ceil(ROUND) {
            let crowd = (kind.make)(cases().min(ROUND), &mut Chance::of(kind.name, round));
            among(&crowd, &format!("{}{round}", kind.rule), &mut score);
        }
        scores.push(score);
    }
    scores
}

/// Tries the reports of a crowd.
fn among(crowd: &bodies::Crowd, name: &str, score: &mut Score) {
    let dir = tempfile::tempdir().unwrap();
    for (n, made) in crowd.reports.iter().enumerate() {
        write(dir.path(), &n.to_string(), made);
    }
    keep(dir.path(), name);
    let db = dir.path().join("trial.db");
    program::load(&db, dir.path(), &[]);
    if !crowd.expected.is_empty() {
        let mut list = "organ,region,year,scope\n".to_owned();
        for (organ, region, year) in &crowd.expected {
            writeln!(list, "{organ},{region},{year},own").unwrap();
        }
        let path = dir.path().join("expected.csv");
        fs::write(&path, list).unwrap();
        program::expect(&db, &path);
    }
    let found = program::check_database(&db);
    let of = |n: &usize| found.get(&n.to_string()).cloned().unwrap_or_default();
    for (named, wound) in &crowd.cases {
        let outcomes: Vec<_> = named.iter().flat_map(of).collect();
        score.add(&named[0].to_string(), crowd.reports[named[0]].edition, wound, &outcomes);
    }
    let damaged: Vec<usize> = crowd.cases.iter().flat_map(|(named, _)| named.clone()).collect();
    for n in (0..crowd.reports.len()).filter(|n| !damaged.contains(n)) {
        // what is only worth a look is false all the same where nothing is odd
        score.beside(&n.to_string(), &of(&n));
    }
}

/// Loads a folder of documents, with years given for some, and checks. The summaries among them are
/// not those of the others: what a summary adds up to is tried by itself.
fn loaded(dir: &Path, manifest: &str) -> program::Found {
    let list = dir.join("manifest.csv");
    fs::write(&list, manifest).unwrap();
    let db = dir.join("trial.db");
    program::load(&db, dir, &["--manifest", &list.to_string_lossy()]);
    let mut found = program::check_database(&db);
    found.values_mut().for_each(|outcomes| outcomes.retain(|o| o.rule != "reconcile"));
    found
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

/// Rules that read the narrative.
const TEXT_RULES: [&str; 3] = ["text-number", "text-contradiction", "text-sum"];

#[test]
fn damages_are_found() {
    let mut scores = OF_REPORTS.clone();
    scores.extend(over_years());
    scores.extend(over_bodies());
    println!("{}", record::table(&scores));
    if std::env::var_os("NIANBAO_MISSES").is_some() {
        scores.iter().for_each(|s| s.misses.iter().for_each(|m| println!("{}: {m}", s.kind)));
    }
    record::keep("damages", &record::results(&scores, &TEXT_RULES));
    for score in scores.iter().filter(|s| !TEXT_RULES.contains(&s.rule)) {
        // the numbers of an error cannot all be true: none is missed, and each is named
        let least = if score.severity == "error" { 100 } else { 95 };
        let (found, right) = (score.found * 100, score.right * 100);
        let enough = found >= score.cases * least && right >= score.cases * least;
        assert!(enough, "{}: {:#?}", score.kind, score.misses);
    }
    for rule in TEXT_RULES {
        let (cases, right) = record::shares(&scores, rule).0;
        assert!(right * 100 >= cases * 85, "{rule}: {right} of {cases}");
    }
    let (cases, wrong): (usize, usize) =
        scores.iter().fold((0, 0), |(c, w), s| (c + s.cases, w + s.wrong));
    assert!(wrong * 100 <= cases, "{wrong} false accusations in {cases} damaged reports");
}

#[test]
fn determined_repairs_are_true() {
    let scores = &*OF_REPORTS;
    let (all, right) = scores.iter().fold((0, 0), |(a, r), s| (a + s.repairs.0, r + s.repairs.1));
    println!("{right} of {all} determined repairs are true");
    assert!(all > 0 && right * 10 >= all * 9, "{right} of {all}");
}

#[test]
fn true_reports_are_not_accused() {
    let reports = cases() * 25;
    let dir = tempfile::tempdir().unwrap();
    let mut sums = BTreeMap::new();
    for case in 0..reports {
        let edition = [2014, 2019, 2021, 2021][case % 4];
        let made = Made::any(edition, case, &mut Chance::of("true", case));
        sums.insert(
            write(dir.path(), &case.to_string(), &made),
            SUMS[usize::from(edition != 2014)],
        );
    }
    keep(dir.path(), "true");
    let found = program::check_files(dir.path());
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for (stem, rules) in &sums {
        let outcomes = &found[stem];
        // the tables were read, and not only not accused
        for rule in *rules {
            let passed = outcomes.iter().any(|o| o.rule == *rule && o.outcome == "pass");
            assert!(passed, "{stem}: {rule} did not pass");
        }
        for o in outcomes.iter().filter(|o| o.accuses()) {
            let line = format!("{stem}: {} {}", o.rule, o.message);
            if o.severity == "error" { errors.push(line) } else { warnings.push(line) }
        }
    }
    let line = format!(
        "{reports} true reports: {} false errors, {} false warnings",
        errors.len(),
        warnings.len()
    );
    println!("{line}");
    record::keep("true", &line);
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(warnings.len() * 100 <= reports, "{}", warnings.join("\n"));
}

/// The sums that a true report of 2014, and one of a later form, passes.
const SUMS: [&[&str]; 2] = [
    &["part-sum", "part-exceeds-whole"],
    &["row-total", "processed-total", "balance", "challenge-total"],
];

#[test]
fn true_years_are_not_accused() {
    let dir = tempfile::tempdir().unwrap();
    let bodies = cases() * 3;
    for n in 0..bodies {
        let mut chance = Chance::of("true years", n);
        let year = [2014, 2019, 2020, 2021, 2022][n % 5];
        let size = figures::Size::any(&mut chance);
        let first = figures::Figures::draw(in_force(year), size, &mut chance);
        let second = first.next(in_force(year + 1), &mut chance);
        let body = if n % 6 == 5 { Body::summary(n) } else { Body::department(n) };
        for (year, figures) in [(year, first), (year + 1, second)] {
            let made = Made::clean(body.clone(), year, figures, &mut chance);
            write(dir.path(), &format!("{n}-{year}"), &made);
        }
    }
    keep(dir.path(), "true years");
    let found = loaded(dir.path(), "path,year\n");
    let outcomes = found.values().flatten();
    let accused: Vec<String> = outcomes
        .clone()
        .filter(|o| o.accuses())
        .map(|o| format!("{}: {} {}", o.report.path, o.rule, o.message))
        .collect();
    let line = format!("{bodies} true reports with last year's: {} accused", accused.len());
    println!("{line}");
    record::keep("years", &line);
    assert!(accused.is_empty(), "{}", accused.join("\n"));
}

/// What readers tell of files of their formats: the tests of these try them.
const OF_FILES: [&str; 7] = [
    "merged-cells",
    "ocr-doubtful",
    "pages-without-text",
    "read-by-ocr",
    "struck-out",
    "unruled-table",
    "unsure-cell",
];

/// No rule goes untried.
#[test]
fn every_rule_has_a_kind() {
    let list: toml::Table = fs::read_to_string("data/rules.toml").unwrap().parse().unwrap();
    let rules = list["rules"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap());
    let mut tried: Vec<&str> = Vec::new();
    tried.extend(damages::kinds().iter().map(|k| k.rule));
    tried.extend(layouts::kinds().iter().map(|k| k.rule));
    tried.extend(texts::kinds().iter().map(|k| k.rule));
    tried.extend(years::chains().iter().map(|k| k.rule));
    tried.extend(bodies::kinds().iter().map(|k| k.rule));
    tried.extend(OF_FILES);
    let missing: Vec<&str> = rules.filter(|r| !tried.contains(r)).collect();
    assert!(missing.is_empty(), "no kind of damage tries {missing:?}");
    assert!(tried.len() >= 60, "{} kinds", tried.len());
}

/// Nine wordings at least for each figure, so that a third of them can be held out.
#[test]
fn every_statement_has_many_wordings() {
    for statement in &wording::WORDS.statements {
        assert!(statement.texts.len() > 8, "{}", statement.fact);
        let slot = format!("{{{}}}", statement.fact);
        assert!(statement.texts.iter().all(|t| t.contains(&slot)), "{}", statement.fact);
    }
    assert!(wording::WORDS.denials.iter().all(|d| d.texts.len() > 8));
}
