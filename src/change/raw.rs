//! Command lines of MegaCLI as somebody typed them: what they may cost, and which controllers they name.

use ironkeep_parsers::megacli::{Output, outcome::is_change};

use super::Risk;

/// A command line of MegaCLI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The arguments, as typed.
    pub arguments: Vec<String>,
    /// What it may cost; `None` for one that only looks.
    pub risk: Option<Risk>,
    /// Whether it is one that this program knows.
    pub is_known: bool,
}

/// Commands that destroy data, or the way to it: the words that all stand in them, in lower case.
const DESTROYS: &[&[&str]] = &[
    &["cfgclr"],
    &["cfglddel"],
    &["cfgcachecadedel"],
    &["cfgrestore"],
    &["cfgforeign", "clear"],
    &["cfgforeign", "import"],
    &["ldinit", "start"],
    &["pdclear", "start"],
    &["pdinstantsecureerase"],
    &["secureerase", "start"],
    &["discardpreservedcache"],
    &["destroysecuritykey"],
    &["adpfacdefset"],
    &["adpfwflash"],
    &["adpm0flash"],
    &["pdfwdownload"],
    &["adpbbucmd", "bbumfgseal"],
    &["adpeventlog", "clear"],
    // Old data on a member that was away is taken for good.
    &["pdonline"],
    // The host loses what it has on a drive that was given to it.
    &["pdmakegood", "force"],
    // One half of a mirror takes the place of the other.
    &["ldjoinmirror"],
];

/// Commands that write firmware.
const FLASHES: [&str; 3] = ["adpfwflash", "adpm0flash", "pdfwdownload"];

