//! Page templates, and the limits of what they may do.
//!
//! Tera limits nesting, recursion and the length of one range. Three limits are added, so that a loop of a project's own template
//! is a mistake in a page and not a build without end: of what all ranges of a page come to, of the turns of its loops, and of
//! what is written.

use crate::icons::icon;
use crate::template_turns::{TURN, TURNS, counted};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

/// How many numbers all ranges of a page may come to.
const MOST_RANGED: usize = 10_000;

/// How many turns all loops of a page may have.
const MOST_TURNS: usize = 1_000_000;

/// How many turns an include or a component counts for, which takes longer.
const CALL: usize = 5;

/// How many bytes a page may have besides four times its text, which templates may show more than once.
const MOST_WRITTEN: usize = 16 << 20;

/// The page templates, ready to use.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    tera: Tera,
    /// The same with loops that count; only where a project has templates of its own.
    counted: Option<Tera>,
}

impl Templates {
    /// Reads templates, each a name (`page.html`) and a text; of two with one name the later counts, so that a project's own go
    /// last. Fails with Tera's message, which names template, line and column. The entry is `page.html`.
    ///
    /// Where there are two of a name, limits hold for what a page's templates do.
    pub fn new<'a>(templates: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut last = BTreeMap::new();
        let mut has_own = false;
        for (name, text) in templates {
            has_own |= last.insert(name, text).is_some();
        }
        let read = |mut tera: Tera, texts: BTreeMap<&str, String>| -> Result<Tera, String> {
            tera.add_raw_templates(texts).map_err(|error| error.to_string())?;
            Ok(tera)
        };
        let with_calls = last.iter().map(|(name, text)| (*name, counted(text))).collect();
        let texts = last.into_iter().map(|(name, text)| (name, text.to_owned())).collect();
        let tera = read(with_icons(), texts)?;
        // Tera looks whether there are the functions that a template calls; those that count come anew with each page.
        let counted = has_own.then(|| read(counting(&with_icons(), &Arc::default()), with_calls)).transpose()?;
        Ok(Templates { tera, counted })
    }

    /// Renders a template with what it sees.
    pub(crate) fn render(&self, name: &str, view: &impl Serialize) -> Result<String, String> {
        let context = Context::from_serialize(view).map_err(|error| error.to_string())?;
        self.render_context(name, &context, 0)
    }

    /// Renders a template; `length` is that of the texts that it shows.
    pub(crate) fn render_context(&self, name: &str, context: &Context, length: usize) -> Result<String, String> {
        let Some(counted) = &self.counted else { return render(&self.tera, name, context, length) };
        let turns = Arc::new(AtomicUsize::new(0));
        let rendered = render(&counting(counted, &turns), name, context, length);
        if turns.load(Ordering::Relaxed) > MOST_TURNS {
            return Err(format!("`{name}` has loops of more than {MOST_TURNS} turns: is there one too many?"));
        }
        // A template without calls that count fails at the same place, and its message shows it as it was written.
        rendered.or_else(|_| render(&counting(&self.tera, &turns), name, context, length))
    }
}

fn with_icons() -> Tera {
    let mut tera = Tera::new();
    tera.register_function("icon", |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        Ok(Value::safe_string(&icon(kwargs.must_get::<&str>("name")?, None)))
    });
    tera
}

fn render(tera: &Tera, name: &str, context: &Context, length: usize) -> Result<String, String> {
    let mut out = Limited { bytes: Vec::with_capacity(length), most: MOST_WRITTEN + 4 * length, is_full: false };
    let result = tera.render_to(name, context, &mut out);
    if out.is_full {
        return Err(format!("`{name}` writes more than {} MB: is there a loop too many?", out.most >> 20));
    }
    result.map_err(|error| error.to_string())?;
    String::from_utf8(out.bytes).map_err(|error| error.to_string())
}

/// The templates with ranges and loops that are counted together, for one page.
fn counting(tera: &Tera, turns: &Arc<AtomicUsize>) -> Tera {
    let mut tera = tera.clone();
    let ranged = AtomicUsize::new(0);
    tera.register_function("range", move |kwargs: Kwargs, _: &State| range(&kwargs, &ranged));
    let counter = Arc::clone(turns);
    tera.register_function(TURNS, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        let over = kwargs.must_get::<Value>("over")?;
        let length = over.as_str().map_or_else(|| over.len().unwrap_or(0), str::len);
        count(&counter, length).map(|()| over)
    });
    let counter = Arc::clone(turns);
    tera.register_function(TURN, move |_: Kwargs, _: &State| -> TeraResult<Value> {
        count(&counter, CALL).map(|()| Value::safe_string(""))
    });
    tera
}

fn count(turns: &AtomicUsize, more: usize) -> TeraResult<()> {
    if turns.fetch_add(more, Ordering::Relaxed) + more > MOST_TURNS {
        return Err(tera::Error::message(format!("loops have more than {MOST_TURNS} turns")));
    }
    Ok(())
}

fn range(kwargs: &Kwargs, ranged: &AtomicUsize) -> TeraResult<Vec<i128>> {
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
            return Err(tera::Error::message(format!("the ranges of a page come to more than {MOST_RANGED} numbers")));
        }
        numbers.push(at);
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    Ok(numbers)
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
