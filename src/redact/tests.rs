use std::collections::BTreeSet;

use super::*;

const CONTROLLER: &str = "Adapter #0\n\nSerial No       : SV31012345\n";

fn drive(slot: u32, wwn: &str, inquiry: &str) -> String {
    format!(
        "Enclosure Device ID: 252\nSlot Number: {slot}\nDevice Id: {slot}\nWWN: {wwn}\n\
         PD Type: SAS\nFirmware state: Online, Spun Up\nDevice Firmware Level: ES64\n\
         SAS Address(0): 0x{}\nInquiry Data: {inquiry}\n\n",
        wwn.to_ascii_lowercase()
    )
}

fn list(drives: &[String]) -> String {
    format!("Adapter #0\n\n{}Exit Code: 0x00\n", drives.concat())
}

fn redacted(texts: &[&str], hosts: &[&str]) -> Vec<String> {
    let texts: Vec<Vec<u8>> = texts.iter().map(|it| it.as_bytes().to_vec()).collect();
    let hosts: Vec<String> = hosts.iter().map(|&it| it.to_owned()).collect();
    let redacted = redact(&texts, &hosts).unwrap();
    redacted
        .into_iter()
        .map(|it| String::from_utf8(it).unwrap())
        .collect()
}

#[test]
fn a_value_has_one_pseudonym_in_every_form_and_text() {
    let seagate = drive(
        0,
        "5000C50000001A34",
        "SEAGATE ST3300657SS     ES646SJ02E88N           ",
    );
    let other = "plain 6SJ02E88N, 0x5000c50000001a34, 5000c50000001a34,\n\
                 50 00 C5 00 00 00 1A 34 and 50:00:c5:00:00:00:1a:34,\n\
                 0x50, 0x00, 0xc5, 0x00, 0x00, 0x00, 0x1a, 0x34, 5000c500 00001a34,\n\
                 341a000000c50050, codes 36534a303245383 84e 36 53 4A 30 32 45 38 38 4E\n";
    let texts = redacted(&[&list(&[seagate]), other], &[]);
    let of = |text: &str, lead: &str| {
        let (_, behind) = text.split_once(lead).unwrap();
        behind.split_whitespace().next().unwrap().to_owned()
    };
    let wwn = of(&texts[0], "WWN: ").to_ascii_lowercase();
    let serial = of(&texts[0], "     ES64");
    assert!(texts[1].contains(&format!("plain {serial}, 0x{wwn}, {wwn},")));
    let bytes: Vec<char> = wwn.chars().collect();
    let spaced: Vec<String> = bytes.chunks(2).map(String::from_iter).collect();
    assert!(texts[1].contains(&spaced.join(":")), "{}", texts[1]);
    assert!(texts[1].contains(&spaced.join(" ").to_ascii_uppercase()));
    assert!(texts[1].contains(&format!("0x{}", spaced.join(", 0x"))));
    assert!(texts[1].contains(&format!(
        "{} {}",
        spaced[..4].concat(),
        spaced[4..].concat()
    )));
    let turned: String = spaced.iter().rev().cloned().collect();
    assert!(texts[1].contains(&turned));
    let codes: Vec<String> = serial.bytes().map(|byte| format!("{byte:02X}")).collect();
    assert!(texts[1].ends_with(&format!("{}\n", codes.join(" "))));
    for (text, before) in texts.iter().zip([list(&[]).len(), other.len()]) {
        let lower = text.to_ascii_lowercase();
        for secret in ["6sj02e88n", "5000c50000001a34", "36534a", "50:00:c5"] {
            assert!(!lower.contains(secret), "{text}");
        }
        assert!(before > 0 && text.len() >= before);
    }
    assert_eq!(texts[1].len(), other.len());
}

#[test]
fn columns_stay_where_they_are_and_drives_distinct() {
    let drives: Vec<String> = (0..40)
        .map(|slot| {
            let wwn = format!("5000C5000000{slot:02X}34");
            let inquiry = format!("SEAGATE ST3300657SS     ES646SJ02E{slot:02}N           ");
            drive(slot, &wwn, &inquiry)
        })
        .collect();
    let text = list(&drives);
    let after = redacted(&[&text], &[]).remove(0);
    assert_eq!(after.len(), text.len());
    let serials: BTreeSet<&str> = after
        .lines()
        .filter_map(|line| line.strip_prefix("Inquiry Data: SEAGATE ST3300657SS     ES64"))
        .map(str::trim)
        .collect();
    assert_eq!(serials.len(), 40);
    assert!(serials.iter().all(|serial| serial.len() == 9));
}

#[test]
fn short_numbers_are_replaced_only_where_they_are_serial_numbers() {
    let battery = "BBU status for Adapter: 0\n\n  Serial Number: 3157\n  Voltage: 3157 mV\n";
    let after = redacted(&[battery], &[]).remove(0);
    assert!(!after.contains("Serial Number: 3157"), "{after}");
    assert!(after.contains("Voltage: 3157 mV"), "{after}");
}

#[test]
fn an_inquiry_text_in_doubt_loses_every_word_that_could_be_a_serial_number() {
    // Its blanks are lost: nobody can say which word is which.
    let doubtful = drive(1, "", "WD-WMAW30959975WDC WD1003FBYX-01Y7B1 01.01V02");
    let after = redacted(&[&list(&[doubtful])], &[]).remove(0);
    assert!(!after.contains("WMAW30959975"), "{after}");
    assert!(!after.contains("30959975"), "{after}");
}

#[test]
fn a_host_is_replaced_as_a_word() {
    let prompt = "[root@web-01 ~]# megacli -adpCount\n\nController Count: 1.\n\nExit Code: 0x01\n";
    let free = "name: web-01-data, WEB-01.acme.example, web-012\n";
    let texts = redacted(&[prompt, free], &["web-01.acme.example"]);
    assert!(!texts[0].contains("web-01"), "{}", texts[0]);
    assert!(
        !texts[1].contains("web-01-") && !texts[1].contains("WEB"),
        "{}",
        texts[1]
    );
    assert!(!texts[1].contains("acme"), "{}", texts[1]);
    assert!(texts[1].contains("web-012"), "{}", texts[1]);
}

#[test]
fn a_host_with_the_name_of_a_word_does_not_cost_the_outputs_their_words() {
    for host in ["controller", "raid", "adapter", "serial"] {
        let prompt = format!("[root@{host} ~]# megacli -AdpAllInfo -aALL\n{CONTROLLER}");
        let texts: Vec<Vec<u8>> = vec![prompt.into_bytes()];
        match redact(&texts, &[host.to_owned()]) {
            Ok(after) => {
                let after = String::from_utf8(after[0].clone()).unwrap();
                assert!(
                    after.contains("Adapter #0\n\nSerial No       : "),
                    "{after}"
                );
                assert!(!after.contains(&format!("@{host} ")), "{after}");
            }
            Err(failure) => assert_eq!(failure.kind(), Kind::Refused),
        }
    }
}

#[test]
fn bytes_that_are_no_text_stay_as_they_are() {
    let mut text = CONTROLLER.as_bytes().to_vec();
    text.extend([0xff, 0xfe, 0, b'\r', b'\n']);
    let after = redact(&[text.clone()], &[]).unwrap().remove(0);
    assert_eq!(after.len(), text.len());
    assert_eq!(after[after.len() - 5..], text[text.len() - 5..]);
    assert_ne!(after, text);
}
