//! A section's text as it is compared: folded, without blanks and quotations, each part of it
//! with its place in the original.

use std::ops::Range;
use std::sync::LazyLock;

use crate::form::{Chars, TRADITIONAL, fold_char, simplify};

/// Folded text, with the place of each of its characters in the original.
#[derive(Default)]
pub(super) struct Folded {
    pub text: String,
    /// Where each character ends that may end a sentence.
    pub stops: Vec<usize>,
    runs: Vec<Run>,
}

/// A stretch of the folded text by where it begins: taken over as it is, or one character in the
/// place of others.
struct Run {
    at: usize,
    original: usize,
    /// Where the original of a single character ends.
    single: Option<usize>,
}

/// Stands for a title in 《》 or a document number in brackets, which tell nothing of figures.
pub(super) const QUOTED: char = '\u{E000}';

/// Longest title with its brackets, in characters.
const TITLE: usize = 120;

/// Characters that are taken over as they are: nearly all.
static PLAIN: LazyLock<Chars> = LazyLock::new(|| {
    Chars::those(|c| is_han(c) && !TRADITIONAL.has(c) || c.is_ascii_alphanumeric())
});

impl Folded {
    pub fn new(original: &str) -> Self {
        Folded::simple(original).unwrap_or_else(|| Folded::traditional(original))
    }

    /// Folds what holds no traditional characters, taking over whole stretches.
    fn simple(original: &str) -> Option<Self> {
        let (traditional, plain) = (&*TRADITIONAL, &*PLAIN);
        let mut folded = Folded::default();
        folded.text.reserve(original.len());
        let mut from = 0;
        let next = |from: usize| {
            let (at, c) = original[from..].char_indices().find(|(_, c)| !plain.has(*c))?;
            Some((from + at, c))
        };
        while let Some((at, c)) = next(from) {
            if is_han(c) {
                return None;
            }
            folded.take(original, from..at);
            let end = at + c.len_utf8();
            from = end;
            let place = at..end;
            let Some(c) = fold(original, place.start, c) else { continue };
            if traditional.has(c) {
                return None;
            }
            let Some(close) = closing(c) else {
                folded.push(c, place);
                continue;
            };
            let rest = original[end..].char_indices().map(|(i, c)| (end + i, c));
            let line = rest.filter_map(|(i, c)| Some((i + c.len_utf8(), fold(original, i, c)?)));
            let inside = line.take_while(|(_, c)| *c != '\n').take(TITLE - 1);
            let mut strange = false;
            let closed = inside.inspect(|(_, c)| strange |= traditional.has(*c));
            let closed = closed.into_iter().find(|(_, c)| *c == close);
            if strange {
                return None;
            }
            match closed {
                Some((last, _)) => {
                    folded.push(QUOTED, place.start..last);
                    from = last;
                }
                None => folded.push(c, place),
            }
        }
        folded.take(original, from..original.len());
        Some(folded)
    }

    /// Folds any text: the script of a character hangs on its neighbours.
    fn traditional(original: &str) -> Self {
        let places = original.char_indices();
        let mut chars: Vec<(char, Range<usize>)> = places
            .filter_map(|(at, c)| Some((fold(original, at, c)?, at..at + c.len_utf8())))
            .collect();
        let plain: String = chars.iter().map(|(c, _)| c).collect();
        let simple = simplify(&plain);
        if simple.chars().count() == chars.len() {
            chars.iter_mut().zip(simple.chars()).for_each(|(known, c)| known.0 = c);
        }
        let mut folded = Folded::default();
        folded.text.reserve(plain.len());
        let mut i = 0;
        while let Some((c, place)) = chars.get(i) {
            let line = chars[i..].iter().take_while(|(c, _)| *c != '\n').take(TITLE);
            let end = closing(*c).and_then(|close| line.map(|(c, _)| *c).position(|c| c == close));
            match end {
                Some(length) => folded.push(QUOTED, place.start..chars[i + length].1.end),
                None => folded.push(*c, place.clone()),
            }
            i += 1 + end.unwrap_or(0);
        }
        folded
    }

    /// Takes over a stretch of the original.
    fn take(&mut self, original: &str, place: Range<usize>) {
        if place.is_empty() {
            return;
        }
        let at = self.text.len();
        let last = self.runs.last().filter(|r| r.single.is_none());
        if last.is_none_or(|r| r.original + (at - r.at) != place.start) {
            self.runs.push(Run { at, original: place.start, single: None });
        }
        self.text.push_str(&original[place]);
    }

