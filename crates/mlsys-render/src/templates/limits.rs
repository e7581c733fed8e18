//! What a project's own templates may do with a page.
//!
//! Tera limits nesting, recursion, the length of one range and of one expression. These limits are added, so that a loop or a variable
//! too many is a mistake in a page and not a build without end: of what all ranges of a page come to, of the turns of its loops, of
//! the texts that are made, and, since a turn may take as long as a text is, of the time.

use super::counters::{FILTERS, MADE, SET, TURN, TURNS};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tera::{Kwargs, State, Tera, TeraResult, Value};

/// How many numbers all ranges of a page may come to.
const MOST_RANGED: usize = 10_000;

/// How many turns all loops of a page may have.
const MOST_TURNS: usize = 1_000_000;

/// How many values are compared in the time of a turn.
const COMPARED: usize = 64;

/// How long the templates of a page may take; those of a large page take a hundredth of a second. Long enough that the other limits are
/// met first on a machine with much else to do.
const LONGEST: Duration = Duration::from_secs(20);

/// How deep lists may stand in lists.
const DEEPEST: usize = 64;

/// How much of each a page has had, and what it may have. See [`counted`](crate::templates::counters::counted) for who asks.
pub(crate) struct Limits {
    start: Instant,
    /// How many bytes may be written, set and held in one value: of each so many.
    most: usize,
    ranged: AtomicUsize,
    turns: AtomicUsize,
    written: AtomicUsize,
    /// The variables that are set, by name, with their sizes.
    set: Mutex<BTreeMap<String, usize>>,
    exceeded: OnceLock<String>,
}

impl Limits {
    /// Those of one page, with `most` bytes that its templates may make.
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

    /// Which limit was exceeded, as what a template does.
    pub fn exceeded(&self) -> Option<&str> {
        self.exceeded.get().map(String::as_str)
    }

    /// The templates with functions that hold the limits.
    pub fn hold(self: &Arc<Self>, tera: &Tera) -> Tera {
        let mut tera = tera.clone();
        let limits = Arc::clone(self);
        tera.register_function("range", move |kwargs: Kwargs, _: &State| limits.range(&kwargs));
        let limits = Arc::clone(self);
        tera.register_function(TURN, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            limits.turn(kwargs.get("turns")?.unwrap_or(1))?;
            limits.write(kwargs.get("text")?.unwrap_or(0))?;
            let values = kwargs.get::<Vec<Value>>("of")?.unwrap_or_default();
            values.iter().try_for_each(|value| limits.weigh(value).map(drop))?;
            Ok(Value::safe_string(""))
        });
        let limits = Arc::clone(self);
        tera.register_function(TURNS, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let over = kwargs.must_get::<Value>("over")?;
            limits.turn(over.as_str().map_or_else(|| over.len().unwrap_or(0), str::len))?;
            Ok(over)
        });
        let limits = Arc::clone(self);
        tera.register_function(MADE, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let value = kwargs.must_get::<Value>("of")?;
            limits.write(limits.weigh(&value)?)?;
            Ok(value)
        });
        let limits = Arc::clone(self);
        tera.register_function(SET, move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let value = kwargs.must_get::<Value>("of")?;
            limits.weigh(&value)?;
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
            return self.fail(format!("has loops of more than {MOST_TURNS} turns"));
        }
        self.check_time()
    }

    fn check_time(&self) -> TeraResult<()> {
        if self.start.elapsed() > LONGEST {
            return self.fail(format!("takes more than {} seconds for a page", LONGEST.as_secs()));
        }
        Ok(())
    }

    fn check_size(&self, size: usize) -> TeraResult<usize> {
        if size > self.most {
            return self.fail(format!("makes texts of more than {} MB", self.most >> 20));
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

    /// About how many bytes a value has when it is written.
    fn weigh(&self, value: &Value) -> TeraResult<usize> {
        let mut left = self.most;
        if !fits(value, &mut left, DEEPEST) {
            self.check_size(usize::MAX)?;
        }
        Ok(self.most - left)
    }

    /// How many bytes a filter will make at most.
    fn filtered(&self, name: &str, value: &Value, kwargs: &Kwargs) -> TeraResult<usize> {
        let text = value.as_str().unwrap_or("");
        let argument = |name: &'static str| Ok::<_, tera::Error>(kwargs.get::<&str>(name)?.unwrap_or(""));
        let (count, each) = match name {
            "indent" => (text.lines().count(), kwargs.get::<usize>("width")?.unwrap_or(4).min(1000)),
            // It compares each value with each.
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
        Ok(self.weigh(value)?.saturating_add(count.saturating_mul(each)))
    }

    fn range(&self, kwargs: &Kwargs) -> TeraResult<Vec<i128>> {
        let argument = |name: &'static str| kwargs.get::<i128>(name);
        let (start, step) = (argument("start")?.unwrap_or(0), argument("step_by")?.unwrap_or(1));
        let end = kwargs.must_get::<i128>("end")?;
        if step == 0 {
            return Err(tera::Error::message("`step_by` of a range is 0"));
        }
        let mut numbers = Vec::new();
        let mut at = start;
        while (step > 0 && at < end) || (step < 0 && at > end) {
            if self.ranged.fetch_add(1, Ordering::Relaxed) >= MOST_RANGED {
                let message = format!("the ranges of a page come to more than {MOST_RANGED} numbers");
                return Err(tera::Error::message(message));
            }
            numbers.push(at);
            let Some(next) = at.checked_add(step) else { break };
            at = next;
        }
        Ok(numbers)
    }
}

/// Takes what a value needs when it is written from `left`; false where that is not enough, or where it is nested too deep. Values
/// that share their parts count for each time that they would be written.
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

/// The bytes of a value without what it shares with others.
fn own_size(value: &Value) -> usize {
    value.as_str().map(str::len).or_else(|| value.len().map(|length| length * size_of::<Value>())).unwrap_or(0)
}
