//! A section's text as it is compared: folded, without blanks and quotations, each part of it
//! with its place in the original.

use std::ops::Range;

use crate::form::{fold_char, simplify};

/// Folded text, with the place of each of its bytes in the original.
pub(super) struct Folded {
    pub text: String,
    places: Vec<Range<usize>>,
}

/// Stands for a title in 《》 or a document number in brackets, which tell nothing of figures.
pub(super) const QUOTED: char = '\u{E000}';

impl Folded {
    pub fn new(original: &str) -> Self {
        let mut chars: Vec<(char, Range<usize>)> = Vec::new();
        for (at, c) in original.char_indices() {
            let place = at..at + c.len_utf8();
            match fold_char(c) {
                // enclosed numbers number paragraphs
                _ if matches!(c, '\u{3220}'..='\u{3229}' | '\u{2460}'..='\u{249B}') => {
                    chars.push((',', place));
                }
                Some('\n') if wraps(&original[..at], &original[at + 1..]) => {}
                Some('\n') => chars.push(('\n', place)),
                Some(c) if c.is_whitespace() => {}
                Some(c)
                    if !matches!(
                        c,
                        '"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』'
                    ) =>
                {
                    chars.push((c, place));
                }
                _ => {}
            }
        }
        let plain: String = chars.iter().map(|(c, _)| c).collect();
        let simple = simplify(&plain);
        if simple.chars().count() == chars.len() {
            chars.iter_mut().zip(simple.chars()).for_each(|(known, c)| known.0 = c);
        }
        quotations(&mut chars);
        let mut folded = Folded { text: String::new(), places: Vec::new() };
        for (c, place) in chars {
            folded.text.push(c);
            folded.places.extend(std::iter::repeat_n(place, c.len_utf8()));
        }
        folded
    }

    /// The place in the original of a stretch of the folded text.
    pub fn original(&self, span: &Range<usize>) -> Range<usize> {
        match (
            self.places.get(span.start),
            span.end.checked_sub(1).and_then(|e| self.places.get(e)),
        ) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }
}

/// Puts [`QUOTED`] in the place of titles and bracketed numbers on one line.
fn quotations(chars: &mut Vec<(char, Range<usize>)>) {
    let mut out = Vec::with_capacity(chars.len());
    let mut i = 0;
    while i < chars.len() {
        let close = match chars[i].0 {
            '《' => Some('》'),
            '[' => Some(']'),
            _ => None,
        };
        let end = close.and_then(|close| {
            let line = chars[i..].iter().map(|(c, _)| *c).take_while(|c| *c != '\n');
            line.take(120).collect::<Vec<_>>().iter().position(|c| *c == close)
        });
        match end {
            Some(length) => {
                out.push((QUOTED, chars[i].1.start..chars[i + length].1.end));
                i += length + 1;
            }
            None => {
                out.push(chars[i].clone());
                i += 1;
            }
        }
    }
    *chars = out;
}

/// Whether a line break stands in the middle of a sentence: a page was cut at its width.
fn wraps(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("").trim_end();
    let next = after.split('\n').next().unwrap_or("").trim_start();
    let whole = line.ends_with(['。', ';', '；', ':', '：', '!', '！', '?', '？', '.', ')', '）']);
    let numbered = next.chars().take(4).any(|c| matches!(c, '、' | '.' | '．' | ')' | '）' | '是'));
    line.chars().count() >= 20 && !whole && !numbered && !is_table(line) && !is_table(next)
}

/// Whether a line is the remainder of a table.
pub(super) fn is_table(line: &str) -> bool {
    let figures = line.split_whitespace().filter(|w| w.chars().all(|c| c.is_ascii_digit()));
    let prose = line.contains(['，', '。', '；', ',', ';']);
    line.contains(['\t', '|', '│']) || !prose && figures.count() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_places_and_drops_quotations() {
        let original = "依据《条例》（国办〔2021〕30号），收 到“申请”１２件";
        let folded = Folded::new(original);
        assert_eq!(folded.text, format!("依据{QUOTED}(国办{QUOTED}30号),收到申请12件"));
        let at = folded.text.find("申请12件").unwrap();
        let place = folded.original(&(at..folded.text.len()));
        assert_eq!(&original[place], "申请”１２件");
        assert_eq!(folded.original(&(0..0)), 0..0);
    }

    #[test]
    fn a_line_broken_at_the_width_of_the_page_goes_on() {
        let first = "本机关坚持以公开为常态以不公开为例外全年共收到政府信息";
        assert!(!Folded::new(&format!("{first}\n公开申请3件")).text.contains('\n'));
        assert!(Folded::new(&format!("{first}\n(二)依申请公开")).text.contains('\n'));
        assert!(Folded::new("总体情况\n全年").text.contains('\n'));
    }
}
