//! OFD (GB/T 33190), the fixed layout of Chinese official documents: pages of XML in a package.
//! Its unit is the millimetre, its origin the upper left corner.

mod text;

use std::collections::HashMap;

use super::package::Package;
use super::page::{MAX_GLYPHS, MAX_PAGES, Page, Point, Sheet};
use super::xml::{Event, Tag, Xml, decode};
use super::{Kind, Unreadable, raised};
use text::TextCode;

/// Points in a millimetre.
const POINTS: f32 = 72.0 / 25.4;
/// A page that gives no size is A4.
const A4: [f32; 4] = [0.0, 0.0, 210.0, 297.0];
/// Commands of a path beyond this many are a drawing.
const MAX_COMMANDS: usize = 2_000;

/// The pages of an OFD document.
pub fn pages(bytes: &[u8]) -> Result<Vec<Page>, Unreadable> {
    let mut package = Package::open(bytes, Kind::Ofd)?;
    let root = root(&mut package)?;
    let outline = Outline::read(&mut package, &root)?;
    if outline.pages.len() > MAX_PAGES {
        return Err(Unreadable::TooLarge);
    }
    let mut templates: HashMap<String, String> = HashMap::new();
    let mut pages = Vec::with_capacity(outline.pages.len());
    let mut glyphs = 0;
    for (number, path) in (1..).zip(&outline.pages) {
        let content = text_of(&mut package, path)?;
        let mut drawing = Drawing::new(outline.area);
        for id in drawing.prepare(&content)? {
            // a template that is not there leaves nothing but its frame away
            let Some(path) = outline.templates.get(&id) else { continue };
            if !templates.contains_key(path) {
                let template = text_of(&mut package, path)?;
                templates.insert(path.clone(), template);
            }
            if let Some(template) = templates.get(path) {
                drawing.draw(template)?;
            }
        }
        drawing.draw(&content)?;
        glyphs += drawing.sheet.count();
        if glyphs > MAX_GLYPHS {
            return Err(Unreadable::TooLarge);
        }
        let mut page = drawing.sheet.finish(number);
        raised::mark(&mut page.glyphs);
        pages.push(page);
    }
    Ok(pages)
}

fn text_of(package: &mut Package<'_>, path: &str) -> Result<String, Unreadable> {
    let bytes = package.part(path)?;
    Ok(decode(&bytes).into_owned())
}

/// The path of a part that another names: relative to it, unless it begins with a slash.
fn beside(path: &str, location: &str) -> String {
    let location = location.trim();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = match location.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|s| !s.is_empty()).collect(),
    };
    for step in location.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The path of the first document in the package.
fn root(package: &mut Package<'_>) -> Result<String, Unreadable> {
    let text = text_of(package, "OFD.xml")?;
    let mut xml = Xml::new(&text, Kind::Ofd);
    loop {
        match xml.next()? {
            Event::Open(tag) if tag.name() == "DocRoot" => return Ok(beside("", &xml.text()?)),
            Event::End => return Err(Unreadable::Damaged(Kind::Ofd)),
            _ => {}
        }
    }
}

/// What a document consists of.
struct Outline {
    /// Box of a page that gives none itself.
    area: [f32; 4],
    /// Paths of its pages in order.
    pages: Vec<String>,
    /// Paths of its templates by their numbers.
    templates: HashMap<String, String>,
}

impl Outline {
    fn read(package: &mut Package<'_>, path: &str) -> Result<Outline, Unreadable> {
        let text = text_of(package, path)?;
        let mut xml = Xml::new(&text, Kind::Ofd);
        let mut outline = Outline { area: A4, pages: Vec::new(), templates: HashMap::new() };
        loop {
            match xml.next()? {
                Event::Open(tag) => match (tag.name(), tag.attr("BaseLoc")) {
                    ("PhysicalBox", _) => outline.area = area(&xml.text()?).unwrap_or(A4),
                    ("Page", Some(location)) => outline.pages.push(beside(path, &location)),
                    ("TemplatePage", Some(location)) => {
                        let id = tag.attr("ID").unwrap_or_default();
                        outline.templates.insert(id, beside(path, &location));
                    }
                    _ => {}
                },
                Event::End => return Ok(outline),
                _ => {}
            }
        }
    }
}

