//! The lines of text of a picture: which ink stands in which cell, and how it lies in lines.

use super::ink::Piece;
use super::raster::Area;

/// Ink smaller than this is dirt, in points.
const DIRT: f32 = 0.45;
/// The least stroke, as a share of the height of characters.
const STROKE: f32 = 0.22;
/// Ink larger than this is a picture or a seal.
const LARGE: f32 = 80.0;
/// Pieces of ink beyond this many are a photograph.
const MOST: usize = 300_000;
/// Cells are told apart by squares of so many dots.
const SQUARE: usize = 4;

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// The box around its ink.
    pub area: Area,
    /// Number of the cell that it stands in; none outside of tables.
    pub cell: Option<usize>,
    /// How tall its characters are, in dots.
    pub size: f32,
    /// Whether more than one line may stand in it.
    pub is_block: bool,
    /// Tall pieces of ink side by side: as many characters at least.
    pub columns: usize,
}

/// What the ink of a picture is.
#[derive(Debug, Default)]
pub struct Found {
    /// Lines of text, cell by cell.
    pub strips: Vec<Strip>,
    /// How tall most characters are, in dots.
    pub size: f32,
    /// What is no text.
    pub dirt: Vec<Area>,
}

/// The lines of text in cells and outside of them; `scale` is dots a point.
pub fn strips(pieces: Vec<Piece>, cells: &[Area], scale: f32) -> Found {
    let least = (DIRT * scale).powi(2).max(2.0);
    let is_large = |p: &Piece| p.area.width().max(p.area.height()) as f32 > LARGE * scale;
    let pieces = pieces.into_iter().filter(|p| !is_large(p));
    let (inked, dirt): (Vec<Piece>, Vec<Piece>) = pieces.partition(|p| p.dots as f32 >= least);
    if inked.is_empty() || inked.len() > MOST {
        return Found::default();
    }
    let inked: Vec<Area> = inked.into_iter().map(|p| p.area).collect();
    let size = usual_height(&inked, scale);
    let dirt = dirt.into_iter().map(|p| p.area).collect();
    let mut found = Found { strips: Vec::new(), size, dirt };
    let map = Map::of(cells, &inked);
    let mut by_cell: Vec<Vec<Area>> = vec![Vec::new(); cells.len() + 1];
    for area in inked {
        let cell = map.cell(area);
        // the rest of a line that was taken away
        let edge = cell.is_some_and(|c| is_edge(area, cells[c], scale));
        if !edge {
            by_cell[cell.map_or(0, |c| c + 1)].push(area);
        }
    }
    for (i, inked) in by_cell.into_iter().enumerate() {
        let cell = i.checked_sub(1);
        let lines = lines(inked, size, &mut found.dirt);
        found.strips.extend(lines.into_iter().map(|line| Strip { cell, ..line }));
    }
    found
}

/// The height of most characters.
fn usual_height(inked: &[Area], scale: f32) -> f32 {
    let tall = |a: &&Area| a.height() as f32 > 4.0 * scale && a.height() < 3 * a.width();
    let mut heights: Vec<usize> = inked.iter().filter(tall).map(Area::height).collect();
    heights.sort_unstable();
    // many characters come in parts: those that do not tell
    heights.get(heights.len() * 3 / 4).map_or(9.0 * scale, |h| *h as f32)
}

/// Whether ink is a thin rest along the edge of a cell.
fn is_edge(ink: Area, cell: Area, scale: f32) -> bool {
    let near = (1.6 * scale) as usize;
    ink.x1 <= cell.x0 + near
        || ink.x0 + near >= cell.x1
        || ink.y1 <= cell.y0 + near
        || ink.y0 + near >= cell.y1
}

/// Which cell a place is in.
struct Map {
    width: usize,
    cells: Vec<u32>,
}

impl Map {
    fn of(cells: &[Area], inked: &[Area]) -> Map {
        let all = cells.iter().chain(inked).copied().reduce(Area::around).unwrap_or_default();
        let (width, height) = (all.x1 / SQUARE + 1, all.y1 / SQUARE + 1);
        let mut map = Map { width, cells: vec![0; width * height] };
        let mut order: Vec<usize> = (0..cells.len()).collect();
        // the smaller cell of a table within another has the last word
        order.sort_by_key(|i| std::cmp::Reverse(cells[*i].width() * cells[*i].height()));
        for i in order {
            let Area { x0, y0, x1, y1 } = cells[i];
            for y in y0 / SQUARE..=y1 / SQUARE {
                map.cells[y * width + x0 / SQUARE..=y * width + x1 / SQUARE].fill(i as u32 + 1);
            }
        }
        map
    }

    fn cell(&self, area: Area) -> Option<usize> {
        let (x, y) = ((area.x0 + area.x1) / 2, (area.y0 + area.y1) / 2);
        (self.cells[y / SQUARE * self.width + x / SQUARE] as usize).checked_sub(1)
    }
}

/// A line with the pieces of ink in it.
type Band = (Area, Vec<Area>);

