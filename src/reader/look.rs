//! How text looks where that changes what it says: a raised digit is a note's mark and no digit of
//! the figure before it, hidden text is no part of a document, and struck-out text is what its author
//! took back.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::report::{Finding, Severity, said};

/// Styles that build on one another more often than this go in a circle.
const MAX_PARENTS: usize = 20;

/// Whether text stands on its line, above or below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Script {
    /// On the line.
    #[default]
    Level,
    /// Above it.
    Raised,
    /// Below it.
    Lowered,
}

impl Script {
    /// The text with its digits as the characters that stand so by themselves: ¹ or ₁ for 1.
    pub fn of(self, text: &str) -> Cow<'_, str> {
        const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
        let marks = match self {
            Script::Level => return Cow::Borrowed(text),
            Script::Raised => RAISED,
            Script::Lowered => LOWERED,
        };
        let mark = |c: char| digit(c).map_or(c, |digit| marks[digit]);
        Cow::Owned(text.chars().map(mark).collect())
    }
}

/// Which digit a character is, in either width.
pub fn digit(c: char) -> Option<usize> {
    let plain = match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0)?,
        _ => c,
    };
    Some(plain.to_digit(10)? as usize)
}

/// What is said of how a piece of text looks; none where another place says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Where it stands on its line.
    pub script: Option<Script>,
    /// Whether it is hidden.
    pub hidden: Option<bool>,
    /// Whether it is struck out.
    pub struck: Option<bool>,
}

impl Look {
    /// What this says, and else what `below` says.
    pub fn over(self, below: Look) -> Look {
        Look {
            script: self.script.or(below.script),
            hidden: self.hidden.or(below.hidden),
            struck: self.struck.or(below.struck),
        }
    }
}

/// Named looks, each of which may build on another.
#[derive(Debug, Default)]
pub struct Styles(HashMap<String, (Look, Option<String>)>);

impl Styles {
    /// Defines a style.
    pub fn define(&mut self, name: String, look: Look, parent: Option<String>) {
        self.0.insert(name, (look, parent));
    }

    /// The look of a style; one that says nothing where there is no such style.
    pub fn look(&self, name: &str) -> Look {
        let mut look = Look::default();
        let mut name = name;
        for _ in 0..MAX_PARENTS {
            let Some((own, parent)) = self.0.get(name) else { break };
            look = look.over(*own);
            let Some(parent) = parent else { break };
            name = parent;
        }
        look
    }
}

/// That struck-out text was left out.
pub fn struck_out() -> Finding {
    Finding {
        rule: "struck-out".to_owned(),
        severity: Severity::Warning,
        message: said!("finding.struck_out"),
        cells: Vec::new(),
    }
}

/// Lines of a cell as one text. Where one line ends and the next begins with a digit they stay
/// apart: an author's two lines are two figures until something says that they are one.
pub fn join_lines<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.as_ref();
        if line.is_empty() {
            continue;
        }
        let ends = out.chars().next_back().and_then(digit).is_some();
        if ends && line.chars().next().and_then(digit).is_some() {
            out.push('\n');
        } else if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raised_and_lowered_digits_are_none() {
        assert_eq!(Script::Raised.of("[1]２注"), "[¹]²注");
        assert_eq!(Script::Lowered.of("10"), "₁₀");
        assert_eq!(Script::Level.of("10"), "10");
    }

    #[test]
    fn a_style_says_what_those_below_it_do_not() {
        let mut styles = Styles::default();
        let hidden = |hidden| Look { hidden: Some(hidden), ..Look::default() };
        styles.define("a".to_owned(), hidden(true), Some("b".to_owned()));
        let raised = Look { script: Some(Script::Raised), hidden: Some(false), struck: None };
        styles.define("b".to_owned(), raised, Some("a".to_owned()));
        assert_eq!(styles.look("a"), Look { script: Some(Script::Raised), ..hidden(true) });
        assert_eq!(styles.look("c"), Look::default());
    }

    #[test]
    fn lines_that_digits_meet_between_stay_apart() {
        assert_eq!(join_lines(["信息", "", "内容"]), "信息 内容");
        assert_eq!(join_lines(["1,", "234", "5", "件"]), "1, 234\n5 件");
        assert_eq!(join_lines::<&str>([]), "");
    }
}
