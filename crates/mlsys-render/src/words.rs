//! The words that the page around the text shows by itself, in the page's language.

use mlsys_book::Value;

/// The words of a page: the author's (`language:`), else the language's, else English. Source: Quarto, "Document Language".
pub(crate) struct Words<'a> {
    meta: &'a Value,
    lang: String,
}

impl<'a> Words<'a> {
    /// The words for a page or project with this metadata.
    pub fn new(meta: &'a Value) -> Self {
        let lang = meta.get("lang").and_then(Value::as_str).unwrap_or("en");
        Words { meta, lang: lang.to_owned() }
    }

    /// The language's tag: `en`, `en-GB`.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The language without its region.
    pub fn base(&self) -> &str {
        self.lang.split(['-', '_']).next().unwrap_or("en")
    }

    /// The word of a key of Quarto's `language`; for an unknown key the key itself.
    pub fn get(&self, key: &str) -> String {
        let language = self.meta.get("language");
        let of_lang = [self.lang.as_str(), self.base()].into_iter().find_map(|l| language?.get(l)?.get(key));
        if let Some(word) = of_lang.or_else(|| language?.get(key)).and_then(Value::to_text) {
            return word;
        }
        let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == key) else { return key.to_owned() };
        let column = LANGUAGES.iter().position(|l| *l == self.base()).unwrap_or(0);
        words.get(column).copied().unwrap_or(key).to_owned()
    }
}

const LANGUAGES: [&str; 4] = ["en", "de", "fr", "es"];

