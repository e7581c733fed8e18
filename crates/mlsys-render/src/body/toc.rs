//! The table of contents as a tree.

use super::TocEntry;

/// Nests headings in page order: each under the nearest preceding heading of a lower level.
pub(super) fn tree(headings: Vec<TocEntry>) -> Vec<TocEntry> {
    let mut roots: Vec<TocEntry> = Vec::new();
    let mut open: Vec<TocEntry> = Vec::new();
    for heading in headings {
        while open.last().is_some_and(|last| last.level >= heading.level) {
            close(&mut open, &mut roots);
        }
        open.push(heading);
    }
    while !open.is_empty() {
        close(&mut open, &mut roots);
    }
    roots
}

fn close(open: &mut Vec<TocEntry>, roots: &mut Vec<TocEntry>) {
    if let Some(done) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => roots.push(done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_level_still_nests() {
        let heading = |level| TocEntry { level, ..TocEntry::default() };
        let tree = tree(vec![heading(2), heading(4), heading(3), heading(2)]);
        assert_eq!(tree.len(), 2);
        assert_eq!(tree[0].children.len(), 2);
    }
}
