//! How text looks inside a cell, in every format that has looks: the mark of a note is no digit of
//! the figure before it, what is hidden, deleted or struck out is none either, and two lines are two
//! figures. And what is no text at all: pictures of pages.

mod common;

use std::path::Path;
use std::sync::LazyLock;

use common::office::package;
use common::soffice::{convert_file, has_office};
use nianbao::form::Forms;
use nianbao::parse::{Hints, Parser};
use nianbao::reader::{Unreadable, read};
use nianbao::region::Regions;
use nianbao::report::{Report, State};

/// A piece of a cell: its look and its text.
type Piece<'p> = (Look, &'p str);

/// Writes a document with a cell.
type Write = fn(&[Piece<'_>]) -> Vec<u8>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Raised,
    Lowered,
    Hidden,
    Struck,
    /// A paragraph of its own.
    Next,
}

use Look::{Hidden, Lowered, Next, Plain, Raised, Struck};

const TITLE: &str = "示范市2023年政府信息公开工作年度报告";
const HEADING: &str = "二、主动公开政府信息情况";
const ROWS: [[&str; 4]; 2] = [
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["行政规范性文件", "@", "489", "597"],
];

/// The rows of the table in the words of a format, the cell in question in its place.
fn rows(cell: &str, of_text: impl Fn(&str) -> String, row: impl Fn(&[String]) -> String) -> String {
    let text = |text: &&str| if *text == "@" { cell.to_owned() } else { of_text(text) };
    ROWS.iter().map(|cells| row(&cells.iter().map(text).collect::<Vec<String>>())).collect()
}

fn html(cell: &[Piece<'_>]) -> Vec<u8> {
    let piece = |(look, text): &Piece<'_>| match look {
        Plain => (*text).to_owned(),
        Raised => format!("<sup>{text}</sup>"),
        Lowered => format!("<span style='vertical-align: sub'>{text}</span>"),
        Hidden => format!("<span style='display:none'>{text}</span>"),
        Struck => format!("<del>{text}</del>"),
        Next => format!("<p>{text}</p>"),
    };
    let cell: String = cell.iter().map(piece).collect();
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        format!("<tr>{}</tr>\n", cells.concat())
    };
    let rows = rows(&cell, str::to_owned, row);
    format!("<html><body><h1>{TITLE}</h1><p>{HEADING}</p><table>{rows}</table></body></html>")
        .into_bytes()
}

fn docx(cell: &[Piece<'_>]) -> Vec<u8> {
    let run =
        |look: &str, text: &str| format!("<w:r><w:rPr>{look}<w:b/></w:rPr><w:t>{text}</w:t></w:r>");
    let piece = |(look, text): &Piece<'_>| match look {
        Plain => run("", text),
        Raised => run("<w:vertAlign w:val=\"superscript\"/>", text),
        // by a style that builds on another
        Lowered => run("<w:rStyle w:val=\"mark\"/>", text),
        Hidden => run("<w:vanish/>", text),
        Struck => run("<w:strike/>", text),
        Next => format!("</w:p><w:p>{}", run("<w:strike w:val=\"0\"/>", text)),
    };
    let paragraph = |runs: &str| format!("<w:p>{runs}</w:p>");
    let cell = paragraph(&cell.iter().map(piece).collect::<String>());
    let row = |cells: &[String]| {
        let width = "<w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/></w:tcPr>";
        let cells: Vec<String> =
            cells.iter().map(|cell| format!("<w:tc>{width}{cell}</w:tc>")).collect();
        format!("<w:tr>{}</w:tr>", cells.concat())
    };
    let rows = rows(&cell, |text| paragraph(&run("", text)), row);
    let grid = "<w:gridCol w:w=\"2000\"/>".repeat(4);
    let side = |name: &str| format!("<w:{name} w:val=\"single\" w:sz=\"4\"/>");
    let sides = ["top", "left", "bottom", "right", "insideH", "insideV"].map(side).concat();
    let names = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let body = format!(
        "<w:document {names}><w:body>{}{}<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders>\
         </w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p/></w:body></w:document>",
        paragraph(&run("", TITLE)),
        paragraph(&run("", HEADING)),
    );
    let styles = format!(
        "<w:styles {names}><w:style w:type=\"character\" w:styleId=\"note\"><w:name w:val=\"note\"/>\
         <w:rPr><w:vertAlign w:val=\"subscript\"/></w:rPr></w:style><w:style w:type=\"character\" \
         w:styleId=\"mark\"><w:name w:val=\"mark\"/><w:basedOn w:val=\"note\"/></w:style></w:styles>"
    );
    let types = "http://schemas.openxmlformats.org/package/2006/content-types";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{relations}\"><Relationship Id=\"{id}\" \
             Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let content = format!(
        "<Types xmlns=\"{types}\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{word}.document.main+xml\"/>\
         <Override PartName=\"/word/styles.xml\" ContentType=\"{word}.styles+xml\"/></Types>"
    );
    package(&[
        ("[Content_Types].xml", &content),
        ("_rels/.rels", &relation("a", "officeDocument", "word/document.xml")),
        ("word/_rels/document.xml.rels", &relation("b", "styles", "styles.xml")),
        ("word/document.xml", &body),
        ("word/styles.xml", &styles),
    ])
}

