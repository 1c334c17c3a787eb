//! What stands in the cells of a page's tables.

use html5ever::local_name;

use super::super::dom::{Dom, NodeId, NodeKind};
use super::super::flow::squeeze;
use super::super::look::{Script, join_lines};
use super::shown::{MAX_CELL, Shown, keeps_its_place, shown};

/// The cells of a row with their text, and whether some of it is struck out; none where a cell that
/// holds a table or running text shows that it is a means of layout.
pub fn cells_of(dom: &Dom, row: NodeId) -> Option<(Vec<(NodeId, String)>, bool)> {
    let mut content = Content::default();
    let mut cells = Vec::new();
    for cell in dom.children(row).filter(|c| is_cell(dom, *c)) {
        content.text.clear();
        match shown(dom, cell) {
            Shown::No if !keeps_its_place(dom, cell) => continue,
            Shown::No => {}
            Shown::Struck => content.struck = true,
            Shown::Yes(script) => content.read(dom, cell, script.unwrap_or_default()),
        }
        let is_long = content.text.len() > MAX_CELL;
        if content.has_table || is_long && content.text.chars().nth(MAX_CELL).is_some() {
            return None;
        }
        cells.push((cell, join_lines(content.text.split('\n').map(squeeze))));
    }
    Some((cells, content.struck))
}

pub fn is_cell(dom: &Dom, id: NodeId) -> bool {
    matches!(dom.name(id), Some(&(local_name!("td") | local_name!("th"))))
}

/// What stands in an element.
#[derive(Default)]
pub struct Content {
    /// Its text.
    pub text: String,
    has_table: bool,
    /// Whether some of it is struck out, which is left out.
    struck: bool,
}

impl Content {
    /// All that is shown in it.
    pub fn of(dom: &Dom, id: NodeId) -> Content {
        let mut content = Content::default();
        content.children(dom, id, Script::Level);
        content
    }

    fn children(&mut self, dom: &Dom, id: NodeId, script: Script) {
        dom.children(id).for_each(|child| match shown(dom, child) {
            Shown::No => {}
            Shown::Struck => self.struck = true,
            Shown::Yes(own) => self.read(dom, child, own.unwrap_or(script)),
        });
    }

    /// Reads what is shown of a node: ends of lines are those that it makes, not those of the source.
    fn read(&mut self, dom: &Dom, id: NodeId, script: Script) {
        let node = dom.node(id);
        let mut is_block = false;
        match &node.kind {
            NodeKind::Text(text) => {
                let text = script.of(text);
                return self.text.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
            }
            NodeKind::Element { name, .. } => match name.local {
                local_name!("script") | local_name!("style") => return,
                local_name!("br") => self.text.push('\n'),
                local_name!("p") | local_name!("div") | local_name!("li") => is_block = true,
                local_name!("table") => self.has_table = true,
                _ => {}
            },
            NodeKind::Other => {}
        }
        if is_block {
            self.text.push('\n');
        }
        self.children(dom, id, script);
        if is_block {
            self.text.push('\n');
        }
    }
}
