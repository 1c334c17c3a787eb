//! What a statement must be rewritten for before Polars understands it as SQLite does: parameters
//! become literals, and calls of functions that it knows under other names or in another order are
//! written as it has them.

use rust_i18n::t;

use super::scan::{Part, parts};
use super::{Error, Params, error, scan};
use crate::table::{Value, blob_literal};

/// The statement with each `:name` written as a literal. Numbers such as `1e0` are written out,
/// which is how Polars reads them.
pub(super) fn with_literals(sql: &str, params: &Params) -> Result<String, Error> {
    let mut text = String::with_capacity(sql.len());
    let mut at = 0;
    for (start, part) in scan::parts(sql) {
        let (length, written) = match part {
            scan::Part::Parameter(name) => {
                let value = params
                    .get(name)
                    .ok_or_else(|| Error::MissingParameter { name: name.to_owned() })?;
                (name.len() + 1, literal(value))
            }
            scan::Part::Word(word) if word.starts_with(|c: char| c.is_ascii_digit()) => {
                match word.parse::<f64>() {
                    Ok(x) if word.contains(['e', 'E']) => (word.len(), written_out(x)),
                    _ => continue,
                }
            }
            _ => continue,
        };
        text.push_str(&sql[at..start]);
        text.push_str(&written);
        at = start + length;
    }
    text.push_str(&sql[at..]);
    let known = |name: &String| scan::parameters(sql).any(|used| used == name);
    match params.keys().find(|name| !known(name)) {
        None => Ok(text),
        Some(name) => Err(Error::UnknownParameter {
            nearest: error::closest(name, scan::parameters(sql)),
            name: name.clone(),
        }),
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Real(x) => written_out(*x),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(bytes) => blob_literal(bytes),
    }
}

/// All digits of a number, with a point so that it stays a real.
fn written_out(x: f64) -> String {
    let digits = x.to_string();
    if digits.contains('.') { digits } else { format!("{digits}.0") }
}

/// The statement with the calls that Polars has otherwise: `percentile(x, p)` is its
/// `quantile_cont(x, p / 100)`, a population's variance the covariance of x with itself, and
/// `regexp(pattern, text)` its `regexp_like(text, pattern)`.
///
/// # Errors
/// [`Error::Polars`] where a call has what Polars does not take.
pub(super) fn calls(text: &str, sql: &str) -> Result<String, Error> {
    let refused = |said: std::borrow::Cow<'_, str>| Error::Polars {
        message: said.into(),
        sql: sql.to_owned(),
    };
    let parts = parts(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (index, (start, part)) in parts.iter().enumerate() {
        let Part::Word(word) = part else { continue };
        let name = word.to_ascii_lowercase();
        if *start < at || !REWRITTEN.contains(&name.as_str()) {
            continue;
        }
        let Some(call) = Call::of(text, &parts[index + 1..]) else { continue };
        let arguments: Vec<String> =
            call.arguments.iter().map(|a| calls(a, sql)).collect::<Result<_, _>>()?;
        let arguments: Vec<&str> = arguments.iter().map(|a| a.trim()).collect();
        let written = match (name.as_str(), arguments.as_slice()) {
            ("percentile", [x, p]) => {
                let part = p.parse().ok().filter(|p: &f64| (0.0..=100.0).contains(p));
                let part = part
                    .ok_or_else(|| refused(t!("query.polars_literal", name = name, most = 100)))?;
                (format!("QUANTILE_CONT({x}, {})", written_out(part / 100.0)), call.end)
            }
            ("corr", [x, y]) => (format!("CORR({}, {})", numeric(x), numeric(y)), call.end),
            ("var_pop" | "stddev_pop", [x]) => {
                // what restricts or repeats the aggregate belongs to it and not to its root
                let behind = calls(&text[call.end..call.whole], sql)?;
                let root = if name == "var_pop" { "" } else { "SQRT" };
                (format!("{root}({})", population(x, &behind)), call.whole)
            }
            ("regexp", [pattern, searched]) => {
                (format!("REGEXP_LIKE({searched}, {pattern})"), call.end)
            }
            _ => continue,
        };
        out.push_str(&text[at..*start]);
        out.push_str(&written.0);
        at = written.1;
    }
    out.push_str(&text[at..]);
    Ok(out)
}

/// Functions that are rewritten.
const REWRITTEN: [&str; 5] = ["percentile", "var_pop", "stddev_pop", "corr", "regexp"];

