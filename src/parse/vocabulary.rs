//! The labels of all known forms, ready to be found in a document whatever their printing.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use super::items::is_value;
use crate::form::{Form, FormTable, Forms, fold_label, fold_text};

/// What a label can stand for in one table of one edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A column, by its index in the table.
    Column(u16),
    /// A row, by its index in the table.
    Row(u16),
    /// A heading over several columns.
    ColumnGroup,
    /// A heading over several rows.
    RowGroup,
    /// A column of units, which hold no figures.
    Unit,
    /// Caption or corner of a block: a header follows.
    Header,
    /// The heading or a note of the table: of no meaning for its cells.
    Note,
}

/// One meaning of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Meaning {
    /// Index of the form in [`Vocabulary::forms`].
    pub form: u8,
    /// Index of the table in the form.
    pub table: u8,
    /// What it is there.
    pub role: Role,
    /// Whether it is the official wording.
    pub official: bool,
}

/// All labels of all editions.
pub struct Vocabulary<'f> {
    /// The editions, oldest first.
    pub forms: Vec<&'f Form>,
    labels: HashMap<String, Vec<Meaning>>,
    /// The labels that stand exactly as the forms print them, which most do.
    printed: HashMap<&'f str, Label>,
    /// The same labels in order, for questions about their beginnings.
    sorted: BTreeSet<String>,
    longest: usize,
    /// The labels long enough to be told apart when mistyped.
    long: Vec<LongLabel>,
    units: BTreeSet<&'f str>,
    /// Number of the section that each heading of the narrative, folded, begins.
    headings: HashMap<String, u8>,
}

/// A label of the forms in one of their printings.
pub struct Label {
    /// The printing folded.
    pub folded: String,
    /// What it can mean.
    pub meanings: Vec<Meaning>,
}

/// A label that may be found with a character wrong.
struct LongLabel {
    label: String,
    length: usize,
    digits: String,
    signature: u64,
}

/// Characters from which on a label is recognized with one of them wrong.
const LONG: usize = 5;
/// Likewise where characters were told by their looks.
const LONG_BY_LOOKS: usize = 3;

/// What may be wrong with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slips {
    /// A character in five: a slip of the pen.
    Typed,
    /// A character in three: they were recognized in a picture.
    Recognized,
}

impl Slips {
    /// How many characters of so many may be wrong; none where they are too few to tell.
    fn allowed(self, length: usize) -> Option<usize> {
        match (self, length) {
            (Slips::Typed, ..LONG) | (Slips::Recognized, ..LONG_BY_LOOKS) => None,
            (Slips::Typed, LONG..=9) => Some(1),
            (Slips::Typed, 10..=14) => Some(2),
            (Slips::Typed, _) => Some(3),
            (Slips::Recognized, _) => Some((length / 3).min(6)),
        }
    }

    /// The shortest label that is found with a character wrong.
    fn shortest(self) -> usize {
        match self {
            Slips::Typed => LONG,
            Slips::Recognized => LONG_BY_LOOKS,
        }
    }
}

impl<'f> Vocabulary<'f> {
    /// Collects the labels of the forms.
    pub fn new(forms: &'f Forms) -> Vocabulary<'f> {
        let mut v = Vocabulary {
            forms: forms.iter().collect(),
            labels: HashMap::new(),
            printed: HashMap::new(),
            sorted: BTreeSet::new(),
            longest: 0,
            long: Vec::new(),
            headings: HashMap::new(),
            units: forms.iter().flat_map(Form::cells).filter_map(|c| c.unit()).collect(),
        };
        for (f, form) in forms.iter().enumerate() {
            for (t, table) in form.tables.iter().enumerate() {
                v.add_table(f as u8, t as u8, table);
            }
        }
        for section in forms.iter().flat_map(|f| &f.sections) {
            for title in section.variants.iter().chain([&section.title]) {
                v.headings.entry(fold_label(title).into_owned()).or_insert(section.no);
            }
        }
        v.sorted = v.labels.keys().cloned().collect();
        v.longest = v.labels.keys().map(|k| k.chars().count()).max().unwrap_or(0);
        let long = v.sorted.iter().map(|label| LongLabel {
            label: label.clone(),
            length: label.chars().count(),
            digits: digits(label),
            signature: signature(label),
        });
        v.long = long.filter(|l| l.length >= LONG_BY_LOOKS).collect();
        v.printed = v.as_printed(forms);
        v
    }

    /// The labels as the forms print them, but for such as may also be a figure or its unit.
    fn as_printed(&self, forms: &'f Forms) -> HashMap<&'f str, Label> {
        let tables = || forms.iter().flat_map(|f| &f.tables);
        let columns = tables().flat_map(|t| &t.columns).map(|c| (&c.label, &c.variants));
        let rows = tables().flat_map(FormTable::rows).map(|r| (&r.label, &r.variants));
        let labels = columns.chain(rows).flat_map(|(label, others)| others.iter().chain([label]));
        let label = |text: &'f String| {
            let folded = fold_label(text).into_owned();
            let meanings = self.lookup_folded(text, &folded, Slips::Typed)?.to_vec();
            Some((text.as_str(), Label { folded, meanings }))
        };
        labels.filter(|l| !self.is_unit(l) && !is_value(l)).filter_map(label).collect()
    }

    fn add_table(&mut self, form: u8, table: u8, def: &FormTable) {
        let mut add = |label: &str, role: Role, official: bool| {
            for key in keys(label) {
                let meaning = Meaning { form, table, role, official };
                let known = self.labels.entry(key).or_default();
                if !known.iter().any(|m| Meaning { official, ..*m } == meaning) {
                    known.push(meaning);
                }
            }
        };
        add(&def.title, Role::Note, true);
        def.note.iter().for_each(|n| add(n, Role::Note, true));
        def.corner.iter().for_each(|c| add(c, Role::Header, true));
        for (i, column) in def.columns.iter().enumerate() {
            add(&column.label, Role::Column(i as u16), true);
            column.variants.iter().for_each(|l| add(l, Role::Column(i as u16), false));
            column.group.iter().for_each(|g| add(g, Role::ColumnGroup, true));
        }
        for block in &def.blocks {
            block.unit_labels.iter().for_each(|l| add(l, Role::Unit, false));
            block.caption.iter().chain(&block.corner).for_each(|c| add(c, Role::Header, true));
        }
        for (i, row) in def.rows().enumerate() {
            add(&row.label, Role::Row(i as u16), true);
            row.variants.iter().for_each(|l| add(l, Role::Row(i as u16), false));
            row.path.iter().for_each(|p| add(p, Role::RowGroup, true));
        }
    }

    /// The table of a meaning.
    pub fn table(&self, m: &Meaning) -> &'f FormTable {
        &self.forms[usize::from(m.form)].tables[usize::from(m.table)]
    }

