//! The words of captions and references.

use mlsys_book::{CALLOUT_KINDS, FLOAT_KINDS, PROOF_KINDS, THEOREM_KINDS, Value};
use std::collections::BTreeMap;

/// The languages of [`WORDS`], in the order of its columns.
const LANGUAGES: [&str; 7] = ["en", "de", "fr", "es", "it", "nl", "pt"];

/// Reference words by kind and language. `ch` and `apx` are chapters and appendices.
const WORDS: [(&str, [&str; 7]); 24] = [
    ("fig", ["Figure", "Abbildung", "Figure", "Figura", "Figura", "Figuur", "Figura"]),
    ("tbl", ["Table", "Tabelle", "Table", "Tabla", "Tabella", "Tabel", "Tabela"]),
    ("lst", ["Listing", "Listing", "Listing", "Listado", "Lista", "Listing", "Listagem"]),
    ("eq", ["Equation", "Gleichung", "Équation", "Ecuación", "Equazione", "Vergelijking", "Equação"]),
    ("sec", ["Section", "Kapitel", "Section", "Sección", "Sezione", "Paragraaf", "Seção"]),
    ("ch", ["Chapter", "Kapitel", "Chapitre", "Capítulo", "Capitolo", "Hoofdstuk", "Capítulo"]),
    ("apx", ["Appendix", "Anhang", "Annexe", "Apéndice", "Appendice", "Bijlage", "Apêndice"]),
    ("thm", ["Theorem", "Theorem", "Théorème", "Teorema", "Teorema", "Stelling", "Teorema"]),
    ("lem", ["Lemma", "Lemma", "Lemme", "Lema", "Lemma", "Lemma", "Lema"]),
    ("cor", ["Corollary", "Korollar", "Corollaire", "Corolario", "Corollario", "Conclusie", "Corolário"]),
    ("prp", ["Proposition", "Aussage", "Proposition", "Proposición", "Proposizione", "Voorstel", "Proposição"]),
    ("cnj", ["Conjecture", "Annahme", "Conjecture", "Conjetura", "Congettura", "Aanname", "Conjetura"]),
    ("def", ["Definition", "Definition", "Définition", "Definición", "Definizione", "Definitie", "Definição"]),
    ("exm", ["Example", "Beispiel", "Exemple", "Ejemplo", "Esempio", "Voorbeeld", "Exemplo"]),
    ("exr", ["Exercise", "Übungsaufgabe", "Exercice", "Ejercicio", "Esercizio", "Oefening", "Exercício"]),
    ("alg", ["Algorithm", "Algorithmus", "Algorithme", "Algoritmo", "Algoritmo", "Algoritme", "Algoritmo"]),
    ("prf", ["Proof", "Beweis", "Preuve", "Prueba", "Dimostrazione", "Bewijs", "Comprovação"]),
    ("rem", ["Remark", "Bemerkung", "Remarque", "Observación", "Osservazione", "Opmerking", "Observação"]),
    ("sol", ["Solution", "Lösung", "Solution", "Solución", "Soluzione", "Oplossing", "Solução"]),
    ("nte", ["Note", "Hinweis", "Note", "Nota", "Nota", "Opmerking", "Nota"]),
    ("tip", ["Tip", "Tipp", "Astuce", "Tip", "Consiglio", "Tip", "Dica"]),
    ("wrn", ["Warning", "Warnung", "Avertissement", "Advertencia", "Avviso", "Waarschuwing", "Aviso"]),
    ("imp", ["Important", "Wichtig", "Important", "Importante", "Importante", "Belangrijk", "Importante"]),
    ("cau", ["Caution", "Vorsicht", "Mise en garde", "Precaución", "Attenzione", "Opgelet", "Cuidado"]),
];

/// The words of a page's captions and references, as its metadata has them.
///
/// Of a word the first of these counts: `crossref.KIND-prefix` (references) or `-title` (captions), the other one of the two,
/// a custom kind's own, `language.crossref-KIND-...`, the language's. Caption and reference share one word unless both are
/// given. Source: Quarto, "Cross-Reference Options" and "Document Language".
pub(crate) struct Words<'a> {
    crossref: Option<&'a Value>,
    language: Option<&'a Value>,
    column: usize,
    /// The options of the project's own kinds of floats, by their keys.
    custom: BTreeMap<String, &'a Value>,
    /// Whether cross-references are on at all (`crossref: false` turns them off).
    on: bool,
}

