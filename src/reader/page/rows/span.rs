//! What lines take of the width of a page, and how they lie one over the other.

use super::super::lines::Line;

/// From left to right.
pub(super) type Span = (f32, f32);

/// Overlaps of less than this, in points, are none.
pub(super) const LEAST: f32 = 0.4;

/// Spans put together where they overlap.
pub(super) fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if overlap(*last, span) => last.1 = last.1.max(span.1),
            _ => out.push(span),
        }
    }
    out
}

/// Whether spans lie one over the other.
pub(super) fn overlap(a: Span, b: Span) -> bool {
    a.1.min(b.1) - a.0.max(b.0) > LEAST
}

/// Whether lines of one label may lie so: aligned to the left, within an indent, to the right or in
/// the middle.
pub(super) fn aligned(a: Span, b: Span, indent: f32, size: f32) -> bool {
    let same = |a: f32, b: f32| (a - b).abs() < 0.3 * size;
    let over = a.0 < b.1 && b.0 < a.1;
    (a.0 - b.0).abs() < indent * size
        || over && (same(a.1, b.1) || same((a.0 + a.1) / 2.0, (b.0 + b.1) / 2.0))
}

/// From where to where a line reaches.
pub(super) fn span(line: &Line) -> Span {
    (line.x0, line.x1)
}
