//! Tables without lines: rows by baselines, columns by the gaps between glyphs.
//!
//! Such a table is a guess. What it needs is figures behind labels on several lines; lines that hold
//! a label only are the rest of one that is broken, if they stand near enough to a row.

use super::Glyph;
use super::lines::{Line, is_numbered};

/// What a run of lines is.
#[derive(Debug)]
pub enum Piece {
    /// A line of running text.
    Line(Line),
    /// Rows of a table: each cell with its column, where that is told; page and upper end.
    Rows(Vec<Vec<(String, Option<u16>)>>, u32, f32),
}

impl Piece {
    /// Its upper end on its page.
    pub fn top(&self) -> f32 {
        match self {
            Piece::Line(line) => line.top(),
            Piece::Rows(_, _, top) => *top,
        }
    }
}

/// Lines between two rows that may still belong to their table.
const BETWEEN: usize = 9;
/// A line of more characters than this is running text.
const PROSE: usize = 45;

/// A label longer than this stands only before figures that are plainly columns.
const LABEL: usize = 30;

/// A line cut at its gaps.
struct Cut {
    line: Line,
    parts: Vec<Line>,
    texts: Vec<String>,
    /// How many of its last parts are figures.
    figures: usize,
    /// Upper and lower baseline of a label that is broken over lines.
    ys: (f32, f32),
    /// Where the figures of the rows next to it begin.
    edge: f32,
}

impl Cut {
    fn new(line: Line, starts: &[f32]) -> Cut {
        let text = |parts: &[Line]| parts.iter().map(Line::text).collect::<Vec<String>>();
        let trailing = |texts: &[String]| texts.iter().rev().take_while(|t| is_figure(t)).count();
        let mut parts = line.fine_parts(starts);
        let figures = trailing(&text(&parts));
        let columns = parts.split_off(parts.len() - figures);
        let before = parts.iter().map(|p| p.glyphs.len()).sum::<usize>();
        // narrow gaps part figures only: a label or a text has them within
        if (1..3).contains(&figures) && before > LABEL {
            parts = line.parts();
        } else {
            if starts.is_empty() {
                parts = Line::of_parts(&parts).map_or_else(Vec::new, |l| l.parts());
            }
            parts.extend(columns);
        }
        let texts = text(&parts);
        let (figures, ys) = (trailing(&texts), (line.y, line.y));
        Cut { line, parts, texts, figures, ys, edge: f32::INFINITY }
    }

    /// Whether it is a row: figures behind a label, or nothing but figures.
    fn is_row(&self) -> bool {
        self.figures > 0 && self.parts.len() > 1
    }

    fn is_prose(&self) -> bool {
        self.parts.len() == 1 && self.line.glyphs.len() > PROSE
    }

    /// Whether it is a label without figures, or a part of one.
    fn is_label(&self) -> bool {
        self.parts.len() == 1 && self.figures == 0 && self.line.x0 < self.edge
    }

    /// Labels side by side without figures, each by itself.
    fn apart(self) -> Vec<Cut> {
        let labels = self.figures == 0 && self.parts.iter().all(|p| p.x1 < self.edge);
        if !labels || self.parts.len() < 2 {
            return vec![self];
        }
        let parts = self.parts.into_iter().zip(self.texts);
        let cut = |(part, text): (Line, String)| Cut {
            ys: (part.y, part.y),
            parts: vec![part.clone()],
            line: part,
            texts: vec![text],
            figures: 0,
            edge: self.edge,
        };
        parts.map(cut).collect()
    }

    /// Its line; a label that was put together from several stands as one.
    fn line_of_label(self) -> Line {
        let Cut { mut line, texts, ys, .. } = self;
        if ys.0 < ys.1
            && let Some(last) = line.glyphs.iter().rev().find(|g| !g.c.is_whitespace()).copied()
        {
            let said = line.text().chars().count();
            line.glyphs.extend(texts[0].chars().skip(said).map(|c| Glyph { c, ..last }));
        }
        line
    }

    /// How far a row lies from it: nothing, if it runs over lines on both sides of the row.
    fn above(&self, y: f32) -> f32 {
        if self.ys.1 < y { y - self.ys.1 } else { 0.0 }
    }
}

