//! Everything that is remembered between builds. A layer changes how fast a build is, never its output or its diagnostics.
//!
//! | layer | key | lifetime | what invalidates an entry |
//! |---|---|---|---|
//! | [`store`]: bytes on disk | a hash of all that they are computed from | until the store is trimmed, least recently used first | nothing: other inputs have another key |
//! | [`pack`]: the results of one page, one file a page in the store | the page's path; each result carries the key of its inputs | replaced when the page has new results | a result whose key differs is a miss |
//! | [`memo`]: the previous build's results in memory | equality of the inputs | one `serve` | unequal inputs |
//! | [`page_memo`]: parts of a page that are costly on their own (citations, formulas, code) | a hash, or all inputs of the part | with the page's pack, and in memory with the previous build | an entry that the page does not use is dropped |
//! | [`up_to_date`]: the last build's report | command line, environment, executable | as in the store | any file read, listed or written that has another time or size |
//!
//! What a step depends on is said once, by the struct of its inputs: [`memo::Memo`] compares it with the inputs of the previous
//! build and hashes it for the pack. Results of earlier steps take part by their [`per_page::Identity`], so that neither
//! comparing nor hashing reads a tree.

pub mod memo;
pub mod pack;
pub mod page_memo;
pub mod per_page;
pub mod store;
pub mod up_to_date;
