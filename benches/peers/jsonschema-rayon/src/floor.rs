//! What a good library needs to parse a file and do nothing else with it.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;

use memmap2::Mmap;
use quick_xml::events::Event;
use serde::Deserialize;

/// The fields that the generated files hold; texts are borrowed from the file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsing is all that is measured")]
struct Customer<'f> {
    communication_number: Option<&'f str>,
    requester: Option<&'f str>,
    action: Option<&'f str>,
    source_of_risk_level: Option<&'f str>,
    risk_level: Option<&'f str>,
    customer_status: Option<&'f str>,
    risk_management_category: Option<&'f str>,
    entity_type: Option<&'f str>,
    customer_ext_id: Option<&'f str>,
    application_date: Option<&'f str>,
    closing_date: Option<&'f str>,
    national_code: Option<&'f str>,
    #[serde(rename = "isPEP", borrow)]
    is_pep: Option<Boolean<'f>>,
    #[serde(borrow)]
    is_sanctioned: Option<Boolean<'f>>,
    first_name: Option<&'f str>,
    last_name: Option<&'f str>,
    citizenship_country: Option<&'f str>,
    birth_date: Option<&'f str>,
    title: Option<&'f str>,
    registration_country: Option<&'f str>,
    legal_form: Option<&'f str>,
    #[serde(borrow, default)]
    list_contact: Vec<Contact<'f>>,
    #[serde(borrow, default)]
    list_address: Vec<Address<'f>>,
}

/// Not `untagged`, which is slow: a wrong boolean is kept as text.
#[expect(dead_code, reason = "parsing is all that is measured")]
enum Boolean<'f> {
    Value(bool),
    Text(&'f str),
}

impl<'de: 'f, 'f> Deserialize<'de> for Boolean<'f> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Boolean<'de>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("a boolean or a text")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Boolean::Value(value))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Boolean::Text(text))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsing is all that is measured")]
struct Contact<'f> {
    contact_type: Option<&'f str>,
    contact_details: Option<&'f str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsing is all that is measured")]
struct Address<'f> {
    address_details: Option<&'f str>,
    country: Option<&'f str>,
    city: Option<&'f str>,
    zip_code: Option<&'f str>,
}

/// Maps a file, which costs less than to read it whole: what is measured is to be the parsing.
fn mapped(file: &str) -> Result<Mmap, Box<dyn Error>> {
    // SAFETY: nobody changes the files of the comparison while they are read.
    Ok(unsafe { Mmap::map(&File::open(file)?)? })
}

/// Parses every line of a file that needs no escapes.
pub fn serde(file: &str) -> Result<String, Box<dyn Error>> {
    let bytes = mapped(file)?;
    let mut records = 0_u64;
    for record in serde_json::Deserializer::from_slice(&bytes).into_iter::<Customer>() {
        black_box(record?);
        records += 1;
    }
    Ok(format!("read={records}"))
}

/// Parses one object with the array `customers`, whose records are dropped one after the other.
pub fn serde_wrapper(file: &str) -> Result<String, Box<dyn Error>> {
    #[derive(Deserialize)]
    struct Wrapper {
        customers: Counted,
    }

    let bytes = mapped(file)?;
    let wrapper: Wrapper = serde_json::from_slice(&bytes)?;
    Ok(format!("read={}", wrapper.customers.0))
}

/// How many records an array holds.
struct Counted(u64);

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Counted;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("an array of customers")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
                let mut records = 0;
                while let Some(record) = array.next_element::<Customer>()? {
                    black_box(record);
                    records += 1;
                }
                Ok(Counted(records))
            }
        }
        deserializer.deserialize_seq(Visitor)
    }
}

/// Goes through all events of an XML file in memory and looks at none.
pub fn quick_xml(file: &str) -> Result<String, Box<dyn Error>> {
    let bytes = mapped(file)?;
    let mut reader = quick_xml::Reader::from_str(str::from_utf8(&bytes)?);
    let mut elements = 0_u64;
    loop {
        match black_box(reader.read_event()?) {
            Event::Start(_) => elements += 1,
            Event::Eof => return Ok(format!("elements={elements}")),
            _ => {}
        }
    }
}

/// The same without the whole file in memory.
pub fn quick_xml_buffered(file: &str) -> Result<String, Box<dyn Error>> {
    let mut reader = quick_xml::Reader::from_file(file)?;
    let mut buffer = Vec::new();
    let mut elements = 0_u64;
    loop {
        match black_box(reader.read_event_into(&mut buffer)?) {
            Event::Start(_) => elements += 1,
            Event::Eof => return Ok(format!("elements={elements}")),
            _ => {}
        }
        buffer.clear();
    }
}

/// Counts the records of a CSV file.
pub fn csv(file: &str) -> Result<String, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    let mut record = csv::ByteRecord::new();
    let mut records = 0_u64;
    while reader.read_byte_record(&mut record)? {
        records += 1;
    }
    Ok(format!("read={records}"))
}
