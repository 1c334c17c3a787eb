//! What must hold of any input whatever: each function takes raw bytes, feeds them to one reader
//! and panics where the reader breaks its word. The fuzz targets in `fuzz/` call them with what the
//! fuzzer makes up, `tests/seeds.rs` with what it once found.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use nianbao::export::{Format, Options};
use nianbao::form::{CellKind, Form, Forms, fen, fold_label, fold_text, read_cell};
use nianbao::lang::Lang;
use nianbao::load::{Hands, Job, Loader, input, region_record};
use nianbao::parse::{Hints, Parser};
use nianbao::query::catalog::Catalog;
use nianbao::query::{Limits, Params, run};
use nianbao::reader::document::{Block, Document};
use nianbao::reader::{Kind, read};
use nianbao::region::{Code, Context, Regions};
use nianbao::report::{Place, Report, State};
use nianbao::store::{Store, open_read_only};
use rusqlite::Connection;

static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);
static HANDS: LazyLock<Hands<'static>> =
    LazyLock::new(|| Hands::here(Parser::new(&FORMS, Regions::builtin())));

/// A check by the name of its target.
pub type Check = fn(&[u8]);

/// Every check with the name of its fuzz target.
pub const ALL: [(&str, Check); 17] = [
    ("doc", office),
    ("docx", docx),
    ("form", form),
    ("html", html),
    ("json", json),
    ("mht", mht),
    ("number", number),
    ("odf", odf),
    ("ofd", office),
    ("pdf", office),
    ("query", query),
    ("region", region),
    ("report", report),
    ("rtf", rtf),
    ("sheet", sheet),
    ("sql", sql),
    ("text", text),
];

/// The reader of plain text: what it gives stands where it says.
pub fn text(data: &[u8]) {
    let text = String::from_utf8_lossy(data).replace(['<', '\0'], "");
    if Kind::of(text.as_bytes()) != Kind::Text {
        return;
    }
    let Ok(doc) = read(text.as_bytes()) else { return };
    document(&doc, &text);
    report(text.as_bytes());
}

/// The reader of pages.
pub fn html(data: &[u8]) {
    let text = format!("<html>{}", String::from_utf8_lossy(data)).replace('\0', "");
    let Ok(doc) = read(text.as_bytes()) else { return };
    document(&doc, &text);
    report(text.as_bytes());
}

/// The body of Word's packages.
pub fn docx(data: &[u8]) {
    office(&package(&[("word/document.xml", data)]));
}

/// The content of OpenDocument: a text and a spreadsheet.
pub fn odf(data: &[u8]) {
    for kind in ["text", "spreadsheet"] {
        let media_type = format!("application/vnd.oasis.opendocument.{kind}");
        office(&package(&[("mimetype", media_type.as_bytes()), ("content.xml", data)]));
    }
}

/// A sheet of a workbook of XML; what is a compound file, a workbook of records.
pub fn sheet(data: &[u8]) {
    if data.starts_with(b"\xD0\xCF") {
        return office(data);
    }
    let book = b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"1\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>";
    let links = b"<Relationships><Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    office(&package(&[
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links),
        ("xl/worksheets/sheet1.xml", data),
    ]));
}

/// Rich text.
pub fn rtf(data: &[u8]) {
    office(&[b"{\\rtf1\\ansicpg936 ", data, b"}"].concat());
}

/// Pages saved into one file.
pub fn mht(data: &[u8]) {
    office(&[b"MIME-Version: 1.0\r\n", data].concat());
}

/// A zip file of these parts.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        let options = options.compression_method(zip::CompressionMethod::Stored);
        zip.start_file(*name, options).expect("a new name");
        zip.write_all(content).expect("memory takes all");
    }
    zip.finish().expect("memory takes all").into_inner()
}

