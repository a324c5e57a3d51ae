//! Memory for slots, in large pages where that pays.

use std::collections::TryReserveError;
use std::ops::{Deref, DerefMut};

use memmap2::{Advice, MmapMut};

/// Slots in memory, zero at first.
#[derive(Debug)]
pub(super) enum Memory {
    /// From the allocator.
    Allocated(Vec<u64>),
    /// Pages of the system's own, large ones if it has any. Looking for identifiers jumps from page to page, and of
    /// small ones there are more than the processor keeps the places of.
    Pages(MmapMut),
}

/// From how many slots on large pages are asked for: one of 2 MiB.
const PAGES_SLOTS_MIN: usize = (2 << 20) / size_of::<u64>();

/// The slots of a small page.
const PAGE_SLOTS: usize = 4096 / size_of::<u64>();

impl Default for Memory {
    fn default() -> Self {
        Self::Allocated(Vec::new())
    }
}

impl Memory {
    /// Memory of which only what is used will be taken.
    pub fn taken_by_use(slots: usize) -> Self {
        Self::Allocated(vec![0; slots])
    }

    /// Memory that will all be used soon. The system gives a page when it is first used, and one that is read before it
    /// is written costs it twice; so each is written to once.
    pub fn taken_at_once(slots: usize) -> Self {
        let mut memory = Self::pages(slots).unwrap_or_else(|| Self::taken_by_use(slots));
        memory.iter_mut().step_by(PAGE_SLOTS).for_each(|slot| *slot = std::hint::black_box(0));
        memory
    }

    /// Memory that will all be used, where there may be none for it.
    pub fn try_taken(slots: usize) -> Result<Self, TryReserveError> {
        if let Some(memory) = Self::pages(slots) {
            return Ok(memory);
        }
        let mut memory = Vec::new();
        memory.try_reserve_exact(slots)?;
        memory.resize(slots, 0);
        Ok(Self::Allocated(memory))
    }

    fn pages(slots: usize) -> Option<Self> {
        if slots < PAGES_SLOTS_MIN {
            return None;
        }
        let pages = MmapMut::map_anon(slots.checked_mul(size_of::<u64>())?).ok()?;
        // A system without large pages gives small ones.
        let _ = pages.advise(Advice::HugePage);
        Some(Self::Pages(pages))
    }
}

impl Deref for Memory {
    type Target = [u64];

    #[inline]
    fn deref(&self) -> &[u64] {
        match self {
            Self::Allocated(slots) => slots,
            Self::Pages(pages) => bytemuck::cast_slice(pages),
        }
    }
}

impl DerefMut for Memory {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u64] {
        match self {
            Self::Allocated(slots) => slots,
            Self::Pages(pages) => bytemuck::cast_slice_mut(pages),
        }
    }
}
