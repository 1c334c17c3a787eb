//! The longest passages that two texts have in common.

use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;

use super::prescribed::Prescribed;
use super::prose::{CUT, Prose};

/// Most passages shown of a pair.
const SHOWN: usize = 3;
/// Fewest characters of a passage: shorter ones are idioms that any two texts share.
const SHORTEST: usize = 12;

/// A passage that two texts have in common but for blanks, punctuation, width and script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// In the one text, in bytes.
    pub left: Range<usize>,
    /// In the other text, in bytes.
    pub right: Range<usize>,
    /// Characters, without blanks and punctuation.
    pub chars: usize,
}

/// The few longest common passages of two sections, longest first; what the form prescribes
/// is in none.
///
/// Takes time in proportion to the length of the texts, but for sorting.
#[must_use]
pub fn passages(left: &str, right: &str, prescribed: &Prescribed) -> Vec<Passage> {
    let (a, b) = (Prose::new(left, prescribed), Prose::new(right, prescribed));
    let mut common = common(a.chars(), b.chars());
    let mut shown: Vec<Common> = Vec::new();
    while let Some(next) = common.pop()
        && shown.len() < SHOWN
    {
        match shown
            .iter()
            .find(|s| s.right < next.right + next.length && next.right < s.right + s.length)
        {
            None => shown.push(next),
            Some(taken) => common.extend(next.without(taken)),
        }
    }
    let passage = |c: Common| Passage {
        left: a.original(left, c.left..c.left + c.length),
        right: b.original(right, c.right..c.right + c.length),
        chars: c.length,
    };
    shown.into_iter().map(passage).collect()
}

/// A common stretch: its length and where it begins, in characters. The order is that of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Common {
    length: usize,
    left: usize,
    right: usize,
}

impl Common {
    /// What lies before and behind a stretch of the right text that is taken already.
    fn without(self, taken: &Common) -> impl Iterator<Item = Common> {
        let before = taken.right.saturating_sub(self.right);
        let from = (taken.right + taken.length).saturating_sub(self.right).min(self.length);
        let behind =
            Common { length: self.length - from, left: self.left + from, right: self.right + from };
        [Common { length: before, ..self }, behind].into_iter().filter(|c| c.length >= SHORTEST)
    }
}

/// Every stretch of the right text that the left has, too, and that is part of no longer one.
fn common(left: &[char], right: &[char]) -> BinaryHeap<Common> {
    let automaton = Automaton::new(left);
    let mut found = BinaryHeap::new();
    let (mut state, mut length) = (0, 0);
    for (end, &c) in right.iter().enumerate() {
        let before = Common {
            length,
            left: automaton.states[state].end.saturating_sub(length),
            right: end - length,
        };
        while state != 0 && !automaton.states[state].next.contains_key(&c) {
            state = automaton.states[state].link;
            length = automaton.states[state].length;
        }
        match automaton.states[state].next.get(&c) {
            Some(&next) if c != CUT => {
                state = next;
                length += 1;
            }
            _ => (state, length) = (0, 0),
        }
        if before.length >= SHORTEST && length <= before.length {
            found.push(before);
        }
    }
    if length >= SHORTEST {
        let left = automaton.states[state].end - length;
        found.push(Common { length, left, right: right.len() - length });
    }
    found
}

/// Suffix automaton: knows every stretch of a text (Blumer et al. 1985).
struct Automaton {
    states: Vec<State>,
}

/// Stretches that end at the same places.
#[derive(Clone, Default)]
struct State {
    next: BTreeMap<char, usize>,
    /// State of the longest of their ends that also stands elsewhere.
    link: usize,
    /// Length of the longest.
    length: usize,
    /// Where they first end.
    end: usize,
}

impl Automaton {
    fn new(text: &[char]) -> Automaton {
        let mut states = vec![State::default()];
        let mut last = 0;
        for (i, &c) in text.iter().enumerate() {
            let new = states.len();
            states.push(State { length: i + 1, end: i + 1, ..State::default() });
            let mut from = Some(last);
            while let Some(state) = from.filter(|s| !states[*s].next.contains_key(&c)) {
                states[state].next.insert(c, new);
                from = (state != 0).then(|| states[state].link);
            }
            if let Some(state) = from {
                states[new].link = Automaton::with_length(&mut states, state, c);
            }
            last = new;
        }
        Automaton { states }
    }

