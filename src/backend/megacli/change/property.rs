//! Setting a property.

use super::words;
use crate::change::PropertyChange;
use crate::property::{Kind, Property, Setter, Value};
use crate::runner::Invocation;

pub(super) fn invocation(change: &PropertyChange) -> Invocation {
    let PropertyChange {
        property, value, ..
    } = change;
    let mut arguments = vec![command(*property).to_owned()];
    arguments.extend(behind(*property, value));
    words(arguments)
}

/// The one property with a command of its own is the automatic rebuild.
fn command(property: Property) -> &'static str {
    if property == Property::AutoRebuild {
        "-AdpAutoRbld"
    } else {
        "-AdpSetProp"
    }
}

fn behind(property: Property, value: &Value) -> Vec<String> {
    let facts = property.facts();
    let number = |word: &str, number: u64| vec![word.to_owned(), format!("-{number}")];
    let place = |word: &str| match facts.kind {
        Kind::Word(words) => words.iter().position(|it| *it == word),
        Kind::Switch | Kind::Number { .. } | Kind::Pause => None,
    };
    match (facts.setter, value) {
        (Setter::Value(word), Value::Switch(on)) => number(word, u64::from(*on)),
        (Setter::Value(word), Value::Number(to)) => number(word, *to),
        (Setter::Inverse(word), Value::Switch(on)) => number(word, u64::from(!on)),
        (Setter::Words(on, off), Value::Switch(to)) => {
            let words = if *to { on } else { off };
            words.iter().map(|&it| it.to_owned()).collect()
        }
        (Setter::Place(word), Value::Word(to)) => {
            let place = place(to).and_then(|it| u64::try_from(it).ok());
            place.map_or_else(Vec::new, |place| number(word, place))
        }
        (Setter::Option(word, options), Value::Word(to)) => {
            let option = place(to).and_then(|it| options.get(it));
            let words = option.map(|option| [word, *option]);
            words.into_iter().flatten().map(str::to_owned).collect()
        }
        (Setter::Pause(word), Value::Pause { hours, from_minute }) => vec![
            word.to_owned(),
            "-interval".to_owned(),
            hours.to_string(),
            "-time".to_owned(),
            from_minute.unwrap_or_default().to_string(),
        ],
        // What is not of the property's kind is no value of it: the command line refused it.
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::megacli::Output;
    use ironkeep_parsers::model::ControllerId;

    use super::*;

    fn line(property: Property, typed: &str) -> String {
        let value = property.facts().kind.read(typed).unwrap();
        let change = PropertyChange {
            controller: ControllerId(0),
            property,
            value,
        };
        invocation(&change).arguments.join(" ")
    }

    #[test]
    fn each_kind_of_property_has_its_words() {
        for (property, typed, expected) in [
            (Property::RebuildRate, "60", "-AdpSetProp RebuildRate -60"),
            (Property::Copyback, "off", "-AdpSetProp -CopyBackDsbl -1"),
            (Property::Copyback, "on", "-AdpSetProp -CopyBackDsbl -0"),
            (Property::Jbod, "on", "-AdpSetProp -EnableJBOD -1"),
            (Property::BatteryWarning, "on", "-AdpSetProp BatWarnDsbl -0"),
            (Property::OnlineReset, "off", "-AdpSetProp DisableOCR -1"),
            (Property::Alarm, "off", "-AdpSetProp AlarmDsbl"),
            (Property::NativeCommandQueuing, "on", "-AdpSetProp NCQEnbl"),
            (
                Property::AutoImport,
                "off",
                "-AdpSetProp AutoEnhancedImportDsbl",
            ),
            (Property::AutoRebuild, "off", "-AdpAutoRbld -Dsbl"),
            (
                Property::CoercionMode,
                "1-gib",
                "-AdpSetProp CoercionMode -2",
            ),
            (
                Property::LoadBalance,
                "auto",
                "-AdpSetProp -LoadBalanceMode -0",
            ),
            (
                Property::BackplaneDetection,
                "none",
                "-AdpSetProp -AutoDetectBackPlaneDsbl -3",
            ),
            (
                Property::PowerSavePolicy,
                "maximum-without-caching",
                "-AdpSetProp -DefaultLdPSPolicy -MaximumWithoutCaching",
            ),
            (
                Property::PowerSavePause,
                "2@03:30",
                "-AdpSetProp -DisableLdPS -interval 2 -time 210",
            ),
        ] {
            assert_eq!(line(property, typed), expected);
        }
    }

    #[test]
    fn every_property_that_can_be_set_has_words_for_each_of_its_values() {
        for &property in Property::ALL {
            let facts = property.facts();
            if matches!(facts.setter, Setter::None(_)) {
                continue;
            }
            let values = match facts.kind {
                Kind::Switch => vec!["on", "off"],
                Kind::Number { .. } => vec!["1"],
                Kind::Word(words) => words.to_vec(),
                Kind::Pause => vec!["1@00:00"],
            };
            for value in values {
                let line = line(property, value);
                let arguments: Vec<&str> = line.split(' ').collect();
                assert!(arguments.len() >= 2, "{property} {value}: {line}");
                let output = Output::of_arguments(&arguments);
                assert_eq!(output, Some(Output::Outcome), "{line}");
            }
        }
    }
}
