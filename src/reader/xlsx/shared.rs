//! The texts that the cells of a workbook share, where parts of them are raised or struck out: what
//! reads the cells knows nothing of it.

use std::collections::HashMap;

use super::super::look::{Look, Script};
use super::super::xml::{Event, Xml, decode};
use super::super::{Kind, Unreadable};

/// Texts as they look, by the texts without their looks.
#[derive(Default)]
pub struct Shared(HashMap<String, Shown>);

/// A text as it looks.
pub struct Shown {
    /// What is left of it.
    pub text: String,
    /// Whether some of it is struck out.
    pub struck: bool,
}

impl Shared {
    /// Reads the part that holds them. A text that stands there twice, with a look and without, is
    /// taken as the one with it.
    ///
    /// # Errors
    /// When the part is damaged.
    pub fn read(part: &[u8]) -> Result<Shared, Unreadable> {
        let has = |word: &str| memchr::memmem::find(part, word.as_bytes()).is_some();
        let mut shared = Shared::default();
        if !has("vertAlign") && !has("strike") {
            return Ok(shared);
        }
        let text = decode(part);
        let mut xml = Xml::new(&text, Kind::Xlsx);
        let mut plain = String::new();
        let mut shown = Shown { text: String::new(), struck: false };
        let mut look = Look::default();
        loop {
            match xml.next()? {
                Event::Open(tag) => match tag.name() {
                    "rPh" => xml.skip()?,
                    "r" => look = Look::default(),
                    "vertAlign" => {
                        look.script = match tag.attr("val").as_deref() {
                            Some("superscript") => Some(Script::Raised),
                            Some("subscript") => Some(Script::Lowered),
                            _ => None,
                        };
                    }
                    "strike" => {
                        let is_on = |value: String| value != "0" && value != "false";
                        look.struck = Some(tag.attr("val").is_none_or(is_on));
                    }
                    "t" => {
                        let piece = xml.text()?;
                        plain.push_str(&piece);
                        if look.struck == Some(true) {
                            shown.struck |= !piece.trim().is_empty();
                        } else {
                            shown.text.push_str(&look.script.unwrap_or_default().of(&piece));
                        }
                    }
                    _ => {}
                },
                Event::Close(name) if name == "si" => {
                    look = Look::default();
                    let nothing = Shown { text: String::new(), struck: false };
                    let (plain, shown) =
                        (std::mem::take(&mut plain), std::mem::replace(&mut shown, nothing));
                    if shown.text != plain {
                        shared.0.insert(plain, shown);
                    }
                }
                Event::End => return Ok(shared),
                Event::Close(_) | Event::Text(_) => {}
            }
        }
    }

    /// How a text looks; none where it looks as it is.
    pub fn look(&self, text: &str) -> Option<&Shown> {
        self.0.get(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_text_have_looks() {
        let part = "<sst><si><t>1091</t></si><si><r><t>109</t></r><r><rPr><vertAlign val=\
            \"superscript\"/></rPr><t>1</t></r></si><si><r><rPr><strike/></rPr><t>9</t></r><r><rPr>\
            <strike val=\"0\"/></rPr><t>8</t></r><rPh><t>7</t></rPh></si></sst>";
        let shared = Shared::read(part.as_bytes()).unwrap();
        let look = |text| shared.look(text).map(|shown| (shown.text.as_str(), shown.struck));
        assert_eq!(look("1091"), Some(("109¹", false)));
        assert_eq!(look("98"), Some(("8", true)));
        assert_eq!(look("8"), None);
        assert!(Shared::read(b"<sst><si><r><strike/>").is_err());
        assert!(Shared::read(b"<sst><si><r>").unwrap().0.is_empty());
    }
}
