//! Pages that a browser saved into one file (RFC 2557): the first page in it, whatever it is
//! encoded by; pictures and styles beside it are left.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, GBK};
use mailparse::{ParsedMail, parse_mail};

use super::document::Document;
use super::{Kind, Unreadable, encoding, html};

/// Parts within parts; a saved page has two levels.
const MAX_NESTED: usize = 100;

/// Reads a saved page.
///
/// # Errors
/// When there is no page in it.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    // its reader calls itself for each level
    let nested = memchr::memmem::find_iter(&bytes.to_ascii_lowercase(), b"multipart/").count();
    if nested > MAX_NESTED {
        return Err(Unreadable::TooDeep);
    }
    let damaged = || Unreadable::Damaged(Kind::Mht);
    let mail = parse_mail(bytes).map_err(|_| damaged())?;
    let is_page = |part: &&ParsedMail<'_>| part.ctype.mimetype.eq_ignore_ascii_case("text/html");
    let page = mail.parts().find(is_page).ok_or_else(damaged)?;
    let body = page.get_body_raw().map_err(|_| damaged())?;
    let (text, encoding) = decode(&body, page.ctype.params.get("charset"));
    let mut doc = html::read(&text).map_err(|_| Unreadable::TooDeep)?;
    doc.media_type = Kind::Mht.media_type();
    doc.encoding = Some(encoding.name());
    Ok(doc)
}

/// The text by the charset that the part names, if it is that; else by what it says itself.
fn decode<'b>(body: &'b [u8], charset: Option<&String>) -> (Cow<'b, str>, &'static Encoding) {
    let named = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    let named = named.map(|encoding| if encoding == GBK { GB18030 } else { encoding });
    if let Some(encoding) = named {
        let (text, encoding, has_errors) = encoding.decode(body);
        if !has_errors {
            return (text, encoding);
        }
    }
    encoding::decode(body)
}

#[cfg(test)]
mod tests {
    use super::super::document::Block;
    use super::*;

    fn saved(headers: &str, body: &[u8]) -> Vec<u8> {
        let head = "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: \
                    multipart/related; boundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/css\r\n\r\n\
                    p {}\r\n--B\r\n";
        [head.as_bytes(), headers.as_bytes(), b"\r\n\r\n", body, b"\r\n--B--\r\n"].concat()
    }

    fn paragraph(bytes: &[u8]) -> String {
        let doc = read(bytes).unwrap();
        match doc.blocks.first() {
            Some(Block::Paragraph(p)) => p.text.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_page_is_read_however_it_is_encoded() {
        let type_of = |charset: &str| format!("Content-Type: text/html{charset}");
        let quoted = "<p>=E5=B9=B4=E6=8A=A5 2023</p>";
        let headers = type_of("; charset=\"utf-8\"");
        let headers = format!("{headers}\r\nContent-Transfer-Encoding: quoted-printable");
        assert_eq!(paragraph(&saved(&headers, quoted.as_bytes())), "年报 2023");
        let gbk = GB18030.encode("<meta charset=gb2312><p>年报 2023").0;
        assert_eq!(paragraph(&saved(&type_of("; charset=gb2312"), &gbk)), "年报 2023");
        assert_eq!(paragraph(&saved(&type_of(""), &gbk)), "年报 2023");
        // a charset that is not true
        assert_eq!(paragraph(&saved(&type_of("; charset=utf-8"), &gbk)), "年报 2023");
        let base64 = format!("{}\r\nContent-Transfer-Encoding: base64", type_of(""));
        assert_eq!(paragraph(&saved(&base64, b"PHA+5bm05oqlIDIwMjM8L3A+")), "年报 2023");
    }

    #[test]
    fn without_a_page_it_is_damaged_and_deep_nesting_is_refused() {
        assert!(matches!(read(b"MIME-Version: 1.0\r\n\r\n"), Err(Unreadable::Damaged(_))));
        let deep = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n".repeat(100_000);
        assert!(matches!(read(deep.as_bytes()), Err(Unreadable::TooDeep)));
    }
}
