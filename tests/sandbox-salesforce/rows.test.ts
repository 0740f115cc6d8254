import { expect, test } from "vitest";
import { signedIn, simulated, soql } from "./simulated.ts";

const post = (fields: object) => ({ method: "POST", body: JSON.stringify(fields) });
const patch = (fields: object) => ({ method: "PATCH", body: JSON.stringify(fields) });

test("a row is made, read, changed and deleted over HTTP", async () => {
  const salesforce = await simulated();
  const ask = await signedIn(salesforce);
  const made = await ask("/sobjects/Account", post({ Name: "Acme", AnnualRevenue: 12.5 }));
  expect([made.status, made.json]).toEqual([201, { id: expect.stringMatching(/^001\w{15}$/), success: true, errors: [] }]);
  const at = `/sobjects/Account/${made.json.id}`;
  expect((await ask(`${at}?fields=Name,AnnualRevenue`)).json).toEqual({
    attributes: { type: "Account", url: `/services/data/v66.0${at}` },
    Name: "Acme",
    AnnualRevenue: 12.5,
  });
  const who = await ask(soql("SELECT CreatedBy.Username FROM Account"));
  expect(who.json.records).toMatchObject([{ CreatedBy: { Username: "integration@sandbox.example" } }]);
  salesforce.clock.advance(60);
  expect((await ask(at, patch({ Name: "Beta" }))).status).toBe(204);
  const { json } = await ask(at);
  expect(json).toMatchObject({
    Name: "Beta",
    CreatedDate: "2026-10-05T09:00:00.000+0000",
    SystemModstamp: "2026-10-05T09:01:00.000+0000",
  });
  expect((await ask(at, { method: "DELETE" })).status).toBe(204);
  expect([(await ask(at)).json[0].errorCode, (await ask(`${at}x`)).status]).toEqual(["ENTITY_IS_DELETED", 404]);
  expect((await ask(soql("SELECT Id FROM Account WHERE IsDeleted = true", true))).json.totalSize).toBe(1);
});

test.each([
  [{ AnnualRevenue: 1 }, "REQUIRED_FIELD_MISSING"],
  [{ Name: "a", Nope: 1 }, "INVALID_FIELD"],
  [{ Name: "a", SystemModstamp: "2026-10-05T09:00:00Z" }, "INVALID_FIELD_FOR_INSERT_UPDATE"],
  [{ Name: "a", AnnualRevenue: "much" }, "INVALID_FIELD"],
])("%o is no account: %s", async (fields, errorCode) => {
  const ask = await signedIn(await simulated());
  expect((await ask("/sobjects/Account", post(fields))).json[0].errorCode).toBe(errorCode);
});

test("a row that a transaction holds cannot be changed", async () => {
  const salesforce = await simulated();
  const id = salesforce.books.create("Account", { Name: "a" });
  salesforce.books.begin().update(id, { Name: "b" });
  const ask = await signedIn(salesforce);
  expect((await ask(`/sobjects/Account/${id}`, patch({ Name: "c" }))).json[0].errorCode).toBe("UNABLE_TO_LOCK_ROW");
});

test("describe says of fields what can be known of them", async () => {
  const ask = await signedIn(await simulated({ currencies: ["EUR", "USD"] }));
  const { json } = await ask("/sobjects/Opportunity/describe");
  const field = (name: string) => json.fields.find((one: { name: string }) => one.name === name);
  expect(json).toMatchObject({ name: "Opportunity", keyPrefix: "006", queryable: true, replicateable: true, custom: false });
  expect(field("Amount")).toMatchObject({ type: "currency", precision: 18, scale: 2, nillable: true, calculated: false });
  expect(field("ExpectedRevenue")).toMatchObject({ type: "currency", calculated: true, updateable: false });
  expect(field("AccountId")).toMatchObject({
    type: "reference",
    length: 18,
    referenceTo: ["Account"],
    relationshipName: "Account",
  });
  expect(field("SystemModstamp")).toMatchObject({ type: "datetime", nillable: false, filterable: true });
  expect(field("CurrencyIsoCode").picklistValues.map(({ value }: { value: string }) => value)).toEqual(["EUR", "USD"]);
  const account = (await ask("/sobjects/Account/describe")).json.fields;
  expect(account.filter((one: { compoundFieldName: string }) => one.compoundFieldName === "BillingAddress").length).toBe(4);
  const all = (await ask("/sobjects")).json.sobjects.map((one: { name: string }) => one.name);
  expect(all).toEqual(expect.arrayContaining(["Account", "Usage__c", "CurrencyType", "Organization"]));
  expect((await ask("/sobjects/Nope/describe")).json[0].errorCode).toBe("NOT_FOUND");
});

test("an org of one currency has no field for it, and says what it is", async () => {
  const salesforce = await simulated({ isSandbox: false });
  const ask = await signedIn(salesforce);
  expect((await ask(soql("SELECT CurrencyIsoCode FROM Account"))).json[0].errorCode).toBe("INVALID_FIELD");
  expect((await ask(soql("SELECT IsoCode FROM CurrencyType"))).json[0].errorCode).toBe("INVALID_TYPE");
  const { json } = await ask(soql("SELECT Id, IsSandbox FROM Organization"));
  expect(json.records).toMatchObject([{ Id: salesforce.orgId, IsSandbox: false }]);
});
