//! `export`: files that leave the program finished. Each kind has a file here for its options, and
//! one in [`crate::deliver`] that makes it.

mod blank;
mod bulletin;
mod bundle;
mod data;
mod datasette;
mod form;
mod matrix;
mod slips;
mod target;
mod which;

use std::process::ExitCode;

use super::Common;

/// 导出成品文件：--out 说明写到哪里，格式看扩展名 · Finished files; --out says where, its extension in which format
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(clap::Subcommand)]
enum Kind {
    /// 汇总表：官方表样，一个机关的或多个机关相加的 · The official form, of one body or summed over many
    Form(form::Args),
    /// 空白或预填的表样，合计是公式 · The form to be filled in, its totals formulas
    Blank(blank::Args),
    /// 通报：一个地区一个年度的情况，附图表和数据附表 · What a region has to tell of a year
    Bulletin(bulletin::Args),
    /// 对照表：机关 × 指标、表样各格或年度 · Bodies against measures, cells or years
    Matrix(matrix::Args),
    /// 整改通知单：每个机关另起一页，列出问题，留出反馈栏 · What each body is to put right, each on a new page
    Slips(slips::Args),
    /// 数据：事实、维度、定义，供其他程序用 · Facts, dimensions and definitions for other programs
    Data(data::Args),
    /// 证据包：一个查询的结果连同由来，可用 verify 核对 · An answer with all that gave it, to be verified
    Bundle(bundle::Args),
    /// Datasette 的元数据，附全部预置查询 · Metadata for Datasette with all canned queries
    Datasette(datasette::Args),
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.kind {
        Kind::Form(args) => form::run(common, args),
        Kind::Blank(args) => blank::run(common, args),
        Kind::Bulletin(args) => bulletin::run(common, args),
        Kind::Matrix(args) => matrix::run(common, args),
        Kind::Slips(args) => slips::run(common, args),
        Kind::Data(args) => data::run(common, args),
        Kind::Bundle(args) => bundle::run(common, args),
        Kind::Datasette(args) => datasette::run(common, args),
    }
}
