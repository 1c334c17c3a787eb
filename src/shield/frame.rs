//! What goes over the pipe between the program and its child: a length, JSON of that length, and
//! behind a request the bytes of the file.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// More than any request or answer has: a length beyond it is none.
const MAX_FRAME: u64 = 512 << 20;

/// Writes a value.
pub fn write(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    write_bytes(out, &serde_json::to_vec(value)?)
}

/// Writes bytes.
pub fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)
}

/// Reads a value; none at the end.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let Some(bytes) = read_bytes(from)? else { return Ok(None) };
    Ok(Some(serde_json::from_slice(&bytes)?))
}

/// Reads bytes; none at the end.
pub fn read_bytes(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match from.read_exact(&mut length) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = u64::from_le_bytes(length);
    if length > MAX_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut pipe = Vec::new();
        write(&mut pipe, &("年报", 7)).unwrap();
        write_bytes(&mut pipe, b"abc").unwrap();
        let mut from = pipe.as_slice();
        assert_eq!(read::<(String, u8)>(&mut from).unwrap(), Some(("年报".to_owned(), 7)));
        assert_eq!(read_bytes(&mut from).unwrap().as_deref(), Some(b"abc".as_slice()));
        assert_eq!(read_bytes(&mut from).unwrap(), None);
    }

    #[test]
    fn a_torn_or_absurd_frame_is_an_error() {
        assert!(read_bytes(&mut [9, 0, 0, 0, 0, 0, 0, 0, 1].as_slice()).is_err());
        assert!(read_bytes(&mut [0xFF; 12].as_slice()).is_err());
    }
}
