import { expect, test } from "vitest";
import { EVERYTHING } from "../../src/reconcile/extent.ts";
import { keepProofs } from "../../src/reconcile/keep-proofs.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { openDesk } from "../support/desk.ts";
import { account } from "../support/desk-rows.ts";
import { HISTORIES } from "../support/histories.ts";
import { landedBreaks, landedProofs, openInParts } from "../support/landed-proofs.ts";

test.each(HISTORIES)(
  "$about: after every hour all is as it was landed, and in the end the batches of every publication, by themselves",
  async ({ fixture, directory, hours }) => {
    await using desk = openDesk(fixture, directory);
    for (const [nth, hour] of hours.entries()) {
      await desk.play(hour);
      expect(await landedBreaks(desk), `hour ${nth + 1}`).toEqual([]);
    }
    expect(await openInParts(desk, hours.length)).toEqual([]);
  },
);

test("a feed of which nothing was ever read is equal to nothing, and that is kept", async () => {
  await using desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")] } });
  const proof = (await landedProofs(desk)).find(({ of, leg }) => of === "app.entries" && leg === "R1");
  if (!proof) expect.fail("it was not compared");
  expect([proof.notProven, proof.rows, proof.equation]).toEqual([
    null,
    0n,
    { terms: [], asOf: null, namedIn: "settled", sides: { source: null, published: [] } },
  ]);
  const { pipeline, objects } = desk;
  const session = await desk.open();
  const tools = { pipeline, objects, clock: { now: () => new Date() }, codeVersion: "desk", actor: "desk" };
  const found = { group: "desk", number: 1n, proofs: [{ ...proof, chosen: { tier: "T4", extent: EVERYTHING } as const }] };
  await keepProofs(session, duckdbDialect, { tools, id: "night", subject: "app.entries", found, reason: null });
  await session.close();
  expect(await desk.query("select result, source_as_of from ops.proof")).toEqual([{ result: "equal", source_as_of: null }]);
});
