//! Folding away what does not distinguish two printings of the same text: width, script, blanks,
//! brackets, numbering.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// One character in its plain form: half width, no compatibility block; none for zero-width ones.
///
/// NFKC only for radicals (Chrome's PDFs print 一 as U+2F00), compatibility ideographs and
/// enclosed numbers: elsewhere it would change text that was meant (e.g. `…`).
#[must_use]
pub fn fold_char(c: char) -> Option<char> {
    if is_plain(c) {
        return Some(c);
    }
    Some(match c {
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => return None,
        '\u{3000}' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' => c.nfkc().next().unwrap_or(c),
        '〔' | '﹝' | '【' => '[',
        '〕' | '﹞' | '】' => ']',
        '﹣' | '−' | '‐' | '‑' | '–' => '-',
        _ => c,
    })
}

/// Whether a character is its own plain form: nearly all are, and folding is what parsing does most.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// First and last character that has a simplified form.
const HAN: (u32, u32) = (0x2E80, 0xFAFF);

/// A set of characters, a bit for each: asking costs next to nothing.
#[derive(Debug, Default)]
pub(crate) struct Chars(Vec<u64>);

impl Chars {
    /// The characters of the basic plane for which `that` holds.
    pub(crate) fn those(that: impl Fn(char) -> bool) -> Chars {
        let mut chars = Chars::default();
        ('\0'..='\u{FFFF}').filter(|c| that(*c)).for_each(|c| chars.insert(c));
        chars
    }

    /// Adds one.
    pub(crate) fn insert(&mut self, c: char) {
        let (word, bit) = (c as usize / 64, c as u32 % 64);
        self.0.resize(self.0.len().max(word + 1), 0);
        self.0[word] |= 1 << bit;
    }

    /// Whether it is one of them.
    pub(crate) fn has(&self, c: char) -> bool {
        self.0.get(c as usize / 64).is_some_and(|word| word >> (c as u32 % 64) & 1 == 1)
    }
}

/// Characters whose simplification may be another one.
pub(crate) static TRADITIONAL: LazyLock<Chars> = LazyLock::new(|| {
    // these change among certain neighbours only
    const SOMETIMES: [char; 3] = ['藉', '著', '苧'];
    Chars::those(|c| {
        (HAN.0..=HAN.1).contains(&(c as u32))
            && (SOMETIMES.contains(&c)
                || !fast2s::convert(c.encode_utf8(&mut [0; 4])).starts_with(c))
    })
});

/// Characters that folding may change.
static FOLDED: LazyLock<Chars> = LazyLock::new(|| {
    Chars::those(|c| TRADITIONAL.has(c) || is_enclosed(c) || fold_char(c) != Some(c))
});

/// Enclosed numbers: ㈠ ① ⑴ ⒈
fn is_enclosed(c: char) -> bool {
    matches!(c, '\u{3220}'..='\u{3229}' | '\u{2460}'..='\u{249B}')
}

/// Whether a character is the mark of a note: a raised or lowered digit, or a number in a ring. Such
/// marks stand behind labels and figures and are neither a digit nor a letter of them.
#[must_use]
pub fn is_note_mark(c: char) -> bool {
    matches!(
        c,
        '¹' | '²' | '³' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}'
            | '\u{2460}'..='\u{249B}' | '\u{24EA}'..='\u{24FF}' | '\u{2776}'..='\u{2793}'
            | '\u{3220}'..='\u{3229}' | '\u{3251}'..='\u{325F}' | '\u{3280}'..='\u{3289}'
            | '\u{32B1}'..='\u{32BF}'
    )
}

/// Traditional characters one for one in simplified script; borrowed when there are none.
#[must_use]
pub fn simplify(text: &str) -> Cow<'_, str> {
    let traditional = &*TRADITIONAL;
    if text.chars().any(|c| traditional.has(c)) {
        return Cow::Owned(fast2s::convert(text));
    }
    Cow::Borrowed(text)
}

/// A reading aid that mirrors insert after a character: `項(xiàng)目`. What stands in brackets
/// elsewhere is no aid: a cell may hold nothing else.
static PINYIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\p{Han})(?:\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ]{1,7}\))+")
        .expect("constant pattern")
});

