//! The information-processing fee (信息处理费): what section six states of it.
//!
//! From 2021 on a report states how many fee notices it issued, what it charged and what it
//! received (国办函〔2020〕109号). The sentences are free; only plain statements are read.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use crate::form::{fen, fold_text};

/// What a report states of the information-processing fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessingFee {
    /// Notices issued.
    pub notices: Option<i64>,
    /// Amount charged, in fen.
    pub charged_fen: Option<i64>,
    /// Amount received, in fen.
    pub received_fen: Option<i64>,
    /// The sentence it was read from.
    pub text: String,
}

macro_rules! pattern {
    ($name:ident, $re:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($re).expect("constant pattern"));
    };
}

pattern!(
    NOTICES,
    r"(?:发出|开具|制发|送达)[^,。;]{0,12}?收费通知[^0-9,。;]{0,6}(?P<n>[0-9]+)(?:件|份|张|次)"
);
pattern!(NO_NOTICES, r"(?:未|没有|无)(?:发出|开具|制发|送达)[^,。;]{0,16}收费通知");
pattern!(
    RECEIVED,
    r"(?:实际收取|实收|实际收到|收取了?|收到)(?:的)?(?:政府信息公开)?(?:信息处理费|费用)?(?:共计|合计|总金额|金额|总额|为|共)*(?P<n>[0-9]+(?:\.[0-9]+)?)(?P<u>万元|元)"
);
pattern!(
    CHARGED,
    r"(?:应收|收费通知[^。;]{0,20}?(?:总金额|金额)|计收)[^0-9,。;]{0,8}(?P<n>[0-9]+(?:\.[0-9]+)?)(?P<u>万元|元)"
);
pattern!(
    NOTHING,
    r"(?:未|没有|无|暂未|均未|不)(?:产生|收取|收过|开展|向[^,。;]{1,16}收取|发生)[^。;]{0,24}(?:信息处理费|费用|收取工作)"
);

/// Reads section six (or any text); none where it does not speak of the fee.
///
/// Where several sentences speak of it, the first that states a figure counts.
#[must_use]
pub fn processing_fee(text: &str) -> Option<ProcessingFee> {
    // folding costs more than looking for the one character that all of them have
    let speaks = |text: &str| text.contains('费') || text.contains('費');
    if !speaks(text) {
        return None;
    }
    let mut fallback = None;
    let sentences = text.split_inclusive(['。', '\n', ';', '；']).map(str::trim);
    for sentence in sentences.filter(|s| speaks(s)) {
        let folded: String = fold_text(sentence).chars().filter(|c| !c.is_whitespace()).collect();
        if !folded.contains("信息处理费") && !folded.contains("收费通知") {
            continue;
        }
        // the title of the rule that governs the fee says nothing of what was charged
        let folded = folded.replace("《政府信息公开信息处理费管理办法》", "");
        let money = |m: regex::Captures<'_>| {
            let value: Decimal = m["n"].parse().ok()?;
            fen(value, Some(&m["u"]))
        };
        let nothing = NOTHING.is_match(&folded);
        // most sentences give no figure
        let figures = folded.contains(|c: char| c.is_ascii_digit());
        let find = |pattern: &'static Regex| figures.then(|| pattern.captures(&folded)).flatten();
        let notices = match find(&NOTICES) {
            Some(m) => m["n"].parse().ok(),
            None => NO_NOTICES.is_match(&folded).then_some(0),
        };
        let charged_fen = find(&CHARGED).and_then(money);
        let received_fen = if nothing { Some(0) } else { find(&RECEIVED).and_then(money) };
        let fee = ProcessingFee { notices, charged_fen, received_fen, text: sentence.to_owned() };
        if notices.is_some() || charged_fen.is_some() || received_fen.is_some() {
            return Some(fee);
        }
        fallback.get_or_insert(fee);
    }
    fallback
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<i64>, Option<i64>, Option<i64>)> {
        processing_fee(text).map(|f| (f.notices, f.charged_fen, f.received_fen))
    }

    #[test]
    fn plain_statements_are_read() {
        for (text, fee) in [
            ("全年没有发出收费通知，未收取信息处理费。", Some((Some(0), None, Some(0)))),
            (
                "本年发出收费通知3件，总金额420元，实际收取信息处理费400元。",
                Some((Some(3), Some(42_000), Some(40_000))),
            ),
            ("2025年全市实际收取信息处理费共计400元。", Some((None, None, Some(40_000)))),
            ("暂未开展信息处理费收取工作。", Some((None, None, Some(0)))),
            ("按照《政府信息公开信息处理费管理办法》执行。", Some((None, None, None))),
            ("没有其他需要报告的事项。", None),
        ] {
            assert_eq!(read(text), fee, "{text}");
        }
    }
}
