//! A section reduced to the body's own words, each character with its place in the original.

use std::ops::Range;

use super::prescribed::Prescribed;
use crate::form::{fold_char, simplify};

/// Stands where something was taken out.
pub(super) const CUT: char = '\0';

/// Fewest characters of own words by which a section is judged.
///
/// In the corpus 13 of 103 sections with any own words have fewer: that nothing was received or
/// brought, a number of notices, or one sentence of the kind that all write, alike in all reports
/// without a copy. From 130 on they say how the body works.
pub const MIN_CHARS: usize = 100;

/// Letters, characters and digits of a section, folded; what the form prescribes taken out.
#[derive(Debug, Clone)]
pub struct Prose {
    chars: Vec<char>,
    /// First byte of each character in the original.
    starts: Vec<u32>,
    /// Number of characters without [`CUT`]s.
    own: usize,
}

impl Prose {
    /// Reduces a section's text.
    #[must_use]
    pub fn new(text: &str, prescribed: &Prescribed) -> Prose {
        let bare = Bare::new(text);
        let mut prose = Prose { chars: Vec::new(), starts: Vec::new(), own: 0 };
        for line in bare.lines() {
            if prescribed.is_of_form(bare.text(line.clone())) {
                prose.cut();
                continue;
            }
            for sentence in bare.sentences(line) {
                if prescribed.is_prescribed(bare.text(sentence.clone())) {
                    prose.cut();
                } else {
                    prose.keep(&bare, sentence);
                }
            }
        }
        prose
    }

    fn cut(&mut self) {
        if self.chars.last().is_some_and(|c| *c != CUT) {
            self.chars.push(CUT);
            self.starts.push(0);
        }
    }

    fn keep(&mut self, bare: &Bare, span: Range<usize>) {
        self.own += span.len();
        self.chars.extend(bare.text(span.clone()).chars());
        self.starts.extend(&bare.starts[span]);
    }

    /// Whether there is enough of it to judge.
    #[must_use]
    pub fn is_assessable(&self) -> bool {
        self.own >= MIN_CHARS
    }

    /// The characters, with a [`CUT`] where something was taken out.
    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    /// Place of a stretch of characters in the original text, in bytes.
    pub(super) fn original(&self, text: &str, span: Range<usize>) -> Range<usize> {
        let start = |i: usize| self.starts[i] as usize;
        let last = start(span.end - 1);
        start(span.start)..last + text[last..].chars().next().map_or(0, char::len_utf8)
    }
}

/// Text without blanks and punctuation, and where they were.
struct Bare {
    text: String,
    /// First byte in the text, and first byte in the original, of each character; one more at the end.
    offsets: Vec<u32>,
    starts: Vec<u32>,
    /// Characters before the end of each line or cell, and of each sentence.
    line_ends: Vec<usize>,
    sentence_ends: Vec<usize>,
}

impl Bare {
    fn new(original: &str) -> Bare {
        let mut bare = Bare {
            text: String::with_capacity(original.len()),
            offsets: Vec::new(),
            starts: Vec::new(),
            line_ends: Vec::new(),
            sentence_ends: Vec::new(),
        };
        let mut brackets = 0usize;
        for (at, c) in original.char_indices() {
            let Some(c) = fold_char(c) else { continue };
            match c {
                '\n' | '\t' | '|' | '│' => {
                    bare.line_ends.push(bare.starts.len());
                    bare.sentence_ends.push(bare.starts.len());
                    brackets = 0;
                }
                '。' | '!' | '?' => bare.sentence_ends.push(bare.starts.len()),
                // an address in brackets has some of its own
                ';' if brackets == 0 => bare.sentence_ends.push(bare.starts.len()),
                '(' => brackets += 1,
                ')' => brackets = brackets.saturating_sub(1),
                // enclosed numbers are numbering
                '\u{3220}'..='\u{3229}' | '\u{2460}'..='\u{249B}' => {}
                _ if ('\u{4E00}'..='\u{9FFF}').contains(&c) || c.is_alphanumeric() => {
                    bare.text.push(c.to_ascii_lowercase());
                    bare.starts.push(u32::try_from(at).unwrap_or(u32::MAX));
                }
                _ => {}
            }
        }
        bare.line_ends.push(bare.starts.len());
        bare.sentence_ends.push(bare.starts.len());
        let simple = simplify(&bare.text);
        if simple.chars().count() == bare.starts.len() {
            bare.text = simple.into_owned();
        }
        bare.offsets = bare.text.char_indices().map(|(at, _)| at as u32).collect();
        bare.offsets.push(bare.text.len() as u32);
        bare
    }

