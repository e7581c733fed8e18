// The search index in the browser: loading, ranking, excerpts. `crates/mlsys-render/src/search/index.rs` writes the files and
// documents their format.

// Tokens, as in `crates/mlsys-render/src/search/token.rs`. Change both together.
const joined = "\\u0E00-\\u0EFF\\u1000-\\u109F\\u1780-\\u17FF\\u3005-\\u3007\\u3041-\\u30FF\\u31F0-\\u31FF\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{3FFFF}";
const WORDS = /[\p{Alphabetic}\p{N}\p{M}]+/gu;
const RUNS = new RegExp(`[${joined}]+|[^${joined}]+`, "gu");
const JOINED = new RegExp(`^[${joined}]`, "u");
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", ς: "σ" };

function fold(word) {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(word)) return word.toLowerCase();
  const plain = word.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFKC").toLowerCase();
  return plain.replace(/[\u0300-\u036f]/g, "").replace(/[ßæœþøđðłıς]/g, (letter) => LETTERS[letter]);
}

// Calls `f` with every token of a text, case-folded, and its range. Scripts without spaces between words give bigrams.
function eachWord(text, f) {
  for (const match of text.matchAll(WORDS)) {
    for (const run of match[0].matchAll(RUNS)) {
      const start = match.index + run.index;
      const end = start + run[0].length;
      if (JOINED.test(run[0])) {
        const letters = [...run[0]];
        let at = start;
        letters.forEach((letter, i) => {
          const pair = letter + (letters[i + 1] ?? "");
          f(fold(pair), at, at + pair.length, true);
          at += letter.length;
        });
        continue;
      }
      const elided = run[0].length === 1 && /['’]/.test((text[start - 1] ?? " ") + (text[end] ?? " "));
      if (!elided && run[0].length <= 80) f(fold(run[0]), start, end, false);
    }
  }
}

// Stop words. A result need not contain them, unless the query has nothing else.
const ASKING = {
  en: "a an and are as at be by can do does for from how in is it of on or that the this to was what when where which who why will with",
  de: "am an auf aus bei das dem den der des die ein eine einen einer für im in ist mit oder und von warum was welche wer wie wird wo zu zum zur",
  fr: "au aux avec ce comment dans de des du en est et la le les ou où par pour pourquoi quand que quel quelle qui quoi sur un une",
  es: "a al como con cuando de del donde el en es la las lo los o para por que qué quien se un una y",
};

// The terms of a query. The last one may be incomplete.
function queryTerms(query) {
  const terms = [];
  eachWord(query, (word, start, end, isJoined) => {
    // The last character of a run is part of the bigram before it.
    const single = isJoined && [...word].length === 1;
    if (single && terms.length && terms.at(-1).end === end) return;
    if (terms.some((term) => term.word === word)) return;
    terms.push({ word, end, open: (!isJoined || single) && end === query.length });
  });
  return terms.slice(0, 12);
}

async function json(url, options) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

// Loads the index: pages, sections and the list of word files.
let opening;
export function load(url) {
  opening ??= openIndex(new URL(url, document.baseURI)).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

// The pages whose addresses and titles share the most words with an address, misspelt ones included.
function nearest(address, pages) {
  const asked = wordsOf(address.replace(/\.html?$|_/g, " ")).filter((word) => word !== "index");
  const likeness = (page) => {
    const own = [...wordsOf(page.href.replace(/\.html?$|_/g, " ")), ...page.words];
    return asked.reduce((sum, word, at) => {
      const like = own.some((other) => other === word) ? 1 : own.some((other) => distance(word, other, word.length > 5 ? 2 : 1) <= (word.length > 5 ? 2 : 1)) ? 0.7 : 0;
      // The end of an address says more than its folders.
      return sum + (like * (at + 1)) / asked.length;
    }, 0);
  };
  const scored = pages.map((page) => [likeness(page), page]).sort(([a], [b]) => b - a);
  return scored.filter(([score]) => score > 0.3 && score > scored[0][0] * 0.7).slice(0, 5).map(([, page]) => page);
}

async function openIndex(url) {
  const { lang, sections: file, words } = await json(url, { cache: "no-cache" });
  const pages = await json(new URL(file, url));
  const sections = [];
  const headings = new Map();
  for (const page of pages) {
    page.words = wordsOf(page.title);
    const above = [];
    page.ids.forEach((id, at) => {
      const level = Number(page.levels[at]);
      while (above.length && sections[above.at(-1)].level >= level) above.pop();
      const size = 2 ** (parseInt(page.sizes[at], 36) / 2);
      const heading = page.headings[at];
      const section = { page, at, id, level, heading, size, above: above.at(-1), words: wordsOf(heading) };
      for (const word of new Set([...section.words, ...page.words])) {
        if (!headings.has(word)) headings.set(word, []);
        headings.get(word).push(sections.length);
      }
      sections.push(section);
      if (heading) above.push(sections.length - 1);
    });
  }
  const size = sections.reduce((sum, section) => sum + section.size, 0) / (sections.length || 1);
  const asking = new Set((ASKING[lang.split(/[-_]/)[0]] ?? "").split(" ").map(fold));
  return { url, sections, headings, words, size, asking, files: new Map() };
}

function wordsOf(text) {
  const words = [];
  eachWord(text, (word) => words.push(word));
  return words;
}

function file(index, name) {
  if (!index.files.has(name)) {
    const loading = json(new URL(name, index.url));
    // The site may have been published again since, with other file names.
    loading.catch(() => (opening = undefined));
    index.files.set(name, loading);
  }
  return index.files.get(name);
}

// The files with a word and the words that it is a prefix of. For a single letter only the word itself.
function filesOf(index, word) {
  const last = (limit) => index.words.findLastIndex(([first]) => first <= limit);
  const from = Math.max(0, last(word));
  const to = Math.max(from, last(`${word}\uffff`));
  return index.words.slice(from, Math.min(to, from + (word.length > 1 ? 5 : 0)) + 1).map(([, name]) => name);
}

// The edit distance (Damerau-Levenshtein) of two words, up to `most`.
function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [older, old] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = old[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(change, old[j] + 1, row[j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], older[j - 2] + 1);
    }
    [older, old] = [old, row];
  }
  return old[b.length];
}