/// The variance of all there are. Of nothing the covariance is 0, and the mean is NULL.
fn population(x: &str, behind: &str) -> String {
    let x = numeric(x);
    format!("COVAR_POP({x}, {x}){behind} + 0.0 * AVG({x}){behind}")
}

/// An argument that must be of numbers: of text Polars' correlations are nothing, and its
/// arithmetic is an error.
fn numeric(x: &str) -> String {
    format!("({x}) * 1.0")
}

/// A call of a function: its arguments, where it ends, and where what belongs to an aggregate ends
/// behind it: `FILTER (…)`, `OVER (…)`.
struct Call<'t> {
    arguments: Vec<&'t str>,
    end: usize,
    whole: usize,
}

impl<'t> Call<'t> {
    /// The call whose brackets begin the parts; none where these begin otherwise or do not end.
    fn of(text: &'t str, parts: &[(usize, Part<'_>)]) -> Option<Call<'t>> {
        let (arguments, last) = bracket(text, parts)?;
        let end = parts[last].0 + 1;
        let mut call = Call { arguments, end, whole: end };
        let mut rest = &parts[last + 1..];
        while let Some((_, Part::Word(word))) = rest.first()
            && ["filter", "over"].iter().any(|known| word.eq_ignore_ascii_case(known))
        {
            let (_, last) = bracket(text, &rest[1..])?;
            call.whole = rest[1 + last].0 + 1;
            rest = &rest[last + 2..];
        }
        Some(call)
    }
}

/// What stands between brackets that begin the parts, at its commas, and the part that closes them.
fn bracket<'t>(text: &'t str, parts: &[(usize, Part<'_>)]) -> Option<(Vec<&'t str>, usize)> {
    let (open, Part::Sign("(")) = parts.first()? else { return None };
    let (mut depth, mut from) = (0, open + 1);
    let mut arguments = Vec::new();
    for (index, (at, part)) in parts.iter().enumerate() {
        match part {
            Part::Sign("(") => depth += 1,
            Part::Sign(")") => depth -= 1,
            Part::Sign(",") if depth == 1 => {
                arguments.push(&text[from..*at]);
                from = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            arguments.push(&text[from..*at]);
            return Some((arguments, index));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        calls(text, text).expect(text)
    }

    #[test]
    fn calls_are_written_as_polars_has_them() {
        for (text, expected) in [
            ("SELECT percentile(a, 90) p FROM t", "SELECT QUANTILE_CONT(a, 0.9) p FROM t"),
            ("Percentile ( f(a, b), 100.0 )", "QUANTILE_CONT(f(a, b), 1.0)"),
            ("var_pop(a) + 1", "(COVAR_POP((a) * 1.0, (a) * 1.0) + 0.0 * AVG((a) * 1.0)) + 1"),
            ("corr(a, b)", "CORR((a) * 1.0, (b) * 1.0)"),
            (
                "stddev_pop(a + 1) / 2",
                "SQRT(COVAR_POP((a + 1) * 1.0, (a + 1) * 1.0) + 0.0 * AVG((a + 1) * 1.0)) / 2",
            ),
            (
                "stddev_pop(a) FILTER (WHERE regexp('x', b)) AS s",
                "SQRT(COVAR_POP((a) * 1.0, (a) * 1.0) FILTER (WHERE REGEXP_LIKE(b, 'x')) + 0.0 * \
                 AVG((a) * 1.0) FILTER (WHERE REGEXP_LIKE(b, 'x'))) AS s",
            ),
            ("regexp('^(a,b)', c) AND d", "REGEXP_LIKE(c, '^(a,b)') AND d"),
            ("regexp('a', regexp)", "REGEXP_LIKE(regexp, 'a')"),
            ("percentile(regexp('a', b), 5)", "QUANTILE_CONT(REGEXP_LIKE(b, 'a'), 0.05)"),
        ] {
            assert_eq!(rewritten(text), expected);
        }
    }

    #[test]
    fn what_is_no_such_call_stays() {
        for text in [
            "SELECT percentile FROM t",
            "a REGEXP 'x' -- percentile(a, 1)",
            "'percentile(a, 1)'",
            "median(a), quantile_cont(a, 0.5)",
            "percentile(a",
            "var_pop(a, b)",
        ] {
            assert_eq!(rewritten(text), text);
        }
        for text in ["percentile(a, b)", "percentile(a, 101)", "percentile(a, 'x')"] {
            let said = calls(text, text).expect_err(text).to_string();
            assert!(said.contains("percentile()") && said.contains("0 to 100"), "{said}");
        }
    }
}
