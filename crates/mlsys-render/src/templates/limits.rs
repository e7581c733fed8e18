//! Limits for a project's own templates.
//!
//! Tera limits nesting, recursion, the length of one range and of one expression. We add limits per page for the length of all
//! ranges, the iterations of all loops, the size of strings, and time, because an iteration can be as slow as a string is
//! long. So one loop too many is an error on a page instead of an endless build.

use super::counters::{FILTERS, OUTPUT, SET, TURN, TURNS};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tera::{Kwargs, State, Tera, TeraResult, Value};

/// The maximum total length of a page's ranges.
const MOST_RANGED: usize = 10_000;

/// The maximum number of loop iterations of a page.
const MOST_TURNS: usize = 1_000_000;

/// The number of values that can be compared in the time of an iteration.
const COMPARED: usize = 64;

/// The maximum time for a page's templates. A large page takes 10 ms. The limit is generous, so that even a busy machine
/// reaches the other limits first.
const LONGEST: Duration = Duration::from_secs(20);

/// The maximum depth of nested lists.
const DEEPEST: usize = 64;

/// The counters of a page and its limits. See [`counted`](crate::templates::counters::counted) for the calls.
pub(crate) struct Limits {
    start: Instant,
    /// The maximum number of bytes that a page can output, hold in variables, and hold in one value.
    most: usize,
    ranged: AtomicUsize,
    turns: AtomicUsize,
    written: AtomicUsize,
    /// The sizes of variables, by name.
    set: Mutex<BTreeMap<String, usize>>,
    exceeded: OnceLock<String>,
}

impl Limits {
    /// The counters of a new page, with `most` bytes as the size limit.
    pub fn new(most: usize) -> Self {
        Limits {
            start: Instant::now(),
            most,
            ranged: AtomicUsize::default(),
            turns: AtomicUsize::default(),
            written: AtomicUsize::default(),
            set: Mutex::default(),
            exceeded: OnceLock::new(),
        }
    }

    /// The limit that was exceeded, as what the template does.
    pub fn exceeded(&self) -> Option<&str> {
        self.exceeded.get().map(String::as_str)
    }

