#![allow(missing_docs, clippy::all)]
use hayagriva::archive::ArchivedStyle;
fn main() {
    let s = ArchivedStyle::by_name("chicago-author-date").unwrap().get();
    std::fs::write("/tmp/archive.csl", s.to_xml().unwrap()).unwrap();
}