impl Raw {
    /// Reads what somebody typed.
    pub fn of(arguments: &[String]) -> Self {
        let words: Vec<String> = arguments.iter().map(|word| bare(word)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let known = Output::of_arguments(arguments);
        let only_looks = known.is_some() && !is_change(&words) || helps(&words);
        let destroys = || {
            let mut all = DESTROYS.iter();
            all.any(|line| line.iter().all(|word| words.contains(word)))
        };
        let risk = if only_looks {
            None
        } else if destroys() {
            Some(Risk::Destroy)
        } else {
            Some(Risk::Change)
        };
        Self {
            arguments: arguments.to_vec(),
            risk,
            is_known: known.is_some() || helps(&words),
        }
    }

    /// Which of the arguments are passphrases: those behind a word that announces one.
    pub fn secrets(&self) -> Vec<usize> {
        const ANNOUNCE: [&str; 4] = ["securitykey", "oldsecuritykey", "passphrase", "kek"];
        let words = (0..).zip(&self.arguments);
        // `-CreateSecurityKey -SecurityKey KEY`: the command itself ends alike, and begins otherwise.
        words
            .filter(|(_, word)| ANNOUNCE.contains(&bare(word).as_str()))
            .map(|(at, _): (usize, _)| at + 1)
            .filter(|&at| at < self.arguments.len())
            .collect()
    }

    /// The arguments as they may be shown.
    pub fn shown(&self) -> Vec<String> {
        self.shown_line(&self.arguments)
    }

    /// `line`, one of those of [`Self::for_each`], as it may be shown.
    pub fn shown_line(&self, line: &[String]) -> Vec<String> {
        let secrets = self.secrets();
        let word = |(at, word): (usize, &String)| {
            if secrets.contains(&at) {
                "***".to_owned()
            } else {
                word.clone()
            }
        };
        line.iter().enumerate().map(word).collect()
    }

    /// Whether it paints a screen until somebody presses a key, which a program cannot do.
    pub fn is_screen(&self) -> bool {
        self.arguments.iter().any(|word| bare(word) == "progdsply")
    }

    /// The command line for each controller of `present` that it names, so that each is answered, judged
    /// and recorded by itself; itself, where it names none or only looks.
    pub fn for_each(&self, present: &[u32]) -> Vec<(Option<u32>, Vec<String>)> {
        let named = self
            .arguments
            .iter()
            .position(|word| controllers(word).is_some());
        let (Some(at), Some(_)) = (named, self.risk) else {
            return vec![(None, self.arguments.clone())];
        };
        let word = self.arguments.get(at).and_then(|word| controllers(word));
        let numbers = match word {
            Some(Controllers::All) | None => present.to_vec(),
            Some(Controllers::These(numbers)) => numbers,
        };
        let line = |number: u32| {
            let mut line = self.arguments.clone();
            if let Some(word) = line.get_mut(at) {
                *word = format!("-a{number}");
            }
            (Some(number), line)
        };
        numbers.into_iter().map(line).collect()
    }

    /// Whether several words name controllers, so that nobody can say which MegaCLI would take.
    pub fn names_controllers_twice(&self) -> bool {
        let words = self.arguments.iter();
        words.filter(|word| controllers(word).is_some()).count() > 1
    }

    /// Whether it writes firmware, which takes its time.
    pub fn writes_firmware(&self) -> bool {
        let writes = |word: &String| FLASHES.contains(&bare(word).as_str());
        self.arguments.iter().any(writes)
    }

    /// Whether it names all controllers at once.
    pub fn means_all(&self) -> bool {
        let mut all = self.arguments.iter();
        all.any(|word| controllers(word) == Some(Controllers::All))
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Controllers {
    All,
    These(Vec<u32>),
}

/// What `-aALL`, `-a0` or `-a0,1` names; `None` for any other word.
fn controllers(word: &str) -> Option<Controllers> {
    let word = bare(word);
    let rest = word.strip_prefix('a')?;
    if rest == "all" {
        return Some(Controllers::All);
    }
    let numbers = rest.split(',').map(|number| number.parse().ok());
    numbers
        .collect::<Option<Vec<u32>>>()
        .map(Controllers::These)
}

/// A word without its dash, in lower case: MegaCLI takes it in any form.
fn bare(word: &str) -> String {
    word.trim_start_matches('-').to_ascii_lowercase()
}

/// Whether the tool is asked for its help.
fn helps(words: &[&str]) -> bool {
    matches!(words.first(), Some(&("h" | "help")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(line: &str) -> Raw {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Raw::of(&words)
    }

    #[test]
    fn what_a_command_may_cost_shows_in_its_words() {
        for (line, risk) in [
            ("-PDList -aALL", None),
            ("pdlist aall", None),
            ("-AdpBbuCmd -aALL", None),
            ("-CfgForeign -Scan -a0", None),
            ("-h", None),
            ("-PDRbld -ShowProg -PhysDrv[252:3] -a0", None),
            ("-PDOffline -PhysDrv[252:3] -a0", Some(Risk::Change)),
            ("-AdpSetProp AlarmDsbl -aALL", Some(Risk::Change)),
            ("-CfgForeign -Clear -aALL", Some(Risk::Destroy)),
            ("-CfgLdDel -L0 -a0", Some(Risk::Destroy)),
            ("cfgclr a0", Some(Risk::Destroy)),
            ("-PDMakeGood -PhysDrv[252:3] -a0", Some(Risk::Change)),
            (
                "-PDMakeGood -PhysDrv[252:3] -Force -a0",
                Some(Risk::Destroy),
            ),
            (
                "-LDJoinMirror -DataSrc 0 -force -L0 -a0",
                Some(Risk::Destroy),
            ),
            ("-Nonsense", Some(Risk::Change)),
        ] {
            assert_eq!(raw(line).risk, risk, "{line}");
        }
        assert!(!raw("-Nonsense").is_known);
    }

    #[test]
    fn a_change_that_names_controllers_twice_is_told_from_one_that_does_once() {
        assert!(raw("-CfgClr -a0 -aALL").names_controllers_twice());
        assert!(!raw("-CfgClr -a0,1").names_controllers_twice());
    }

    #[test]
    fn writing_firmware_is_told_from_the_rest() {
        assert!(raw("-AdpFwFlash -f fw.rom -a0").writes_firmware());
        assert!(raw("-PdFwDownload -PhysDrv[252:3] -f fw -a0").writes_firmware());
        assert!(!raw("-PDOffline -PhysDrv[252:3] -a0").writes_firmware());
    }

    #[test]
    fn a_passphrase_is_not_shown() {
        let shown = raw("-CreateSecurityKey -SecurityKey Abc1!xyz -a0").shown();
        assert_eq!(shown, ["-CreateSecurityKey", "-SecurityKey", "***", "-a0"]);
    }

    #[test]
    fn a_change_of_all_controllers_becomes_one_for_each() {
        let lines = |line: &str| -> Vec<String> {
            let all = raw(line).for_each(&[0, 2]);
            all.into_iter().map(|(_, line)| line.join(" ")).collect()
        };
        assert_eq!(
            lines("-AdpSetProp AlarmDsbl -aALL"),
            ["-AdpSetProp AlarmDsbl -a0", "-AdpSetProp AlarmDsbl -a2"]
        );
        assert_eq!(lines("-CfgClr -a1,3"), ["-CfgClr -a1", "-CfgClr -a3"]);
        assert_eq!(lines("-PDList -aALL"), ["-PDList -aALL"]);
        // A word that begins like a controller's is none.
        assert_eq!(lines("-AdpSetProp -alarm"), ["-AdpSetProp -alarm"]);
    }
}
