import { expect, test } from "vitest";
import type { Salesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { type Ask, signedIn, simulated, soql } from "./simulated.ts";

const span = (what: "updated" | "deleted", from: string, to: string) =>
  `/sobjects/Account/${what}/?start=${encodeURIComponent(from)}&end=${encodeURIComponent(to)}`;

const DAY = ["2026-10-05T00:00:00Z", "2026-10-06T00:00:00+00:00"] as const;

async function started(): Promise<{ salesforce: Salesforce; ask: Ask; id: string }> {
  const salesforce = await simulated();
  const id = salesforce.books.create("Account", { Name: "a" });
  salesforce.clock.advance(150);
  return { salesforce, ask: await signedIn(salesforce), id };
}

test("what was made or changed in a span, up to the clock's minute", async () => {
  const { salesforce, ask, id } = await started();
  const { json } = await ask(span("updated", ...DAY));
  expect(json).toEqual({ ids: [id], latestDateCovered: "2026-10-05T09:02:00.000+0000" });
  salesforce.books.update(id, { Name: "b" });
  const before = await ask(span("updated", "2026-10-05T09:00:59Z", "2026-10-05T09:02:59Z"));
  expect(before.json.ids).toEqual([]);
  expect((await ask(span("updated", "2026-10-05T09:02:59.999Z", "2026-10-05T09:03:00Z"))).json.ids).toEqual([id]);
});

test("what went into the recycle bin, until it is purged or the list is trimmed", async () => {
  const { salesforce, ask, id } = await started();
  const { books, clock } = salesforce;
  const other = books.create("Account", { Name: "o" });
  books.delete(id);
  books.delete(other);
  clock.advance(60);
  const { json } = await ask(span("deleted", ...DAY));
  const deletedDate = "2026-10-05T09:02:30.000+0000";
  expect(json).toEqual({
    deletedRecords: [id, other].map((one) => ({ id: one, deletedDate })),
    earliestDateAvailable: "2025-01-01T00:00:00.000+0000",
    latestDateCovered: "2026-10-05T09:03:00.000+0000",
  });
  expect((await ask(span("updated", ...DAY))).json.ids).toEqual([]);
  books.purge(other);
  expect((await ask(span("deleted", ...DAY))).json.deletedRecords).toEqual([{ id, deletedDate }]);
  books.trimDeleted("Account", new Date("2026-10-05T09:03:00Z"));
  const gone = await ask(span("deleted", DAY[0], "2026-10-05T09:03:00Z"));
  expect(gone.json[0].errorCode).toBe("INVALID_REPLICATION_DATE");
  clock.advance(60);
  const later = await ask(span("deleted", ...DAY));
  expect(later.json).toMatchObject({ deletedRecords: [], earliestDateAvailable: "2026-10-05T09:03:00.000+0000" });
});

test.each([
  ["updated", "2026-10-05T09:00:00Z", "2026-10-05T09:00:59Z"],
  ["updated", "2026-10-05T09:05:00Z", "2026-10-05T09:00:00Z"],
  ["updated", "2026-09-05T00:00:00Z", DAY[1]],
  ["deleted", "2026-09-20T00:00:00Z", DAY[1]],
] as const)("%s from %s to %s is refused", async (what, from, to) => {
  const { ask } = await started();
  const { status, json } = await ask(span(what, from, to));
  expect([status, json[0].errorCode]).toEqual([400, "INVALID_REPLICATION_DATE"]);
});

test("more ids than are given at once", async () => {
  const { salesforce, ask } = await started();
  salesforce.limits.ids = 2;
  salesforce.books.createMany("Account", 2, () => ({ Name: "n" }));
  expect((await ask(span("updated", ...DAY))).json[0].errorCode).toBe("EXCEEDED_ID_LIMIT");
});

test("what a transaction writes is unseen until it commits, and has the stamp of its writing then", async () => {
  const { salesforce, ask, id } = await started();
  const { books, clock } = salesforce;
  const transaction = books.begin();
  clock.advance(60);
  transaction.update(id, { Name: "changed" });
  const added = transaction.create("Account", { Name: "new" });
  clock.advance(3600);
  const rows = async () => (await ask(soql("SELECT Id, Name, SystemModstamp FROM Account"))).json.records;
  expect(await rows()).toMatchObject([{ Name: "a" }]);
  const during = await ask(span("updated", ...DAY));
  expect(during.json).toEqual({ ids: [id], latestDateCovered: "2026-10-05T09:02:30.000+0000" });
  expect(() => books.update(id, { Name: "other" })).toThrow("exclusive access");
  transaction.commit();
  const SystemModstamp = "2026-10-05T09:03:30.000+0000";
  expect(await rows()).toMatchObject([
    { Id: id, Name: "changed", SystemModstamp },
    { Id: added, Name: "new", SystemModstamp },
  ]);
  expect((await ask(span("updated", ...DAY))).json.latestDateCovered).toBe("2026-10-05T10:03:00.000+0000");
  const other = books.begin();
  other.delete(id);
  other.rollback();
  expect((await rows()).length).toBe(2);
});

test("a formula changes without a stamp, and so does what automation touches without a person", async () => {
  const { salesforce, ask, id } = await started();
  const { books, clock, schema } = salesforce;
  schema.addField("Account", {
    name: "Twice__c",
    type: "double",
    compute: (row) => `${Number(row["NumberOfEmployees"] ?? 0) * 2}`,
  });
  const contact = books.create("Contact", { LastName: "Vos", FirstName: "Ada", AccountId: id });
  const [{ SystemModstamp: before }] = (await ask(soql("SELECT SystemModstamp FROM Contact"))).json.records;
  clock.advance(60);
  books.touch(contact);
  const { json } = await ask(soql("SELECT Name, SystemModstamp, LastModifiedDate FROM Contact"));
  expect(json.records).toMatchObject([
    { Name: "Ada Vos", LastModifiedDate: before, SystemModstamp: "2026-10-05T09:03:30.000+0000" },
  ]);
  expect((await ask(soql("SELECT Twice__c FROM Account"))).text).toContain('"Twice__c":0.0');
});
