//! What reading costs by format, against the tools that one would take in Python, over the same
//! documents in the same run; in the process and behind the shield, on one core and on two.
//! Prints Markdown.
//!
//! ```text
//! cargo bench --bench formats                  the table
//! cargo bench --bench formats -- memory N      peak memory over N files of all formats
//! ```
//! Needs the corpus (`NIANBAO_CORPUS`); the peers need
//! `pip install -r benches/peers/requirements.txt`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use nianbao::form::Forms;
use nianbao::load::{Cause, Fate, Hands, Job, Loader, input};
use nianbao::office::Office;
use nianbao::parse::{Hints, Parser};
use nianbao::reader;
use nianbao::region::Regions;
use nianbao::shield::{Limits, Shield};

/// Formats with a document of the corpus each, and the peer that reads it.
const FORMATS: [(&str, &str, Option<&str>); 9] = [
    ("HTML", "full/suqian-2023.html", Some("pandas.read_html")),
    ("DOCX", "formats/suqian-2023.docx", Some("python-docx")),
    ("PDF of a browser", "formats/suqian-2023.chrome.pdf", Some("pdfplumber")),
    ("PDF of LibreOffice", "formats/suqian-2023.libreoffice.pdf", Some("pdfplumber")),
    ("XLSX", "formats/suqian-2023.xlsx", Some("openpyxl")),
    ("XLS", "formats/suqian-2023.xls", None),
    ("ODS", "formats/suqian-2023.ods", None),
    ("ODT", "formats/suqian-2023.odt", None),
    ("RTF", "formats/suqian-2023.rtf", None),
];
/// How long each is read, again and again.
const WHILE: Duration = Duration::from_secs(2);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let corpus = std::env::var_os("NIANBAO_CORPUS").map(PathBuf::from);
    let Some(corpus) = corpus.filter(|c| c.join("formats").is_dir()) else {
        eprintln!("no corpus: set NIANBAO_CORPUS to its folder");
        return;
    };
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["memory", n] => memory(&corpus, n.parse().expect("a number")),
        _ => table(&corpus),
    }
}

fn table(corpus: &Path) {
    let forms = Forms::builtin();
    println!(
        "| format | reading alone | with matching | behind the shield | two cores | peer | reading, times | all, times |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (format, path, peer) in FORMATS {
        let path = corpus.join(path);
        let bytes = std::fs::read(&path).unwrap();
        let alone = rate(1, || drop(reader::read(&bytes).unwrap()));
        let here = Hands::here(Parser::new(&forms, Regions::builtin()));
        let parse = |hands: &Hands<'_>| {
            hands.parse(&input("a", &bytes), &Hints::default()).unwrap();
        };
        let matched = rate(1, || parse(&here));
        let behind = behind(&forms, shield());
        let shielded = rate(1, || parse(&behind));
        let both = rate(2, || parse(&behind));
        let theirs = peer.and_then(|peer| peer_rate(peer, &path));
        let named = theirs.map_or(String::new(), |r| format!("{r:.1} ({})", peer.unwrap_or("")));
        let times = |ours: f64| theirs.map_or(String::new(), |r| format!("{:.1}", ours / r));
        println!(
            "| {format} | {alone:.0} | {matched:.0} | {shielded:.0} | {both:.0} | {named} | {} | {} |",
            times(alone),
            times(shielded)
        );
    }
    converted(corpus);
}

/// Documents a second, by so many threads.
fn rate(threads: usize, work: impl Fn() + Sync) -> f64 {
    work();
    let start = Instant::now();
    let share = || {
        let mut done = 0;
        while start.elapsed() < WHILE {
            work();
            done += 1;
        }
        done
    };
    let done: u32 = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(share)).collect();
        all.into_iter().map(|t| t.join().unwrap()).sum()
    });
    f64::from(done) / start.elapsed().as_secs_f64()
}

fn shield() -> Shield {
    let limits = Limits::default();
    let arguments: Vec<OsString> = vec!["read-files".into(), limits.memory.to_string().into()];
    Shield::new(env!("CARGO_BIN_EXE_nianbao").into(), arguments, limits)
}

fn behind(forms: &Forms, shield: Shield) -> Hands<'_> {
    let parser = Parser::new(forms, Regions::builtin());
    Hands { shield: Some(shield), ..Hands::here(parser) }
}

/// Documents a second of a peer that takes the same tables out of the same file.
fn peer_rate(peer: &str, path: &Path) -> Option<f64> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/formats.py");
    let out = Command::new("python3").arg(script).arg(peer).arg(path).output().ok()?;
    let said = String::from_utf8_lossy(&out.stdout).trim().parse().ok();
    if said.is_none() {
        eprintln!("{peer}: {}", String::from_utf8_lossy(&out.stderr));
    }
    said
}

/// LibreOffice, one file and many at a time.
fn converted(corpus: &Path) {
    let Some(office) = Office::find() else { return };
    let bytes = std::fs::read(corpus.join("formats/suqian-2023.doc")).unwrap();
    let file = (bytes.as_slice(), reader::Kind::Doc);
    // makes the profile
    assert!(office.convert(&[file])[0].is_ok());
    for batch in [1, 16] {
        let start = Instant::now();
        assert!(office.convert(&vec![file; batch]).iter().all(Result::is_ok));
        let rate = batch as f64 / start.elapsed().as_secs_f64();
        println!("\nDOC through LibreOffice, {batch} at a time: {rate:.2} a second");
    }
}

/// Peak memory of the program and of its children over files of all formats.
fn memory(corpus: &Path, files: usize) {
    let dir = tempfile::tempdir().unwrap();
    let jobs: Vec<Job> = (0..files)
        .map(|i| {
            let from = corpus.join(FORMATS[i % FORMATS.len()].1);
            let extension = from.extension().unwrap().to_string_lossy().into_owned();
            let path = dir.path().join(format!("{i}.{extension}"));
            std::fs::hard_link(&from, &path)
                .or_else(|_| std::os::unix::fs::symlink(&from, &path))
                .unwrap();
            Job::new(path.to_string_lossy().into_owned(), Hints::default())
        })
        .collect();
    let forms = Forms::builtin();
    let hands = behind(&forms, shield());
    let stop = AtomicBool::new(false);
    let loader = Loader {
        forms: &forms,
        regions: Regions::builtin(),
        hands: &hands,
        threads: 2,
        stop: &stop,
    };
    let (mut done, mut children) = (0, 0);
    let start = Instant::now();
    let told = |_: &Job, fate: &Fate| {
        assert!(!matches!(fate, Fate::Failed(u) if u.cause == Cause::Memory));
        done += 1;
        children = children.max(peak_of_children());
        if done % (files / 10).max(1) == 0 {
            println!(
                "{done} files: {} MB, children {children} MB, {:.0} s",
                peak("self"),
                start.elapsed().as_secs_f64()
            );
        }
    };
    loader.run(&jobs, None, None, told).unwrap();
}

/// The most memory a process had, in MB.
fn peak(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 10
}

fn peak_of_children() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let children =
        tasks.flatten().filter_map(|t| std::fs::read_to_string(t.path().join("children")).ok());
    let children: Vec<String> = children.collect();
    children.iter().flat_map(|c| c.split_whitespace()).map(peak).max().unwrap_or(0)
}
