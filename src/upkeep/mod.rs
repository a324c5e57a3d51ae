//! Work on batches that are published: their audit, how long they are kept, and the ledger made anew of them.

pub mod audit;
pub mod rebuild;
pub mod retention;
