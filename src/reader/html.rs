//! HTML as government portals serve it: content in reading order, tables with their spans laid
//! out, everything else by the rules of browsers.

mod cell;
mod shown;

use html5ever::{LocalName, local_name};

use super::MAX_SPAN;
use super::document::{Block, Document, Grid, GridCell, Paragraph};
use super::dom::{Dom, NodeId, NodeKind};
use super::flow::squeeze;
use super::look::{Script, struck_out};
use crate::report::Place;
use cell::{Content, cells_of, is_cell};
use shown::{Shown, shown};

/// Elements nested deeper than this are not read: html5ever takes quadratic time in the depth.
const MAX_DEPTH: usize = 2_000;

/// A page nested so deep that only an attack would be.
#[derive(Debug)]
pub struct TooDeep;

/// Reads a decoded page.
pub fn read(html: &str) -> Result<Document, TooDeep> {
    // few pages have so many tags at all, and counting them takes next to nothing
    let tags = html.bytes().filter(|b| *b == b'<').count();
    if tags > MAX_DEPTH && depth(html) > MAX_DEPTH {
        return Err(TooDeep);
    }
    let dom = Dom::parse(html);
    let mut reader = Reader {
        dom: &dom,
        doc: Document::default(),
        text: String::new(),
        script: Script::Level,
        line: 1,
        tables: 0,
        struck: false,
    };
    reader.doc.media_type = "text/html";
    reader.children(Dom::ROOT);
    reader.flush();
    reader.doc.findings.extend(reader.struck.then(struck_out));
    Ok(reader.doc)
}

/// Upper bound of the nesting: opened minus closed elements at the deepest point.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for tag in html.as_bytes().split(|b| *b == b'<').skip(1) {
        match tag.first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(c) if c.is_ascii_alphabetic() && !is_flat(tag) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            _ => {}
        }
    }
    deepest
}

/// Whether a tag, from its name on, closes itself or is commonly left open without nesting.
fn is_flat(tag: &[u8]) -> bool {
    let mut name = [0; 8];
    let length = tag.iter().take(name.len()).take_while(|b| b.is_ascii_alphanumeric()).count();
    name[..length].copy_from_slice(&tag[..length]);
    name.make_ascii_lowercase();
    matches!(
        &name[..length],
        b"br"
            | b"img"
            | b"meta"
            | b"input"
            | b"link"
            | b"hr"
            | b"col"
            | b"p"
            | b"li"
            | b"td"
            | b"tr"
            | b"th"
            | b"option"
            | b"wbr"
            | b"area"
            | b"base"
            | b"param"
            | b"source"
            | b"dd"
            | b"dt"
    )
}

struct Reader<'d> {
    dom: &'d Dom,
    doc: Document,
    /// Text of the paragraph being read.
    text: String,
    /// Where on its line the text stands.
    script: Script,
    line: u32,
    tables: u32,
    /// Whether text was left out because it is struck out.
    struck: bool,
}

