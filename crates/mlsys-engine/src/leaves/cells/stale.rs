//! Results of an earlier version of a page, shown while the new ones are running.

use super::executed::Executed;
use super::plan::Plan;
use mlsys_book::{Entry, Value, ValueKind};
use mlsys_cells::{Document, PageRun};

/// The class of cells with results of an earlier version, while the new ones are running.
const STALE_CLASS: &str = "mlsys-stale";

/// The page with the results of its previous run: cells that have changed, and those after them, are marked.
pub fn stale(plan: &Plan, earlier: &Executed) -> Option<(Document, PageRun)> {
    let run = earlier.run.as_ref()?;
    let (now, then) = (&plan.document.value, &earlier.plan.document.value);
    let changed = now.cells.iter().zip(&then.cells).position(|(now, then)| now.code != then.code);
    let changed = changed.unwrap_or(now.cells.len().min(then.cells.len()));
    let mut document = now.clone();
    for cell in &mut document.cells[changed..] {
        let place = cell.options.place;
        let value = |kind| Value { place, kind };
        let class = value(ValueKind::Seq(vec![value(ValueKind::String(STALE_CLASS.to_owned()))]));
        let classes = Entry { key: "classes".to_owned(), key_place: place, value: class };
        cell.options = cell.options.merge(&value(ValueKind::Map(vec![classes])));
    }
    let mut stale = PageRun { failure: None, ..PageRun::clone(run) };
    stale.cells.resize(now.cells.len(), None);
    let value_of = |expression: &str| {
        let at = then.values.iter().position(|value| value.expression == expression)?;
        run.values.get(at).cloned().flatten()
    };
    stale.values = now.values.iter().map(|value| value_of(&value.expression)).collect();
    Some((document, stale))
}
