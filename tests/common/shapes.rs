//! Documents in other shapes: the same tables with other headers, labels and ends.

use super::office::{Cell, Part, Sheet, slots};

impl Sheet {
    /// Labels that span rows stand in each of them.
    pub fn with_repeated_labels(mut self) -> Sheet {
        for part in &mut self.parts {
            let Part::Table(rows) = part else { continue };
            // a header spans as well: only what stands beside figures is a row's label
            let is_figure =
                |c: &Cell| !c.text.is_empty() && c.text.bytes().all(|b| b.is_ascii_digit());
            let first = rows.iter().position(|r| r.iter().any(is_figure)).unwrap_or(0);
            let laid: Vec<Vec<Cell>> = slots(rows)
                .iter()
                .scan(Vec::<(u16, Cell)>::new(), |above, row| {
                    let row = row.iter().map(|slot| {
                        let from_above =
                            || above.iter().find(|a| a.0 == slot.x).map(|a| a.1.clone());
                        (slot.x, slot.cell.cloned().or_else(from_above).unwrap())
                    });
                    *above = row.collect();
                    Some(above.iter().map(|a| Cell { rows: 1, ..a.1.clone() }).collect())
                })
                .collect();
            for (row, laid) in rows.iter_mut().zip(laid).skip(first) {
                *row = laid;
            }
        }
        self
    }

    /// With the label that stands in a cell in each that it spans, headers among them; a figure stands
    /// in the first of them.
    pub fn with_nothing_merged(mut self) -> Sheet {
        for part in &mut self.parts {
            let Part::Table(rows) = part else { continue };
            let mut above: Vec<Cell> = Vec::new();
            let laid: Vec<Vec<Cell>> = slots(rows)
                .iter()
                .map(|row| {
                    let mut own = Vec::new();
                    for slot in row {
                        let x = usize::from(slot.x);
                        let cell = slot.cell.cloned().unwrap_or_else(|| above[x].clone());
                        let cell = Cell { rows: 1, columns: 1, ..cell };
                        let figure = cell.text.trim_end_matches("万元");
                        let is_figure =
                            figure.bytes().all(|b| b.is_ascii_digit() || b"-.".contains(&b));
                        let rest = match is_figure {
                            true => Cell { text: String::new(), ..cell.clone() },
                            false => cell.clone(),
                        };
                        own.push(cell);
                        own.extend(vec![rest; usize::from(slot.columns) - 1]);
                    }
                    above = own.clone();
                    own
                })
                .collect();
            *rows = laid;
        }
        self
    }

    /// Tables of many rows cut in two, the header above both.
    pub fn cut(mut self, header: usize) -> Sheet {
        let mut parts = Vec::new();
        for part in self.parts {
            match part {
                Part::Table(rows) if rows.len() > 12 => {
                    // where no cell spans the cut
                    let is_whole = |at: &usize| {
                        let spans = |(y, row): (usize, &Vec<Cell>)| {
                            row.iter().any(|c| y + usize::from(c.rows) > *at)
                        };
                        !rows.iter().enumerate().take(*at).any(spans)
                    };
                    let at = (header + 1..rows.len()).find(is_whole).unwrap();
                    parts.push(Part::Table(rows[..at].to_vec()));
                    parts.push(Part::Text(String::new()));
                    parts.push(Part::Table([&rows[..header], &rows[at..]].concat()));
                }
                part => parts.push(part),
            }
        }
        self.parts = parts;
        self
    }

    /// Tables of applicants under the last so many rows of their header: one names the columns only,
    /// two their groups as well.
    pub fn with_header(mut self, count: usize) -> Sheet {
        for part in &mut self.parts {
            let Part::Table(rows) = part else { continue };
            let of_applicants = rows.iter().flatten().any(|c| c.text == "自然人");
            if of_applicants {
                let header = header_rows(rows);
                let shown = last_rows(&rows[..header], count);
                rows.splice(..header, shown);
            }
        }
        self
    }

    /// The tables of more than so many rows cut in two before a row, without a header over the rest;
    /// or those of applicants, with their header again. None where a cell spans the cut.
    pub fn cut_at(&self, at: usize, again: bool) -> Option<Sheet> {
        let mut sheet = Sheet { parts: Vec::new(), ruled: self.ruled };
        let mut is_cut = false;
        for part in &self.parts {
            let Part::Table(rows) = part else {
                sheet.parts.push(part.clone());
                continue;
            };
            let header = header_rows(rows);
            let spans = |(y, row): (usize, &Vec<Cell>)| {
                row.iter().any(|c| y < at && y + usize::from(c.rows) > at)
            };
            let is_meant = !again || rows.iter().flatten().any(|c| c.text == "自然人");
            if !is_meant || at <= header || at >= rows.len() || rows.iter().enumerate().any(spans) {
                sheet.parts.push(part.clone());
                continue;
            }
            is_cut = true;
            let over = if again { &rows[..header] } else { &[] };
            sheet.parts.push(Part::Table(rows[..at].to_vec()));
            sheet.parts.push(Part::Text(String::new()));
            sheet.parts.push(Part::Table([over, &rows[at..]].concat()));
        }
        is_cut.then_some(sheet)
    }
}

/// Rows before the first that holds a figure.
pub fn header_rows(rows: &[Vec<Cell>]) -> usize {
    let is_figure = |c: &Cell| !c.text.is_empty() && c.text.bytes().all(|b| b.is_ascii_digit());
    rows.iter().position(|row| row.iter().any(is_figure)).unwrap_or(0)
}

/// The last rows of a header: what spans into them begins in the first of them.
fn last_rows(header: &[Vec<Cell>], count: usize) -> Vec<Vec<Cell>> {
    let first = header.len().saturating_sub(count);
    let mut out = vec![Vec::new(); header.len() - first];
    let mut placed: Vec<(u16, usize, Cell)> = Vec::new();
    for (y, row) in slots(header).iter().enumerate() {
        for slot in row {
            let Some(cell) = slot.cell else { continue };
            let end = y + usize::from(cell.rows);
            if end > first {
                let from = y.max(first);
                let rows = u16::try_from(end - from).unwrap();
                placed.push((slot.x, from, Cell { rows, ..cell.clone() }));
            }
        }
    }
    placed.sort_by_key(|(x, ..)| *x);
    placed.into_iter().for_each(|(_, y, cell)| out[y - first].push(cell));
    out
}
