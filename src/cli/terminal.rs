//! What the terminal can show: width, characters, colour. Pure but for [`columns`]; the caller
//! reads the environment.

use std::os::fd::AsFd;

use clap::ColorChoice;

/// The environment variables that speak about colour, as found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColorEnvironment<'a> {
    /// `NO_COLOR`: no colour unless asked for, when not empty.
    pub no_color: Option<&'a str>,
    /// `CLICOLOR_FORCE`: colour even where there is no terminal, unless empty or `0`.
    pub clicolor_force: Option<&'a str>,
    /// `TERM`: `dumb` terminals have no colour.
    pub term: Option<&'a str>,
}

/// Whether to colour a stream. `--color always` and `never` win over everything, then
/// `NO_COLOR`, then `CLICOLOR_FORCE`, then the kind of terminal.
pub fn color(choice: ColorChoice, environment: ColorEnvironment<'_>, is_terminal: bool) -> bool {
    let set = |variable: Option<&str>| variable.is_some_and(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set(environment.no_color) => false,
        ColorChoice::Auto
            if set(environment.clicolor_force) && environment.clicolor_force != Some("0") =>
        {
            true
        }
        ColorChoice::Auto => is_terminal && environment.term != Some("dumb"),
    }
}

/// Whether the locale can show more than ASCII: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that
/// is not empty decides, as in the C library.
pub fn unicode(lc_all: Option<&str>, lc_ctype: Option<&str>, lang: Option<&str>) -> bool {
    [lc_all, lc_ctype, lang]
        .into_iter()
        .flatten()
        .find(|locale| !locale.is_empty())
        .map(str::to_ascii_lowercase)
        .is_some_and(|locale| locale.contains("utf-8") || locale.contains("utf8"))
}

/// The width to fit output into: `COLUMNS` where it is a number above 0, else the terminal's;
/// `None` where neither is known.
pub fn width(columns: Option<&str>, terminal: Option<u16>) -> Option<u16> {
    columns
        .and_then(|columns| columns.trim().parse().ok())
        .filter(|&columns| columns > 0)
        .or(terminal)
}

/// The columns of the terminal behind `stream`; `None` where it is none or does not know.
pub fn columns(stream: impl AsFd) -> Option<u16> {
    rustix::termios::tcgetwinsize(stream)
        .ok()
        .map(|size| size.ws_col)
        .filter(|&columns| columns > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_over_the_environment() {
        let environment = ColorEnvironment {
            no_color: Some("1"),
            clicolor_force: Some("1"),
            term: Some("dumb"),
        };
        assert!(color(ColorChoice::Always, environment, false));
        assert!(!color(ColorChoice::Never, environment, true));
        assert!(!color(ColorChoice::Auto, environment, true));
    }

    #[test]
    fn empty_variables_say_nothing() {
        let environment = ColorEnvironment {
            no_color: Some(""),
            clicolor_force: Some(""),
            term: Some("xterm"),
        };
        assert!(color(ColorChoice::Auto, environment, true));
        assert!(!color(ColorChoice::Auto, environment, false));
    }

    #[test]
    fn forced_colour_needs_no_terminal() {
        let forced = |value| ColorEnvironment {
            clicolor_force: Some(value),
            ..ColorEnvironment::default()
        };
        assert!(color(ColorChoice::Auto, forced("1"), false));
        assert!(!color(ColorChoice::Auto, forced("0"), false));
    }

    #[test]
    fn dumb_terminals_stay_grey() {
        let environment = ColorEnvironment {
            term: Some("dumb"),
            ..ColorEnvironment::default()
        };
        assert!(!color(ColorChoice::Auto, environment, true));
    }

    #[test]
    fn the_first_locale_variable_decides() {
        assert!(unicode(Some("C.UTF-8"), None, None));
        assert!(unicode(Some(""), Some("de_DE.utf8"), Some("C")));
        assert!(unicode(None, None, Some("en_US.UTF-8")));
        assert!(!unicode(
            Some("C"),
            Some("en_US.UTF-8"),
            Some("en_US.UTF-8")
        ));
        assert!(!unicode(None, None, None));
    }

    #[test]
    fn columns_wins_where_it_is_a_number() {
        assert_eq!(width(Some("100"), Some(80)), Some(100));
        assert_eq!(width(Some("0"), Some(80)), Some(80));
        assert_eq!(width(Some("wide"), None), None);
        assert_eq!(width(None, Some(80)), Some(80));
    }

    #[test]
    fn a_file_has_no_columns() {
        let file = tempfile::tempfile().unwrap();
        assert_eq!(columns(&file), None);
    }
}
