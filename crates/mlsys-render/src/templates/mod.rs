//! Page templates.

mod counters;
mod error;
mod limits;
mod tags;
mod undefined;

use crate::html::icon;
pub use error::TemplateError;

use counters::counted;
use limits::Limits;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Write};
use std::sync::Arc;
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};
use undefined::undefined_names;

/// The maximum output of a page in bytes, in addition to four times its text, which templates may repeat.
const MOST_WRITTEN: usize = 16 << 20;

/// The parsed page templates.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    tera: Tera,
    /// The instrumented templates; only if the project has its own.
    counted: Option<Tera>,
}

impl Templates {
    /// Parses templates by name (`page.html`, the entry): the built-in ones, and the project's own, which override built-in
    /// ones of the same name. Fails with a message that has template, line and column.
    ///
    /// With templates of its own, a project gets limits on what they do.
    pub fn new<'a>(
        built_in: impl IntoIterator<Item = (&'a str, &'a str)>,
        own: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, TemplateError> {
        let mut last: BTreeMap<_, _> = built_in.into_iter().collect();
        let mut has_own = false;
        for (name, text) in own {
            last.insert(name, text);
            has_own = true;
        }
        let read = |mut tera: Tera, texts: BTreeMap<&str, String>| -> Result<Tera, TemplateError> {
            tera.add_raw_templates(texts)?;
            Ok(tera)
        };
        if let Some(names) = has_own.then(|| undefined_names(&with_icons(), &last)).flatten() {
            return Err(TemplateError::UndefinedNames(names));
        }
        let with_calls = last.iter().map(|(name, text)| (*name, counted(text))).collect();
        let texts = last.into_iter().map(|(name, text)| (name, text.to_owned())).collect();
        let tera = read(with_icons(), texts)?;
        // Tera checks that the functions of a template exist, so we register them here and replace them for each page.
        let limits = Arc::new(Limits::new(MOST_WRITTEN));
        let counted = has_own.then(|| read(limits.hold(&with_icons()), with_calls)).transpose()?;
        Ok(Templates { tera, counted })
    }

    /// Renders a template with serializable values.
    pub(crate) fn render(&self, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let context = Context::from_serialize(view)?;
        self.render_context(name, &context, 0)
    }

    /// Renders a template; `length` is the size of the text that it shows.
    pub(crate) fn render_context(&self, name: &str, context: &Context, length: usize) -> Result<String, TemplateError> {
        let Some(counted) = &self.counted else { return render(&self.tera, name, context, length) };
        let new_limits = || Arc::new(Limits::new(MOST_WRITTEN + 4 * length));
        let limits = new_limits();
        let rendered = render(&limits.hold(counted), name, context, length);
        if let Some(exceeded) = limits.exceeded() {
            return Err(exceeded_limit(name, exceeded.to_owned()));
        }
        // The template as written fails at the same place, and its message shows the author's own code.
        rendered.or_else(|_| render(&new_limits().hold(&self.tera), name, context, length))
    }
}

fn with_icons() -> Tera {
    let mut tera = Tera::new();
    tera.register_function("icon", |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        Ok(Value::safe_string(&icon(kwargs.must_get::<&str>("name")?, None)))
    });
    tera
}

fn render(tera: &Tera, name: &str, context: &Context, length: usize) -> Result<String, TemplateError> {
    // Enough capacity for the text and its surroundings, because growing would copy it.
    let room = length + length / 8 + (64 << 10);
    let mut out = Limited { bytes: Vec::with_capacity(room), most: MOST_WRITTEN + 4 * length, is_full: false };
    let result = tera.render_to(name, context, &mut out);
    if out.is_full {
        return Err(exceeded_limit(name, format!("writes more than {} MB", out.most >> 20)));
    }
    result?;
    Ok(String::from_utf8(out.bytes)?)
}

fn exceeded_limit(template: &str, exceeded: String) -> TemplateError {
    TemplateError::LimitExceeded { template: template.to_owned(), exceeded }
}

/// An output buffer with a maximum size.
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
