//! Text separated by commas (RFC 4180), as a spreadsheet program saves a sheet: a row with one cell is
//! a paragraph, as in the sheet itself.

use super::super::document::{Block, Grid, GridCell, Paragraph};
use super::super::flow::squeeze;
use super::super::look::join_lines;
use crate::report::Place;

/// Lines of figures that make a text a table.
const MIN_LINES: usize = 3;
/// Fields of a line of figures: a label and two figures.
const MIN_FIELDS: usize = 3;
/// Lines that a quoted field goes over at most; what goes on longer is no field.
const MAX_LINES: usize = 50;

/// Whether commas part the cells of a text: it has lines of a label and figures, more of them than
/// lines that something else parts.
pub fn is_separated(text: &str) -> bool {
    let (mut figures, mut others) = (0, 0);
    for line in text.lines() {
        if line.contains(['|', '\t']) {
            others += 1;
        } else if line.contains(',') && has_figures(line) {
            figures += 1;
        }
    }
    figures >= MIN_LINES && figures > others
}

/// Whether a line is a label and figures. Thousands and a list in prose are none.
fn has_figures(line: &str) -> bool {
    let is_figure = |field: &&String| {
        let field = field.trim();
        !field.is_empty() && field.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    let Some(fields) = fields(line) else { return false };
    let label = fields.iter().find(|field| !field.trim().is_empty());
    let is_label = |label: &String| !label.trim_end().ends_with(|c: char| c.is_ascii_digit());
    fields.len() >= MIN_FIELDS
        && label.is_some_and(is_label)
        && fields.iter().filter(is_figure).count() >= MIN_FIELDS - 1
}

/// Paragraphs and grids.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let (mut number, mut offset) = (0, 0);
    while number < lines.len() {
        let (record, count) = record(&lines[number..]);
        let place =
            Place { line: Some(number as u32 + 1), offset: Some(offset), ..Place::default() };
        let read = &lines[number..number + count];
        offset += read.iter().map(|line| line.chars().count() as u32 + 1).sum::<u32>();
        number += count;
        push(&mut blocks, &record, &place);
    }
    blocks
}

/// The fields of the first record, and over how many lines it goes.
fn record(lines: &[&str]) -> (Vec<String>, usize) {
    // a sentence has commas of its own, and no figures between them
    let is_figure = |field: &String| field.trim().parse::<f64>().is_ok();
    let has_figures = || fields(lines[0]).is_some_and(|all| all.iter().skip(1).any(is_figure));
    if lines[0].contains('。') && !lines[0].contains('"') && !has_figures() {
        return (vec![lines[0].to_owned()], 1);
    }
    let mut text = String::new();
    for (n, line) in lines.iter().take(MAX_LINES).enumerate() {
        text.push_str(line);
        if let Some(fields) = fields(&text) {
            return (fields, n + 1);
        }
        text.push('\n');
    }
    (vec![lines[0].to_owned()], 1)
}

/// The fields of a record; none where a quoted one has no end.
fn fields(record: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut rest = record.chars().peekable();
    while let Some(c) = rest.next() {
        let field = fields.last_mut()?;
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => field.extend(rest.next()),
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => fields.push(String::new()),
            c => field.push(c),
        }
    }
    (!quoted).then_some(fields)
}

fn push(blocks: &mut Vec<Block>, record: &[String], place: &Place) {
    let mut filled = record.iter().filter(|field| !field.trim().is_empty());
    let (first, second) = (filled.next(), filled.next());
    let Some(first) = first else { return };
    if second.is_none() {
        let lines = first.lines().map(squeeze).filter(|line| !line.is_empty());
        let paragraph = |text| Block::Paragraph(Paragraph { text, place: place.clone() });
        return blocks.extend(lines.map(paragraph));
    }
    let cell = |(n, field): (usize, &String)| GridCell {
        text: join_lines(field.lines().map(squeeze)),
        place: Place { column: Some(n as u32 + 1), ..place.clone() },
        x: None,
        confidence: None,
    };
    let row: Vec<GridCell> = record.iter().enumerate().map(cell).collect();
    match blocks.last_mut() {
        Some(Block::Grid(grid)) => grid.rows.push(row),
        _ => blocks.push(Block::Grid(Grid { rows: vec![row] })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_told_from_prose_and_thousands() {
        let table = "规章,2,0\n文件,109,489\n许可,\"1,808,595\",0\n";
        assert!(is_separated(table));
        assert!(is_separated(&format!("年报\n一,二|三\n{table}")));
        assert!(!is_separated(&table.replace(',', "\t")));
        assert!(!is_separated("1,808,595\n2,822,652\n1,234,567\n"));
        assert!(!is_separated("2023年,我市受理申请12件,办结3件,结转4件。\n".repeat(5).as_str()));
        assert!(!is_separated("规章 1,234 5,678 9,012\n".repeat(5).as_str()));
        assert!(!is_separated("规章,2,0\n文件,109,489\n"));
    }

    #[test]
    fn fields_are_cells_and_a_lone_one_is_a_paragraph() {
        let text =
            "年报,,\r\n许可,\"1,808\",,\r\n文件,\"一\"\"二\n三\",4\n去年,共3件。\n\n,,\n五,6\n";
        let mut out = String::new();
        for block in blocks(text) {
            match block {
                Block::Paragraph(p) => out.push_str(&format!("<{}>", p.text)),
                Block::Grid(g) => {
                    for row in g.rows {
                        let cells: Vec<&str> = row.iter().map(|c| c.text.as_str()).collect();
                        out.push_str(&format!("[{}]", cells.join(";")));
                    }
                }
            }
        }
        assert_eq!(out, "<年报>[许可;1,808;;][文件;一\"二 三;4]<去年,共3件。>[五;6]");
        let open = blocks("\"一,二\n三,4\n");
        assert!(matches!(&open[0], Block::Paragraph(p) if p.text == "\"一,二"));
    }
}
