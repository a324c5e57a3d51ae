//! Nothing is lost and nothing comes twice, whatever ends the program: kills, signals, rivals, full disks.

mod chores;
mod disk;
mod instances;
mod order;
mod points;
mod random;
pub mod stops;
