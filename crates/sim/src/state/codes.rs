//! Enums of the firmware's numbers, written as words in scenario files.

/// Declares an enum of firmware codes: `Online = 0x18 "online"`. It is written as the word, read from
/// the word or the number, and keeps a number that it does not know.
macro_rules! codes {
    (
        $(#[$doc:meta])*
        $name:ident: $repr:ty {
            $( $(#[$vdoc:meta])* $variant:ident = $code:literal $word:literal ),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub enum $name {
            $( $(#[$vdoc])* $variant, )+
            /// A number that the firmware's structures do not define.
            Code($repr),
        }

        impl $name {
            /// Every code that has a name, in order.
            pub const KNOWN: &'static [Self] = &[$( Self::$variant ),+];

            /// The firmware's number.
            pub fn code(self) -> $repr {
                match self {
                    $( Self::$variant => $code, )+
                    Self::Code(code) => code,
                }
            }

            /// What the firmware means by `code`.
            pub fn of_code(code: $repr) -> Self {
                match code {
                    $( $code => Self::$variant, )+
                    code => Self::Code(code),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant => serializer.serialize_str($word), )+
                    Self::Code(code) => serializer.serialize_u64(u64::from(*code)),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Clone, Copy)]
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("one of" $(, " ", $word)+, " or a number"))
                    }
                    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<$name, E> {
                        match word {
                            $( $word => Ok($name::$variant), )+
                            _ => Err(E::invalid_value(serde::de::Unexpected::Str(word), &self)),
                        }
                    }
                    fn visit_u64<E: serde::de::Error>(self, code: u64) -> Result<$name, E> {
                        <$repr>::try_from(code)
                            .map($name::of_code)
                            .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(code), &self))
                    }
                    fn visit_i64<E: serde::de::Error>(self, code: i64) -> Result<$name, E> {
                        let unexpected = serde::de::Unexpected::Signed(code);
                        let code = u64::try_from(code);
                        self.visit_u64(code.map_err(|_| E::invalid_value(unexpected, &self))?)
                    }
                }
                deserializer.deserialize_any(Visitor)
            }
        }
    };
}

pub(super) use codes;
