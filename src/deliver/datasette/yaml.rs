//! JSON as YAML that people edit: block style, texts of several lines as blocks.

use serde_json::Value;

/// The text of a value.
#[must_use]
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    put(value, 0, &mut out);
    out.trim_start_matches('\n').to_owned()
}

/// Writes a value behind `key:` or `-`.
fn put(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                out.push_str(&format!("\n{indent}{}:", quoted(key)));
                put(value, depth + 1, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                out.push_str(&format!("\n{indent}-"));
                put(item, depth + 1, out);
            }
        }
        Value::String(text) if is_block(text) => {
            out.push_str(" |-");
            for line in text.split('\n') {
                out.push('\n');
                if !line.is_empty() {
                    out.push_str(&indent);
                    out.push_str(line);
                }
            }
        }
        // what JSON writes is YAML, too
        other => out.push_str(&format!(" {other}")),
    }
    if depth == 0 {
        out.push('\n');
    }
}

/// Whether a text can stand as a block as it is.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.ends_with('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && text.chars().all(|c| c == '\n' || !c.is_control())
}

/// A key; plain where it cannot be anything else.
fn quoted(key: &str) -> String {
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&key.to_ascii_lowercase().as_str());
    if plain { key.to_owned() } else { Value::from(key).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_of_several_lines_are_blocks() {
        let value = json!({
            "title": "年报: \"x\"",
            "no": 1,
            "queries": { "a-b": { "sql": "SELECT 1\n\n  FROM t", "params": ["from", "to"] } },
            "empty": {},
            "2023": null,
        });
        let expected = "title: \"年报: \\\"x\\\"\"\n\"no\": 1\nqueries:\n  a-b:\n    sql: |-\n      SELECT 1\n\n        FROM t\n    params:\n      - \"from\"\n      - \"to\"\nempty: {}\n\"2023\": null\n";
        assert_eq!(text(&value), expected);
    }
}
