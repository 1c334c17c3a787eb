//! A document as pages of fixed layout: an OFD whose tables the page end cuts where a test says.

use std::fmt::Write as _;

use super::office::{Cell, Part, Sheet, package, slots};

/// Margin of a page; it is as long as it needs to be.
const MARGIN: f32 = 20.0;
const HEIGHT: f32 = 900.0;

/// Where a text stands in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
}

impl Align {
    pub const ALL: [Align; 3] = [Align::Left, Align::Center, Align::Right];

    /// What is free before a text, of all that is free in its line.
    fn before(self, free: f32) -> f32 {
        match self {
            Align::Left => 0.0,
            Align::Center => free / 2.0,
            Align::Right => free,
        }
    }
}

/// Measures of a table, in millimetres.
#[derive(Debug, Clone, Copy)]
pub struct Measures {
    /// Of a character.
    pub size: f32,
    /// From line to line.
    pub pitch: f32,
    /// What a cell keeps free on each side.
    pub padding: f32,
    /// Width of a column of figures.
    pub figure: f32,
    /// Width of the page.
    pub width: f32,
    /// Where words and figures stand.
    pub words: Align,
    pub figures: Align,
}

impl Measures {
    /// A table of the usual kind.
    pub const USUAL: Measures = Measures {
        size: 3.2,
        pitch: 4.2,
        padding: 1.0,
        figure: 12.0,
        width: 210.0,
        words: Align::Left,
        figures: Align::Left,
    };

    fn step(&self, c: char) -> f32 {
        if c.is_ascii() { self.size / 2.0 } else { self.size }
    }

    /// A text in lines of a width.
    fn wrapped(&self, text: &str, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut used = 0.0;
        for c in text.chars() {
            let step = self.step(c);
            if used + step > width && used > 0.0 {
                lines.push(String::new());
                used = 0.0;
            }
            lines.last_mut().unwrap().push(c);
            used += step;
        }
        lines
    }
}

/// Where a page ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Before a row of a table.
    Before { table: usize, row: usize },
    /// Within a row: of its texts the first line stays.
    Within { table: usize, row: usize },
}

/// Pages being drawn.
struct Paper {
    pages: Vec<String>,
    page: String,
    y: f32,
    ruled: bool,
    measures: Measures,
}

/// A table with its measures.
struct Laid<'s> {
    rows: &'s [Vec<Cell>],
    /// Places of the columns.
    xs: Vec<f32>,
    measures: Measures,
}

/// A cell in its place, its text in lines.
struct Placed {
    row: usize,
    rows: usize,
    x: (f32, f32),
    lines: Vec<String>,
}

/// The document, with a page end.
pub fn ofd(sheet: &Sheet, measures: Measures, end: Option<End>) -> Vec<u8> {
    let ruled = sheet.ruled;
    let mut paper = Paper { pages: Vec::new(), page: String::new(), y: MARGIN, ruled, measures };
    let mut table = 0;
    for part in &sheet.parts {
        match part {
            Part::Text(line) => paper.paragraph(line),
            Part::Table(rows) => {
                paper.table(&Laid::new(rows, measures), table, end);
                table += 1;
            }
        }
    }
    paper.finish()
}