    fn text(&self, span: Range<usize>) -> &str {
        &self.text[self.offsets[span.start] as usize..self.offsets[span.end] as usize]
    }

    /// Lines and cells, as stretches of characters, without empty ones.
    fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        stretches(&self.line_ends, 0..self.starts.len())
    }

    fn sentences(&self, line: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let first = self.sentence_ends.partition_point(|end| *end <= line.start);
        stretches(&self.sentence_ends[first..], line)
    }
}

/// The stretches of a whole that end at the given places.
fn stretches(ends: &[usize], whole: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = whole.start;
    let ends = ends.iter().copied().take_while(move |end| *end <= whole.end);
    ends.map(move |end| std::mem::replace(&mut start, end)..end).filter(|s| !s.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    /// The text as reduced, with `|` where something was taken out.
    fn reduced(text: &str) -> String {
        let prose = Prose::new(text, &Prescribed::new(&Forms::builtin()));
        prose.chars().iter().map(|c| if *c == CUT { '|' } else { *c }).collect()
    }

    #[test]
    fn printing_makes_no_difference() {
        let plain = "全县共开设窗口12个abc";
        for text in ["全县 共开设“窗口”１２个ＡＢＣ", "①全縣\n共開設、窗口12個。abc", plain]
        {
            assert_eq!(reduced(text), plain, "{text}");
        }
    }

    #[test]
    fn what_all_must_write_is_taken_out() {
        for text in [
            "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）第五十条的规定，现编制并公布某县水利局2023年政府信息公开工作年度报告。",
            "依据《政府信息公开条例》和上级通知要求，特编制本年度报告。",
            "本报告是按照《中华人民共和国政府信息公开条例》要求，由某镇人民政府编制而成。",
            "本报告由总体情况、主动公开政府信息情况和其他需要报告的事项等六个部分组成。",
            "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
            "所列数据统计期限为2022年1月1日—12月31日",
            "本年度报告的电子版可在县政府门户网站下载。",
            "如对本报告有疑问，请与某镇党政办联系（地址：人民路1号；邮编：100000；电话：12345678）。",
            "无其他需要报告的事项。",
            "2024年度，某街道没有其他需要报告的情况。",
            "本机关暂无需要说明的事项",
            "无。",
            "本年度未发出收费通知，未收取信息处理费。",
            "（一）主动公开情况",
            "三、政府信息管理方面。",
            "（五）监督保障",
            "一、存在的主要问题\n二、改进措施\n下一步工作打算",
            "现将有关情况报告如下：",
            // what is left of tables
            "信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n12",
            "一、本年新收政府信息公开申请数量 | 0 | 0 | 1",
            "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
            "结果维持结果纠正其他结果尚未审结总计",
            "维持\n结果\n纠正",
        ] {
            assert_eq!(reduced(text).trim_matches('|'), "", "{text}");
        }
    }

    #[test]
    fn own_words_stay() {
        for text in [
            "根据条例要求，我局对公开目录重新编排，删去重复栏目六个",
            "全年发布年度报告解读文章三篇，阅读量过万",
            "主动公开方面，在集市上摆出展板二十块",
            "对申请人反映的问题和不足，逐件登记并答复",
            "本报告提到的六个部分的责任科室都派人参加了培训",
            "数据统计由两名干部按月完成，1月至12月没有差错",
            "没有其他单位需要我们协助的事项得到了妥善处理",
        ] {
            let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
            assert_eq!(reduced(text), bare, "{text}");
        }
        let mixed = "（一）主动公开。展板换新二十块。未收取信息处理费。群众说好";
        assert_eq!(reduced(mixed), "展板换新二十块|群众说好");
    }

    #[test]
    fn little_text_is_not_judged() {
        let prescribed = Prescribed::new(&Forms::builtin());
        let judged = |text: &str| prescribed.signature(text).is_some();
        let long = "甲乙丙丁".repeat(MIN_CHARS / 4);
        assert!(judged(&long));
        assert!(!judged(&long[3..]));
        let padded = "无其他需要报告的事项。".repeat(MIN_CHARS) + &long[3..];
        assert!(!judged(&padded));
        assert!(!judged(""));
    }
}