/// Text with width and script folded, compatibility characters and inserted readings resolved;
/// borrowed when it is so already.
#[must_use]
pub fn fold_text(text: &str) -> Cow<'_, str> {
    let changes = &*FOLDED;
    let folded = match text.find(|c| changes.has(c)) {
        Some(at) => Cow::Owned(fold_from(text, at, changes)),
        None => Cow::Borrowed(text),
    };
    let mut brackets = folded.split('(').skip(1);
    if brackets.any(|inner| inner.starts_with(char::is_lowercase)) && PINYIN.is_match(&folded) {
        return Cow::Owned(PINYIN.replace_all(&folded, "$1").into_owned());
    }
    folded
}

/// Width and script of a text folded; `at` is the first of its characters that changes.
fn fold_from(text: &str, mut at: usize, changes: &Chars) -> String {
    let mut out = String::with_capacity(text.len());
    let mut simple = true;
    let mut rest = text;
    while let Some(c) = rest[at..].chars().next() {
        out.push_str(&rest[..at]);
        if is_enclosed(c) {
            out.extend(c.nfkc());
        } else if let Some(c) = fold_char(c) {
            simple &= !TRADITIONAL.has(c);
            out.push(c);
        }
        rest = &rest[at + c.len_utf8()..];
        at = rest.find(|c| changes.has(c)).unwrap_or(rest.len());
    }
    out.push_str(rest);
    if simple { out } else { fast2s::convert(&out) }
}

/// A year as people write it: `2023`, `２０２３`, `2023年`, `2023 年度`.
#[must_use]
pub fn fold_year(text: &str) -> Option<i32> {
    let folded = fold_text(text);
    let text = folded.trim();
    let digits = text.strip_suffix("年度").or(text.strip_suffix('年')).unwrap_or(text).trim_end();
    let plain =
        !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// `（一）`, `一、`, `1.`, `其中：` before a label.
static NUMBERING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[(\[]\s*(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})\s*[)\]]\s*[、.]?|(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})\s*[、.,:)]|其中\s*:)\s*")
        .expect("constant pattern")
});

/// What a number without punctuation cannot stand before.
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\w").expect("constant pattern"));

/// A label reduced to what identifies it: folded, without numbering, blanks and punctuation.
///
/// ```text
/// "（三）不予公开" → "不予公开"     "3.危及“三安全一稳定”" → "危及三安全一稳定"
/// ```
#[must_use]
pub fn fold_label(text: &str) -> Cow<'_, str> {
    let label = text.trim_end_matches(is_note_mark);
    // what is nothing but marks stays: it may be all that a line says
    match fold_text(if label.is_empty() { text } else { label }) {
        Cow::Borrowed(folded) => bare_label(folded),
        Cow::Owned(folded) => Cow::Owned(bare_label(&folded).into_owned()),
    }
}

