//! Nothing panics, hangs or takes more than linear time, whatever the text: prefixes, mutations, deep nests, long repetitions.
//!
//! `MLSYS_MUTATIONS=100000 cargo test --release -p mlsys-tests --test robust` tries more mutations than the default run.

#![allow(clippy::disallowed_methods, reason = "a test may read files and the environment")]

#[path = "robust/texts.rs"]
mod texts;

use mlsys_book::{
    Block, BlockKind, Chapter, Inline, InlineKind, Node, Scope, Source, SourceId, Span, Value, print_chapter, walk,
    walk_inlines,
};
use mlsys_tests::marks::MARKS;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};
use texts::{NESTS, REPEATED, SAMPLES, TOKENS};

/// The sources of all examples of the fixtures, and the samples of this file.
fn samples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<String> = SAMPLES.iter().map(|s| (*s).to_owned()).collect();
    for stage in ["parse", "check", "render", "resolve"] {
        let Ok(entries) = std::fs::read_dir(root.join(stage)) else { continue };
        let mut paths: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let pages = mlsys_tests::examples(&text).into_iter().flat_map(|e| e.files);
            found.extend(pages.filter(|(path, _)| path.ends_with("md")).map(|(_, text)| text));
        }
    }
    found
}

fn parse(text: &str) -> (Source, Chapter) {
    let source = Source::new(SourceId(0), "index.qmd", text);
    let empty = Value::empty(source.place(Span::new(0, 0)));
    let scope = Scope {
        format: "html".into(),
        profiles: Vec::new(),
        meta: empty.clone(),
        variables: empty.clone(),
        brand: empty,
        environment: Default::default(),
        custom_floats: ["vid".into()].into(),
        language: None,
        box_classes: ["callout-definition".into()].into(),
    };
    let checked = mlsys_parse::parse(&source, &scope);
    for diagnostic in &checked.diagnostics {
        check_span(&source, diagnostic.place.span, None, "a diagnostic");
    }
    (source, checked.value)
}

/// Parses a text and checks the spans. A failure shows the text.
fn check(text: &str) {
    let result = catch_unwind(AssertUnwindSafe(|| {
        let (source, chapter) = parse(text);
        check_blocks(&source, &chapter.blocks, None);
        for note in &chapter.notes {
            check_span(&source, note.span, None, "a note");
            check_blocks(&source, &note.content, None);
        }
    }));
    if result.is_err() {
        let shown: String = text.chars().take(4000).collect();
        panic!("this text of {} bytes breaks the parser:\n----\n{shown}\n----\n{shown:?}", text.len());
    }
}

fn check_span(source: &Source, span: Span, parent: Option<Span>, what: &str) {
    assert!(span.start <= span.end && span.end as usize <= source.text.len(), "{what}: {span:?} is not in the text");
    let bounds = source.text.is_char_boundary(span.start as usize) && source.text.is_char_boundary(span.end as usize);
    assert!(bounds, "{what}: {span:?} cuts a character");
    if let Some(parent) = parent {
        // The shortcode `contents` shows blocks from elsewhere in the text, and the captions of a cell's tables are in its attributes.
        let (before, after) = source.text.split_at(span.start as usize);
        let line = || [before.rsplit('\n').next(), after.split('\n').next()].into_iter().flatten().collect::<String>();
        let is_moved =
            || source.text.contains("{{<") && source.text.contains("contents ") || line().contains("tbl-subcap=");
        assert!(parent.contains(span) || is_moved(), "{what}: {span:?} is outside its parent {parent:?}");
    }
}

fn check_blocks(source: &Source, blocks: &[Block], parent: Option<Span>) {
    for block in blocks {
        check_span(source, block.span, parent, name(&block.kind));
        // The walk visits the block itself first, then its children, whose own children are visited from here.
        let mut first = true;
        walk(std::slice::from_ref(block), &mut |node| match node {
            Node::Block(_) if first => {
                first = false;
                true
            }
            Node::Block(child) => {
                check_blocks(source, std::slice::from_ref(child), Some(block.span));
                false
            }
            Node::Inline(inline) => {
                check_inline(source, inline, block.span);
                false
            }
        });
    }
}

fn check_inline(source: &Source, inline: &Inline, parent: Span) {
    let what = format!("{:?}", inline.kind);
    let what: String = what.chars().take(60).collect();
    check_span(source, inline.span, Some(parent), &what);
    if let InlineKind::Cite(cite) = &inline.kind {
        for citation in &cite.citations {
            check_span(source, citation.span, Some(inline.span), &citation.key);
        }
    }
    let mut first = true;
    walk_inlines(std::slice::from_ref(inline), &mut |node| match node {
        Node::Inline(_) if first => {
            first = false;
            true
        }
        Node::Inline(child) => {
            check_inline(source, child, inline.span);
            false
        }
        Node::Block(_) => false,
    });
}

fn name(kind: &BlockKind) -> &'static str {
    match kind {
        BlockKind::Plain(_) | BlockKind::Para(_) => "a paragraph",
        BlockKind::Header(_) => "a heading",
        BlockKind::Table(_) => "a table",
        BlockKind::Div(..) => "a div",
        BlockKind::Float(_) | BlockKind::Figure(_) | BlockKind::LayoutPanel(_) => "a figure",
        BlockKind::Callout(_) => "a callout",
        BlockKind::BulletList(_) | BlockKind::OrderedList(_) | BlockKind::DefinitionList(_) => "a list",
        _ => "a block",
    }
}

