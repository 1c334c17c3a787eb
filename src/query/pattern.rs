//! `regexp(pattern, text)`, which is also the operator `text REGEXP pattern`, and
//! `regexp_like(text, pattern)`: regular expressions without backtracking, so that the time a text
//! takes is bounded by its length and that of the pattern, and both are.

use regex::{Regex, RegexBuilder};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};
use rust_i18n::t;

use super::functions::text;

/// Characters that a pattern may have.
const MAX_PATTERN: usize = 1000;
/// Sizes of compiled patterns, in bytes, as powers of two; a larger one is refused.
const SIZES: std::ops::RangeInclusive<u32> = 12..=22;
/// Bytes of a compiled pattern for each of its states, about.
const STATE: usize = 32;
/// States times bytes of text that may be looked at inside one instruction, where no clock is.
const MAX_WORK: usize = 1 << 28;

/// A compiled pattern.
struct Pattern {
    regex: Regex,
    /// About how many states it has.
    states: usize,
}

/// Makes them known to this connection.
pub(super) fn install(conn: &Connection, flags: FunctionFlags) -> Result<()> {
    conn.create_scalar_function("regexp", 2, flags, |c| matches(c, 1, 0))?;
    conn.create_scalar_function("regexp_like", 2, flags, |c| matches(c, 0, 1))
}

/// Whether the text of one argument has what the pattern of another describes.
fn matches(context: &Context<'_>, text_at: usize, pattern_at: usize) -> Result<Option<bool>> {
    if context.get_raw(pattern_at) == ValueRef::Null {
        return Ok(None);
    }
    let Some(searched) = text(context, text_at)? else { return Ok(None) };
    let index = i32::try_from(pattern_at).unwrap_or_default();
    let written = text(context, pattern_at)?.unwrap_or_default();
    let pattern = context.get_or_create_aux(index, |_| Pattern::compile(&written))?;
    if pattern.states.saturating_mul(searched.len()) > MAX_WORK {
        let said = t!("query.pattern_work", length = searched.len());
        return Err(Error::UserFunctionError(said.into()));
    }
    Ok(Some(pattern.regex.is_match(&searched)))
}

impl Pattern {
    /// Compiles a pattern; what is wrong with it is said in a sentence.
    fn compile(pattern: &str) -> std::result::Result<Pattern, String> {
        if pattern.chars().count() > MAX_PATTERN {
            return Err(t!("query.pattern_long", most = MAX_PATTERN).into());
        }
        for size in SIZES.map(|power| 1 << power) {
            match RegexBuilder::new(pattern).size_limit(size).build() {
                Ok(regex) => return Ok(Pattern { regex, states: size / STATE }),
                Err(regex::Error::CompiledTooBig(_)) => {}
                Err(error) => {
                    let said = error.to_string();
                    let said = said.lines().last().unwrap_or_default();
                    let said = said.trim_start_matches("error: ");
                    return Err(t!("query.bad_pattern", pattern = pattern, said = said).into());
                }
            }
        }
        Err(t!("query.pattern_big").into())
    }
}