/// A document of any office format, or of pages: it reads as a document whose places count from 1, and twice
/// the same, or is told to be none.
pub fn office(data: &[u8]) {
    let Ok(doc) = read(data) else { return };
    blocks(&doc, |_, place| counted(place));
    let report =
        HANDS.parser.parse(data, "seed", &Hints::default()).expect("what is read is parsed");
    sound(&report, &FORMS, counted);
    let again = HANDS.parser.parse(data, "seed", &Hints::default());
    assert_eq!(again.ok().as_ref(), Some(&report), "the same bytes give another report");
    round_trip(&report);
}

/// The whole way from bytes to report: encoding, reader, matcher, body.
pub fn report(data: &[u8]) {
    if !matches!(Kind::of(data), Kind::Text | Kind::Html) {
        return office(data);
    }
    let Ok(report) = HANDS.parser.parse(data, "seed", &Hints::default()) else { return };
    let decoded = decode(data, report.source.encoding.as_deref());
    sound(&report, &FORMS, |place| inside(place, &decoded));
    let again = HANDS.parser.parse(data, "seed", &Hints::default());
    assert_eq!(again.ok().as_ref(), Some(&report), "the same bytes give another report");
    round_trip(&report);
    for section in &report.sections {
        let _ = nianbao::narrative::processing_fee(&section.text);
    }
}

/// A parsed report from elsewhere, through to the store.
pub fn json(data: &[u8]) {
    let Ok((report, _)) = HANDS.parse(&input("seed", data), &Hints::default()) else { return };
    round_trip(&report);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("seed.json");
    std::fs::write(&path, data).expect("a temporary file");
    let database = dir.path().join("seed.db");
    std::fs::write(&database, &*EMPTY).expect("a temporary file");
    let mut store = Store::open(&database, &FORMS).expect("it is a store");
    let jobs = [job(&path.to_string_lossy())];
    let (regions, stop) = (Regions::builtin(), AtomicBool::new(false));
    let loader = Loader { forms: &FORMS, regions, hands: &HANDS, threads: 1, stop: &stop };
    let mut told = 0;
    loader
        .run(&jobs, Some(&mut store), None, |_, _| told += 1)
        .expect("a file may fail, not the load");
    assert_eq!(told, 1);
}

/// The file of a store that knows the regions and no report.
static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("empty.db");
    let mut store = Store::open(&path, &FORMS).expect("a new file");
    let regions: Vec<_> = Regions::builtin().iter().map(region_record).collect();
    store.put_regions(regions.iter()).expect("they are sound");
    store.close().expect("it closes");
    std::fs::read(&path).expect("it is there")
});

/// The reader of numbers. The first byte chooses what the form expects.
pub fn number(data: &[u8]) {
    let Some((kind, raw)) = data.split_first() else { return };
    let kind = [CellKind::Count, CellKind::Signed, CellKind::Money][usize::from(*kind) % 3];
    let raw = String::from_utf8_lossy(raw);
    let reading = read_cell(&raw, kind);
    let numeric = matches!(reading.state, State::Number | State::Zero);
    assert_eq!(reading.value.is_some(), numeric, "{reading:?}");
    assert_ne!(reading.state, State::Missing);
    if let Some(value) = reading.value {
        assert_eq!(value.is_zero(), reading.state == State::Zero, "{reading:?}");
        let printed = format!("{value}{}", reading.unit.as_deref().unwrap_or(""));
        assert_eq!(read_cell(&printed, kind), reading, "{raw:?} prints as {printed:?}");
        let _ = fen(value, reading.unit.as_deref());
    }
    let folded = fold_text(&raw);
    assert_eq!(read_cell(&folded, kind), reading, "{raw:?} folds to {folded:?}");
    let label = fold_label(&raw);
    assert!(label.chars().all(char::is_alphanumeric), "{raw:?} is known as {label:?}");
}

