//! The year that `latest` stands for, which only the database knows.

use rusqlite::{Connection, OptionalExtension};

use super::Params;
use super::catalog::{Kind, Query};
use super::parameter::{LATEST, Parameter};
use crate::table::Value;

impl Query {
    /// The values with the year that `latest` is: the last one, of those asked for, in which a
    /// report is among those that are asked of.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn settled(&self, conn: &Connection, params: &Params) -> Result<Params, super::Error> {
        if !params.values().any(|value| *value == LATEST) {
            return Ok(params.clone());
        }
        let number = |name: &str, default| match params.get(name) {
            Some(value @ Value::Int(n)) if *value != LATEST => *n,
            _ => default,
        };
        let text = |name: &str| match params.get(name) {
            Some(Value::Text(text)) => text.as_str(),
            _ => "",
        };
        // that of regions says how they are added up, not which reports count
        let of_bodies = |p: &Parameter| p.kind == Kind::Level && p.least.is_none();
        let level =
            self.parameters.iter().find(|p| of_bodies(p)).map_or(-1, |p| number(&p.name, -1));
        let last = "SELECT year FROM report_figure
            WHERE year <= ?1
                AND (?2 = 0 OR region_code BETWEEN ?3 AND ?4)
                AND (?5 NOT IN ('own', 'aggregate') OR scope = ?5)
                AND (?6 < 0 OR level = ?6)
                AND (?7 IN ('', 'all') OR kind = ?7)
                AND (?8 = '' OR organ_id IN (SELECT id FROM organ WHERE name = ?8))
            ORDER BY year DESC LIMIT 1";
        let among = rusqlite::params![
            number("to", 9999),
            number("region_level", 0),
            text("region_from"),
            text("region_to"),
            text("scope"),
            level,
            text("kind"),
            text("organ")
        ];
        let year = conn.query_row(last, among, |r| r.get(0)).optional();
        let year = year.map_err(super::Error::Database)?.unwrap_or(0);
        let mut params = params.clone();
        for parameter in self.parameters.iter().filter(|p| p.kind == Kind::Year) {
            if let Some(value) = params.get_mut(&parameter.name).filter(|v| **v == LATEST) {
                *value = Value::Int(year);
            }
        }
        Ok(params)
    }
}
