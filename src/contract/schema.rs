//! The contract as JSON Schema (draft 2020-12), made from the tables.

use serde_json::{Map, Value as Json, json};

use super::field::{EntityType, Field, Foreign, Kind, Need};
use super::list::{Classifiers, List};
use super::object::Object;
use super::tables::customer::{self, CUSTOMER};

/// A date or date-time in one of the accepted forms. The calendar is not checked by it.
const DATE_PATTERN: &str = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})|Z|[+-]\d{2}:?\d{2})?$";

/// The SHA-256 of the schema without lists of its own, as compact JSON: it names the rules of a version of the tool. Made
/// anew for every file, it would take as long as a small one.
pub const SCHEMA_SHA256: &str = "2b13909dbec7fb51092444f763506d34cd83311c4441b82a17092f13671b8d21";

/// The schema of one record. Rules that need the past, the mode or the neighbours are not in it.
#[must_use]
pub fn schema(classifiers: &Classifiers) -> Json {
    let mut definitions = Map::new();
    define(&CUSTOMER, classifiers, &mut definitions);
    let mut schema = match definitions.remove(CUSTOMER.name) {
        Some(Json::Object(schema)) => schema,
        _ => Map::new(),
    };
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("A customer or lead record"));
    if let (Some(Json::Array(owned)), Json::Array(conditions)) = (schema.get_mut("allOf"), conditions()) {
        owned.extend(conditions);
    }
    schema.insert("$defs".into(), Json::Object(definitions));
    Json::Object(schema)
}

