import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { contentPrefix } from "../../src/contract/row-content.ts";
import { describeRelation } from "../../src/sources/postgres/catalog.ts";
import { copyContents } from "../../src/sources/postgres/content-sql.ts";
import { openSession } from "../../src/sources/postgres/session.ts";
import { freshDatabase } from "../support/postgres.ts";
import { feedOf, sourceOf } from "./extracting.ts";

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

const fieldOf = (text: string | null) => (text === null ? ":" : `${Buffer.byteLength(text)}:${text}`);

/** One row of texts of which no two are alike, with what format() would take for its own, a NULL and a column that the table has not. */
function textOf(n: number): string | null {
  return n % 7 === 3 ? null : `%s|${n}%%é`;
}

test.each([1, 44, 45, 46, 90, 91, 200])("the server writes one text of %i columns, whatever they hold", async (width) => {
  await using db = await freshDatabase();
  const client = await db.client();
  const columns = Array.from({ length: width }, (_, n) => `c${n}`);
  const values = columns.map((_, n) => textOf(n));
  await client.query(`create table invoices (${columns.map((name) => `${name} text`).join(", ")})`);
  await client.query(`insert into invoices values (${columns.map((_, n) => `$${n + 1}`).join(", ")})`, values);
  const feed = feedOf({ columns: [...columns, "lacking"], sourceKey: ["c0"], businessKey: ["c0"] });
  const odd = { ...feed, contract: { ...feed.contract, id: "100 %s 'quoted' \\" } };
  const session = await openSession(sourceOf(db.url));
  try {
    const found = await describeRelation(session, odd);
    if (found === null) expect.fail("the table is not there");
    const copy = copyContents(odd, found, { where: "true", inFlight: "false" });
    const [row] = await session.rows<{ _content: string }>(copy.slice("copy (".length, copy.indexOf(") to stdout")));
    expect(row?._content).toBe(md5(`${contentPrefix(odd.contract)}${[...values, null].map(fieldOf).join("|")}`));
  } finally {
    await session.close();
  }
});
