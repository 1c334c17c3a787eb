//! `verify`: a bundle run again.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::sql::timeout;
use super::{Common, OTHER_RESULT, cannot_read};
use crate::deliver::bundle::{Bundle, Damage, Difference, Finding, VerifyError, verify};
use crate::query::Limits;
use crate::store::open_snapshot;

/// 重新运行证据包，说明结果是否相同：相同为 0，不同为 1 · Run a bundle again: 0 where the result is the same, 1 where
/// it is another
#[derive(clap::Args)]
pub struct Args {
    /// 由 export bundle 写出的文件 · File that `export bundle` wrote
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// 超时秒数 · Seconds until the query is interrupted
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, allow_negative_numbers = true)]
    timeout: f64,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let limits = Limits { timeout: Some(timeout(args.timeout)?), ..Limits::default() };
    let path = &args.bundle;
    let file = File::open(path).map_err(|e| cannot_read(path, &e))?;
    let bundle = match Bundle::open(file) {
        Ok(bundle) => bundle,
        Err(Damage::Io(error)) => return Err(cannot_read(path, &error)),
        Err(damage) => bail!("{}", t!("deliver.no_bundle", path = path.display(), why = damage)),
    };
    let mut conn = open_snapshot(&common.db)?;
    let found = verify(&bundle, &mut conn, &limits).map_err(|error| match error {
        VerifyError::Store(error) => error.into(),
        VerifyError::Query(error) => anyhow::Error::from(error),
        VerifyError::Io(error) => error.into(),
    })?;
    common.print_text(&format!("{}\n", sentence(&bundle, &found)))?;
    Ok(match found.difference {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::from(OTHER_RESULT),
    })
}

/// What was found, in a sentence.
fn sentence(bundle: &Bundle, found: &Finding) -> String {
    let (query, rows) = (bundle.manifest.query.as_str(), bundle.manifest.rows);
    let database = match (found.same_database, found.same_forms) {
        (true, true) => t!("deliver.verify_same_database"),
        (true, false) => t!("deliver.verify_other_forms"),
        (false, _) => t!("deliver.verify_other_database"),
    };
    match &found.difference {
        None => t!("deliver.verify_same", query = query, rows = rows, database = database),
        Some(Difference::Columns { then, now }) => {
            let (then, now) = (then.join(" "), now.join(" "));
            t!("deliver.verify_columns", query = query, then = then, now = now, database = database)
        }
        Some(Difference::Row { number, then, now }) => {
            let row = |row: &Option<String>| {
                row.clone().unwrap_or_else(|| t!("deliver.verify_no_row").into_owned())
            };
            let (then, now) = (row(then), row(now));
            t!(
                "deliver.verify_row",
                query = query,
                number = number,
                then = then,
                now = now,
                database = database
            )
        }
    }
    .into_owned()
}
