//! Office formats: the same document gives the same cells in every one of them, and a broken file
//! is told to be one.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use common::office::{Sheet, package};
use common::soffice::convert;
use common::{corpus, differences, full};
use nianbao::form::Forms;
use nianbao::parse::{Hints, Parser};
use nianbao::reader::{Unreadable, read};
use nianbao::region::Regions;
use nianbao::report::Report;

fn parse_file(path: &Path) -> Report {
    let path = path.to_string_lossy();
    let output = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["parse", "--format", "json", &path])
        .output()
        .unwrap();
    assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Files of the corpus that office programs made, all of one document.
const MADE: [&str; 10] =
    ["docx", "doc", "rtf", "odt", "xlsx", "xls", "ods", "gb18030.html", "gbk.txt", "utf16.txt"];

fn made(corpus: &Path) -> impl Iterator<Item = PathBuf> {
    MADE.into_iter().map(move |end| corpus.join(format!("formats/suqian-2023.{end}")))
}

#[test]
fn every_format_of_a_document_gives_all_its_cells() {
    let Some(corpus) = corpus() else { return };
    let documents = full(&corpus);
    let (_, truth) = documents.iter().find(|(_, t)| t.file == "suqian-2023.html").unwrap();
    for path in made(&corpus) {
        let report = parse_file(&path);
        let wrong: Vec<String> = differences(&report, truth).collect();
        assert!(wrong.is_empty(), "{}:\n{}", path.display(), wrong.join("\n"));
        assert_eq!(report.cells.len(), 200, "{}", path.display());
        assert_eq!(report.sections.len(), 6, "{}", path.display());
        assert_eq!((report.year, report.scope.unwrap().key()), (Some(2023), "aggregate"));
        assert!(report.findings.is_empty(), "{}: {:?}", path.display(), report.findings);
        let known = report.cells.iter().all(|c| c.at.is_some());
        assert!(known, "{}: a cell without a place", path.display());
    }
}

#[test]
fn what_libreoffice_saves_gives_the_cells_of_what_it_opened() {
    let Some(corpus) = corpus() else { return };
    let dir = tempfile::tempdir().unwrap();
    // Markdown is no document that an office program would open
    let documents: Vec<_> =
        full(&corpus).into_iter().filter(|(_, truth)| !truth.file.ends_with(".md")).collect();
    let (pages, texts): (Vec<PathBuf>, Vec<PathBuf>) = documents
        .iter()
        .map(|(path, _)| path.clone())
        .partition(|path| path.extension().is_some_and(|e| e == "html"));
    let writer =
        [("docx", "docx"), ("odt", "odt:writer8"), ("rtf", "rtf"), ("doc", "doc:MS Word 97")];
    let calc = [("xlsx", "xlsx"), ("xls", "xls:MS Excel 97"), ("ods", "ods")];
    let mut compared = 0;
    let runs = (writer.iter().map(|to| ("HTML (StarWriter)", *to, &pages)))
        .chain(writer.iter().map(|to| ("Text (encoded):UTF8,LF,,,", *to, &texts)))
        .chain(calc.iter().map(|to| ("HTML (StarCalc)", *to, &pages)));
    for (filter, (end, to), files) in runs {
        if !convert(dir.path(), filter, to, files) {
            return;
        }
        for (_, truth) in documents.iter().filter(|(path, _)| files.contains(path)) {
            let path = dir.path().join(&truth.file).with_extension(end);
            let report = parse_file(&path);
            let wrong: Vec<String> = differences(&report, truth).collect();
            assert!(wrong.is_empty(), "{}:\n{}", path.display(), wrong.join("\n"));
            assert_eq!(report.year, Some(truth.year), "{}", path.display());
            assert_eq!(report.edition.as_ref(), Some(&truth.edition), "{}", path.display());
            assert_eq!(report.published, truth.published, "{}", path.display());
            assert_eq!(report.organ.as_ref(), Some(&truth.organ), "{}", path.display());
            compared += report.cells.len();
        }
    }
    assert!(compared > 4_000, "only {compared} cells were compared");
}

