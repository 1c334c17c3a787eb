//! The outside of the program: commands, options, exit codes.

mod analyses;
mod analyze;
mod chart;
mod check;
mod color;
mod coverage;
mod demo;
mod describe;
mod expect;
mod explained;
mod export;
mod findings;
mod help;
mod info;
mod inputs;
mod load;
mod lookup;
mod manifest;
mod metrics;
mod output;
mod parse;
mod partial;
mod query;
mod reading;
mod search;
mod set;
mod shell;
mod show;
mod sources;
mod sql;
mod summary;
mod usage;
mod verify;
mod why;
mod work;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::{ColorChoice, CommandFactory, FromArgMatches as _, Parser, Subcommand};
use rust_i18n::t;

use crate::analyze::Error as AnalyzeError;
use crate::export::Format;
use crate::form::{FormError, Forms};
use crate::lang::Lang;
use crate::metric::Error as MetricError;
use crate::query::Error as QueryError;
use crate::query::catalog::Error as CatalogError;
use crate::reason;
use crate::region::{OrganChange, Regions};
use crate::store::{CorrectionError, StoreError};

/// Exit codes of the contract.
const SOME_FAILED: u8 = 1;
const FAILED: u8 = 1;
const OTHER_RESULT: u8 = 1;
const UNUSABLE: u8 = 2;
const DATABASE: u8 = 3;
const INTERRUPTED: u8 = 130;

/// 年报：政府信息公开工作年度报告的嵌入式分析数据库 · an analytics database for China's
/// government-information-disclosure annual reports
#[derive(Parser)]
#[command(name = "nianbao", version, max_term_width = 100, arg_required_else_help = true)]
#[command(help_expected = true, subcommand_required = true)]
struct App {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command knows.
#[derive(Clone, clap::Args)]
pub struct Common {
    /// 数据库文件 · Database file
    #[arg(
        long,
        global = true,
        env = "NIANBAO_DB",
        default_value = "nianbao.db",
        value_name = "FILE"
    )]
    pub db: PathBuf,
    /// 输出格式 · Output format
    #[arg(long, global = true, value_enum)]
    pub format: Option<Format>,
    /// 输出到文件，格式按扩展名 · Write to a file; its extension gives the format
    #[arg(long, global = true, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// CSV 文件不加 BOM · No byte order mark in CSV files
    #[arg(long, global = true)]
    pub no_bom: bool,
    /// 标签与消息的语言 · Language of labels and messages
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    /// 何时用颜色 · When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_enum)]
    pub color: ColorChoice,
    /// 只输出数据和错误 · Data and errors only
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// 另加表样定义的文件夹 · Folder with further form definitions (*.toml)
    #[arg(long, global = true, env = "NIANBAO_FORMS", value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// 另加的区划变更表 · CSV with further changes of regions
    #[arg(long, global = true, env = "NIANBAO_REGIONS", value_name = "CSV")]
    pub regions: Option<PathBuf>,
    /// 机关更名、合并表：organ, region, valid_from, valid_to, successor, year, note；由 load 存入数据库
    /// · CSV with further changes of bodies; load keeps it in the database
    #[arg(long, global = true, env = "NIANBAO_ORGANS", value_name = "CSV")]
    pub organs: Option<PathBuf>,
    /// What is read of these once
    #[arg(skip)]
    read: Arc<Read>,
}

/// What the files named by the options hold; clones of the options share it.
#[derive(Default)]
struct Read {
    regions: OnceLock<Regions>,
    forms: OnceLock<Forms>,
}