    /// The meanings of a label, whatever its printing; none if no form has it.
    pub fn lookup(&self, text: &str) -> Option<&[Meaning]> {
        self.lookup_folded(text, &fold_label(text), Slips::Typed)
    }

    /// Likewise, of a text that was folded already.
    pub fn lookup_folded(&self, text: &str, folded: &str, slips: Slips) -> Option<&[Meaning]> {
        if text.chars().take(2 * self.longest + 1).count() > 2 * self.longest {
            return None;
        }
        if let Some(found) = self.labels.get(folded) {
            return Some(found);
        }
        if !text.contains(['(', '（']) {
            return self.nearly(folded, slips).map(Vec::as_slice);
        }
        let bare = without_brackets(text);
        let bare = fold_label(&bare);
        self.labels.get(&*bare).or_else(|| self.nearly(&bare, slips)).map(Vec::as_slice)
    }

    /// The label that a text is as some form prints it.
    pub fn as_on_the_form(&self, text: &str) -> Option<&Label> {
        self.printed.get(text)
    }

    /// The section that a folded heading begins.
    pub fn heading(&self, folded: &str) -> Option<u8> {
        self.headings.get(folded).copied()
    }

    /// Whether some label begins with the folded text and goes on.
    pub fn is_beginning(&self, folded: &str) -> bool {
        let after = (Bound::Excluded(folded), Bound::Unbounded);
        !folded.is_empty()
            && self.sorted.range::<str, _>(after).next().is_some_and(|k| k.starts_with(folded))
    }

    /// Whether a text is nothing but the unit of some figure.
    pub fn is_unit(&self, text: &str) -> bool {
        // no unit has more than a few characters
        text.len() <= 4 * LONG && self.units.contains(fold_text(text).trim())
    }

    /// The meanings of an exactly folded label.
    pub fn exact(&self, folded: &str) -> Option<&[Meaning]> {
        self.labels.get(folded).map(Vec::as_slice)
    }

    /// A label with a few mistaken, lost or added characters, if only one label is so near.
    fn nearly(&self, folded: &str, slips: Slips) -> Option<&Vec<Meaning>> {
        // the number of a row may have lost its point
        let folded = match slips {
            Slips::Typed => folded,
            Slips::Recognized => folded.trim_start_matches(|c: char| c.is_ascii_digit()),
        };
        let length = folded.chars().count();
        let allowed = slips.allowed(length)?;
        // a digit more is a value that runs on, not a slip of the pen
        let (own_digits, own) = (digits(folded), signature(folded));
        let mut best: Option<(usize, &str)> = None;
        for LongLabel { label, length: n, digits, signature } in &self.long {
            if *n < slips.shortest() || n.abs_diff(length) > allowed {
                continue;
            }
            // each character that only one of them has takes an edit
            let apart = (signature & !own).count_ones().max((own & !signature).count_ones());
            if apart as usize > allowed || *digits != own_digits {
                continue;
            }
            let distance = strsim::osa_distance(label, folded);
            if distance > allowed {
                continue;
            }
            match best {
                Some((d, _)) if d < distance => {}
                // two labels equally near: neither
                Some((d, other)) if d == distance && self.labels[other] != self.labels[label] => {
                    return None;
                }
                _ => best = Some((distance, label)),
            }
        }
        best.map(|(_, label)| &self.labels[label])
    }