fn parse(bytes: &[u8]) -> Report {
    static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);
    static PARSER: LazyLock<Parser<'static>> =
        LazyLock::new(|| Parser::new(&FORMS, Regions::builtin()));
    PARSER.parse(bytes, "office", &Hints::default()).unwrap()
}

/// The cells of a report, with what is said of them.
fn cells(report: &Report) -> Vec<(String, Option<String>, &str)> {
    let value = |v: rust_decimal::Decimal| v.normalize().to_string();
    report.cells.iter().map(|c| (c.name(), c.value.map(value), c.state.key())).collect()
}

/// Holds a document in all formats against the page it was taken from.
fn compare(page: &str, sheet: &Sheet, name: &str) {
    let expected = parse(page.as_bytes());
    assert!(cells(&expected).iter().filter(|c| c.2 == "number").count() > 30, "{name}");
    let formats = [
        ("docx", sheet.docx(false)),
        ("nested docx", sheet.docx(true)),
        ("odt", sheet.odt(false)),
        ("nested odt", sheet.odt(true)),
        ("rtf", sheet.rtf()),
        ("xlsx", sheet.xlsx()),
    ];
    for (format, bytes) in formats {
        let report = parse(&bytes);
        assert_eq!(cells(&report), cells(&expected), "{name} as {format}: {:?}", report.findings);
        let facts = |r: &Report| (r.year, r.edition.clone(), r.organ.clone(), r.published.clone());
        assert_eq!(facts(&report), facts(&expected), "{name} as {format}");
        let doubts = |r: &Report| r.findings.iter().map(|f| f.rule.clone()).collect::<Vec<_>>();
        assert_eq!(doubts(&report), doubts(&expected), "{name} as {format}");
    }
}

