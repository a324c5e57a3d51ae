//! `explain`: what a code checks, how to fix it, examples, where it applies; the same for a field.

use std::fmt::Write as _;
use std::io::Write;

use clap::ValueEnum;

use super::{CommandError, Exit};
use crate::contract::codes::{self, FAMILIES};
use crate::contract::{CUSTOMER, Field, Kind, Object, Part, near};
use crate::printable::excerpt;
use crate::rules::{documented, reportable};

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A code, as C014 or C017.C016.RE06.ADR02, or a field, as citizenshipCountry or listAddress[0].country
    #[arg(value_name = "CODE or FIELD", required_unless_present = "all")]
    subject: Option<String>,
    /// Print every page
    #[arg(long, conflicts_with = "subject")]
    all: bool,
    /// How the page is printed
    #[arg(long, value_enum, default_value = "text")]
    format: PageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PageFormat {
    /// For a terminal.
    Text,
    /// For documents.
    Markdown,
}

impl Explain {
    pub(super) fn run(self) -> Result<Exit, CommandError> {
        let page = match &self.subject {
            None => all_pages(),
            Some(subject) => match find(subject) {
                Some(page) => page,
                None => return Err(CommandError::Usage(not_found(subject))),
            },
        };
        let page = if self.format == PageFormat::Text { plain(&page) } else { page };
        std::io::stdout().write_all(page.as_bytes())?;
        Ok(Exit::Success)
    }
}

/// Every page in one document.
fn all_pages() -> String {
    let mut text = String::from(
        "# Codes\n\nMade by `kyc-import explain --all --format markdown`; do not edit by hand.\n\n\
         A code is a path of scopes with a leaf: `Q004.ADR02` is the leaf `ADR02` in the scope `Q004`. *Documented* codes are \
         printed in a public source, *proposed* ones are ours.\n",
    );
    for (title, parts) in FAMILIES {
        let _ = write!(text, "\n## {title}\n");
        for part in *parts {
            let _ = write!(text, "\n{}", page(part, "###"));
        }
    }
    text
}

fn find(subject: &str) -> Option<String> {
    let parts = codes::parts_of(subject.trim());
    match parts.as_slice() {
        [] => {}
        [part] => return Some(page(part, "#") + &places(&part.code().to_string())),
        parts => {
            let mut text =
                format!("# {}\n\nA code with {} parts, outermost first.\n", joined(parts), parts.len());
            for part in parts {
                let _ = write!(text, "\n{}", page(part, "##"));
            }
            return Some(text + &places(&joined(parts)));
        }
    }
    field_page(subject.trim())
}

