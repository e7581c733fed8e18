//! Grouping and collapsing of cites. Source: CSL 1.0.2, "Cite Grouping", "Cite Collapsing".

use crate::output::{Format, Output, Tag, formatted};
use citationberg::{Citation, Collapse};

/// Groups and collapses a citation's cites. `items` are their outputs, in order.
pub(crate) fn collapse(citation: &Citation, format: &Format, items: Vec<Output>) -> Output {
    let delimiter = citation.layout.delimiter.clone().unwrap_or_default();
    let group_delimiter = match (&citation.cite_group_delimiter, citation.collapse) {
        (Some(delimiter), _) => delimiter.clone(),
        (None, Some(_)) => Citation::DEFAULT_CITE_GROUP_DELIMITER.to_owned(),
        (None, None) => return formatted(format.clone(), items),
    };
    let undelimited = Format { delimiter: None, ..format.clone() };
    match citation.collapse {
        Some(Collapse::CitationNumber) => {
            let after = citation.after_collapse_delimiter.clone().unwrap_or_else(|| delimiter.clone());
            formatted(undelimited, number_ranges(items, &delimiter, &after))
        }
        Some(kind) => {
            let groups = by_names(items);
            let count = groups.len();
            let after = citation.after_collapse_delimiter.clone().unwrap_or_else(|| delimiter.clone());
            let parts = groups
                .into_iter()
                .enumerate()
                .map(|(i, group)| {
                    let collapsed = group.len() > 1;
                    let inner = same_names_once(group, kind, &group_delimiter, citation.get_year_suffix_delimiter());
                    let end = if collapsed { &after } else { &delimiter };
                    let suffix = Some(end.clone()).filter(|_| i + 1 < count);
                    formatted(Format { suffix, ..Format::default() }, vec![inner])
                })
                .collect();
            formatted(undelimited, parts)
        }
        None => {
            let groups = by_names(items);
            let parts = groups.into_iter().map(|g| formatted(Format::delimited(group_delimiter.as_str()), g)).collect();
            formatted(format.clone(), parts)
        }
    }
}

/// Three or more numbers in a row become a range.
fn number_ranges(items: Vec<Output>, delimiter: &str, after: &str) -> Vec<Output> {
    let mut runs: Vec<Vec<Output>> = Vec::new();
    let mut last: Option<usize> = None;
    for item in items {
        let number = lone_number(&item);
        let follows = matches!((last, number), (Some(a), Some(b)) if b == a + 1);
        match runs.last_mut() {
            Some(run) if follows => run.push(item),
            _ => runs.push(vec![item]),
        }
        last = number;
    }
    let count = runs.len();
    runs.into_iter()
        .enumerate()
        .map(|(i, mut run)| {
            let is_range = run.len() >= 3;
            let inner = if is_range {
                let end = run.pop().unwrap_or(Output::Nothing);
                run.truncate(1);
                run.push(end);
                formatted(Format::delimited("–"), run)
            } else {
                formatted(Format::delimited(delimiter), run)
            };
            let suffix = Some(if is_range { after } else { delimiter }.to_owned()).filter(|_| i + 1 < count);
            formatted(Format { suffix, ..Format::default() }, vec![inner])
        })
        .collect()
}

/// The number of a cite that shows nothing else.
fn lone_number(output: &Output) -> Option<usize> {
    match output {
        Output::Tagged(Tag::CitationNumber(n), _) => Some(*n),
        Output::Tagged(Tag::Item(..), inner) => lone_number(inner),
        Output::Formatted(_, parts) => match parts.as_slice() {
            [only] => lone_number(only),
            [] | [_, _, ..] => None,
        },
        Output::Tagged(..) | Output::Nothing | Output::Text(_) | Output::Linked(..) | Output::Note(_) => None,
    }
}

/// Groups cites whose printed names are equal, in the order of each group's first cite.
///
/// Names that "et al." hides do not count: `Wang et al. 2018, 2019` may be two teams. No cite moves across a prefix or suffix.
fn by_names(items: Vec<Output>) -> Vec<Vec<Output>> {
    let mut groups: Vec<(Option<String>, Vec<Output>)> = Vec::new();
    let mut open_from = 0;
    for item in items {
        let affixes = affixes(&item);
        if affixes.0 {
            open_from = groups.len();
        }
        let names = item.authors().map(|names| {
            let mut text = String::new();
            names.push_plain(&mut text);
            text
        });
        let home = groups[open_from..].iter().position(|(of_group, _)| names.is_some() && *of_group == names);
        match home {
            Some(at) => groups[open_from + at].1.push(item),
            None => groups.push((names, vec![item])),
        }
        if affixes.1 {
            open_from = groups.len();
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// True, for a prefix and for a suffix, if a cite has one.
fn affixes(output: &Output) -> (bool, bool) {
    let mut affixes = (false, false);
    output.walk(&mut |o| {
        affixes.0 |= matches!(o, Output::Tagged(Tag::Prefix, _));
        affixes.1 |= matches!(o, Output::Tagged(Tag::Suffix, _));
    });
    affixes
}

/// Drops the names of all cites of a group but the first. With `year-suffix`, drops years that repeat, too.
fn same_names_once(group: Vec<Output>, kind: Collapse, delimiter: &str, suffix_delimiter: &str) -> Output {
    let mut parts: Vec<Output> = Vec::new();
    let mut suffixes: Vec<Output> = Vec::new();
    let mut year = None;
    let flush = |parts: &mut Vec<Output>, suffixes: &mut Vec<Output>| {
        if suffixes.is_empty() {
            return;
        }
        let mut run = vec![parts.pop().unwrap_or(Output::Nothing)];
        run.append(suffixes);
        let ranged = kind == Collapse::YearSuffixRanged && run.len() >= 3;
        if ranged {
            let end = run.pop().unwrap_or(Output::Nothing);
            run.truncate(1);
            run.push(end);
        }
        parts.push(formatted(Format::delimited(if ranged { "–" } else { suffix_delimiter }), run));
    };
    for (i, item) in group.into_iter().enumerate() {
        let item = if i == 0 {
            item
        } else {
            item.replace(&mut |o| matches!(o, Output::Tagged(Tag::Names(_), _)).then_some(Output::Nothing))
        };
        let this_year = years(&item);
        let suffix = find_suffix(&item);
        let same = i > 0 && kind != Collapse::Year && year == Some(this_year.clone());
        match suffix {
            Some(suffix) if same => suffixes.push(suffix),
            _ => {
                flush(&mut parts, &mut suffixes);
                parts.push(item);
                year = Some(this_year);
            }
        }
    }
    flush(&mut parts, &mut suffixes);
    formatted(Format::delimited(delimiter), parts)
}

fn years(output: &Output) -> Vec<Option<i32>> {
    let mut out = Vec::new();
    output.walk(&mut |o| {
        if let Output::Tagged(Tag::Date(date), _) = o {
            out.extend(date.parts.iter().map(|p| p.year));
        }
    });
    out
}

fn find_suffix(output: &Output) -> Option<Output> {
    let mut suffix = None;
    output.walk(&mut |o| {
        if matches!(o, Output::Tagged(Tag::YearSuffix(_), _)) && suffix.is_none() {
            suffix = Some(o.clone());
        }
    });
    suffix
}