/// Made-up documents with the tables of each edition.
fn pages() -> [(&'static str, String); 3] {
    let read = |name: &str| {
        let bytes = std::fs::read(format!("examples/reports/{name}")).unwrap();
        let decoded = encoding_rs::GB18030.decode(&bytes).0;
        std::str::from_utf8(&bytes).map_or(decoded.into_owned(), str::to_owned)
    };
    [
        ("2021", read("example-district-2022.html")),
        ("2019", read("example-city-2020.html")),
        ("2014", read("example-city-2016.html")),
    ]
}

#[test]
fn tables_are_laid_out_alike_in_every_format() {
    for (edition, page) in pages() {
        compare(&page, &Sheet::of_page(&page), edition);
    }
}

#[test]
fn labels_repeated_instead_of_merged_are_the_same_labels() {
    for (edition, page) in pages() {
        compare(&page, &Sheet::of_page(&page).with_repeated_labels(), edition);
        compare(&page, &Sheet::of_page(&page).with_nothing_merged(), edition);
    }
}

/// Where lines are drawn at all: what is written as Word, OpenDocument or rich text has none.
#[test]
fn tables_without_lines_are_tables() {
    for (edition, page) in pages() {
        let sheet = Sheet { ruled: false, ..Sheet::of_page(&page) };
        compare(&page, &sheet, edition);
    }
}

#[test]
fn headers_of_one_two_and_three_rows_name_the_same_columns() {
    let [of_2021, of_2019, _] = pages();
    for (edition, page) in [of_2021, of_2019] {
        for count in 1..=3 {
            let sheet = Sheet::of_page(&page).with_header(count);
            compare(&page, &sheet, &format!("{edition}, header of {count}"));
        }
    }
}

#[test]
fn a_table_cut_at_any_row_is_one_table() {
    let mut cuts = 0;
    for (edition, page) in pages() {
        for at in 1..80 {
            for again in [false, true] {
                let Some(sheet) = Sheet::of_page(&page).cut_at(at, again) else { continue };
                compare(&page, &sheet, &format!("{edition}, cut at {at}, header again: {again}"));
                cuts += 1;
            }
        }
    }
    assert!(cuts > 60, "only {cuts} cuts");
}

/// Portals lay whole pages out by tables, one in another.
#[test]
fn a_page_in_tables_of_layout_gives_its_cells() {
    for (edition, page) in pages() {
        let body = page.find("<body").unwrap();
        let start = body + page[body..].find('>').unwrap() + 1;
        let end = page.find("</body>").unwrap_or(page.len());
        let nested = format!(
            "{}<table><tr><td>导航<td><table><tr><td>{}</table></table>{}",
            &page[..start],
            &page[start..end],
            &page[end..]
        );
        assert_eq!(cells(&parse(nested.as_bytes())), cells(&parse(page.as_bytes())), "{edition}");
    }
}

/// Documents of other shapes as LibreOffice saves them, which also makes the old binary formats.
#[test]
fn shapes_that_libreoffice_saves_give_their_cells() {
    let dir = tempfile::tempdir().unwrap();
    let (mut texts, mut books, mut expected) = (Vec::new(), Vec::new(), Vec::new());
    for (edition, page) in pages() {
        let sheet = Sheet::of_page(&page);
        let shapes = [
            ("whole", Some(sheet.clone())),
            ("one", Some(sheet.clone().with_header(1))),
            ("two", Some(sheet.clone().with_header(2))),
            ("plain", Some(Sheet { ruled: false, ..sheet.clone() })),
            ("cut", (4..9).find_map(|at| sheet.cut_at(at, false))),
        ];
        for (shape, sheet) in shapes.iter().filter_map(|(name, s)| Some((name, s.as_ref()?))) {
            let stem = format!("{edition}-{shape}");
            for (end, bytes, files) in
                [("rtf", sheet.rtf(), &mut texts), ("xlsx", sheet.xlsx(), &mut books)]
            {
                let path = dir.path().join(format!("{stem}.{end}"));
                std::fs::write(&path, bytes).unwrap();
                files.push(path);
            }
            expected.push((stem, parse(page.as_bytes())));
        }
    }
    let word = "Rich Text Format";
    let excel = "Calc MS Excel 2007 XML";
    let runs = [
        (word, "odt", "odt:writer8", &texts),
        (word, "docx", "docx", &texts),
        (word, "doc", "doc:MS Word 97", &texts),
        (excel, "ods", "ods", &books),
        (excel, "xls", "xls:MS Excel 97", &books),
    ];
    let (mut right, mut all) = (0, 0);
    for (filter, end, to, files) in runs {
        if !convert(dir.path(), filter, to, files) {
            return;
        }
        for (stem, expected) in &expected {
            let report = parse_file(&dir.path().join(stem).with_extension(end));
            let found = cells(&report);
            let wrong: Vec<_> =
                cells(expected).into_iter().filter(|cell| !found.contains(cell)).collect();
            all += expected.cells.len();
            right += expected.cells.len() - wrong.len();
            if !wrong.is_empty() {
                println!("{stem}.{end}: {} cells, {:?}", wrong.len(), wrong[0]);
                assert!(!report.findings.is_empty(), "{stem}.{end}: {wrong:?} and no finding");
            }
        }
    }
    println!("{right} of {all} cells");
    assert!(all > 9_000 && (all - right) * 200 <= all, "{right} of {all} cells are right");
}

#[test]
fn a_table_cut_in_two_under_a_repeated_header_is_one_table() {
    for (edition, page) in pages() {
        compare(&page, &Sheet::of_page(&page).cut(3), edition);
    }
}

#[test]
fn a_sheet_keeps_digits_names_and_places() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("行政事业").unwrap();
    for (row, (label, amount)) in
        [("信息内容", None), ("行政事业性收费", Some(59237.2449))].iter().enumerate()
    {
        sheet.write_string(row as u32 + 4, 1, *label).unwrap();
        match amount {
            Some(amount) => sheet.write_number(row as u32 + 4, 2, *amount).unwrap(),
            None => sheet.write_string(row as u32 + 4, 2, "本年收费金额（单位：万元）").unwrap(),
        };
    }
    let hidden = book.add_worksheet();
    hidden.write_string(0, 0, "规章").unwrap();
    hidden.write_number(0, 1, 7).unwrap();
    hidden.set_hidden(true);
    let report = parse(&book.save_to_buffer().unwrap());
    let there: Vec<_> = report.cells.iter().filter(|c| c.raw.is_some()).collect();
    assert_eq!(there.len(), 1, "{there:?}");
    assert_eq!(there[0].raw.as_deref(), Some("59237.2449"));
    let at = there[0].at.as_ref().unwrap();
    assert_eq!((at.sheet.as_deref(), at.row, at.column), (Some("行政事业"), Some(6), Some(3)));
}