/// The value of a cell, made where there is none yet.
fn once<T>(cell: &OnceLock<T>, make: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<&T> {
    match cell.get() {
        Some(made) => Ok(made),
        None => make().map(|made| cell.get_or_init(|| made)),
    }
}

impl Common {
    /// Language of this run.
    pub fn lang(&self) -> Lang {
        self.lang.unwrap_or_else(Lang::of_environment)
    }

    /// The regions of this run.
    fn regions(&self) -> anyhow::Result<&Regions> {
        let Some(path) = &self.regions else { return Ok(Regions::builtin()) };
        once(&self.read.regions, || {
            let file = std::fs::File::open(path).map_err(|e| cannot_read(path, &e))?;
            Ok(Regions::with_changes(file, &path.display().to_string())?)
        })
    }

    /// The user's changes of bodies, where given.
    fn organ_changes(&self, regions: &Regions) -> anyhow::Result<Option<Vec<OrganChange>>> {
        let Some(path) = &self.organs else { return Ok(None) };
        let file = std::fs::File::open(path).map_err(|e| cannot_read(path, &e))?;
        Ok(Some(regions.organ_changes(file, &path.display().to_string())?))
    }

    /// The forms of this run.
    fn forms(&self) -> anyhow::Result<&Forms> {
        once(&self.read.forms, || {
            let forms = Forms::builtin();
            Ok(match &self.forms {
                Some(dir) => forms.with_dir(dir)?,
                None => forms,
            })
        })
    }
}

#[derive(Subcommand)]
enum Command {
    /// 用示例报告走完全程：加载、查询 · The whole job on the bundled examples
    Demo(demo::Args),
    /// 加载报告 · Load reports into the database
    Load(load::Args),
    /// 解析一份报告，不用数据库 · Parse one report without a database
    Parse(parse::Args),
    /// 核对报告，找出不可能成立的数 · Find what cannot be true
    Check(check::Args),
    /// 已发现的问题：列出、确认、排除 · What was found, and decisions about it
    Findings(findings::Args),
    /// 应报名单：哪些机关应当报告 · The list of bodies that are to report
    Expect(expect::Args),
    /// 覆盖情况：应报、已报、缺报、逾期、有无错误 · Who should have reported, who has, and how
    Coverage(coverage::Args),
    /// 列出或运行预置查询 · List the canned queries or run one
    Query(query::Args),
    /// 运行一条 SQL（只读） · Run one SQL statement, read-only
    Sql(sql::Args),
    /// 分析：趋势、对比、排名、构成等 · Trends, comparisons, rankings, breakdowns and more
    Analyze(analyze::Args),
    /// 指标字典：各指标的定义、算式和可比性 · What each measure is, of what, and how far it compares
    Metrics(metrics::Args),
    /// 一个数的由来：定义、算式、各格及其在原文中的位置 · Where a figure comes from, down to the cells
    Why(why::Args),
    /// 交互式提示符：SQL、预置查询、点命令 · An interactive prompt: SQL, canned queries, dot commands
    Shell(shell::Args),
    /// 更正一格，原文保留 · Correct a cell, beside the original
    Set(set::Args),
    /// 列出更正 · The corrections made by hand
    Corrections(set::ListArgs),
    /// 按表样显示一份报告 · Show one report as the official form
    Show(show::Args),
    /// 导出：汇总表、对照表、通报等成品文件 · Finished files: summary forms, matrices, bulletins and more
    Export(export::Args),
    /// 重新运行证据包，核对结果 · Run an evidence bundle again and compare
    Verify(verify::Args),
    /// 在报告文字中全文检索 · Search the narratives
    Search(search::Args),
    /// 数据库里有什么 · What the database holds
    Info(info::Args),
    /// 命令补全脚本 · Completions for a shell
    Completions {
        /// 命令行外壳 · Shell
        shell: clap_complete::Shell,
    },
    /// 手册页 · Manual page
    Man,
    /// 供程序自己读文件用 · For the program itself, to read files
    #[command(name = "read-files", hide = true)]
    ReadFiles(reading::Args),
}

impl Command {
    /// Whether it brings its work to an end by itself when Ctrl-C is pressed.
    fn minds_interrupts(&self) -> bool {
        use Command::{Check, Demo, Info, Load, ReadFiles, Shell};
        matches!(self, Load(_) | Check(_) | Demo(_) | Info(_) | ReadFiles(_) | Shell(_))
    }
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = sql::comments_as_statements(std::env::args_os());
    let arguments = query::spell_out_parameters(arguments.into_iter(), &App::command());
    // errors of the command line have a language too, before it is understood
    rust_i18n::set_locale(usage::lang(&arguments).key());
    let color = usage::color(&arguments);
    let command = help::command(usage::lang(&arguments)).color(color);
    let matches = command.try_get_matches_from(&arguments);
    let app = match matches.and_then(|m| App::from_arg_matches(&m)) {
        Ok(app) => app,
        Err(error) => return usage::explain(&error, &arguments, color),
    };
    match dispatch(&app) {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error, "", color);
            ExitCode::from(exit_code(&error))
        }
    }
}