fn define(object: &'static Object, classifiers: &Classifiers, definitions: &mut Map<String, Json>) {
    if definitions.contains_key(object.name) {
        return;
    }
    definitions.insert(object.name.to_owned(), Json::Null);
    let mut properties = Map::new();
    for field in object.fields {
        // The value of a field that belongs to one entity type is looked at only on that type.
        let schema = match field.only {
            Some(_) => json!({ "description": field.note }),
            None => property(field, classifiers, definitions),
        };
        if let Some(alias) = field.alias {
            properties.insert(alias.to_owned(), schema.clone());
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let required: Vec<&str> =
        object.fields.iter().filter(|field| field.need == Need::Always).map(|field| field.name).collect();
    let mut schema = json!({ "type": "object", "description": object.note, "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    if object.fields.iter().any(|field| matches!(field.need, Need::OneOf(_))) {
        let one: Vec<Json> = object
            .fields
            .iter()
            .filter(|field| matches!(field.need, Need::OneOf(_)))
            .map(|field| json!({ "required": [field.name] }))
            .collect();
        schema["anyOf"] = json!(one);
    }
    let owned: Vec<Json> = [EntityType::Individual, EntityType::Organization]
        .into_iter()
        .filter_map(|owner| owned(object, owner, classifiers, definitions))
        .collect();
    if !owned.is_empty() {
        schema["allOf"] = json!(owned);
    }
    definitions.insert(object.name.to_owned(), schema);
}

/// The forms of the fields that belong to one entity type.
fn owned(
    object: &'static Object,
    owner: EntityType,
    classifiers: &Classifiers,
    definitions: &mut Map<String, Json>,
) -> Option<Json> {
    let mut properties = Map::new();
    for field in object.fields.iter().filter(|field| field.only.is_some_and(|only| only.owner == owner)) {
        let schema = property(field, classifiers, definitions);
        if let Some(alias) = field.alias {
            properties.insert(alias.to_owned(), schema.clone());
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let type_name = CUSTOMER.fields[customer::ENTITY_TYPE].name;
    let when = json!({ "properties": { type_name: { "const": owner.as_str() } }, "required": [type_name] });
    (!properties.is_empty()).then(|| json!({ "if": when, "then": { "properties": properties } }))
}

fn property(field: &Field, classifiers: &Classifiers, definitions: &mut Map<String, Json>) -> Json {
    let mut schema = match field.kind {
        Kind::Object(object) => {
            define(object, classifiers, definitions);
            json!({ "anyOf": [reference(object), { "type": "null" }] })
        }
        Kind::Objects(object) => {
            define(object, classifiers, definitions);
            json!({ "type": ["array", "null"], "items": reference(object) })
        }
        Kind::Values(object) => {
            json!({ "type": ["array", "null"], "items": scalar(object.fields[0].kind, false, classifiers) })
        }
        kind => scalar(kind, field.need != Need::Always, classifiers),
    };
    if let Some(chars_max) = field.chars_max {
        schema["maxLength"] = json!(chars_max);
    }
    schema["description"] = json!(field.note);
    schema
}

fn reference(object: &Object) -> Json {
    json!({ "$ref": format!("#/$defs/{}", object.name) })
}

/// The schema of a scalar; an optional one may be null or blank.
fn scalar(kind: Kind, optional: bool, classifiers: &Classifiers) -> Json {
    let mut choices = match kind {
        Kind::Text | Kind::AdditionalValue if optional => {
            return json!({ "type": ["string", "number", "boolean", "null"] });
        }
        Kind::Text | Kind::AdditionalValue => {
            return json!({ "type": ["string", "number", "boolean"], "pattern": r"\S" });
        }
        Kind::Date => vec![json!({ "type": "string", "pattern": DATE_PATTERN })],
        Kind::Boolean => vec![json!({ "enum": [true, false, "true", "false"] })],
        Kind::Integer => vec![
            json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
            json!({ "type": "string", "pattern": r"^-?\d+$" }),
        ],
        Kind::BigInteger => {
            vec![json!({ "type": "integer" }), json!({ "type": "string", "pattern": r"^-?\d+$" })]
        }
        Kind::Decimal => vec![
            json!({ "type": "number" }),
            json!({ "type": "string", "pattern": r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$" }),
        ],
        Kind::Enum(values) => vec![json!({ "enum": **values })],
        Kind::Classifier(list) if classifiers.is_open(list) => {
            vec![json!({ "type": ["string", "number"], "pattern": r"\S" })]
        }
        Kind::Classifier(list) => vec![json!({ "enum": codes(list, classifiers) })],
        Kind::Object(_) | Kind::Objects(_) | Kind::Values(_) => Vec::new(),
    };
    if optional {
        choices.push(blank());
    }
    match (choices.pop(), choices.is_empty()) {
        (Some(only), true) => only,
        (last, _) => json!({ "anyOf": choices.into_iter().chain(last).collect::<Vec<_>>() }),
    }
}

fn codes(list: List, classifiers: &Classifiers) -> Json {
    json!(classifiers.codes(list).iter().map(AsRef::as_ref).collect::<Vec<&str>>())
}

/// What counts as absent.
fn blank() -> Json {
    json!({ "anyOf": [{ "type": "null" }, { "type": "string", "pattern": r"^\s*$" }] })
}

/// The rules that depend on the entity type, the source of risk level and the status.
fn conditions() -> Json {
    let name = |index: usize| CUSTOMER.fields[index].name;
    let when = |field: usize, value: &str, then: Json| json!({ "if": { "properties": { name(field): { "const": value } }, "required": [name(field)] }, "then": then });
    let needing = |need: Need| -> Vec<&str> {
        CUSTOMER.fields.iter().filter(|field| field.need == need).map(|field| field.name).collect()
    };
    let foreign = |owner: EntityType| -> Map<String, Json> {
        let documented = |field: &&Field| {
            field
                .only
                .is_some_and(|only| only.owner == owner && matches!(only.foreign, Foreign::Documented(_)))
        };
        CUSTOMER.fields.iter().filter(documented).map(|field| (field.name.to_owned(), blank())).collect()
    };
    let evaluated = json!({ "properties": { name(customer::SOURCE_OF_RISK_LEVEL): { "const": "EVALUATE" } },
        "required": [name(customer::SOURCE_OF_RISK_LEVEL)] });
    json!([
        when(customer::ENTITY_TYPE, EntityType::Individual.as_str(),
            json!({ "required": needing(Need::Individual), "properties": foreign(EntityType::Organization) })),
        when(customer::ENTITY_TYPE, EntityType::Organization.as_str(),
            json!({ "required": needing(Need::Organization), "properties": foreign(EntityType::Individual) })),
        when(customer::CUSTOMER_STATUS, "CLOSED", json!({ "required": needing(Need::Closed) })),
        { "if": evaluated, "else": { "required": needing(Need::Import) } },
    ])
}
