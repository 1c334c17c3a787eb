//! Pixels of a picture, with the fonts of the system.

use std::collections::BTreeSet;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Family, Query};
use resvg::usvg::{Group, Node, Options, Tree};

use super::{Drawing, Error};

/// Pixels for each unit of the drawing: sharp in print, too.
const SCALE: f32 = 2.0;
/// Characters that an error names.
const NAMED: usize = 8;

/// The picture as PNG.
///
/// # Errors
/// [`Error::NoFont`] where no font of the system has its characters.
pub fn render(drawing: &Drawing) -> Result<Vec<u8>, Error> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    render_with(drawing, fonts)
}

/// The picture as PNG with these fonts.
pub(super) fn render_with(drawing: &Drawing, mut fonts: Database) -> Result<Vec<u8>, Error> {
    // where none of the fonts named is there, any other is, and what it lacks is taken from the rest
    let sans_serif = Query { families: &[Family::SansSerif], ..Query::default() };
    if fonts.query(&sans_serif).is_none() {
        let any = fonts.faces().find_map(|face| face.families.first()).map(|named| named.0.clone());
        any.into_iter().for_each(|family| fonts.set_sans_serif_family(family));
    }
    let options = Options { fontdb: Arc::new(fonts), ..Options::default() };
    let broken = |message: String| Error::Broken(message);
    let tree = Tree::from_str(&drawing.svg, &options).map_err(|e| broken(e.to_string()))?;
    let mut drawn = BTreeSet::new();
    letters(tree.root(), &mut drawn);
    let missing: Vec<char> = drawing.letters.difference(&drawn).copied().collect();
    if !missing.is_empty() {
        // Chinese ones tell the reader more than a bracket
        let (other, chinese): (Vec<char>, Vec<char>) = missing.iter().partition(|c| c.is_ascii());
        let named = chinese.into_iter().chain(other).take(NAMED).collect();
        return Err(Error::NoFont(named));
    }
    let size = tree.size();
    let (width, height) = (size.width() * SCALE, size.height() * SCALE);
    let mut pixels = Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| broken(format!("{width} x {height}")))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| broken(e.to_string()))
}

/// The characters for which there were glyphs.
fn letters(group: &Group, drawn: &mut BTreeSet<char>) {
    for node in group.children() {
        match node {
            Node::Group(group) => letters(group, drawn),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                let known = glyphs.filter(|glyph| glyph.id.0 != 0);
                drawn.extend(known.flat_map(|glyph| glyph.text.chars()));
            }
            _ => {}
        }
    }
}
