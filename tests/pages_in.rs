//! Documents of fixed pages, PDF and OFD, through the real binary.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::soffice::convert;
use common::{Truth, by_key, corpus, full, same};
use nianbao::report::{Report, State};

fn nianbao(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nianbao")).args(args).output().unwrap()
}

fn parse(path: &Path) -> Report {
    let output = nianbao(&["parse", "--format", "json", &path.to_string_lossy()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", path.display());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Cells that are not as the truth has them, and how many of these give another value.
fn wrong(report: &Report, truth: &Truth) -> (Vec<String>, usize) {
    let truths = by_key(&truth.cells);
    let mut wrong = Vec::new();
    let mut other = 0;
    for cell in &report.cells {
        let key = (cell.table.clone(), cell.row.clone(), cell.column.clone());
        if !same(cell, truths.get(&key)) {
            wrong.push(format!("{} is {:?}", cell.name(), cell.raw));
            other += usize::from(cell.state != State::Missing);
        }
    }
    let missing = truths.len().saturating_sub(report.cells.len());
    wrong.extend((0..missing).map(|_| "a cell is not there at all".to_owned()));
    (wrong, other)
}

#[test]
fn real_documents_give_their_true_cells() {
    let Some(corpus) = corpus() else { return };
    let truth = full(&corpus).into_iter().find(|(_, t)| t.file == "suqian-2023.html").unwrap().1;
    for maker in ["chrome", "libreoffice"] {
        let report = parse(&corpus.join(format!("formats/suqian-2023.{maker}.pdf")));
        let (wrong, _) = wrong(&report, &truth);
        assert!(wrong.is_empty(), "{maker}: {}", wrong.join("\n"));
        assert_eq!((report.cells.len(), report.year), (200, Some(truth.year)), "{maker}");
        assert_eq!(report.organ.as_deref(), Some(&*truth.organ), "{maker}");
        assert_eq!(report.source.media_type, "application/pdf");
        let numbers: Vec<u8> = report.sections.iter().map(|s| s.no).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6], "{maker}");
        let place = report.cells[30].at.as_ref().unwrap();
        let at = [place.page, place.table, place.row, place.column];
        assert!(at.into_iter().all(|n| n.is_some_and(|n| n > 0)), "{place:?}");
    }
}

#[test]
fn generated_layouts_give_the_figures_they_were_made_of() {
    let with = Command::new("python3").args(["-c", "import reportlab, typst, tomllib"]).output();
    if !with.is_ok_and(|found| found.status.success()) {
        eprintln!("skipped: python3 lacks reportlab and typst (pip install reportlab typst)");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/pages.py");
    let python = Command::new("python3").arg(script).arg(dir.path()).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let (mut cells, mut lost, mut said) = (0, 0, Vec::new());
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".truth.json") {
            continue;
        }
        let truth: Truth = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let file = dir.path().join(&truth.file);
        let report = parse(&file);
        let (wrong, other) = wrong(&report, &truth);
        cells += truth.cells.len();
        lost += wrong.len();
        if !wrong.is_empty() {
            assert!(!report.findings.is_empty(), "{}: {wrong:?} and no finding", truth.file);
            said.push(format!("{}: {} cells, {}", truth.file, wrong.len(), wrong[0]));
        }
        if other > 0 {
            let check = nianbao(&["check", &file.to_string_lossy()]);
            assert!(!check.status.success(), "{}: {wrong:?} passes the check", truth.file);
        }
        assert_eq!((report.year, report.sections.len()), (Some(truth.year), 6), "{}", truth.file);
    }
    println!("{lost} of {cells} cells\n{}", said.join("\n"));
    assert!(cells >= 6_000, "only {cells} cells were compared");
    assert!(lost * 200 <= cells, "{lost} of {cells} cells are lost:\n{}", said.join("\n"));
}

/// Whether a finding names a cell, its row or its table.
fn is_named(report: &Report, cell: &str) -> bool {
    let mut names = report.findings.iter().flat_map(|f| &f.cells);
    names.any(|name| cell == name || cell.starts_with(&format!("{name}/")))
}

/// Web pages on paper, as LibreOffice prints them: tables without borders, and one that is wider than
/// the paper.
#[test]
fn web_pages_on_paper_give_their_cells() {
    let Some(corpus) = corpus() else { return };
    let mut documents = full(&corpus);
    documents.retain(|(path, _)| path.extension().is_some_and(|e| e == "html"));
    let narrow = "<style></style>";
    let wide = "<style>@page { size: 42cm 29.7cm }</style>";
    let papers = [
        ("page", "HTML", narrow),
        ("text", "HTML (StarWriter)", narrow),
        ("wide", "HTML (StarWriter)", wide),
    ];
    let (mut cells, mut lost, mut told) = (0, 0, Vec::new());
    for (paper, filter, style) in papers {
        let dir = tempfile::tempdir().unwrap();
        let files: Vec<PathBuf> = documents
            .iter()
            .map(|(path, truth)| {
                let page = std::fs::read_to_string(path).unwrap();
                let copy = dir.path().join(&truth.file);
                std::fs::write(&copy, page.replacen("</head>", &format!("{style}</head>"), 1))
                    .unwrap();
                copy
            })
            .collect();
        if !convert(dir.path(), filter, "pdf", &files) {
            return;
        }
        for (_, truth) in &documents {
            let report = parse(&dir.path().join(&truth.file).with_extension("pdf"));
            let (wrong, other) = wrong(&report, truth);
            let name = format!("{} as {paper}", truth.file);
            told.push(format!("{name}: {} of {} lost", wrong.len(), truth.cells.len()));
            let unsaid = |w: &&String| !is_named(&report, w.split(' ').next().unwrap());
            let unsaid: Vec<&String> = wrong.iter().filter(unsaid).collect();
            assert!(other == 0 && unsaid.is_empty(), "{name}: {other} other, {unsaid:?}");
            // the edge of the paper cuts its columns off
            if truth.file == "shanghai-2019.html" && paper != "wide" {
                assert!(!wrong.is_empty(), "{name}: is it cut off?");
                continue;
            }
            cells += truth.cells.len();
            lost += wrong.len();
        }
    }
    println!("{lost} of {cells} cells\n{}", told.join("\n"));
    assert!(cells > 1_300 && lost * 200 <= cells, "{lost} of {cells}:\n{}", told.join("\n"));
}

