use std::io::{Cursor, Write as _};

use super::super::document::Block;
use super::*;

/// A document of one wide piece without properties of paragraphs.
fn bare(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut main = vec![0; 0x400];
    let mut set = |at: usize, value: u32| main[at..at + 4].copy_from_slice(&value.to_le_bytes());
    set(fib::FLAGS, u32::from(fib::IS_TABLE_1));
    set(fib::TEXT_LENGTH, units.len() as u32);
    set(fib::PIECES + 4, 5 + 16);
    main.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let mut clx = vec![2];
    [16, 0, units.len() as u32].iter().for_each(|n| clx.extend(n.to_le_bytes()));
    clx.extend([0, 0, 0, 4, 0, 0, 0, 0]);
    compound(&[("WordDocument", &main), ("1Table", &clx)])
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}

#[test]
fn marks_tell_cells_where_nothing_tells_columns() {
    let field = "\u{13}PAGE\u{14}3\u{15}";
    let doc = read(&bare(&format!("年报\r规章\u{7}12\u{7}\u{7}许可\u{7}4\u{7}\u{7}第{field}页\r")))
        .unwrap();
    let mut said = String::new();
    for block in &doc.blocks {
        match block {
            Block::Paragraph(p) => said.push_str(&p.text),
            Block::Grid(g) => g.rows.iter().flatten().for_each(|c| {
                assert_eq!(c.x, None);
                said.push_str(&format!("[{}]", c.text));
            }),
        }
    }
    assert_eq!(said, "年报[规章][12][许可][4]第3页");
    assert_eq!(doc.findings[0].rule, "merged-cells");
}

#[test]
fn what_is_locked_or_torn_is_told() {
    let mut main = vec![0; 0x400];
    main[fib::FLAGS + 1] = 1;
    let locked = compound(&[("WordDocument", &main)]);
    assert!(matches!(read(&locked), Err(Unreadable::Locked)));
    let no_table = compound(&[("WordDocument", &[0; 0x400])]);
    assert!(matches!(read(&no_table), Err(Unreadable::Damaged(_))));
    assert!(matches!(read(&compound(&[])), Err(Unreadable::Damaged(_))));
    let whole = bare("年报\r");
    for end in 0..whole.len() {
        let _ = read(&whole[..end]);
    }
}
