import type { Feed } from "../config/pipeline.ts";
import { NORMALISATIONS } from "../contract/rule.ts";
import type { Dialect, Statement } from "./dialect.ts";
import { normalForm } from "./normal-form.ts";
import { asText, column, keyText, rowKey } from "./sql-text.ts";

/** What of a feed decides the form of its keys. */
type Keyed = Pick<Feed, "contract" | "businessKey">;

/** What all spellings of a business key share: a column of the label table and the staging table of feeds whose key has a text. */
export const FORM = "_form";

function textsOf({ contract, businessKey }: Keyed): Set<string> {
  const texts = contract.columns.filter((c) => c.type.kind === "string").map((c) => c.name);
  return new Set(businessKey.filter((name) => texts.includes(name)));
}

/** Whether keys of a feed can be spelled in more than one way: a column of its business key is a text. */
export function hasForms(feed: Keyed): boolean {
  return textsOf(feed).size > 0;
}

/** Whether a row's form follows from its source key: the business key has texts alone, all of them part of the source key. */
export function isFormOfSourceKey(feed: Keyed & Pick<Feed, "sourceKey">): boolean {
  const texts = textsOf(feed);
  return feed.businessKey.every((name) => texts.has(name) && feed.sourceKey.includes(name));
}

/** A row's business key as it is spelled. */
export function spelledKey(dialect: Dialect, { businessKey }: Keyed, alias: string): string {
  return rowKey(dialect, alias, businessKey);
}

/** A row's business key freed of everything that spellings differ in, as far as the engine can. */
export function plainKey(dialect: Dialect, feed: Keyed, alias: string): string {
  const forms = NORMALISATIONS.filter((form) => form !== "nfc" || dialect.can.nfc !== null);
  const texts = textsOf(feed);
  return keyText(
    dialect,
    feed.businessKey.map((name) => {
      const value = column(dialect, alias, name);
      return texts.has(name) ? normalForm(dialect, value, forms) : asText(value);
    }),
  );
}

/** What stands under `FORM`: equal for equal plain keys, and seldom for others. */
export function keyForm(dialect: Dialect, feed: Keyed, alias: string): string {
  return dialect.textHash(plainKey(dialect, feed, alias));
}

/** Gives the rows of a feed's staging table, by its full name, the form that they were published without. */
export function fillForms(dialect: Dialect, { feed, rows }: { feed: Feed; rows: string }): Statement {
  return {
    name: `ddl.fill.staging.${feed.id}.${FORM}`,
    sql: `UPDATE ${rows} SET ${FORM} = ${keyForm(dialect, feed, rows)} WHERE ${FORM} IS NULL`,
  };
}
