//! `export slips`: what each body is to put right.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::super::Common;
use super::target::Target;
use super::which::Which;
use crate::deliver::prose::Format;
use crate::deliver::slips::{self, Slip, Slips, Source, WriteError};
use crate::deliver::template::Templates;
use crate::export;
use crate::report::Severity;
use crate::store::open_snapshot;
use crate::table::{Column, Table, Value};

/// The list in a folder of slips.
const INDEX: &str = "index.csv";
/// Bodies without findings that are named.
const NAMED: usize = 20;

/// 整改通知单：每个机关另起一页，列出其报告中的问题并留出反馈栏；--out 写成文件夹的，一个机关一个文件 · What each body is to put right, each on a new page with room for its answer; into a folder, if --out is one, a file each
#[derive(clap::Args)]
pub struct Args {
    /// 最低级别 · Nothing milder than this
    #[arg(long, value_name = "SEVERITY", default_value = "warning", value_parser = ["error", "warning", "info"])]
    min_severity: String,
    /// 通知单的日期，缺省留空待填 · Date of the slips; left to be filled in if not given
    #[arg(long, value_name = "TEXT")]
    date: Option<String>,
    /// 自己的模板文件夹，其中的 slip.zh.md 取代内置的 · Folder of templates of your own: slip.en.md there takes the place of ours
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let format = match is_folder(common) {
        true if common.format.is_some() => bail!("{}", t!("deliver.slips.folder_format")),
        true => None,
        false => Some(Format::of_extension(Target::extension(common, &Format::EXTENSIONS)?)),
    };
    let templates = Templates::read(args.templates.as_deref())?;
    let conn = open_snapshot(&common.db)?;
    // a summary stands for no body here: each must answer for its own report
    let reports = args.which.all_reports(common, &conn)?;
    let least = Severity::of_key(&args.min_severity).unwrap_or(Severity::Warning);
    let source = Source { conn: &conn, forms: common.forms()?, lang: common.lang(), least };
    let all = Slips::of(source, &reports, args.date.as_deref())?;
    drop(conn);
    if all.slips.is_empty() {
        tell(common, &all);
        let clean = all.unchecked.is_empty() || !all.clean.is_empty();
        match clean {
            true => bail!("{}", t!("deliver.slips.none")),
            false => bail!("{}", t!("deliver.slips.all_unchecked")),
        }
    }
    match format {
        None => folder(common, args, &all.slips, &templates)?,
        Some(format) => {
            let mut out = args.target.file(common)?;
            slips::write(&all.slips, &templates, common.lang(), format, out.writer())
                .map_err(sentence)?;
            out.finish()?;
        }
    }
    tell(common, &all);
    Ok(ExitCode::SUCCESS)
}

/// Whether `--out` is a folder: it is one, is written like one, or has no extension.
fn is_folder(common: &Common) -> bool {
    common.out.as_deref().is_some_and(|path| {
        let written = path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
        written || path.is_dir() || path.extension().is_none()
    })
}

/// A file each, and a list of them.
fn folder(
    common: &Common,
    args: &Args,
    slips: &[Slip],
    templates: &Templates,
) -> anyhow::Result<()> {
    let out = args.target.folder(common)?;
    let mut rows = Vec::new();
    for slip in slips {
        let name = slips::file_name(slip, "docx");
        let mut file = create(&out.path().join(&name)).map_err(|e| out.failed(&e))?;
        let one = std::slice::from_ref(slip);
        match slips::write(one, templates, common.lang(), Format::Docx, &mut file) {
            Ok(()) => file.flush().map_err(|e| out.failed(&e))?,
            Err(WriteError::Io(error)) => return Err(out.failed(&error)),
            Err(other) => return Err(other.into()),
        }
        let text = |text: &str| Value::Text(text.to_owned());
        let count = |count: usize| Value::Int(count as i64);
        rows.push(vec![
            text(&slip.number),
            text(&slip.organ),
            Value::Int(slip.year.into()),
            count(slip.errors),
            count(slip.warnings),
            text(&name),
        ]);
    }
    let columns = ["number", "organ", "year", "errors", "warnings", "file"].map(Column::new);
    let table = Table { columns: columns.into(), rows, total_rows: None };
    let mut file = create(&out.path().join(INDEX)).map_err(|e| out.failed(&e))?;
    let options = common.options();
    export::Format::Csv.write(&table, &mut file, &options).map_err(|e| out.failed(&e))?;
    file.flush().map_err(|e| out.failed(&e))?;
    out.finish()
}

fn create(path: &Path) -> std::io::Result<BufWriter<File>> {
    File::create(path).map(BufWriter::new)
}

/// An error of the writer stays one, so that a closed pipe is known.
fn sentence(error: WriteError) -> anyhow::Error {
    match error {
        WriteError::Io(error) => error.into(),
        WriteError::Template(error) => error.into(),
    }
}

/// Tells how many slips there are, and who gets none.
fn tell(common: &Common, all: &Slips) {
    if common.quiet {
        return;
    }
    eprintln!("{}", t!("deliver.slips.done", count = all.slips.len()));
    for (key, names) in [("clean", &all.clean), ("unchecked", &all.unchecked)] {
        if names.is_empty() {
            continue;
        }
        let first = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(&t!("load.and"));
        let more = names.len().saturating_sub(NAMED);
        let mut said =
            t!(format!("deliver.slips.{key}"), count = names.len(), names = first).into_owned();
        if more > 0 {
            said += &t!("deliver.slips.more", count = more);
        }
        eprintln!("{said}");
    }
}
