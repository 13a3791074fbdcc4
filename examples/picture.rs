//! Makes a picture of what a terminal shows: coloured text on standard input, SVG on standard output.
//! `docs/pictures.sh` makes those of the README with it.

use std::io::{self, Read, Write};

use anstyle_svg::Term;

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let svg = Term::new().render_svg(&text);
    io::stdout().write_all(svg.as_bytes())
}
