//! A member that a drive group lacks.

use serde::Serialize;

use super::Arm;
use crate::units::Bytes;

/// A row of `-PdGetMissing`: the place that `-PdReplaceMissing -ArrayN -rowN` fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingDrive {
    /// `No.`: counts the rows, from 0.
    pub index: u32,
    /// `Array` (older: `Row`): the controller's own number of the span. Neither the number of a
    /// virtual drive nor a slot; valid until the configuration changes.
    pub span_reference: u32,
    /// `Row` (older: `Column`): the place in the span.
    pub arm: Arm,
    /// `Size Expected`: the new drive's coerced size must not be smaller. In steps of one MiB.
    #[serde(rename = "expected_size_bytes")]
    pub expected_size: Bytes,
}
