// What a reader takes for the same letters, for searching: the same as src/eventkg/model/fold.py, with whose table
// of cases (tests/model/fold.json) it is tested.

const DROPPED = /['`´‘’‚‛ʹʻʼʽʾʿˈ′＇\u0640\u0621]/gu;
const HYPHENS = /[\u002d\u2010-\u2015\u2212]/gu;
const ALIKE: Record<string, string> = { ß: "ss", æ: "ae", œ: "oe", þ: "th" };
pair("ٱةىیېکڪہھە", "اهيييككههه");
pair("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789");
pair("ıøłđðς", "iolddσ");
const OTHER_LETTERS = new RegExp(`[${Object.keys(ALIKE).join("")}]`, "gu");
// al- before a sun letter as it is spoken: ash-Shaddadi, an-Nusra; only with its hyphen, "at Tanf" is English
const SPOKEN = /(?<![\p{L}\p{N}_])a(sh|dh|th|[dlnrstz])-(?=\1)/gu;
const WRITTEN = /(?<![^ ])(?:(?:al|el) )+(?=\S)/gu;
const ARABIC = /(?<![^ ])(?:ال)+(?=[^ ][^ ])/gu;
const NUMBERS =
  /(?<=(?!\p{Decimal_Number})[\p{L}\p{N}])(?=[0-9])|(?<=[0-9])(?=(?!\p{Decimal_Number})[\p{L}\p{N}])/gu;

function pair(letters: string, plain: string): void {
  const alike = [...plain];
  [...letters].forEach((letter, place) => {
    ALIKE[letter] = alike[place] ?? "";
  });
}

/** Words in lower case, a space between: `al-Bāb`, `Al Bab` and `AL-BAB` are `bab`, `Su24M` is `su 24 m`. */
export function fold(text: string): string {
  return text
    .replace(DROPPED, "")
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .replace(DROPPED, "")
    .replace(OTHER_LETTERS, (letter) => ALIKE[letter] ?? "")
    .replace(HYPHENS, "-")
    .replace(SPOKEN, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(NUMBERS, " ")
    .trim()
    .replace(ARABIC, "")
    .replace(WRITTEN, "");
}
