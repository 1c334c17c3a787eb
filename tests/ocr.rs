//! Scans: pages rendered to pictures, put back into a file as such and recognized.

mod common;

use std::path::Path;
use std::process::Command;

use nianbao::check;
use nianbao::form::Forms;
use nianbao::parse::{Hints, Input, Parser};
use nianbao::reader::ocr::{self, PROGRAM, Tesseract};
use nianbao::reader::{self, Unreadable};
use nianbao::region::Regions;
use nianbao::report::{Cell, Report};

/// A page in shades of gray.
struct Picture {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

/// Pages of a PDF as pictures of 300 dots an inch; none where the program is not there.
fn rendered(pdf: &Path, from: u32, to: u32) -> Option<Vec<Picture>> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (from.to_string(), to.to_string());
    let made = Command::new("pdftoppm")
        .args(["-r", "300", "-gray", "-f", &from, "-l", &to])
        .args([pdf, &folder.path().join("page")])
        .status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no pdftoppm (Debian: poppler-utils)");
        return None;
    }
    let files = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    Some(files.iter().map(|f| pgm(&std::fs::read(f).unwrap())).collect())
}

/// A picture from its file: `P5`, width, height, 255 and the dots.
fn pgm(bytes: &[u8]) -> Picture {
    let mut parts = bytes.splitn(4, |b| b.is_ascii_whitespace());
    let mut text = || std::str::from_utf8(parts.next().unwrap()).unwrap().to_owned();
    assert_eq!(text(), "P5");
    let (width, height): (usize, usize) = (text().parse().unwrap(), text().parse().unwrap());
    let dots = bytes[bytes.len() - width * height..].to_vec();
    Picture { width, height, dots }
}

/// A PDF whose pages are nothing but pictures.
fn scan(pages: &[Picture]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let mut object = |out: &mut Vec<u8>, text: String, stream: Option<&[u8]>| {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{text}\n", places.len()).bytes());
        if let Some(stream) = stream {
            out.extend(b"stream\n");
            out.extend(stream);
            out.extend(b"\nendstream\n");
        }
        out.extend(b"endobj\n");
    };
    object(&mut out, "<</Type/Catalog/Pages 2 0 R>>".to_owned(), None);
    let kids: String = (0..pages.len()).map(|i| format!("{} 0 R ", 3 + 3 * i)).collect();
    object(&mut out, format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len()), None);
    for (i, page) in pages.iter().enumerate() {
        let (width, height) = (page.width as f32 * 0.24, page.height as f32 * 0.24);
        let (draw, picture) = (4 + 3 * i, 5 + 3 * i);
        let text = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {draw} 0 R\
             /Resources<</XObject<</P {picture} 0 R>>>>>>"
        );
        object(&mut out, text, None);
        let drawing = format!("{width} 0 0 {height} 0 0 cm /P Do");
        object(&mut out, format!("<</Length {}>>", drawing.len()), Some(drawing.as_bytes()));
        let text = format!(
            "<</Type/XObject/Subtype/Image/Width {}/Height {}/ColorSpace/DeviceGray\
             /BitsPerComponent 8/Length {}>>",
            page.width,
            page.height,
            page.dots.len()
        );
        object(&mut out, text, Some(&page.dots));
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = places.len() + 1;
    out.extend(format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    out
}

fn png(page: &Picture) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, page.width as u32, page.height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&page.dots).unwrap();
    out
}

fn recognized(bytes: &[u8], tesseract: &Tesseract) -> Report {
    let doc = ocr::read(bytes, tesseract).unwrap();
    let forms = Forms::builtin();
    let input = Input { bytes, sha256: String::new(), path: "scan".to_owned(), converted: None };
    Parser::new(&forms, Regions::builtin()).interpret(&doc, &input, &Hints::default()).0
}

/// Whether a finding names the cell, its row or its table.
fn is_named(report: &Report, cell: &Cell) -> bool {
    let name = cell.name();
    let names = report.findings.iter().flat_map(|f| &f.cells);
    names.into_iter().any(|n| name == *n || name.starts_with(&format!("{n}/")))
}

/// Cells that are right, and those that are wrong without a finding that says so.
fn compare(report: &Report, truth: &common::Truth) -> (usize, Vec<String>) {
    let truth = common::by_key(&truth.cells);
    let is_right = |c: &Cell| {
        let wanted = &truth[&(c.table.clone(), c.row.clone(), c.column.clone())];
        let value = wanted.value.as_ref().map(|v| v.to_string().parse().unwrap());
        c.value == value && c.state.key() == wanted.state
    };
    let (right, wrong): (Vec<&Cell>, Vec<&Cell>) = report.cells.iter().partition(|c| is_right(c));
    let unsaid = wrong.into_iter().filter(|c| !is_named(report, c)).map(Cell::name).collect();
    (right.len(), unsaid)
}

