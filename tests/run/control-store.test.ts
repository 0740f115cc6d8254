import { expect, test } from "vitest";
import { migrateStore, openStore } from "../../src/store/store.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { freshDatabase } from "../support/postgres.ts";

test("a control store that was lost and made anew costs the journal, nothing else", async () => {
  await using house = await open();
  await house.run();
  await house.source.query("update app.entries set amount = 7, chg = pg_current_xact_id() where id = 1");
  await using anew = await freshDatabase();
  await migrateStore(anew.url);
  const store = await openStore(anew.url);
  try {
    const next = await house.run({}, { store });
    expect(next.report).toMatchObject({ outcome: "published", publication_id: "desk-2" });
    expect(next.report?.feeds.find((f) => f.feed === "app.entries")).toMatchObject({ updated: 1, inserted: 0 });
    expect(await house.query("select max(token) as token from ops.fence_token")).toEqual([{ token: "2" }]);
  } finally {
    await store.close();
  }
});
