//! Keeps a statement that somebody typed from doing anything but reading, and from taking more
//! time or memory than it was given.
//!
//! No single lock is enough: a read-only connection still runs `VACUUM INTO` and `ATTACH`, an
//! authorizer is not asked about `VACUUM`, and `sqlite3_stmt_readonly` is true for `ATTACH`. So
//! there are several, and a statement must pass them all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rust_i18n::t;

use super::Limits;
use super::functions;

/// Instructions of SQLite's machine between two looks at the clock. One instruction can work on
/// a whole value, so they are few.
const INSTRUCTIONS: i32 = 100;

/// Bytes SQLite may take in the whole process. The limits below bound a value; JSON functions
/// gather theirs before they look at them.
const HEAP: i64 = 1 << 30;

/// What SQLite may do, beside the length of a value. Each is far above what a written query
/// needs and far below what exhausts the machine.
const CEILINGS: [(Limit, i32); 11] = [
    (Limit::SQLITE_LIMIT_SQL_LENGTH, super::MAX_SQL as i32),
    (Limit::SQLITE_LIMIT_COLUMN, 1000),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 300),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
    (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 500),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// Functions that reach outside, run code of their own or need quadratic time inside a single
/// instruction, where no clock is looked at.
const FORBIDDEN_FUNCTIONS: [&str; 12] = [
    "load_extension",
    "readfile",
    "writefile",
    "edit",
    "eval",
    "fts3_tokenizer",
    "fts5",
    "rtreecheck",
    "sqlite_log",
    "json_patch",
    "jsonb_patch",
    "unhex",
];

/// Pragmas that describe the schema and change nothing whatever their argument; they are also
/// what the `pragma_…` table functions run.
const DESCRIBING_PRAGMAS: [&str; 8] = [
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "function_list",
];

/// A connection under guard, until it is dropped.
pub(super) struct Guard<'c> {
    pub(super) conn: &'c mut Connection,
    limits: Vec<(Limit, i32)>,
    was_defensive: bool,
    was_query_only: bool,
    refused: Arc<Mutex<Option<String>>>,
    is_late: Arc<AtomicBool>,
}

impl<'c> Guard<'c> {
    /// Puts the connection under guard. The clock starts now.
    pub(super) fn new(conn: &'c mut Connection, limits: &Limits) -> rusqlite::Result<Guard<'c>> {
        functions::install(conn)?;
        // Holds for the process from here on: the pragma can lower the limit and never raise it.
        conn.pragma_update_and_check(None, "hard_heap_limit", HEAP, |_| Ok(()))?;
        let was_query_only = conn.pragma_query_value(None, "query_only", |row| row.get(0))?;
        conn.pragma_update(None, "query_only", true)?;
        let was_defensive = conn.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        let mut guard = Guard {
            conn,
            limits: Vec::new(),
            was_defensive,
            was_query_only,
            refused: Arc::default(),
            is_late: Arc::default(),
        };
        guard.lower(Limit::SQLITE_LIMIT_LENGTH, super::MAX_VALUE as i32)?;
        for (limit, ceiling) in CEILINGS {
            guard.lower(limit, ceiling)?;
        }
        if let Some(end) = limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout)) {
            let is_late = Arc::clone(&guard.is_late);
            let look = move || {
                let late = Instant::now() >= end;
                is_late.fetch_or(late, Ordering::Relaxed);
                late
            };
            guard.conn.progress_handler(INSTRUCTIONS, Some(look))?;
        }
        let refused = Arc::clone(&guard.refused);
        guard.conn.authorizer(Some(move |context: AuthContext<'_>| match refusal(&context) {
            None => Authorization::Allow,
            Some(what) => {
                let mut first = refused.lock().unwrap_or_else(PoisonError::into_inner);
                first.get_or_insert(what);
                Authorization::Deny
            }
        }))?;
        Ok(guard)
    }

    /// What the authorizer refused first, if anything.
    pub(super) fn refused(&self) -> Option<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether it was the time limit that interrupted the statement, and not somebody who called
    /// the connection's interrupt handle.
    pub(super) fn is_late(&self) -> bool {
        self.is_late.load(Ordering::Relaxed)
    }

    fn lower(&mut self, limit: Limit, ceiling: i32) -> rusqlite::Result<()> {
        let was = self.conn.limit(limit)?;
        if was > ceiling {
            self.conn.set_limit(limit, ceiling)?;
            self.limits.push((limit, was));
        }
        Ok(())
    }
}

impl Drop for Guard<'_> {
    /// Gives the connection back as it was. Nothing here can fail on an open connection, and a
    /// lock that stayed would only refuse more.
    fn drop(&mut self) {
        let _ = self.conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
        let _ = self.conn.progress_handler(0, None::<fn() -> bool>);
        for (limit, was) in self.limits.drain(..) {
            let _ = self.conn.set_limit(limit, was);
        }
        let defensive = DbConfig::SQLITE_DBCONFIG_DEFENSIVE;
        let _ = self.conn.set_db_config(defensive, self.was_defensive);
        let _ = self.conn.pragma_update(None, "query_only", self.was_query_only);
    }
}

/// Whether a function may not be called.
pub(super) fn is_forbidden(function: &str) -> bool {
    FORBIDDEN_FUNCTIONS.iter().any(|name| name.eq_ignore_ascii_case(function))
}

/// Why an action is refused; none for reading.
fn refusal(context: &AuthContext<'_>) -> Option<String> {
    match context.action {
        AuthAction::Select | AuthAction::Recursive => None,
        AuthAction::Read { table_name, .. } => {
            table_name.eq_ignore_ascii_case("sqlite_dbpage").then(|| t!("refused.raw_pages").into())
        }
        AuthAction::Function { function_name } => {
            is_forbidden(function_name).then(|| t!("refused.function", name = function_name).into())
        }
        AuthAction::Pragma { pragma_name, pragma_value } => {
            let describes =
                DESCRIBING_PRAGMAS.iter().any(|name| name.eq_ignore_ascii_case(pragma_name));
            // Full-text search itself asks for the data version, which has no setter.
            let asks = pragma_name.eq_ignore_ascii_case("data_version") && pragma_value.is_none();
            (!describes && !asks).then(|| t!("refused.pragma", name = pragma_name).into())
        }
        AuthAction::Insert { table_name } => Some(t!("refused.insert", table = table_name).into()),
        AuthAction::Update { table_name, .. } => {
            Some(t!("refused.update", table = table_name).into())
        }
        AuthAction::Delete { table_name } => Some(t!("refused.delete", table = table_name).into()),
        AuthAction::Attach { .. } => Some(t!("refused.open_file").into()),
        AuthAction::Detach { .. } => Some(t!("refused.detach").into()),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
            Some(t!("refused.transaction").into())
        }
        AuthAction::Reindex { .. } => Some(t!("refused.reindex").into()),
        AuthAction::Analyze { .. } => Some(t!("refused.analyze").into()),
        _ => Some(t!("refused.change").into()),
    }
}