fn seed(name: &str) -> Vec<u8> {
    let folder = name.rsplit_once('.').unwrap().1;
    std::fs::read(format!("fuzz/seeds/{folder}/{name}")).unwrap()
}

/// What the program says of bytes: its exit code and its last line of errors.
fn say(bytes: &[u8]) -> (Option<i32>, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let output = nianbao(&["parse", "--lang", "en", "--format", "json", &path.to_string_lossy()]);
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    (output.status.code(), said)
}

#[test]
fn small_documents_of_every_kind_are_read() {
    for name in
        ["ruled.pdf", "turned.pdf", "plain.pdf", "two.pdf", "open.pdf", "ruled.ofd", "plain.ofd"]
    {
        let path = format!("fuzz/seeds/{}/{name}", name.rsplit_once('.').unwrap().1);
        let report = parse(Path::new(&path));
        let made = report.cells.iter().find(|c| c.name() == "disclosure/regulations/issued");
        let value = made.and_then(|c| c.value).map(|v| v.to_string());
        assert_eq!(value.as_deref(), Some("3"), "{name}");
        let guessed = report.findings.iter().any(|f| f.rule == "unruled-table");
        assert_eq!(guessed, name.starts_with("plain"), "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_told_in_one_sentence() {
    for (name, word) in
        [("locked.pdf", "password"), ("scan.pdf", "picture"), ("itself.pdf", "empty")]
    {
        let (code, said) = say(&seed(name));
        assert!(code.is_some_and(|c| c != 0 && c < 100), "{name}: {code:?} {said}");
        assert!(said.contains(word), "{name}: {said}");
    }
}

#[test]
fn a_scan_gives_its_picture() {
    let pictures = nianbao::reader::pictures(&seed("scan.pdf")).unwrap();
    let [picture] = &pictures[..] else { panic!("{} pictures", pictures.len()) };
    assert_eq!((picture.page, picture.width, picture.height), (1, 2, 2));
    assert_eq!(picture.gray, [0, 255, 64, 128]);
    assert_eq!(picture.corners[2], (200.0, 200.0));
}

/// A page of text and one that is a picture: what is on the second is told to be wanting.
#[test]
fn a_page_without_text_among_others_is_told() {
    let text: String = (0..20).map(|n| format!("({n} pages of a report) Tj 0 -20 Td ")).collect();
    let text = format!("BT /F 12 Tf 50 700 Td {text}ET");
    let picture = "q 600 0 0 800 0 0 cm /I Do Q";
    let page = |content| {
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {content} 0 R/Resources<</Font<</F 7 0 R>>/XObject<</I 8 0 R>>>>>>"
        )
    };
    let stream = |dict: &str, data: &str| {
        format!("<<{dict}/Length {}>>stream\n{data}\nendstream", data.len())
    };
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>".to_owned(),
        page(5),
        page(6),
        stream("", &text),
        stream("", picture),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        stream(
            "/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray",
            "0@@0",
        ),
    ];
    let mut pdf = "%PDF-1.7\n".to_owned();
    for (i, object) in objects.iter().enumerate() {
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    pdf.push_str("trailer<</Size 9/Root 1 0 R>>\n");
    let doc = nianbao::reader::read(pdf.as_bytes()).unwrap();
    let [found] = &doc.findings[..] else { panic!("{:?}", doc.findings) };
    assert_eq!(found.rule, "pages-without-text");
    assert!(found.message.get(nianbao::lang::Lang::En).contains('2'), "{found:?}");
}

#[test]
fn torn_and_damaged_documents_are_read_or_told() {
    for name in ["ruled.pdf", "plain.pdf", "open.pdf", "ruled.ofd"] {
        let whole = seed(name);
        for part in 0..20 {
            let torn = &whole[..whole.len() * part / 20];
            let _ = nianbao::reader::read(torn).map_err(|said| said.to_string());
        }
        let mut state = 1usize;
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = (state >> 33) % bytes.len();
                bytes[at] ^= 1 << (state >> 20 & 7);
            }
            let _ = nianbao::reader::read(&bytes).map_err(|said| said.to_string());
        }
    }
}
