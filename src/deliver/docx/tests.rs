use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::*;

fn sample(paper: Paper) -> Docx {
    let mut docx = Docx::new("表<一>", paper);
    docx.paragraph(&Paragraph::new(Look::Title, "汇总表"));
    let mut text = Text::from("共 ");
    text.push("3\n件", true);
    docx.paragraph(&Paragraph::new(Look::Text, text).aligned(Align::Right));
    docx.table(&Table {
        widths: vec![2, 1, 1],
        headings: 1,
        rows: vec![
            Row::of(vec![Cell::new("机关").over(1, 2), Cell::new("件数").over(2, 1)]),
            Row::of(vec![Cell::new("收"), Cell::new("办")]),
            Row { cells: vec![Cell::new("甲&<w:trHeight>")], height: Some(20) },
        ],
        look: None,
    });
    docx.page_break();
    docx.paragraph(&Paragraph::new(Look::Heading, "\u{1b}[31m\u{FFFE}\u{202E}乙"));
    docx
}

fn packed(docx: Docx) -> Vec<u8> {
    let mut bytes = Vec::new();
    docx.write(&mut bytes).expect("a vector takes all");
    bytes
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("it is a package");
    let mut text = String::new();
    zip.by_name(name).expect(name).read_to_string(&mut text).expect("it is text");
    text
}

#[test]
fn the_same_content_is_the_same_file_and_names_no_time() {
    let bytes = packed(sample(Paper::default()));
    assert_eq!(bytes, packed(sample(Paper::default())));
    let core = part(&bytes, "docProps/core.xml");
    assert!(
        core.contains("<dc:title>表&lt;一&gt;</dc:title>") && !core.contains("dcterms"),
        "{core}"
    );
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("it is a package");
    for at in 0..zip.len() {
        let entry = zip.by_index(at).expect("it is listed");
        assert_eq!(entry.last_modified(), Some(zip::DateTime::default()), "{:?}", entry.name());
    }
}

#[test]
fn cells_span_and_headings_are_repeated() {
    let xml = part(&packed(sample(Paper::default())), "word/document.xml");
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 1, "{xml}");
    assert!(!xml.contains(REPEATED), "{xml}");
    assert_eq!(xml.matches("<w:gridSpan w:val=\"2\" />").count(), 1);
    assert_eq!(xml.matches("<w:vMerge w:val=\"restart\" />").count(), 1);
    assert_eq!(xml.matches("<w:vMerge w:val=\"continue\" />").count(), 1);
    // every row has a cell in each column: 1 + a wide one, 3, 3
    assert_eq!(xml.matches("<w:tc>").count(), 8);
    assert!(xml.contains("<w:trHeight w:val=\"1134\" w:hRule=\"atLeast\" />"), "{xml}");
    // the columns together are as wide as the lines
    let widths = xml.split("<w:gridCol w:w=\"").skip(1);
    let widths: u32 =
        widths.map(|rest| rest.split('"').next().unwrap().parse::<u32>().unwrap()).sum();
    assert_eq!(widths, Paper::default().room());
}

#[test]
fn what_somebody_typed_is_text() {
    let xml = part(&packed(sample(Paper::default())), "word/document.xml");
    assert!(xml.contains("甲&amp;&lt;w:trHeight&gt;"), "{xml}");
    assert!(xml.contains("�[31m��乙"), "{xml}");
    assert!(xml.contains("<w:br w:type=\"textWrapping\" />"), "{xml}");
    assert_eq!(xml.matches("<w:pageBreakBefore />").count(), 1, "{xml}");
}

#[test]
fn paper_lies_across_and_is_numbered_where_asked() {
    let paper = Paper { landscape: true, numbered: true, ..Paper::default() };
    let bytes = packed(sample(paper));
    let xml = part(&bytes, "word/document.xml");
    assert!(xml.contains("<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\" />"), "{xml}");
    let foot = part(&bytes, "word/footer1.xml");
    assert!(
        foot.contains("<w:instrText>PAGE</w:instrText>") && foot.contains("NUMPAGES"),
        "{foot}"
    );
    assert!(xml.contains("<w:footerReference"), "{xml}");
}
