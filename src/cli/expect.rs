//! `expect`: the list of bodies that are to report.

use std::path::PathBuf;
use std::process::ExitCode;

use rust_i18n::t;

use super::output::columns;
use super::{Common, cannot_read};
use crate::load::follow_bodies;
use crate::region::{ExpectedBody, Kind, Regions};
use crate::report::Scope;
use crate::store::{self, Store};
use crate::table::{Table, Unit, Value};

/// 应报名单：给出 CSV 则取代原有名单，否则列出。列 organ（机关）, region（地区）, year（年度，2023 或 2019-2023，空为每年）, scope（范围：own 本机关、aggregate 汇总）, kind（类别） · The list of bodies that are to report: a CSV takes the place of the one before, without it the list is printed. Columns organ, region, year (2023 or 2019-2023, empty for every year), scope (own, aggregate), kind
#[derive(clap::Args)]
pub struct Args {
    /// 名单 CSV，UTF-8 或 GB18030 · The list, in UTF-8 or GB18030
    #[arg(value_name = "CSV")]
    pub list: Option<PathBuf>,
    /// 列出名单（缺省） · Print the list, as without a word
    #[arg(long, conflicts_with_all = ["list", "clear"])]
    pub show: bool,
    /// 清空名单 · Empty the list
    #[arg(long, conflicts_with = "list")]
    pub clear: bool,
}

/// Names that a note lists.
const NAMED: usize = 5;

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let regions = common.regions()?;
    if args.list.is_none() && !args.clear {
        show(common, regions)?;
        return Ok(ExitCode::SUCCESS);
    }
    let list = match &args.list {
        None => Vec::new(),
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|e| cannot_read(path, &e))?;
            regions.expected_bodies(&bytes, &path.display().to_string())?
        }
    };
    // only a load makes a database
    let mut store = Store::open_existing(&common.db, common.forms()?)?;
    store.put_expected(&list)?;
    follow_bodies(&mut store, regions)?;
    let strangers = store::never_reported(store.connection(), &list)?;
    store.close()?;
    if !common.quiet {
        match args.clear {
            true => eprintln!("{}", t!("expect.cleared")),
            false => eprintln!("{}", t!("expect.kept", count = list.len())),
        }
        if !strangers.is_empty() {
            let names = strangers.iter().take(NAMED).cloned().collect::<Vec<_>>().join(" ");
            let names = match strangers.len() > NAMED {
                true => t!("expect.and_more", names = names).into_owned(),
                false => names,
            };
            eprintln!("{}", t!("expect.unknown", count = strangers.len(), names = names));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show(common: &Common, regions: &Regions) -> anyhow::Result<()> {
    let list = store::expected_bodies(&store::open_read_only(&common.db)?)?;
    if list.is_empty() && !common.quiet {
        eprintln!("{}", t!("expect.none"));
    }
    common.print(&table(&list, regions))
}

/// The list with the columns that `expect` reads, so that what is written can be read again.
fn table(list: &[ExpectedBody], regions: &Regions) -> Table {
    let text = |text: &str| Value::Text(text.to_owned());
    let names = ["organ", "region", "year", "scope", "kind"];
    let mut columns = columns(&names, |n| t!(format!("expect.column.{n}")).into());
    let place = |b: &ExpectedBody| {
        let code = b.region_code.as_ref()?.parse().ok()?;
        Some(regions.path(code))
    };
    columns[1].labels = list.iter().map(place).collect();
    columns[2].unit = Unit::Label;
    let years = |b: &ExpectedBody| years(b).is_empty().then(|| t!("expect.every_year").into());
    columns[2].labels = list.iter().map(years).collect();
    columns[3].labels = list.iter().map(|b| Some(scope_word(b.scope))).collect();
    let kind = |b: &ExpectedBody| Some(kind_word(b.kind));
    columns[4].labels = list.iter().map(kind).collect();
    let row = |b: &ExpectedBody| {
        vec![
            text(&b.name),
            b.region_code.as_deref().map_or(Value::Null, text),
            text(&self::years(b)),
            text(b.scope.key()),
            text(b.kind.key()),
        ]
    };
    let rows = list.iter().map(row).collect();
    Table { columns, rows, total_rows: None }
}

/// The years of a line as the list gives them.
fn years(body: &ExpectedBody) -> String {
    let year = |y: Option<i32>| y.map_or_else(String::new, |y| y.to_string());
    match (body.first_year, body.last_year) {
        (None, None) => String::new(),
        (first, last) if first == last => year(first),
        (first, last) => format!("{}-{}", year(first), year(last)),
    }
}

/// The word for a scope.
pub fn scope_word(scope: Scope) -> String {
    match scope {
        Scope::Own => t!("show.own").into(),
        Scope::Aggregate => t!("show.aggregate").into(),
    }
}

/// The word for a kind of body.
pub fn kind_word(kind: Kind) -> String {
    match kind {
        Kind::Government => t!("expect.kind.government"),
        Kind::Department => t!("expect.kind.department"),
        Kind::Township => t!("expect.kind.township"),
        Kind::Street => t!("expect.kind.street"),
        Kind::Ministry => t!("expect.kind.ministry"),
        Kind::Other => t!("expect.kind.other"),
    }
    .into()
}
