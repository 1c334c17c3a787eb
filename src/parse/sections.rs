//! The numbered headings of the narrative and the text under them.

use std::sync::LazyLock;

use regex::Regex;

use super::items::Item;
use super::vocabulary::{Role, Vocabulary};
use crate::form::{Forms, fold_char, fold_label, fold_text};
use crate::reader::document::{Block, Document};
use crate::report::Section;

/// A heading found in the document.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Block it stands in.
    pub block: usize,
    /// Number of the section.
    pub no: u8,
    /// Wording without number.
    pub title: String,
    /// Text that follows on the same line.
    rest: String,
}

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?P<no>[一二三四五六七八九十]{1,2})\s*[、.,:)]\s*(?P<rest>\S.*)$")
        .expect("constant pattern")
});

/// Longest line that can be a heading.
const MAX_HEADING: usize = 40;
/// Longest line, blanks and all, that is looked at for a heading without a number.
const MAX_LINE: usize = 2 * MAX_HEADING;

/// Whether a line that begins so may be numbered, before anything is folded.
fn may_number(c: char) -> bool {
    fold_char(c).is_none_or(|c| c.is_whitespace() || is_numeral(c))
}

/// Whether a character begins the number of a heading.
fn is_numeral(c: char) -> bool {
    "一二三四五六七八九十".contains(c)
}

/// Finds the headings, in reading order.
pub fn headings(doc: &Document, forms: &Forms, v: &Vocabulary<'_>) -> Vec<Heading> {
    let mut out: Vec<Heading> = Vec::new();
    for (block, content) in doc.blocks.iter().enumerate() {
        let Block::Paragraph(p) = content else { continue };
        if let Some(heading) = heading(&p.text, forms, v) {
            out.push(Heading { block, ..heading });
        }
    }
    out
}

fn heading(text: &str, forms: &Forms, v: &Vocabulary<'_>) -> Option<Heading> {
    let line = text.lines().next()?;
    let short = line.chars().take(MAX_LINE + 1).count() <= MAX_LINE;
    if !short && !line.trim_start().starts_with(may_number) {
        return None;
    }
    let folded = fold_text(line);
    let official = |title: &str| v.heading(&fold_label(title));
    let make = |no, title: &str, rest: &str| {
        Some(Heading { block: 0, no, title: title.trim().to_owned(), rest: rest.trim().to_owned() })
    };
    let numbered = folded.trim_start().starts_with(is_numeral);
    let Some(m) = numbered.then(|| NUMBERED.captures(&folded)).flatten() else {
        // a heading that lost its number, nothing else on the line
        let short = folded.chars().count() <= MAX_HEADING && !folded.trim_start().starts_with('(');
        let no = short.then(|| official(&folded)).flatten();
        return no.and_then(|no| make(no, &folded, ""));
    };
    let rest = &m["rest"];
    if let Some(no) = official(rest) {
        return make(no, rest, "");
    }
    // the text begins on the line of the heading
    if let Some((title, text)) = rest.split_once(char::is_whitespace)
        && let Some(no) = official(title)
    {
        return make(no, title, text);
    }
    // a row label keeps its meaning when its values run on
    let label =
        folded.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c.is_whitespace());
    let is_row = v
        .lookup(label)
        .is_some_and(|m| m.iter().any(|m| matches!(m.role, Role::Row(_) | Role::RowGroup)))
        // the first half of a row label that is broken over lines
        || v.is_beginning(&fold_label(rest))
        || v.segment(&fold_label(label)).is_some_and(|l| l.len() > 1);
    if is_row || rest.chars().count() > MAX_HEADING || rest.contains(['。', ';', '；']) {
        return None;
    }
    // other wordings: by the words that no other section has, later sections first
    let words = forms.iter().flat_map(|f| &f.sections);
    let mut words: Vec<_> =
        words.filter(|s| s.keywords.iter().any(|k| rest.contains(k.as_str()))).collect();
    words.sort_by_key(|s| match s.no {
        // 存在的问题 and 其他 decide before 申请 and 公开, which occur in every heading
        5 => 0,
        4 => 1,
        6 => 2,
        3 => 3,
        2 => 4,
        _ => 5,
    });
    let printed = crate::form::read_cell(&m["no"], crate::form::ValueKind::Count).value;
    let printed = printed.and_then(|n| u8::try_from(n).ok())?;
    make(words.first().map_or(printed, |s| s.no), rest, "")
}

/// Lines that portals print around the text.
static FURNITURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(扫一扫|打印本页|打印此页|关闭窗口|关闭本页|版权所有|网站地图|ICP备|公网安备|网站标识码|上一篇|下一篇|相关链接|相关阅读|分享到|主办单位|承办单位|技术支持|网站纠错|^\s*附件[:：]|^【?打印】?|^\[?(打印|关闭|返回顶部)\]?)",
    )
    .expect("constant pattern")
});

/// The text under each heading: what the tables did not use.
pub fn sections(
    doc: &Document,
    headings: &[Heading],
    items: &[Item<'_>],
    used: &[bool],
) -> Vec<Section> {
    let table_blocks: Vec<bool> = {
        let mut blocks = vec![false; doc.blocks.len()];
        items.iter().zip(used).filter(|(_, u)| **u).for_each(|(i, _)| blocks[i.block] = true);
        blocks
    };
    let mut out: Vec<Section> = Vec::new();
    for (i, heading) in headings.iter().enumerate() {
        let end = headings.get(i + 1).map_or(doc.blocks.len(), |h| h.block);
        let mut lines = Vec::new();
        if !heading.rest.is_empty() {
            lines.push(heading.rest.clone());
        }
        for (block, in_table) in doc.blocks[..end].iter().zip(&table_blocks).skip(heading.block + 1)
        {
            if *in_table {
                continue;
            }
            match block {
                Block::Paragraph(p)
                    if p.text.chars().count() < 80 && FURNITURE.is_match(&p.text) =>
                {
                    // behind the last heading it ends the report
                    if i + 1 == headings.len() {
                        break;
                    }
                }
                Block::Paragraph(p) => lines.push(p.text.clone()),
                Block::Grid(g) => lines.extend(g.rows.iter().map(|r| {
                    r.iter()
                        .map(|c| c.text.as_str())
                        .collect::<Vec<_>>()
                        .join("\t")
                        .trim_end()
                        .to_owned()
                })),
            }
        }
        lines.retain(|l| !l.is_empty());
        let section =
            Section { no: heading.no, title: heading.title.clone(), text: lines.join("\n") };
        // a heading quoted in a list of contents has nothing under it: the fuller one counts
        match out.iter_mut().find(|s| s.no == section.no && s.no <= 6) {
            Some(known) if known.text.is_empty() => *known = section,
            Some(_) if section.text.is_empty() => {}
            _ => out.push(section),
        }
    }
    out
}
