//! The controllers' parts of an output.

use std::fmt;

use crate::grammar;
use crate::model::{ControllerId, Section};
use crate::scan::Scan;
use crate::text::Line;

/// The controller whose part `line` begins: `Adapter #0`, `Adapter: 0` or `Adapter 0 -- Virtual Drive
/// Information:`.
pub fn heading(line: &Line<'_>) -> Option<ControllerId> {
    let (controller, rest) = grammar::adapter_prefix(line.text)?;
    let is_title = rest.is_empty() || rest.starts_with("--") && rest.ends_with("Information:");
    is_title.then_some(controller)
}

/// Begins the part of `controller`.
pub fn begin<T: Default>(sections: &mut Vec<Section<T>>, controller: ControllerId) {
    sections.push(Section {
        controller: Some(controller),
        value: T::default(),
    });
}

/// The part that is being read; one without a controller if the output named none yet.
pub fn current<T: Default>(sections: &mut Vec<Section<T>>) -> Option<&mut T> {
    if sections.is_empty() {
        sections.push(Section {
            controller: None,
            value: T::default(),
        });
    }
    sections.last_mut().map(|section| &mut section.value)
}

/// The part of `controller`, begun if it is not the one that is being read.
pub fn of<T: Default>(
    sections: &mut Vec<Section<T>>,
    controller: Option<ControllerId>,
) -> Option<&mut T> {
    if sections.last().map(|section| section.controller) != Some(controller) {
        sections.push(Section {
            controller,
            value: T::default(),
        });
    }
    sections.last_mut().map(|section| &mut section.value)
}

/// Offers a line to the part that is being read. Before any controller's name that is a part without
/// one, which is kept only if it takes the line.
pub fn offer<T: Default>(
    sections: &mut Vec<Section<T>>,
    take: impl FnOnce(&mut T) -> bool,
) -> bool {
    if let Some(section) = sections.last_mut() {
        return take(&mut section.value);
    }
    let mut value = T::default();
    let taken = take(&mut value);
    if taken {
        sections.push(Section {
            controller: None,
            value,
        });
    }
    taken
}

/// What to call a controller in a gap.
pub fn name(controller: Option<ControllerId>) -> impl fmt::Display {
    fmt::from_fn(move |f| match controller {
        Some(controller) => write!(f, "controller {controller}"),
        None => f.write_str("the controller"),
    })
}

/// States that the text ends in the heading of a controller's part, which stands at line `heading`.
pub fn expect_part(scan: &mut Scan<'_>, heading: Option<u32>) {
    if heading == Some(scan.line_number()) && !scan.has_ended() {
        let line = scan.line_number();
        scan.gap(line, "the output ends where a controller's part begins");
    }
}

/// States a gap where `name` lists another number of `what` than announced.
pub fn expect_count(
    scan: &mut Scan<'_>,
    name: &dyn fmt::Display,
    announced: Option<u32>,
    read: usize,
    what: &str,
) {
    if let Some(announced) = announced
        && usize::try_from(announced) != Ok(read)
    {
        scan.gap(
            scan.line_number(),
            format!("{name} lists {read} of {announced} {what}"),
        );
    }
}
