//! Which characters the bytes are: found out, not asked for.

use std::borrow::Cow;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes text. The order is what decided all measured samples: byte order mark, strict UTF-8,
/// a charset label in the first kilobytes, UTF-16 by its zero bytes, then statistics.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, &'static Encoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(&bytes[mark..]).0, encoding);
    }
    if !bytes.contains(&0)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return (Cow::Borrowed(text), UTF_8);
    }
    let encoding =
        utf16_without_mark(bytes).or_else(|| labelled(bytes)).unwrap_or_else(|| guessed(bytes));
    (encoding.decode_without_bom_handling(bytes).0, encoding)
}

/// A charset named in the markup; gb2312 and gbk are read as GB18030, which holds them both.
fn labelled(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let at = head.windows(7).position(|w| w.eq_ignore_ascii_case(b"charset"))? + 7;
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b' ' | b'=' | b'"' | b'\''))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        .collect();
    let encoding = Encoding::for_label(&label)?;
    // a page that says UTF-8 and is not was converted without its label
    if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE {
        return None;
    }
    Some(if encoding == encoding_rs::GBK { GB18030 } else { encoding })
}

/// UTF-16 shows in Chinese text by its line ends, digits and markup: every other byte is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let few = head.len() / 200 + 1;
    match (even > few, odd > few) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow);
    if guess == encoding_rs::GBK { GB18030 } else { guess }
}

/// The encoding of a code page of Windows, as office programs name it.
pub fn of_code_page(page: i32) -> Option<&'static Encoding> {
    match page {
        936 | 54936 => Some(GB18030),
        950 => Some(BIG5),
        1200 => Some(UTF_16LE),
        1252 => Some(WINDOWS_1252),
        65001 => Some(UTF_8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "政府信息公开工作年度报告\n2025年收到申请12件，均已按时办结。\n";

    #[test]
    fn finds_the_encoding_without_being_told() {
        let utf16 = |be: bool| -> Vec<u8> {
            TEXT.encode_utf16()
                .flat_map(|u| if be { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect()
        };
        let with_mark = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        for (bytes, encoding) in [
            (TEXT.as_bytes().to_vec(), UTF_8),
            (with_mark(b"\xEF\xBB\xBF", TEXT.as_bytes().to_vec()), UTF_8),
            (GB18030.encode(TEXT).0.into_owned(), GB18030),
            (utf16(false), UTF_16LE),
            (utf16(true), UTF_16BE),
            (with_mark(b"\xFF\xFE", utf16(false)), UTF_16LE),
        ] {
            let (text, found) = decode(&bytes);
            assert_eq!((text.as_ref(), found), (TEXT, encoding));
        }
    }

    #[test]
    fn a_gb2312_label_is_read_as_gb18030() {
        let page = format!("<meta charset=\"gb2312\">{TEXT}");
        let bytes = GB18030.encode(&page).0;
        assert_eq!(decode(&bytes), (Cow::Owned(page.clone()), GB18030));
    }
}
