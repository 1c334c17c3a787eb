//! Thrift's compact protocol, as far as the headers and the footer of a Parquet file need it.

/// Types as the protocol numbers them.
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A struct being written; fields must come in the order of their numbers.
pub struct Struct<'o> {
    out: &'o mut Vec<u8>,
    last: u8,
}

impl<'o> Struct<'o> {
    /// Begins one.
    pub fn new(out: &'o mut Vec<u8>) -> Struct<'o> {
        Struct { out, last: 0 }
    }

    fn field(&mut self, id: u8, kind: u8) {
        // no two of our fields are further apart than the fifteen that fit
        self.out.push((id - self.last) << 4 | kind);
        self.last = id;
    }

    /// A number of 32 bits.
    pub fn i32(&mut self, id: u8, value: i32) -> &mut Self {
        self.field(id, I32);
        varint(self.out, zigzag(value.into()));
        self
    }

    /// A number of 64 bits.
    pub fn i64(&mut self, id: u8, value: i64) -> &mut Self {
        self.field(id, I64);
        varint(self.out, zigzag(value));
        self
    }

    /// Bytes or a text.
    pub fn bytes(&mut self, id: u8, bytes: &[u8]) -> &mut Self {
        self.field(id, BINARY);
        binary(self.out, bytes);
        self
    }

    /// A struct within.
    pub fn within(&mut self, id: u8, write: impl FnOnce(&mut Struct<'_>)) -> &mut Self {
        self.field(id, STRUCT);
        structure(self.out, write);
        self
    }

    /// Structs, one of each item.
    pub fn structs<T>(
        &mut self,
        id: u8,
        items: impl ExactSizeIterator<Item = T>,
        write: impl Fn(T, &mut Struct<'_>),
    ) -> &mut Self {
        self.list(id, STRUCT, items.len());
        items.for_each(|item| structure(self.out, |s| write(item, s)));
        self
    }

    /// Numbers of 32 bits.
    pub fn i32s(&mut self, id: u8, values: &[i32]) -> &mut Self {
        self.list(id, I32, values.len());
        values.iter().for_each(|value| varint(self.out, zigzag((*value).into())));
        self
    }

    /// Texts.
    pub fn texts(&mut self, id: u8, texts: &[&str]) -> &mut Self {
        self.list(id, BINARY, texts.len());
        texts.iter().for_each(|text| binary(self.out, text.as_bytes()));
        self
    }

    fn list(&mut self, id: u8, kind: u8, length: usize) {
        self.field(id, LIST);
        match u8::try_from(length) {
            Ok(short) if short < 15 => self.out.push(short << 4 | kind),
            _ => {
                self.out.push(0xF0 | kind);
                varint(self.out, length as u64);
            }
        }
    }
}

/// Writes a struct with its end.
pub fn structure(out: &mut Vec<u8>, write: impl FnOnce(&mut Struct<'_>)) {
    write(&mut Struct::new(out));
    out.push(0);
}

fn binary(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// Seven bits a byte, the lowest first.
pub fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        for (value, bytes) in
            [(0, vec![0]), (-1, vec![1]), (1, vec![2]), (-65, vec![0x81, 1]), (300, vec![0xD8, 4])]
        {
            let mut out = Vec::new();
            varint(&mut out, zigzag(value));
            assert_eq!(out, bytes, "{value}");
        }
        assert_eq!(zigzag(i64::MIN), u64::MAX);
    }

    #[test]
    fn fields_are_told_by_how_far_they_are_apart() {
        let mut out = Vec::new();
        structure(&mut out, |s| {
            s.i32(1, 3).bytes(4, b"ab").within(5, |s| {
                s.i64(2, -1);
            });
            s.i32s(7, &[1, 2]);
        });
        assert_eq!(out, [0x15, 6, 0x38, 2, b'a', b'b', 0x1C, 0x26, 1, 0, 0x29, 0x25, 2, 4, 0]);
        let mut out = Vec::new();
        structure(&mut out, |s| {
            s.texts(1, &["x"; 20]);
        });
        assert_eq!(out[..4], [0x19, 0xF8, 20, 1]);
    }
}
