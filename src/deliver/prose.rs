//! Markdown as the templates give it, and as nothing else does: headings, paragraphs, pipe tables,
//! bold words, line breaks. One text becomes a document for Word, a page, or stays as it is.
//!
//! The dashes under a table's headings give the widths of its columns against each other, colons
//! the side of a column. A table whose headings are all empty has none.

use std::fmt::Write as _;

use super::docx::{Align, Cell, Docx, Look, Paragraph, Row, Table, Text};
use crate::export::{escape_html, printable};

/// What a text becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A document for Word.
    Docx,
    /// A page that stands alone and prints.
    Html,
    /// Markdown, as it is.
    Markdown,
}

impl Format {
    /// The extensions of files of them.
    pub const EXTENSIONS: [&str; 3] = ["docx", "html", "md"];

    /// The format of one of those.
    #[must_use]
    pub fn of_extension(extension: &str) -> Format {
        match extension {
            "docx" => Format::Docx,
            "html" => Format::Html,
            _ => Format::Markdown,
        }
    }
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading and how deep it stands, from 1.
    Heading(usize, Text),
    /// A paragraph.
    Paragraph(Text),
    /// A table.
    Table {
        /// The widths of the columns against each other.
        widths: Vec<u32>,
        /// Where the lines of each column stand.
        sides: Vec<Align>,
        /// Its headings; none where all are empty.
        headings: Option<Vec<Text>>,
        /// Its rows, each as long as `widths`.
        rows: Vec<Vec<Text>>,
    },
}

impl Block {
    /// How many characters it has.
    #[must_use]
    pub fn characters(&self) -> usize {
        let count = |text: &Text| text.parts().map(|(part, _)| part.chars().count()).sum::<usize>();
        match self {
            Block::Heading(_, text) | Block::Paragraph(text) => count(text),
            Block::Table { headings, rows, .. } => {
                headings.iter().chain(rows).flatten().map(count).sum()
            }
        }
    }
}

/// A value in such a text: what would be markup is none.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '#' | '[' | ']' | '~' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    // a dash or a plus at the start of a line begins a list elsewhere
    match escaped.starts_with(['-', '+', '=']) {
        true => format!("\\{escaped}"),
        false => escaped,
    }
}

/// The parts of a text.
#[must_use]
pub fn parse(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines().map(|line| line.trim_matches([' ', '\t', '\r'])).peekable();
    while let Some(line) = lines.next() {
        let depth = line.bytes().take_while(|b| *b == b'#').count();
        if line.is_empty() {
            continue;
        }
        if (1..=6).contains(&depth) && line[depth..].starts_with(' ') {
            blocks.push(Block::Heading(depth, inline(line[depth..].trim_matches(' '))));
        } else if line.starts_with('|') && lines.peek().is_some_and(|next| rule(next).is_some()) {
            let (widths, sides) = lines.next().and_then(rule).unwrap_or_default();
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|next| next.starts_with('|')) {
                rows.push(cells(row, widths.len()));
            }
            let headings = cells(line, widths.len());
            let headings = headings.iter().any(|text| !is_empty(text)).then_some(headings);
            blocks.push(Block::Table { widths, sides, headings, rows });
        } else {
            let mut text = line.to_owned();
            while let Some(more) =
                lines.next_if(|next| !next.is_empty() && !next.starts_with(['#', '|']))
            {
                text += "\n";
                text += more;
            }
            blocks.push(Block::Paragraph(inline(&text)));
        }
    }
    blocks
}

/// Widths and sides from the line under the headings of a table.
fn rule(line: &str) -> Option<(Vec<u32>, Vec<Align>)> {
    let inner = line.strip_prefix('|')?;
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut columns = (Vec::new(), Vec::new());
    for column in inner.split('|').map(|column| column.trim_matches(' ')) {
        let dashes = column.trim_matches(':');
        if dashes.is_empty() || !dashes.bytes().all(|b| b == b'-') {
            return None;
        }
        columns.0.push(u32::try_from(dashes.len()).unwrap_or(1));
        columns.1.push(match (column.starts_with(':'), column.ends_with(':')) {
            (true, true) => Align::Center,
            (false, true) => Align::Right,
            _ => Align::Left,
        });
    }
    Some(columns)
}

/// The cells of a row, so many.
fn cells(line: &str, count: usize) -> Vec<Text> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.chars().skip(1) {
        match c {
            '|' if !escaped => cells.push(String::new()),
            c => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
        escaped = c == '\\' && !escaped;
    }
    let texts = cells.iter().map(|cell| inline(cell.trim_matches(' ')));
    texts.chain(std::iter::repeat_with(Text::default)).take(count).collect()
}

fn is_empty(text: &Text) -> bool {
    text.parts().all(|(part, _)| part.is_empty())
}

