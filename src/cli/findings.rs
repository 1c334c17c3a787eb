//! `findings`: what was found in the database, and decisions about it; and how `check` prints the
//! same.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;
use serde_json::{Value as Json, json};

use super::{Common, inputs, output};
use crate::export::{self, Format};
use crate::form::Forms;
use crate::lang::Lang;
use crate::report::{Scope, Severity};
use crate::store::{self, Asked, Shown, Store};
use crate::table::{Table, Unit, Value};

/// Which findings are shown.
#[derive(clap::Args)]
pub struct Selection {
    /// 只看这些规则 · These rules only
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub rule: Vec<String>,
    /// 最低级别 · Nothing milder than this
    #[arg(long, value_name = "SEVERITY", default_value = "info", value_parser = ["error", "warning", "info"])]
    pub min_severity: String,
    /// 地区及其下属 · This region and all under it
    #[arg(long)]
    pub region: Option<String>,
    /// 报告年度 · Reporting year
    #[arg(long, value_parser = inputs::year, allow_negative_numbers = true)]
    pub year: Option<i32>,
    /// 连同通过的和无法判断的 · What passed and what could not be assessed as well
    #[arg(long)]
    pub all: bool,
}

impl Selection {
    /// What is asked for.
    pub fn asked<'a>(&'a self, common: &'a Common) -> anyhow::Result<Asked<'a>> {
        let regions = common.regions()?;
        let region = self.region.as_ref().map(|text| inputs::find_region(text, regions));
        Ok(Asked {
            rules: &self.rule,
            least: Severity::of_key(&self.min_severity),
            year: self.year,
            region: region.transpose()?.map(|region| (region, regions)),
            all: self.all,
        })
    }
}

/// Reports with the most and worst failures first, the worst of each first.
pub fn sort(shown: &mut [Shown]) {
    type Report = (String, Option<i32>, Option<Scope>, String);
    let report = |s: &Shown| -> Report { (s.organ.clone(), s.year, s.scope, s.path.clone()) };
    let mut counts: HashMap<Report, [usize; 3]> = HashMap::new();
    for s in shown.iter().filter(|s| s.outcome == "fail") {
        let at = match s.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Info => 2,
        };
        counts.entry(report(s)).or_default()[at] += 1;
    }
    shown.sort_by_cached_key(|s| {
        let key = report(s);
        let worst = std::cmp::Reverse(counts.get(&key).copied().unwrap_or_default());
        (worst, key, s.outcome, std::cmp::Reverse(s.severity))
    });
}

/// 已发现的问题：列出、确认或排除，如 nianbao findings dismiss 编号 --reason 理由 --by 姓名 · What was found: list it, confirm or dismiss it, as in nianbao findings dismiss ID --reason WHY --by WHO
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    pub action: Option<Action>,
    #[command(flatten)]
    pub selection: Selection,
}

/// What to do with findings.
#[derive(clap::Subcommand)]
pub enum Action {
    /// 列出（缺省） · List them, as without a word
    List,
    /// 确认属实，须写 --reason 理由 --by 姓名 · Confirm that they are true; needs --reason and --by
    Confirm(Verdict),
    /// 排除，须写 --reason 理由 --by 姓名 · Dismiss them; needs --reason and --by
    Dismiss(Verdict),
}

