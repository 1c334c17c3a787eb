//! How files are read: the options that `load`, `parse` and `check` share, and the command that
//! their children are.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use rust_i18n::t;

use super::Common;
use super::inputs::whole;
use crate::load::Hands;
use crate::office::Office;
use crate::parse::Parser;
use crate::shield::{Limits, Shield, serve};

/// Name of the command that children run.
const CHILD: &str = "read-files";

/// No file is waited for longer: a year.
const MOST_SECONDS: u64 = 365 * 24 * 3600;

/// What reading a file may take.
#[derive(Clone, Default, clap::Args)]
pub struct Reading {
    /// 每个文件最多读多少秒（缺省 20，识别扫描件 300） · Seconds that one file may take (20, with --ocr 300)
    #[arg(long, env = "NIANBAO_DEADLINE", value_name = "SECONDS", value_parser = whole(1, MOST_SECONDS))]
    pub deadline: Option<u64>,
    /// 读一个文件最多用多少 MB 内存（缺省 1024） · Megabytes of memory that one file may take (1024)
    #[arg(long, env = "NIANBAO_MEMORY", value_name = "MB", value_parser = whole(16, 1 << 20))]
    pub memory: Option<u64>,
    /// 识别扫描件和图片里的文字（需 tesseract） · Read scans and pictures; needs tesseract
    #[arg(long)]
    pub ocr: bool,
}

impl Reading {
    /// What parses files under these limits.
    pub fn hands<'l>(&self, common: &'l Common) -> anyhow::Result<Hands<'l>> {
        let parser = Parser::new(common.forms()?, common.regions()?);
        let program = std::env::current_exe()
            .map_err(|e| anyhow::anyhow!("{}", t!("shield.start", reason = e)))?;
        let mut limits = Limits::default();
        if let Some(seconds) = self.deadline {
            limits.deadline = Duration::from_secs(seconds);
            limits.ocr_deadline = limits.deadline;
        }
        if let Some(megabytes) = self.memory {
            limits.memory = megabytes << 20;
        }
        let shield = Shield::new(program, arguments(common, limits.memory), limits);
        Ok(Hands { parser, shield: Some(shield), office: Office::find(), ocr: self.ocr })
    }
}

/// The arguments of a child: what it must know of this run.
fn arguments(common: &Common, memory: u64) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec![CHILD.into(), memory.to_string().into()];
    arguments.extend(["--lang".into(), common.lang().key().into()]);
    // a child must not take them from the environment where they are not set here
    if let Some(forms) = &common.forms {
        arguments.extend(["--forms".into(), forms.into()]);
    }
    if let Some(regions) = &common.regions {
        arguments.extend(["--regions".into(), regions.into()]);
    }
    arguments
}

/// 供程序自己读文件用 · Reads files for another process of this program, which asks on standard input
#[derive(clap::Args)]
pub struct Args {
    /// 可用内存（字节） · Bytes of memory that it may take
    memory: u64,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let parser = Parser::new(common.forms()?, common.regions()?);
    serve(&parser, args.memory)?;
    Ok(ExitCode::SUCCESS)
}
