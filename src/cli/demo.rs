//! `demo`: the whole job on the bundled examples.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use rust_i18n::t;

use super::output::cannot_write;
use super::{App, Command, Common, dispatch};

/// 用示例报告走完全程：加载、核对、查询、导出，并提示下一步
#[derive(clap::Args)]
pub struct Args {
    /// 写入示例数据库的文件夹，缺省为临时文件夹 · Folder for the database; a temporary one if left out
    pub dir: Option<PathBuf>,
}

/// The bundled examples.
const EXAMPLES: include_dir::Dir<'_> =
    include_dir::include_dir!("$CARGO_MANIFEST_DIR/examples/reports");

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("nianbao-demo-{}", user())),
    };
    let reports = dir.join("reports");
    std::fs::create_dir_all(&reports).map_err(|e| cannot_write(&reports, &e))?;
    EXAMPLES.extract(&reports).map_err(|e| cannot_write(&reports, &e))?;
    let db = dir.join("demo.db");
    if args.dir.is_none() {
        // what an earlier demo left there would be "unchanged" and already checked
        match std::fs::remove_file(&db) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(cannot_write(&db, &e));
            }
            _ => {}
        }
    }
    let csv = dir.join("outcomes.csv").to_string_lossy().into_owned();
    let db = db.to_string_lossy().into_owned();
    let reports = reports.to_string_lossy().into_owned();
    let steps: [&[&str]; 8] = [
        &["load", &reports],
        &["check", "--fail-on", "never"],
        &["info"],
        &["query", "review-correction-rate"],
        &["query", "outcomes", "--from", "2023"],
        &[
            "sql",
            "SELECT organ, year, total AS reviews FROM v_challenge WHERE proceeding = 'review' ORDER BY total DESC LIMIT 5",
        ],
        &["search", "行政复议", "--max-rows", "3"],
        &["query", "outcomes", "--out", &csv],
    ];
    let lang = common.lang().key();
    let mut failed = ExitCode::SUCCESS;
    for step in steps {
        writeln!(std::io::stdout(), "\n$ nianbao {} --db {db}", shown(step))?;
        let words = ["nianbao"].into_iter().chain(step[..1].iter().copied());
        let words = words.chain(["--db", &db, "--lang", lang]).chain(step[1..].iter().copied());
        let words = words.map(std::ffi::OsString::from);
        let app = App::parse_from(super::query::spell_out_parameters(words, &App::command()));
        debug_assert!(!matches!(app.command, Command::Demo(_)), "the demo does not call itself");
        let code = dispatch(&app)?;
        if code != ExitCode::SUCCESS {
            failed = code;
        }
        if step.contains(&"--out") {
            writeln!(std::io::stdout(), "{}", t!("demo.written", path = csv))?;
        }
    }
    writeln!(std::io::stdout(), "\n{}", t!("demo.next", db = db))?;
    Ok(failed)
}

/// Whose demo this is: the folder for temporary files is shared, and what another user left there
/// cannot be replaced.
fn user() -> String {
    let name = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|v| std::env::var(v).ok());
    let name = name.unwrap_or_default();
    let kept: String = name.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
    if kept.is_empty() { "user".to_owned() } else { kept }
}

fn shown(step: &[&str]) -> String {
    let quote =
        |w: &&str| if w.contains([' ', '*']) { format!("\"{w}\"") } else { (*w).to_owned() };
    step.iter().map(quote).collect::<Vec<_>>().join(" ")
}