// The words of the book that match a term, with weights: the term, its other forms, words that it is a prefix of. If there are
// none, words with a common prefix, then words within a small edit distance.
async function meanings(index, term) {
  const parts = await Promise.all(filesOf(index, term.word).map((name) => file(index, name)));
  const found = new Map();
  const add = (part, at, weight) => {
    const known = found.get(part.words[at]);
    if (!known || known.weight < weight) found.set(part.words[at], { weight, postings: part.postings[at] });
  };
  const every = (f) => parts.forEach((part) => part.words.forEach((word, at) => f(word, part, at)));
  let exact = false;
  every((word, part, at) => {
    if (word !== term.word) return;
    exact = true;
    const stem = part.stems[at];
    part.stems.forEach((other, form) => other === stem && add(part, form, form === at ? 1 : 0.8));
  });
  if (term.word.length > 1) {
    const share = (term.open ? 0.7 : 0.4) * (exact ? 0.5 : 1);
    every((word, part, at) => {
      if (word.length > term.word.length && word.startsWith(term.word)) add(part, at, share * (term.word.length / word.length) ** 0.5);
    });
  }
  for (let cut = 1; !found.size && cut <= 3 && term.word.length - cut >= 4; cut += 1) {
    const start = term.word.slice(0, -cut);
    every((word, part, at) => word.startsWith(start) && word.length <= start.length + 3 && add(part, at, 0.5));
  }
  const most = term.word.length < 4 ? 0 : term.word.length < 8 ? 1 : 2;
  if (!found.size && most) {
    every((word, part, at) => {
      const changes = distance(term.word, word, most);
      if (changes <= most) add(part, at, 0.6 - 0.2 * changes);
    });
  }
  return found;
}

const DIGITS = new Map([..."0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"].map((c, i) => [c, i]));
function eachPlace(postings, f) {
  let section = 0;
  for (let at = 0; at < postings.length; at += 1) {
    let number = 0;
    let digit = DIGITS.get(postings[at]);
    for (let shift = 0; ; shift += 5) {
      number += (digit & 31) << shift;
      if (digit < 32) break;
      digit = DIGITS.get(postings[(at += 1)]);
    }
    section += number >> 1;
    f(section, number & 1 ? DIGITS.get(postings[(at += 1)]) + 2 : 1);
    section += 1;
  }
}

// The maximum number of sections of one page that rank before those of other pages.
const PAGE_SHARE = 8;

// The results of a query: pages and their sections, best first. `words` are the matched words with the number and the weight of
// their term, for excerpts.
export async function find(index, query, limit) {
  const terms = queryTerms(query);
  const found = await Promise.all(terms.map((term) => meanings(index, term)));
  const saying = terms.filter((term) => !index.asking.has(term.word) || (term.open && terms.length === 1));
  const needed = saying.length ? saying : terms;
  const words = new Map();
  const hits = new Map();
  terms.forEach((term, number) => {
    const places = placesOf(index, found[number]);
    const count = [...places.values()].filter((place) => place.count).length;
    term.worth = Math.log(1 + (index.sections.length - count + 0.5) / (count + 0.5)) * (saying.includes(term) ? 1 : 0.1);
    for (const [word, { weight }] of found[number]) {
      const known = words.get(word);
      if (!known || known.worth < term.worth * weight) words.set(word, { number, worth: term.worth * weight });
    }
    for (const [at, place] of places) {
      if (!hits.has(at)) hits.set(at, { matched: new Set(), score: 0 });
      const hit = hits.get(at);
      // BM25 of the text, with a bonus for words in the heading, the headings above it and the page's title.
      const length = 0.25 + (0.75 * index.sections[at].size) / index.size;
      hit.score += term.worth * ((2.2 * place.count) / (place.count + 1.2 * length) + 2 * place.heading);
      hit.matched.add(term);
    }
  });
  const worth = (some) => some.reduce((sum, term) => sum + term.worth, 0);
  const asked = terms.map((term) => term.word).join(" ");
  const whole = [];
  const partly = [];
  for (const [at, hit] of hits) {
    const section = index.sections[at];
    const share = worth(needed.filter((term) => hit.matched.has(term))) / worth(needed);
    // A heading that equals the query comes first.
    const name = section.heading ? section.words : section.page.words;
    const said = name.join(" ").includes(asked) ? (name.length === terms.length ? 1.5 : 1.2) : 1;
    const score = hit.score * said;
    if (share > 0.999) whole.push({ section, at, score });
    else partly.push({ section, at, score: 0.7 * score * share ** 3, share });
  }
  // Most of a question in a heading is a better match than all of it in running text.
  const near = whole.length ? partly.filter(({ share }) => share > 0.6) : partly;
  const best = [...whole, ...near].sort((a, b) => b.score - a.score || a.at - b.at);
  const count = new Set((whole.length ? whole : near).map(({ section }) => section.page)).size;
  return { pages: groups(best, limit), count, words };
}

