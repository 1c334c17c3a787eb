//! What strangers' files may do to the program: hang, die, eat memory. It costs that file alone.

mod common;

use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use nianbao::load::Cause;
use nianbao::parse::Hints;
use nianbao::shield::{Answer, Limits, Request, Shield, Way};

fn nianbao(dir: &Path) -> Command {
    let mut command = Command::cargo_bin("nianbao").unwrap();
    command.current_dir(dir).args(["--lang", "en", "--db", "x.db"]);
    command
}

fn cause_of(program: &str, arguments: &[&str], limits: Limits) -> Cause {
    let arguments = arguments.iter().map(OsString::from).collect();
    let shield = Shield::new(program.into(), arguments, limits);
    let (path, hints, way) = ("a.html".to_owned(), Hints::default(), Way::default());
    let request = Request { path, sha256: String::new(), hints, way };
    match shield.parse(&request, b"<p>") {
        Answer::Unread(unread) => unread.cause,
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn a_child_that_hangs_dies_or_talks_nonsense_is_one_sentence() {
    let soon = Limits { deadline: Duration::from_millis(300), ..Limits::default() };
    let since = Instant::now();
    assert_eq!(cause_of("sleep", &["60"], soon), Cause::Deadline);
    assert!(since.elapsed() < Duration::from_secs(30));
    let limits = Limits { deadline: Duration::from_secs(120), ..soon };
    assert_eq!(cause_of("false", &[], limits), Cause::Crash);
    assert_eq!(cause_of("echo", &["0123456789"], limits), Cause::Crash);
    assert_eq!(cause_of("no such program", &[], limits), Cause::Shield);
    assert_eq!(cause_of("sh", &["-c", "head -c 9 >/dev/null; kill -9 $$"], limits), Cause::Crash);
    let dying = "echo memory allocation of 9 bytes failed >&2; head -c 9 >/dev/null";
    assert_eq!(cause_of("sh", &["-c", dying], limits), Cause::Memory);
}

/// A Word document of one part that unpacks to more than the memory given, and an old workbook
/// whose end is missing.
#[test]
fn too_little_memory_and_a_missing_end_are_told_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let body = format!("<w:document>{}</w:document>", "<w:p/>".repeat(8 << 20));
    let large = common::office::package(&[("word/document.xml", &body)]);
    std::fs::write(dir.path().join("a.docx"), large).unwrap();
    let mut torn = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    torn.resize(1024, 0);
    torn.extend(b"\x09\x08\x10\0\0\x06\x05\0");
    torn.resize(4096, 0);
    std::fs::write(dir.path().join("b.xls"), torn).unwrap();
    let said = |args: &[&str]| {
        let out = nianbao(dir.path()).arg("parse").args(args).output().unwrap();
        assert_eq!(out.status.code(), Some(2));
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    let told = said(&["a.docx", "--memory", "16"]);
    assert!(told.contains("memory") && !told.contains("damaged or cut off"), "{told}");
    let told = said(&["b.xls"]);
    assert!(told.contains("an old Excel workbook (xls) but damaged or cut off"), "{told}");
    assert!(!told.contains("docx"), "{told}");
}

/// A page that takes a while, and some memory.
fn large() -> String {
    format!("<html><table>{}", "<tr><td>本年新收政府信息公开申请数量<td>1".repeat(400_000))
}

#[test]
fn what_takes_too_long_or_too_much_costs_one_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("reports")).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let page = std::fs::read_dir(example).unwrap().map(|e| e.unwrap().path());
    let page = page.filter(|p| p.extension().is_some_and(|x| x == "html")).min().unwrap();
    std::fs::copy(&page, dir.path().join("reports/a.html")).unwrap();
    std::fs::write(dir.path().join("reports/b.html"), large()).unwrap();
    std::fs::copy(&page, dir.path().join("reports/c.html")).unwrap();
    for (limit, sentence) in [
        (["--deadline", "1"], "it was not read within 1 seconds"),
        (["--memory", "48"], "it took more than 48 MB of memory"),
    ] {
        let mut command = nianbao(dir.path());
        command.args(["load", "reports", "--dry-run", "--format", "csv"]).args(limit);
        let out = command.output().unwrap();
        let told = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(1), "{told}");
        assert!(told.contains("reports/b.html: ") && told.contains(sentence), "{told}");
        let data = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(data.ends_with("3,2,0,0,0,0,1\n"), "{data}");
    }
}