fn odt(cell: &[Piece<'_>]) -> Vec<u8> {
    let span = |style: &str, text: &str| {
        format!("<text:span text:style-name=\"{style}\">{text}</text:span>")
    };
    let piece = |(look, text): &Piece<'_>| match look {
        Plain => (*text).to_owned(),
        Raised => span("raised", text),
        Lowered => span("lowered", text),
        Hidden => span("hidden", text),
        Struck => span("struck", text),
        Next => format!("</text:p><text:p>{text}"),
    };
    let paragraph = |text: &str| format!("<text:p>{text}</text:p>");
    let cell = paragraph(&cell.iter().map(piece).collect::<String>());
    let row = |cells: &[String]| {
        let cell = |cell: &String| format!("<table:table-cell>{cell}</table:table-cell>");
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let rows = rows(&cell, paragraph, row);
    let style = |name: &str, look: &str| {
        format!("<style:style style:name=\"{name}\"><style:text-properties {look}/></style:style>")
    };
    let own = [
        style("hidden", "text:display=\"none\""),
        style("struck", "style:text-line-through-style=\"solid\""),
        style("lowered", "style:text-position=\"-33% 58%\""),
        "<style:style style:name=\"raised\" style:parent-style-name=\"note\"/>".to_owned(),
    ];
    let content = format!(
        "<o><office:automatic-styles>{}</office:automatic-styles><office:body>{}{}\
         <table:table>{rows}</table:table></office:body></o>",
        own.concat(),
        paragraph(TITLE),
        paragraph(HEADING),
    );
    let styles = format!("<o>{}</o>", style("note", "style:text-position=\"super 58%\""));
    let media_type = "application/vnd.oasis.opendocument.text";
    package(&[("mimetype", media_type), ("content.xml", &content), ("styles.xml", &styles)])
}

fn rtf(cell: &[Piece<'_>]) -> Vec<u8> {
    let coded = |text: &str| -> String {
        text.encode_utf16().map(|unit| format!("\\u{}?", unit.cast_signed())).collect()
    };
    let piece = |(look, text): &Piece<'_>| match look {
        Plain => coded(text),
        Raised => format!("{{\\super {}}}", coded(text)),
        Lowered => format!("{{\\dn6 {}}}", coded(text)),
        Hidden => format!("\\v {}\\v0 ", coded(text)),
        Struck => format!("\\strike {}\\strike0 ", coded(text)),
        Next => format!("\\par {}", coded(text)),
    };
    let cell: String = cell.iter().map(piece).collect();
    let row = |cells: &[String]| {
        let edges: String = (1..=4).map(|n| format!("\\cellx{}", 2000 * n)).collect();
        let cells: String = cells.iter().map(|cell| format!("\\intbl {cell}\\cell")).collect();
        format!("\\trowd{edges}\\pard{cells}\\row\n")
    };
    let rows = rows(&cell, coded, row);
    let (title, heading) = (coded(TITLE), coded(HEADING));
    format!("{{\\rtf1\\ansi {title}\\par {heading}\\par {rows}\\pard\\par}}").into_bytes()
}

fn xlsx(cell: &[Piece<'_>]) -> Vec<u8> {
    use rust_xlsxwriter::{Format, FormatBorder, FormatScript, Workbook};
    let format = Format::new;
    let (raised, lowered) = (FormatScript::Superscript, FormatScript::Subscript);
    let look = |piece: &Piece<'_>| match piece.0 {
        Raised => format().set_font_script(raised),
        Lowered => format().set_font_script(lowered),
        Struck => format().set_font_strikethrough(),
        Plain | Hidden | Next => format(),
    };
    let looks: Vec<Format> = cell.iter().map(look).collect();
    let texts = cell.iter().map(|(look, text)| match look {
        Next => format!("\n{text}"),
        _ => (*text).to_owned(),
    });
    let texts: Vec<String> = texts.collect();
    let pieces: Vec<(&Format, &str)> = looks.iter().zip(texts.iter().map(String::as_str)).collect();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let ruled = format().set_border(FormatBorder::Thin);
    sheet.write_string(0, 0, TITLE).unwrap().write_string(1, 0, HEADING).unwrap();
    for (y, row) in (2..).zip(ROWS) {
        for (x, text) in (0..).zip(row) {
            match text {
                "@" => sheet.write_rich_string_with_format(y, x, &pieces, &ruled).unwrap(),
                _ => sheet.write_string_with_format(y, x, text, &ruled).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn parse(bytes: &[u8]) -> Report {
    static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);
    static PARSER: LazyLock<Parser<'static>> =
        LazyLock::new(|| Parser::new(&FORMS, Regions::builtin()));
    PARSER.parse(bytes, "looks", &Hints::default()).unwrap()
}

/// What the cell in question says, what is read in it, and the rules of what is said of it or of the
/// file's looks. The cells beside it must be right.
fn told(bytes: &[u8], about: &str) -> (String, Option<String>, Vec<String>) {
    let report = parse(bytes);
    let cell = |column: &str| {
        let name = format!("disclosure/normative_documents/{column}");
        report.cells.iter().find(|c| c.name() == name).unwrap_or_else(|| panic!("{about}: {name}"))
    };
    for (column, value) in [("repealed", "489"), ("in_force", "597")] {
        assert_eq!(cell(column).value.map(|v| v.to_string()).as_deref(), Some(value), "{about}");
    }
    let rules = report.findings.iter().map(|f| f.rule.clone());
    let rules = rules.filter(|rule| rule == "not-a-number" || rule == "struck-out").collect();
    let cell = cell("issued");
    assert_eq!(cell.state == State::Text, cell.value.is_none(), "{about}");
    (cell.raw.clone().unwrap_or_default(), cell.value.map(|v| v.to_string()), rules)
}

/// Pieces of a cell, what it says, what is read in it, and what is said of it.
type Case =
    (&'static [Piece<'static>], &'static str, Option<&'static str>, &'static [&'static str]);

const CASES: [Case; 8] = [
    (&[(Plain, "109"), (Raised, "1")], "109¹", None, &["not-a-number"]),
    (&[(Plain, "109"), (Lowered, "2")], "109₂", None, &["not-a-number"]),
    (&[(Plain, "109①")], "109①", None, &["not-a-number"]),
    (&[(Hidden, "9"), (Plain, "109")], "109", Some("109"), &[]),
    (&[(Struck, "9"), (Plain, "109")], "109", Some("109"), &["struck-out"]),
    (&[(Plain, "109"), (Next, "5")], "109\n5", None, &["not-a-number"]),
    (&[(Plain, "99"), (Next, "100")], "99\n100", None, &["not-a-number"]),
    (&[(Plain, "1,"), (Next, "109")], "1, 109", Some("1109"), &[]),
];

fn hold(case: &Case, bytes: &[u8], about: &str) {
    let (_, raw, value, rules) = case;
    let (found, read, said) = told(bytes, about);
    assert_eq!(found, *raw, "{about}");
    assert_eq!(
        (read.as_deref(), said),
        (*value, rules.iter().map(|r| (*r).into()).collect()),
        "{about}"
    );
}

#[test]
fn marks_and_what_is_taken_back_are_no_digits() {
    let formats: [(&str, Write); 5] =
        [("html", html), ("docx", docx), ("odt", odt), ("rtf", rtf), ("xlsx", xlsx)];
    for case in &CASES {
        for (format, write) in formats {
            // a workbook hides cells, not parts of them, and makes nothing of one part
            let has_looks = case.0.len() > 1 && case.0.iter().all(|piece| piece.0 != Hidden);
            if format != "xlsx" || has_looks {
                hold(case, &write(case.0), &format!("{format} {:?}", case.0));
            }
        }
    }
}

/// The formats that LibreOffice writes, as it writes them.
#[test]
fn what_libreoffice_saves_has_the_same_looks() {
    if !has_office() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let saved = |bytes: Vec<u8>, from: &str, to: &str| {
        let path = dir.path().join(format!("made.{from}"));
        std::fs::write(&path, bytes).unwrap();
        std::fs::read(convert_file(&path, to, dir.path())).unwrap()
    };
    for case in &CASES[..6] {
        let about = |end: &str| format!("{end} {:?}", case.0);
        for end in ["doc", "odt", "rtf"] {
            hold(case, &saved(docx(case.0), "docx", end), &about(end));
        }
    }
    for case in [0, 1, 4].map(|n| &CASES[n]) {
        for end in ["xls", "ods"] {
            hold(case, &saved(xlsx(case.0), "xlsx", end), &format!("{end} {:?}", case.0));
        }
    }
    // a page has no more than where its characters stand
    for case in &CASES[..3] {
        hold(case, &saved(docx(case.0), "docx", "pdf"), &format!("pdf {:?}", case.0));
    }
}

#[test]
fn an_old_word_file_leaves_out_what_was_deleted() {
    if !has_office() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let plain = String::from_utf8(rtf(&[(Plain, "109")])).unwrap();
    let first = format!("\\u{}?", u32::from('1'));
    let cell = format!("\\intbl {first}");
    assert_eq!(plain.matches(&cell).count(), 1);
    let tracked = plain
        .replace("\\ansi ", "\\ansi{\\*\\revtbl{A;}}\\revisions ")
        .replace(&cell, &format!("\\intbl {{\\deleted\\revauthdel0 9}}{first}"));
    let path = dir.path().join("made.rtf");
    std::fs::write(&path, tracked).unwrap();
    let made = std::fs::read(convert_file(&path, "doc", dir.path())).unwrap();
    assert_eq!(told(&made, "doc"), ("109".into(), Some("109".into()), vec![]));
}

#[test]
fn hidden_rows_and_cells_of_a_page_are_left_out() {
    let page = String::from_utf8(html(&[(Plain, "109")])).unwrap();
    let row = "<tr hidden><td>行政规范性文件</td><td>1</td><td>2</td><td>3</td></tr></table>";
    let cell = "<td style='display:none'>7</td><td>489</td>";
    let changed = page.replace("</table>", row).replace("<td>489</td>", cell);
    assert_eq!(told(changed.as_bytes(), "hidden"), ("109".into(), Some("109".into()), vec![]));
    // what a script will show
    let tab = page.replace("<body>", "<body style='visibility:hidden'><div style='display:none'>");
    assert_eq!(told(tab.as_bytes(), "tab"), ("109".into(), Some("109".into()), vec![]));
}

#[test]
fn a_sheet_saved_with_commas_is_a_table() {
    let lines = [
        TITLE,
        HEADING,
        "第二十条第（一）项,,,",
        "信息内容,本年制发件数,本年废止件数,现行有效件数",
        "规章,2,0,11",
        "行政规范性文件,\"1,109\",489,597",
        "第二十条第（六）项,,,",
        "信息内容,本年处理决定数量,,",
        "行政处罚,2822652,,",
        "行政强制,20163,0,",
    ];
    let (raw, value, rules) = told(lines.join("\r\n").as_bytes(), "csv");
    assert_eq!((raw.as_str(), value.as_deref()), ("1,109", Some("1109")));
    assert!(rules.is_empty(), "{rules:?}");
    // thousands that nothing quotes
    let thousands = lines.join("\n").replace('"', "");
    let report = parse(thousands.as_bytes());
    let cell = report.cells.iter().find(|c| c.name() == "disclosure/normative_documents/issued");
    assert_eq!(cell.and_then(|c| c.value), None);
    let names_it = |cell: &String| cell.starts_with("disclosure/normative_documents");
    assert!(report.findings.iter().any(|f| f.cells.iter().any(names_it)), "{:?}", report.findings);
}

#[test]
fn figures_run_together_are_cut_with_a_word_of_it_only() {
    let head = ROWS[0].join("|");
    let text = |row: &str| format!("{TITLE}\n{HEADING}\n{head}\n规章|2|0|11\n{row}\n");
    let issued = |text: &str| {
        let report = parse(text.as_bytes());
        let cell =
            report.cells.iter().find(|c| c.name() == "disclosure/normative_documents/issued");
        let value = cell.and_then(|c| c.value).map(|v| v.to_string());
        let about = |cell: &String| cell.starts_with("disclosure/normative_documents");
        (value, report.findings.iter().any(|f| f.cells.iter().any(about)))
    };
    // no number begins with a 0
    assert_eq!(issued(&text("行政规范性文件012")), (Some("0".into()), false));
    assert_eq!(issued(&text("行政规范性文件120")), (Some("1".into()), true));
    for row in ["行政规范性文件,109", "行政规范性文件,109,489,597", "行政规范性文件109①"]
    {
        assert_eq!(issued(&text(row)), (None, true), "{row}");
    }
}

/// Nothing but a picture, in every format that can hold one.
fn pictures() -> [(&'static str, Vec<u8>); 4] {
    let drawing = "<w:p><w:r><w:drawing><a:blip r:embed=\"p\"/></w:drawing></w:r></w:p>";
    let image = "<text:p><draw:frame><draw:image xlink:href=\"p\"/></draw:frame></text:p>";
    let media_type = "application/vnd.oasis.opendocument.text";
    let content = format!("<o>{image}{image}</o>");
    [
        ("docx", package(&[("word/document.xml", &format!("<d>{drawing}{drawing}</d>"))])),
        ("odt", package(&[("mimetype", media_type), ("content.xml", &content)])),
        (
            "html",
            format!("<html><body><img src=a><h1>{TITLE}</h1><img src=b></body></html>")
                .into_bytes(),
        ),
        ("rtf", b"{\\rtf1{\\pict ff}{\\*\\shppict{\\pict ff}}{\\nonshppict{\\pict ff}}}".to_vec()),
    ]
}

#[test]
fn a_document_of_pictures_is_told_from_an_empty_one() {
    for (format, bytes) in pictures() {
        let error = read(&bytes).expect_err(format);
        assert!(matches!(error, Unreadable::Pictures(2)), "{format}: {error:?}");
        assert!(error.to_string().contains("--ocr"), "{error}");
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("scan.docx");
    std::fs::write(&path, &pictures()[0].1).unwrap();
    let cause = cause_of(dir.path());
    assert_eq!(cause, "no-text");
}

/// The cause by which the one file of a folder gives no report.
fn cause_of(folder: &Path) -> String {
    let list = folder.join("failures.csv");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["load", "--quiet", "--db"])
        .arg(folder.join("made.db"))
        .arg("--failures")
        .arg(&list)
        .arg(folder.join("scan.docx"))
        .output()
        .unwrap();
    let list = std::fs::read_to_string(&list)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    let mut lines = csv::Reader::from_reader(list.as_bytes());
    let place = lines.headers().unwrap().iter().position(|name| name == "cause").unwrap();
    lines.records().next().unwrap().unwrap()[place].to_owned()
}

#[test]
fn a_text_without_tables_says_that_its_pictures_were_not_read() {
    let page = |picture: &str| {
        let text = "一、总体情况".to_owned() + &"本年度工作有序推进。".repeat(9);
        format!("<html><body><h1>{TITLE}</h1><p>{text}</p>{picture}</body></html>")
    };
    let said = |html: &str| {
        let report = parse(html.as_bytes());
        let finding = report.findings.iter().find(|f| f.rule == "no-table").unwrap();
        finding.message.0.zh.contains("图片")
    };
    assert!(said(&page("<img src=a>")));
    assert!(!said(&page("")));
}
