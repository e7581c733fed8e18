//! "Did you mean".

/// How many suggestions are looked for in one page or pass.
pub(crate) const SUGGESTIONS: usize = 20;

/// The candidate that the author most probably meant: at most a third of its letters differ. Of those that are as near, the first
/// in order.
pub(crate) fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > 100 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > length / 3 + 4 {
            continue;
        }
        let distance = strsim::osa_distance(name, candidate);
        if distance <= (length / 3).max(1) && best.is_none_or(|best| (distance, candidate) < best) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest() {
        assert_eq!(suggest("fig-lop", ["fig-loop", "fig-pipeline"]), Some("fig-loop"));
        assert_eq!(suggest("fig-x", ["sec-introduction"]), None);
    }
}