/// Whether a text is a number, or what stands in place of one.
fn is_figure(text: &str) -> bool {
    let figure = |c: char| {
        c.is_ascii_digit() || ('０'..='９').contains(&c) || ".,，．+＋-－−—–/／%％ ".contains(c)
    };
    !text.is_empty() && text.chars().count() <= 16 && (text == "无" || text.chars().all(figure))
}

/// Parts the lines of a page into running text and tables.
pub fn pieces(lines: Vec<Line>) -> Vec<Piece> {
    let cuts: Vec<Cut> = lines.into_iter().map(|l| Cut::new(l, &[])).collect();
    let mut out = Vec::new();
    // the header of a table stands before its first row
    let mut waiting: Vec<Cut> = Vec::new();
    let mut region: Vec<Cut> = Vec::new();
    for cut in cuts {
        if cut.is_prose() || waiting.len() > BETWEEN {
            finish(&mut region, &mut out);
            let keep = if cut.is_prose() { 0 } else { BETWEEN };
            let end = waiting.len().saturating_sub(keep);
            out.extend(waiting.drain(..end).map(|c| Piece::Line(c.line)));
        }
        match cut.is_row() {
            true => {
                region.append(&mut waiting);
                region.push(cut);
            }
            false => waiting.push(cut),
        }
    }
    finish(&mut region, &mut out);
    out.extend(waiting.into_iter().map(|c| Piece::Line(c.line)));
    out
}

/// Ends a table, if the rows seen make one.
fn finish(region: &mut Vec<Cut>, out: &mut Vec<Piece>) {
    let region = std::mem::take(region);
    let rows = region.iter().filter(|c| c.is_row());
    let (rows, figures) = rows.fold((0, 0), |(n, figures), c| (n + 1, figures + c.figures));
    if figures < 5 && (rows < 2 || figures < 3) {
        out.extend(region.into_iter().map(|c| Piece::Line(c.line)));
        return;
    }
    let starts = starts(&region);
    table(region.into_iter().map(|c| Cut::new(c.line, &starts)).collect(), out);
}

/// Where the columns of a table start: each figure, and what two lines or more begin with.
fn starts(region: &[Cut]) -> Vec<f32> {
    let mut starts: Vec<f32> = Vec::new();
    let mut labels: Vec<f32> = Vec::new();
    for cut in region {
        let (label, figures) = cut.parts.split_at(cut.parts.len() - cut.figures);
        starts.extend(figures.iter().map(|p| p.x0));
        labels.extend(label.iter().map(|p| p.x0));
    }
    labels.sort_by(f32::total_cmp);
    starts.extend(labels.windows(2).filter(|w| w[1] - w[0] < 1.0).map(|w| w[1]));
    starts.sort_by(f32::total_cmp);
    starts.dedup();
    starts
}

/// The least distance of two rows: the lines of one label stand nearer to each other.
fn pitch(region: &[Cut]) -> f32 {
    let ys: Vec<f32> = region.iter().filter(|c| c.is_row()).map(|c| c.line.y).collect();
    let gaps = ys.windows(2).map(|w| w[1] - w[0]).filter(|gap| *gap > 4.0);
    0.97 * gaps.fold(f32::INFINITY, f32::min)
}

/// A row of a table being put together.
struct Row {
    cells: Vec<String>,
    /// Both ends of each figure; they are its last cells.
    figures: Vec<(f32, f32)>,
    top: f32,
    bottom: f32,
    /// The label that broken lines belong to, and where it begins.
    label: Option<(usize, f32)>,
    size: f32,
    page: u32,
    /// Lines of its label stand nearer than this.
    pitch: f32,
    /// How far the line of its label above stands from it: one below stands as far.
    rise: Option<f32>,
}

impl Row {
    fn new(cut: &Cut, pitch: f32) -> Row {
        let label = (cut.parts.len() - cut.figures).checked_sub(1);
        Row {
            cells: cut.texts.clone(),
            figures: cut.parts[cut.parts.len() - cut.figures..]
                .iter()
                .map(|p| (p.x0, p.x1))
                .collect(),
            top: cut.line.y,
            bottom: cut.line.y,
            label: label.map(|i| (i, cut.parts[i].x0)),
            size: cut.line.size,
            page: cut.line.page,
            pitch,
            rise: None,
        }
    }

    fn label(&self) -> Option<&str> {
        self.label.map(|(i, _)| self.cells[i].as_str())
    }

