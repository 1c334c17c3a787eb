use std::io::{Cursor, Write as _};

use super::super::document::Block;
use super::*;

fn record(number: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [number.to_le_bytes().as_slice(), &length.to_le_bytes(), data].concat()
}

/// Two-byte numbers as a record has them.
fn units(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    units(&text.encode_utf16().collect::<Vec<u16>>())
}

/// A workbook with one sheet of these records, and these texts in pieces.
pub fn book(strings: &[&[u8]], cells: &[Vec<u8>]) -> Vec<u8> {
    let mut globals = record(record::BEGIN, &units(&[0x0600, 5]));
    let plain = [&[0; 10][..], &[0; 10]].concat();
    let bordered = [&[0; 10][..], &[0x11, 0x11], &[0; 8]].concat();
    let dated = [&[0, 0, 14, 0][..], &[0; 16]].concat();
    [plain, bordered, dated].iter().for_each(|look| globals.extend(record(record::XF, look)));
    for (n, piece) in strings.iter().enumerate() {
        let number = if n == 0 { record::STRINGS } else { record::CONTINUE };
        globals.extend(record(number, piece));
    }
    let sheet = |start: usize| {
        let start = u32::try_from(start).unwrap().to_le_bytes();
        record(record::SHEET, &[start.as_slice(), &[0, 0, 1, 0, b'1']].concat())
    };
    let end = record(record::END, &[]);
    let start = globals.len() + sheet(0).len() + end.len();
    let begin = record(record::BEGIN, &units(&[0x0600, 0x10]));
    [globals, sheet(start), end.clone(), begin, cells.concat(), end].concat()
}

fn file(book: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("Workbook").unwrap().write_all(book).unwrap();
    file.into_inner().into_inner()
}

fn sketch(book: &[u8]) -> String {
    let mut out = String::new();
    for block in read(&file(book)).unwrap().blocks {
        match block {
            Block::Paragraph(p) => out.push_str(&format!("<{}>", p.text)),
            Block::Grid(g) => {
                for row in g.rows {
                    let cells: Vec<&str> = row.iter().map(|c| c.text.as_str()).collect();
                    out.push_str(&format!("[{}]", cells.join(",")));
                }
            }
        }
    }
    out
}

#[test]
fn cells_of_every_kind_are_read() {
    let double = |at: &[u16], value: f64| [units(at), value.to_le_bytes().to_vec()].concat();
    let cells = [
        record(record::SHARED_LABEL, &units(&[0, 0, 0, 0, 0])),
        record(record::SHARED_LABEL, &units(&[1, 0, 1, 1, 0])),
        record(record::NUMBER, &double(&[1, 1, 1], 59237.2449)),
        record(record::RK, &units(&[1, 2, 1, 0x7B << 2 | 2, 0])),
        record(record::RK_ROW, &units(&[2, 0, 1, 12 << 2 | 3, 0, 1, 7 << 2 | 2, 0, 1])),
        record(record::BLANK, &units(&[2, 2, 1])),
        record(record::NUMBER, &double(&[3, 0, 2], 45306.0)),
        record(record::BLANK_ROW, &units(&[3, 1, 1, 1, 2])),
        record(record::FORMULA, &[units(&[4, 0, 1]), vec![0, 0, 0, 0, 0, 0, 255, 255]].concat()),
        record(record::STRING, &[units(&[2]), vec![1], wide("合计")].concat()),
        record(record::FORMULA, &double(&[4, 1, 1], 3.0)),
        record(record::BOOLEAN, &units(&[4, 2, 1, 1])),
    ];
    // the second text goes on in the next record, with narrow characters
    let first = [&[0; 8][..], &units(&[2]), &[1], &wide("年报"), &units(&[4]), &[1], &wide("规章")];
    let strings = [first.concat(), b"\0ab".to_vec()];
    let strings: Vec<&[u8]> = strings.iter().map(Vec::as_slice).collect();
    assert_eq!(
        sketch(&book(&strings, &cells)),
        "<年报>[规章ab,59237.2449,123][0.12,7,][2024-01-15,,][合计,3,TRUE]"
    );
}

#[test]
fn what_is_torn_absurd_or_locked_is_told() {
    let far = record(record::NUMBER, &[units(&[65_535, 65_535, 0]), vec![0; 8]].concat());
    let merged = record(record::MERGED, &units(&[1, 0, 65_535, 0, 65_535]));
    assert_eq!(sketch(&book(&[], &[far, merged])), "<0>");
    let locked = [record(record::BEGIN, &units(&[0x0600, 5])), record(record::PASSWORD, &[])];
    assert!(matches!(read(&file(&locked.concat())), Err(Unreadable::Locked)));
    let whole = book(&[&[0; 8]], &[record(record::RK, &units(&[1, 2, 1, 2, 0]))]);
    for end in 0..whole.len() {
        assert!(matches!(read(&file(&whole[..end])), Err(Unreadable::Damaged(_))), "{end}");
    }
}