// The sections with words of a term: the number of occurrences, and the weight of those in headings.
function placesOf(index, found) {
  const places = new Map();
  const place = (at) => {
    if (!places.has(at)) places.set(at, { count: 0, heading: 0 });
    return places.get(at);
  };
  const own = new Map();
  for (const [word, { weight, postings }] of found) {
    eachPlace(postings, (at, count) => (place(at).count += weight * count));
    for (const at of index.headings.get(word) ?? []) {
      const { words, heading, page } = index.sections[at];
      if (words.includes(word)) own.set(at, Math.max(own.get(at) ?? 0, weight));
      else if (page.words.includes(word)) place(at).heading = Math.max(place(at).heading, weight * (heading ? 0.3 : 1));
    }
  }
  for (const [at, weight] of own) place(at).heading = Math.max(place(at).heading, weight);
  for (const [at, hit] of places) {
    for (let above = index.sections[at].above; above !== undefined; above = index.sections[above].above) {
      hit.heading = Math.max(hit.heading, 0.3 * (own.get(above) ?? 0));
    }
  }
  return places;
}

// The best sections, grouped by page, up to `limit`. A page with many matches does not displace the others.
function groups(best, limit) {
  const pages = new Map();
  const later = [];
  let count = 0;
  const take = ({ section }) => {
    if (count >= limit) return;
    count += 1;
    if (!pages.has(section.page)) pages.set(section.page, { page: section.page, sections: [] });
    pages.get(section.page).sections.push(section);
  };
  for (const one of best) {
    if ((pages.get(one.section.page)?.sections.length ?? 0) < PAGE_SHARE) take(one);
    else later.push(one);
  }
  later.forEach(take);
  return [...pages.values()];
}

// The excerpt of a section with the most matches, as pieces: a text, and true if it matches.
export async function excerpt(index, section, words, length = 220) {
  const texts = section.page.texts;
  const [first, name] = texts[texts.findLastIndex(([start]) => start <= section.at)];
  const text = (await file(index, name))[section.at - first];
  if (!text) return [];
  const marks = [];
  eachWord(text, (word, start, end) => {
    const known = words.get(word);
    if (!known) return;
    const last = marks.at(-1);
    if (last && start < last.end) last.end = end;
    else marks.push({ start, end, ...known });
  });
  let best = { worth: -1, start: 0 };
  marks.forEach((mark, at) => {
    const seen = new Map();
    let worth = 0;
    for (let i = at; i < marks.length && marks[i].end <= mark.start + length - 50; i += 1) {
      const known = seen.get(marks[i].number) ?? 0;
      worth += Math.max(0, marks[i].worth - known) + 0.05 * marks[i].worth;
      seen.set(marks[i].number, Math.max(known, marks[i].worth));
    }
    if (worth > best.worth + 1e-9) best = { worth, start: mark.start };
  });
  let start = Math.max(0, best.start - 50);
  if (start > 0) start = Math.max(text.lastIndexOf("\n", best.start) + 1, start + Math.max(0, text.slice(start, best.start).search(/\s/)) + 1);
  start = Math.min(start, best.start);
  let end = Math.min(text.length, start + length);
  if (end < text.length) end = Math.max(start + length / 2, text.slice(0, end).search(/\s\S*$/));
  const pieces = [];
  let at = start;
  const push = (to, marked) => to > at && pieces.push([text.slice(at, to).replace(/\s+/g, " "), marked]);
  if (start > 0) pieces.push(["… ", false]);
  for (const mark of marks.filter((mark) => mark.start >= start && mark.end <= end)) {
    push(mark.start, false);
    at = mark.start;
    push(mark.end, true);
    at = mark.end;
  }
  push(end, false);
  if (end < text.length) pieces.push([" …", false]);
  return pieces;
}
