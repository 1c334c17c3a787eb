//! Lines of text from glyphs, and what a line says.

use super::Glyph;

/// A gap wider than this many times the size of the font parts two columns.
pub const COLUMN_GAP: f32 = 1.0;
/// A gap wider than this beside a figure parts it from what it does not belong to, and one before
/// the number of an item the item from a label that fills its column.
const FIGURE_GAP: f32 = 0.25;
/// A blank between thousands is no wider than this.
const THOUSANDS_GAP: f32 = 0.4;
/// A gap wider than this parts columns where other lines start, too.
const START_GAP: f32 = 0.15;
/// What starts at one place starts no farther apart, in points.
const SAME_START: f32 = 1.5;

/// Glyphs on one baseline, from left to right.
#[derive(Debug, Clone)]
pub struct Line {
    pub glyphs: Vec<Glyph>,
    pub x0: f32,
    pub x1: f32,
    /// Baseline.
    pub y: f32,
    /// Size of its largest glyph.
    pub size: f32,
    pub page: u32,
}

impl Line {
    fn of(mut glyphs: Vec<Glyph>, page: u32) -> Option<Line> {
        glyphs.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        drop_shadows(&mut glyphs);
        let inked = |g: &&Glyph| !g.c.is_whitespace();
        let first = *glyphs.iter().find(inked)?;
        let fold = |f: fn(f32, f32) -> f32, by: fn(&Glyph) -> f32| {
            glyphs.iter().filter(inked).map(by).fold(by(&first), f)
        };
        let (x0, x1) = (fold(f32::min, |g| g.x0), fold(f32::max, |g| g.x1));
        let size = fold(f32::max, |g| g.size);
        let y = glyphs.iter().filter(inked).find(|g| g.size == size).map_or(first.y, |g| g.y);
        Some(Line { glyphs, x0, x1, y, size, page })
    }

    /// Its upper end.
    pub fn top(&self) -> f32 {
        self.y - 0.88 * self.size
    }

