//! Files that are not what they seem, all in one load: each costs itself alone and one sentence.

mod common;

use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use assert_cmd::Command;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Seconds and megabytes that a file may take here.
const LIMITS: [&str; 4] = ["--deadline", "30", "--memory", "512"];

/// A folder of hostile files.
struct Folder {
    root: PathBuf,
    count: usize,
}

impl Folder {
    fn put(&mut self, name: &str, bytes: &[u8]) {
        fs::write(self.root.join(name), bytes).unwrap();
        self.count += 1;
    }

    /// A document cut off at every twentieth, and with bytes flipped.
    fn damage(&mut self, path: &Path) {
        let bytes = fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (stem, extension) = name.rsplit_once('.').unwrap();
        for part in 1..20 {
            let end = bytes.len() * part / 20;
            self.put(&format!("{stem}-{part:02}.{extension}"), &bytes[..end]);
        }
        for seed in 1..=3usize {
            let mut flipped = bytes.clone();
            for i in 0..16 {
                let at = (seed * 7_919 + i * 104_729) % flipped.len();
                flipped[at] ^= 1 << (i % 8);
            }
            self.put(&format!("{stem}-flipped{seed}.{extension}"), &flipped);
        }
    }
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn word(body: &str) -> Vec<u8> {
    const NS: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let xml = format!("<w:document xmlns:w=\"{NS}\"><w:body>{body}</w:body></w:document>");
    package(&[("word/document.xml", xml.as_bytes())])
}

/// A workbook with one cell at a place, by its own parts: the program's writer refuses such.
fn sheet(cell: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const DOC: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{DOC}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let of_workbook = format!(
        "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{DOC}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let of_package = format!(
        "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{DOC}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let rows = format!(
        "<worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>{cell}</sheetData></worksheet>"
    );
    package(&[
        ("_rels/.rels", of_package.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", of_workbook.as_bytes()),
        ("xl/worksheets/sheet1.xml", rows.as_bytes()),
    ])
}

/// A PDF of these objects, the first of them its catalog.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", i + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    out
}

/// A page that draws a form which draws itself, and a stream of a gigabyte of nothing.
fn evil_pages() -> [Vec<u8>; 2] {
    let text = |s: &str| s.as_bytes().to_vec();
    let stream = |dict: &str, data: &[u8]| {
        let head = format!("<<{dict}/Length {}>>stream\n", data.len());
        [head.as_bytes(), data, b"\nendstream"].concat()
    };
    let catalog = || text("<</Type/Catalog/Pages 2 0 R>>");
    let pages = || text("<</Type/Pages/Kids[3 0 R]/Count 1>>");
    let page = |resources: &str| {
        text(&format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<{resources}>>>>"
        ))
    };
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</F 5 0 R>>>>";
    let itself = pdf(&[
        catalog(),
        pages(),
        page("/XObject<</F 5 0 R>>"),
        stream("", b"/F Do"),
        stream(form, b"/F Do /F Do /F Do"),
    ]);
    let bomb =
        pdf(&[catalog(), pages(), page(""), stream("/Filter/FlateDecode", &deflated(1 << 30))]);
    [itself, bomb]
}

/// So many blanks, as zlib packs them.
fn deflated(bytes: usize) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file("x", SimpleFileOptions::default().large_file(true)).unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..bytes >> 20 {
        out.write_all(&block).unwrap();
    }
    let zip = out.finish().unwrap().into_inner();
    let mut archive = zip::ZipArchive::new(Cursor::new(&zip)).unwrap();
    let file = archive.by_index_raw(0).unwrap();
    let (start, size) = (file.data_start().unwrap() as usize, file.compressed_size() as usize);
    // the two bytes that zlib has before; its sum at the end is wrong, as befits it
    [&[0x78, 0x9C], &zip[start..start + size], &[0; 4]].concat()
}

