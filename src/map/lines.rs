//! The lines between bays: which sign joins lines of which weight.

/// How a line is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Not at all.
    #[default]
    None,
    /// Between any two bays.
    Light,
    /// Around a bay that was asked for.
    Heavy,
}

/// The weights of the lines that meet in one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Arms {
    pub(super) up: Weight,
    pub(super) right: Weight,
    pub(super) down: Weight,
    pub(super) left: Weight,
}

impl Arms {
    pub(super) fn horizontal(weight: Weight) -> Self {
        Self {
            right: weight,
            left: weight,
            ..Self::default()
        }
    }

    pub(super) fn vertical(weight: Weight) -> Self {
        Self {
            up: weight,
            down: weight,
            ..Self::default()
        }
    }

    /// The heaviest of them.
    pub(super) fn heaviest(self) -> Weight {
        self.up.max(self.right).max(self.down).max(self.left)
    }

    /// The sign for them.
    pub(super) fn sign(self, unicode: bool) -> char {
        let Self {
            up,
            right,
            down,
            left,
        } = self;
        if unicode {
            let digits = [up, right, down, left];
            let number = digits
                .iter()
                .fold(0, |number, it| number * 3 + *it as usize);
            return UNICODE.chars().nth(number).unwrap_or(' ');
        }
        match (up.max(down), left.max(right)) {
            (Weight::None, Weight::None) => ' ',
            (Weight::Heavy, _) | (_, Weight::Heavy) => '#',
            (Weight::None, Weight::Light) => '-',
            (Weight::Light, Weight::None) => '|',
            (Weight::Light, Weight::Light) => '+',
        }
    }
}

/// Unicode's box drawings by the weights of their arms up, right, down and left, each a digit to the
/// base 3.
const UNICODE: &str = concat!(
    " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳",
    "╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈",
    "╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋",
);

#[cfg(test)]
mod tests {
    use super::*;
    use Weight::{Heavy, Light, None};

    fn arms(up: Weight, right: Weight, down: Weight, left: Weight) -> Arms {
        Arms {
            up,
            right,
            down,
            left,
        }
    }

    #[test]
    fn lines_meet_in_the_sign_that_has_their_weights() {
        assert_eq!(UNICODE.chars().count(), 81);
        assert_eq!(arms(None, Light, Light, None).sign(true), '┌');
        assert_eq!(arms(Light, Light, Light, Light).sign(true), '┼');
        assert_eq!(arms(Light, Heavy, Heavy, Light).sign(true), '╆');
        assert_eq!(Arms::vertical(Heavy).sign(true), '┃');
        assert_eq!(Arms::horizontal(Light).sign(true), '─');
        assert_eq!(Arms::default().sign(true), ' ');
    }

    #[test]
    fn ascii_has_one_sign_for_all_that_is_heavy() {
        assert_eq!(arms(Light, Heavy, Heavy, Light).sign(false), '#');
        assert_eq!(Arms::horizontal(Light).sign(false), '-');
        assert_eq!(Arms::vertical(Light).sign(false), '|');
        assert_eq!(arms(None, Light, Light, None).sign(false), '+');
    }
}