/// Words of a line: what is bold, where it breaks, what was escaped.
fn inline(line: &str) -> Text {
    let (mut text, mut part, mut bold) = (Text::default(), String::new(), false);
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let known = [("**", ""), ("<br>", "\n"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        if let Some((mark, stands_for)) = known.into_iter().find(|(mark, _)| rest.starts_with(mark))
        {
            if stands_for.is_empty() {
                if !part.is_empty() {
                    text.push(std::mem::take(&mut part), bold);
                }
                bold = !bold;
            }
            part.push_str(stands_for);
            rest = &rest[mark.len()..];
            continue;
        }
        let behind = &rest[c.len_utf8()..];
        match behind.chars().next().filter(|next| c == '\\' && next.is_ascii_punctuation()) {
            Some(next) => {
                part.push(next);
                rest = &behind[next.len_utf8()..];
            }
            None => {
                part.push(c);
                rest = behind;
            }
        }
    }
    if !part.is_empty() {
        text.push(part, bold);
    }
    text
}

/// Adds a text to a document for Word.
pub fn add_to(blocks: &[Block], docx: &mut Docx) {
    for block in blocks {
        match block {
            Block::Heading(depth, text) => {
                let look = match depth {
                    1 => Look::Title,
                    2 => Look::Heading,
                    _ => Look::Subheading,
                };
                docx.paragraph(&Paragraph { text: text.clone(), look, align: None });
            }
            Block::Paragraph(text) => docx.paragraph(&Paragraph::new(Look::Text, text.clone())),
            Block::Table { widths, sides, headings, rows } => {
                let cell = |(text, side): (&Text, &Align)| Cell::new(text.clone()).aligned(*side);
                let row = |row: &Vec<Text>| Row::of(row.iter().zip(sides).map(cell).collect());
                let heading = |(text, _): (&Text, &Align)| {
                    let bold = text.parts().map(|(part, _)| part).collect::<String>();
                    Cell::new(Text::bold(bold)).aligned(Align::Center)
                };
                let first = headings
                    .iter()
                    .map(|row| Row::of(row.iter().zip(sides).map(heading).collect()));
                docx.table(&Table {
                    widths: widths.clone(),
                    headings: usize::from(headings.is_some()),
                    rows: first.chain(rows.iter().map(row)).collect(),
                    look: None,
                });
            }
        }
    }
}

/// A text as HTML.
#[must_use]
pub fn html(blocks: &[Block]) -> String {
    let mut page = String::new();
    for block in blocks {
        match block {
            Block::Heading(depth, text) => {
                page += &format!("<h{depth}>{}</h{depth}>\n", words(text));
            }
            Block::Paragraph(text) => page += &format!("<p>{}</p>\n", words(text)),
            Block::Table { widths, sides, headings, rows } => {
                page += "<table>\n<colgroup>";
                let all = widths.iter().sum::<u32>().max(1);
                for width in widths {
                    // a text takes what is written to it
                    let _ = write!(
                        page,
                        "<col style=\"width:{:.1}%\">",
                        100.0 * f64::from(*width) / f64::from(all)
                    );
                }
                page += "</colgroup>\n";
                if let Some(headings) = headings {
                    let cells: String = headings
                        .iter()
                        .map(|t| format!("<th scope=\"col\">{}</th>", words(t)))
                        .collect();
                    page += &format!("<thead><tr>{cells}</tr></thead>\n");
                }
                page += "<tbody>\n";
                for row in rows {
                    let cell = |(text, side): (&Text, &Align)| match side {
                        Align::Left => format!("<td>{}</td>", words(text)),
                        Align::Center => format!("<td class=\"c\">{}</td>", words(text)),
                        Align::Right => format!("<td class=\"n\">{}</td>", words(text)),
                    };
                    let cells: String = row.iter().zip(sides).map(cell).collect();
                    page += &format!("<tr>{cells}</tr>\n");
                }
                page += "</tbody>\n</table>\n";
            }
        }
    }
    page
}

fn words(text: &Text) -> String {
    let part = |(part, bold): (&str, bool)| {
        let part = escape_html(part).replace('\n', "<br>");
        if bold { format!("<b>{part}</b>") } else { part }
    };
    text.parts().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "# 通知 #1\n\n| | |\n|--|------:|\n| 甲\\|乙 | <br><br> |\n| 短 |\n\n一行\n　　**粗**\\*<br>x\n\n| 机关 | 数 |\n|---|---|\n| a | 1 | 2 |\n";

    #[test]
    fn blocks_are_told_apart() {
        let blocks = parse(SAMPLE);
        let table = |at: usize| match &blocks[at] {
            Block::Table { widths, sides, headings, rows } => (widths, sides, headings, rows),
            other => panic!("{other:?}"),
        };
        assert_eq!(blocks.len(), 4, "{blocks:?}");
        assert_eq!(blocks[0], Block::Heading(1, "通知 #1".into()));
        let (widths, sides, headings, rows) = table(1);
        assert_eq!((widths.as_slice(), sides[1], headings), (&[2, 6][..], Align::Right, &None));
        assert_eq!(rows[0], ["甲|乙".into(), "\n\n".into()]);
        assert_eq!(rows[1], ["短".into(), Text::default()]);
        let Block::Paragraph(text) = &blocks[2] else { panic!("{blocks:?}") };
        let parts: Vec<_> = text.parts().collect();
        assert_eq!(parts, [("一行\n　　", false), ("粗", true), ("*\nx", false)]);
        let (_, _, headings, rows) = table(3);
        assert_eq!(headings.as_deref(), Some(&["机关".into(), "数".into()][..]));
        assert_eq!(rows[0].len(), 2);
    }

    #[test]
    fn what_is_escaped_comes_back_as_it_was() {
        for text in
            ["| 甲 | # ** <b>&amp; \\ `x` _y_ [z](u) ~", "- a", "# 1", "=", "甲\n乙", "<br>", "\\|"]
        {
            let row = format!("| {} |", escape(text));
            let cell = cells(&row, 1).remove(0);
            assert_eq!(cell.parts().map(|(part, _)| part).collect::<String>(), text, "{row}");
            let blocks = parse(&escape(text));
            assert!(matches!(&blocks[..], [Block::Paragraph(_)]), "{text}: {blocks:?}");
        }
    }

    #[test]
    fn a_page_has_no_markup_of_somebody_else() {
        let text = format!("{}\n\n| a |\n|:-:|\n| {} |\n", escape("<script>"), escape("\"><img>"));
        let page = html(&parse(&text));
        assert!(page.contains("<p>&lt;script&gt;</p>"), "{page}");
        assert!(page.contains("<td class=\"c\">&quot;&gt;&lt;img&gt;</td>"), "{page}");
    }
}