/// Folded text without numbering, blanks and punctuation.
fn bare_label(folded: &str) -> Cow<'_, str> {
    let mut rest = folded;
    while let Some(length) = numbering(rest) {
        // what is nothing but numbering stays: it may be a value
        if !rest[length..].chars().any(char::is_alphabetic) {
            break;
        }
        rest = &rest[length..];
    }
    let stays = |c: char| is_plain(c) && (!c.is_ascii() || c.is_ascii_digit());
    if rest.chars().all(stays) {
        return Cow::Borrowed(rest);
    }
    let mut out = String::with_capacity(rest.len());
    for c in rest.chars() {
        match c {
            _ if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => {}
            _ if is_plain(c) => out.push(c),
            _ if is_note_mark(c) => {}
            // the commonest punctuation
            '、' | '。' | '《' | '》' | '“' | '”' | '·' | '…' => {}
            _ if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    Cow::Owned(out)
}

/// Length of the numbering that a text begins with.
fn numbering(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let may_begin = first.is_ascii_digit()
        || first.is_whitespace()
        || "([一二三四五六七八九十其".contains(first);
    if !may_begin {
        return None;
    }
    NUMBERING.find(text).map(|m| m.end()).or_else(|| bare_number(text))
}

/// Length of a number of one or two digits that no word follows. Code, because the end of a word
/// (`\b`) in a pattern makes all of it slow.
fn bare_number(text: &str) -> Option<usize> {
    let number = text.trim_start();
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let own = (1..=2).contains(&(number.len() - rest.len())) && !WORD.is_match(rest);
    own.then(|| text.len() - rest.trim_start().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn simplifying_only_what_may_change_changes_nothing_else() {
        for text in
            ["慰藉、憑藉", "看著", "苧麻", "乾隆年間的乾部", "計畫與畫", "信息公开", "繁體", ""]
        {
            assert_eq!(simplify(text), fast2s::convert(text), "{text}");
        }
        for code in HAN.0..=HAN.1 {
            let Some(c) = char::from_u32(code) else { continue };
            let text = format!("的{c}是");
            assert_eq!(simplify(&text), fast2s::convert(&text), "{text}");
        }
    }

    #[test]
    fn marks_of_notes_are_no_part_of_a_label() {
        assert_eq!(fold_label("规章①"), "规章");
        assert_eq!(fold_label("第（一）项¹²"), "第一项");
        assert_eq!(fold_label("其他²事项"), "其他事项");
        assert_eq!(fold_label("①"), fold_label("1"));
    }

    #[test]
    fn a_reading_is_dropped_behind_a_character_only() {
        assert_eq!(fold_text("項(xiàng)目(mù)(mu)數"), "项目数");
        assert_eq!(fold_text("(n)"), "(n)");
        assert_eq!(fold_text("（ａ）项"), "(a)项");
    }

    /// Text folded a character at a time.
    fn folded_singly(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match c {
                _ if is_enclosed(c) => out.extend(c.nfkc()),
                _ => out.extend(fold_char(c)),
            }
        }
        PINYIN.replace_all(&fast2s::convert(&out), "$1").into_owned()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_folds_to_itself_may_be_skipped(
            text in r"(?:[公开項目藉著（()ａ１①㈠⼀\u{200B}、]|\(xi[àa]ng\)|\PC){0,24}"
        ) {
            prop_assert_eq!(&*fold_text(&text), folded_singly(&text));
        }

        #[test]
        fn folded_text_folds_to_itself(
            text in r"(?:[項目數臺(（)）a-cāｂ１①㈠⒈⼀\u{FA00}\u{AD}\u{3000} 〔—–、.]|\PC){0,24}"
        ) {
            let folded = fold_text(&text);
            prop_assert_eq!(fold_text(&folded), &*folded);
        }
    }

    /// The numbering as one pattern, which says it best but takes long to match.
    const WHOLE: &str = r"^\s*(?:[(\[]\s*(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})\s*[)\]]\s*[、.]?|(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})\s*[、.,:)]|[0-9]{1,2}\b|其中\s*:)\s*";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn numbering_is_found_as_by_one_pattern(
            text in r"(?:[一十3-5(\[)\]、.,: _\u{200D}\u{301}²Ⅳ项中其a]|其中|\PC){0,8}"
        ) {
            let found = Regex::new(WHOLE).unwrap().find(&text).map(|m| m.end());
            prop_assert_eq!(numbering(&text), found, "{:?}", text);
        }
    }

    #[test]
    fn labels_fold_to_what_identifies_them() {
        for (printed, folded) in [
            ("（三）不予公开", "不予公开"),
            ("㈢ 不予公开", "不予公开"),
            ("3.危及“三安全一稳定”", "危及三安全一稳定"),
            ("３．危及\"三安全一稳定\"", "危及三安全一稳定"),
            ("五、属于三类内部事务信息", "属于三类内部事务信息"),
            ("5.属于三类内部事务信息", "属于三类内部事务信息"),
            ("上一年項(xiàng)目數(shù)量", "上一年项目数量"),
            ("本年新 制作\u{200B}数量", "本年新制作数量"),
            ("⼀、本年新收", "本年新收"),
            ("其中：涉及国家秘密", "涉及国家秘密"),
            ("第二十条第（一）项", "第二十条第一项"),
            ("12", "12"),
        ] {
            assert_eq!(fold_label(printed), folded, "{printed}");
        }
    }
}
