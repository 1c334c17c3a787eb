//! The styles of characters that a document defines, by their numbers.

use super::super::compound::u16_at;
use super::super::look::Styles;
use super::characters::look_of;
use super::{fib, part};

/// The kind of a style for characters.
const CHARACTERS: u16 = 2;
/// The number that stands for no style.
const NONE: u16 = 0xFFF;

/// Finds them; none where their list is damaged.
pub fn read(main: &[u8], table: &[u8]) -> Styles {
    let mut styles = Styles::default();
    let list = part(main, table, fib::STYLES).unwrap_or_default();
    let _ = define(list, &mut styles);
    styles
}

fn define(list: &[u8], styles: &mut Styles) -> Option<()> {
    let head = usize::from(u16_at(list, 0)?);
    let (count, base) = (u16_at(list, 2)?, usize::from(u16_at(list, 4)?));
    let mut at = 2 + head;
    for number in 0..count {
        let length = usize::from(u16_at(list, at)?);
        let style = list.get(at + 2..at + 2 + length)?;
        // each begins at an even place
        at += 2 + length + length % 2;
        if let Some((changes, parent)) = changes(style, base) {
            let parent = (parent != NONE).then(|| parent.to_string());
            styles.define(number.to_string(), look_of(changes).0, parent);
        }
    }
    Some(())
}

/// What a style for characters changes, and the style that it builds on.
fn changes(style: &[u8], base: usize) -> Option<(&[u8], u16)> {
    let kind = u16_at(style, 2)?;
    if kind & 0xF != CHARACTERS {
        return None;
    }
    let name = usize::from(u16_at(style, base)?);
    // the name ends with a zero, and what follows begins at an even place
    let at = base + 2 + 2 * (name + 1);
    let length = usize::from(u16_at(style, at)?);
    Some((style.get(at + 2..at + 2 + length)?, kind >> 4))
}

#[cfg(test)]
mod tests {
    use super::super::super::look::{Look, Script};
    use super::*;

    #[test]
    fn a_style_for_characters_is_found_by_its_number() {
        let words = |words: &[u16]| words.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<u8>>();
        let style = |kind: u16, base: u16, changes: &[u8]| {
            let mut style = words(&[0, base << 4 | kind, 0, 0, 0, 1, u16::from(b'a'), 0]);
            style.extend(words(&[changes.len() as u16]));
            style.extend(changes);
            let mut out = words(&[style.len() as u16]);
            out.extend(&style);
            out.resize(out.len().next_multiple_of(2), 0);
            out
        };
        let list = [
            words(&[4, 4, 10]),
            style(2, NONE, &[0x48, 0x2A, 1]),
            words(&[0]),
            style(1, NONE, &[0x48, 0x2A, 1]),
            style(2, 0, &[0x37, 0x08, 1]),
        ]
        .concat();
        let mut styles = Styles::default();
        assert_eq!(define(&list, &mut styles), Some(()));
        let raised = Look { script: Some(Script::Raised), ..Look::default() };
        assert_eq!(styles.look("0"), raised);
        assert_eq!(styles.look("2"), Look::default());
        assert_eq!(styles.look("3"), Look { struck: Some(true), ..raised });
        (0..list.len()).for_each(|n| _ = define(&list[..n], &mut styles));
    }
}