#[test]
fn every_prefix_parses() {
    for sample in samples() {
        for (end, _) in sample.char_indices() {
            check(&sample[..end]);
        }
        check(&sample);
    }
}

#[test]
fn every_suffix_parses() {
    for sample in samples() {
        for (start, _) in sample.char_indices() {
            check(&sample[start..]);
        }
    }
}

/// A small generator of numbers (xorshift), so that every run tries the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    /// An offset of the text on a character's boundary.
    fn offset(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn range(&mut self, text: &str, longest: usize) -> std::ops::Range<usize> {
        let start = self.offset(text);
        let mut end = (start + self.below(longest)).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        start..end.max(start)
    }
}

#[test]
fn mutations_parse() {
    let count = std::env::var("MLSYS_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(2000);
    let samples = samples();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..count {
        let mut text = samples[random.below(samples.len())].clone();
        for _ in 0..random.below(3) {
            text.push_str(&samples[random.below(samples.len())]);
        }
        for _ in 0..=random.below(12) {
            mutate(&mut text, &samples, &mut random);
        }
        check(&text);
    }
}

fn mutate(text: &mut String, samples: &[String], random: &mut Random) {
    match random.below(7) {
        0 => {
            let range = random.range(text, 40);
            text.replace_range(range, "");
        }
        1 => {
            let copy = text[random.range(text, 60)].to_owned();
            let at = random.offset(text);
            text.insert_str(at, &copy);
        }
        2 => {
            let other = &samples[random.below(samples.len())];
            let piece = &other[random.range(other, 80)];
            let at = random.offset(text);
            text.insert_str(at, piece);
        }
        3 => {
            let range = random.range(text, 4);
            text.replace_range(range, TOKENS[random.below(TOKENS.len())]);
        }
        4 => {
            let token = TOKENS[random.below(TOKENS.len())].repeat(1 + random.below(8));
            let at = random.offset(text);
            text.insert_str(at, &token);
        }
        5 => {
            // Puts all lines of a range into a container.
            let range = random.range(text, 200);
            let prefix = ["> ", "- ", "    ", "  ", "| ", ":   "][random.below(6)];
            let inner = text[range.clone()].replace('\n', &format!("\n{prefix}"));
            text.replace_range(range, &inner);
        }
        _ => {
            let token = TOKENS[random.below(TOKENS.len())];
            let at = random.offset(text);
            text.insert_str(at, token);
        }
    }
}

#[test]
fn the_same_text_gives_the_same_tree() {
    for sample in samples() {
        assert_eq!(print_chapter(&parse(&sample).1), print_chapter(&parse(&sample).1));
    }
}

#[test]
fn deep_nests_parse() {
    for (open, middle, close) in NESTS {
        check(&format!("{}{middle}{}", open.repeat(10_000), close.repeat(10_000)));
        check(&format!("{}{middle}", open.repeat(10_000)));
        check(&format!("{middle}{}", close.repeat(10_000)));
        // A shallow nest in whole.
        check(&format!("{}{middle}{}", open.repeat(150), close.repeat(150)));
    }
    let mut text = String::new();
    for depth in 0..1000 {
        let _ = writeln!(text, "{}- x", " ".repeat(2 * depth));
    }
    check(&text);
}

/// Grid tables within cells: each level is four columns wider and two lines longer.
#[test]
fn nested_tables_parse() {
    let mut lines = vec!["x".to_owned()];
    for _ in 0..60 {
        let width = lines.iter().map(String::len).max().unwrap_or(0) + 2;
        let rule = format!("+{}+", "-".repeat(width));
        lines = std::iter::once(rule.clone())
            .chain(lines.iter().map(|line| format!("| {line:0$} |", width - 2)))
            .chain(std::iter::once(rule))
            .collect();
        check(&format!("a\n\n: caption\n\n{}\n", lines.join("\n")));
    }
}

/// How often the texts are repeated; builds without optimisation are some twenty times slower.
const OFTEN: usize = if cfg!(debug_assertions) { 20_000 } else { 100_000 };

/// The time that this thread has run, where the system tells it: other work on the machine does not count then.
fn clock(begin: Instant) -> Duration {
    let running = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = running.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn time(text: &str) -> Duration {
    let begin = Instant::now();
    let before = clock(begin);
    parse(text);
    clock(begin).saturating_sub(before)
}

/// Ten times the text may take ten times as long; a square law would take a hundred times.
#[test]
fn repetitions_take_linear_time() {
    let mut slow = String::new();
    for token in MARKS.iter().chain(REPEATED) {
        let short = time(&token.repeat(OFTEN / 10));
        let long = time(&token.repeat(OFTEN));
        if long > short * 20 + Duration::from_millis(500) {
            let _ = writeln!(slow, "{token:?}: {short:?} for {}, {long:?} for {OFTEN}", OFTEN / 10);
        }
    }
    assert!(slow.is_empty(), "more than linear time:\n{slow}");
}

/// Backticks, fences and dashes of growing length do not match each other.
#[test]
fn growing_runs_take_linear_time() {
    for mark in ["`", "~", "*", "-", ":", "=", "$", "#", "^", "|", "+", "\\", "[", "<"] {
        for separator in [" ", "\n", "a ", "\n\n"] {
            let text: String = (1..400).map(|n| mark.repeat(n) + separator).collect();
            let taken = time(&text);
            assert!(taken < Duration::from_secs(5), "{mark:?} with {separator:?} took {taken:?}");
        }
    }
}
