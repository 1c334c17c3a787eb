//! Words as a tree of their characters, so that the longest one is found where it begins.

use std::collections::BTreeMap;
use std::ops::Range;

/// Words, each with a value of its own.
pub(super) struct Trie<V> {
    /// Node of each first character, 0 where no word begins with it.
    first: Vec<u32>,
    nodes: Vec<Node<V>>,
    edges: Vec<(char, u32)>,
}

struct Node<V> {
    /// What the word that ends here stands for.
    value: Option<V>,
    edges: Range<u32>,
}

/// A node while words are still added.
struct Growing<V> {
    value: Option<V>,
    next: BTreeMap<char, usize>,
}

impl<V: Copy> Trie<V> {
    pub fn new<'w>(words: impl IntoIterator<Item = (&'w str, V)>) -> Self {
        let mut growing = vec![Growing { value: None, next: BTreeMap::new() }];
        for (word, value) in words {
            let mut at = 0;
            for c in word.chars() {
                let fresh = growing.len();
                at = *growing[at].next.entry(c).or_insert(fresh);
                if at == fresh {
                    growing.push(Growing { value: None, next: BTreeMap::new() });
                }
            }
            growing[at].value = Some(value);
        }
        let mut trie = Trie { first: Vec::new(), nodes: Vec::new(), edges: Vec::new() };
        for (c, node) in &growing[0].next {
            let code = *c as usize;
            trie.first.resize(trie.first.len().max(code + 1), 0);
            trie.first[code] = *node as u32;
        }
        for node in growing {
            let from = trie.edges.len() as u32;
            trie.edges.extend(node.next.into_iter().map(|(c, to)| (c, to as u32)));
            let edges = from..trie.edges.len() as u32;
            trie.nodes.push(Node { value: node.value, edges });
        }
        trie
    }

    /// The longest word that the text begins with: its length in bytes and its value.
    pub fn longest(&self, text: &str) -> Option<(usize, V)> {
        let mut chars = text.char_indices();
        let mut node = *self.first.get(chars.next()?.1 as usize)?;
        if node == 0 {
            return None;
        }
        let mut best = None;
        loop {
            let known = &self.nodes[node as usize];
            let next = chars.next();
            if let Some(value) = known.value {
                best = Some((next.map_or(text.len(), |(at, _)| at), value));
            }
            let edges = &self.edges[known.edges.start as usize..known.edges.end as usize];
            let Some((_, c)) = next else { return best };
            match edges.binary_search_by_key(&c, |(c, _)| *c) {
                Ok(found) => node = edges[found].1,
                Err(_) => return best,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_that_begins_the_text_is_found() {
        let trie = Trie::new([("申请", 1), ("申请公开信息", 2), ("公开", 3), ("a", 4)]);
        for (text, found) in [
            ("申请", Some((6, 1))),
            ("申请公开信", Some((6, 1))),
            ("申请公开信息的", Some((18, 2))),
            ("公开申请", Some((6, 3))),
            ("abc", Some((1, 4))),
            ("公", None),
            ("的申请", None),
            ("𠀀", None),
            ("", None),
        ] {
            assert_eq!(trie.longest(text), found, "{text}");
        }
    }
}