    /// What it says.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.glyphs.len() * 3);
        let mut last: Option<&Glyph> = None;
        for glyph in &self.glyphs {
            if last.is_some_and(|last| apart(last, glyph)) && !out.ends_with(' ') {
                out.push(' ');
            }
            push(&mut out, glyph.c);
            last = Some(glyph);
        }
        out.truncate(out.trim_end().len());
        let lead = out.len() - out.trim_start().len();
        out.drain(..lead);
        out
    }

    /// Its parts between gaps as wide as those between columns.
    pub fn parts(&self) -> Vec<Line> {
        self.parts_at(COLUMN_GAP)
    }

    /// Its parts between gaps of so many times the size of the font.
    pub fn parts_at(&self, gap: f32) -> Vec<Line> {
        self.parts_by(|_, _| gap, |_| false)
    }

    /// Its parts, figures in narrow columns apart as well: a number ends at a small gap, and so
    /// does what stands before the number of an item or a place where columns start.
    pub fn fine_parts(&self, starts: &[f32]) -> Vec<Line> {
        let in_figure = |g: &Glyph| g.c.is_ascii_digit() || "/-—".contains(g.c);
        let starts_at = |x: f32| {
            let after = starts.partition_point(|s| *s < x - SAME_START);
            starts.get(after).is_some_and(|s| *s <= x + SAME_START)
        };
        let thousands = self.thousands();
        let least = |a: &Glyph, after: &[Glyph]| match after {
            [b, ..] if starts_at(b.x0) => START_GAP,
            [b, ..] if in_figure(a) || in_figure(b) || begins_item(after) => FIGURE_GAP,
            _ => COLUMN_GAP,
        };
        self.parts_by(least, |x0| thousands.contains(&x0))
    }

    /// Where the groups of three digits begin that a blank, one that is printed, parts from those
    /// before them.
    fn thousands(&self) -> Vec<f32> {
        /// A group of digits, and whether a narrow blank stands before it.
        struct Group<'g> {
            glyphs: &'g [Glyph],
            blank: bool,
        }
        let narrow = |a: &Glyph, b: &Glyph| b.x0 - a.x1 < THOUSANDS_GAP * b.size;
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut rest = &self.glyphs[..];
        let mut last: Option<&Glyph> = None;
        while let Some(first) = rest.first() {
            let digits = rest.iter().take_while(|g| g.c.is_ascii_digit()).count();
            let apart = rest[..digits].windows(2).position(|w| w[1].x0 - w[0].x1 > 0.1 * w[1].size);
            let count = apart.map_or(digits, |i| i + 1).max(1);
            let (here, after) = rest.split_at(count);
            let blank = last.is_some_and(|last| last.c.is_whitespace());
            let near =
                groups.last().and_then(|g| g.glyphs.last()).is_some_and(|a| narrow(a, first));
            match digits {
                0 if first.c.is_whitespace() => {}
                0 => groups.push(Group { glyphs: &[], blank: false }),
                _ => groups.push(Group { glyphs: here, blank: blank && near }),
            }
            (last, rest) = (here.last(), after);
        }
        let mut out = Vec::new();
        let mut begun = false;
        for pair in groups.windows(2) {
            let three = pair[1].blank && pair[1].glyphs.len() == 3;
            begun = three && (begun || (1..=3).contains(&pair[0].glyphs.len()));
            out.extend(begun.then(|| pair[1].glyphs[0].x0));
        }
        out
    }

    /// Its parts between gaps of so many times the size of the font, by the glyph before a gap and
    /// those after it; `joined`: whether what begins there belongs to what is before.
    fn parts_by(
        &self,
        least: impl Fn(&Glyph, &[Glyph]) -> f32,
        joined: impl Fn(f32) -> bool,
    ) -> Vec<Line> {
        let inked: Vec<Glyph> =
            self.glyphs.iter().filter(|g| !g.c.is_whitespace()).copied().collect();
        let mut parts = Vec::new();
        let mut start = 0;
        for (i, pair) in inked.windows(2).enumerate() {
            let after = &inked[i + 1..];
            let size = pair[1].size.min(self.size);
            if pair[1].x0 - pair[0].x1 > least(&pair[0], after) * size && !joined(pair[1].x0) {
                parts.extend(Line::of(inked[start..=i].to_vec(), self.page));
                start = i + 1;
            }
        }
        parts.extend(Line::of(inked[start..].to_vec(), self.page));
        parts
    }

    /// Several parts as one.
    pub fn of_parts(parts: &[Line]) -> Option<Line> {
        let glyphs = parts.iter().flat_map(|p| p.glyphs.iter().copied()).collect();
        Line::of(glyphs, parts.first()?.page)
    }
}

/// Lines from top to bottom.
pub fn lines(mut glyphs: Vec<Glyph>, page: u32) -> Vec<Line> {
    glyphs.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    let mut out = Vec::new();
    let mut open: Vec<Glyph> = Vec::new();
    // the band of the line being read: raised and lowered characters belong to it
    let (mut low, mut size) = (0.0, 0.0);
    for glyph in glyphs {
        let reach = 0.45 * f32::max(size, glyph.size);
        if !open.is_empty() && glyph.middle() - low > reach {
            out.extend(Line::of(std::mem::take(&mut open), page));
        }
        if open.is_empty() {
            (low, size) = (glyph.middle(), glyph.size);
        }
        size = size.max(glyph.size);
        open.push(glyph);
    }
    out.extend(Line::of(open, page));
    out
}

/// Takes away what is printed a second time almost in its place, to look bold.
fn drop_shadows(glyphs: &mut Vec<Glyph>) {
    glyphs.dedup_by(|b, a| {
        a.c == b.c
            && (b.x0 - a.x0) < 0.2 * (a.x1 - a.x0).max(0.1)
            && (b.y - a.y).abs() < 0.2 * a.size
    });
}