/// Runs the rules over a recognized report: they name each wrong cell that the parser does not, and
/// they see one that is made wrong unseen.
fn checked(report: &Report, truth: &common::Truth) {
    let forms = Forms::builtin();
    let named = |report: &Report| -> Vec<String> {
        let found = check::failures(report, &forms, Regions::builtin());
        found.into_iter().flat_map(|f| f.cells).collect()
    };
    let by_rules = named(report);
    let is_told = |names: &[String], cell: &str| {
        names.iter().any(|n| cell == n || cell.starts_with(&format!("{n}/")))
    };
    let (_, unsaid) = compare(&Report { findings: Vec::new(), ..report.clone() }, truth);
    let silent: Vec<&String> = unsaid.iter().filter(|cell| !is_told(&by_rules, cell)).collect();
    let parser = |cell: &&String| report.findings.iter().any(|f| is_told(&f.cells, cell));
    assert!(silent.into_iter().all(|cell| parser(&cell)), "{by_rules:?}");
    // a 3 taken for an 8, say, with no doubt about it
    let mut misread = report.clone();
    let is_part = |c: &&mut Cell| c.name() == "applications/granted/business";
    let cell = misread.cells.iter_mut().find(is_part).unwrap();
    let value = cell.value.unwrap() + rust_decimal::Decimal::from(5);
    (cell.value, cell.raw) = (Some(value), Some(value.to_string()));
    misread.findings.clear();
    let names = named(&misread);
    assert!(is_told(&names, "applications/granted/business"), "{names:?}");
}

/// The corpus and the program; says what is missing otherwise.
fn tools() -> Option<(std::path::PathBuf, Tesseract)> {
    let corpus = common::corpus()?;
    match Tesseract::find() {
        Ok(tesseract) => Some((corpus, tesseract)),
        Err(failure) => {
            eprintln!("skipped: {failure}");
            None
        }
    }
}

#[test]
fn the_tables_of_a_scan_are_read() {
    let Some((corpus, tesseract)) = tools() else { return };
    let pdf = corpus.join("formats/suqian-2023.chrome.pdf");
    // its first two pages are running text
    let Some(pages) = rendered(&pdf, 3, 5) else { return };
    let file = scan(&pages);
    let Err(Unreadable::NoText(without)) = reader::read(&file) else { panic!("no scan") };
    assert_eq!(without, [1, 2, 3]);

    let report = recognized(&file, &tesseract);
    let truths = common::full(&corpus);
    let (_, truth) = truths.iter().find(|(_, t)| t.file == "suqian-2023.html").unwrap();
    let (right, unsaid) = compare(&report, truth);
    assert!(right * 100 >= report.cells.len() * 98, "{right} of {}", report.cells.len());
    println!("{right} of {} cells of the scan are right", report.cells.len());
    assert_eq!(unsaid, Vec::<String>::new());
    assert!(report.findings.iter().any(|f| f.rule == "read-by-ocr"));
    checked(&report, truth);
    let sure = |c: &Cell| c.value.is_none() || c.confidence.is_some();
    assert!(report.cells.iter().all(sure));

    // one page as a picture by itself
    let alone = recognized(&png(&pages[1]), &tesseract);
    let read = |r: &Report| {
        let challenges = r.cells.iter().filter(|c| c.table == "challenges");
        challenges.map(|c| (c.name(), c.value)).collect::<Vec<_>>()
    };
    assert_eq!(read(&alone), read(&report));
}

/// Run by itself under an environment that names no program.
#[test]
fn without_the_program_a_sentence_says_what_to_install() {
    const NOWHERE: &str = "/nowhere/tesseract";
    if std::env::var(PROGRAM).is_ok_and(|p| p == NOWHERE) {
        println!("said: {}", Tesseract::find().unwrap_err());
        return;
    }
    let this = "without_the_program_a_sentence_says_what_to_install";
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", this, "--nocapture"])
        .env(PROGRAM, NOWHERE)
        .output()
        .unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    let said = said.lines().find_map(|l| l.split_once("said: ")).map(|s| s.1).unwrap_or_default();
    for word in [NOWHERE, PROGRAM, "tesseract-ocr-chi-sim"] {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn other_files_are_read_as_ever_and_other_pictures_named() {
    let Ok(tesseract) = Tesseract::find() else { return eprintln!("skipped: no tesseract") };
    let page = "<table><tr><td>规章<td>1</table>".as_bytes();
    assert_eq!(ocr::read(page, &tesseract).unwrap().blocks.len(), 1);
    let failure = ocr::read(b"II*\0....", &tesseract).unwrap_err();
    assert!(failure.to_string().contains("PNG"), "{failure}");
}
