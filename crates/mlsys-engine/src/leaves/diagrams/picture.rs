//! Finds the diagrams of a page.

use super::engines::{Engine, Settings, settings};
use mlsys_book::{Attr, Block, BlockKind, Cell, Chapter, CodeBlock, Node, PageId, Source, Span, plain_text, walk};
use std::collections::BTreeMap;

/// A diagram to draw.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The page.
    pub page: PageId,
    /// The block; its `span.start` is the key of the drawing.
    pub span: Span,
    /// The span of the source.
    pub text_span: Span,
    /// The language.
    pub engine: Engine,
    /// The configuration of the language.
    pub settings: Settings,
    /// The source.
    pub source: String,
    /// The alternative text, or the caption, or nothing.
    pub title: String,
}

/// The diagrams of a page, in source order.
pub fn pictures(page: PageId, chapter: &Chapter) -> Vec<Picture> {
    let mut collector = Collector { page, chapter, cached: BTreeMap::new(), floats: Vec::new(), found: Vec::new() };
    collector.blocks(&chapter.summary);
    collector.blocks(&chapter.blocks);
    chapter.notes.iter().for_each(|note| collector.blocks(&note.content));
    collector.found
}

struct Collector<'a> {
    page: PageId,
    chapter: &'a Chapter,
    /// The settings of engines, separately for code blocks and cells.
    cached: BTreeMap<(Engine, bool), Option<Settings>>,
    /// The floats so far, with their alternative text or caption.
    floats: Vec<(Span, String)>,
    found: Vec<Picture>,
}

impl Collector<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        walk(blocks, &mut |node| {
            // Diagrams are blocks, and inlines contain no blocks.
            let Node::Block(block) = node else { return false };
            if let BlockKind::Float(float) = &block.kind {
                let caption = float.caption.as_ref().map(|c| plain_text(&c.content)).unwrap_or_default();
                let title = alternative_text(&float.attr).map_or(caption, str::to_owned);
                self.floats.push((block.span, title));
            } else if let BlockKind::CodeBlock(code) = &block.kind {
                self.code_block(code, block.span);
            } else if let BlockKind::Cell(cell) = &block.kind {
                self.cell(cell, block.span);
            }
            true
        });
    }

    /// The settings of an engine.
    fn settings(&mut self, engine: Engine, cell: bool) -> Option<Settings> {
        self.cached.entry((engine, cell)).or_insert_with(|| settings(&self.chapter.meta, engine, cell)).clone()
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

/// The options in comments: `%%| key: value`.
fn comment_options(code: &str, engine: Engine) -> Vec<(&str, &str)> {
    let mark = engine.option_mark();
    let options = code.lines().filter_map(|line| line.trim_start().strip_prefix(mark)?.split_once(": "));
    options.map(|(key, value)| (key.trim(), value.trim())).collect()
}

impl Picture {
    /// The span of a line of the source, from 1, without surrounding white space; the span of the block if there is no such line.
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
