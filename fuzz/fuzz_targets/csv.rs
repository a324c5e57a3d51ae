#![no_main]
//! CSV rows below a header of every kind of column.

#[path = "judged.rs"]
mod judged;

use libfuzzer_sys::fuzz_target;

const HEADER: &str = "communicationNumber;entityType;isPEP;initialDepositAmount;listAddress[0].country;\
                      listContact;initializeScreeningProcesses;listAdditionalValues[0].value;unknown\n";

fuzz_target!(|bytes: &[u8]| {
    judged::judge(bytes, "fuzz.csv", 1 << 20);
    judged::judge(&[HEADER.as_bytes(), bytes].concat(), "fuzz.csv", 1 << 20);
});
