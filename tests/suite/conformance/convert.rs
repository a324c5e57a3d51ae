//! Records written in every format that can carry them, by the contract's own names.
//!
//! A format cannot carry what only JSON can say: a null, blanks around a code, `5.0` for a whole number,
//! an unknown name, an old spelling, an item without any value in CSV.

use serde_json::{Map, Value};

use crate::tables::{FieldRow, fields};

/// The formats, by the ending of a file name.
pub const FORMATS: [&str; 4] = ["json", "ndjson", "xml", "csv"];

/// Writes records as a file of this format; `None` when it cannot carry one of them.
pub fn text(format: &str, records: &[Value]) -> Option<String> {
    match format {
        "json" => Some(serde_json::json!({ "customers": records }).to_string()),
        "ndjson" => Some(records.iter().map(|record| format!("{record}\n")).collect()),
        "xml" => xml(records),
        "csv" => csv(records),
        other => panic!("{other} is no format"),
    }
}

fn field(object: &str, name: &str) -> Option<&'static FieldRow> {
    fields().iter().find(|field| field.object == object && field.name == name)
}

/// The text of a scalar, where another format reads it as JSON does.
fn plain(field: &FieldRow, value: &Value) -> Option<String> {
    let whole = matches!(field.kind.as_str(), "integer" | "biginteger");
    match value {
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => {
            let text = number.to_string();
            (!whole || !text.contains(['.', 'e'])).then_some(text)
        }
        Value::String(text) => {
            let carried = text.trim() == text && !text.chars().any(char::is_control);
            (carried || text.trim().is_empty()).then(|| text.clone())
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn xml(records: &[Value]) -> Option<String> {
    let mut text = String::from(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\n<soap:Body>\n",
    );
    for record in records {
        text.push_str("<AMLYZE_CUSTOMER xmlns=\"urn:amlyze-services:EvaluateCustomerService_v2r0\">");
        xml_object("Customer", record.as_object()?, &mut text)?;
        text.push_str("</AMLYZE_CUSTOMER>\n");
    }
    text.push_str("</soap:Body>\n</soap:Envelope>\n");
    Some(text)
}

fn xml_object(object: &str, members: &Map<String, Value>, text: &mut String) -> Option<()> {
    for (name, value) in members {
        let field = field(object, name)?;
        text.push_str(&format!("<{}>", field.xml));
        xml_value(field, value, text)?;
        text.push_str(&format!("</{}>", field.xml));
    }
    Some(())
}

fn xml_value(field: &FieldRow, value: &Value, text: &mut String) -> Option<()> {
    match (field.kind.as_str(), value) {
        ("object", Value::Object(members)) => xml_object(&field.values, members, text),
        ("list", Value::Array(items)) => {
            for item in items {
                text.push_str(&format!("<{}>", field.item));
                match item {
                    Value::Object(members) => xml_object(&field.values, members, text)?,
                    scalar => text.push_str(&escaped(&plain(field, scalar)?)),
                }
                text.push_str(&format!("</{}>", field.item));
            }
            Some(())
        }
        ("list", Value::Object(_)) => None,
        // Elements where a scalar belongs.
        (_, Value::Object(members)) => {
            for (name, value) in members {
                text.push_str(&format!("<{name}>{}</{name}>", escaped(value.as_str()?)));
            }
            Some(())
        }
        _ => {
            text.push_str(&escaped(&plain(field, value)?));
            Some(())
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn csv(records: &[Value]) -> Option<String> {
    let mut rows = Vec::new();
    for record in records {
        let mut cells = Vec::new();
        csv_object("Customer", record.as_object()?, "", &mut cells)?;
        rows.push(cells);
    }
    let mut columns: Vec<&String> = Vec::new();
    for (column, _) in rows.iter().flatten() {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text = columns.iter().map(|column| column.as_str()).collect::<Vec<_>>().join(",");
    text.push('\n');
    for cells in &rows {
        let cell = |column: &&String| {
            let found = cells.iter().find(|(own, _)| own == *column);
            found.map_or_else(String::new, |(_, cell)| quoted(cell))
        };
        text.push_str(&columns.iter().map(cell).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    Some(text)
}

type Cells = Vec<(String, String)>;

fn csv_object(object: &str, members: &Map<String, Value>, prefix: &str, cells: &mut Cells) -> Option<()> {
    for (name, value) in members {
        let field = field(object, name)?;
        csv_value(field, value, &format!("{prefix}{name}"), cells)?;
    }
    Some(())
}

fn csv_value(field: &FieldRow, value: &Value, column: &str, cells: &mut Cells) -> Option<()> {
    match (field.kind.as_str(), value) {
        ("object", Value::Object(members)) => {
            csv_object(&field.values, members, &format!("{column}."), cells)
        }
        ("list", Value::Array(items)) if field.item == "Process" => {
            let texts: Option<Vec<String>> = items.iter().map(|item| plain(field, item)).collect();
            cells.push((column.to_owned(), texts?.join("|")));
            Some(())
        }
        ("list", Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                let before = cells.len();
                csv_object(&field.values, item.as_object()?, &format!("{column}[{index}]."), cells)?;
                if cells[before..].iter().all(|(_, cell)| cell.trim().is_empty()) {
                    return None;
                }
            }
            Some(())
        }
        // One cell with one process is a list.
        ("list", _) if field.item == "Process" => None,
        _ => {
            let cell = plain(field, value)?;
            // Capitals are no mistake in CSV, and these beginnings have a meaning of their own there.
            let differs = field.kind == "boolean" && cell.to_lowercase().parse::<bool>().is_ok();
            let differs = differs && cell.parse::<bool>().is_err();
            let begins = cell.starts_with('\'') || field.kind == "list" && cell.starts_with(['[', '{']);
            if differs || begins {
                return None;
            }
            cells.push((column.to_owned(), cell));
            Some(())
        }
    }
}
