//! Whether the end of a file is there, told without reading it as records.

use std::io::{self, Read, Seek, SeekFrom};

use super::xlsx::{is_archive, is_compound};

/// How much of the beginning and of the end is looked at, in bytes.
const EDGE_BYTES: usize = 4096;

/// How much is read at a time where all of a file has to be looked at, in bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// Whether the last bracket, end tag or quote of a file is there and no block of zeros stands at its end, as
/// in a copy that was interrupted. `true` says nothing of what stands between.
///
/// # Errors
///
/// When the file cannot be read.
pub fn is_complete(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let bytes = file.seek(SeekFrom::End(0))?;
    let head = edge(file, 0)?;
    let tail = edge(file, bytes.saturating_sub(EDGE_BYTES as u64))?;
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&head);
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        // UTF-16: a whole number of characters is all that can be told cheaply.
        return Ok(bytes.is_multiple_of(2) && bytes > 2);
    }
    if is_archive(head) {
        // A workbook is an archive, whose directory stands at its end.
        return Ok(memchr::memmem::rfind(&tail, b"PK\x05\x06").is_some());
    }
    if is_compound(head) {
        return Ok(true);
    }
    let (head, tail) = (head.trim_ascii_start(), tail.trim_ascii_end());
    Ok(match (head.first(), tail.last()) {
        (None, _) | (_, None | Some(0)) => false,
        (Some(b'['), last) => last == Some(&b']'),
        (Some(b'{'), last) => last == Some(&b'}'),
        (Some(b'<'), last) => last == Some(&b'>') && ends_its_root(head, tail),
        _ => quotes(file)?.is_multiple_of(2),
    })
}

fn edge(file: &mut (impl Read + Seek), at: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut edge = Vec::with_capacity(EDGE_BYTES);
    file.take(EDGE_BYTES as u64).read_to_end(&mut edge)?;
    Ok(edge)
}

/// Whether the end tag of the first element stands near the end. A beginning in which no element is found
/// says nothing.
fn ends_its_root(head: &[u8], tail: &[u8]) -> bool {
    let starts = memchr::memchr_iter(b'<', head).map(|at| &head[at + 1..]);
    let root =
        starts.into_iter().find(|rest| rest.first().is_some_and(|first| !matches!(first, b'?' | b'!')));
    let Some(root) = root else { return true };
    let is_name = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/');
    let name: Vec<u8> = root.iter().copied().take_while(is_name).collect();
    let end = [b"</", name.as_slice()].concat();
    let closes_itself = root.iter().take_while(|byte| **byte != b'>').last() == Some(&b'/');
    closes_itself || memchr::memmem::rfind(tail, &end).is_some()
}

/// How many quotes a file holds.
fn quotes(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; PIECE_BYTES];
    let mut quotes = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(quotes),
            Ok(read) => quotes += memchr::memchr_iter(b'"', &buffer[..read]).count() as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::is_complete;

    #[test]
    fn an_end_is_there_or_not() {
        let complete = |text: &str| is_complete(&mut Cursor::new(text.as_bytes())).ok();
        for text in [
            "[]",
            " {\"a\":1}\n{}\n",
            "<?xml version=\"1.0\"?><!-- a --><C><D/></C>\n",
            "<C/>",
            "a;b\n\"1\n2\";\"\"\n",
            "PK_CODE;a\n1;2\n",
        ] {
            assert_eq!(complete(text), Some(true), "{text}");
        }
        for text in
            ["", " \n", "[{}", "{\"a\":", "<C><D/>", "<C><D></D>", "<C", "a;b\n\"1;2\n", "a;b\n1;2\n\0\0"]
        {
            assert_eq!(complete(text), Some(false), "{text}");
        }
    }
}