    /// Registers the counting functions.
    pub fn hold(self: &Arc<Self>, tera: &Tera) -> Tera {
        let mut tera = tera.clone();
        let limits = Arc::clone(self);
        tera.register_function("range", move |kwargs: Kwargs, _: &State| limits.range(&kwargs));
        let limits = Arc::clone(self);
        tera.register_function(TURN, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            limits.turn(kwargs.get("turns")?.unwrap_or(1))?;
            limits.write(kwargs.get("text")?.unwrap_or(0))?;
            let values = kwargs.get::<Vec<Value>>("of")?.unwrap_or_default();
            values.iter().try_for_each(|value| limits.measure(value).map(drop))?;
            Ok(Value::safe_string(""))
        });
        let limits = Arc::clone(self);
        tera.register_function(TURNS, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let over = kwargs.must_get::<Value>("over")?;
            limits.turn(over.as_str().map_or_else(|| over.len().unwrap_or(0), str::len))?;
            Ok(over)
        });
        let limits = Arc::clone(self);
        tera.register_function(OUTPUT, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let value = kwargs.must_get::<Value>("of")?;
            limits.write(limits.measure(&value)?)?;
            Ok(value)
        });
        let limits = Arc::clone(self);
        tera.register_function(SET, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let value = kwargs.must_get::<Value>("of")?;
            limits.measure(&value)?;
            limits.set(kwargs.must_get("name")?, own_size(&value))?;
            Ok(value)
        });
        for name in FILTERS {
            let limits = Arc::clone(self);
            tera.register_filter(format!("mlsys_{name}"), move |value: &Value, kwargs: Kwargs, state: &State| {
                limits.check_size(limits.filtered(name, value, &kwargs)?)?;
                state.call_filter(name, value, kwargs)
            });
        }
        tera
    }

    fn fail<T>(&self, does: String) -> TeraResult<T> {
        let message = self.exceeded.get_or_init(|| does);
        Err(tera::Error::message(message.clone()))
    }

    fn turn(&self, more: usize) -> TeraResult<()> {
        if self.turns.fetch_add(more, Ordering::Relaxed) + more > MOST_TURNS {
            return self.fail(format!("runs more than {MOST_TURNS} loop iterations"));
        }
        self.check_time()
    }

    fn check_time(&self) -> TeraResult<()> {
        if self.start.elapsed() > LONGEST {
            return self.fail(format!("takes more than {} seconds per page", LONGEST.as_secs()));
        }
        Ok(())
    }

    fn check_size(&self, size: usize) -> TeraResult<usize> {
        if size > self.most {
            return self.fail(format!("creates strings of more than {} MB", self.most >> 20));
        }
        Ok(size)
    }

    fn write(&self, more: usize) -> TeraResult<()> {
        self.check_size(self.written.fetch_add(more, Ordering::Relaxed).saturating_add(more))?;
        self.check_time()
    }

    fn set(&self, name: String, size: usize) -> TeraResult<()> {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.insert(name, size);
        self.check_size(set.values().sum())?;
        self.check_time()
    }

    /// The approximate size of a value as text, in bytes.
    fn measure(&self, value: &Value) -> TeraResult<usize> {
        let mut left = self.most;
        if !fits(value, &mut left, DEEPEST) {
            self.check_size(usize::MAX)?;
        }
        Ok(self.most - left)
    }

    /// An upper bound on a filter's output, in bytes.
    fn filtered(&self, name: &str, value: &Value, kwargs: &Kwargs) -> TeraResult<usize> {
        let text = value.as_str().unwrap_or("");
        let argument = |name: &'static str| Ok::<_, tera::Error>(kwargs.get::<&str>(name)?.unwrap_or(""));
        let (count, each) = match name {
            "indent" => (text.lines().count(), kwargs.get::<usize>("width")?.unwrap_or(4).min(1000)),
            // It compares each value with all others.
            "unique" => {
                let length = value.len().unwrap_or(0);
                self.turn(length.saturating_mul(length) / COMPARED)?;
                (0, 0)
            }
            "replace" => match argument("from")? {
                "" => (text.len() + 1, argument("to")?.len()),
                from => (text.matches(from).count(), argument("to")?.len()),
            },
            _ => (value.len().unwrap_or(0), argument("sep")?.len()),
        };
        Ok(self.measure(value)?.saturating_add(count.saturating_mul(each)))
    }

    fn range(&self, kwargs: &Kwargs) -> TeraResult<Vec<i128>> {
        let argument = |name: &'static str| kwargs.get::<i128>(name);
        let (start, step) = (argument("start")?.unwrap_or(0), argument("step_by")?.unwrap_or(1));
        let end = kwargs.must_get::<i128>("end")?;
        if step == 0 {
            return Err(tera::Error::message("`step_by` of a range must not be 0"));
        }
        let mut numbers = Vec::new();
        let mut at = start;
        while (step > 0 && at < end) || (step < 0 && at > end) {
            if self.ranged.fetch_add(1, Ordering::Relaxed) >= MOST_RANGED {
                let message = format!("templates may iterate over at most {MOST_RANGED} numbers per page");
                return Err(tera::Error::message(message));
            }
            numbers.push(at);
            let Some(next) = at.checked_add(step) else { break };
            at = next;
        }
        Ok(numbers)
    }
}

/// Subtracts the size of a value as text from `left`. False if it does not fit, or if the value is nested too deeply. Shared
/// parts count each time that they would be written.
fn fits(value: &Value, left: &mut usize, deepest: usize) -> bool {
    if let Some(values) = value.as_array() {
        deepest > 0 && take(left, 2) && values.iter().all(|value| fits(value, left, deepest - 1))
    } else if let Some(map) = value.as_map() {
        let mut entries = map.iter();
        let fits = |(key, value): (&tera::value::Key<'_>, &Value), left: &mut usize| {
            take(left, key.as_str().map_or(8, str::len) + 4) && fits(value, left, deepest - 1)
        };
        deepest > 0 && take(left, 2) && entries.all(|entry| fits(entry, left))
    } else {
        take(left, value.as_str().map(str::len).or_else(|| value.as_bytes().map(<[u8]>::len)).unwrap_or(8))
    }
}

fn take(left: &mut usize, size: usize) -> bool {
    left.checked_sub(size).map(|rest| *left = rest).is_some()
}

/// The size of a value without shared parts, in bytes.
fn own_size(value: &Value) -> usize {
    value.as_str().map(str::len).or_else(|| value.len().map(|length| length * size_of::<Value>())).unwrap_or(0)
}
