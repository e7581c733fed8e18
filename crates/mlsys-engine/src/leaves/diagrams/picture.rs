//! The pictures that a page asks for.

use super::engines::{Engine, Settings, settings};
use mlsys_book::{Attr, Block, BlockKind, Cell, Chapter, CodeBlock, Node, PageId, Source, Span, plain_text, walk};
use std::collections::BTreeMap;

/// A picture to be drawn, and what is said of it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The page that shows it.
    pub page: PageId,
    /// Its block, whose `span.start` is the key of its drawing.
    pub span: Span,
    /// The bytes of its source.
    pub text_span: Span,
    /// Its language.
    pub engine: Engine,
    /// What the configuration says of the language.
    pub settings: Settings,
    /// Its source.
    pub source: String,
    /// What it shows, in the author's words: the alternative text, else the caption. Empty where there is neither.
    pub title: String,
}

/// The pictures of a page, in source order.
pub fn pictures(page: PageId, chapter: &Chapter) -> Vec<Picture> {
    let mut collector = Collector { page, chapter, known: BTreeMap::new(), floats: Vec::new(), found: Vec::new() };
    collector.blocks(&chapter.summary);
    collector.blocks(&chapter.blocks);
    chapter.notes.iter().for_each(|note| collector.blocks(&note.content));
    collector.found
}

struct Collector<'a> {
    page: PageId,
    chapter: &'a Chapter,
    /// The settings of the engines so far, of code blocks and of cells.
    known: BTreeMap<(Engine, bool), Option<Settings>>,
    /// The floats so far: where each stands and what it says of its picture.
    floats: Vec<(Span, String)>,
    found: Vec<Picture>,
}

impl Collector<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        walk(blocks, &mut |node| {
            // Pictures are blocks, and no block stands within an inline.
            let Node::Block(block) = node else { return false };
            match &block.kind {
                BlockKind::Float(float) => {
                    let caption = float.caption.as_ref().map(|c| plain_text(&c.content)).unwrap_or_default();
                    let title = alternative_text(&float.attr).map_or(caption, str::to_owned);
                    self.floats.push((block.span, title));
                }
                BlockKind::CodeBlock(code) => self.code_block(code, block.span),
                BlockKind::Cell(cell) => self.cell(cell, block.span),
                _ => {}
            }
            true
        });
    }

    /// What the page says of an engine, read once.
    fn settings(&mut self, engine: Engine, cell: bool) -> Option<Settings> {
        self.known.entry((engine, cell)).or_insert_with(|| settings(&self.chapter.meta, engine, cell)).clone()
    }

    fn code_block(&mut self, code: &CodeBlock, span: Span) {
        let Some(engine) = code.language().and_then(Engine::from_language) else { return };
        let Some(mut settings) = self.settings(engine, false) else { return };
        let comments = comment_options(&code.text, engine);
        let option = |name: &str| {
            let comment = comments.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
            code.attr.get(name).or(comment)
        };
        for name in ["opt-header-includes", "opt-additional-packages"] {
            option(name).into_iter().for_each(|text| settings.add_line(text));
        }
        let float = self.floats.iter().rev().find(|(outer, _)| outer.contains(span)).map(|(_, title)| title.as_str());
        let title = ["fig-alt", "alt"].into_iter().find_map(option).or(float).unwrap_or_default().to_owned();
        let (source, text_span) = (code.text.clone(), code.text_span);
        self.found.push(Picture { page: self.page, span, text_span, engine, settings, source, title });
    }

    fn cell(&mut self, cell: &Cell, span: Span) {
        let Some(engine) = Engine::from_language(&cell.language) else { return };
        let Some(settings) = self.settings(engine, true) else { return };
        if cell.option("eval") == Some("false") {
            return;
        }
        let caption = cell.caption.as_deref().map(plain_text);
        let title = cell.option("fig-alt").map(str::to_owned).or(caption).unwrap_or_default();
        let (source, text_span) = (cell.text.clone(), cell.text_span);
        self.found.push(Picture { page: self.page, span, text_span, engine, settings, source, title });
    }
}

fn alternative_text(attr: &Attr) -> Option<&str> {
    attr.get("fig-alt").or_else(|| attr.get("alt"))
}

/// The options in a block's comments: `%%| key: value`.
fn comment_options(code: &str, engine: Engine) -> Vec<(&str, &str)> {
    let mark = engine.option_mark();
    let options = code.lines().filter_map(|line| line.trim_start().strip_prefix(mark)?.split_once(": "));
    options.map(|(key, value)| (key.trim(), value.trim())).collect()
}

impl Picture {
    /// The bytes of a line of its source, counted from 1, without the space around it; the whole block where there is no such
    /// line.
    pub fn line(&self, source: &Source, number: usize) -> Span {
        let text = source.slice(self.text_span);
        let mut start = self.text_span.start as usize;
        for (i, line) in text.split_inclusive('\n').enumerate() {
            let content = line.trim();
            if i + 1 == number && !content.is_empty() {
                let start = start + (line.len() - line.trim_start().len());
                return Span::new(start, start + content.len());
            }
            start += line.len();
        }
        self.span
    }
}
