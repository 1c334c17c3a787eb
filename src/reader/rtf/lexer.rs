//! Rich text as tokens.

/// A piece of rich text.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'b> {
    /// A group begins.
    Open,
    /// A group ends.
    Close,
    /// A control word, with its number.
    Word(&'b str, Option<i32>),
    /// A control symbol.
    Symbol(u8),
    /// A byte of text, and whether it was written as hexadecimal digits.
    Byte(u8, bool),
}

/// A pass over the bytes.
pub struct Lexer<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Lexer<'b> {
    /// Begins.
    pub fn new(bytes: &'b [u8]) -> Lexer<'b> {
        let start = bytes.iter().position(|b| *b == b'{').unwrap_or(bytes.len());
        Lexer { bytes, at: start }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn while_is(&mut self, is: impl Fn(u8) -> bool) -> &'b str {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|b| is(**b)).count();
        self.at += length;
        // what is looked for is ASCII
        std::str::from_utf8(&rest[..length]).unwrap_or_default()
    }

    fn control(&mut self) -> Option<Token<'b>> {
        let first = self.peek()?;
        if first == b'\'' {
            self.at += 1;
            let digits = self.bytes.get(self.at..self.at.checked_add(2)?)?;
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            self.at += 2;
            // a broken escape stands for a character that is not known
            return Some(Token::Byte(u8::from_str_radix(digits, 16).unwrap_or(b'?'), true));
        }
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return Some(Token::Symbol(first));
        }
        let name = self.while_is(|b| b.is_ascii_alphabetic());
        let sign = self.while_is(|b| b == b'-');
        let digits = self.while_is(|b| b.is_ascii_digit());
        let number = digits.parse::<i32>().ok().map(|n| if sign.is_empty() { n } else { -n });
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if name == "bin" {
            let length = number.and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
            self.at = self.at.saturating_add(length);
        }
        Some(Token::Word(name, number))
    }
}

impl<'b> Iterator for Lexer<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        Some(match self.take()? {
            b'{' => Token::Open,
            b'}' => Token::Close,
            b'\\' => return self.control(),
            byte => Token::Byte(byte, false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_tokens() {
        let tokens: Vec<Token<'_>> = Lexer::new(b"x{\\rtf1\\u-12345 a\\'b5\\*\\bin2 {{}").collect();
        use Token::{Byte, Close, Open, Symbol, Word};
        let expected = [
            Open,
            Word("rtf", Some(1)),
            Word("u", Some(-12345)),
            Byte(b'a', false),
            Byte(0xB5, true),
            Symbol(b'*'),
            Word("bin", Some(2)),
            Close,
        ];
        assert_eq!(tokens, expected);
        for torn in ["{\\", "{\\'", "{\\'4", "{\\bin99999999999 ", "{\\u99999999999"] {
            assert!(Lexer::new(torn.as_bytes()).count() <= 2, "{torn}");
        }
    }
}
