//! An index of matching brackets and code spans, made once per leaf: code binds more tightly than brackets, and brackets more
//! tightly than everything else.

use rustc_hash::FxHashMap;

/// The pairs of `[` and `]`, and the code spans.
#[derive(Default)]
pub(super) struct Brackets {
    /// From the offset of `[` to that of its `]`.
    square: FxHashMap<usize, usize>,
    /// From the offset of a span's first backtick to the length of its fence and the offset of the closing fence.
    code: FxHashMap<usize, (usize, usize)>,
    /// From the offset of `{` to that of its `}`.
    curly: FxHashMap<usize, usize>,
}

impl Brackets {
    /// Source: Pandoc's reader: a label ends at the bracket that balances it, not counting escaped ones and those in code.
    pub fn new(s: &str) -> Self {
        let mut all = Brackets::default();
        if memchr::memchr3(b'[', b'`', b'{', s.as_bytes()).is_none() {
            return all;
        }
        let fences = Fences::new(s.as_bytes());
        let bytes = s.as_bytes();
        let mut square = Vec::new();
        let mut curly = Vec::new();
        let mut i = 0;
        while let Some(&b) = bytes.get(i) {
            match b {
                b'\\' if bytes.get(i + 1).is_some_and(|b| !b.is_ascii_alphanumeric()) => i += 1,
                b'`' => {
                    if let Some((length, close)) = fences.close(bytes, i) {
                        all.code.insert(i, (length, close));
                        i = close + length;
                        continue;
                    }
                }
                b'[' => square.push(i),
                b']' => {
                    if let Some(open) = square.pop() {
                        all.square.insert(open, i);
                    }
                }
                b'{' => curly.push(i),
                b'}' => {
                    if let Some(open) = curly.pop() {
                        all.curly.insert(open, i);
                    }
                }
                _ => {}
            }
            i += 1;
        }
        all
    }

    /// The `]` of the `[` at `open`, if it is before `end`.
    pub fn square(&self, open: usize, end: usize) -> Option<usize> {
        self.square.get(&open).copied().filter(|close| *close < end)
    }

    /// The `}` of the `{` at `open`, if it is before `end`.
    pub fn curly(&self, open: usize, end: usize) -> Option<usize> {
        self.curly.get(&open).copied().filter(|close| *close < end)
    }

    /// The length of the fence at `open` and the offset of the closing one, if a code span begins there.
    pub fn code(&self, open: usize, end: usize) -> Option<(usize, usize)> {
        self.code.get(&open).copied().filter(|(length, close)| close + length <= end)
    }
}

/// The runs of backticks by their length, in order.
struct Fences(FxHashMap<usize, Vec<usize>>);

impl Fences {
    fn new(bytes: &[u8]) -> Self {
        let mut runs: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let mut i = 0;
        while let Some(start) = memchr::memchr(b'`', &bytes[i..]).map(|f| f + i) {
            let length = bytes[start..].iter().take_while(|b| **b == b'`').count();
            runs.entry(length).or_default().push(start);
            i = start + length;
        }
        Fences(runs)
    }

    /// The closing fence for the rest of the run that `open` is in: Pandoc tries a shorter fence where a longer one has no
    /// partner.
    fn close(&self, bytes: &[u8], open: usize) -> Option<(usize, usize)> {
        // A run of a hundred thousand backticks must not be counted again at each of them.
        let length = bytes[open..].iter().take(256).take_while(|b| **b == b'`').count();
        let starts = self.0.get(&length)?;
        let next = starts.partition_point(|start| *start < open + length);
        starts.get(next).map(|close| (length, *close))
    }
}