    /// Whether a line above is the beginning of its label.
    fn begins_with(&self, cut: &Cut) -> bool {
        let gap = cut.above(self.top);
        if self.lacks(cut) {
            return true;
        }
        let aligned = self.label.is_some_and(|(_, x0)| (cut.line.x0 - x0).abs() < 3.0 * self.size);
        let broken = self.label().is_none_or(|l| !is_numbered(l));
        let near = gap < self.pitch.min(0.95 * self.size);
        aligned && (near || broken && is_numbered(&cut.texts[0]) && gap < 2.0 * self.size)
    }

    /// Whether a line is the label that stands beside its figures only: nothing else is there.
    fn lacks(&self, cut: &Cut) -> bool {
        let free = self.label.is_none_or(|(i, x0)| {
            let end = x0 + self.cells[i].chars().count() as f32 * self.size;
            cut.line.x0 > end && !is_numbered(&self.cells[i])
        });
        free && cut.above(self.top) < 1.7 * self.size
    }

    fn prepend(&mut self, cut: &Cut) {
        match self.label {
            Some((i, _)) if !self.lacks(cut) => self.cells[i].insert_str(0, &cut.texts[0]),
            beside => {
                let i = beside.map_or(0, |(i, _)| i + 1);
                self.cells.insert(i, cut.texts[0].clone());
                self.label = Some((i, cut.line.x0));
            }
        }
        self.rise = Some(cut.above(self.top));
        self.top = cut.ys.0.min(self.top);
        self.bottom = cut.ys.1.max(self.bottom);
    }

    /// Whether a line below is the rest of its label.
    fn goes_on_with(&self, cut: &Cut, next: Option<f32>) -> bool {
        let Some((_, x0)) = self.label else { return false };
        let gap = cut.ys.0 - self.bottom;
        let nearer = next.is_none_or(|next| gap <= 1.05 * cut.above(next));
        let aligned = (cut.line.x0 - x0).abs() < 3.0 * self.size;
        let near = gap < self.pitch.min(2.0 * self.size)
            || self.rise.is_some_and(|rise| rise > 0.0 && (gap - rise).abs() < 0.3 * rise);
        nearer && aligned && near && !is_numbered(&cut.texts[0])
    }

    fn append(&mut self, cut: &Cut) {
        if let Some((i, _)) = self.label {
            self.cells[i].push_str(&cut.texts[0]);
        }
        self.bottom = cut.ys.1;
    }
}

/// What stands in a table from top to bottom.
enum Entry {
    Row(Row),
    Other(Cut),
}

/// Puts the rows of a table together.
fn table(region: Vec<Cut>, out: &mut Vec<Piece>) {
    let pitch = pitch(&region);
    let region = whole_labels(with_edges(region), pitch);
    let mut done: Vec<Entry> = Vec::new();
    let mut between: Vec<Cut> = Vec::new();
    for cut in region {
        if !cut.is_row() {
            between.push(cut);
            continue;
        }
        let mut row = Row::new(&cut, pitch);
        if let Some(Entry::Row(above)) = done.last_mut() {
            // a label of the rows around may stand between
            for line in std::mem::take(&mut between) {
                match line.is_label() && above.goes_on_with(&line, Some(row.top)) {
                    true => above.append(&line),
                    false => between.push(line),
                }
            }
        }
        for i in (0..between.len()).rev() {
            if between[i].is_label() && row.begins_with(&between[i]) {
                row.prepend(&between.remove(i));
            }
        }
        done.extend(between.drain(..).map(Entry::Other));
        done.push(Entry::Row(row));
    }
    done.extend(between.into_iter().map(Entry::Other));
    give(done, out);
}

/// Tells each line where the figures of the rows above and below it begin, the farther counts:
/// tables that follow one another have their figures elsewhere.
fn with_edges(mut region: Vec<Cut>) -> Vec<Cut> {
    let first = |c: &Cut| c.parts[c.parts.len() - c.figures].x0;
    let mut above = f32::NEG_INFINITY;
    for cut in &mut region {
        if cut.is_row() {
            above = first(cut);
        }
        cut.edge = above;
    }
    let mut below = f32::NEG_INFINITY;
    for cut in region.iter_mut().rev() {
        if cut.is_row() {
            below = first(cut);
        }
        cut.edge = cut.edge.max(below);
    }
    region
}