    /// Cuts text that is nothing but labels run together into these labels, as few as will do.
    pub fn segment(&self, folded: &str) -> Option<Vec<&[Meaning]>> {
        let starts: Vec<usize> = folded.char_indices().map(|(i, _)| i).collect();
        if starts.len() > 600 {
            return None;
        }
        let ends = || starts.iter().copied().skip(1).chain([folded.len()]);
        // best[i]: fewest labels that cover the text before byte i, and where the last begins
        let mut best: Vec<Option<(usize, usize)>> = vec![None; folded.len() + 1];
        best[0] = Some((0, 0));
        for (i, start) in starts.iter().copied().enumerate() {
            let Some((n, _)) = best[start] else { continue };
            for (length, end) in (1..).zip(ends().skip(i)) {
                let piece = &folded[start..end];
                let known = self.labels.contains_key(piece) || (length == 1 && is_numeral(piece));
                // of two ways with as many labels the one whose last is the shorter
                if known && best[end].is_none_or(|(m, _)| n < m) {
                    best[end] = Some((n + 1, start));
                }
                // most prose ends here, at its first or second character
                if !self.is_beginning(piece) {
                    break;
                }
            }
        }
        let mut out = Vec::new();
        let mut end = folded.len();
        while end > 0 {
            let (_, start) = best[end]?;
            if let Some(meanings) = self.labels.get(&folded[start..end]) {
                out.push(meanings.as_slice());
            }
            end = start;
        }
        out.reverse();
        (!out.is_empty()).then_some(out)
    }
}

/// Whether a character may number a label.
fn is_numeral(piece: &str) -> bool {
    piece.as_bytes()[0].is_ascii_digit() || "一二三四五六七八九".contains(piece)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A bit for each character: what differs in more bits than edits are allowed need not be compared.
fn signature(text: &str) -> u64 {
    text.chars().fold(0, |bits, c| bits | 1 << (c as u32 % 64))
}

/// The folded spellings a label is known by: whole, and without what stands in brackets.
fn keys(label: &str) -> Vec<String> {
    let fold = |label: &str| fold_label(label).into_owned();
    let mut keys = vec![fold(label), fold(&without_brackets(label))];
    keys.dedup();
    keys.retain(|k| !k.is_empty());
    keys
}

/// Text without bracketed parts, except a numbering at its very beginning.
fn without_brackets(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for (i, c) in text.trim_start().char_indices() {
        match c {
            '(' | '（' if i > 0 || depth > 0 => depth += 1,
            ')' | '）' if depth > 0 => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(v: &Vocabulary, text: &str) -> Vec<String> {
        let mut keys: Vec<String> = v
            .lookup(text)
            .into_iter()
            .flatten()
            .filter_map(|m| match m.role {
                Role::Row(i) => Some(v.table(m).rows().nth(usize::from(i)).unwrap().key.clone()),
                Role::Column(i) => Some(v.table(m).columns[usize::from(i)].key.clone()),
                _ => None,
            })
            .collect();
        keys.sort();
        keys.dedup();
        keys
    }

    #[test]
    fn labels_are_found_in_every_printing() {
        let forms = Forms::builtin();
        let v = Vocabulary::new(&forms);
        for (text, key) in [
            ("２．其他法律行政法规禁止公开", "refused.prohibited_by_law"),
            ("(二)部分公开", "partially_granted"),
            ("本年处理绝对数量", "decisions"),
            ("本年增/减（减用负值表示，如-8）", "change"),
            ("二、上年结转政府信息公开数量", "received.carried_in"),
            ("規範性檔案", "normative_documents"),
            ("項(xiàng)目", ""),
        ] {
            assert_eq!(rows(&v, text).join(" "), key, "{text}");
        }
    }

    #[test]
    fn labels_recognized_in_a_picture_may_have_more_slips() {
        let forms = Forms::builtin();
        let v = Vocabulary::new(&forms);
        let known = |text: &str, slips| v.lookup_folded(text, &fold_label(text), slips).is_some();
        for text in ["3.危及“三文全稳定”", "行政许同", "自热人", "1信访举报投诉类申请"]
        {
            assert!(known(text, Slips::Recognized) && !known(text, Slips::Typed), "{text}");
        }
        // as near to one label as to another, or to none
        for text in ["行政某某", "甲乙丙丁", "总什"] {
            assert!(!known(text, Slips::Recognized), "{text}");
        }
    }

    #[test]
    fn runs_of_labels_are_cut() {
        let forms = Forms::builtin();
        let v = Vocabulary::new(&forms);
        assert_eq!(v.segment("信息内容本年制发件数本年废止件数现行有效件数").unwrap().len(), 4);
        assert!(v.segment("本年度共制发文件三件").is_none());
    }
}
