import { expect, test } from "vitest";
import type { RunEvent } from "../../../src/run/events.ts";
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

const OPTIONAL = "required: false\n    gates: { valid_share: 0.9, sample: 10 }";
const bad = (count: number) => file(...Array.from({ length: count }, (_, i) => [`bad${i}`, "-1.00"] as const));
const leftOut = (ended: Parameters<typeof gatesOf>[0]) => gatesOf(ended, "left_out").map((g) => g.observed);

test("a file by which its feed is left out can be rejected: the next run publishes the others, and takes it once it is corrected", async () => {
  await using partners = await openPartnersHouse(OPTIONAL);
  partners.put(ONE, bad(60));
  partners.put(TWO, file(["r2", "5.00"]));
  const [why = "", ...others] = leftOut(await partners.run());
  expect([why, others]).toEqual([expect.stringContaining("valid_share/partners.remittances"), []]);
  expect(why).toMatch(/`ledgerloop files --feed partners\.remittances` .*`ledgerloop files reject PATH --reason "…"`/);
  expect([await partners.published(), await partners.states()]).toEqual([[], {}]);
  await expect(partners.decide("accept", ONE)).rejects.toThrow(
    /is new \(nothing of it is published: \d+ bytes, .*\): there is nothing to accept\n {2}next: .*`ledgerloop files reject /,
  );
  expect(await partners.decide("reject", ONE)).toMatchObject({ part: { state: "new", published: null } });
  expect(leftOut(await partners.run(at("08:00")))).toEqual([]);
  expect(await partners.published()).toEqual([`r2 5.00 ${TWO}`]);
  expect(await partners.states()).toEqual({ [ONE]: "rejected", [TWO]: "in_force" });
  partners.put(ONE, file(["r1", "10.00"]), at("08:30"));
  expectEnded(await partners.run(at("09:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 5.00 ${TWO}`]);
});

test("other content of a file, by which its feed is left out, is rejected as it lies there: what was published stays", async () => {
  await using partners = await openPartnersHouse(OPTIONAL);
  partners.put(ONE, file(["r1", "10.00"]));
  expectEnded(await partners.run(), "published");
  partners.put(ONE, bad(60), at("07:30"));
  partners.put(TWO, file(["r2", "5.00"]), at("07:30"));
  expect(leftOut(await partners.run(at("08:00")))).toHaveLength(1);
  expect(await partners.decide("reject", ONE)).toMatchObject({ part: { state: "changed", sha256: "" } });
  expect(leftOut(await partners.run(at("09:00")))).toEqual([]);
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 5.00 ${TWO}`]);
  const [rejected] = await partners.house.query(
    `select json_extract_string(state_value, '$.sha256') as sha256 from ops.adapter_state where json_extract_string(state_value, '$.state') = 'rejected'`,
  );
  expect(rejected).toEqual({ sha256: "" });
});

test("bytes that a run landed before its end are not used again once somebody rejected a file of them", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(["r1", "10.00"]));
  partners.put(TWO, file(["r2", "5.00"]));
  const emit = (event: RunEvent) => {
    if (event.event === "stage-started" && event.stage === "judge") throw new Error("the process died here");
  };
  await expect(partners.house.run({}, { emit, clock: { now: () => at("07:00") } })).rejects.toThrow("died");
  await partners.decide("reject", ONE);
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.published()).toEqual([`r2 5.00 ${TWO}`]);
});

test("ops.source_file tells what runs found a file to be, and who decided what about it", async () => {
  await using partners = await openPartnersHouse();
  partners.put(NORTH, north(2));
  partners.put(ONE, file(["r1", "10.00"]));
  partners.put(TWO, file(["r1", "10.00"]));
  expectEnded(await partners.run(), "published");
  await partners.decide("accept", NORTH, { clock: { now: () => at("07:30") } });
  expectEnded(await partners.run(at("08:00")), "published");
  const story = await partners.house.query(
    "select path, event, state, why, copy_of, length(sha256) as hash, reason from ops.source_file order by path, happened_at",
  );
  const said = { why: null, copy_of: null, hash: "64", reason: null };
  expect(story).toEqual(
    [
      { ...said, path: ONE, event: "found", state: "in_force" },
      { ...said, path: NORTH, event: "found", state: "stopped", why: "trailer" },
      { ...said, path: NORTH, event: "part.accepted", state: null, hash: null, reason: "test" },
      { ...said, path: NORTH, event: "found", state: "in_force" },
      { ...said, path: TWO, event: "found", state: "duplicate", copy_of: ONE },
    ].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
  );
  const versions = await partners.house.query(`select count(distinct version) as n from ops.source_file where path = '${NORTH}'`);
  expect(versions).toEqual([{ n: "1" }]);
});

test("a decision that no run has followed is taken back by a rejection", async () => {
  await using partners = await openPartnersHouse("required: false\n    gates: { valid_share: 0.9, sample: 1 }");
  partners.put(ONE, file(["r1", "-10.00"]));
  partners.put(TWO, file(["r2", "10.00"]));
  expect(gatesOf(await partners.run(), "left_out")).toHaveLength(1);
  await expect(partners.decide("retry", ONE)).rejects.toThrow();
  partners.put(NORTH, north(2));
  partners.remove(ONE);
  expectEnded(await partners.run(at("08:00")), "published");
  await partners.decide("accept", NORTH, { clock: { now: () => at("08:10") } });
  await partners.decide("reject", NORTH, { clock: { now: () => at("08:20") } });
  expectEnded(await partners.run(at("09:00")), "published");
  expect((await partners.states())[NORTH]).toBe("rejected");
  await partners.decide("retry", NORTH, { clock: { now: () => at("09:10") } });
  await partners.decide("reject", NORTH, { clock: { now: () => at("09:20") } });
  await expect(partners.decide("reject", NORTH, { clock: { now: () => at("09:30") } })).rejects.toThrow("rejected");
  expectEnded(await partners.run(at("10:00")), "published");
  expect((await partners.states())[NORTH]).toBe("rejected");
});