/// Labels whose lines stand close one under the other put together: rows may stand beside them.
fn whole_labels(region: Vec<Cut>, pitch: f32) -> Vec<Cut> {
    /// Lines looked back over.
    const BACK: usize = 8;
    let mut out: Vec<Cut> = Vec::with_capacity(region.len());
    for cut in region.into_iter().flat_map(Cut::apart) {
        let from = out.len().saturating_sub(BACK);
        let label = cut.is_label() && !is_numbered(&cut.texts[0]);
        let goes_on = (from..out.len()).rev().filter(|_| label).find(|i| {
            let above = &out[*i];
            let mut rows = out[i + 1..].iter().filter(|c| c.is_row()).peekable();
            let beside = rows.peek().is_some();
            let bare = rows.all(|r| r.figures == r.parts.len());
            let most = if bare { 2.0 } else { (pitch / cut.line.size).min(1.7) };
            beside
                && above.is_label()
                && cut.line.y - above.ys.1 < most * cut.line.size
                && (cut.line.x0 - above.line.x0).abs() < 0.6 * cut.line.size
        });
        match goes_on {
            Some(i) => {
                out[i].texts[0].push_str(&cut.texts[0]);
                out[i].ys.1 = cut.line.y;
            }
            None => out.push(cut),
        }
    }
    out
}

/// Gives the rows with the headers over them, and what stands between as text.
fn give(entries: Vec<Entry>, out: &mut Vec<Piece>) {
    let mut header: Vec<Cut> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for entry in entries {
        match entry {
            Entry::Row(row) => rows.push(row),
            Entry::Other(cut) => {
                if !rows.is_empty() {
                    block(&mut header, &mut rows, out);
                }
                // a header is what stands over figures, and what stands beside that
                let over = cut.parts.iter().any(|p| p.x0 >= cut.edge - 1.0);
                let heading = cut.parts.len() == 1 && is_numbered(&cut.texts[0]);
                if over && !heading || !header.is_empty() && !is_numbered(&cut.texts[0]) {
                    header.push(cut);
                } else {
                    block(&mut header, &mut rows, out);
                    out.push(Piece::Line(cut.line_of_label()));
                }
            }
        }
    }
    block(&mut header, &mut rows, out);
}

/// A header and the rows under it, by the columns that the figures stand in.
fn block(header: &mut Vec<Cut>, rows: &mut Vec<Row>, out: &mut Vec<Piece>) {
    let (header, rows) = (std::mem::take(header), std::mem::take(rows));
    let first = header.first().map(|c| (c.line.page, c.line.top()));
    let Some((page, top)) = first.or(rows.first().map(|r| (r.page, r.top - r.size))) else {
        return;
    };
    let columns = Columns::of(&rows, &header);
    let mut cells = columns.header(&header);
    cells.extend(rows.into_iter().map(|r| columns.row(r)));
    out.push(Piece::Rows(cells, page, top));
}

/// The middles of the columns of a table, from left to right.
struct Columns(Vec<f32>);

impl Columns {
    /// As most figures stand in one row; without rows, as most labels do.
    fn of(rows: &[Row], header: &[Cut]) -> Columns {
        let most = rows.iter().map(|r| r.figures.len()).max().unwrap_or(0);
        let full = rows.iter().filter(|r| r.figures.len() == most);
        let mut spans: Vec<(f32, f32)> = vec![(f32::INFINITY, f32::NEG_INFINITY); most];
        for row in full {
            for (span, (x0, x1)) in spans.iter_mut().zip(&row.figures) {
                *span = (span.0.min(*x0), span.1.max(*x1));
            }
        }
        if rows.is_empty() {
            let widest = header.iter().max_by_key(|c| c.parts.len());
            spans =
                widest.map_or_else(Vec::new, |c| c.parts.iter().map(|p| (p.x0, p.x1)).collect());
        }
        Columns(spans.into_iter().map(|(a, b)| (a + b) / 2.0).collect())
    }

    /// The column nearest to a place.
    fn nearest(&self, x: f32) -> usize {
        let after = self.0.partition_point(|c| *c < x);
        match (after.checked_sub(1), self.0.get(after)) {
            (Some(before), Some(next)) if x - self.0[before] < next - x => before,
            (Some(before), None) => before,
            _ => after,
        }
    }

    /// The number of a column in the grid: labels stand before the figures.
    fn x(column: usize) -> Option<u16> {
        u16::try_from(LABELS + column).ok()
    }

