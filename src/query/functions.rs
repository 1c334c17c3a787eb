//! The functions that a statement has besides SQLite's own: those of `statistics` and `pattern`, and
//! SQLite's `instr`, `replace` and `trim` with the same answers in linear time. Its own compare
//! at every position, which on two long strings takes minutes inside a single instruction: no
//! clock is looked at there, so no time limit would hold.

use std::collections::HashSet;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, Result, ffi};
use rust_i18n::t;

use super::{MAX_VALUE, pattern, statistics};

/// Makes them known to this connection, for good; some take the place of SQLite's own.
pub(super) fn install(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("instr", 2, flags, instr)?;
    conn.create_scalar_function("replace", 3, flags, replace)?;
    for arguments in [1, 2] {
        conn.create_scalar_function("trim", arguments, flags, |c| trim(c, true, true))?;
        conn.create_scalar_function("ltrim", arguments, flags, |c| trim(c, true, false))?;
        conn.create_scalar_function("rtrim", arguments, flags, |c| trim(c, false, true))?;
    }
    statistics::install(conn, flags)?;
    pattern::install(conn, flags)
}

/// An argument as text; none for NULL.
pub(super) fn text(context: &Context<'_>, index: usize) -> Result<Option<String>> {
    match context.get_raw(index) {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(n) => Ok(Some(n.to_string())),
        // Only SQLite knows how it writes a real; asking for a cast keeps its digits.
        ValueRef::Real(_) => Err(Error::UserFunctionError(t!("query.real_as_text").into())),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
        }
    }
}

fn instr(context: &Context<'_>) -> Result<Option<i64>> {
    if let (ValueRef::Blob(all), ValueRef::Blob(part)) = (context.get_raw(0), context.get_raw(1)) {
        // Searched as text in which every byte is a character of its own.
        let latin = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
        return Ok(Some(position(&latin(all), &latin(part))));
    }
    let (Some(all), Some(part)) = (text(context, 0)?, text(context, 1)?) else { return Ok(None) };
    Ok(Some(position(&all, &part)))
}

/// Characters up to and with the first of `part`, 0 where there is none.
fn position(all: &str, part: &str) -> i64 {
    let found = all.find(part).map_or(0, |at| all[..at].chars().count() + 1);
    i64::try_from(found).unwrap_or(i64::MAX)
}

fn replace(context: &Context<'_>) -> Result<Option<String>> {
    let (Some(all), Some(old), Some(new)) =
        (text(context, 0)?, text(context, 1)?, text(context, 2)?)
    else {
        return Ok(None);
    };
    if old.is_empty() {
        return Ok(Some(all));
    }
    let grown = all.matches(&old).count().saturating_mul(new.len().saturating_sub(old.len()));
    if all.len().saturating_add(grown) > MAX_VALUE {
        return Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_TOOBIG), None));
    }
    Ok(Some(all.replace(&old, &new)))
}

fn trim(context: &Context<'_>, left: bool, right: bool) -> Result<Value> {
    let set = if context.len() > 1 { text(context, 1)? } else { Some(" ".to_owned()) };
    let (Some(all), Some(set)) = (text(context, 0)?, set) else { return Ok(Value::Null) };
    let set: HashSet<char> = set.chars().collect();
    let mut rest = all.as_str();
    if left {
        rest = rest.trim_start_matches(|c| set.contains(&c));
    }
    if right {
        rest = rest.trim_end_matches(|c| set.contains(&c));
    }
    Ok(Value::Text(rest.to_owned()))
}
