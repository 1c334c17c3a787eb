//! `--chart` and `--plot`: pictures of each kind, what they are called, what cannot be drawn.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::LazyLock;

use assert_cmd::Command;
use common::synth::Synth;
use insta::assert_snapshot;
use resvg::tiny_skia::Pixmap;
use tempfile::TempDir;

/// A folder with a database.
struct Desk(TempDir);

impl Desk {
    fn loaded(from: &Path) -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let output = desk.run(&["load", "--quiet", from.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["DB", "FORMS", "REGIONS", "ORGANS", "METRICS"] {
            command.env_remove(format!("NIANBAO_{name}"));
        }
        command.current_dir(self.0.path()).env("LC_ALL", "zh_CN.UTF-8").args(args).output().unwrap()
    }

    /// Code, data and messages as a user sees them.
    fn seen(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        format!("exit {code}\n{}{}", text(output.stdout), text(output.stderr))
    }

    /// The SVG of an answer, which is well-formed.
    fn svg(&self, name: &str, args: &[&str]) -> String {
        let file = format!("{name}.svg");
        let output = self.run(&[args, &["--chart", &file]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let svg = fs::read_to_string(self.path(&file)).unwrap();
        resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
        svg.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    }
}

static EXAMPLES: LazyLock<Desk> =
    LazyLock::new(|| Desk::loaded(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports")));

/// Forty bodies of some counties in the same year.
static MADE_UP: LazyLock<Desk> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let synth = Synth::default();
    for number in (0..400).filter(|n| n % 10 > 5) {
        let mut report = synth.report(number);
        report.source.path = format!("{number}.json");
        report.source.sha256.clear();
        report.sections.clear();
        let text = serde_json::to_string(&report).unwrap();
        fs::write(folder.path().join(format!("{number}.json")), text).unwrap();
    }
    Desk::loaded(folder.path())
});

#[test]
fn a_query_is_drawn_as_its_header_says() {
    assert_snapshot!("line", EXAMPLES.svg("line", &["query", "review-correction-rate"]));
    let bar = ["query", "largest-receivers", "--from", "2016", "--count", "5"];
    assert_snapshot!("bar", EXAMPLES.svg("bar", &bar));
    let stacked = ["query", "outcomes", "--from", "2021", "--lang", "en"];
    assert_snapshot!("stacked", EXAMPLES.svg("stacked", &stacked));
    assert_snapshot!("heat", EXAMPLES.svg("heat", &["query", "region-rollup"]));
}

#[test]
fn an_analysis_is_drawn_as_its_definition_says() {
    let organ = MADE_UP.run(&["sql", "SELECT MIN(organ) FROM v_report", "--format", "csv"]);
    let organ = String::from_utf8(organ.stdout).unwrap();
    let organ = organ.lines().nth(1).unwrap();
    let measures = ["--metric", "disclosure-rate", "--metric", "refusal-rate"];
    let benchmark = [&["analyze", "benchmark", organ, "--peers", "all"][..], &measures].concat();
    assert_snapshot!("box", MADE_UP.svg("box", &benchmark));
    let compare = ["analyze", "compare", "2022", "2023", "--by", "year"];
    let compare = [&compare[..], &measures].concat();
    assert_snapshot!("compare", MADE_UP.svg("compare", &compare));
}

#[test]
fn the_terminal_shows_a_picture_in_place_of_the_table() {
    assert_snapshot!("plot_line", EXAMPLES.seen(&["query", "review-correction-rate", "--plot"]));
    let bar = ["query", "largest-receivers", "--from", "2016", "--plot"];
    assert_snapshot!("plot_bar", EXAMPLES.seen(&bar));
    assert_snapshot!("plot_stacked", EXAMPLES.seen(&["query", "outcomes", "--plot"]));
    assert_snapshot!("plot_heat", EXAMPLES.seen(&["query", "region-rollup", "--plot"]));
    let spread = ["query", "largest-deciders", "--from", "2016", "--plot", "--chart-kind", "box"];
    assert_snapshot!("plot_box", MADE_UP.seen(&spread));
    let breakdown = ["analyze", "breakdown", "outcomes", "--to", "2023", "--plot"];
    assert_snapshot!("plot_breakdown", MADE_UP.seen(&breakdown));
}

/// The columns stand under each other in every terminal that gives a Chinese character two cells.
#[test]
fn the_bars_of_a_plot_begin_in_one_column() {
    use unicode_width::UnicodeWidthStr as _;
    let seen = EXAMPLES.seen(&["query", "largest-receivers", "--from", "2016", "--plot"]);
    let bars = seen.lines().filter_map(|line| line.split_once('│'));
    let columns: Vec<usize> = bars.map(|(name, _)| name.width()).collect();
    assert!(columns.len() > 5, "{seen}");
    assert!(columns.iter().all(|column| *column == columns[0]), "{seen}");
}

#[test]
fn a_png_has_the_same_picture() {
    let output = EXAMPLES.run(&["query", "outcomes", "--chart", "outcomes.png"]);
    let said = String::from_utf8(output.stderr).unwrap();
    if output.status.code() == Some(2) && said.contains("fonts-noto-cjk") {
        assert!(!EXAMPLES.path("outcomes.png").exists());
        eprintln!("skipped: no Chinese font: {said}");
        return;
    }
    assert!(output.status.success(), "{said}");
    let pixels = Pixmap::load_png(EXAMPLES.path("outcomes.png")).unwrap();
    let svg = EXAMPLES.svg("same", &["query", "outcomes"]);
    let height: u32 =
        svg.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert_eq!((pixels.width(), pixels.height()), (1920, 2 * height));
    let (all, white) = pixels.pixels().iter().fold((0, 0), |(all, white), pixel| {
        assert_eq!(pixel.alpha(), 255, "the ground is white and not the reader's");
        (all + 1, white + u32::from([pixel.red(), pixel.green(), pixel.blue()] == [255; 3]))
    });
    assert!(white < all * 9 / 10 && white > all / 4, "{white} of {all} are white");
    // nothing touches the edges: nothing is cut off
    let (width, height) = (pixels.width(), pixels.height());
    let at = |x, y| pixels.pixel(x, y).unwrap();
    let edges = (0..width).flat_map(|x| [at(x, 0), at(x, height - 1)]);
    let edges = edges.chain((0..height).flat_map(|y| [at(0, y), at(width - 1, y)]));
    assert!(edges.into_iter().all(|p| [p.red(), p.green(), p.blue()] == [255; 3]));
}

#[test]
fn the_table_is_printed_beside_the_file_and_the_data_beside_the_plot() {
    let seen = EXAMPLES.seen(&["query", "outcomes", "--chart", "a.svg", "--format", "csv"]);
    assert!(seen.starts_with("exit 0\nyear,") && seen.ends_with("图已存为 a.svg\n"), "{seen}");
    let seen = EXAMPLES.seen(&["query", "outcomes", "--plot", "--out", "a.csv", "--no-bom"]);
    assert!(seen.contains('█') && !seen.contains("year,"), "{seen}");
    assert!(fs::read_to_string(EXAMPLES.path("a.csv")).unwrap().starts_with("year,"));
}

#[test]
fn what_cannot_be_drawn_is_said_in_a_sentence() {
    let mut all = String::new();
    let cases: [&[&str]; 11] = [
        &["query", "outcomes", "--chart", "outcomes.pdf"],
        &["query", "outcomes", "--chart", "outcomes"],
        &["query", "outcomes", "--chart", "no/such/folder/outcomes.svg"],
        &["query", "outcomes", "--chart", "nianbao.db"],
        &["query", "outcomes", "--chart", "a.svg", "--out", "./a.svg", "--format", "csv"],
        &["query", "outcomes", "--from", "2030", "--chart", "none.svg"],
        &["query", "missing-reports", "--plot"],
        &["query", "outcomes", "--plot", "--format", "csv"],
        &["query", "outcomes", "--chart-kind", "bar"],
        &["query", "outcomes", "--chart-kind", "pie", "--plot"],
        &["analyze", "compare", "2022", "2023", "--by", "year", "--plot"],
    ];
    for args in cases {
        all += &format!("$ nianbao {}\n{}\n", args.join(" "), EXAMPLES.seen(args));
    }
    assert_snapshot!("mistakes", all);
    assert!(!EXAMPLES.path("none.svg").exists());
    let names = fs::read_dir(EXAMPLES.0.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Every query and its chart fit: over the examples each is drawn, or has nothing to draw.
#[test]
fn every_canned_query_is_drawn_or_says_why_not() {
    let catalog = nianbao::query::catalog::Catalog::load(None).unwrap();
    let mut drawn = 0;
    for query in catalog.queries() {
        let output = EXAMPLES.run(&["query", &query.name, "--plot"]);
        let said = String::from_utf8(output.stderr).unwrap();
        let says = |words: &[&str]| words.iter().any(|words| said.contains(words));
        match output.status.code() {
            Some(0) => drawn += 1,
            Some(2) if says(&["没有行", "没有可画的数值", "没有值：请用 -p"]) => {}
            // a header's chart has a place for every row
            Some(2) if query.chart.is_none() && says(&["不止一个值"]) => {}
            code => panic!("{}: {code:?} {said}", query.name),
        }
    }
    assert!(drawn >= 25, "{drawn}");
}
