use super::*;

fn found(text: &str) -> Vec<String> {
    let lookup = lookup(text, &[]);
    let name = |explanation: &Explanation| {
        format!("{}={}", explanation.subject.as_str(), explanation.name)
    };
    lookup.explanations.iter().map(name).collect()
}

fn proposed(text: &str) -> Vec<String> {
    let lookup = lookup(text, &[]);
    assert_eq!(lookup.explanations, []);
    lookup.candidates
}

#[test]
fn numbers_are_read_as_printed_and_as_the_shell_shows_them() {
    assert_eq!(found("0x32"), ["status=0x32"]);
    assert_eq!(found("0X5F"), ["status=0x5f"]);
    assert_eq!(found("Exit Code: 0xffff"), ["status=0xffff"]);
    assert_eq!(found("65535"), ["status=0xffff"]);
    assert_eq!(found("50"), ["status=0x32", "status=0x50"]);
    assert_eq!(found("0"), ["status=0x00"]);
    assert_eq!(found("00"), ["status=0x00"]);
    assert_eq!(found("9"), ["status=0x09"]);
    assert_eq!(found("5f"), ["status=0x5f"]);
    assert_eq!(found("0x+1"), [""; 0]);
    assert_eq!(found("0x"), [""; 0]);
    // A drive's address is no status.
    assert_eq!(found("252:4"), [""; 0]);
}

#[test]
fn a_status_says_what_it_means_for_the_person() {
    let lookup = lookup("0x1c", &[]);
    let [status] = lookup.explanations.as_slice() else {
        panic!("{lookup:?}");
    };
    assert_eq!(status.number, Some(0x1c));
    assert_eq!(status.header_name, Some("MFI_STAT_LD_RBLD_IN_PROGRESS"));
    assert_eq!(status.class, Some(Class::Busy));
    assert_eq!(status.retry, Some(Retry::AfterWaiting));
    assert!(status.consequence.is_some());
}

#[test]
fn an_undocumented_number_says_so() {
    let lookup = lookup("0xb7", &[]);
    assert_eq!(lookup.explanations[0].class, Some(Class::Unknown));
    assert_eq!(
        lookup.explanations[0].meaning,
        "Nobody documents this number."
    );
}

#[test]
fn names_of_statuses_are_found_with_and_without_prefix() {
    for text in [
        "MFI_STAT_WRONG_STATE",
        "mfi_stat_wrong_state",
        "wrong state",
    ] {
        assert_eq!(found(text), ["status=0x32"], "{text}");
    }
}

#[test]
fn states_are_found_in_any_spelling() {
    for text in [
        "Unconfigured(good)",
        "unconfigured-good",
        "UGood",
        "unconfigured_good",
        "Firmware state: Unconfigured(good)",
    ] {
        assert_eq!(
            found(text),
            ["state of a physical drive=unconfigured_good"],
            "{text}"
        );
    }
    assert_eq!(
        found("Online, Spun Up"),
        [
            "state of a physical drive=online",
            "power state of a physical drive=spun_up"
        ]
    );
    assert_eq!(
        found("degraded"),
        [
            "state of a virtual drive=degraded",
            "battery or supercapacitor=degraded"
        ]
    );
    assert_eq!(
        found("OFFLINE"),
        [
            "state of a physical drive=offline",
            "state of a virtual drive=offline",
            "preserved cache=offline"
        ]
    );
    assert_eq!(
        found("Degraded(Need Attention)"),
        ["battery or supercapacitor=degraded_needs_attention"]
    );
}

#[test]
fn every_name_finds_itself() {
    for entry in status::all() {
        assert_eq!(found(&format!("{:#04x}", entry.number)).len(), 1);
        if let Some(name) = entry.name {
            assert_eq!(lookup(name, &[]).explanations, [Explanation::from(entry)]);
        }
    }
    for word in glossary() {
        for text in std::iter::once(&word.token).chain(word.spellings) {
            let explanations = lookup(text, &[]).explanations;
            assert!(explanations.contains(&word.into()), "{text}");
        }
    }
}

#[test]
fn the_page_of_the_glossary_has_a_place_for_every_word() {
    for word in glossary() {
        assert!(Subject::GLOSSARY.contains(&word.subject), "{word:?}");
    }
    for subject in Subject::GLOSSARY {
        assert!(
            glossary().any(|word| word.subject == *subject),
            "{subject:?}"
        );
    }
}

#[test]
fn terms_are_found_as_people_type_them() {
    assert_eq!(found("global hot spare"), ["hot spare=global"]);
    assert_eq!(
        found("punctured stripe"),
        ["errors of a physical drive=puncture"]
    );
    assert_eq!(found("SAS addr"), ["hardware=SAS address"]);
    assert_eq!(found("RAID 5"), ["RAID level=raid5"]);
    assert_eq!(
        found("S.M.A.R.T."),
        ["errors of a physical drive=S.M.A.R.T."]
    );
}

#[test]
fn close_misses_get_candidates() {
    assert_eq!(proposed("degradde"), ["degraded"]);
    assert_eq!(proposed("MFI_STAT_WRONG_STAT"), ["MFI_STAT_WRONG_STATE"]);
    assert_eq!(
        proposed("MFI_STAT_HOST_CODE_NOT_FOUND"),
        [
            "MFI_STAT_HOST_CODE_NOT_FOUNT",
            "MFI_STAT_APP_HOST_CODE_NOT_FOUND"
        ]
    );
    assert_eq!(
        proposed("unconfigured"),
        [
            "unconfigured_bad",
            "unconfigured_good",
            "unconfigured_shielded"
        ]
    );
    assert_eq!(proposed("something else entirely"), [""; 0]);
    for text in ["", " ", ":", "?", "💥", "x"] {
        assert_eq!(proposed(text), [""; 0], "{text}");
    }
}

#[test]
fn finding_codes_are_found_and_proposed() {
    let findings = [Explanation::finding(
        "VD-DEGRADED",
        "A virtual drive is degraded.",
        "Replace the drive.",
    )];
    assert_eq!(lookup("vd_degraded", &findings).explanations, findings);
    assert_eq!(
        lookup("vd-degarded", &findings).candidates,
        ["VD-DEGRADED", "degraded"]
    );
}
