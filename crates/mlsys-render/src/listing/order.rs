//! The order of a listing's items.

use super::{ListingItem, ListingOptions};
use crate::page::dates::Clock;
use std::cmp::Ordering;

/// Sorts and limits items by the options. The sort is stable; items without a value for a field come last. Source: Quarto,
/// "Document Listings", sorting items.
pub fn ordered<T>(
    mut items: Vec<T>,
    item: impl Fn(&T) -> &ListingItem,
    options: &ListingOptions,
    clock: &Clock,
) -> Vec<T> {
    items.sort_by(|a, b| {
        options.sort.iter().fold(Ordering::Equal, |so_far, (field, down)| {
            so_far.then_with(|| compare(item(a).sort_key(field, clock), item(b).sort_key(field, clock), *down))
        })
    });
    if let Some(most) = options.max_items {
        items.truncate(most);
    }
    items
}

fn compare(a: Option<String>, b: Option<String>, down: bool) -> Ordering {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (a, b) => return b.is_some().cmp(&a.is_some()),
    };
    let order = match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.to_lowercase().cmp(&b.to_lowercase()),
    };
    if down { order.reverse() } else { order }
}
