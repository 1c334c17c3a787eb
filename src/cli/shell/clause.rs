//! Which words of a statement name the tables that it reads: `organ` is a table behind FROM, and a
//! column elsewhere.

use crate::query::{Kind, Token};

/// Words behind which a table is named.
const BEFORE_TABLES: [&str; 2] = ["FROM", "JOIN"];
/// Words that end the list of tables behind FROM.
const AFTER_TABLES: [&str; 10] =
    ["SELECT", "WHERE", "GROUP", "ORDER", "HAVING", "ON", "USING", "LIMIT", "UNION", "WINDOW"];

/// The tables that tokens name.
#[derive(Debug, Default)]
pub struct Tables {
    /// Which of the tokens do.
    pub named: Vec<usize>,
    /// Whether another one is to follow.
    pub expected: bool,
    in_list: bool,
}

impl Tables {
    /// Finds them.
    pub fn of(tokens: &[Token<'_>]) -> Tables {
        let mut tables = Tables::default();
        for (index, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_part()) {
            tables.see(index, token);
        }
        tables
    }

    fn see(&mut self, index: usize, token: &Token<'_>) {
        let is_one =
            |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(token.text));
        if is_one(&BEFORE_TABLES) {
            (self.in_list, self.expected) = (true, true);
        } else if is_one(&AFTER_TABLES) || matches!(token.text, "(" | ")") {
            (self.in_list, self.expected) = (false, false);
        } else if token.text == "," {
            self.expected = self.in_list;
        } else if self.expected && matches!(token.kind, Kind::Word | Kind::Quoted) {
            self.named.push(index);
            self.expected = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::tokens;

    #[test]
    fn tables_are_named_behind_from_and_join() {
        let named = |sql: &str| -> Vec<String> {
            let tokens = tokens(sql);
            let named = Tables::of(&tokens).named;
            named.into_iter().map(|index| tokens[index].text.to_owned()).collect()
        };
        assert_eq!(
            named("SELECT organ FROM v_case AS c, report r WHERE year"),
            ["v_case", "report"]
        );
        assert_eq!(named("select 1 from \"a b\" left join c on d, e"), ["\"a b\"", "c"]);
        assert_eq!(
            named("SELECT (SELECT 1 FROM a), b FROM (SELECT 1 FROM c) JOIN d"),
            ["a", "c", "d"]
        );
        assert_eq!(named("SELECT a, b"), [""; 0]);
    }

    #[test]
    fn a_table_is_expected_where_one_is_missing() {
        for (sql, expected) in [
            ("SELECT * FROM ", true),
            ("SELECT * FROM a, ", true),
            ("SELECT * FROM a JOIN ", true),
            ("SELECT * FROM a ", false),
            ("SELECT a, ", false),
            ("SELECT * FROM a ORDER BY b, ", false),
        ] {
            assert_eq!(Tables::of(&tokens(sql)).expected, expected, "{sql}");
        }
    }
}