impl<'s> Laid<'s> {
    fn new(rows: &'s [Vec<Cell>], measures: Measures) -> Laid<'s> {
        let laid = slots(rows);
        let width = laid.iter().flatten().map(|s| s.x + s.columns).max().unwrap_or(1);
        // what holds a figure in the last row is narrow, labels share the rest
        let is_figure = |x: u16| {
            let last = laid.last().into_iter().flatten();
            let mut here = last.filter(|s| s.x <= x && x < s.x + s.columns);
            let text = here.next().and_then(|s| s.cell).map_or("", |c| c.text.as_str());
            text.is_ascii()
        };
        let figures = (0..width).filter(|x| is_figure(*x)).count();
        let labels = usize::from(width) - figures;
        let room = measures.width - 2.0 * MARGIN;
        let (narrow, wide) = match labels {
            0 => (room / figures as f32, 0.0),
            labels => (measures.figure, (room - measures.figure * figures as f32) / labels as f32),
        };
        let mut xs = vec![MARGIN];
        for x in 0..width {
            let step = if is_figure(x) { narrow } else { wide };
            xs.push(xs[usize::from(x)] + step);
        }
        Laid { rows, xs, measures }
    }

    fn cells(&self) -> Vec<Placed> {
        let placed = |(row, slots): (usize, Vec<super::office::Slot<'_>>)| {
            let cells = slots.into_iter().filter_map(move |slot| {
                let cell = slot.cell?;
                let x = |at: u16| self.xs[usize::from(at)];
                let x = (x(slot.x), x(slot.x + slot.columns));
                let lines =
                    self.measures.wrapped(&cell.text, x.1 - x.0 - 2.0 * self.measures.padding);
                Some(Placed { row, rows: usize::from(cell.rows), x, lines })
            });
            cells.collect::<Vec<_>>()
        };
        slots(self.rows).into_iter().enumerate().flat_map(placed).collect()
    }

    fn heights(&self, cells: &[Placed]) -> Vec<f32> {
        let Measures { pitch, padding, .. } = self.measures;
        let mut heights = vec![pitch + 2.0 * padding; self.rows.len()];
        let mut by_span: Vec<&Placed> = cells.iter().collect();
        by_span.sort_by_key(|c| c.rows);
        for cell in by_span {
            let need = cell.lines.len() as f32 * pitch + 2.0 * padding;
            let end = (cell.row + cell.rows).min(heights.len());
            let there: f32 = heights[cell.row..end].iter().sum();
            heights[end - 1] += (need - there).max(0.0);
        }
        heights
    }
}

impl Paper {
    fn text(&mut self, said: &str, x: f32, baseline: f32) {
        let measures = self.measures;
        let size = measures.size;
        let steps: Vec<String> = said.chars().map(|c| format!("{:.3}", measures.step(c))).collect();
        let said = said.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        write!(
            self.page,
            "<ofd:TextObject ID=\"1\" Boundary=\"{x:.3} {:.3} 200 {size}\" Font=\"1\" Size=\"{size}\">\
             <ofd:TextCode X=\"0\" Y=\"{size}\" DeltaX=\"{}\">{said}</ofd:TextCode></ofd:TextObject>",
            baseline - size,
            steps.join(" ")
        )
        .unwrap();
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        if !self.ruled {
            return;
        }
        let (w, h) = (to.0 - from.0, to.1 - from.1);
        write!(
            self.page,
            "<ofd:PathObject ID=\"2\" Boundary=\"{} {} {} {}\" LineWidth=\"0.2\">\
             <ofd:AbbreviatedData>M 0 0 L {w} {h}</ofd:AbbreviatedData></ofd:PathObject>",
            from.0,
            from.1,
            w + 0.1,
            h + 0.1
        )
        .unwrap();
    }

    fn end_page(&mut self) {
        self.pages.push(std::mem::take(&mut self.page));
        self.y = MARGIN;
    }

    fn paragraph(&mut self, said: &str) {
        let Measures { pitch, .. } = self.measures;
        for line in self.measures.wrapped(said, self.measures.width - 2.0 * MARGIN) {
            self.y += pitch;
            self.text(&line, MARGIN, self.y);
        }
        self.y += pitch;
    }

    fn table(&mut self, table: &Laid<'_>, number: usize, end: Option<End>) {
        let cells = table.cells();
        let heights = table.heights(&cells);
        let count = heights.len();
        match end {
            Some(End::Before { table, row }) if table == number => {
                self.rows(&cells, &heights, 0..row, false, false);
                self.end_page();
                self.rows(&cells, &heights, row..count, false, false);
            }
            Some(End::Within { table, row }) if table == number => {
                self.rows(&cells, &heights, 0..row + 1, true, false);
                self.end_page();
                self.rows(&cells, &heights, row..count, false, true);
            }
            _ => self.rows(&cells, &heights, 0..count, false, false),
        }
        self.y += self.measures.pitch;
    }