/// Ink in lines from top to bottom. Only what is as large as a stroke makes a line: points belong
/// to the one that they stand in, if any.
fn lines(inked: Vec<Area>, size: f32, dirt: &mut Vec<Area>) -> Vec<Strip> {
    let is_stroke = |a: &Area| a.width().max(a.height()) as f32 >= STROKE * size;
    let (strokes, points): (Vec<Area>, Vec<Area>) = inked.into_iter().partition(is_stroke);
    let mut bands = bands(strokes, size);
    for point in points {
        match band_of(point, &mut bands, size) {
            Some((band, inside)) => {
                *band = band.around(point);
                inside.push(point);
            }
            None => dirt.push(point),
        }
    }
    bands.into_iter().map(|(band, inside)| strip(band, &inside, size)).collect()
}

/// Strokes in lines.
fn bands(mut strokes: Vec<Area>, size: f32) -> Vec<Band> {
    strokes.sort_by_key(|a| a.y0);
    let mut bands: Vec<Band> = Vec::new();
    for area in strokes {
        match bands.last_mut() {
            Some((band, inside)) if area.y0 as f32 + 0.1 * size < band.y1 as f32 => {
                *band = band.around(area);
                inside.push(area);
            }
            _ => bands.push((area, vec![area])),
        }
    }
    let mut out: Vec<Band> = Vec::new();
    for (band, inside) in bands {
        match out.last_mut() {
            // strokes of one character: 二 has two with paper between
            Some((last, known)) if is_one(*last, band, size) => {
                *last = last.around(band);
                known.extend(inside);
            }
            _ => out.push((band, inside)),
        }
    }
    let seen = |area: &Area| area.width().max(area.height()) as f32 > 0.3 * size;
    out.retain(|(band, _)| seen(band));
    out
}

/// The line that a point stands in or behind.
fn band_of(point: Area, bands: &mut [Band], size: f32) -> Option<&mut Band> {
    let (x, y) = ((point.x0 + point.x1) / 2, (point.y0 + point.y1) / 2);
    let (beside, below) = ((0.8 * size) as usize, (0.15 * size) as usize);
    let first = bands.partition_point(|(band, _)| band.y1 + below < y);
    bands[first..]
        .iter_mut()
        .take(2)
        .find(|(band, _)| band.y0 <= y + below && band.x0 <= x + beside && x <= band.x1 + beside)
}

/// Whether two bands are parts of one line.
fn is_one(above: Area, below: Area, size: f32) -> bool {
    let together = above.around(below).height() as f32;
    let gap = below.y0.saturating_sub(above.y1) as f32;
    let thin = (above.height().min(below.height()) as f32) < 0.55 * size;
    thin && gap < 0.45 * size && together < 1.2 * size
}

fn strip(area: Area, inside: &[Area], usual: f32) -> Strip {
    let mut heights: Vec<usize> = inside.iter().map(Area::height).collect();
    heights.sort_unstable();
    let tallest = heights[heights.len() * 9 / 10] as f32;
    let size = tallest.max(0.5 * usual);
    let mut tall: Vec<(usize, usize)> =
        (inside.iter()).filter(|a| a.height() as f32 > 0.4 * usual).map(|a| (a.x0, a.x1)).collect();
    tall.sort_unstable();
    let mut columns = 0;
    let mut end = 0;
    for (x0, x1) in tall {
        columns += usize::from(columns == 0 || x0 >= end);
        end = end.max(x1);
    }
    let is_block = area.height() as f32 > 1.9 * size.max(usual);
    Strip { area, cell: None, size, is_block, columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(x0: usize, y0: usize, width: usize, height: usize) -> Piece {
        let area = Area { x0, y0, x1: x0 + width, y1: y0 + height };
        Piece { area, dots: width * height }
    }

    #[test]
    fn ink_goes_to_its_cell_and_line() {
        let cells =
            [Area { x0: 0, y0: 0, x1: 100, y1: 60 }, Area { x0: 100, y0: 0, x1: 200, y1: 60 }];
        let pieces = vec![
            piece(10, 10, 10, 10),
            piece(25, 11, 10, 10),
            piece(10, 30, 10, 10),
            // 二
            piece(120, 12, 8, 1),
            piece(118, 16, 12, 1),
            // dirt, the rest of a line, and text below the table
            piece(150, 40, 1, 1),
            piece(160, 50, 2, 2),
            // a point in a line
            piece(38, 18, 2, 2),
            piece(100, 20, 1, 8),
            piece(10, 80, 10, 10),
        ];
        let Found { strips, size, dirt } = strips(pieces, &cells, 1.0);
        assert_eq!((size, dirt.len()), (10.0, 2));
        let found: Vec<_> = strips.iter().map(|s| (s.cell, s.area.y0, s.columns)).collect();
        assert_eq!(found, [(None, 80, 1), (Some(0), 10, 2), (Some(0), 30, 1), (Some(1), 12, 0)]);
        assert!(strips.iter().all(|s| !s.is_block));
    }
}