/// A decision.
#[derive(clap::Args)]
pub struct Verdict {
    /// 问题编号，可只写前几位 · Ids, or what they begin with
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// 理由 · Why
    #[arg(long)]
    pub reason: String,
    /// 作出决定的人 · Who decides
    #[arg(long)]
    pub by: String,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let (verdict, confirmed) = match &args.action {
        Some(Action::Confirm(verdict)) => (verdict, true),
        Some(Action::Dismiss(verdict)) => (verdict, false),
        None | Some(Action::List) => {
            let conn = store::open_read_only(&common.db)?;
            let mut shown = store::findings(&conn, &args.selection.asked(common)?)?;
            sort(&mut shown);
            print(common, &shown)?;
            if !common.quiet {
                eprintln!("{}", summary(&shown, None));
                let waiting = store::due(&conn)?.count();
                if waiting > 0 {
                    eprintln!("{}", t!("findings.waiting", count = waiting));
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
    };
    if verdict.reason.trim().is_empty() || verdict.by.trim().is_empty() {
        bail!("{}", t!("findings.empty_reason"));
    }
    let conn = store::open_read_only(&common.db)?;
    let mut keys = Vec::new();
    for id in &verdict.ids {
        let mut found = store::failures_named(&conn, id)?;
        match found.len() {
            1 => keys.append(&mut found),
            0 => bail!("{}", t!("findings.unknown", id = id)),
            count => bail!("{}", t!("findings.ambiguous", id = id, count = count)),
        }
    }
    drop(conn);
    let mut store = Store::open(&common.db, common.forms()?)?;
    for key in &keys {
        store.decide(key, confirmed, verdict.reason.trim(), verdict.by.trim())?;
    }
    store.close()?;
    if !common.quiet {
        let done = if confirmed { "confirmed" } else { "dismissed" };
        eprintln!("{}", t!(format!("findings.{done}"), count = keys.len()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The word for a severity.
pub fn word(severity: Severity) -> String {
    match severity {
        Severity::Error => t!("finding.severity.error").into(),
        Severity::Warning => t!("finding.severity.warning").into(),
        Severity::Info => t!("finding.severity.info").into(),
    }
}

/// Prints findings in the format asked for.
pub fn print(common: &Common, shown: &[Shown]) -> anyhow::Result<()> {
    let (lang, forms) = (common.lang(), common.forms()?);
    match common.format_or(Format::Table)? {
        Format::Json => {
            let all: Vec<Json> = shown.iter().map(|s| object(s, lang)).collect();
            common.print_text(&format!("{}\n", serde_json::to_string_pretty(&all)?))
        }
        Format::Ndjson => {
            let lines = shown.iter().map(|s| format!("{}\n", object(s, lang)));
            common.print_text(&lines.collect::<String>())
        }
        Format::Junit => common.print_text(&export::junit(shown, forms, lang)),
        format => common.print(&table(shown, forms, lang, format.tells_of_cuts())),
    }
}

/// A finding as the contract has it.
fn object(s: &Shown, lang: Lang) -> Json {
    json!({
        "id": s.key,
        "rule": s.rule,
        "severity": s.severity.key(),
        "outcome": s.outcome,
        "message": s.message.get(lang),
        "report": { "organ": s.organ, "year": s.year, "path": s.path, "scope": s.scope },
        "cells": s.cells,
        "expected": s.expected,
        "found": s.found,
        "difference": s.difference,
        "evidence": if s.evidence.is_null() { json!([]) } else { s.evidence.clone() },
        "repair": s.repair,
        "decision": s.decision,
    })
}

/// Cells that people are shown of a finding; data formats have them all.
const FEW: usize = 3;

/// Findings as rows; for people a body is named once over its findings.
fn table(shown: &[Shown], forms: &Forms, lang: Lang, people: bool) -> Table {
    const PEOPLE: [&str; 7] = ["organ", "year", "severity", "rule", "message", "id", "decision"];
    const DATA: [&str; 17] = [
        "id",
        "organ",
        "year",
        "scope",
        "severity",
        "outcome",
        "rule",
        "message",
        "cells",
        "expected",
        "found",
        "difference",
        "evidence",
        "repair",
        "decision",
        "reason",
        "path",
    ];
    columns(shown, forms, lang, if people { &PEOPLE } else { &DATA }, people)
}

/// Findings of one report, which stands above them.
pub fn of_report(shown: &[Shown], forms: &Forms, lang: Lang) -> Table {
    columns(shown, forms, lang, &["severity", "rule", "message", "cells", "id", "decision"], true)
}

fn columns(shown: &[Shown], forms: &Forms, lang: Lang, names: &[&str], people: bool) -> Table {
    let text = |s: &str| Value::Text(s.to_owned());
    let plain = |value: &Json| match value {
        Json::Number(n) => n.as_i64().map_or(Value::Null, Value::Int),
        Json::String(s) => text(s),
        _ => Value::Null,
    };
    let year = |s: &Shown| s.year.map_or(Value::Null, |y| Value::Int(y.into()));
    let decision = |s: &Shown| s.decision.as_ref().map_or(String::new(), |d| d.verdict.clone());
    let mut columns = output::columns(names, |n| t!(format!("finding.column.{n}")).into());
    let mut rows = Vec::with_capacity(shown.len());
    let mut last: Option<&Shown> = None;
    let mut repeats = Vec::with_capacity(shown.len());
    for s in shown {
        let same = people && last.is_some_and(|l| (&l.organ, l.year) == (&s.organ, s.year));
        let advised = same && last.is_some_and(|l| (&l.path, &l.repair) == (&s.path, &s.repair));
        last = Some(s);
        repeats.push(same.then(String::new));
        let cell = |name: &str| match name {
            "organ" => text(&s.organ),
            "year" => year(s),
            "scope" => text(s.scope.map_or("", Scope::key)),
            "severity" => text(s.severity.key()),
            "outcome" => text(s.outcome),
            "rule" => text(&s.rule),
            "message" if people => text(&s.told(forms, lang, advised)),
            "message" => text(s.message.get(lang)),
            "id" => text(&s.key),
            "decision" => text(&decision(s)),
            "reason" => text(s.decision.as_ref().map_or("", |d| &d.reason)),
            "cells" if people && s.cells.len() > FEW => {
                let first = s.cells[..FEW].join(" ");
                text(&t!("findings.more_cells", first = first, count = s.cells.len()))
            }
            "cells" => text(&s.cells.join(" ")),
            "expected" => plain(&s.expected),
            "found" => plain(&s.found),
            "difference" => s.difference.map_or(Value::Null, Value::Int),
            "path" => text(&s.path),
            "evidence" if !s.evidence.is_null() => text(&s.evidence.to_string()),
            "repair" => {
                let json = s.repair.as_ref().and_then(|r| serde_json::to_string(r).ok());
                json.map_or(Value::Null, Value::Text)
            }
            _ => Value::Null,
        };
        rows.push(names.iter().map(|n| cell(n)).collect());
    }
    for column in &mut columns {
        let words = |word: fn(&Shown) -> String| shown.iter().map(|s| Some(word(s))).collect();
        match column.name.as_str() {
            "organ" => column.labels.clone_from(&repeats),
            "year" => {
                column.unit = Unit::Label;
                column.labels.clone_from(&repeats);
            }
            "severity" => {
                column.unit = Unit::Severity;
                column.labels = words(|s| match s.outcome {
                    "fail" => word(s.severity),
                    "pass" => t!("finding.outcome.pass").into(),
                    _ => t!("finding.outcome.not_assessable").into(),
                });
            }
            "decision" => {
                column.labels = words(|s| match &s.decision {
                    Some(d) => t!(format!("finding.decision.{}", d.verdict)).into(),
                    None => String::new(),
                });
            }
            _ => {}
        }
    }
    Table { columns, rows, total_rows: None }
}

/// One line: how many of what. What was dismissed is counted beside, and never left out.
pub fn summary(shown: &[Shown], checked: Option<usize>) -> String {
    let fails = || shown.iter().filter(|s| s.outcome == "fail");
    let of = |severity| fails().filter(|s| s.severity == severity).count();
    let decided = |verdict: &str| {
        fails().filter(|s| s.decision.as_ref().is_some_and(|d| d.verdict == verdict)).count()
    };
    let mut line = t!(
        "findings.summary",
        errors = of(Severity::Error),
        warnings = of(Severity::Warning),
        infos = of(Severity::Info)
    )
    .into_owned();
    let (confirmed, dismissed) = (decided("confirmed"), decided("dismissed"));
    let lapsed = decided("lapsed");
    if confirmed + dismissed + lapsed > 0 {
        let told =
            t!("findings.decided", confirmed = confirmed, dismissed = dismissed, lapsed = lapsed);
        line.push_str(&told);
    }
    if let Some(checked) = checked {
        let done = match checked {
            0 => t!("check.none_due"),
            count => t!("findings.checked", count = count),
        };
        line = format!("{done}{line}");
    }
    line
}
