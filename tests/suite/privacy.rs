//! No personal text gets out but where it belongs: a record whose every text is a secret, wrong in many
//! ways, in every format, leaves no secret in what is printed, logged or reported.

use std::fs;
use std::path::Path;

use bumpalo::Bump;
use kyc_import::contract::tables::item::additional_value::{ADDITIONAL_VALUE, CODE};
use kyc_import::contract::{CUSTOMER, Field, Kind, Object, Record, Value as Held};
use kyc_import::format::{Format, FrameReader, JsonShape};
use serde_json::{Map, Value, json};

use crate::commands::{code, folder, program_with, put, stderr, stdout};
use crate::support::{individual, judge, lead, organization};

/// What every secret begins with. Nothing else in the project does.
const SECRET: &str = "Geheimnis";

/// Two fields are shown so that a record can be found.
const SHOWN: [&str; 2] = ["communicationNumber", "customerExtId"];

/// Makes secrets, each with a number of its own.
#[derive(Default)]
struct Secrets {
    made: u32,
}

impl Secrets {
    fn next(&mut self) -> String {
        self.made += 1;
        format!("{SECRET}-{:04}", self.made)
    }

    /// An object with a value in every field: secrets in texts and dates, wrong codes elsewhere.
    fn object(&mut self, object: &'static Object) -> Map<String, Value> {
        object.fields.iter().map(|field| (field.name.to_owned(), self.value(object, field))).collect()
    }

    fn value(&mut self, object: &'static Object, field: &'static Field) -> Value {
        if object.is(&CUSTOMER) && SHOWN.contains(&field.name) {
            return json!("SHOWN-1");
        }
        // The message of a bad value names the code of the value.
        if object.is(&ADDITIONAL_VALUE) && field.name == ADDITIONAL_VALUE.fields[CODE].name {
            return json!("CODE-1");
        }
        match field.kind {
            // The longer limits would make the files large and the test slow.
            Kind::Text if field.chars_max.is_some_and(|chars_max| chars_max < 1_000) => {
                json!(format!("{} {}", self.next(), "x".repeat(1_000)))
            }
            Kind::Text | Kind::AdditionalValue | Kind::Date => json!(self.next()),
            Kind::Integer | Kind::BigInteger | Kind::Decimal => json!(format!("{} 12", self.next())),
            Kind::Boolean => json!("perhaps"),
            Kind::Enum(_) if field.name == "datatype" => json!("DATE"),
            Kind::Enum(_) | Kind::Classifier(_) => json!("WRONG"),
            Kind::Object(inner) => Value::Object(self.object(inner)),
            Kind::Objects(inner) => json!([self.object(inner), self.object(inner)]),
            Kind::Values(_) => json!(["WRONG"]),
        }
    }
}

/// Records that are wrong in many ways, as an individual, an organization and neither.
fn records() -> (Vec<Value>, u32) {
    let mut secrets = Secrets::default();
    let mut records = Vec::new();
    for entity_type in ["INDIVIDUAL", "ORGANIZATION", "WRONG"] {
        let mut record = secrets.object(&CUSTOMER);
        record.insert("entityType".to_owned(), json!(entity_type));
        records.push(Value::Object(record));
    }
    // Accepted ones with secrets show no more than rejected ones.
    for mut base in [individual(), organization(), lead()] {
        for name in ["firstName", "lastName", "title", "requester"] {
            if base.get(name).is_some() {
                base[name] = json!(secrets.next());
            }
        }
        base["notAField"] = json!(secrets.next());
        records.push(base);
    }
    (records, secrets.made)
}

fn as_csv(records: &[Value]) -> String {
    let rows: Vec<Vec<(String, String)>> = records.iter().map(|record| leaves("", record)).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut text = format!("{}\r\n", names.join(";"));
    for row in &rows {
        let cell = |name: &&str| row.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value);
        text += &names.iter().map(cell).collect::<Vec<_>>().join(";");
        text += "\r\n";
    }
    text
}

fn leaves(path: &str, value: &Value) -> Vec<(String, String)> {
    let dot = if path.is_empty() { "" } else { "." };
    match value {
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| leaves(&format!("{path}{dot}{name}"), value)).collect()
        }
        Value::Array(items) if items.iter().all(Value::is_string) => {
            vec![(path.to_owned(), items[0].as_str().expect("a text").to_owned())]
        }
        Value::Array(items) => {
            (0..).zip(items).flat_map(|(i, item)| leaves(&format!("{path}[{i}]"), item)).collect()
        }
        value => vec![(path.to_owned(), value.as_str().expect("a text").to_owned())],
    }
}

fn as_xml(records: &[Value]) -> String {
    let mut text = String::from("<Customers>\n");
    for record in records {
        text += &format!("<AMLYZE_CUSTOMER>{}</AMLYZE_CUSTOMER>\n", elements(&CUSTOMER, record));
    }
    text + "</Customers>\n"
}

