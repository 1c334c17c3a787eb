//! How much room a text takes, in whatever font the reader has.

use unicode_width::UnicodeWidthChar as _;

use crate::export;

/// The width of a text in that size: at least what any common font takes.
#[must_use]
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// A character's width in ems.
fn em(c: char) -> f64 {
    match c {
        c if c.width() == Some(0) => 0.0,
        // ambiguous punctuation (“ ” — …) is full-width in Chinese fonts
        c if c.width() == Some(2) || !c.is_ascii() => 1.0,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.92,
        'A'..='Z' => 0.72,
        'i' | 'j' | 'l' | ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.36,
        _ => 0.58,
    }
}

/// A text in lines no wider than `room`, broken as in tables.
#[must_use]
pub fn lines(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut cells = (room / size * 2.0).floor().clamp(2.0, 500.0) as u16;
    loop {
        let lines: Vec<String> =
            export::fold(text, Some(cells)).lines().map(str::to_owned).collect();
        // Latin letters are wider than half a Chinese character
        if cells <= 4 || lines.iter().all(|line| width(line, size) <= room) {
            return lines;
        }
        cells -= 1;
    }
}
