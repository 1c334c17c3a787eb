//! The reporting body's name where the narrative uses it, in full or shortened.

/// Generic ends of a name that a short form leaves off.
const ENDS: [&str; 6] = ["人民政府办公室", "人民政府", "办事处", "管理委员会", "员会", "公室"];

/// The names by which a text may call the reporting body.
pub(super) struct Organ {
    names: Vec<Vec<char>>,
    /// A bit for each character of the names: most other characters are told apart by it.
    letters: [u64; 4],
}

impl Organ {
    pub fn new(name: Option<&str>) -> Self {
        let name: String =
            name.unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect();
        let mut names = vec![name.clone()];
        names.extend(ENDS.iter().filter_map(|end| name.strip_suffix(end)).map(str::to_owned));
        let names = names.iter().map(|n| n.chars().collect::<Vec<_>>());
        let names: Vec<_> = names.filter(|n| n.len() > 2).collect();
        let mut letters = [0; 4];
        for (word, bit) in names.iter().flatten().map(|c| place(*c)) {
            letters[word] |= bit;
        }
        Organ { names, letters }
    }

    /// Whether a character may stand in a name.
    pub fn may_hold(&self, c: char) -> bool {
        let (word, bit) = place(c);
        self.letters[word] & bit != 0
    }

    /// Whether a name may begin the text.
    fn may_begin(&self, text: &str) -> bool {
        let mut chars = text.chars();
        let mut known = || chars.next().is_some_and(|c| self.may_hold(c));
        known() && known()
    }

    /// Length in bytes of the body's name at the beginning of the text: characters of the full
    /// name in their order, the last one its last (县应急局 for 垫江县应急管理局).
    pub fn at(&self, text: &str) -> Option<usize> {
        let longest = |name: &Vec<char>| {
            let mut best = None;
            let mut known = name.iter().enumerate();
            for (n, (at, c)) in text.char_indices().enumerate() {
                let Some((i, _)) = known.find(|(_, k)| **k == c) else { break };
                if n >= 2 && i + 1 == name.len() {
                    best = Some(at + c.len_utf8());
                }
            }
            best
        };
        if !self.may_begin(text) {
            return None;
        }
        self.names.iter().filter_map(longest).max()
    }
}

/// Word and bit of a character in a set that does not tell all characters apart.
fn place(c: char) -> (usize, u64) {
    let hash = c as usize % 256;
    (hash / 64, 1 << (hash % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_and_short_names_are_told_from_other_bodies() {
        let at = |organ, text| Organ::new(Some(organ)).at(text).map(|n| &text[..n]);
        assert_eq!(at("青山县应急管理局", "县应急局收到"), Some("县应急局"));
        assert_eq!(at("青山县应急管理局", "青山县应急管理局收到"), Some("青山县应急管理局"));
        assert_eq!(at("青山县临河镇人民政府", "临河镇未收到"), Some("临河镇"));
        assert_eq!(at("青山县卫生健康委员会", "县卫健委收到"), Some("县卫健委"));
        assert_eq!(at("青山县临河镇人民政府", "青山县收到"), None);
        assert_eq!(at("青山县应急管理局", "县教育局收到"), None);
        assert_eq!(Organ::new(None).at("我局"), None);
    }
}
