//! Paragraphs: what they are, how they look, and what they say.

use docx_rs::{
    AlignmentType, BreakType, FieldCharType, InstrText, LineSpacing, LineSpacingType, Run,
    RunFonts, Style, StyleType,
};

use crate::export::printable;

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// The name of the paper: 小二, 黑体.
    Title,
    /// A heading: 四号, 黑体.
    Heading,
    /// A heading under it: 小四, 黑体.
    Subheading,
    /// Running text: 小四, 仿宋.
    #[default]
    Text,
    /// Notes and what stands in tables: 五号, 宋体.
    Small,
    /// What stands in tables of many columns: 小五.
    Smaller,
    /// In tables of still more: 六号.
    Smallest,
    /// The least that is printed: 小六.
    Least,
}

impl Look {
    pub(super) const ALL: [Look; 8] = [
        Look::Title,
        Look::Heading,
        Look::Subheading,
        Look::Text,
        Look::Small,
        Look::Smaller,
        Look::Smallest,
        Look::Least,
    ];

    /// It and what is smaller, for tables.
    pub(super) fn smaller(self) -> &'static [Look] {
        const SIZES: [Look; 4] = [Look::Small, Look::Smaller, Look::Smallest, Look::Least];
        let at = SIZES.iter().position(|look| *look == self);
        &SIZES[at.unwrap_or_default()..]
    }

    /// Key and name in Word, font, size in half points, level of a heading.
    pub(super) fn style(self) -> (&'static str, &'static str, &'static str, usize, Option<usize>) {
        match self {
            Look::Title => ("Title", "Title", "黑体", 36, None),
            Look::Heading => ("Heading1", "heading 1", "黑体", 28, Some(0)),
            Look::Subheading => ("Heading2", "heading 2", "黑体", 24, Some(1)),
            Look::Text => ("BodyText", "Body Text", "仿宋", 24, None),
            Look::Small => ("Small", "Small", "宋体", 21, None),
            Look::Smaller => ("Smaller", "Smaller", "宋体", 18, None),
            Look::Smallest => ("Smallest", "Smallest", "宋体", 15, None),
            Look::Least => ("Least", "Least", "宋体", 13, None),
        }
    }

    /// Space before and after, and the height of its lines, in twips. It is fixed, as official
    /// papers have it: a font that stands in for one that is wanting takes no more room.
    fn spacing(self) -> (u32, u32, i32) {
        match self {
            Look::Title => (0, 160, 560),
            Look::Heading => (80, 20, 400),
            Look::Subheading => (80, 40, 400),
            Look::Text => (0, 40, 360),
            Look::Small => (0, 0, 300),
            Look::Smaller => (0, 0, 260),
            Look::Smallest => (0, 0, 220),
            Look::Least => (0, 0, 190),
        }
    }

    /// What stands beside a text in a cell, in twips.
    pub(super) fn beside(self) -> u32 {
        match self {
            Look::Smaller => 50,
            Look::Smallest => 40,
            Look::Least => 25,
            _ => 70,
        }
    }

    /// The size of its letters in half points.
    pub(super) fn size(self) -> usize {
        self.style().3
    }

    pub(super) fn definition(self) -> Style {
        let (key, name, font, size, level) = self.style();
        let (before, after, line) = self.spacing();
        let spacing = LineSpacing::new().before(before).after(after).line(line);
        let style = Style::new(key, StyleType::Paragraph)
            .name(name)
            .based_on("Normal")
            .fonts(fonts(font))
            .size(size)
            .line_spacing(spacing.line_rule(LineSpacingType::Exact));
        let style = match self {
            Look::Title => style.align(AlignmentType::Center),
            _ => style,
        };
        match level {
            Some(level) => style.outline_lvl(level),
            None => style,
        }
    }
}

/// A Chinese font beside the one for Latin letters and digits.
pub(super) fn fonts(name: &str) -> RunFonts {
    let latin = "Times New Roman";
    RunFonts::new().ascii(latin).hi_ansi(latin).cs(latin).east_asia(name)
}

/// Where the lines of a text stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// On the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// On the right.
    Right,
}

impl Align {
    fn word(self) -> AlignmentType {
        match self {
            Align::Left => AlignmentType::Left,
            Align::Center => AlignmentType::Center,
            Align::Right => AlignmentType::Right,
        }
    }
}

/// A text, parts of it bold; a line break stays one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Vec<(String, bool)>);

impl Text {
    /// Bold as a whole.
    pub fn bold(text: impl Into<String>) -> Text {
        Text(vec![(text.into(), true)])
    }

    /// Adds a part.
    pub fn push(&mut self, text: impl Into<String>, bold: bool) {
        self.0.push((text.into(), bold));
    }

    /// Its parts with whether they are bold.
    pub fn parts(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().map(|(text, bold)| (text.as_str(), *bold))
    }

    fn add_to(&self, mut paragraph: docx_rs::Paragraph) -> docx_rs::Paragraph {
        for (text, bold) in &self.0 {
            // without the hint quotation marks and dashes come in the Latin font
            let hint = RunFonts::new().hint("eastAsia");
            let mut run = Run::new().fonts(hint);
            if *bold {
                run = run.bold();
            }
            for (number, line) in clean(text).split('\n').enumerate() {
                if number > 0 {
                    run = run.add_break(BreakType::TextWrapping);
                }
                if !line.is_empty() {
                    run = run.add_text(line);
                }
            }
            paragraph = paragraph.add_run(run);
        }
        paragraph
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Text {
        Text(vec![(text.into(), false)])
    }
}

/// A text without what XML cannot hold and what would turn the direction of a line.
pub(super) fn clean(text: &str) -> String {
    let harmless = |c| match c {
        '\u{FFFE}' | '\u{FFFF}' => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    printable(text).chars().map(harmless).collect()
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// What it says.
    pub text: Text,
    /// What it is.
    pub look: Look,
    /// Where its lines stand; a title stands in the middle.
    pub align: Option<Align>,
}

impl Paragraph {
    /// Of that look.
    pub fn new(look: Look, text: impl Into<Text>) -> Paragraph {
        Paragraph { text: text.into(), look, align: None }
    }

    /// With its lines there.
    #[must_use]
    pub fn aligned(self, align: Align) -> Paragraph {
        Paragraph { align: Some(align), ..self }
    }

    pub(super) fn word(&self) -> docx_rs::Paragraph {
        self.text.add_to(self.shell())
    }

    /// Its text as what a field comes to.
    pub(super) fn field(&self, instruction: &str) -> docx_rs::Paragraph {
        let mark = |kind| Run::new().add_field_char(kind, false);
        let asks = Run::new().add_instr_text(InstrText::Unsupported(instruction.to_owned()));
        let begun = self.shell().add_run(mark(FieldCharType::Begin)).add_run(asks);
        let shown = self.text.add_to(begun.add_run(mark(FieldCharType::Separate)));
        shown.add_run(mark(FieldCharType::End))
    }

    /// An empty one that looks like it.
    fn shell(&self) -> docx_rs::Paragraph {
        let paragraph = docx_rs::Paragraph::new().style(self.look.style().0);
        let paragraph = match self.look {
            Look::Heading | Look::Subheading => paragraph.keep_next(true),
            _ => paragraph,
        };
        match self.align {
            Some(align) => paragraph.align(align.word()),
            None => paragraph,
        }
    }
}
