//! Raised and lowered digits on pages of fixed layout, which nothing tells from others but where they
//! stand and how small they are.

use super::look::{Script, digit};
use super::page::Glyph;

/// Raised digits are no larger than this many times what they stand behind.
const SMALL: f32 = 0.9;
/// How far the baseline of a raised digit lies above the line, in sizes of what it stands behind.
const ABOVE: std::ops::Range<f32> = 0.12..0.8;
/// How far that of a lowered one lies below it.
const BELOW: std::ops::Range<f32> = 0.08..0.5;
/// The gap before it.
const GAP: std::ops::Range<f32> = -0.25..0.5;

/// Gives the raised and lowered digits among glyphs, in the order in which they are drawn, the
/// characters that stand so by themselves.
pub fn mark(glyphs: &mut [Glyph]) {
    // what stands on the line, and where the text behind it ends
    let mut last: Option<(Glyph, f32)> = None;
    for glyph in glyphs.iter_mut().filter(|g| !g.c.is_whitespace()) {
        let script = match last {
            Some((base, end)) if digit(glyph.c).is_some() => script(&base, end, glyph),
            _ => Script::Level,
        };
        let base = match (script, last) {
            (Script::Raised | Script::Lowered, Some((base, _))) => base,
            _ => *glyph,
        };
        last = Some((base, glyph.x1));
        let mut mark = [0; 4];
        glyph.c = script.of(glyph.c.encode_utf8(&mut mark)).chars().next().unwrap_or(glyph.c);
    }
}

fn script(base: &Glyph, end: f32, glyph: &Glyph) -> Script {
    let follows = GAP.contains(&((glyph.x0 - end) / base.size));
    let rise = (base.y - glyph.y) / base.size;
    match follows && glyph.size <= SMALL * base.size {
        true if ABOVE.contains(&rise) => Script::Raised,
        true if BELOW.contains(&-rise) => Script::Lowered,
        _ => Script::Level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(glyphs: &[(char, f32, f32, f32)]) -> String {
        let glyph = |(c, x0, y, size): &(char, f32, f32, f32)| Glyph {
            c: *c,
            x0: *x0,
            x1: x0 + size / 2.0,
            y: *y,
            size: *size,
            confidence: None,
        };
        let mut glyphs: Vec<Glyph> = glyphs.iter().map(glyph).collect();
        mark(&mut glyphs);
        glyphs.iter().map(|g| g.c).collect()
    }

    #[test]
    fn small_digits_off_the_line_are_marks() {
        let nine = ('9', 10.0, 100.0, 10.0);
        assert_eq!(text(&[nine, ('1', 15.0, 96.0, 6.0), ('0', 18.0, 96.0, 6.0)]), "9¹⁰");
        assert_eq!(text(&[nine, ('1', 15.0, 102.0, 6.0), ('3', 18.0, 100.0, 10.0)]), "9₁3");
        // on the line, of the size of the others, on another line, elsewhere, no digit
        let others = [
            ('1', 15.0, 100.0, 6.0),
            ('1', 15.0, 96.0, 10.0),
            ('1', 15.0, 88.0, 6.0),
            ('1', 40.0, 96.0, 6.0),
        ];
        others.iter().for_each(|other| assert_eq!(text(&[nine, *other]), "91"));
        assert_eq!(text(&[nine, ('*', 15.0, 96.0, 6.0)]), "9*");
    }
}
