//! Figures told from words: a line that is read three times, twice as a figure.

use super::strips::Strip;
use super::tesseract::Word;

/// Most that a figure is trusted that only one reading gives.
const ALONE: u8 = 60;
/// Most that one is trusted with fewer digits than there are pieces of ink.
const SHORT: u8 = 40;
/// Characters that figures and marks are made of.
const FIGURE: &str = "0123456789.,-/%";

/// A figure or a mark, and how sure it is; none if the line is words.
pub fn figure(
    strip: &Strip,
    line: &[Word],
    figure: &[Word],
    digits: &[Word],
) -> Option<(String, u8)> {
    let readings = [figure, digits, line].map(reading);
    let words = sure_of_words(line);
    let [figure, digits, _] = &readings;
    let is_figure = match (figure, digits) {
        (Some((_, sure)), _) | (None, Some((_, sure))) if words == 0 => *sure > 0,
        (Some((_, sure)), _) => *sure > words,
        (None, Some((_, sure))) => *sure > words && words < ALONE,
        (None, None) => false,
    };
    let is_figure = is_figure || words == 0 && readings[2].is_some();
    if !is_figure {
        return None;
    }
    let votes = || readings.iter().flatten();
    let weight = |text: &str| -> u32 {
        votes().filter(|(t, _)| t == text).map(|(_, sure)| u32::from(*sure)).sum()
    };
    let (text, _) = votes().max_by_key(|(text, _)| weight(text))?;
    let agreed = votes().filter(|(t, _)| t == text);
    let surest = agreed.clone().map(|(_, sure)| *sure).max()?;
    let mut sure = if agreed.count() > 1 { surest } else { surest.min(ALONE) };
    if text.chars().count() < strip.columns {
        sure = sure.min(SHORT);
    }
    Some((text.clone(), sure))
}

/// What words say if it is a figure.
fn reading(words: &[Word]) -> Option<(String, u8)> {
    let sure = words.iter().map(|w| w.confidence).min()?;
    let text: String = words.iter().flat_map(|w| w.text.chars()).map(plain).collect();
    text.chars().all(|c| FIGURE.contains(c)).then_some((text, sure))
}

/// A character as figures have it.
fn plain(c: char) -> char {
    match c {
        'O' | 'o' => '0',
        'l' | 'I' | '|' => '1',
        '—' | '–' | '－' | '~' | '_' | '一' => '-',
        '，' => ',',
        '／' => '/',
        c => c,
    }
}

/// How sure a line is words: it has Chinese characters.
fn sure_of_words(line: &[Word]) -> u8 {
    let chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c) && c != '一';
    let words = line.iter().filter(|w| w.text.contains(chinese));
    words.map(|w| w.confidence).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(columns: usize) -> Strip {
        Strip { area: Default::default(), cell: Some(0), size: 10.0, is_block: false, columns }
    }

    fn words(text: &str, confidence: u8) -> Vec<Word> {
        let word =
            |t: &str| Word { text: t.to_owned(), confidence, x0: 0.0, x1: 1.0, y0: 0.0, y1: 1.0 };
        text.split_whitespace().map(word).collect()
    }

    #[test]
    fn figures_are_told_from_words() {
        type Said<'t> = (&'t str, u8);
        let read = |columns, line: Said<'_>, f: Said<'_>, d: Said<'_>| {
            figure(&strip(columns), &words(line.0, line.1), &words(f.0, f.1), &words(d.0, d.1))
        };
        let number = |text: &str, sure| Some((text.to_owned(), sure));
        assert_eq!(read(2, ("1", 49), ("11", 89), ("11", 58)), number("11", 89));
        assert_eq!(read(1, ("工", 18), ("1", 96), ("1", 94)), number("1", 96));
        assert_eq!(read(2, ("规章", 97), ("Le", 17), ("", 0)), None);
        assert_eq!(read(1, ("0", 83), ("", 0), ("0", 91)), number("0", 91));
        assert_eq!(read(1, ("一", 90), ("—", 80), ("-", 70)), number("-", 90));
        assert_eq!(read(2, ("总 计", 92), ("11", 36), ("11", 30)), None);
    }

    #[test]
    fn what_readings_differ_on_or_lose_is_doubtful() {
        let (line, f, d) = (words("D97", 84), words("597", 97), words("591", 90));
        assert_eq!(figure(&strip(3), &line, &f, &d), Some(("597".to_owned(), ALONE)));
        let (line, f, d) = (words("1", 90), words("1", 97), words("1", 90));
        assert_eq!(figure(&strip(2), &line, &f, &d), Some(("1".to_owned(), SHORT)));
    }
}
