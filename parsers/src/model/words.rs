//! Enumerations of firmware words that keep a word nobody knows.

/// Declares an enumeration of words that the firmware or the tool prints.
///
/// Each variant has a token (JSON, metrics, plain output) and the spellings seen; the first spelling
/// is what people are shown. A word that is none of them becomes `Other` and is shown as it is: a new
/// firmware is never a parse error.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident {
            $( $(#[$vdoc:meta])* $variant:ident = $token:literal : $first:literal $(| $more:literal)* ),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vdoc])* $variant, )+
            /// A word that is not in this list, as printed.
            Other(String),
        }

        impl $name {
            /// Every known word, in order.
            pub const KNOWN: &'static [Self] = &[$( Self::$variant ),+];

            /// Reads a word. Never fails: see [`Self::Other`].
            pub fn from_words(words: &str) -> Self {
                match words {
                    $( $first $(| $more)* => return Self::$variant, )+
                    _ => {}
                }
                $( if [$first $(, $more)*].iter().any(|known| known.eq_ignore_ascii_case(words)) {
                    return Self::$variant;
                } )+
                Self::Other(words.to_owned())
            }

            /// [`Self::from_words`] in the form that a field takes.
            pub fn read(words: &str) -> Option<Self> {
                Some(Self::from_words(words))
            }

            /// The token for machines; the printed word for [`Self::Other`].
            pub fn token(&self) -> &str {
                match self {
                    $( Self::$variant => $token, )+
                    Self::Other(words) => words,
                }
            }

            /// The word for people.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $first, )+
                    Self::Other(words) => words,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.token())
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": concat!("One of: ", $( $token, ", ", )+ "or a word of the firmware that is not known here."),
                    "examples": [$( $token ),+]
                })
            }
        }
    };
}

pub(crate) use words;