    /// The state after `c` whose longest stretch is one longer than that of `from`; made if need be.
    fn with_length(states: &mut Vec<State>, from: usize, c: char) -> usize {
        let target = states[from].next[&c];
        let length = states[from].length + 1;
        if states[target].length == length {
            return target;
        }
        let split = states.len();
        states.push(State { length, ..states[target].clone() });
        states[target].link = split;
        let mut from = Some(from);
        while let Some(state) = from.filter(|s| states[*s].next.get(&c) == Some(&target)) {
            states[state].next.insert(c, split);
            from = (state != 0).then(|| states[state].link);
        }
        split
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::form::Forms;

    fn shown(left: &str, right: &str) -> Vec<(String, String)> {
        let found = passages(left, right, &Prescribed::new(&Forms::builtin()));
        found.iter().map(|p| (left[p.left.clone()].into(), right[p.right.clone()].into())).collect()
    }

    #[test]
    fn both_texts_are_quoted_as_they_are_printed() {
        let left =
            "一、各村按月公布水费账目，群众随时可以查对。（二）本站由张三、李四两名同志轮流值守";
        let right =
            "各村按月公布　水费賬目,群眾\n随时可以查对;本站由王五、李四两名同志轮流值守,不收费用";
        let all = shown(left, right);
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].0, "各村按月公布水费账目，群众随时可以查对");
        assert_eq!(all[0].1, "各村按月公布　水费賬目,群眾\n随时可以查对");
    }

    #[test]
    fn no_passage_reaches_over_what_was_taken_out() {
        let middle = "本年度未发出收费通知，未收取信息处理费。";
        let text = format!("窗口的触摸屏换成了大字版。{middle}河岸的照明由专人按月检修。");
        let expected = ["窗口的触摸屏换成了大字版", "河岸的照明由专人按月检修"];
        let all = shown(&text, &text);
        let mut left: Vec<_> = all.iter().map(|(l, _)| l.as_str()).collect();
        left.sort_unstable_by_key(|l| text.find(l));
        assert_eq!(left, expected);
        assert_eq!(shown(middle, middle), []);
    }

    /// Length of the longest common stretch, the slow way.
    fn longest(a: &[char], b: &[char]) -> usize {
        let mut longest = 0;
        let mut before = vec![0; b.len() + 1];
        for x in a {
            let mut row = vec![0; b.len() + 1];
            for (j, y) in b.iter().enumerate() {
                if x == y && *x != CUT {
                    row[j + 1] = before[j] + 1;
                    longest = longest.max(row[j + 1]);
                }
            }
            before = row;
        }
        longest
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_longest_is_the_first(a in "[甲乙\0]{0,60}", b in "[甲乙丙\0]{0,60}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let found = common(&a, &b).into_sorted_vec();
            for c in &found {
                prop_assert_eq!(&a[c.left..c.left + c.length], &b[c.right..c.right + c.length]);
                prop_assert!(!a[c.left..c.left + c.length].contains(&CUT));
            }
            let first = found.last().map_or(0, |c| c.length);
            let truth = longest(&a, &b);
            prop_assert_eq!(first, if truth >= SHORTEST { truth } else { 0 });
        }

        #[test]
        fn passages_lie_in_both_texts_and_apart(a in "[甲乙，。 \n]{0,80}", b in "[甲乙，。 \n]{0,80}") {
            let prescribed = Prescribed::new(&Forms::builtin());
            let found = passages(&a, &b, &prescribed);
            let bare = |text: &str| text.replace(['，', '。', ' ', '\n'], "");
            for (i, p) in found.iter().enumerate() {
                prop_assert_eq!(bare(&a[p.left.clone()]), bare(&b[p.right.clone()]));
                prop_assert_eq!(bare(&a[p.left.clone()]).chars().count(), p.chars);
                for other in &found[..i] {
                    let apart = p.right.end <= other.right.start || other.right.end <= p.right.start;
                    prop_assert!(apart && p.chars <= other.chars);
                }
            }
        }
    }
}
