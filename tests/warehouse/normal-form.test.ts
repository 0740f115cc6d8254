import fc from "fast-check";
import { expect, test } from "vitest";
import { NORMALISATIONS, type Normalisation } from "../../src/contract/rule.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { normalForm } from "../../src/warehouse/normal-form.ts";
import { openDesk } from "../support/desk.ts";

/** What the forms change and what looks like it: signs, zeros, points, blanks, letters that compose, and letters that stand for others. */
const CHARACTERS = [..."00+-.7aAÉe \t\n\r\u00a0", "\u0301", "\u0338", "\u2000", "\u212a", "\u037e", "\uff10"];

/** The same form in JavaScript, written apart: every step over every text. */
const FREED: Readonly<Record<Normalisation, (text: string) => string>> = {
  nfc: (text) => text.normalize("NFC"),
  trim: (text) => text.replace(/^[ \t\n\r\u00a0]+|[ \t\n\r\u00a0]+$/g, ""),
  casefold: (text) => text.toLowerCase(),
  integral: (text) => text.replace(/^([+-]?[0-9]+)[.]0+$/, "$1"),
  leading_zeros: (text) => text.replace(/^([+-]?)0+(?=[^0]|0$)/, "$1"),
};

test("a text that no dear form changes goes by them, and no other does", async () => {
  const texts = fc
    .sample(fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 7 }), { numRuns: 4000, seed: 16 })
    .map((c) => c.join(""));
  await using desk = openDesk("claims");
  const values = texts.map((text) => `(${duckdbDialect.literal(text)})`).join(", ");
  const sets: readonly (readonly Normalisation[])[] = [
    NORMALISATIONS,
    ...NORMALISATIONS.map((form) => [form]),
    ["trim", "leading_zeros"],
  ];
  const session = await desk.open();
  for (const forms of sets) {
    const sql = `select k, ${normalForm(duckdbDialect, "k", forms)} as f from (values ${values}) t(k)`;
    const rows = await session.rows({ name: "test.forms", sql });
    expect(rows).toHaveLength(texts.length);
    const asked = NORMALISATIONS.filter((form) => forms.includes(form));
    const wrong = rows.filter(({ k, f }) => f !== asked.reduce((text, form) => FREED[form](text), k ?? ""));
    expect(wrong, forms.join(", ")).toEqual([]);
  }
  await session.close();
});