const WORDS: &[(&str, [&str; 4])] = &[
    ("title-block-author-single", ["Author", "Autor:in", "Auteur·rice", "Autor/a"]),
    ("title-block-author-plural", ["Authors", "Autor:innen", "Auteur·rice·s", "Autores/as"]),
    ("title-block-affiliation-single", ["Affiliation", "Zugehörigkeit", "Affiliation", "Afiliación"]),
    ("title-block-affiliation-plural", ["Affiliations", "Zugehörigkeiten", "Affiliations", "Afiliaciones"]),
    ("title-block-version", ["Version", "Version", "Version", "Versión"]),
    ("title-block-published", ["Published", "Veröffentlichungsdatum", "Date de publication", "Fecha de publicación"]),
    ("title-block-modified", ["Modified", "Geändert", "Modifié", "Fecha de modificación"]),
    ("title-block-keywords", ["Keywords", "Schlüsselwörter", "Mots clés", "Palabras clave"]),
    ("title-block-doi", ["Doi", "Doi", "Doi", "Doi"]),
    ("section-title-abstract", ["Abstract", "Zusammenfassung", "Résumé", "Resumen"]),
    ("toc-title-document", ["Table of contents", "Inhaltsverzeichnis", "Table des matières", "Tabla de contenidos"]),
    ("toc-title-website", ["On this page", "Auf dieser Seite", "Sur cette page", "En esta página"]),
    ("other-links-title", ["Other Links", "Andere Links", "Autres liens", "Otros enlaces"]),
    ("code-links-title", ["Code Links", "Code-Links", "Liens de code", "Enlaces de código"]),
    ("repo-action-links-edit", ["Edit this page", "Seite editieren", "Modifier cette page", "Editar esta página"]),
    ("repo-action-links-source", ["View source", "Quellcode anzeigen", "Voir la source", "Ver el código"]),
    (
        "repo-action-links-issue",
        ["Report an issue", "Problem melden", "Faire part d’un problème", "Informar de un problema"],
    ),
    ("back-to-top", ["Back to top", "Zurück nach oben", "Retour au sommet", "Volver arriba"]),
    ("skip-link", ["Skip to the text", "Zum Text springen", "Aller au texte", "Ir al texto"]),
    ("search-label", ["Search", "Suchen", "Recherche", "Buscar"]),
    ("search-text-placeholder", ["", "", "", ""]),
    ("search-no-results-text", ["No results", "Keine Treffer", "Pas de résultats", "Sin resultados"]),
    (
        "search-matching-documents-text",
        ["matching documents", "Treffer", "documents trouvés", "documentos encontrados"],
    ),
    (
        "search-copy-link-title",
        ["Copy link to search", "Link in die Suche kopieren", "Copier le lien vers la recherche", "Copiar el enlace"],
    ),
    (
        "search-hide-matches-text",
        [
            "Hide additional matches",
            "Zusätzliche Treffer verbergen",
            "Cacher les correspondances additionnelles",
            "Ocultar resultados adicionales",
        ],
    ),
    (
        "search-more-match-text",
        [
            "more match in this document",
            "weitere Treffer in diesem Dokument",
            "correspondance de plus dans ce document",
            "resultado más en este documento",
        ],
    ),
    (
        "search-more-matches-text",
        [
            "more matches in this document",
            "weitere Treffer in diesem Dokument",
            "correspondances de plus dans ce document",
            "resultados más en este documento",
        ],
    ),
    ("search-clear-button-title", ["Clear", "Zurücksetzen", "Effacer", "Borrar"]),
    ("search-detached-cancel-button-title", ["Cancel", "Abbrechen", "Annuler", "Cancelar"]),
    ("search-submit-button-title", ["Submit", "Abschicken", "Envoyer", "Enviar"]),
    (
        "search-unavailable-text",
        [
            "The search could not be loaded.",
            "Die Suche konnte nicht geladen werden.",
            "La recherche n’a pas pu être chargée.",
            "No se pudo cargar la búsqueda.",
        ],
    ),
    (
        "toggle-dark-mode",
        ["Toggle dark mode", "Dunklen Modus umschalten", "Basculer le mode sombre", "Cambiar modo oscuro"],
    ),
    (
        "toggle-navigation",
        ["Toggle navigation", "Navigation umschalten", "Basculer la navigation", "Cambiar navegación"],
    ),
    ("toggle-section", ["Toggle section", "Abschnitt umschalten", "Basculer la section", "Cambiar sección"]),
    (
        "toggle-sidebar",
        ["Toggle sidebar navigation", "Seitenleiste umschalten", "Basculer la barre latérale", "Cambiar barra lateral"],
    ),
    (
        "toggle-reader-mode",
        ["Toggle reader mode", "Lesemodus umschalten", "Basculer en mode lecteur", "Cambiar modo lector"],
    ),
    ("section-title-appendices", ["Appendices", "Anhänge", "Annexes", "Apéndices"]),
    ("crossref-apx-prefix", ["Appendix", "Anhang", "Annexe", "Apéndice"]),
    (
        "copy-button-tooltip",
        ["Copy to Clipboard", "In die Zwischenablage kopieren", "Copier", "Copiar al portapapeles"],
    ),
    ("copy-button-tooltip-success", ["Copied!", "Kopiert!", "Copié !", "¡Copiado!"]),
    ("callout-note-title", ["Note", "Hinweis", "Note", "Nota"]),
    ("callout-tip-title", ["Tip", "Tipp", "Astuce", "Tip"]),
    ("callout-warning-title", ["Warning", "Warnung", "Avertissement", "Advertencia"]),
    ("callout-important-title", ["Important", "Wichtig", "Important", "Importante"]),
    ("callout-caution-title", ["Caution", "Vorsicht", "Mise en garde", "Precaución"]),
    ("environment-proof-title", ["Proof", "Beweis", "Preuve", "Prueba"]),
    ("environment-remark-title", ["Remark", "Bemerkung", "Remarque", "Observación"]),
    ("environment-solution-title", ["Solution", "Lösung", "Solution", "Solución"]),
    ("section-title-references", ["References", "Literatur", "Références", "Referencias"]),
    ("section-title-footnotes", ["Footnotes", "Fußnoten", "Notes de bas de page", "Notas"]),
    ("section-title-reuse", ["Reuse", "Wiederverwendung", "Réutilisation", "Reutilización"]),
    ("section-title-copyright", ["Copyright", "Urheberrechte", "Droits d’auteur", "Derechos de autor"]),
    ("code-tools-menu-caption", ["Code", "Code", "Code", "Código"]),
    (
        "code-tools-show-all-code",
        ["Show All Code", "Allen Code zeigen", "Montrer tout le code", "Mostrar todo el código"],
    ),
    (
        "code-tools-hide-all-code",
        ["Hide All Code", "Allen Code verbergen", "Cacher tout le code", "Ocultar todo el código"],
    ),
    ("code-tools-view-source", ["View Source", "Quelltext anzeigen", "Voir la source", "Ver el código fuente"]),
    ("code-tools-source-code", ["Source Code", "Quellcode", "Code source", "Código fuente"]),
    ("code-summary", ["Code", "Code", "Code", "Código"]),
    ("quiz-check", ["Check", "Prüfen", "Vérifier", "Comprobar"]),
    ("quiz-right", ["Correct.", "Richtig.", "Exact.", "Correcto."]),
    ("quiz-wrong", ["Not quite.", "Nicht ganz.", "Pas tout à fait.", "No del todo."]),
    ("quiz-true", ["True", "Wahr", "Vrai", "Verdadero"]),
    ("quiz-false", ["False", "Falsch", "Faux", "Falso"]),
    ("listing-page-order-by", ["Order By", "Sortieren nach", "Trier par", "Ordenar por"]),
    ("listing-page-order-by-default", ["Default", "Voreinstellung", "Par défaut", "Por defecto"]),
    ("listing-page-order-by-date-asc", ["Oldest", "Datum (aufsteigend)", "Plus ancien", "Menos reciente"]),
    ("listing-page-order-by-date-desc", ["Newest", "Datum (absteigend)", "Plus récent", "Más reciente"]),
    ("listing-page-order-by-number-asc", ["Lowest", "Aufsteigend", "Croissant", "Menor a mayor"]),
    ("listing-page-order-by-number-desc", ["Highest", "Absteigend", "Décroissant", "Mayor a menor"]),
    ("listing-page-field-date", ["Date", "Datum", "Date", "Fecha"]),
    ("listing-page-field-title", ["Title", "Titel", "Titre", "Título"]),
    ("listing-page-field-subtitle", ["Subtitle", "Untertitel", "Sous-titre", "Subtítulo"]),
    ("listing-page-field-description", ["Description", "Beschreibung", "Description", "Descripción"]),
    ("listing-page-field-author", ["Author", "Autor:in", "Auteur·rice", "Autor/a"]),
    ("listing-page-field-filename", ["File Name", "Dateiname", "Nom du fichier", "Archivo"]),
    ("listing-page-field-filemodified", ["Modified", "Geändert", "Modifié", "Fecha de modificación"]),
    ("listing-page-field-datemodified", ["Modified", "Geändert", "Modifié", "Fecha de modificación"]),
    ("listing-page-field-readingtime", ["Reading Time", "Lesezeit", "Temps de lecture", "Tiempo de lectura"]),
    ("listing-page-field-wordcount", ["Word Count", "Wörter", "Nombre de mots", "Palabras"]),
    ("listing-page-field-categories", ["Categories", "Kategorien", "Catégories", "Categorías"]),
    ("listing-page-minutes-compact", ["{0} min", "{0} Min.", "{0} min", "{0} min"]),
    ("listing-page-words", ["{0} Words", "{0} Wörter", "{0} mots", "{0} palabras"]),
    ("listing-page-category-all", ["All", "Alle", "Toutes", "Todas"]),
    (
        "listing-page-no-matches",
        ["No matching items", "Keine Treffer", "Aucun article correspondant", "No hay resultados"],
    ),
    ("listing-page-filter", ["Filter", "Filter", "Filtre", "Filtro"]),
    ("listing-page-pages", ["Pages", "Seiten", "Pages", "Páginas"]),
    ("section-title-citation", ["Citation", "Zitat", "Citation", "Cómo citar"]),
    ("appendix-attribution-bibtex", ["BibTeX citation:", "Mit BibTeX zitieren:", "BibTeX", "BibTeX"]),
    (
        "appendix-attribution-cite-as",
        [
            "For attribution, please cite this work as:",
            "Bitte zitieren Sie diese Arbeit als:",
            "Veuillez citer ce travail comme suit :",
            "Por favor, cita este trabajo como:",
        ],
    ),
    ("appendix-view-license", ["View License", "Lizenz anzeigen", "Voir la licence", "Ver Licencia"]),
    ("related-formats-title", ["Other Formats", "Andere Formate", "Autres formats", "Otros formatos"]),
    ("announcement", ["Announcement", "Ankündigung", "Annonce", "Anuncio"]),
    ("draft", ["Draft", "Entwurf", "Brouillon", "Borrador"]),
    ("copy-link", ["Copy the link", "Link kopieren", "Copier le lien", "Copiar el enlace"]),
    ("previous", ["Previous", "Vorige", "Précédent", "Anterior"]),
    ("next", ["Next", "Nächste", "Suivant", "Siguiente"]),
    ("resume", ["Continue reading", "Weiterlesen", "Reprendre la lecture", "Seguir leyendo"]),
    ("print", ["Print", "Drucken", "Imprimer", "Imprimir"]),
    ("dismiss", ["Dismiss", "Schließen", "Fermer", "Cerrar"]),
    ("site-navigation", ["Site", "Website", "Site", "Sitio"]),
    ("sidebar-navigation", ["Contents", "Inhalt", "Contenu", "Contenido"]),
    (
        "page-navigation",
        [
            "Previous and next page",
            "Vorige und nächste Seite",
            "Page précédente et suivante",
            "Página anterior y siguiente",
        ],
    ),
];