/// Numbers divided by blanks.
fn numbers(text: &str) -> Vec<f32> {
    text.split_whitespace().map_while(|n| n.parse().ok().filter(|n: &f32| n.is_finite())).collect()
}

/// A box: its corner, its width and its height.
fn area(text: &str) -> Option<[f32; 4]> {
    let area: [f32; 4] = numbers(text).try_into().ok()?;
    (area[2] > 0.0 && area[3] > 0.0).then_some(area)
}

/// Where the points of an object stand on the page.
#[derive(Debug, Clone, Copy)]
struct Placement {
    matrix: [f32; 6],
    corner: Point,
}

impl Placement {
    /// From the attributes of an object and the corner of its page.
    fn of(tag: &Tag<'_>, page: &[f32; 4]) -> Placement {
        let matrix = tag.attr("CTM").and_then(|m| numbers(&m).try_into().ok());
        let boundary = tag.attr("Boundary").map(|b| numbers(&b)).unwrap_or_default();
        let at = |i: usize| boundary.get(i).copied().unwrap_or(0.0);
        Placement {
            matrix: matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            corner: (at(0) - page[0], at(1) - page[1]),
        }
    }

    /// A point of the object, in points of the page.
    fn place(&self, (x, y): Point) -> Point {
        let [a, b, c, d, e, f] = self.matrix;
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        ((x + self.corner.0) * POINTS, (y + self.corner.1) * POINTS)
    }

    /// How much larger things are on the page than in the object.
    fn scale(&self) -> f32 {
        let [a, b, c, d, ..] = self.matrix;
        (a * d - b * c).abs().sqrt() * POINTS
    }
}

/// A page being drawn.
struct Drawing {
    area: [f32; 4],
    sheet: Sheet,
}

/// The object being read.
enum Object {
    Text { at: Placement, size: f32, stretch: f32 },
    Path { at: Placement, width: f32, stroke: bool, fill: bool },
}

impl Drawing {
    fn new(area: [f32; 4]) -> Drawing {
        Drawing { area, sheet: Sheet::default() }
    }

    /// Takes the page's own size, and gives the numbers of its templates.
    fn prepare(&mut self, content: &str) -> Result<Vec<String>, Unreadable> {
        let mut xml = Xml::new(content, Kind::Ofd);
        let mut templates = Vec::new();
        loop {
            match xml.next()? {
                Event::Open(tag) => match tag.name() {
                    "PhysicalBox" => self.area = area(&xml.text()?).unwrap_or(self.area),
                    "Template" => templates.extend(tag.attr("TemplateID")),
                    "Layer" => break,
                    _ => {}
                },
                Event::End => break,
                _ => {}
            }
        }
        self.sheet = Sheet::new(self.area[2] * POINTS, self.area[3] * POINTS);
        Ok(templates)
    }

    /// Draws what the layers of a page or a template hold.
    fn draw(&mut self, content: &str) -> Result<(), Unreadable> {
        let mut xml = Xml::new(content, Kind::Ofd);
        let mut object = None;
        loop {
            match xml.next()? {
                Event::Open(tag) => match tag.name() {
                    "TextObject" => object = Some(self.text_object(&tag)),
                    "PathObject" => object = Some(self.path_object(&tag)),
                    "ImageObject" => {
                        let at = Placement::of(&tag, &self.area);
                        // the picture fills the unit square of its object
                        let unit = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
                        self.sheet.picture(&unit.map(|p| at.place(p)));
                    }
                    "TextCode" => {
                        let code = TextCode::of(&tag);
                        let text = xml.text()?;
                        if let Some(Object::Text { at, size, stretch }) = &object
                            && self.sheet.count() <= MAX_GLYPHS
                        {
                            code.print(&text, *size, *stretch, |c, from, to| {
                                let glyph = size * at.scale();
                                self.sheet.glyph(c, at.place(from), at.place(to), glyph, false);
                            });
                        }
                    }
                    "AbbreviatedData" => {
                        let data = xml.text()?;
                        if let Some(Object::Path { at, width, stroke, fill }) = &object {
                            self.path(&data, at, *width, (*stroke, *fill));
                        }
                    }
                    _ => {}
                },
                Event::Close(name) if name == "TextObject" || name == "PathObject" => object = None,
                Event::End => return Ok(()),
                _ => {}
            }
        }
    }