fn joined(parts: &[&'static Part]) -> String {
    let codes: Vec<String> = parts.iter().map(|part| part.code().to_string()).collect();
    codes.join(".")
}

fn page(part: &'static Part, level: &str) -> String {
    let code = part.code().to_string();
    let longer: Vec<&str> =
        documented().iter().copied().filter(|known| known.ends_with(&format!(".{code}"))).collect();
    let status = match (documented().binary_search(&code.as_str()), longer.as_slice()) {
        (Ok(_), _) => "documented".to_owned(),
        (Err(_), []) => "proposed".to_owned(),
        (Err(_), longer) => format!("documented as {}, elsewhere proposed", longer.join(", ")),
    };
    let mut text = format!("{level} {code}\n\n*{status}*\n\n");
    for line in part.page.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match line.strip_prefix("## ") {
            Some(title) => {
                let _ = writeln!(text, "**{title}**");
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

/// Where a code is reported.
fn places(code: &str) -> String {
    let mut text = String::new();
    let ends = format!(".{code}");
    for place in reportable() {
        let own = place.code.to_string();
        if own == code || own.ends_with(&ends) {
            let _ = writeln!(text, "- `{own}` at `{}`: {}", place.path, place.message);
        }
    }
    if text.is_empty() { text } else { format!("\n**Where**\n\n{text}") }
}

fn field_page(name: &str) -> Option<String> {
    let wanted: String =
        name.split('.').map(|part| part.split('[').next().unwrap_or(part)).collect::<Vec<_>>().join(".");
    let mut found = Vec::new();
    fields(&CUSTOMER, "", &mut |path, object, field| {
        let plain = path.replace("[]", "");
        let last = plain.rsplit('.').next().unwrap_or(&plain);
        if plain.eq_ignore_ascii_case(&wanted) || !wanted.contains('.') && last.eq_ignore_ascii_case(&wanted)
        {
            found.push((path.to_owned(), object, field));
        }
    });
    let exact: Vec<_> =
        found.iter().filter(|(path, _, _)| path.replace("[]", "").eq_ignore_ascii_case(&wanted)).collect();
    let chosen: Vec<_> = if exact.is_empty() { found.iter().collect() } else { exact };
    if chosen.is_empty() {
        return None;
    }
    Some(
        chosen
            .iter()
            .map(|(path, object, field)| one_field(path, object, field))
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

fn fields(
    object: &'static Object,
    prefix: &str,
    visit: &mut dyn FnMut(&str, &'static Object, &'static Field),
) {
    for field in object.fields {
        let path = format!("{prefix}{}", field.name);
        visit(&path, object, field);
        match field.kind {
            Kind::Object(inner) => fields(inner, &format!("{path}."), visit),
            Kind::Objects(inner) => fields(inner, &format!("{path}[]."), visit),
            _ => {}
        }
    }
}

fn one_field(path: &str, object: &'static Object, field: &'static Field) -> String {
    let mut text = format!("# {path}\n\n{}\n\n", field.note);
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(text, "- {name}: {value}");
    };
    fact("object", object.name.to_owned());
    fact("type", type_of(field));
    fact("XML name", field.xml_name().to_owned());
    if let Some(alias) = field.alias {
        fact("old JSON spelling", alias.to_owned());
    }
    if let Some(chars_max) = field.chars_max {
        fact("at most", format!("{chars_max} characters"));
    }
    if let Some(only) = field.only {
        fact("only for", only.owner.as_str().to_owned());
    }
    fact("mandatory", field.need.words().to_owned());
    fact("CSV column", path.replace("[]", "[0]"));
    if path.contains("[]") && !field.kind.is_nested() {
        fact("in values and constants of a [[source]]", path.replace("[]", ""));
    }
    let indexed = path.replace("[]", "[i]");
    for place in reportable() {
        let shape = place.path.replace("[j]", "[i]");
        if shape == indexed {
            fact("reported as", format!("{}: {}", place.code, place.message));
        }
    }
    text
}

fn type_of(field: &Field) -> String {
    match field.kind {
        Kind::Enum(values) => format!("one of {}", values.join(", ")),
        Kind::Classifier(list) if list.built_in().is_empty() => {
            format!("code of the institution's list {}", list.name())
        }
        Kind::Classifier(list) => {
            format!("code of the list {} ({} codes built in)", list.name(), list.built_in().len())
        }
        Kind::Values(object) => match object.fields[0].kind {
            Kind::Enum(values) => format!("list of {}", values.join(", ")),
            _ => "list".to_owned(),
        },
        Kind::Objects(object) => format!("list of {}", object.item),
        kind => kind.name().to_owned(),
    }
}

/// The most characters of what was asked for that are printed.
const SUBJECT_CHARS_MAX: usize = 64;

fn not_found(subject: &str) -> String {
    let mut names: Vec<String> = codes::all().map(|part| part.code().to_string()).collect();
    fields(&CUSTOMER, "", &mut |_, _, field| names.push(field.name.to_owned()));
    let last = subject.rsplit('.').next().unwrap_or(subject);
    let shown = excerpt(subject, SUBJECT_CHARS_MAX);
    match near::nearest(last, names.iter().map(String::as_str)) {
        Some(near) => format!("{shown} is neither a code nor a field; did you mean {near}?"),
        None => format!("{shown} is neither a code nor a field; `kyc-import explain --all` prints all codes"),
    }
}

/// A page without the marks of Markdown.
fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut fenced = false;
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let line = match line {
            _ if fenced => format!("    {line}"),
            _ => {
                line.trim_start_matches('#').trim_start_matches(' ').replace("**", "").replace(['`', '*'], "")
            }
        };
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
