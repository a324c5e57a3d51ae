//! `map`: a first guess of a profile, which is a configuration that works.

use encoding_rs::WINDOWS_1257;

use crate::commands::{code, folder, program_with, put, stderr, stdout};
use crate::support::program;

const EXPORT: &str = "Kliento kodas;Vardas;Pavardė;Asmens kodas;Gimimo data;El. paštas;Rizika;Pastabos;PEP;Šalis;customerStatus\r\n\
    K1;Žydrūnė;Geheimnis;49001210000;21.01.1990;geheimnis@example.lt;LOW;Geheimnis;Taip;Lietuva;ACTIVE\r\n\
    K2;Ona;Geheimnis;48002010001;01.02.1980;-;High;;Ne;Latvija;Q\r\n";

#[test]
fn an_unknown_export_gets_a_profile_that_works() {
    let root = folder();
    put(root.path(), "crm_0121.csv", WINDOWS_1257.encode(EXPORT).0);
    let output = program(root.path(), &["map", "crm_0121.csv"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let profile = stdout(&output);
    for line in [
        "files = \"crm_*.csv\"",
        "encoding = \"windows-1257\"",
        "delimiter = \";\"",
        "date_formats = [\"%d.%m.%Y\"]",
        "nulls = [\"-\"]",
        "\"Kliento kodas\" = \"customerExtId\"",
        "\"Vardas\" = \"firstName\"",
        "\"Pavardė\" = \"lastName\"",
        "\"Asmens kodas\" = \"nationalCode\"",
        "\"Gimimo data\" = \"birthDate\"",
        "\"El. paštas\" = \"listContact[0].contactDetails\"",
        "\"Rizika\" = \"riskLevel\"",
        "# \"Pastabos\" = \"\"",
        "\"Šalis\" = \"listAddress[0].country\"",
        "# customerStatus is known by its name",
        "# requester = \"\"",
        "[source.values.riskLevel]\nHigh = \"HIGH\"",
        "[source.values.isPEP]\nNe = \"false\"\nTaip = \"true\"",
        "Latvija = \"LV\"\nLietuva = \"LT\"",
        "# Q = \"\"   # one of PENDING",
    ] {
        assert!(profile.replace('"', "").contains(&line.replace('"', "")), "{line} is missing:\n{profile}");
    }
    for secret in ["Geheimnis", "geheimnis", "Žydr", "Ona", "490", "1990", "K1"] {
        assert!(!profile.contains(secret), "{secret}:\n{profile}");
    }
    put(root.path(), "kyc-import.toml", &profile);
    let checked = program(root.path(), &["check", "crm_0121.csv"]);
    assert_eq!(code(&checked), 1, "{}{}", stdout(&checked), stderr(&checked));
    assert!(
        stdout(&checked).contains("2 records") && !stdout(&checked).contains("lastName"),
        "{}",
        stdout(&checked)
    );
}

#[test]
fn every_contact_gets_an_item_and_a_type() {
    let root = folder();
    let names = "communicationNumber;requester;riskLevel;customerStatus;riskManagementCategory;entityType;customerExtId;\
                 applicationDate;firstName;lastName;citizenshipCountry";
    let values = "N-1;r;LOW;ACTIVE;IND;INDIVIDUAL;X-1;2026-01-21;Ona;Onaite;LT";
    let text = format!("{names};Telefonas;El. paštas\n{values};+37060000000;a@example.com\n");
    put(root.path(), "a.csv", text);
    let profile = stdout(&program(root.path(), &["map", "a.csv"]));
    put(root.path(), "kyc-import.toml", &profile);
    let output = program(root.path(), &["run", "a.csv"]);
    assert_eq!(code(&output), 0, "{profile}\n{}", stdout(&output));
    let outbox = std::fs::read_dir(root.path().join("outbox")).expect("an outbox");
    let mut accepted = outbox.map(|entry| entry.expect("an entry").path().join("accepted.ndjson"));
    let accepted = accepted.find(|path| path.is_file()).expect("accepted records");
    let accepted = std::fs::read_to_string(accepted).expect("a text");
    for contact in [
        "{\"contactType\":\"MOBILEPHONE\",\"contactDetails\":\"+37060000000\"}",
        "{\"contactType\":\"EMAIL\",\"contactDetails\":\"a@example.com\"}",
    ] {
        assert!(accepted.contains(contact), "{accepted}");
    }
}

#[test]
fn contacts_of_one_name_or_beside_known_ones_make_no_two_of_a_kind() {
    let map = |text: &str| stdout(&program_with(folder().path(), &[], &["map", "-"], text.as_bytes()));
    for header in ["id;email;email", "id;E-mail;email"] {
        let profile = map(&format!("{header}\n1;a@example.com;b@example.com\n"));
        assert_eq!(profile.matches("= \"listContact[").count(), 1, "{profile}");
    }
    let profile =
        map("phone;email;listContact[0].contactDetails\n+37060000000;a@example.com;b@example.com\n");
    for line in ["phone = \"listContact[1].contactDetails\"", "email = \"listContact[2].contactDetails\""] {
        assert!(profile.replace('"', "").contains(&line.replace('"', "")), "{profile}");
    }
}

#[test]
fn dates_that_could_be_either_are_left_to_a_person() {
    let text = "id,start date\r\n1,01/02/1990\r\n2,03/04/1991\r\n";
    let output = program_with(folder().path(), &[], &["map", "-"], text.as_bytes());
    let profile = stdout(&output);
    assert!(profile.contains("%d/%m/%Y or %m/%d/%Y") && !profile.contains("\ndate_formats"), "{profile}");
    assert!(profile.contains("delimiter = \",\""), "{profile}");
}

#[test]
fn most_dates_decide_about_their_form() {
    let text = "id;start date\r\n1;13/02/1990\r\n2;03/04/1991\r\n3;05/06/1991\r\n4;2001\r\n";
    let output = program_with(folder().path(), &[], &["map", "-"], text.as_bytes());
    assert!(stdout(&output).contains("date_formats = [\"%d/%m/%Y\"]"), "{}", stdout(&output));
}

#[test]
fn what_is_no_csv_gets_no_profile() {
    let root = folder();
    for (text, says) in
        [("{\"a\": 1}", "JSON"), ("<a/>", "XML"), ("one\r\ntwo\r\n", "one column"), ("", "one column")]
    {
        let output = program_with(root.path(), &[], &["map", "-"], text.as_bytes());
        assert!(code(&output) == 2 && stderr(&output).contains(says), "{text}: {}", stderr(&output));
    }
}
