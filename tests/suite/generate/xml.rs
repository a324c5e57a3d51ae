//! Records as XML, with any prefixes, entities, sections, comments and attributes.

use kyc_import::contract::Kind;

use super::{Dice, Members, Name, Value};

const NAMESPACE: &str = "urn:amlyze-services:EvaluateCustomerService_v2r0";

/// Records in a SOAP envelope, or under another root.
pub fn document(records: &[Members], dice: &mut Dice) -> String {
    let mut text = dice
        .one(&[
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "",
            "\n \n<?xml version='1.0'?>",
            "<!-- <A> -->\n",
        ])
        .to_owned();
    let (open, close) = dice.one(&[
        ("<Customers>", "</Customers>"),
        (
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\n \
             <soap:Header/>\n <soap:Body>",
            "</soap:Body>\r\n</soap:Envelope >",
        ),
        ("<r a='>'><?pi <x> ?><![CDATA[<AMLYZE_CUSTOMER>]]>", "</r>\n<!-- end -->\n"),
    ]);
    text.push_str(open);
    for each in records {
        text.push_str(dice.one(&["\n  ", "", "\r\n", "<!-- </r> AMLYZE_CUSTOMER -->"]));
        if dice.once_in(3) {
            // Its namespace is declared around it alone.
            let (prefix, namespace) = (dice.one(PREFIXES), dice.one(&[NAMESPACE, "urn:o'ther", "urn:&lt;"]));
            let element = element(each, dice, prefix, "");
            text.push_str(&format!("<w{}>{element}</w>", declaration(prefix, namespace)));
        } else {
            text.push_str(&record(each, dice));
        }
    }
    text + close
}

const PREFIXES: &[&str] = &["", "", "c:", "ns2:"];

/// One record.
pub fn record(members: &Members, dice: &mut Dice) -> String {
    let prefix = dice.one(PREFIXES);
    element(members, dice, prefix, &declaration(prefix, NAMESPACE))
}

fn declaration(prefix: &str, namespace: &str) -> String {
    match prefix.strip_suffix(':') {
        Some(prefix) => format!(" xmlns:{prefix}=\"{namespace}\""),
        None => format!(" xmlns=\"{namespace}\""),
    }
}

fn element(members: &Members, dice: &mut Dice, prefix: &'static str, attributes: &str) -> String {
    let mut text = format!("<{prefix}AMLYZE_CUSTOMER{attributes}>");
    Writer { dice, prefix }.children(members, &mut text);
    text + &format!("</{prefix}AMLYZE_CUSTOMER>")
}

/// One field of a record, without a prefix.
pub fn member(name: Name, value: &Value, dice: &mut Dice) -> String {
    let mut text = String::new();
    Writer { dice, prefix: "" }.member(name, value, &mut text);
    text
}

struct Writer<'d> {
    dice: &'d mut Dice,
    prefix: &'static str,
}

const ATTRIBUTES: &[&str] = &[
    "",
    "",
    "",
    " xsi:nil=\"false\"",
    " xsi:type='a > b'",
    " xml:lang = \"lt\"",
    " xmlns:x=\"u:&amp;\"",
    "\n",
];

impl Writer<'_> {
    fn between(&mut self, text: &mut String) {
        if self.dice.once_in(3) {
            let pieces = ["", "\n  ", "\r\n\t", "<!-- </x> & <y> -->", "<?pi > ?>", " <!--'--> "];
            text.push_str(self.dice.one(&pieces));
        }
    }

    fn children(&mut self, members: &Members, text: &mut String) {
        for (name, value) in self.dice.shuffled(members.iter().collect()) {
            self.between(text);
            self.member(*name, value, text);
        }
        self.between(text);
    }

    fn element(&mut self, name: &str, text: &mut String, content: impl FnOnce(&mut Self, &mut String)) {
        let prefix = self.prefix;
        text.push_str(&format!("<{prefix}{name}"));
        text.push_str(self.dice.one(ATTRIBUTES));
        text.push('>');
        content(self, text);
        text.push_str(&format!("</{prefix}{name}{}>", self.dice.one(&["", "", "", " ", "\n"])));
    }

    fn member(&mut self, name: Name, value: &Value, text: &mut String) {
        let element = name.xml();
        match value {
            Value::Blank("null") => text.push_str(&format!("<{}{element}/>", self.prefix)),
            Value::Blank(blank) => self.element(&element, text, |_, text| text.push_str(blank)),
            Value::Text(content) => self.element(&element, text, |writer, text| writer.text(content, text)),
            Value::Object(members) => {
                self.element(&element, text, |writer, text| writer.children(members, text));
            }
            Value::Items(items) => self.element(&element, text, |writer, text| {
                for item in items {
                    writer.between(text);
                    writer.element(item_name(name), text, |writer, text| writer.children(item, text));
                }
                writer.between(text);
            }),
            Value::Scalars(texts) => self.element(&element, text, |writer, text| {
                for each in texts {
                    writer.element(item_name(name), text, |writer, text| writer.text(each, text));
                }
            }),
            Value::Wrong(_) => unreachable!("only JSON can say it"),
        }
    }

    /// Character data: entities, references, sections, and comments in the middle.
    fn text(&mut self, content: &str, text: &mut String) {
        let style = self.dice.below(6);
        if style == 4 && !content.contains('\r') && !content.contains("]]>") {
            text.push_str(&format!("<![CDATA[{content}]]>"));
            return;
        }
        for char in content.chars() {
            match char {
                '&' => text.push_str("&amp;"),
                '<' => text.push_str(self.dice.one(&["&lt;", "&#60;", "&#x3C;", "<![CDATA[<]]>"])),
                '>' if style != 1 || text.ends_with("]]") => text.push_str("&gt;"),
                '"' if style == 2 => text.push_str("&quot;"),
                '\'' if style == 2 => text.push_str("&apos;"),
                '\r' => text.push_str(self.dice.one(&["&#13;", "&#xD;"])),
                _ if style == 3 && self.dice.once_in(3) => text.push_str(&format!("&#x{:x};", char as u32)),
                _ if style == 5 && self.dice.once_in(4) => text.push_str(&format!("<!-- {style} -->{char}")),
                _ => text.push(char),
            }
        }
    }
}

fn item_name(name: Name) -> &'static str {
    match name {
        Name::Known(field) => match field.kind {
            Kind::Objects(object) | Kind::Values(object) => object.item,
            _ => unreachable!("only lists have items"),
        },
        Name::Old(_) | Name::Unknown(_) => unreachable!("only lists of the tables are made"),
    }
}
