//! Findings as JUnit XML, which build servers read: a test suite for each report, a test case for
//! each finding.

use std::fmt::Write as _;

use crate::form::Forms;
use crate::lang::Lang;
use crate::store::Shown;

/// Writes findings in their order, which keeps those of a report together.
#[must_use]
pub fn junit(shown: &[Shown], forms: &Forms, lang: Lang) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failures = shown.iter().filter(|s| s.outcome == "fail").count();
    let _ = writeln!(out, "<testsuites tests=\"{}\" failures=\"{failures}\">", shown.len());
    for suite in shown.chunk_by(|a, b| (&a.organ, a.year, &a.path) == (&b.organ, b.year, &b.path)) {
        let first = &suite[0];
        let year = first.year.map_or(String::new(), |y| y.to_string());
        let name = escaped(format!("{} {year}", first.organ).trim());
        let failures = suite.iter().filter(|s| s.outcome == "fail").count();
        let skipped = suite.iter().filter(|s| s.outcome == "not_assessable").count();
        let _ = writeln!(
            out,
            "  <testsuite name=\"{name}\" file=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\">",
            escaped(&first.path),
            suite.len()
        );
        for s in suite {
            let message = escaped(&s.told(forms, lang, false));
            let case = format!("{} {}", s.rule, s.cells.first().map_or("", String::as_str));
            let _ = write!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\"",
                escaped(&s.rule),
                escaped(case.trim())
            );
            let _ = match s.outcome {
                "fail" => writeln!(
                    out,
                    "><failure type=\"{}\" message=\"{message}\"/></testcase>",
                    s.severity.key()
                ),
                "not_assessable" => writeln!(out, "><skipped message=\"{message}\"/></testcase>"),
                _ => writeln!(out, "/>"),
            };
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Text in an attribute; characters that XML cannot hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}
