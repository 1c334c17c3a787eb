//! What words mean: the measures and the rules, as rows.

use crate::form::Forms;
use crate::lang::Bilingual;
use crate::metric::{Metric, Metrics, Part};
use crate::table::Value;
use crate::validate::{Rule, rules};

/// The rows of a definition, in the order of the columns that `data/dataset.toml` gives it.
pub fn rows(name: &str, forms: &Forms) -> Vec<Vec<Value>> {
    match name {
        // the built-in measures are sound, which a test of theirs sees to
        "metric" => Metrics::builtin(forms).iter().flat_map(Metrics::iter).map(of_metric).collect(),
        "rule" => rules().iter().map(of_rule).collect(),
        _ => Vec::new(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn both(words: &Bilingual) -> [Value; 2] {
    [text(&words.zh), text(&words.en)]
}

fn of_metric(metric: &Metric) -> Vec<Value> {
    let caveats = |get: fn(&Bilingual) -> &str| {
        let caveats: Vec<&str> = metric.caveats.iter().map(get).collect();
        text(&caveats.join("\n"))
    };
    let part = |part: Option<&Part>| match part {
        None => [Value::Null, Value::Null, Value::Null],
        Some(part) => {
            let [zh, en] = both(&part.name);
            [zh, en, text(&cells(part))]
        }
    };
    let mut row = vec![text(&metric.key)];
    row.extend(both(&metric.name));
    row.extend(both(&metric.definition));
    row.extend([
        text(metric.unit.key()),
        text(&metric.editions.join(" ")),
        metric.since.map_or(Value::Null, |year| Value::Int(year.into())),
        text(metric.comparable.key()),
        caveats(|caveat| &caveat.zh),
        caveats(|caveat| &caveat.en),
        metric.least.map_or(Value::Null, Value::Int),
        Value::Int(metric.own_only.into()),
    ]);
    row.extend(part(Some(&metric.numerator)));
    row.extend(part(metric.denominator.as_ref()));
    row
}

/// The cells that a part is the sum of: an edition a line.
fn cells(part: &Part) -> String {
    let line = |edition: &String| {
        let cells: Vec<&str> = part.cells(edition).map(String::as_str).collect();
        format!("{edition}: {}", cells.join(" + "))
    };
    part.terms.keys().map(line).collect::<Vec<_>>().join("\n")
}

fn of_rule(rule: &Rule) -> Vec<Value> {
    let mut row = vec![
        text(&rule.id),
        Value::Int(rule.version.into()),
        text(rule.severity.key()),
        text(rule.reach.key()),
    ];
    for words in [&rule.title, &rule.why, &rule.basis] {
        row.extend(both(words));
    }
    row
}
