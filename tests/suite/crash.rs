//! Nothing is lost and nothing comes twice, whatever ends the program: kills, signals, rivals, full disks, clocks that jump.

mod chores;
mod clock;
mod disk;
mod instances;
mod order;
mod points;
mod random;
pub mod stops;
