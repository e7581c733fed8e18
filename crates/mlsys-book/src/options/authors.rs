//! The options of authors and affiliations.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    open("author", &[Page, Site], AUTHOR, "Authors", "An item of `author:`; a single text is the name."),
    open("name", &[Page, Site], NAME, "Names", "The parts of an author's `name:`."),
    open("affiliation", &[Page, Site], AFFILIATION, "Affiliations", "An affiliation of an author, or an item of `affiliations:`."),
];

#[rustfmt::skip]
const AUTHOR: &[ConfigOption] = &[
    has("name", &[Text, Map("name")], "", "the name"),
    has("url", URL, "", "a link of the name"),
    has("email", TEXT, "", "a link to the e-mail address"),
    has("orcid", TEXT, "", "a link to the ORCID"),
    has("degrees", LIST, "", "degrees after the name"),
    has("affiliation", &[Text, List, Map("affiliation")], "", "the affiliations"),
    has("affiliations", &[Map("affiliation"), List], "", "the affiliations, as `affiliation`"),
    none("id", TEXT, "the id of the author in templates"),
    none("number", NUMBER, "the number of the author in templates"),
    none("phone", TEXT, "the phone number in JATS"),
    none("fax", TEXT, "the fax number in JATS"),
    none("corresponding", ON, "the corresponding author in a PDF"),
    none("equal-contributor", ON, "an equal contribution in a PDF"),
    none("deceased", ON, "a mark in JATS"),
    none("note", TEXT, "a note in a PDF"),
    none("acknowledgements", TEXT, "acknowledgements in a PDF"),
    none("role", &[Data, Text], "the roles in JATS"),
    none("roles", &[Data, Text], "the roles in JATS"),
    none("attributes", DATA, "marks in JATS"),
    none("metadata", DATA, "more data of the author"),
];

#[rustfmt::skip]
const NAME: &[ConfigOption] = &[
    has("literal", TEXT, "", "the whole name"),
    has("given", TEXT, "", "given names"),
    has("family", TEXT, "", "the family name"),
    has("dropping-particle", TEXT, "", "a particle that citations leave out"),
    has("non-dropping-particle", TEXT, "", "a particle that citations keep"),
    has("suffix", TEXT, "", "a suffix of the name"),
];

#[rustfmt::skip]
const AFFILIATION: &[ConfigOption] = &[
    has("name", TEXT, "", "the name"),
    has("department", TEXT, "", "the name without `name`"),
    has("url", URL, "", "a link of the name"),
    has("id", TEXT, "", "the name by which authors refer to it"),
    has("ref", TEXT, "", "the `id` of one in `affiliations`"),
    none("group", TEXT, "the group, in JATS"),
    none("address", TEXT, "the address, in JATS"),
    none("city", TEXT, "the city, in a PDF"),
    none("region", TEXT, "the region, in JATS"),
    none("state", TEXT, "the state, in a PDF"),
    none("country", TEXT, "the country, in a PDF"),
    none("postal-code", TEXT, "the postal code, in JATS"),
    none("isni", TEXT, "the ISNI, in JATS"),
    none("ringgold", TEXT, "the Ringgold id, in JATS"),
    none("ror", TEXT, "the ROR id, in JATS"),
    none("number", NUMBER, "the number in templates"),
];