    /// Rows of a table; of the last only the first lines of its texts, or of the first the others.
    fn rows(
        &mut self,
        cells: &[Placed],
        heights: &[f32],
        shown: std::ops::Range<usize>,
        torn_below: bool,
        torn_above: bool,
    ) {
        let Measures { pitch, padding, words, figures, .. } = self.measures;
        let last = shown.end - 1;
        let height = |row: usize| match row {
            row if row == last && torn_below => pitch + padding,
            row => heights[row],
        };
        let top = |row: usize| self.y + (shown.start..row).map(height).sum::<f32>();
        let tops: Vec<f32> = (shown.start..=shown.end).map(top).collect();
        let at = |row: usize| tops[row - shown.start];
        for cell in cells {
            let (from, to) = (cell.row.max(shown.start), (cell.row + cell.rows).min(shown.end));
            if from >= to {
                continue;
            }
            let (above, below) = (at(from), at(to));
            let is_torn = |row: usize| cell.row == row && cell.rows == 1;
            if !(torn_above && from == shown.start) {
                self.line((cell.x.0, above), (cell.x.1, above));
            }
            if !(torn_below && to == shown.end) {
                self.line((cell.x.0, below), (cell.x.1, below));
            }
            self.line((cell.x.0, above), (cell.x.0, below));
            self.line((cell.x.1, above), (cell.x.1, below));
            // what spans the page end has its lines where there is room
            let before: f32 = heights[cell.row..from].iter().sum();
            let before = if torn_above && from == shown.start { before + pitch } else { before };
            let gone = ((before / pitch) as usize).min(cell.lines.len());
            let fits = ((below - above) / pitch) as usize;
            let is_over = cell.row + cell.rows > to || torn_below && to == shown.end;
            let end = if is_over { gone + fits } else { usize::MAX };
            let lines = match () {
                () if torn_below && is_torn(last) => &cell.lines[..1],
                () if torn_above && is_torn(shown.start) => &cell.lines[1..],
                () => &cell.lines[gone..end.clamp(gone, cell.lines.len())],
            };
            let free = below - above - lines.len() as f32 * pitch;
            // rows that go on over the page end begin at their top
            let free = if torn_below && to == shown.end { 2.0 * padding } else { free };
            for (i, line) in (0u8..).zip(lines) {
                let baseline = above + free / 2.0 + (f32::from(i) + 0.85) * pitch;
                let is_figure = line.is_ascii();
                let align = if is_figure { figures } else { words };
                let long: f32 = line.chars().map(|c| self.measures.step(c)).sum();
                let free = cell.x.1 - cell.x.0 - 2.0 * padding - long;
                self.text(line, cell.x.0 + padding + align.before(free), baseline);
            }
        }
        self.y = at(shown.end);
    }

    fn finish(mut self) -> Vec<u8> {
        self.end_page();
        let space = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
        let root = format!(
            "<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        );
        let mut list = String::new();
        let mut parts = vec![("OFD.xml".to_owned(), root)];
        for (i, page) in self.pages.iter().enumerate() {
            let path = format!("Pages/Page_{i}/Content.xml");
            write!(list, "<ofd:Page ID=\"{}\" BaseLoc=\"{path}\"/>", i + 9).unwrap();
            let page = format!(
                "<ofd:Page {space}><ofd:Content><ofd:Layer ID=\"7\">{page}</ofd:Layer></ofd:Content></ofd:Page>"
            );
            parts.push((format!("Doc_0/{path}"), page));
        }
        let width = self.measures.width;
        let document = format!(
            "<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 {width} {HEIGHT}</ofd:PhysicalBox>\
             </ofd:PageArea></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"
        );
        parts.push(("Doc_0/Document.xml".to_owned(), document));
        let parts: Vec<(&str, &str)> =
            parts.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
        package(&parts)
    }
}
