//! `export data`: facts, dimensions and definitions for other programs.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;
use serde_json::json;

use super::super::Common;
use super::target::Target;
use super::which::Which;
use crate::deliver::Choice;
use crate::deliver::data::{self, Error, Files, Request, Shape};
use crate::export::Format;
use crate::store::open_snapshot;

/// 数据：事实、维度、定义，按年度和省分文件夹，附说明；缺省为全部年度 · Facts, dimensions and definitions for
/// other programs, by year and province; every year if none is given
#[derive(clap::Args)]
pub struct Args {
    /// 文件格式 · Format of the files
    #[arg(long = "as", value_enum, value_name = "FORMAT")]
    shape: Option<Shape>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let shape = args.shape(common)?;
    let conn = open_snapshot(&common.db)?;
    let choice = args.which.any_year(common, &conn)?;
    let request = Request {
        filters: args.filters(&choice),
        once: args.which.scope.as_deref() == Some("auto"),
        choice,
        shape,
        forms: common.forms()?,
    };
    let out = args.target.folder(common)?;
    let folder = Folder(out.path().to_owned());
    let manifest = match data::export(&conn, &request, &folder) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => bail!("{}", t!("deliver.no_reports")),
        Err(Error::Io(error)) => return Err(out.failed(&error)),
        Err(error) => return Err(error.into()),
    };
    out.finish()?;
    if !common.quiet {
        let (reports, files) = (manifest.reports, manifest.files.len() + 1);
        eprintln!("{}", t!("deliver.data_done", reports = reports, files = files));
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// The format, by `--as` or by `--format`.
    fn shape(&self, common: &Common) -> anyhow::Result<Shape> {
        Ok(match (self.shape, common.format) {
            (Some(shape), _) => shape,
            (None, None | Some(Format::Parquet)) => Shape::Parquet,
            (None, Some(Format::Csv)) => Shape::Csv,
            (None, Some(Format::Ndjson)) => Shape::Ndjson,
            (None, Some(format)) => {
                bail!("{}", t!("deliver.data_format", format = format.name()))
            }
        })
    }

    /// What was asked for, for the manifest; null does not narrow.
    fn filters(&self, choice: &Choice) -> serde_json::Value {
        let year = |year: &i32| (*year != i32::MIN && *year != i32::MAX).then_some(*year);
        json!({
            "bodies": self.which.body,
            "region": choice.region.map(|region| region.to_string()),
            "level": self.which.level,
            "kind": self.which.kind,
            "from": year(choice.years.start()),
            "to": year(choice.years.end()),
            "edition": choice.edition,
            "scope": self.which.scope,
        })
    }
}

/// The folder that is being filled.
struct Folder(PathBuf);

impl Folder {
    fn open(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().append(true).create(true).open(path)
    }
}

impl Files for Folder {
    fn append(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.0.join(path);
        let mut file = match self.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // once it is taken away it is not made again
                std::fs::metadata(&self.0)?;
                create_dir_all(path.parent().unwrap_or(&self.0))?;
                self.open(&path)?
            }
            opened => opened?,
        };
        file.write_all(bytes)
    }
}