/// Names of regions and bodies: the year, the name and, on a second line, a region.
pub fn region(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    let (year, name, near) = (lines.next(), lines.next().unwrap_or(""), lines.next());
    let year: Option<i32> = year.and_then(|y| y.parse().ok());
    let regions = Regions::builtin();
    let found = regions.find(name, year.and_then(|y| u16::try_from(y).ok()));
    if let Ok(found) = found {
        assert!(regions.get(found.code).is_some());
        let by_code = regions.find(&found.code.to_string(), None).map(|r| r.code);
        assert_eq!(by_code, Ok(found.code), "{name:?}");
    }
    let region = near.and_then(|n| n.parse::<Code>().ok());
    let mentions: Vec<&str> = near.into_iter().collect();
    let context = Context { region, year, mentions: &mentions };
    let Some(organ) = regions.resolve(name, context) else { return };
    assert!(!organ.name.is_empty());
    for code in [organ.region_code, organ.township_code].into_iter().flatten() {
        assert!(regions.get(code).is_some(), "{name:?}: {code}");
    }
    // the store resolves the name it is given once more: it must be the same body
    let known = Context { region: organ.region_code, year, mentions: &[] };
    let again = regions.resolve(&organ.name, known);
    if organ.is_placed() {
        assert_eq!(again.map(|o| o.key()), Some(organ.key()), "{name:?}: {}", organ.name);
    }
    assert!(regions.same_body(name, name) || regions.resolve(name, Context::default()).is_none());
}

/// A form definition of a user: refused in a sentence, or as good as the official ones.
pub fn form(data: &[u8]) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("seed.toml"), data).expect("a temporary file");
    let Ok(forms) = Forms::builtin().with_dir(dir.path()) else { return };
    let parser = Parser::new(&forms, Regions::builtin());
    for seed in DOCUMENTS {
        let Ok(report) = parser.parse(seed.as_bytes(), "seed", &Hints::default()) else { continue };
        sound(&report, &forms, |place| inside(place, seed));
    }
    for table in forms.iter().flat_map(|form| &form.tables) {
        nianbao::form::imply(table, |_, _| (State::Zero, Some(0.into())));
        nianbao::form::imply(table, |_, _| (State::Blank, None));
    }
    // a relation of the store's own may have other columns: an error, no panic
    let _ = Store::in_memory(&forms);
}

/// Two short reports that a form definition must stand.
const DOCUMENTS: [&str; 2] = [
    "规章 | 0 | 0 | 0 |\n行政许可 | 4 |\n一、本年新收政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n",
    "<table><tr><td>行政许可<td>4<tr><td>结果维持<td>1<td>0</table>",
];

/// A query file of a user: refused with its line, or run under guard.
pub fn query(data: &[u8]) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("seed.sql"), data).expect("a temporary file");
    let catalog = Catalog::load(Some(dir.path())).expect("a folder");
    let Ok(query) = catalog.get("seed") else { return };
    let Ok(params) = query.params(&Default::default()) else { return };
    guarded(|conn| {
        if let Ok(table) = query.run(conn, &params, &LIMITS, Lang::En) {
            print(&table);
        }
    });
}

/// A statement somebody typed: no panic, no write, no trace on the connection.
pub fn sql(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    guarded(|conn| match run(conn, &text, &Params::new(), &LIMITS) {
        Ok(table) => print(&table),
        Err(error) => assert!(!error.to_string().is_empty()),
    });
}

const LIMITS: Limits =
    Limits { timeout: Some(Duration::from_millis(200)), max_rows: Some(100), max_bytes: 1 << 20 };

/// A database of one report; its file is compared after each statement.
struct Kept {
    _dir: tempfile::TempDir,
    conn: Connection,
    path: std::path::PathBuf,
    bytes: Vec<u8>,
}

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("kept.db");
    let source = dir.path().join("seed.txt");
    std::fs::write(&source, "宿迁市教育局2023年政府信息公开工作年度报告\n行政许可 | 4 |\n")
        .expect("a temporary file");
    std::fs::write(&path, &*EMPTY).expect("a temporary file");
    let mut store = Store::open(&path, &FORMS).expect("it is a store");
    let (regions, stop) = (Regions::builtin(), AtomicBool::new(false));
    let loader = Loader { forms: &FORMS, regions, hands: &HANDS, threads: 1, stop: &stop };
    loader
        .run(&[job(&source.to_string_lossy())], Some(&mut store), None, |_, _| ())
        .expect("it loads");
    store.close().expect("it closes");
    std::fs::remove_file(source).expect("it is there");
    assert!(open_read_only(&path).is_ok());
    // writable, so that only the guard stands between a statement and the file
    let conn = Connection::open(&path).expect("it is there");
    let bytes = std::fs::read(&path).expect("it is there");
    Mutex::new(Kept { _dir: dir, conn, path, bytes })
});

