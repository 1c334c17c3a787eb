//! What a file is, told by its content: names and extensions lie too often.

use std::io::Cursor;

use rust_i18n::t;
use serde::{Deserialize, Serialize};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Text in any encoding.
    Text,
    /// A page.
    Html,
    /// A page with its pictures in one file, as browsers save it (RFC 2557).
    Mht,
    /// Word, as a package of XML (ECMA-376).
    Docx,
    /// Excel, as a package of XML (ECMA-376).
    Xlsx,
    /// A text of OpenDocument (ISO/IEC 26300).
    Odt,
    /// A spreadsheet of OpenDocument.
    Ods,
    /// GB/T 33190, the fixed layout of official documents.
    Ofd,
    /// Word 97 to 2003; WPS Writer writes it as well.
    Doc,
    /// Excel 97 to 2003; WPS Spreadsheets writes it as well.
    Xls,
    /// An office document that is locked by a password.
    Locked,
    /// Another compound file, of an office program not known here.
    Compound,
    /// Rich text.
    Rtf,
    /// Word or Excel 2003, as one XML file.
    FlatXml,
    /// PDF.
    Pdf,
    /// An archive of files.
    Zip,
    /// An archive that is not unpacked here.
    Rar,
    /// An archive that is not unpacked here.
    SevenZip,
    /// A picture, of a scan perhaps.
    Picture,
    /// A database of SQLite.
    Sqlite,
}

impl Kind {
    /// Tells what bytes are. What is nothing known is text, or a page if it has a page's tags.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Kind {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        let found = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind);
        match found {
            Some(Kind::Zip) => package(bytes),
            Some(Kind::Compound) => compound(bytes),
            Some(kind) => kind,
            // mail programs put a line of their own before the version
            None if is_pdf_after_junk(bytes) => Kind::Pdf,
            None if is_saved_page(bytes) => Kind::Mht,
            None => Kind::Text,
        }
    }

    /// The kind of document that a zip file is by the name of one of its files.
    #[must_use]
    pub fn of_part(name: &str) -> Option<Kind> {
        // the others begin with their media type
        let open_document = || (name == "content.xml").then_some(Kind::Odt);
        PARTS.iter().find(|(part, _)| *part == name).map(|(_, kind)| *kind).or_else(open_document)
    }

    /// Its word in the program's messages and in reports of failures.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Html => "html",
            Kind::Mht => "mht",
            Kind::Docx => "docx",
            Kind::Xlsx => "xlsx",
            Kind::Odt => "odt",
            Kind::Ods => "ods",
            Kind::Ofd => "ofd",
            Kind::Doc => "doc",
            Kind::Xls => "xls",
            Kind::Locked => "locked",
            Kind::Compound => "compound",
            Kind::Rtf => "rtf",
            Kind::FlatXml => "flat_xml",
            Kind::Pdf => "pdf",
            Kind::Zip => "zip",
            Kind::Rar => "rar",
            Kind::SevenZip => "seven_zip",
            Kind::Picture => "picture",
            Kind::Sqlite => "sqlite",
        }
    }

    /// What it is called in the language of this run.
    #[must_use]
    pub fn word(self) -> String {
        t!(format!("parse.kind.{}", self.key())).into()
    }

    /// Whether LibreOffice may read it better than a reader here. Of old programs not known here most
    /// are of texts.
    #[must_use]
    pub fn is_for_office(self) -> bool {
        matches!(self, Kind::Doc | Kind::Compound | Kind::FlatXml)
    }

    /// Media type as registered with IANA.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Text => "text/plain",
            Kind::Html => "text/html",
            Kind::Mht => "multipart/related",
            Kind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Kind::Odt => "application/vnd.oasis.opendocument.text",
            Kind::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Kind::Ofd => "application/ofd",
            Kind::Doc => "application/msword",
            Kind::Xls => "application/vnd.ms-excel",
            Kind::Locked | Kind::Compound => "application/x-ole-storage",
            Kind::Rtf => "application/rtf",
            Kind::FlatXml => "application/xml",
            Kind::Pdf => "application/pdf",
            Kind::Zip => "application/zip",
            Kind::Rar => "application/vnd.rar",
            Kind::SevenZip => "application/x-7z-compressed",
            Kind::Picture => "image/*",
            Kind::Sqlite => "application/vnd.sqlite3",
        }
    }
}

/// First bytes that tell a kind, or the family of one.
const MAGIC: [(&[u8], Kind); 17] = [
    (b"%PDF", Kind::Pdf),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind::Compound),
    (b"{\\rtf", Kind::Rtf),
    (b"\x89PNG", Kind::Picture),
    (b"\xFF\xD8\xFF", Kind::Picture),
    (b"GIF8", Kind::Picture),
    (b"II*\0", Kind::Picture),
    (b"MM\0*", Kind::Picture),
    (b"RIFF", Kind::Picture),
    (b"7z\xBC\xAF\x27\x1C", Kind::SevenZip),
    (b"Rar!", Kind::Rar),
    (b"MIME-Version:", Kind::Mht),
    (b"SQLite format 3\0", Kind::Sqlite),
    (b"<?mso-application", Kind::FlatXml),
    (b"<w:wordDocument", Kind::FlatXml),
];

/// Names in zip files that tell what document one is.
const PARTS: [(&str, Kind); 4] = [
    ("word/document.xml", Kind::Docx),
    ("xl/workbook.xml", Kind::Xlsx),
    ("xl/workbook.bin", Kind::Xlsx),
    ("OFD.xml", Kind::Ofd),
];

