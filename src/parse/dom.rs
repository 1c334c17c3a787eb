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
    /// Children in order.
    pub children: Vec<NodeId>,
    /// Line of the source it begins in, from 1.
    pub line: u32,
    parent: Option<NodeId>,
}

/// A parsed page.
pub struct Dom(Vec<Node>);

impl Dom {
    /// Parses a page as a browser would.
    pub fn parse(html: &str) -> Dom {
        let sink = Sink { nodes: RefCell::new(Vec::new()), line: Cell::new(1) };
        sink.push(NodeKind::Other);
        parse_document(sink, ParseOpts::default()).one(StrTendril::from(html))
    }

    /// The root.
    pub const ROOT: NodeId = 0;

    /// The node of an index.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.0[id]
    }

    /// Name of an element; none for other nodes.
    pub fn name(&self, id: NodeId) -> Option<&LocalName> {
        match &self.0[id].kind {
            NodeKind::Element { name, .. } => Some(&name.local),
            _ => None,
        }
    }

    /// Value of an attribute.
    pub fn attr(&self, id: NodeId, key: &str) -> Option<&str> {
        match &self.0[id].kind {
            NodeKind::Element { attrs, .. } => {
                attrs.iter().find(|a| &*a.name.local == key).map(|a| &*a.value)
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
        nodes.push(Node { kind, children: Vec::new(), line: self.line.get(), parent: None });
        nodes.len() - 1
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            nodes[parent].children.retain(|c| *c != id);
        }
    }

    fn insert(&self, parent: NodeId, at: Option<usize>, child: NodeOrText<NodeId>) {
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let before = {
                    let nodes = self.nodes.borrow();
                    let children = &nodes[parent].children;
                    at.map_or(children.len(), |i| i).checked_sub(1).map(|i| children[i])
                };
                if let Some(last) = before
                    && let NodeKind::Text(existing) = &mut self.nodes.borrow_mut()[last].kind
                {
                    existing.push_tendril(&text);
                    return;
                }
                self.push(NodeKind::Text(text))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[id].parent = Some(parent);
        match at {
            Some(i) => nodes[parent].children.insert(i, id),
            None => nodes[parent].children.push(id),
        }
    }
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
            self.detach(*id);
        }
        let place = {
            let nodes = self.nodes.borrow();
            nodes[*sibling]
                .parent
                .and_then(|p| Some((p, nodes[p].children.iter().position(|c| c == sibling)?)))
        };
        if let Some((parent, at)) = place {
            self.insert(parent, Some(at), child);
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
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }
}
