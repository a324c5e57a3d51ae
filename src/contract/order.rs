//! The order of fields that a file repeats from record to record: the name that came next the last time is compared
//! first.

use super::object::{FIELDS_MAX, Object};

/// What came after each field the last time; the first stands for the beginning of the object.
#[derive(Debug, Clone)]
struct After([u8; FIELDS_MAX + 1]);

impl Default for After {
    /// The order of the tables.
    fn default() -> Self {
        Self(std::array::from_fn(|last| last as u8))
    }
}

/// The orders of all objects of a file, learned while it is read.
#[derive(Debug, Clone, Default)]
pub struct FieldOrders(Vec<(&'static Object, After)>);

impl FieldOrders {
    /// Begins an object.
    #[inline]
    pub fn begin(&mut self, object: &'static Object) -> Came {
        let known = self.0.iter().position(|(known, _)| known.is(object));
        let order = known.unwrap_or_else(|| {
            self.0.push((object, After::default()));
            self.0.len() - 1
        });
        Came { order, last: 0, expected: usize::from(self.0[order].1.0[0]), fields: [0; 2] }
    }

    /// Takes note of a field that came. Returns whether it came for the first time in its object.
    #[inline(always)]
    pub fn came(&mut self, came: &mut Came, field: usize) -> bool {
        self.0[came.order].1.0[came.last] = field as u8;
        came.expected = field;
        self.came_as_expected(came)
    }

    /// The same of the field that was expected.
    #[inline(always)]
    pub fn came_as_expected(&self, came: &mut Came) -> bool {
        let field = came.expected;
        let After(after) = &self.0[came.order].1;
        came.last = field + 1;
        came.expected = usize::from(after[came.last]);
        // Two halves: nothing is as cheap on 128 bits.
        let half = &mut came.fields[field / 64 % 2];
        let before = *half;
        *half |= 1 << (field % 64);
        *half != before
    }
}

/// The fields of one object that came so far, and the one that is expected next.
#[derive(Debug)]
pub struct Came {
    order: usize,
    last: usize,
    expected: usize,
    fields: [u64; 2],
}

impl Came {
    /// The field that is expected next; there may be none with this index.
    #[must_use]
    #[inline]
    pub const fn expected(&self) -> usize {
        self.expected
    }

    /// All fields that came, one bit each.
    #[must_use]
    #[inline]
    pub const fn all(&self) -> u128 {
        self.fields[0] as u128 | (self.fields[1] as u128) << 64
    }
}

#[cfg(test)]
mod tests {
    use super::FieldOrders;
    use crate::contract::CUSTOMER;
    use crate::contract::tables::related::RELATED_ENTITY;

    #[test]
    fn an_order_is_expected_once_it_came() {
        let mut orders = FieldOrders::default();
        for round in 0..3 {
            let mut came = orders.begin(&CUSTOMER);
            for field in [3, 70, 1] {
                assert_eq!(came.expected() == field, round > 0, "{field} in round {round}");
                assert!(orders.came(&mut came, field));
                let mut inner = orders.begin(&RELATED_ENTITY);
                assert_eq!(inner.expected(), 0, "each object has its own order");
                assert!(orders.came(&mut inner, 0));
            }
            assert!(!orders.came(&mut came, 70));
            assert_eq!(came.all(), 1 << 3 | 1 << 70 | 1 << 1);
        }
    }
}