/// Runs something that may only read, and looks whether it did more.
fn guarded(what: impl FnOnce(&mut Connection)) {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let changes = kept.conn.total_changes();
    what(&mut kept.conn);
    assert_eq!(kept.conn.total_changes(), changes, "rows were changed");
    assert!(kept.conn.is_autocommit(), "a transaction stays open");
    let one = |sql: &str| kept.conn.query_row(sql, [], |r| r.get::<_, i64>(0)).expect("it reads");
    assert_eq!(one("SELECT count(*) FROM pragma_database_list WHERE name <> 'temp'"), 1);
    assert_eq!(one("SELECT count(*) FROM temp.sqlite_master"), 0);
    assert_eq!(one("PRAGMA query_only"), 0);
    assert!(std::fs::read(&kept.path).expect("it is there") == kept.bytes, "the file was written");
    let files = std::fs::read_dir(kept.path.parent().unwrap_or(Path::new("."))).expect("a folder");
    assert_eq!(files.count(), 1, "a file was left behind");
}

/// Every format takes every answer.
fn print(table: &nianbao::table::Table) {
    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    assert!(table.rows.len() <= LIMITS.max_rows.unwrap_or(usize::MAX));
    for format in
        [Format::Table, Format::Csv, Format::Tsv, Format::Json, Format::Ndjson, Format::Markdown]
    {
        let mut out = Vec::new();
        format.write(table, &mut out, &Options::default()).expect("a vector takes all");
        let text = String::from_utf8(out).expect("every format is UTF-8");
        if format == Format::Json {
            serde_json::from_str::<serde_json::Value>(&text).expect("JSON is JSON");
        }
    }
}

fn job(path: &str) -> Job {
    Job::new(path.to_owned(), Hints::default())
}

/// The text behind a report, as its encoding decodes it.
fn decode(data: &[u8], encoding: Option<&str>) -> String {
    let label = encoding.expect("a document read has an encoding");
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a known encoding");
    let mark = encoding_rs::Encoding::for_bom(data).map_or(0, |(_, length)| length);
    encoding.decode_without_bom_handling(&data[mark..]).0.into_owned()
}

/// A report written as JSON is read as the same report.
fn round_trip(report: &Report) {
    let bytes = serde_json::to_vec(report).expect("a report is JSON");
    let again = HANDS.parse(&input("seed", &bytes), &Hints::default());
    let (again, _) = again.expect("a report is read back");
    // messages are written in one language only
    assert_eq!(serde_json::to_vec(&again).expect("a report is JSON"), bytes);
}

