//! `template`: an empty file with the names of all fields, mandatory ones first.

use std::io::Write;

use clap::ValueEnum;

use super::{CommandError, Exit};
use crate::contract::{CUSTOMER, EntityType, Field, Kind, Need, Object};
use crate::format::xml::{NAMESPACE, RECORD_NAME};

/// The arguments of `template`.
#[derive(Debug, clap::Args)]
pub struct Template {
    /// What the file is for
    #[arg(value_enum)]
    subject: Subject,
    /// The format of the file
    #[arg(long, value_enum, default_value = "csv")]
    format: TemplateFormat,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    Individual,
    Organization,
    Lead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TemplateFormat {
    Csv,
    Json,
    Xml,
}

impl Subject {
    const fn entity_type(self) -> EntityType {
        match self {
            Self::Individual | Self::Lead => EntityType::Individual,
            Self::Organization => EntityType::Organization,
        }
    }

    fn needs(self, field: &Field) -> bool {
        match field.need {
            Need::Always | Need::Single => true,
            Need::Import => self != Self::Lead,
            Need::Individual => self != Self::Organization,
            Need::IndividualLead => self == Self::Lead,
            Need::Organization | Need::OwnerOrganization => self == Self::Organization,
            Need::Never | Need::MultiOrganization | Need::Closed | Need::OneOf(_) => false,
        }
    }

    /// The fields of an object that this subject may have, mandatory ones first.
    fn fields(self, object: &'static Object) -> Vec<&'static Field> {
        let allowed = |field: &&Field| {
            !field.legacy
                && field.only.is_none_or(|only| !object.is(&CUSTOMER) || only.owner == self.entity_type())
        };
        let (mut first, rest): (Vec<_>, Vec<_>) =
            object.fields.iter().filter(allowed).partition(|field| object.is(&CUSTOMER) && self.needs(field));
        first.extend(rest);
        first
    }
}

impl Template {
    pub(super) fn run(self) -> Result<Exit, CommandError> {
        let text = match self.format {
            TemplateFormat::Csv => {
                let mut names = Vec::new();
                columns(self.subject, &CUSTOMER, "", &mut names);
                header_row(&names)?
            }
            TemplateFormat::Json => {
                let mut text = String::from("{\"customers\": [\n");
                json(self.subject, &CUSTOMER, 1, &mut text);
                text + "\n]}\n"
            }
            TemplateFormat::Xml => xml_document(self.subject),
        };
        std::io::stdout().write_all(text.as_bytes())?;
        Ok(Exit::Success)
    }
}

/// A header row as spreadsheets read it.
fn header_row(names: &[String]) -> Result<String, CommandError> {
    let mut row = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    row.write_record(names).map_err(std::io::Error::from)?;
    let row = row.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&row).into_owned())
}

/// The column names, with one item of every list.
fn columns(subject: Subject, object: &'static Object, prefix: &str, names: &mut Vec<String>) {
    for field in subject.fields(object) {
        let name = format!("{prefix}{}", field.name);
        match field.kind {
            Kind::Object(inner) => columns(subject, inner, &format!("{name}."), names),
            Kind::Objects(inner) => columns(subject, inner, &format!("{name}[0]."), names),
            _ => names.push(name),
        }
    }
}

fn json(subject: Subject, object: &'static Object, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    text.push_str(&format!("{indent}{{"));
    for (i, field) in subject.fields(object).into_iter().enumerate() {
        text.push_str(if i == 0 { "\n" } else { ",\n" });
        text.push_str(&format!("{indent}  \"{}\": ", field.name));
        let mut inner_text = String::new();
        match field.kind {
            Kind::Object(inner) => json(subject, inner, depth + 1, &mut inner_text),
            // An item is an item even where all its fields are empty, so lists stand without one.
            Kind::Objects(_) | Kind::Values(_) => inner_text.push_str("[]"),
            _ => inner_text.push_str("\"\""),
        }
        text.push_str(inner_text.trim_start());
    }
    text.push_str(&format!("\n{indent}}}"));
}

fn xml_document(subject: Subject) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\n  <soap:Body>\n    \
         <{RECORD_NAME} xmlns=\"{NAMESPACE}\">\n",
    );
    xml(subject, &CUSTOMER, 3, &mut text);
    text + &format!("    </{RECORD_NAME}>\n  </soap:Body>\n</soap:Envelope>\n")
}

fn xml(subject: Subject, object: &'static Object, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for field in subject.fields(object) {
        let name = field.xml_name();
        match field.kind {
            Kind::Object(inner) => {
                text.push_str(&format!("{indent}<{name}>\n"));
                xml(subject, inner, depth + 1, text);
                text.push_str(&format!("{indent}</{name}>\n"));
            }
            // An item is an item even where all its fields are empty, so lists stand without one.
            _ => text.push_str(&format!("{indent}<{name}></{name}>\n")),
        }
    }
}