/// Tells an error: where the statement stands, if that must be said, the sentence, and the place in
/// the statement.
fn tell(error: &anyhow::Error, at: &str, color: ColorChoice) {
    eprintln!("{}: {at}{}", color::error_word(color), sentence(error));
    if let Some(excerpt) = error.downcast_ref::<QueryError>().and_then(QueryError::excerpt) {
        eprintln!("{excerpt}");
    }
}

fn dispatch(app: &App) -> anyhow::Result<ExitCode> {
    let common = &app.common;
    let findings = matches!(app.command, Command::Check(_) | Command::Findings(_));
    if !findings && common.format_or(Format::Table).is_ok_and(|f| f == Format::Junit) {
        anyhow::bail!("{}", t!("export.findings_only"));
    }
    common.check_screen()?;
    // a place that cannot be written is told before the work; an export may be a folder
    if !matches!(app.command, Command::Export(_)) {
        common.check_out()?;
    }
    if !app.command.minds_interrupts() {
        partial::clean_on_interrupt();
    }
    match &app.command {
        Command::Demo(args) => demo::run(common, args),
        Command::Load(args) => load::run(common, args),
        Command::Parse(args) => parse::run(common, args),
        Command::Check(args) => check::run(common, args),
        Command::Findings(args) => findings::run(common, args),
        Command::Expect(args) => expect::run(common, args),
        Command::Coverage(args) => coverage::run(common, args),
        Command::Query(args) => query::run(common, args),
        Command::Sql(args) => sql::run(common, args),
        Command::Analyze(args) => analyze::run(common, args),
        Command::Metrics(args) => metrics::run(common, args),
        Command::Why(args) => why::run(common, args),
        Command::Shell(args) => shell::run(common, args),
        Command::Set(args) => set::run(common, args),
        Command::Corrections(args) => set::list(common, args),
        Command::Show(args) => show::run(common, args),
        Command::Export(args) => export::run(common, args),
        Command::Verify(args) => verify::run(common, args),
        Command::Search(args) => search::run(common, args),
        Command::Info(args) => info::run(common, args),
        Command::ReadFiles(args) => reading::run(common, args),
        Command::Completions { shell } => {
            // written to memory first: the generator panics where its output is closed
            let mut script = Vec::new();
            let mut command = query::with_names(help::command(common.lang()));
            clap_complete::generate(*shell, &mut command, "nianbao", &mut script);
            common.print_text(&String::from_utf8_lossy(&script))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(help::command(common.lang())).render(&mut page)?;
            common.print_text(&String::from_utf8_lossy(&page))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// An error with its causes. Our own errors are whole sentences that name their cause already.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        if !text.is_empty() {
            text.push_str(&t!("cli.cause"));
        }
        text.push_str(&match cause.downcast_ref::<std::io::Error>() {
            Some(error) => reason::of_io(error),
            None => cause.to_string(),
        });
        if cause.is::<StoreError>()
            || cause.is::<QueryError>()
            || cause.is::<CatalogError>()
            || cause.is::<FormError>()
            || cause.is::<CorrectionError>()
            || cause.is::<MetricError>()
            || cause.is::<AnalyzeError>()
        {
            break;
        }
    }
    text
}

/// A file that cannot be read, and why.
fn cannot_read(path: &Path, error: &std::io::Error) -> anyhow::Error {
    let (path, reason) = (path.display(), reason::of_io(error));
    anyhow::anyhow!("{}", t!("cli.cannot_read", path = path, reason = reason))
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let json: Option<&serde_json::Error> = cause.downcast_ref();
        cause.downcast_ref().is_some_and(is_broken_pipe)
            || json.is_some_and(|e| e.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe))
    })
}

/// The csv writer wraps the error of the pipe twice and names neither as its source.
fn is_broken_pipe(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<csv::Error>());
    match inner.map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(e)) => is_broken_pipe(e),
        _ => error.kind() == std::io::ErrorKind::BrokenPipe,
    }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    let database = error.chain().any(|cause| {
        cause
            .downcast_ref::<StoreError>()
            .is_some_and(|e| !matches!(e, StoreError::UnknownEdition(_) | StoreError::NoReport(_)))
            || matches!(cause.downcast_ref::<QueryError>(), Some(QueryError::Database(_)))
    });
    if database { DATABASE } else { UNUSABLE }
}