impl<'a> Words<'a> {
    /// The words for a page's metadata.
    pub(crate) fn of(meta: &'a Value) -> Words<'a> {
        let lang = meta.get("lang").and_then(Value::as_str).unwrap_or("en");
        let language = lang.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        let column = LANGUAGES.iter().position(|known| *known == language).unwrap_or(0);
        let custom = meta.path("crossref.custom").map_or(&[][..], Value::items).iter();
        // Of two with the same key the first counts, which is taken last.
        let custom = custom.rev().filter_map(|options| Some((options.get("key")?.to_text()?, options))).collect();
        let on = meta.get("crossref").and_then(Value::as_bool) != Some(false);
        Words { crossref: meta.get("crossref"), language: meta.get("language"), column, custom, on }
    }

    /// Whether labels of the kind can be referred to.
    pub(crate) fn knows(&self, kind: &str) -> bool {
        // Authors of pseudocode write `algo-` too, as Quarto's own `alg-` is a theorem's.
        let known = matches!(kind, "sec" | "eq" | "algo");
        let listed = [FLOAT_KINDS, THEOREM_KINDS, CALLOUT_KINDS, PROOF_KINDS].iter().any(|kinds| kinds.contains(&kind));
        self.on && (known || listed || self.custom(kind).is_some())
    }

    fn custom(&self, kind: &str) -> Option<&'a Value> {
        self.custom.get(kind).copied()
    }

    fn option(&self, key: &str) -> Option<String> {
        self.crossref?.get(key)?.to_text()
    }

    fn language(&self, key: &str) -> Option<String> {
        self.language?.get(key)?.to_text()
    }

    fn custom_option(&self, kind: &str, key: &str) -> Option<String> {
        self.custom(kind)?.get(key)?.to_text()
    }

    fn word(&self, kind: &str, first: &str, second: &str) -> String {
        let custom =
            |part: &str| self.custom_option(kind, if part == "title" { "caption-prefix" } else { "reference-prefix" });
        let environment = || {
            let name = match kind {
                "prf" => "environment-proof-title",
                "rem" => "environment-remark-title",
                "sol" => "environment-solution-title",
                "nte" => "callout-note-title",
                "tip" => "callout-tip-title",
                "wrn" => "callout-warning-title",
                "imp" => "callout-important-title",
                "cau" => "callout-caution-title",
                _ => return None,
            };
            self.language(name)
        };
        let table = || {
            let (_, words) = WORDS.iter().find(|(known, _)| *known == kind)?;
            words.get(self.column).map(|word| (*word).to_owned())
        };
        self.option(&format!("{kind}-{first}"))
            .or_else(|| self.option(&format!("{kind}-{second}")))
            .or_else(|| custom(first))
            .or_else(|| custom(second))
            .or_else(|| self.language(&format!("crossref-{kind}-{first}")))
            .or_else(|| self.language(&format!("crossref-{kind}-{second}")))
            .or_else(environment)
            .or_else(table)
            .unwrap_or_else(|| capitalised(kind))
    }

    /// The word of a caption or title.
    pub(crate) fn title(&self, kind: &str) -> String {
        self.word(kind, "title", "prefix")
    }

    /// The word of a reference.
    pub(crate) fn prefix(&self, kind: &str) -> String {
        self.word(kind, "prefix", "title")
    }

    /// What stands between word and number: a no-break space, or nothing (`space-before-numbering: false`).
    pub(crate) fn gap(&self, kind: &str) -> &'static str {
        let space =
            self.custom(kind).and_then(|options| options.get("space-before-numbering")).and_then(Value::as_bool);
        if space == Some(false) { "" } else { "\u{a0}" }
    }

    /// What stands between a caption's label and its text, with a space at its end.
    pub(crate) fn title_delim(&self) -> String {
        let mut delim = self.option("title-delim").unwrap_or_else(|| ":".to_owned());
        if !delim.is_empty() && !delim.ends_with(char::is_whitespace) {
            delim.push(' ');
        }
        delim
    }

    /// Whether references are links (`crossref.ref-hyperlink`).
    pub(crate) fn hyperlinks(&self) -> bool {
        self.crossref.and_then(|crossref| crossref.get("ref-hyperlink")).and_then(Value::as_bool) != Some(false)
    }
}

/// A word with its first letter in upper case.
pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
