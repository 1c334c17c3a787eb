//! What of a page is shown, by its elements and by the styles that stand at them; style sheets are
//! not looked at.

use html5ever::{LocalName, local_name};

use super::super::dom::{Dom, NodeId, NodeKind};
use super::super::look::Script;

/// A cell with more characters than this holds running text.
pub const MAX_CELL: usize = 400;
/// An element with more nodes than this is no passage of text that was hidden.
const MAX_NODES: usize = 1_000;

/// Whether an element is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is, and stands on its line as told, where that is told.
    Yes(Option<Script>),
    /// It is struck out.
    Struck,
    /// It is hidden.
    No,
}

/// Whether a node is shown. A hidden element that holds a table or running text is one that a script
/// shows, a page behind a tab: it is read.
pub fn shown(dom: &Dom, id: NodeId) -> Shown {
    let NodeKind::Element { name, attrs } = &dom.node(id).kind else { return Shown::Yes(None) };
    let script = match name.local {
        local_name!("sup") => Some(Script::Raised),
        local_name!("sub") => Some(Script::Lowered),
        local_name!("del") | local_name!("s") | local_name!("strike") => return struck(dom, id),
        _ => None,
    };
    if attrs.is_empty() {
        return Shown::Yes(script);
    }
    let style = Style::of(dom.attr(id, &local_name!("style")).unwrap_or_default());
    let hidden = style.hidden || dom.attr(id, &local_name!("hidden")).is_some();
    match hidden {
        true if is_passage(dom, id) => Shown::No,
        _ if style.struck => struck(dom, id),
        _ => Shown::Yes(style.script.or(script)),
    }
}

/// What is struck out, unless it is a whole table or running text: that is the mistake of an element
/// that was never closed.
fn struck(dom: &Dom, id: NodeId) -> Shown {
    if !is_passage(dom, id) {
        return Shown::Yes(None);
    }
    let is_blank = texts(dom, id).all(|text| text.trim().is_empty());
    if is_blank { Shown::No } else { Shown::Struck }
}

/// Whether a hidden cell takes up its place all the same.
pub fn keeps_its_place(dom: &Dom, cell: NodeId) -> bool {
    let style = Style::of(dom.attr(cell, &local_name!("style")).unwrap_or_default());
    style.hidden && !style.taken_out
}

/// Whether an element holds neither a table nor running text.
fn is_passage(dom: &Dom, id: NodeId) -> bool {
    let is_table = |name: &LocalName| matches!(*name, local_name!("table") | local_name!("body"));
    let nodes = || within(dom, id);
    nodes().nth(MAX_NODES).is_none()
        && !nodes().any(|node| dom.name(node).is_some_and(is_table))
        && texts(dom, id).map(|text| text.chars().count()).sum::<usize>() <= MAX_CELL
}

fn texts(dom: &Dom, id: NodeId) -> impl Iterator<Item = &str> {
    within(dom, id).filter_map(|node| match &dom.node(node).kind {
        NodeKind::Text(text) => Some(&**text),
        NodeKind::Element { .. } | NodeKind::Other => None,
    })
}

/// A node and all nodes in it.
fn within(dom: &Dom, id: NodeId) -> impl Iterator<Item = NodeId> {
    let mut open = vec![id];
    std::iter::from_fn(move || {
        let node = open.pop()?;
        open.extend(dom.children(node));
        Some(node)
    })
}

/// What the style at an element says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Style {
    hidden: bool,
    /// Whether what is hidden takes up no place.
    taken_out: bool,
    struck: bool,
    script: Option<Script>,
}

impl Style {
    fn of(text: &str) -> Style {
        let mut style = Style::default();
        for declaration in text.split(';') {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            style.declare(name.trim(), value.trim().trim_end_matches("!important").trim());
        }
        style
    }

    fn declare(&mut self, name: &str, value: &str) {
        let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
        if is(name, "display") {
            self.taken_out = is(value, "none");
            self.hidden |= self.taken_out;
        } else if is(name, "visibility") {
            self.hidden |= is(value, "hidden") || is(value, "collapse");
        } else if is(name, "text-decoration") || is(name, "text-decoration-line") {
            self.struck = value.split_whitespace().any(|word| is(word, "line-through"));
        } else if is(name, "vertical-align") {
            self.script = match value {
                _ if is(value, "super") => Some(Script::Raised),
                _ if is(value, "sub") => Some(Script::Lowered),
                _ => None,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_say_what_is_hidden_struck_and_raised() {
        let of = Style::of;
        let hidden = Style { hidden: true, ..Style::default() };
        assert_eq!(of("color: red; Visibility:HIDDEN !important"), hidden);
        assert_eq!(of("display:none"), Style { taken_out: true, ..hidden });
        let struck = Style { struck: true, ..Style::default() };
        assert_eq!(of("text-decoration: underline line-through;"), struck);
        let raised = Style { script: Some(Script::Raised), ..Style::default() };
        assert_eq!(of("vertical-align:super;font-size:60%"), raised);
        assert_eq!(of("vertical-align:top; display:block; border:none"), Style::default());
    }

    #[test]
    fn what_a_script_will_show_is_shown() {
        let first = |html: &str| {
            let dom = Dom::parse(html);
            let is_div = |id: &NodeId| dom.name(*id) == Some(&local_name!("div"));
            let div = within(&dom, Dom::ROOT).find(is_div).unwrap();
            shown(&dom, div)
        };
        let hidden = "<div style='display:none'>";
        assert_eq!(first(&format!("{hidden}9</div>")), Shown::No);
        assert_eq!(first("<div hidden>9</div>"), Shown::No);
        assert_eq!(first(&format!("{hidden}<table><tr><td>9</table></div>")), Shown::Yes(None));
        assert_eq!(first(&format!("{hidden}{}</div>", "文".repeat(401))), Shown::Yes(None));
        let struck = "<div style='text-decoration:line-through'>";
        assert_eq!(first(&format!("{struck}9</div>")), Shown::Struck);
        assert_eq!(first(&format!("{struck} </div>")), Shown::No);
    }
}
