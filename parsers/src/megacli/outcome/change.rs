//! Which commands change something.

/// When a command changes something, by its first argument in lower case, without its dash.
enum Change {
    /// Always.
    Always,
    /// Unless one of these words stands behind it.
    Unless(&'static [&'static str]),
    /// Only if one of these words stands behind it.
    Only(&'static [&'static str]),
}

/// Whether `arguments` (in lower case, without dashes) change something, so that
/// [`outcome`](super::outcome) reads
/// what they print. `-CfgSave` counts: it writes a file and says so in the same sentences.
pub fn is_change(arguments: &[&str]) -> bool {
    const PROGRESS: Change = Change::Unless(&["showprog", "progdsply", "getsetting"]);
    const DISPLAY: Change = Change::Unless(&["dsply", "get", "info", "bbuget", "getresults"]);
    let Some((first, rest)) = arguments.split_first() else {
        return false;
    };
    let change = match *first {
        "adpsetprop"
        | "adpsettime"
        | "adpsetverify"
        | "adpcacheflush"
        | "adpdiag"
        | "adpshutdown"
        | "adpdowngrade"
        | "adpfacdefset"
        | "adpfwflash"
        | "adpsetconnectormode"
        | "pdonline"
        | "pdoffline"
        | "pdmakegood"
        | "pdmakejbod"
        | "pdhsp"
        | "pdlocate"
        | "pdmarkmissing"
        | "pdreplacemissing"
        | "pdprprmv"
        | "pdinstantsecureerase"
        | "pdfwdownload"
        | "physetlinkspeed"
        | "ldsetprop"
        | "ldsetpowerpolicy"
        | "ldbbmclr"
        | "ldexpansion"
        | "ldmakesecure"
        | "ldjoinmirror"
        | "cachecade"
        | "cfgldadd"
        | "cfgcachecadeadd"
        | "cfgeachdskraid0"
        | "cfgclr"
        | "cfglddel"
        | "cfgcachecadedel"
        | "cfgspanadd"
        | "cfgallfreedrv"
        | "cfgsave"
        | "cfgrestore"
        | "discardpreservedcache"
        | "destroysecuritykey"
        | "createsecuritykey"
        | "changesecuritykey"
        | "setkeyid"
        | "verifysecuritykey" => Change::Always,
        "pdrbld" | "pdclear" | "pdcpybk" | "ldinit" | "ldcc" | "ldrecon" | "ldbi"
        | "secureerase" => PROGRESS,
        "adpbios" | "adpbootdrive" | "adpautorbld" | "adppr" | "adpccsched" | "fwtermlog"
        | "directpdmapping" | "perfmon" => DISPLAY,
        "adpeventlog" | "dpmstat" => Change::Only(&["clear"]),
        "adpbbucmd" if !rest.contains(&"info") => Change::Only(&[
            "bbulearn",
            "bbumfgsleep",
            "bbumfgseal",
            "setbbuproperties",
            "schedulelearn",
        ]),
        "cfgforeign" => Change::Only(&["import", "clear"]),
        "elf" if !rest.contains(&"preview") => Change::Only(&[
            "applykey",
            "transfertovault",
            "deactivatetrialkey",
            "rehostcomplete",
        ]),
        _ => return false,
    };
    match change {
        Change::Always => true,
        Change::Unless(words) => !rest.iter().any(|word| words.contains(word)),
        Change::Only(words) => rest.iter().any(|word| words.contains(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_told_from_changes() {
        assert!(is_change(&["pdrbld", "start", "physdrv", "[252:2]", "a0"]));
        assert!(!is_change(&[
            "pdrbld", "showprog", "physdrv", "[252:2]", "a0"
        ]));
        assert!(is_change(&["adpbbucmd", "bbulearn", "a0"]));
        assert!(!is_change(&["adpbbucmd", "schedulelearn", "info", "a0"]));
        assert!(!is_change(&["adpbbucmd", "aall"]));
        assert!(is_change(&["cfgforeign", "clear", "0", "a0"]));
        assert!(!is_change(&["pdlist", "aall"]));
    }
}