/// A report holds what its edition's form demands, and only what its source can say.
fn sound(report: &Report, forms: &Forms, stands: impl Fn(&Place)) {
    let form = report.edition.as_ref().map(|e| forms.get(e).expect("its edition is a form"));
    for cell in &report.cells {
        let home = cell.edition.as_ref().map_or(form, |e| forms.get(e));
        let known = home.and_then(|f| f.table(&cell.table)?.cell(&cell.row, &cell.column));
        let def = known.unwrap_or_else(|| panic!("{} is no cell of the form", cell.name()));
        let number = matches!(cell.state, State::Number | State::Zero);
        assert_eq!(cell.value.is_some(), number, "{cell:?}");
        assert!(cell.value.is_none_or(|v| v.is_zero() == (cell.state == State::Zero)), "{cell:?}");
        match &cell.raw {
            None => assert_eq!((cell.state, &cell.at), (State::Missing, &None), "{cell:?}"),
            Some(raw) => {
                let reading = read_cell(raw, def.kind());
                assert_eq!((cell.state, cell.value), (reading.state, reading.value), "{cell:?}");
                stands(cell.at.as_ref().expect("what is printed stands somewhere"));
            }
        }
    }
    let own = report.cells.iter().filter(|c| c.edition.is_none());
    let names = |form: &Form| -> Vec<String> {
        let name = |c: nianbao::form::CellDef<'_>| {
            format!("{}/{}/{}", c.table.key, c.row.key, c.column.key)
        };
        form.cells().map(name).collect()
    };
    let expected = form.map(names).unwrap_or_default();
    assert!(own.map(nianbao::report::Cell::name).eq(expected), "not the cells of the form");
    let foreign = report.cells.iter().filter_map(|c| Some((c.edition.as_ref()?, c.name())));
    let all = foreign.clone().count();
    assert_eq!(foreign.collect::<BTreeSet<_>>().len(), all, "a foreign cell stands twice");
    if let Some(date) = &report.published {
        let digits = |range: std::ops::Range<usize>| {
            let part = date.get(range).and_then(|d| d.parse::<u32>().ok());
            part.unwrap_or_else(|| panic!("{date} is no date"))
        };
        assert_eq!(date.len(), 10, "{date}");
        let (year, month, day) = (digits(0..4), digits(5..7), digits(8..10));
        assert!(year > 1900 && (1..=12).contains(&month) && (1..=31).contains(&day), "{date}");
    }
    let regions = Regions::builtin();
    for code in [&report.region_code, &report.township_code].into_iter().flatten() {
        assert!(code.parse().is_ok_and(|c| regions.get(c).is_some()), "no region {code}");
    }
}

/// A place points into the source.
fn inside(place: &Place, source: &str) {
    let lines = source.chars().filter(|c| matches!(c, '\n' | '\r')).count() as u32 + 1;
    let line = place.line.expect("text has lines");
    assert!((1..=lines).contains(&line), "line {line} of {lines}");
    if let Some(offset) = place.offset {
        let before: Vec<char> = source.chars().take(offset as usize).collect();
        assert_eq!(before.len(), offset as usize, "offset {offset} lies behind the end");
        let line_of_offset = before.iter().filter(|c| **c == '\n').count() as u32 + 1;
        assert_eq!(line_of_offset, line, "offset {offset} is on another line");
    }
    counted(place);
}

/// What a place counts, it counts from 1.
fn counted(place: &Place) {
    let counts = [place.line, place.page, place.table, place.row, place.column];
    assert!(counts.into_iter().flatten().all(|n| n > 0), "{place:?}");
}

/// A document as read: nothing empty, nothing out of place, nothing out of order.
fn document(doc: &Document, source: &str) {
    let characters: Vec<char> = source.chars().collect();
    let stands = |text: &str, place: &Place| {
        let (Some(first), Some(offset)) = (text.chars().next(), place.offset) else { return };
        let there = characters.get(offset as usize).copied();
        assert!(there == Some(first) || there == Some('#'), "{text:?} does not stand at {place:?}");
    };
    // a document is long and its places are many: the whole check for the first of them
    let mut places = 0;
    let mut check = |text: &str, place: &Place| {
        places += 1;
        if places <= 64 {
            inside(place, source);
        }
        stands(text, place);
    };
    blocks(doc, |text, place| check(text, place));
}

/// Looks at every text of a document: none is blank at its ends, no row is out of order.
fn blocks(doc: &Document, mut check: impl FnMut(&str, &Place)) {
    for block in &doc.blocks {
        match block {
            Block::Paragraph(p) => {
                assert!(!p.text.is_empty() && p.text.trim() == p.text, "{:?}", p.text);
                check(&p.text, &p.place);
            }
            Block::Grid(grid) => {
                for row in &grid.rows {
                    let xs: Vec<_> = row.iter().filter_map(|c| c.x).collect();
                    assert!(xs.is_sorted(), "{xs:?}");
                    for cell in row {
                        assert_eq!(cell.text.trim(), cell.text);
                        check(&cell.text, &cell.place);
                    }
                }
            }
        }
    }
}
