//! Properties of characters: what is hidden, struck out or deleted, and what is raised, by what stands
//! at the text itself and by its style for characters; styles of paragraphs are not looked at.

use super::super::compound::u16_at;
use super::super::look::{Look, Script, Styles};
use super::fib;
use super::pages::{Run, change, run_at, runs};

/// Size of what a page tells of a run beside where it stands.
const CHARACTERS: usize = 1;

/// The looks of a document's characters, by their places in the main stream.
#[derive(Default)]
pub struct Characters(Vec<(Run, Look)>);

impl Characters {
    /// Finds those that differ from the style; none where the list is damaged.
    pub fn read(main: &[u8], table: &[u8], styles: &Styles) -> Characters {
        let look = |run: Run| {
            let at = run.properties?;
            let length = usize::from(*main.get(at)?);
            let (own, style) = look_of(main.get(at + 1..at + 1 + length)?);
            let style = style.map(|style| styles.look(&style.to_string()));
            let look = own.over(style.unwrap_or_default());
            (look != Look::default()).then_some((run, look))
        };
        let runs = runs(main, table, fib::CHARACTERS, CHARACTERS);
        Characters(runs.into_iter().filter_map(look).collect())
    }

    /// How the character at a place looks.
    pub fn at(&self, place: usize) -> Look {
        run_at(&self.0, place, |(run, _)| *run).map(|(_, look)| look).unwrap_or_default()
    }
}

/// What changes to a style say of a look, and the style for characters that they name. Text whose
/// deletion is kept on record is hidden.
pub fn look_of(mut changes: &[u8]) -> (Look, Option<u16>) {
    let mut look = Look::default();
    let (mut deleted, mut style) = (None, None);
    while let Some((code, value, rest)) = change(changes) {
        // as the style has it, or the other way round: a style of its own comes in anyway
        let on = value.first().filter(|b| **b != 0x80).map(|b| b & 1 != 0);
        match code {
            0x0800 => deleted = on,
            0x4A30 => style = u16_at(value, 0),
            0x0837 | 0x2A53 => look.struck = on,
            0x083C => look.hidden = on,
            0x2A48 => {
                look.script = value.first().map(|script| match script {
                    1 => Script::Raised,
                    2 => Script::Lowered,
                    _ => Script::Level,
                });
            }
            _ => {}
        }
        changes = rest;
    }
    look.hidden = if deleted == Some(true) { deleted } else { look.hidden };
    (look, style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_tell_how_characters_look() {
        let is_on = Some(true);
        let of = |bytes: &[u8]| look_of(bytes).0;
        assert_eq!(of(&[0x00, 0x08, 1]), Look { hidden: is_on, ..Look::default() });
        assert_eq!(of(&[0x3C, 0x08, 1, 0x00, 0x08, 0]).hidden, is_on);
        assert_eq!(of(&[0x35, 0x08, 1, 0x53, 0x2A, 1]), Look { struck: is_on, ..Look::default() });
        assert_eq!(of(&[0x37, 0x08, 0x80]).struck, None);
        assert_eq!(of(&[0x37, 0x08, 0]).struck, Some(false));
        assert_eq!(look_of(&[0x30, 0x4A, 7, 0]), (Look::default(), Some(7)));
        assert_eq!(of(&[0x48, 0x2A, 1]).script, Some(Script::Raised));
        let torn = [0x48, 0x2A, 2, 0x37, 0x08];
        assert_eq!(of(&torn), Look { script: Some(Script::Lowered), ..Look::default() });
    }
}
