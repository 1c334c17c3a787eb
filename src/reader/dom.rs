//! The tree html5ever builds for us: the little of a DOM that reading needs, with the source line
//! of every element, which the ready-made trees do not keep.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, ParseOpts, QualName, parse_document};

/// Index of a node in its tree.
pub type NodeId = usize;

/// What a node is.
pub enum NodeKind {
    /// The root, or a node without content of its own.
    Other,
    /// Text.
    Text(StrTendril),
    /// An element.
    Element {
        /// Its name.
        name: QualName,
        /// Its attributes.
        attrs: Vec<Attribute>,
    },
}

/// A node of the tree.
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Line of the source it begins in, from 1.
    pub line: u32,
    parent: Option<NodeId>,
    first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    before: Option<NodeId>,
    after: Option<NodeId>,
}

/// A parsed page.
pub struct Dom(Vec<Node>);

impl Dom {
    /// Parses a page as a browser would.
    pub fn parse(html: &str) -> Dom {
        // portals take some eighteen bytes a node; of a huge page the rest is made room for later
        let nodes = Vec::with_capacity((html.len() / 16).min(1 << 14));
        let sink = Sink { nodes: RefCell::new(nodes), line: Cell::new(1) };
        sink.push(NodeKind::Other);
        parse_document(sink, ParseOpts::default()).one(StrTendril::from(html))
    }

    /// The root.
    pub const ROOT: NodeId = 0;

    /// The node of an index.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.0[id]
    }

    /// Children of a node in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.0[id].first_child, |child| self.0[*child].after)
    }

    /// Name of an element; none for other nodes.
    pub fn name(&self, id: NodeId) -> Option<&LocalName> {
        match &self.0[id].kind {
            NodeKind::Element { name, .. } => Some(&name.local),
            _ => None,
        }
    }

    /// Value of an attribute.
    pub fn attr(&self, id: NodeId, key: &LocalName) -> Option<&str> {
        match &self.0[id].kind {
            NodeKind::Element { attrs, .. } => {
                attrs.iter().find(|a| a.name.local == *key).map(|a| &*a.value)
            }
            _ => None,
        }
    }
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    line: Cell<u32>,
}

impl Sink {
    fn push(&self, kind: NodeKind) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            kind,
            line: self.line.get(),
            parent: None,
            first_child: None,
            last_child: None,
            before: None,
            after: None,
        });
        nodes.len() - 1
    }

    /// Puts a child, or text, under `parent`: before one of its children, or last.
    fn insert(&self, parent: NodeId, next: Option<NodeId>, child: NodeOrText<NodeId>) {
        let id = match child {
            NodeOrText::AppendNode(id) => {
                detach(&mut self.nodes.borrow_mut(), id);
                id
            }
            NodeOrText::AppendText(text) => {
                if self.append_to_text(parent, next, &text) {
                    return;
                }
                self.push(NodeKind::Text(text))
            }
        };
        attach(&mut self.nodes.borrow_mut(), id, parent, next);
    }

    /// Whether the place is right behind text, which then has this one, too.
    fn append_to_text(&self, parent: NodeId, next: Option<NodeId>, text: &StrTendril) -> bool {
        let nodes = &mut *self.nodes.borrow_mut();
        let before = next.map_or(nodes[parent].last_child, |next| nodes[next].before);
        match before.map(|id| &mut nodes[id].kind) {
            Some(NodeKind::Text(existing)) => {
                existing.push_tendril(text);
                true
            }
            _ => false,
        }
    }
}

/// Takes a node out of its place.
fn detach(nodes: &mut [Node], id: NodeId) {
    let (before, after) = (nodes[id].before.take(), nodes[id].after.take());
    let Some(parent) = nodes[id].parent.take() else { return };
    match before {
        Some(before) => nodes[before].after = after,
        None => nodes[parent].first_child = after,
    }
    match after {
        Some(after) => nodes[after].before = before,
        None => nodes[parent].last_child = before,
    }
}

/// Puts a node that has no place under `parent`: before one of its children, or last.
fn attach(nodes: &mut [Node], id: NodeId, parent: NodeId, next: Option<NodeId>) {
    let before = match next {
        Some(next) => nodes[next].before.replace(id),
        None => nodes[parent].last_child.replace(id),
    };
    match before {
        Some(before) => nodes[before].after = Some(id),
        None => nodes[parent].first_child = Some(id),
    }
    let node = &mut nodes[id];
    (node.parent, node.before, node.after) = (Some(parent), before, next);
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Dom;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Dom {
        Dom(self.nodes.into_inner())
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        Dom::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| match &nodes[*target].kind {
            NodeKind::Element { name, .. } => name,
            _ => unreachable!("html5ever asks for the names of elements only"),
        })
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> NodeId {
        self.push(NodeKind::Element { name, attrs })
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.push(NodeKind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.push(NodeKind::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        if self.nodes.borrow()[*element].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(id) = &child {
            detach(&mut self.nodes.borrow_mut(), *id);
        }
        let parent = self.nodes.borrow()[*sibling].parent;
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, new: Vec<Attribute>) {
        if let NodeKind::Element { attrs, .. } = &mut self.nodes.borrow_mut()[*target].kind {
            for attr in new {
                if !attrs.iter().any(|a| a.name == attr.name) {
                    attrs.push(attr);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        detach(&mut self.nodes.borrow_mut(), *target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        while let Some(child) = nodes[*node].first_child {
            detach(&mut nodes, child);
            attach(&mut nodes, child, *new_parent, None);
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }
}
