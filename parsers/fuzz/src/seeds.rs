//! Writes the fixtures as seeds, `corpus/<output>/` for each output and `corpus/split/`, and prints the
//! names of all outputs.

use std::fs;
use std::io;
use std::path::Path;

use ironkeep_parsers::megacli::Output;

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("corpus");
    for name in Output::ALL
        .iter()
        .map(|output| output.name())
        .chain(["split"])
    {
        fs::create_dir_all(corpus.join(name))?;
    }
    for folder in fs::read_dir(here.join("../../fixtures/megacli"))? {
        let folder = folder?.path();
        let table = fs::read_to_string(folder.join("commands.tsv"))?;
        for row in table.lines().skip(1) {
            let mut columns = row.split('\t');
            let (Some(name), Some(arguments)) = (columns.next(), columns.next()) else {
                continue;
            };
            let words: Vec<&str> = arguments.split_ascii_whitespace().collect();
            let Some(output) = Output::of_arguments(&words) else {
                continue;
            };
            let text = folder.join(format!("{name}.txt"));
            plant(&corpus, output, &folder, &text)?;
            plant(
                &corpus,
                Output::EventFile,
                &folder,
                &text.with_extension("events"),
            )?;
        }
    }
    for output in Output::ALL {
        println!("{}", output.name());
    }
    Ok(())
}

/// Copies `file`, where it exists, to the seeds of `output` and of `split`.
fn plant(corpus: &Path, output: Output, folder: &Path, file: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (folder.file_name(), file.file_name()) else {
        return Ok(());
    };
    if file.is_file() {
        let name = format!("{}-{}", folder.to_string_lossy(), name.to_string_lossy());
        fs::copy(file, corpus.join(output.name()).join(&name))?;
        fs::copy(file, corpus.join("split").join(&name))?;
    }
    Ok(())
}
