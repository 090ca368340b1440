// What a reader takes for the same letters, for searching.

const ALIKE: Record<string, string> = {
  ة: "ه",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ı: "i",
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
};

/** Lower case without marks, tatweel, hamza seats and apostrophes: `Al-Bāb` is found by `al-bab`. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}\u0640'’‘ʼʿʾ`]/gu, "")
    .replace(/[ةىیکıßøłđ]/g, (letter) => ALIKE[letter]);
}
