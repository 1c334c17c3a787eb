//! Characters of an OFD text object: where each stands by the distances that its code gives.

use super::Point;
use crate::reader::xml::Tag;

/// Distances that are given for more characters than this are an attack.
const MAX_DELTAS: usize = 100_000;

/// The place of a text's first character and the distances between the others.
#[derive(Debug, Default)]
pub struct TextCode {
    x: f32,
    y: f32,
    dx: Vec<f32>,
    dy: Vec<f32>,
}

impl TextCode {
    /// From the attributes of a `TextCode`.
    pub fn of(tag: &Tag<'_>) -> TextCode {
        let number = |name: &str| tag.attr(name).and_then(|n| n.trim().parse::<f32>().ok());
        let deltas = |name: &str| tag.attr(name).map(|d| deltas(&d)).unwrap_or_default();
        TextCode {
            x: number("X").unwrap_or(0.0),
            y: number("Y").unwrap_or(0.0),
            dx: deltas("DeltaX"),
            dy: deltas("DeltaY"),
        }
    }

    /// Gives each character with both ends of its baseline.
    pub fn print(
        &self,
        text: &str,
        size: f32,
        stretch: f32,
        mut put: impl FnMut(char, Point, Point),
    ) {
        let (mut x, mut y) = (self.x, self.y);
        // files are indented: what stands around the text is none of it
        for (i, c) in text.trim_matches(['\n', '\r', '\t']).chars().enumerate() {
            let own = stretch * size * if c.is_ascii() { 0.5 } else { 1.0 };
            let (dx, dy) = (self.dx.get(i).copied(), self.dy.get(i).copied());
            // one that is set down the page moves down only
            let step =
                dx.unwrap_or(if self.dx.is_empty() && !self.dy.is_empty() { 0.0 } else { own });
            let width = if step > 0.0 { own.min(step) } else { own };
            put(c, (x, y), (x + width, y));
            x += step;
            y += dy.unwrap_or(0.0);
        }
    }
}

/// Distances, where `g n d` stands for n times d.
fn deltas(text: &str) -> Vec<f32> {
    let mut out = Vec::new();
    let mut tokens = text.split_whitespace();
    while let Some(token) = tokens.next() {
        let (count, value) = match token {
            "g" => (tokens.next().and_then(|n| n.parse().ok()), tokens.next()),
            value => (Some(1usize), Some(value)),
        };
        let (Some(count), Some(value)) = (count, value.and_then(|v| v.parse::<f32>().ok())) else {
            break;
        };
        if out.len().saturating_add(count) > MAX_DELTAS {
            break;
        }
        out.extend(std::iter::repeat_n(value, count));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_repeated() {
        assert_eq!(deltas("1 g 3 2.5 4"), [1.0, 2.5, 2.5, 2.5, 4.0]);
        assert!(deltas("g 99999999999 1").is_empty());
        assert!(deltas("g x 1 2").is_empty());
    }

    #[test]
    fn characters_stand_at_their_distances() {
        let code = TextCode { x: 1.0, y: 4.0, dx: vec![5.0, 2.0], dy: Vec::new() };
        let mut found = Vec::new();
        code.print("一2三", 4.0, 1.0, |c, from, to| found.push((c, from.0, to.0)));
        assert_eq!(found, [('一', 1.0, 5.0), ('2', 6.0, 8.0), ('三', 8.0, 12.0)]);
    }
}