impl Reader<'_> {
    fn children(&mut self, id: NodeId) {
        self.dom.children(id).for_each(|child| self.node(child));
    }

    fn node(&mut self, id: NodeId) {
        let dom = self.dom;
        let node = dom.node(id);
        match &node.kind {
            NodeKind::Text(text) => {
                if self.text.is_empty() {
                    self.line = node.line;
                }
                self.text.push_str(&self.script.of(text));
            }
            NodeKind::Element { name, .. } => match shown(dom, id) {
                Shown::No => {}
                Shown::Struck => self.struck = true,
                Shown::Yes(script) => {
                    let outer = self.script;
                    self.script = script.unwrap_or(outer);
                    self.element(id, &name.local);
                    self.script = outer;
                }
            },
            NodeKind::Other => {}
        }
    }

    fn element(&mut self, id: NodeId, name: &LocalName) {
        let dom = self.dom;
        match *name {
            local_name!("script")
            | local_name!("style")
            | local_name!("noscript")
            | local_name!("template")
            | local_name!("select")
            | local_name!("textarea")
            | local_name!("button")
            | local_name!("svg")
            | local_name!("iframe") => {}
            local_name!("title") => {
                let text = squeeze(&Content::of(dom, id).text);
                self.doc.meta.push(("title".to_owned(), text));
            }
            local_name!("meta") => {
                let attr = |key| dom.attr(id, &key);
                let name = attr(local_name!("name")).or_else(|| attr(local_name!("property")));
                if let (Some(name), Some(content)) = (name, attr(local_name!("content"))) {
                    self.doc.meta.push((name.to_owned(), squeeze(content)));
                }
            }
            local_name!("br") | local_name!("hr") => self.flush(),
            local_name!("img") => self.doc.pictures += 1,
            local_name!("table") => {
                self.flush();
                self.table(id);
            }
            _ if is_inline(name) => self.children(id),
            // anything else begins and ends a paragraph
            _ => {
                self.flush();
                self.children(id);
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        let text = squeeze(&self.text);
        self.text.clear();
        if !text.is_empty() {
            let place = Place { line: Some(self.line), ..Place::default() };
            self.doc.blocks.push(Block::Paragraph(Paragraph { text, place }));
        }
    }

    fn table(&mut self, table: NodeId) {
        self.tables += 1;
        let number = self.tables;
        let mut grid = Grid::default();
        let mut spans = Spans::default();
        for (y, row) in rows_of(self.dom, table).into_iter().enumerate() {
            let is_shown = shown(self.dom, row);
            if !matches!(is_shown, Shown::Yes(_)) {
                self.struck |= is_shown == Shown::Struck;
                continue;
            }
            let Some((cells, struck)) = cells_of(self.dom, row) else {
                self.push_grid(&mut grid);
                for cell in self.dom.children(row).filter(|c| is_cell(self.dom, *c)) {
                    self.children(cell);
                    self.flush();
                }
                continue;
            };
            self.struck |= struck;
            spans.next_row();
            let mut read = Vec::with_capacity(cells.len());
            for (i, (cell, text)) in cells.into_iter().enumerate() {
                let span = |key| {
                    let given = self.dom.attr(cell, &key).and_then(|v| v.trim().parse().ok());
                    given.unwrap_or(1u16).clamp(1, MAX_SPAN)
                };
                let x = spans.place(span(local_name!("colspan")), span(local_name!("rowspan")));
                let place = Place {
                    line: Some(self.dom.node(cell).line),
                    table: Some(number),
                    row: Some(y as u32 + 1),
                    column: Some(i as u32 + 1),
                    ..Place::default()
                };
                read.push(GridCell { text, place, x: Some(x), confidence: None });
            }
            grid.rows.push(read);
        }
        self.push_grid(&mut grid);
        // a caption or stray text in the table
        for child in self.dom.children(table) {
            if self.dom.name(child) == Some(&local_name!("caption")) {
                self.children(child);
                self.flush();
            }
        }
    }

    fn push_grid(&mut self, grid: &mut Grid) {
        let grid = std::mem::take(grid);
        if grid.rows.iter().any(|r| !r.is_empty()) {
            self.doc.blocks.push(Block::Grid(grid));
        }
    }
}

/// Which columns of the current row are taken by cells that span down from rows above.
#[derive(Default)]
struct Spans {
    below: Vec<u16>,
    x: usize,
}

impl Spans {
    fn next_row(&mut self) {
        self.x = 0;
        for rows in &mut self.below {
            *rows = rows.saturating_sub(1);
        }
    }

    /// Column in which the next cell begins.
    fn place(&mut self, columns: u16, rows: u16) -> u16 {
        while self.below.get(self.x).is_some_and(|r| *r > 0) {
            self.x += 1;
        }
        let start = self.x;
        self.x += usize::from(columns);
        if self.below.len() < self.x {
            self.below.resize(self.x, 0);
        }
        self.below[start..self.x].fill(rows);
        u16::try_from(start).unwrap_or(u16::MAX)
    }
}

fn rows_of(dom: &Dom, table: NodeId) -> Vec<NodeId> {
    let mut rows = Vec::new();
    for child in dom.children(table) {
        match dom.name(child) {
            Some(&local_name!("tr")) => rows.push(child),
            Some(&(local_name!("tbody") | local_name!("thead") | local_name!("tfoot"))) => {
                rows.extend(rows_of(dom, child));
            }
            _ => {}
        }
    }
    rows
}

/// Whether an element stands within a paragraph.
fn is_inline(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("abbr")
            | local_name!("b")
            | local_name!("bdo")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("img")
            | local_name!("input")
            | local_name!("ins")
            | local_name!("label")
            | local_name!("mark")
            | local_name!("s")
            | local_name!("small")
            | local_name!("span")
            | local_name!("strong")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("time")
            | local_name!("u")
    ) || matches!(&**name, "o:p" | "st1:chsdate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(html: &str) -> Vec<Vec<(String, u16)>> {
        let doc = read(html).unwrap();
        let grid = doc.blocks.into_iter().find_map(|b| match b {
            Block::Grid(g) => Some(g),
            Block::Paragraph(_) => None,
        });
        (grid.unwrap().rows.into_iter())
            .map(|r| r.into_iter().map(|c| (c.text, c.x.unwrap())).collect())
            .collect()
    }

    #[test]
    fn spans_place_cells_in_columns() {
        let rows = grid(
            "<table><tr><td rowspan=2>a<td colspan=2>b<td>c<tr><td>d<td><p>1<br>2</p><td>f</table>",
        );
        let at = |t: &str, x| (t.to_owned(), x);
        assert_eq!(rows[0], [at("a", 0), at("b", 1), at("c", 3)]);
        assert_eq!(rows[1], [at("d", 1), at("1\n2", 2), at("f", 3)]);
    }

    #[test]
    fn a_cell_says_what_is_shown_of_it() {
        let said = |cell: &str| {
            let html = format!("<table><tr><td>{cell}</td><td>0</table>");
            let doc = read(&html).unwrap();
            (grid(&html)[0][0].0.clone(), doc.findings.len())
        };
        let plain = |text: &str| (text.to_owned(), 0);
        assert_eq!(said("109<sup>1</sup>"), plain("109¹"));
        assert_eq!(said("<sup>a<b>2</b></sup>3<sub>4</sub>"), plain("a²3₄"));
        assert_eq!(said("<span hidden>9</span>10\n9"), plain("10 9"));
        assert_eq!(said("<p>109</p>5"), plain("109\n5"));
        assert_eq!(said("信息<br>内容"), plain("信息 内容"));
        assert_eq!(said("<strike>9</strike>109"), ("109".to_owned(), 1));
        let doc = read("<p>甲<s>乙</s><sup>1</sup><i style='display:none'>丙</i>丁").unwrap();
        assert!(matches!(&doc.blocks[0], Block::Paragraph(p) if p.text == "甲¹丁"));
        assert_eq!(doc.findings[0].rule, "struck-out");
    }

    #[test]
    fn absurd_spans_and_depths_are_survived() {
        assert_eq!(grid("<table><tr><td colspan=4294967295>a<td>b</table>")[0].len(), 2);
        assert!(read(&"<div>".repeat(100_000)).is_err());
        assert!(read(&"<p>".repeat(100_000)).is_ok());
    }

    #[test]
    fn what_is_nested_wrong_stands_where_a_browser_puts_it() {
        let doc = read("<table><tr>前<td>1</td></tr>后</table><b>一<p>二</b>三<br>四").unwrap();
        let paragraph = |i: usize| match &doc.blocks[i] {
            Block::Paragraph(p) => p.text.as_str(),
            Block::Grid(_) => "a grid",
        };
        let blocks: Vec<&str> = (0..doc.blocks.len()).map(paragraph).collect();
        assert_eq!(blocks, ["前后", "a grid", "一", "二三", "四"]);
    }

    #[test]
    fn layout_tables_are_read_through() {
        let doc = read("<table><tr><td>一、总体情况<table><tr><td>1<td>2</table></table>").unwrap();
        assert!(matches!(&doc.blocks[0], Block::Paragraph(p) if p.text == "一、总体情况"));
        assert!(matches!(&doc.blocks[1], Block::Grid(g) if g.rows[0].len() == 2));
    }
}