/// Whether two neighbours on a line are words, or figures, apart.
fn apart(a: &Glyph, b: &Glyph) -> bool {
    let gap = b.x0 - a.x1;
    let size = a.size.min(b.size);
    match a.c.is_ascii_alphanumeric() && b.c.is_ascii_alphanumeric() {
        true => gap > 0.22 * size,
        false => gap > 0.8 * size,
    }
}

/// Whether glyphs begin with the number of an item, as （一） or 三、.
fn begins_item(glyphs: &[Glyph]) -> bool {
    /// A number with its brackets, and what follows it.
    const LONGEST: usize = 6;
    is_numbered(&glyphs.iter().take(LONGEST).map(|g| g.c).collect::<String>())
}

/// A character of a text: any blank is a plain one, and a run of them one.
fn push(out: &mut String, c: char) {
    if !c.is_whitespace() {
        out.push(c);
    } else if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// What a cell says: its lines one after another, without blanks where a label or a number was
/// only broken because the cell was full. Two numbers one under the other stay two.
pub fn cell_text(glyphs: Vec<Glyph>, page: u32, width: f32) -> (String, bool) {
    let mut out = String::new();
    let mut full = false;
    let mut digit = false;
    for line in lines(glyphs, page) {
        let text = line.text();
        let figures = digit && text.starts_with(|c: char| c.is_ascii_digit());
        if !out.is_empty() && (figures && !full) {
            out.push(' ');
        }
        out.push_str(&text);
        digit = text.ends_with(|c: char| c.is_ascii_digit());
        full = width - (line.x1 - line.x0) < PADDING + line.size;
    }
    (out, full)
}

/// What the two sides of a cell keep free at most, in points.
const PADDING: f32 = 13.0;

/// Whether a text begins with a number of a list, as headings and rows of a form do.
pub fn is_numbered(text: &str) -> bool {
    let is_numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十⼀⼆⼗⼋".contains(c);
    let text = text.trim_start();
    let bare = text.trim_start_matches(['(', '（', '〔', '[']);
    let rest = bare.trim_start_matches(is_numeral);
    let short = bare.len() > rest.len() && bare[..bare.len() - rest.len()].chars().count() <= 3;
    let Some(end) = rest.chars().next() else { return false };
    let marked = match bare.len() < text.len() {
        true => ")）〕]".contains(end),
        false => {
            "、.．,:：)）".contains(end)
                && !rest[end.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        }
    };
    short && marked || text.starts_with(|c: char| matches!(c, '①'..='⑳' | '㈠'..='㈩' | '⒈'..='⒛'))
}

/// Paragraphs from lines of running text; `right` is where full lines end.
#[derive(Debug, Default)]
pub struct Paragraphs {
    /// Text being read and the page it begins on.
    open: Option<(String, u32)>,
    last: Option<Line>,
    /// Left end of the text's full lines.
    pub done: Vec<(String, u32)>,
}

impl Paragraphs {
    /// One more line.
    pub fn push(&mut self, line: &Line, left: f32, right: f32) {
        let text = line.text();
        let follows = self.last.as_ref().is_some_and(|last| {
            let full = last.x1 > right - 1.6 * last.size;
            let alike = (last.size - line.size).abs() < 0.15 * last.size;
            let indented = line.x0 > left + 1.2 * line.size;
            let pitch = line.y - last.y;
            let near = last.page != line.page || pitch > 0.0 && pitch < 3.2 * last.size;
            full && alike && near && !indented && !is_heading(&text)
        });
        match &mut self.open {
            Some((open, _)) if follows => {
                let words = |c: char| c.is_ascii_alphabetic();
                if open.ends_with(words) && text.starts_with(words) {
                    open.push(' ');
                }
                open.push_str(&text);
            }
            _ => {
                self.close();
                self.open = Some((text, line.page));
            }
        }
        self.last = Some(line.clone());
    }

    /// Ends the paragraph being read.
    pub fn close(&mut self) {
        self.done.extend(self.open.take());
        self.last = None;
    }
}

/// Whether a line is a heading by its number, 一、 or （一）: paragraphs do not break before one.
fn is_heading(text: &str) -> bool {
    is_numbered(text) && !text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Glyphs of a text from a point on, ten points wide if Chinese, five if not.
    pub fn print(text: &str, x: f32, y: f32) -> Vec<Glyph> {
        let mut x0 = x;
        let glyph = |c: char| {
            let width = if c.is_ascii() { 5.0 } else { 10.0 };
            x0 += width;
            Glyph { c, x0: x0 - width, x1: x0, y, size: 10.0, confidence: None }
        };
        text.chars().map(glyph).collect()
    }

    #[test]
    fn lines_run_from_top_to_bottom_and_left_to_right() {
        let glyphs =
            [print("下行", 10.0, 40.0), print("12", 40.0, 20.0), print("上行", 10.0, 20.5)];
        let read = lines(glyphs.concat(), 1);
        let texts: Vec<String> = read.iter().map(Line::text).collect();
        assert_eq!(texts, ["上行 12", "下行"]);
        assert_eq!(read[0].parts().len(), 1);
    }

    #[test]
    fn an_item_begins_behind_a_narrow_gap_and_a_word_in_brackets_does_not() {
        let fine = |text: &str, gap: f32| {
            let end = 10.0 + 40.0 + gap;
            let glyphs = [print("一、结果", 10.0, 20.0), print(text, end, 20.0)].concat();
            let parts = lines(glyphs, 1)[0].fine_parts(&[]);
            parts.iter().map(Line::text).collect::<Vec<_>>()
        };
        for item in ["（二）公开", "三、公开", "①公开"] {
            assert_eq!(fine(item, 4.0), ["一、结果", item]);
            assert_eq!(fine(item, 2.0).len(), 1, "{item}");
        }
        for word in ["（含部分公开）", "三类公开", "公开"] {
            assert_eq!(fine(word, 4.0).len(), 1, "{word}");
        }
    }

    #[test]
    fn a_number_broken_in_a_full_cell_is_one_and_two_in_a_wide_one_are_two() {
        let two = [print("12", 10.0, 20.0), print("34", 10.0, 32.0)].concat();
        assert_eq!(cell_text(two.clone(), 1, 14.0).0, "1234");
        assert_eq!(cell_text(two, 1, 60.0).0, "12 34");
        let label = [print("尚未", 10.0, 20.0), print("审结", 10.0, 32.0)].concat();
        assert_eq!(cell_text(label, 1, 60.0).0, "尚未审结");
    }

    #[test]
    fn a_bold_shadow_is_one_character_and_a_doubled_digit_two() {
        let mut bold = print("总", 10.0, 20.0);
        bold.extend(print("总", 10.3, 20.0));
        bold.extend(print("11", 30.0, 20.0));
        assert_eq!(lines(bold, 1)[0].text(), "总 11");
    }

    #[test]
    fn full_lines_go_on_and_headings_stand_alone() {
        let mut read = Paragraphs::default();
        for (text, x, y) in [
            ("一、总体情况", 30.0, 10.0),
            ("今年以来我们做了很多", 30.0, 30.0),
            ("工作都很好啊真的很好很好", 10.0, 50.0),
            ("二、主动公开", 10.0, 70.0),
        ] {
            read.push(&lines(print(text, x, y), 1)[0], 10.0, 130.0);
        }
        read.close();
        let texts: Vec<&str> = read.done.iter().map(|d| d.0.as_str()).collect();
        assert_eq!(
            texts,
            ["一、总体情况", "今年以来我们做了很多工作都很好啊真的很好很好", "二、主动公开"]
        );
    }

    #[test]
    fn list_numbers_are_told_from_figures() {
        for text in ["一、总体", "（三）不予", "2.其他", "1、", "㈠甲"] {
            assert!(is_numbered(text), "{text}");
        }
        for text in ["12", "2.5", "2023年", "政府", "一季度", "十分、"] {
            assert!(!is_numbered(text), "{text}");
        }
    }
}