fn fill(folder: &mut Folder) {
    folder.put("empty.docx", b"");
    folder.put("blank.txt", b" \n\n ");
    folder.put("picture.pdf", b"\x89PNG\r\n\x1a\n0000");
    folder.put("page.docx", "<html><p>一、总体情况</html>".as_bytes());
    folder.put("zip.pdf", &package(&[("a.txt", b"1")]));
    folder.put("text.xlsx", "总体情况".as_bytes());
    folder.put("rar.rar", b"Rar!\x1a\x07\x01\x00");
    folder.put("seven.7z", b"7z\xBC\xAF\x27\x1C\x00\x04");
    folder.put("database.doc", b"SQLite format 3\0");
    folder.put("nested.html", "<div>".repeat(100_000).as_bytes());
    folder.put("tables.html", "<table><tr><td>".repeat(1_500).as_bytes());
    folder
        .put("spans.html", b"<table><tr><td colspan=1000000000 rowspan=1000000000>1<td>2</table>");
    folder.put("large.html", &vec![b'<'; 8 << 20]);
    folder.put("nested.docx", &word(&"<w:tbl><w:tr><w:tc>".repeat(100_000)));
    folder.put("spans.docx", &word("<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"1000000000\"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"));
    folder.put(
        "entities.docx",
        &package(&[(
            "word/document.xml",
            b"<!DOCTYPE a [<!ENTITY b \"cccccccc\"><!ENTITY d \"&b;&b;&b;\">]><a>&d;&d;</a>",
        )]),
    );
    folder.put("bomb.docx", &package(&[("word/document.xml", &vec![b' '; 300 << 20])]));
    folder.put("corner.xlsx", &sheet("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>"));
    folder.put(
        "beyond.xlsx",
        &sheet("<row r=\"4294967295\"><c r=\"ZZZZZZ4294967295\"><v>1</v></c></row>"),
    );
    folder.put("mime.odt", &package(&[("mimetype", b"application/vnd.oasis.opendocument.text")]));
    folder.put("repeated.ods", &package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"<a xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\"><table:table><table:table-row table:number-rows-repeated=\"1000000000\"><table:table-cell table:number-columns-repeated=\"1000000000\"/></table:table-row></table:table></a>"),
    ]));
    let locked = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    folder.put("locked.docx", &[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &locked].concat());
    folder.put("nested.rtf", format!("{{\\rtf1{}", "{".repeat(100_000)).as_bytes());
    folder.put("OFD.ofd", &package(&[("OFD.xml", b"<ofd:OFD><ofd:DocBody><ofd:DocRoot>/../../../etc/passwd</ofd:DocRoot></ofd:DocBody></ofd:OFD>")]));
    folder.put(
        "saved.mht",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"x\"\n\n--x\n",
    );
    let [itself, bomb] = evil_pages();
    folder.put("itself.pdf", &itself);
    folder.put("flate.pdf", &bomb);
    folder.put("locked.pdf", &pdf(&[b"<</Type/Catalog/Encrypt 9 0 R>>".to_vec()]));
    folder.put("torn.zip", b"PK\x03\x04\x14\0\0\0");
    folder.put("bomb.zip", &package(&[("bomb.txt", &vec![b' '; 100 << 20])]));
    folder.put("a\nb.docx", b"PK\x03\x04");
    let sparse = File::create(folder.root.join("sparse.html")).unwrap();
    sparse.set_len(2 << 30).unwrap();
    folder.count += 1;
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt as _;
        let name = std::ffi::OsStr::from_bytes(b"\xFF\xFE.docx");
        fs::write(folder.root.join(name), b"PK\x03\x04").unwrap();
        folder.count += 1;
    }
}

#[test]
fn each_hostile_file_costs_itself_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = Folder { root: dir.path().join("reports"), count: 0 };
    fs::create_dir(&folder.root).unwrap();
    fill(&mut folder);
    if let Some(corpus) = common::corpus() {
        for name in ["docx", "doc", "xlsx", "xls", "ods", "libreoffice.pdf"] {
            folder.damage(&corpus.join("formats").join(format!("suqian-2023.{name}")));
        }
    }
    // good ones before, between and after
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let good = ["example-city-2024.txt", "example-city-2020.html", "example-city-2018.txt"];
    for (good, name) in good.iter().zip(["!.txt", "m.html", "~z.txt"]) {
        fs::copy(example.join(good), folder.root.join(name)).unwrap();
    }
    // one in an archive that would climb out of it
    let text = fs::read(example.join("example-city-2016.html")).unwrap();
    let climbing = package(&[("../../climbing.html", &text)]);
    fs::write(folder.root.join("n.zip"), climbing).unwrap();

    let since = Instant::now();
    let mut command = Command::cargo_bin("nianbao").unwrap();
    command.current_dir(dir.path()).args(["--lang", "en", "--db", "x.db", "load", "reports"]);
    command.args(["--format", "csv", "--failures", "failures.csv"]).args(LIMITS);
    let out = command.output().unwrap();
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(1), "{told}");
    assert!(!told.contains("panicked") && !told.contains("RUST_BACKTRACE"), "{told}");
    // none beyond its deadline; most take a moment
    assert!(since.elapsed() < Duration::from_secs(30 * 6), "{:?}", since.elapsed());

    let mut failures = csv::Reader::from_path(dir.path().join("failures.csv")).unwrap();
    let failed: Vec<csv::StringRecord> = failures.records().map(Result::unwrap).collect();
    for failure in &failed {
        assert!(!failure[1].trim().is_empty() && !failure[1].contains('\n'), "{failure:?}");
    }
    assert!(failed.iter().any(|f| f[0].contains("bomb.docx") && &f[2] == "size"), "{told}");
    assert!(failed.iter().any(|f| f[0].contains("sparse.html") && &f[2] == "size"), "{told}");
    assert!(failed.iter().any(|f| f[0].contains("locked.docx") && &f[2] == "locked"), "{told}");
    let data = String::from_utf8_lossy(&out.stdout).into_owned();
    let counts: Vec<usize> =
        data.lines().last().unwrap().split(',').map(|n| n.parse().unwrap()).collect();
    // what was damaged in a place that does not matter may well be read
    assert_eq!(counts[0], folder.count + 4, "{data}");
    assert_eq!(counts[6], failed.len(), "{data}");
    assert!(!dir.path().join("climbing.html").exists());

    let rows = |sql: &str| {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        command.current_dir(dir.path()).args(["--db", "x.db", "sql", sql, "--format", "csv"]);
        let out = command.output().unwrap();
        String::from_utf8_lossy(&out.stdout).lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let loaded = rows("SELECT path FROM source ORDER BY path");
    for good in ["reports/!.txt", "reports/m.html", "reports/n.zip/climbing.html", "reports/~z.txt"]
    {
        assert!(loaded.iter().any(|path| path == good), "{good}: {loaded:?}");
    }
}
