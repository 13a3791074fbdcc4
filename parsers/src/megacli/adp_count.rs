//! `-adpCount`: how many controllers there are. The exit status is that number, not a verdict.

use crate::Report;
use crate::grammar;
use crate::scan::Scan;

/// Reads the number of controllers; `None` where the tool did not print one.
pub fn adp_count(text: &str) -> Report<Option<u32>> {
    let mut scan = Scan::new(text);
    let mut count = None;
    while let Some(line) = scan.next() {
        if line.key == "Controller Count" {
            let number = line.value.trim_end_matches('.');
            scan.set_value(&mut count, &line, number, grammar::small);
        } else {
            scan.frame(line);
        }
    }
    scan.finish(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Ending;

    #[test]
    fn the_exit_code_is_the_count() {
        let report = adp_count("\n\nController Count: 2.\n\n\nExit Code: 0x02\n");
        assert!(report.is_complete());
        assert_eq!(report.value, Some(2));
        assert_eq!(report.ending, Ending::Exit { code: 2 });
        assert_eq!(adp_count("").value, None);
    }
}