/// One sentence, and no more than a few seconds.
fn refused(bytes: &[u8]) -> Unreadable {
    let error = read(bytes).expect_err("it is refused");
    let said = error.to_string();
    assert!(!said.is_empty() && !said.contains('\n') && !said.contains("parse."), "{said}");
    error
}

fn docx(body: &str) -> Vec<u8> {
    package(&[("word/document.xml", body)])
}

#[test]
fn bombs_and_depths_are_refused_in_a_sentence() {
    let bomb = format!("<w:document>{}</w:document>", " ".repeat(65 << 20));
    assert!(matches!(refused(&docx(&bomb)), Unreadable::TooLarge));
    let sheets = [("xl/workbook.xml", "<workbook/>"), ("xl/worksheets/sheet1.xml", &bomb)];
    assert!(matches!(refused(&package(&sheets)), Unreadable::TooLarge));
    let odt = "application/vnd.oasis.opendocument.text";
    let parts = [("mimetype", odt), ("content.xml", &bomb)];
    assert!(matches!(refused(&package(&parts)), Unreadable::TooLarge));
    let deep = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    assert!(matches!(refused(&docx(&deep)), Unreadable::TooDeep));
    let parts = [("mimetype", odt), ("content.xml", &deep)];
    assert!(matches!(refused(&package(&parts)), Unreadable::TooDeep));
    assert!(matches!(refused(b"{\\rtf1 {{{{"), Unreadable::Damaged(_)));
    let locked = [("META-INF/manifest.xml", "<m:encryption-data/>"), ("content.xml", "?")];
    let parts = [&[("mimetype", odt)], &locked[..]].concat();
    assert!(matches!(refused(&package(&parts)), Unreadable::Locked));
}

#[test]
fn spans_and_repeats_without_end_take_no_room() {
    let cell = |span: &str| {
        format!(
            "<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>"
        )
    };
    let row = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("1000000000"), cell("-3"));
    assert_eq!(read(&docx(&row)).unwrap().blocks.len(), 1);
    for kind in ["text", "spreadsheet"] {
        let media_type = format!("application/vnd.oasis.opendocument.{kind}");
        let far =
            "table:number-columns-repeated=\"1000000000\" table:number-rows-spanned=\"1000000000\"";
        let content = format!(
            "<o><table:table><table:table-row table:number-rows-repeated=\"1000000000\"><table:table-cell {far}><text:p>1<text:s text:c=\"1000000000\"/></text:p></table:table-cell></table:table-row></table:table></o>"
        );
        let parts = [("mimetype", media_type.as_str()), ("content.xml", &content)];
        assert!(read(&package(&parts)).is_ok());
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_number(0, 0, 1).unwrap().write_number(1_048_575, 16_383, 2).unwrap();
    assert_eq!(read(&book.save_to_buffer().unwrap()).unwrap().blocks.len(), 2);
}

#[test]
fn a_wrong_extension_or_kind_does_not_matter() {
    let [(_, page), ..] = pages();
    let sheet = Sheet::of_page(&page);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.txt");
    std::fs::write(&path, sheet.docx(false)).unwrap();
    assert_eq!(parse_file(&path).cells.len(), 200);
    // a part that is not what the names in the package promise
    assert!(matches!(refused(&docx("{\\rtf1 }")), Unreadable::Damaged(_)));
    assert!(matches!(refused(&docx("<w:document>")), Unreadable::Damaged(_)));
}

#[test]
fn damaged_files_are_read_or_refused() {
    let Some(corpus) = corpus() else { return };
    let mut random = common::synth::Random::new(7);
    for path in made(&corpus) {
        let whole = std::fs::read(&path).unwrap();
        for part in 0..20 {
            let _ = read(&whole[..whole.len() * part / 20]).map_err(|e| e.to_string());
        }
        for _ in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(20) {
                let at = random.below(bytes.len() as u64) as usize;
                bytes[at] ^= 1 << random.below(8);
            }
            let _ = read(&bytes).map_err(|e| e.to_string());
        }
    }
}