    /// A row with a blank cell where a figure is missing.
    fn row(&self, row: Row) -> Vec<(String, Option<u16>)> {
        let mut texts = row.cells;
        let figures = texts.split_off(texts.len() - row.figures.len());
        let mut at: Vec<usize> =
            row.figures.iter().map(|(x0, x1)| self.nearest((x0 + x1) / 2.0)).collect();
        if at.windows(2).any(|w| w[0] >= w[1]) {
            at = (0..figures.len()).collect();
        }
        let mut cells: Vec<(String, Option<u16>)> = texts
            .into_iter()
            .enumerate()
            .map(|(i, t)| (t, u16::try_from(i.min(LABELS - 1)).ok()))
            .collect();
        let mut figures = at.into_iter().zip(figures).peekable();
        for column in 0..self.0.len() {
            let here = figures.next_if(|(at, _)| *at == column);
            cells.push((here.map(|(_, t)| t).unwrap_or_default(), Columns::x(column)));
        }
        cells
    }

    /// What stands over the columns: what spans several first, then each column's own lines.
    fn header(&self, header: &[Cut]) -> Vec<Vec<(String, Option<u16>)>> {
        let mut over: Vec<(String, Option<u16>)> = Vec::new();
        let mut own: Vec<String> = vec![String::new(); self.0.len()];
        let mut label = String::new();
        let reach = match self.0[..] {
            [first, second, ..] => (second - first) / 2.0,
            _ => 40.0,
        };
        for cut in header {
            for (part, text) in cut.parts.iter().zip(&cut.texts) {
                let inside = self.0.iter().filter(|c| part.x0 <= **c && **c <= part.x1).count();
                let middle = (part.x0 + part.x1) / 2.0;
                let column = self.nearest(middle);
                match inside {
                    _ if self.0.is_empty() => label.push_str(text),
                    0 if part.x1 < self.0[0] - reach.min(part.size) => label.push_str(text),
                    0 | 1 => own[column].push_str(text),
                    _ => {
                        let first = self.0.partition_point(|c| *c < part.x0);
                        over.push((text.clone(), Columns::x(first)));
                    }
                }
            }
        }
        if !label.is_empty() {
            over.insert(0, (label, Some(0)));
        }
        over.sort_by_key(|(_, x)| *x);
        let own = own.into_iter().enumerate().filter(|(_, t)| !t.is_empty());
        let own: Vec<_> = own.map(|(i, t)| (t, Columns::x(i))).collect();
        [over, own].into_iter().filter(|row| !row.is_empty()).collect()
    }
}

/// Columns kept for labels.
const LABELS: usize = 4;

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::super::lines::tests::print;
    use super::*;

    fn sketch(parts: &[(&str, f32, f32)]) -> Vec<String> {
        let glyphs = parts.iter().flat_map(|(t, x, y)| print(t, *x, *y)).collect();
        let show = |p: Piece| match p {
            Piece::Line(line) => line.text(),
            Piece::Rows(rows, ..) => {
                let row = |r: &Vec<(String, Option<u16>)>| {
                    r.iter().map(|c| c.0.as_str()).collect::<Vec<_>>().join(",")
                };
                rows.iter().map(|r| format!("[{}]", row(r))).collect::<String>()
            }
        };
        pieces(lines(glyphs, 1)).into_iter().map(show).collect()
    }

    #[test]
    fn figures_behind_labels_make_rows() {
        let read = sketch(&[
            ("二、主动公开", 10.0, 10.0),
            ("信息", 10.0, 40.0),
            ("制发", 100.0, 33.0),
            ("件数", 100.0, 47.0),
            ("废止", 160.0, 33.0),
            ("件数", 160.0, 47.0),
            ("规章", 10.0, 70.0),
            ("12", 100.0, 70.0),
            ("0", 160.0, 70.0),
            ("1.行政规范", 10.0, 93.0),
            ("3", 100.0, 100.0),
            ("4", 160.0, 100.0),
            ("性文件", 10.0, 107.0),
        ]);
        assert_eq!(read[0], "二、主动公开");
        let table = "[信息][制发件数,废止件数][规章,12,0][1.行政规范性文件,3,4]";
        assert_eq!(read.last().unwrap(), table);
    }

    #[test]
    fn running_text_with_a_number_is_no_table() {
        let read = sketch(&[("电话", 10.0, 10.0), ("12", 100.0, 10.0), ("地址", 10.0, 30.0)]);
        assert_eq!(read, ["电话 12", "地址"]);
    }
}