    fn text_object(&self, tag: &Tag<'_>) -> Object {
        let number = |name: &str| tag.attr(name).and_then(|n| n.trim().parse::<f32>().ok());
        // some writers spell it small
        let size = number("Size").or_else(|| number("size")).unwrap_or(3.5);
        let at = Placement::of(tag, &self.area);
        Object::Text { at, size, stretch: number("HScale").unwrap_or(1.0) }
    }

    fn path_object(&self, tag: &Tag<'_>) -> Object {
        let is = |name: &str| tag.attr(name).map(|v| v.trim() == "true" || v.trim() == "1");
        let width = tag.attr("LineWidth").and_then(|w| w.trim().parse().ok()).unwrap_or(0.353);
        Object::Path {
            at: Placement::of(tag, &self.area),
            width,
            stroke: is("Stroke").unwrap_or(true),
            fill: is("Fill").unwrap_or(false),
        }
    }

    fn path(&mut self, data: &str, at: &Placement, width: f32, (stroke, fill): (bool, bool)) {
        let Some(mut parts) = parts(data) else { return };
        parts.iter_mut().flatten().for_each(|p| *p = at.place(*p));
        if fill {
            self.sheet.filled(&parts);
        }
        if stroke {
            self.sheet.stroked(&parts, width * at.scale());
        }
    }
}

/// The parts of a path: `M 0 0 L 10 0 C`, curves as lines to their ends. None for a drawing.
fn parts(data: &str) -> Option<Vec<Vec<Point>>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    let mut tokens = data.split_whitespace().peekable();
    let mut count = 0;
    while let Some(command) = tokens.next() {
        count += 1;
        if count > MAX_COMMANDS {
            return None;
        }
        let mut values: Vec<f32> = Vec::new();
        while let Some(value) = tokens.peek().and_then(|t| t.parse().ok()) {
            values.push(value);
            tokens.next();
            if values.len() > 7 {
                return None;
            }
        }
        let end = match values[..] {
            [.., x, y] => Some((x, y)),
            _ => None,
        };
        match (command, end) {
            ("M" | "S", Some(to)) => parts.push(vec![to]),
            ("L" | "Q" | "B" | "A", Some(to)) => parts.last_mut()?.push(to),
            ("C", _) => {
                if let Some(part) = parts.last_mut()
                    && let Some(first) = part.first().copied()
                {
                    part.push(first);
                }
            }
            _ => return None,
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_beside_what_names_them() {
        assert_eq!(
            beside("Doc_0/Document.xml", "Pages/P_0/Content.xml"),
            "Doc_0/Pages/P_0/Content.xml"
        );
        assert_eq!(beside("Doc_0/Document.xml", "/Doc_0/T.xml"), "Doc_0/T.xml");
        assert_eq!(beside("Doc_0/a/b.xml", "../c.xml"), "Doc_0/c.xml");
    }

    #[test]
    fn paths_are_cut_into_parts() {
        let found = parts("M 0 0 L 10 0 L 10 5 C M 1 1 B 1 2 3 4 5 6").unwrap();
        assert_eq!(found[0], [(0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 0.0)]);
        assert_eq!(found[1], [(1.0, 1.0), (5.0, 6.0)]);
        assert!(parts("L 1 1").is_none());
        assert!(parts("M x").is_none());
    }

    #[test]
    fn an_object_is_scaled_and_moved_to_its_boundary() {
        let at = Placement { matrix: [2.0, 0.0, 0.0, 2.0, 1.0, 0.0], corner: (10.0, 20.0) };
        let (x, y) = at.place((1.0, 1.0));
        assert!((x - 13.0 * POINTS).abs() < 0.01 && (y - 22.0 * POINTS).abs() < 0.01);
    }
}
