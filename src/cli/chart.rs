//! `--chart` and `--plot`: an answer as a picture, in a file or on the terminal.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::bail;
use rust_i18n::t;

use super::Common;
use super::output::{Sink, is_same_file};
use crate::chart::{self, Error, Figure, Words};
use crate::query::catalog::{Chart, ChartKind};
use crate::table::{Table, Value};

/// How an answer is drawn.
#[derive(clap::Args)]
pub struct ChartArgs {
    /// 另画成图，存为 .svg 或 .png · Draw the answer, too, as .svg or .png
    #[arg(long, value_name = "FILE")]
    pub chart: Option<PathBuf>,
    /// 在终端上画图，代替表格 · Draw the answer on the terminal in place of the table
    #[arg(long)]
    pub plot: bool,
    /// 换一种图：折线、条形、堆叠、箱线、热力 · Another kind of chart
    #[arg(long, value_name = "KIND", value_enum)]
    pub chart_kind: Option<ChartKind>,
}

/// Formats of pictures.
#[derive(Clone, Copy, PartialEq)]
enum Picture {
    Svg,
    Png,
}

/// What is drawn and what it is called.
pub struct Subject<'s> {
    /// What it shows.
    pub title: String,
    /// The command that gives the answer.
    pub command: String,
    /// What was chosen, as `region 江苏`.
    pub chosen: Vec<String>,
    /// The years asked for, where the answer has no column of years.
    pub years: BTreeSet<i64>,
    /// The picture that goes with it.
    pub chart: Option<&'s Chart>,
}

impl ChartArgs {
    /// Whether there is to be a picture.
    pub fn is_wanted(&self) -> bool {
        self.chart.is_some() || self.plot
    }

    /// Finds out before the work whether what is asked for can be written.
    pub fn check(&self, common: &Common) -> anyhow::Result<()> {
        if self.chart_kind.is_some() && !self.is_wanted() {
            bail!("{}", t!("chart.kind_alone"));
        }
        if self.plot && common.out.is_none() && common.format.is_some() {
            bail!("{}", t!("chart.plot_and_format"));
        }
        let Some(path) = &self.chart else { return Ok(()) };
        picture(path)?;
        if common.out.as_ref().is_some_and(|out| is_same_file(out, path)) {
            bail!("{}", t!("chart.same_file", path = path.display()));
        }
        common.check_target("--chart", path)
    }

    /// Draws the answer. Whether its table is still to be printed is for the caller: `print` is
    /// called for it unless the terminal shows the picture in its place. What cannot be drawn
    /// is told before anything is printed.
    pub fn draw(
        &self,
        common: &Common,
        table: &Table,
        subject: Subject<'_>,
        print: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        if !self.is_wanted() {
            return print();
        }
        let figure = self.figure(common, table, subject)?;
        let target = self.chart.as_deref();
        let bytes = target.map(|path| bytes(path, &figure)).transpose()?;
        if !self.plot || common.out.is_some() {
            print()?;
        }
        if self.plot {
            let screen = Common { out: None, ..common.clone() };
            screen.print_text(&chart::terminal::text(&figure, screen.options().width))?;
        }
        if let Some((path, bytes)) = target.zip(bytes) {
            let mut sink = Sink::to(path)?;
            sink.write_all(&bytes)?;
            sink.finish()?;
            if !common.quiet {
                eprintln!("{}", t!("chart.written", path = path.display()));
            }
        }
        Ok(())
    }

    /// What is drawn of the answer.
    fn figure(
        &self,
        common: &Common,
        table: &Table,
        subject: Subject<'_>,
    ) -> Result<Figure, Error> {
        let mut chart = match subject.chart {
            Some(chart) => chart.clone(),
            None => chart::default_chart(table)?,
        };
        if let Some(kind) = self.chart_kind.filter(|kind| *kind != chart.kind) {
            chart.kind = kind;
            // the spread at each place is that over the group
            chart.group = chart.group.filter(|_| kind != ChartKind::Box);
        }
        let file = common.db.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let program = concat!("nianbao ", env!("CARGO_PKG_VERSION")).to_owned();
        let years = years(table, &subject.years);
        let parts = [Some(program), Some(file), Some(subject.command), years];
        let from: Vec<String> = parts.into_iter().flatten().collect();
        let words = Words {
            title: subject.title,
            subtitle: subject.chosen.join(" · "),
            source: t!("chart.source", from = from.join(" · ")).into(),
            lang: common.lang(),
        };
        Figure::of(table, &chart, words)
    }
}

/// The format of a picture's file.
fn picture(path: &Path) -> Result<Picture, Error> {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match extension.as_str() {
        "svg" => Ok(Picture::Svg),
        "png" => Ok(Picture::Png),
        _ => Err(Error::Extension(path.display().to_string())),
    }
}

fn bytes(path: &Path, figure: &Figure) -> Result<Vec<u8>, Error> {
    let drawing = chart::svg(figure);
    match picture(path)? {
        Picture::Svg => Ok(drawing.svg.into_bytes()),
        Picture::Png => chart::png::render(&drawing),
    }
}

/// The years of an answer, from the first to the last, else those asked for.
fn years(table: &Table, asked: &BTreeSet<i64>) -> Option<String> {
    let at = table.columns.iter().position(|column| column.name == "year");
    let of_row = |row: &Vec<Value>| match at.and_then(|at| row.get(at)) {
        Some(Value::Int(year)) => Some(*year),
        _ => None,
    };
    let mut years: BTreeSet<i64> = table.rows.iter().filter_map(of_row).collect();
    if years.is_empty() {
        years.clone_from(asked);
    }
    let (first, last) = (years.first()?, years.last()?);
    Some(if first == last { first.to_string() } else { format!("{first}–{last}") })
}