/// What a zip file is by the names in it. One whose directory is torn off is told by its first
/// name, so that its reader can say that it is damaged.
fn package(bytes: &[u8]) -> Kind {
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(bytes)) else { return torn(bytes) };
    if let Some((_, kind)) = PARTS.iter().find(|(name, _)| zip.index_for_name(name).is_some()) {
        return *kind;
    }
    let mut media_type = Vec::new();
    if let Ok(file) = zip.by_name("mimetype") {
        // longer than any media type, so that a file of that name costs nothing
        let _ = std::io::Read::read_to_end(&mut std::io::Read::take(file, 100), &mut media_type);
    }
    open_document(&media_type).unwrap_or(Kind::Zip)
}

/// The kind of OpenDocument that a media type names.
fn open_document(media_type: &[u8]) -> Option<Kind> {
    let is = |kind: Kind| media_type.starts_with(kind.media_type().as_bytes());
    [Kind::Odt, Kind::Ods].into_iter().find(|kind| is(*kind))
}

fn torn(bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(4096)];
    let has = |name: &str| memchr::memmem::find(head, name.as_bytes()).is_some();
    if let Some(at) = memchr::memmem::find(head, b"mimetype") {
        return open_document(&head[at + "mimetype".len()..]).unwrap_or(Kind::Zip);
    }
    match () {
        () if has("word/") => Kind::Docx,
        () if has("xl/") => Kind::Xlsx,
        () if has("OFD.xml") => Kind::Ofd,
        () => Kind::Zip,
    }
}

/// What a compound file is by the names of its streams, which stand in it as UTF-16: a look that
/// survives a damaged directory.
fn compound(bytes: &[u8]) -> Kind {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    match () {
        () if has("EncryptedPackage") => Kind::Locked,
        () if has("WordDocument") => Kind::Doc,
        () if has("Workbook") || has("Book") => Kind::Xls,
        () => torn_compound(bytes),
    }
}

/// What a compound file is whose names are torn off, by how its streams begin.
fn torn_compound(bytes: &[u8]) -> Kind {
    const SECTOR: usize = 512;
    // the mark of Word 97 and later; the first record of a workbook of Excel 97 and of Excel 95
    const BEGINNINGS: [(&[u8], Kind); 3] = [
        (b"\xEC\xA5\xC1\0", Kind::Doc),
        (b"\x09\x08\x10\0\0\x06\x05\0", Kind::Xls),
        (b"\x09\x08\x08\0\0\x05\x05\0", Kind::Xls),
    ];
    let of = |sector: &[u8]| BEGINNINGS.iter().find(|(begin, _)| sector.starts_with(begin));
    bytes.chunks(SECTOR).find_map(of).map_or(Kind::Compound, |(_, kind)| *kind)
}

/// Whether a PDF begins after some bytes that do not belong to it; readers allow for a kilobyte.
fn is_pdf_after_junk(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    memchr::memmem::find(head, b"\n%PDF-1.").is_some()
}

/// Whether a file is a page as a browser saves it into one file: a mail with its pictures.
fn is_saved_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).replace('\r', "");
    let head = head.split("\n\n").next().unwrap_or_default();
    head.starts_with("From: ") && head.contains("MIME-Version:")
}

/// Whether decoded text is markup: it has a tag that only pages have.
#[must_use]
pub fn is_html(text: &str) -> bool {
    const DOCTYPE: &str = "<!doctype html";
    if text.get(..DOCTYPE.len()).is_some_and(|t| t.eq_ignore_ascii_case(DOCTYPE)) {
        return true;
    }
    let end = text.char_indices().nth(4096).map_or(text.len(), |(i, _)| i);
    let head = text[..end].to_ascii_lowercase();
    let tags = [DOCTYPE, "<html", "<head", "<body", "<table", "<div", "<p>", "<p ", "<meta", "<td"];
    tags.iter().any(|t| head.contains(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_the_kind() {
        assert_eq!(Kind::of(b"%PDF-1.7\n"), Kind::Pdf);
        assert_eq!(Kind::of(b"\xEF\xBB\xBF  {\\rtf1"), Kind::Rtf);
        assert_eq!(Kind::of(b"From: x\r\nMIME-Version: 1.0\r\n\r\n"), Kind::Mht);
        assert_eq!(Kind::of("二〇二三年".as_bytes()), Kind::Text);
        let ole = |stream: &str| {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
            Kind::of(&bytes)
        };
        assert_eq!(ole("WordDocument"), Kind::Doc);
        assert_eq!(ole("Workbook"), Kind::Xls);
        assert_eq!(ole("EncryptedPackage"), Kind::Locked);
        assert_eq!(ole("other"), Kind::Compound);
    }

    #[test]
    fn a_torn_compound_file_is_told_by_its_first_stream() {
        let ole = |first: &[u8]| {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.resize(1024, 0);
            bytes.extend(first);
            Kind::of(&bytes)
        };
        assert_eq!(ole(b"\x09\x08\x10\0\0\x06\x05\0"), Kind::Xls);
        assert_eq!(ole(b"\xEC\xA5\xC1\0"), Kind::Doc);
        assert_eq!(ole(b""), Kind::Compound);
    }

    #[test]
    fn a_torn_package_is_told_by_its_first_names() {
        assert_eq!(Kind::of(b"PK\x03\x04....word/document.xml"), Kind::Docx);
        let odt =
            [b"PK\x03\x04....mimetype".as_slice(), Kind::Odt.media_type().as_bytes()].concat();
        assert_eq!(Kind::of(&odt), Kind::Odt);
        assert_eq!(Kind::of(b"PK\x03\x04"), Kind::Zip);
    }
}
