//! Plain text and Markdown: a line is a paragraph unless `|` or tabs cut it into cells, or commas
//! where the text is a spreadsheet's ([`comma`]).
//!
//! Extractors print tables in many ways: a row a line, a cell a line, `|` after each cell, `|`
//! alone on lines between cells. One rule serves them all: `|` ends a cell wherever it stands,
//! a line end ends it softly, so that a `|` first on the next line only confirms it.

mod comma;

use super::document::{Block, Document, Grid, GridCell, Paragraph};
use crate::report::Place;

/// Reads decoded text.
pub fn read(text: &str) -> Document {
    let breaks_off = !text.ends_with(['\n', '|', '\t', '。']);
    let mut doc = Document { media_type: "text/plain", breaks_off, ..Document::default() };
    if comma::is_separated(text) {
        doc.blocks = comma::blocks(text);
        return doc;
    }
    let mut offset = 0;
    // whether the line before ended without a separator: then a leading one belongs to it
    let mut open = false;
    for (number, line) in text.split('\n').enumerate() {
        let at = Place { line: Some(number as u32 + 1), offset: Some(offset), ..Place::default() };
        offset += line.chars().count() as u32 + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let separator = if line.contains('|') {
            '|'
        } else if line.trim().contains('\t') || !line.trim().is_empty() && line.ends_with("\t\t") {
            '\t'
        } else {
            // a line of nothing but wide blanks is a blank cell that lost its borders
            let shown = line.trim_matches(blank);
            if !shown.is_empty() {
                open = true;
                let indent = line.chars().take_while(|c| blank(*c)).count() as u32;
                let place = Place { offset: at.offset.map(|o| o + indent), ..at };
                doc.blocks
                    .push(Block::Paragraph(Paragraph { text: heading(shown).to_owned(), place }));
            }
            continue;
        };
        let row = cells(line, separator, &at, open);
        open = false;
        if !row.is_empty() && !is_markdown_rule(&row) {
            match doc.blocks.last_mut() {
                Some(Block::Grid(grid)) => grid.rows.push(row),
                _ => doc.blocks.push(Block::Grid(Grid { rows: vec![row] })),
            }
        }
    }
    doc
}

/// Blanks of all widths, and what prints as nothing.
fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}')
}

/// A Markdown heading without its marks.
fn heading(line: &str) -> &str {
    let rest = line.trim_start_matches('#');
    if rest.len() < line.len() && rest.starts_with(' ') { rest.trim_start() } else { line }
}

fn is_markdown_rule(row: &[GridCell]) -> bool {
    row.iter().all(|c| c.text.len() >= 3 && c.text.bytes().all(|b| matches!(b, b'-' | b':')))
}

fn cells(line: &str, separator: char, at: &Place, open: bool) -> Vec<GridCell> {
    let mut row = Vec::new();
    let mut pieces: Vec<&str> = line.split(separator).collect();
    let start = at.offset.unwrap_or(0);
    let mut offset = start;
    if separator == '|' {
        // what follows the last separator is no cell unless something stands there
        if pieces.last().is_some_and(|p| p.trim_matches(blank).is_empty()) {
            pieces.pop();
        }
        let first_is_blank = pieces.first().is_some_and(|p| p.trim_matches(blank).is_empty());
        let others_are_not = pieces.iter().any(|p| !p.trim_matches(blank).is_empty());
        if first_is_blank && (open || others_are_not) {
            offset += pieces[0].chars().count() as u32 + 1;
            pieces.remove(0);
        }
    }
    for piece in pieces {
        let indent = piece.chars().take_while(|c| blank(*c)).count() as u32;
        let place = Place { offset: Some(offset + indent), ..at.clone() };
        offset += piece.chars().count() as u32 + 1;
        row.push(GridCell {
            text: piece.trim_matches(blank).to_owned(),
            place,
            x: None,
            confidence: None,
        });
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paragraphs in `<>`, rows in `[]` with cells divided by commas.
    fn sketch(text: &str) -> String {
        let mut out = String::new();
        for block in read(text).blocks {
            match block {
                Block::Paragraph(p) => out.push_str(&format!("<{}>", p.text)),
                Block::Grid(g) => {
                    for row in g.rows {
                        let cells: Vec<&str> = row.iter().map(|c| c.text.as_str()).collect();
                        out.push_str(&format!("[{}]", cells.join(",")));
                    }
                }
            }
        }
        out
    }

    #[test]
    fn separators_end_cells_wherever_they_stand() {
        assert_eq!(sketch("规章 | 0 | 0 | 0 |\n许可 | 4"), "[规章,0,0,0][许可,4]");
        assert_eq!(sketch("| 规章 | 0 |"), "[规章,0]");
        assert_eq!(sketch("规章 |\n|\n|\n处罚 |\n3 |"), "[规章][][][处罚][3]");
        assert_eq!(sketch("规章\n|\n0\n|\n|||\n许可"), "<规章><0>[,,]<许可>");
        assert_eq!(sketch("规章\t0\t\t0"), "[规章,0,,0]");
        assert_eq!(sketch("规章\t\t\n二、主动公开\t"), "[规章,,]<二、主动公开>");
        assert_eq!(sketch("| a | b |\n|---|---|\n| 1 | 2 |"), "[a,b][1,2]");
    }

    #[test]
    fn places_are_lines_and_characters() {
        let doc = read("标题\r\n 规章 | 12 |");
        let Block::Grid(grid) = &doc.blocks[1] else { panic!("no grid") };
        let place = &grid.rows[0][1].place;
        assert_eq!((place.line, place.offset), (Some(2), Some(10)));
    }
}
