//! How the cells of the workbook look: numbers by their unit, fills by what is said of them.

use rust_xlsxwriter::{Format as Style, FormatAlign, FormatBorder};

use super::super::RemarkKind;
use super::super::table::Field;
use crate::export::workbook::{FONT, Look};
use crate::metric::Unit;
use crate::report::Severity;

/// How the number of a measure is printed.
pub(super) fn look_of(field: Field, unit: Unit) -> Look {
    match (field, unit) {
        (_, Unit::MoneyFen) => Look::Yuan,
        (Field::Numerator | Field::Denominator, _) | (_, Unit::Count) => Look::Count,
        (Field::Value, Unit::Rate) => Look::Rate,
        (Field::Value, Unit::Ratio | Unit::Per100 | Unit::Mean) => Look::Decimal,
    }
}

/// What the fill of a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fill {
    Plain,
    /// There is an error.
    Error,
    /// There is a warning.
    Warning,
    /// It is corrected by hand.
    Corrected,
    /// It is not asked for.
    NotAsked,
    /// It is left open.
    Open,
    /// A heading or a total.
    Heading,
}

impl Fill {
    pub(super) fn of(worst: Option<RemarkKind>) -> Fill {
        match worst {
            Some(RemarkKind::Found(Severity::Error)) => Fill::Error,
            Some(RemarkKind::Found(_)) => Fill::Warning,
            Some(RemarkKind::Corrected) => Fill::Corrected,
            None => Fill::Plain,
        }
    }

    fn color(self) -> Option<&'static str> {
        match self {
            Fill::Plain => None,
            Fill::Error => Some("#F8CBAD"),
            Fill::Warning => Some("#FFE699"),
            Fill::Corrected => Some("#E2EFDA"),
            Fill::NotAsked => Some("#D9D9D9"),
            Fill::Open => Some("#DDEBF7"),
            Fill::Heading => Some("#EDEDED"),
        }
    }
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CellStyle {
    /// The number.
    pub look: Look,
    /// The fill.
    pub fill: Fill,
    /// Italic: a small denominator, or a value that is implied.
    pub aside: bool,
}

impl CellStyle {
    pub(super) const fn of(look: Look, fill: Fill) -> CellStyle {
        CellStyle { look, fill, aside: false }
    }

    pub(super) fn style(self) -> Style {
        let style = Style::new()
            .set_font_name(FONT)
            .set_num_format(self.look.code())
            .set_border(FormatBorder::Thin)
            .set_border_color("#BFBFBF");
        let style = match self.look {
            Look::Text => style.set_text_wrap().set_align(FormatAlign::Top),
            _ => style.set_align(FormatAlign::Right).set_align(FormatAlign::Top),
        };
        let style = match self.fill.color() {
            Some(color) => style.set_background_color(color),
            None => style,
        };
        let style = if self.fill == Fill::Heading { style.set_bold() } else { style };
        if self.aside { style.set_italic().set_font_color("#595959") } else { style }
    }
}