fn elements(object: &'static Object, record: &Value) -> String {
    let members = record.as_object().expect("an object");
    let element = |(name, value): (&String, &Value)| {
        let Some(field) = object.field(name) else { return format!("<{name}>{}</{name}>", text_of(value)) };
        let inner = match (field.kind, value) {
            (Kind::Object(inner), value) => elements(inner, value),
            (Kind::Objects(inner), Value::Array(items)) => items
                .iter()
                .map(|item| format!("<{0}>{1}</{0}>", inner.item, elements(inner, item)))
                .collect(),
            (Kind::Values(inner), Value::Array(items)) => {
                items.iter().map(|item| format!("<{0}>{1}</{0}>", inner.item, text_of(item))).collect()
            }
            (_, value) => text_of(value),
        };
        format!("<{0}>{inner}</{0}>", field.xml_name())
    };
    members.iter().map(element).collect()
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The same records in every format, by file name.
fn files() -> Vec<(&'static str, String)> {
    let (records, made) = records();
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    let files = vec![
        ("a.ndjson", lines),
        ("a.json", json!(records).to_string()),
        ("wrapper.json", json!({"customers": records}).to_string()),
        ("a.csv", as_csv(&records)),
        ("a.xml", as_xml(&records)),
    ];
    for (name, text) in &files {
        assert_eq!(text.matches(SECRET).count(), made as usize, "{name} does not hold every secret");
    }
    files
}

/// Asserts that a text holds no secret.
fn assert_none(text: &str, what: &str) {
    if let Some(at) = text.find(SECRET) {
        let begins = text[..at].char_indices().rev().nth(200).map_or(0, |(at, _)| at);
        let ends = text.len().min(at + SECRET.len() + 5);
        panic!("{what} holds a secret: ...{}", text.get(begins..ends).unwrap_or_default());
    }
}

/// Runs `check` in both formats and `run`, and looks for secrets in all that must not hold one. Returns
/// the gravest exit code.
fn assert_private(folder: &Path, name: &str) -> i32 {
    let debug = [("KYC_IMPORT_LOG", "debug")];
    let commands: [&[&str]; 5] = [
        &["check", name],
        &["check", "--format", "json", name],
        &["check", "--strict-entity-fields", "--log-format", "json", name],
        &["run", name],
        &["run", "--format", "json", "--log-format", "json", name],
    ];
    let mut gravest = 0;
    for arguments in commands {
        let output = program_with(folder, &debug, arguments, b"");
        gravest = gravest.max(code(&output));
        assert_none(&stdout(&output), &format!("standard output of {arguments:?}"));
        assert_none(&stderr(&output), &format!("standard error of {arguments:?}"));
    }
    for batch in fs::read_dir(folder.join("outbox")).expect("an outbox") {
        let batch = batch.expect("an entry").path();
        for report in ["errors.csv", "errors.ndjson", "summary.json", "MANIFEST.json"] {
            if let Ok(text) = fs::read_to_string(batch.join(report)) {
                assert_none(&text, &format!("{report} of {name}"));
            }
        }
    }
    gravest
}

#[test]
fn records_that_are_wrong_everywhere_leave_no_secret() {
    for (name, text) in files() {
        let judged = judge(&text, name);
        assert_eq!(judged.finished.failure, None, "{name}");
        assert_eq!(judged.finished.tally.counts.rejected, 3, "{name}");
        assert!(judged.codes(0).len() > 100, "{name}: only {} errors", judged.codes(0).len());
        let folder = folder();
        put(folder.path(), name, &text);
        assert_eq!(assert_private(folder.path(), name), 1, "{name}");
    }
}

#[test]
fn heads_are_shown_and_texts_are_masked() {
    let (records, _) = records();
    let judged = judge(records[0].to_string(), "a.ndjson");
    let report = &judged.reports[0];
    assert_eq!(report["communicationNumber"], "SHOWN-1");
    assert_eq!(report["customerExtId"], "SHOWN-1");
    let errors = report["errors"].as_array().expect("a list");
    let value = |field: &str| {
        let error = errors.iter().find(|error| error["field"] == field);
        error.map(|error| error["value"].clone()).unwrap_or_default()
    };
    assert_eq!(value("riskLevel"), "WRONG");
    assert_eq!(value("citizenshipCountry"), "WRONG");
    assert_eq!(value("title"), "***");
    assert_eq!(value("birthDate"), "aaaaaaaaa-9999");
}

/// Secrets where a record has another structure than it should.
#[test]
fn wrong_structures_leave_no_secret() {
    let mut lines = String::new();
    let mut secrets = Secrets::default();
    // A list of codes is left out: its items are shown.
    for field in CUSTOMER.fields.iter().filter(|field| !matches!(field.kind, Kind::Values(_))) {
        let name = field.name;
        for shape in 0..4 {
            let secret = secrets.next();
            let value = match shape {
                0 => json!([secret]),
                1 => json!({ "firstName": secret }),
                2 => json!([{ "firstName": secret }, secret, [secret]]),
                _ if field.kind.is_nested() => json!(secret),
                _ => json!([[secret]]),
            };
            if !SHOWN.contains(&name) {
                lines += &format!("{}\n", crate::support::patched(individual(), &json!({ name: value })));
            }
        }
    }
    let folder = folder();
    put(folder.path(), "structures.ndjson", &lines);
    assert_eq!(assert_private(folder.path(), "structures.ndjson"), 1);
}

/// Lines and rows that cannot be read, and files that cannot.
#[test]
fn what_cannot_be_read_leaves_no_secret() {
    let (s, good) = (SECRET, individual());
    let head = "communicationNumber;requester;firstName;lastName";
    let cases = [
        ("cut.ndjson", format!("{good}\n{{\"firstName\": \"{s}\n{{\"firstName\": {s}}}\n{s}\n[\"{s}\"]\n")),
        ("twice.ndjson", format!("{{\"firstName\":\"{s}\",\"firstName\":\"{s}\"}}\n")),
        ("escape.ndjson", format!("{{\"firstName\":\"{s}\\u12\"}}\n{{\"firstName\":\"{s}\\q\"}}\n")),
        ("cut.json", format!("[{{\"firstName\": \"{s}\"}}, {{\"firstName\": \"{s}")),
        ("bare.json", format!("{{\"customers\": [{{\"firstName\": {s}}}]}}")),
        ("text.json", format!("{{\"customers\": \"{s}\"}}")),
        ("after.json", format!("[{good}] {s}")),
        ("wide.csv", format!("{head}\r\nN;{s};{s};{s};{s};{s}\r\nN;{s}\r\n")),
        ("quote.csv", format!("{head}\r\nN;\"{s};{s};{s}\r\nN;{s};{s};{s}\r\n")),
        ("stray.csv", format!("{head}\r\nN;\"{s}\"{s};{s};{s}\r\n")),
        ("headless.csv", format!("N-1;{s};{s}-2;2026-01-21\r\nN-2;{s};{s}-2;2026-01-21\r\n")),
        ("list.csv", format!("{head};listContact;listAddress\r\nN;R;{s};{s};{s};[{{\"city\":\"{s}\"}}\r\n")),
        ("cut.xml", format!("<C><AMLYZE_CUSTOMER><FirstName>{s}</FirstName>")),
        (
            "entity.xml",
            format!("<C><AMLYZE_CUSTOMER><FirstName>{s}&none;{s}</FirstName></AMLYZE_CUSTOMER></C>"),
        ),
        ("tags.xml", format!("<C><AMLYZE_CUSTOMER><FirstName>{s}</LastName></AMLYZE_CUSTOMER></C>")),
        (
            "mixed.xml",
            format!(
                "<C>{s}<AMLYZE_CUSTOMER a='{s}'>{s}<FirstName b='{s}'><X>{s}</X></FirstName><ListAddress>{s}\
                 <Address>{s}</Address><Wrong>{s}</Wrong></ListAddress><!-- {s} --></AMLYZE_CUSTOMER></C>"
            ),
        ),
        ("plain.csv", format!("{s}\r\n{s}\r\n")),
        ("plain.json", s.to_owned()),
        ("plain.xml", s.to_owned()),
    ];
    for (name, text) in cases {
        let folder = folder();
        put(folder.path(), name, &text);
        let exit = assert_private(folder.path(), name);
        assert!(matches!(exit, 1 | 3), "{name} ends with {exit}");
        for batch in fs::read_dir(folder.path().join("outbox")).expect("an outbox") {
            let page = batch.expect("an entry").path().join("unreadable.txt");
            assert_none(&fs::read_to_string(page).unwrap_or_default(), &format!("unreadable.txt of {name}"));
        }
    }
    // The page of a file in another encoding shows two of its lines, so that a person can see whether the
    // guess is right. It lies beside the data and is as private.
    let latin = [head.as_bytes(), b"\r\nN;R;", s.as_bytes(), b";\xe9\r\n"].concat();
    let folder = folder();
    put(folder.path(), "latin.csv", latin);
    assert_eq!(assert_private(folder.path(), "latin.csv"), 3);
}

#[test]
fn debug_of_a_record_prints_no_value() {
    let (records, _) = records();
    let text = records[0].to_string();
    let bump = Bump::new();
    let mut record = Record::new();
    let mut reader = FrameReader::new(Format::Json(JsonShape::Lines), None);
    reader.read(&text, 1, &bump, &mut record).expect("the record can be read");
    assert_none(&format!("{record:?}{record:#?}{reader:?}"), "a record");
    for value in [Held::Text(SECRET), Held::Token(SECRET), Held::NestedJson(SECRET), Held::NestedXml(SECRET)]
    {
        let printed = format!("{value:?}");
        assert_none(&printed, "a value");
        assert!(printed.contains("9 bytes"), "{printed}");
    }
}

#[test]
fn debug_of_what_came_of_a_file_prints_no_value() {
    for (name, text) in files() {
        let judged = judge(&text, name);
        assert_none(&format!("{:?}", judged.finished), name);
    }
}
