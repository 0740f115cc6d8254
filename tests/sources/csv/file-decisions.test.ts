import { expect, test } from "vitest";
import { at, openPartnersHouse } from "../../support/partners-house.ts";
import { expectEnded, gatesOf } from "../conformance-subject.ts";

const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const file = (...rows: readonly (readonly [id: string, amount: string])[]) =>
  HEAD + rows.map(([id, amount]) => `${id},I-${id},${amount},EUR,2026-05-11\n`).join("");
const [ONE, TWO] = ["remittances/acme/2026-05-11.csv", "remittances/acme/2026-05-12.csv"];
const NORTH = "remittances/north/2026-05-11.csv";
const north = (count: number) => `Beleg;Rechnung;Betrag;Bezahlt am\nn1;I-1;10,50;11.05.2026\nSumme;${count};10,50;\n`;

test("a file that comes again waits where the feed says so; accepted it replaces, once, and rejected it is left", async () => {
  await using partners = await openPartnersHouse("redelivery: hold");
  partners.put(ONE, file(["r1", "10.00"]));
  expectEnded(await partners.run(), "published");
  partners.put(ONE, file(["r1", "12.00"]), at("07:30"));
  const held = await partners.run(at("08:00"));
  expect(gatesOf(held, "files_held").map((g) => g.observed)).toEqual([
    `1 file came again with other content and wait for somebody: ${ONE}`,
  ]);
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
  await partners.decide("accept", ONE);
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
  expect(gatesOf(await partners.run(at("09:00")), "files_held")).toEqual([]);
  expect(await partners.published()).toEqual([`r1 12.00 ${ONE}`]);
  partners.put(ONE, file(["r1", "13.00"]), at("09:30"));
  expectEnded(await partners.run(at("10:00")), "published");
  await partners.decide("reject", ONE);
  expect(gatesOf(await partners.run(at("11:00")), "files_held")).toEqual([]);
  expect(await partners.published()).toEqual([`r1 12.00 ${ONE}`]);
  expect(await partners.states()).toEqual({ [ONE]: "rejected" });
  expect(
    await partners.house.query("select event, actor, reason from ops.audit_event where event like 'part.%' order by 1"),
  ).toEqual([
    { event: "part.accepted", actor: "tester", reason: "test" },
    { event: "part.rejected", actor: "tester", reason: "test" },
  ]);
});

test("a copy that is accepted is published beside its original", async () => {
  await using partners = await openPartnersHouse("source_key: [remittance_id]");
  partners.put(ONE, file(["r1", "10.00"]));
  expectEnded(await partners.run(), "published");
  partners.put(TWO, file(["r1", "10.00"]));
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
  await partners.decide("accept", TWO);
  expectEnded(await partners.run(at("09:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${TWO}`]);
});

test("a trailer that is wrong can be accepted, by somebody and for that version; nobody counts then", async () => {
  await using partners = await openPartnersHouse();
  partners.put(NORTH, north(2));
  const stopped = await partners.run();
  expect(gatesOf(stopped, "files_stopped")).toHaveLength(1);
  await partners.decide("accept", NORTH);
  const ended = await partners.run(at("08:00"));
  expectEnded(ended, "published");
  expect(gatesOf(ended, "control_totals").map((g) => g.limit)).toEqual(["reported: nobody counted"]);
  expect(await partners.published()).toEqual([`n1 10.50 ${NORTH}`]);
  partners.put(NORTH, north(3), at("08:30"));
  expect(gatesOf(await partners.run(at("09:00")), "files_stopped")).toHaveLength(1);
});

test("what nobody can know better is not accepted: the layout has to be corrected", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, "remittance,amount\nr1,10.00\n");
  expectEnded(await partners.run(), "published");
  await expect(partners.decide("accept", ONE)).rejects.toThrow(/nothing to accept\n {2}next: send the agreed columns/);
  await expect(partners.decide("accept", TWO)).rejects.toThrow(/no run has looked at a file/);
  await partners.decide("retry", ONE);
  const again = await partners.run(at("08:00"));
  expect(gatesOf(again, "files_stopped")).toHaveLength(1);
  const changes = await partners.house.query("select count(*) as n from ops.adapter_state");
  expect(changes).toEqual([{ n: "2" }]);
  expectEnded(await partners.run(at("09:00")), "published");
  expect(await partners.house.query("select count(*) as n from ops.adapter_state")).toEqual(changes);
});

test("a decision about a version says nothing of the next one", async () => {
  await using partners = await openPartnersHouse("redelivery: hold");
  partners.put(ONE, file(["r1", "10.00"]));
  expectEnded(await partners.run(), "published");
  partners.put(ONE, file(["r1", "12.00"]), at("07:30"));
  expectEnded(await partners.run(at("08:00")), "published");
  await partners.decide("accept", ONE);
  partners.put(ONE, file(["r1", "99.00"]), at("08:30"));
  expect(gatesOf(await partners.run(at("09:00")), "files_held")).toHaveLength(1);
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
});
