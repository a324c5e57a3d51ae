//! Whether a writer has a file open: a read lease of Linux, taken and given back at once.
//!
//! No safe wrapper of `F_SETLEASE` exists in a well-kept crate, and nothing else can tell a file that is
//! complete from one whose writer pauses. So there is unsafe code here.
#![expect(unsafe_code, reason = "fcntl(F_SETLEASE) has no safe wrapper")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::sync::Once;

/// What a lease says of the writers of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writers {
    /// Nobody has it open for writing.
    None,
    /// Somebody has.
    Some,
    /// The kernel does not say: the file belongs to another user, or lies on a network file system.
    Unknown,
}

/// Asks who writes a file that was opened for reading.
#[must_use]
pub fn writers(file: &File) -> Writers {
    ignore_lease_breaks();
    match set_lease(file, libc::F_RDLCK) {
        Ok(()) => {
            // It was ours, so it can be given back; closing the file does it too.
            let _ = set_lease(file, libc::F_UNLCK);
            Writers::None
        }
        Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => Writers::Some,
        Err(_) => Writers::Unknown,
    }
}

fn set_lease(file: &File, kind: libc::c_int) -> io::Result<()> {
    // SAFETY: the descriptor is open as long as `file` is borrowed, and F_SETLEASE takes an int and touches
    // no memory of ours.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, kind) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Who opens a file for writing while we hold its lease makes the kernel send us SIGIO, which would end the
/// process.
fn ignore_lease_breaks() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SIG_IGN is a disposition, not a handler: no code of ours runs in a signal.
        unsafe {
            libc::signal(libc::SIGIO, libc::SIG_IGN);
        }
    });
}