    /// Adds a character that stands for a stretch of the original.
    fn push(&mut self, c: char, place: Range<usize>) {
        let at = self.text.len();
        self.text.push(c);
        if matches!(c, '。' | '!' | '?' | '\n') {
            self.stops.push(self.text.len());
        }
        let last = self.runs.last().filter(|r| r.single.is_none());
        let alike = c.len_utf8() == place.len();
        if !alike || last.is_none_or(|r| r.original + (at - r.at) != place.start) {
            let single = (!alike).then_some(place.end);
            self.runs.push(Run { at, original: place.start, single });
        }
    }

    /// The place in the original of a stretch of the folded text.
    pub fn original(&self, span: &Range<usize>) -> Range<usize> {
        let run = |at: usize| {
            let known = at < self.text.len();
            known.then(|| &self.runs[self.runs.partition_point(|r| r.at <= at) - 1])
        };
        match (run(span.start), span.end.checked_sub(1).and_then(run)) {
            (Some(first), Some(last)) => {
                let start = first.single.map_or(span.start - first.at, |_| 0) + first.original;
                start..last.single.unwrap_or(span.end - last.at + last.original)
            }
            _ => 0..0,
        }
    }
}

/// A character that folding leaves as it is, unless it is a traditional one.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// What a character is compared as; none where it tells nothing.
fn fold(original: &str, at: usize, c: char) -> Option<char> {
    match c {
        // enclosed numbers number paragraphs
        '\u{3220}'..='\u{3229}' | '\u{2460}'..='\u{249B}' => Some(','),
        '\n' => (!wraps(&original[..at], &original[at + 1..])).then_some('\n'),
        _ => fold_char(c).filter(|c| {
            let quotes = ['"', '\'', '“', '”', '‘', '’', '「', '」', '『', '』'];
            !c.is_whitespace() && !quotes.contains(c)
        }),
    }
}

/// What closes a title in 《》 or a bracketed number.
fn closing(c: char) -> Option<char> {
    match c {
        '《' => Some('》'),
        '[' => Some(']'),
        _ => None,
    }
}

/// Whether a line break stands in the middle of a sentence: a page was cut at its width.
fn wraps(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("").trim_end();
    let whole = line.ends_with(['。', ';', '；', ':', '：', '!', '！', '?', '？', '.', ')', '）']);
    if whole || line.chars().count() < 20 {
        return false;
    }
    let next = after.split('\n').next().unwrap_or("").trim_start();
    let numbered = next.chars().take(4).any(|c| matches!(c, '、' | '.' | '．' | ')' | '）' | '是'));
    !numbered && !is_table(line) && !is_table(next)
}

/// Whether a line is the remainder of a table.
pub(super) fn is_table(line: &str) -> bool {
    // the bar of lines begins with the last of these bytes, as few other characters do
    let has = |byte: u8| line.as_bytes().contains(&byte);
    if has(b'\t') || has(b'|') || has(0xE2) && line.contains('│') {
        return true;
    }
    let prose = line.ends_with('。') || line.contains(['，', '。', '；', ',', ';']);
    let figures = || line.split_whitespace().filter(|w| w.chars().all(|c| c.is_ascii_digit()));
    !prose && figures().nth(2).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whole_stretches_are_taken_over_as_single_characters_are(
            text in r"(?:[项目a1２，。“”《》〔〕【】\[\](（ ①㈠⼀…𠀀\u{AD}\u{3000}\t]|\n|本机关坚持以公开为常态不公开为例外全年共收到|《条例》|\PC){0,24}"
        ) {
            let Some(simple) = Folded::simple(&text) else { return Ok(()) };
            let all = Folded::traditional(&text);
            prop_assert_eq!(&simple.text, &all.text);
            prop_assert_eq!(&simple.stops, &all.stops);
            for (at, c) in all.text.char_indices() {
                let end = at + c.len_utf8();
                prop_assert_eq!(simple.original(&(at..end)), all.original(&(at..end)));
                prop_assert_eq!(simple.original(&(0..end)), all.original(&(0..end)));
            }
        }
    }
}
