// The page's own words, in the language that the portal answers in.
import { en } from "./en";
import { es } from "./es";
import { pl } from "./pl";

export type Words = typeof en;

const ALL: Record<string, Words> = { en, es, pl };

/** The words of the first language that there are any in, BCP 47 as `es-AR` or `es`; else English. */
export function wordsFor(...languages: readonly string[]): Words {
  for (const language of languages) {
    const found = ALL[language.split("-")[0] ?? ""];
    if (found) return found;
  }
  return en;
}
