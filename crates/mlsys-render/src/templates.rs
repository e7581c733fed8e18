//! Page templates, and the limits of what they may do.
//!
//! Tera limits nesting, recursion and the length of one range. Two limits are added, so that a loop of a project's own template
//! is a mistake in a page and not a build without end: of what all ranges of a page come to, and of what is written.

use crate::icons::icon;
use serde::Serialize;
use std::io::{Error, ErrorKind, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

/// How many numbers all ranges of a page may come to.
const MOST_RANGED: usize = 10_000;

/// How many bytes a page may have besides four times its text, which templates may show more than once.
const MOST_WRITTEN: usize = 16 << 20;

/// The page templates, ready to use.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    tera: Tera,
    /// Whether a template asks for ranges of numbers.
    has_ranges: bool,
}

impl Templates {
    /// Reads templates, each a name (`page.html`) and a text; of two with one name the later counts, so that a project's own go
    /// last. Fails with Tera's message, which names template, line and column. The entry is `page.html`.
    pub fn new<'a>(templates: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut last = std::collections::BTreeMap::new();
        for (name, text) in templates {
            last.insert(name, text);
        }
        let mut tera = Tera::new();
        tera.register_function("icon", |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            Ok(Value::safe_string(&icon(kwargs.must_get::<&str>("name")?, None)))
        });
        let has_ranges = last.values().any(|text| text.contains("range"));
        tera.add_raw_templates(last).map_err(|error| error.to_string())?;
        Ok(Templates { tera, has_ranges })
    }

    /// Renders a template with what it sees.
    pub(crate) fn render(&self, name: &str, view: &impl Serialize) -> Result<String, String> {
        let context = Context::from_serialize(view).map_err(|error| error.to_string())?;
        self.render_context(name, &context, 0)
    }

    /// Renders a template; `length` is that of the texts that it shows.
    pub(crate) fn render_context(&self, name: &str, context: &Context, length: usize) -> Result<String, String> {
        let mut out = Limited { bytes: Vec::with_capacity(length), most: MOST_WRITTEN + 4 * length, is_full: false };
        let result = match self.has_ranges {
            true => counting_ranges(&self.tera).render_to(name, context, &mut out),
            false => self.tera.render_to(name, context, &mut out),
        };
        if out.is_full {
            return Err(format!("`{name}` writes more than {} MB: is there a loop too many?", out.most >> 20));
        }
        result.map_err(|error| error.to_string())?;
        String::from_utf8(out.bytes).map_err(|error| error.to_string())
    }
}

/// The templates with ranges that are counted together, for one page.
fn counting_ranges(tera: &Tera) -> Tera {
    let mut tera = tera.clone();
    let ranged = AtomicUsize::new(0);
    tera.register_function("range", move |kwargs: Kwargs, _: &State| -> TeraResult<Vec<i128>> {
        let argument = |name: &'static str| kwargs.get::<i128>(name);
        let (start, step) = (argument("start")?.unwrap_or(0), argument("step_by")?.unwrap_or(1));
        let end = kwargs.must_get::<i128>("end")?;
        if step == 0 {
            return Err(tera::Error::message("`step_by` of a range is 0"));
        }
        let mut numbers = Vec::new();
        let mut at = start;
        while (step > 0 && at < end) || (step < 0 && at > end) {
            if ranged.fetch_add(1, Ordering::Relaxed) >= MOST_RANGED {
                return Err(tera::Error::message(format!(
                    "the ranges of a page come to more than {MOST_RANGED} numbers"
                )));
            }
            numbers.push(at);
            let Some(next) = at.checked_add(step) else { break };
            at = next;
        }
        Ok(numbers)
    });
    tera
}

/// Bytes that may not become too many.
struct Limited {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            self.is_full = true;
            return Err(Error::from(ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
