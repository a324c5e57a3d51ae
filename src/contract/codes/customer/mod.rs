//! Codes of a customer's own fields.

pub mod entity;
pub mod head;

pub use entity::{
    C014, C015, C016_I01, C016_I02, C016_I03, C016_I05, C016_I06, C016_I08, C017_O01, C017_O02, C017_O03,
    C017_O04, C018, FOA01, FOA02, REG, SCR01,
};
pub use head::{
    B001, C001, C002, C003, C004, C006, C007, C008_I01, C008_I02, C008_I03, C010, C012, C013, C013A, C019,
    O001, O005,
};
