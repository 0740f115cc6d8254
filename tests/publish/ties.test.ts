import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { bankHour, movementOf, orderOf } from "../support/bank-hours.ts";
import { openDesk, type Played } from "../support/desk.ts";

/** What the one ties rule of the fixture says of an hour. */
function tiesOf({ outcome }: Played) {
  const found = outcome.gates.filter(({ name }) => name === "ties");
  expect(found).toMatchObject([{ table: "movement_tie", rule: "orders_tie", limit: "no row differs" }]);
  return { outcome: outcome.outcome, verdict: found[0]?.verdict, observed: found[0]?.observed };
}

const published = (verdict: string, observed: string) => ({ outcome: "published", verdict, observed });

test("what ties passes, what cannot be compared is told with its money by currency, without signs", async () => {
  await using desk = openDesk("bank");
  const tied = bankHour([orderOf({ no: 1, moved: "m1" })], [movementOf({ id: "m1", no: 1 })]);
  expect(tiesOf(await desk.play(tied))).toEqual(published("pass", "tied 1 · differs 0 · waiting 0 · absent 0"));
  const others = bankHour(
    [orderOf({ no: 2, moved: "m2", currency: "JPY" }), orderOf({ no: 3, moved: "m3", currency: "EUR" })],
    [
      movementOf({ id: "m2", no: 2, amount: 80 }),
      movementOf({ id: "m3", no: 3, amount: 120, currency: "JPY" }),
      movementOf({ id: "m4", amount: -5 }),
      movementOf({ id: "m5", amount: 5, currency: "XTS" }),
      movementOf({ id: "m6", no: 6, amount: -7 }),
    ],
  );
  expect(tiesOf(await desk.play(others))).toEqual(
    published(
      "warn",
      "tied 1 · differs 0 · waiting 0 · absent 1 (0.07 EUR) · - 2 (0.05 EUR, 5 minor units of XTS) · exchanged 2 (0.80 EUR, 120 JPY)",
    ),
  );
});

test("a row whose other side waits is told as waiting while it waits, in hours that change nothing too", async () => {
  await using desk = openDesk("bank");
  const bad = { ...orderOf({ no: 1, moved: "m1" }), amount: -1 };
  const waits = published("warn", "tied 0 · differs 0 · waiting 1 (1.00 EUR) · absent 0");
  expect(tiesOf(await desk.play(bankHour([bad], [movementOf({ id: "m1", no: 1 })])))).toEqual(waits);
  expect(tiesOf(await desk.play(bankHour([], [])))).toEqual(waits);
  expect(tiesOf(await desk.play(bankHour([orderOf({ no: 1, moved: "m1", v: 2 })], [])))).toEqual(
    published("pass", "tied 1 · differs 0 · waiting 0 · absent 0"),
  );
});

test("rows that differ stop the publication, and the first of them are named", async () => {
  await using desk = openDesk("bank");
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  const wrong = bankHour(
    numbers.map((no) => orderOf({ no, moved: `m${no}` })),
    numbers.map((no) => movementOf({ id: `m${no}`, no, amount: no === 7 ? 100 : 101 })),
  );
  expect(tiesOf(await desk.play(wrong))).toEqual({
    outcome: "blocked",
    verdict: "fail",
    observed: "tied 1 · differs 6 (6.06 EUR) · waiting 0 · absent 0; m1, m2, m3, m4, m5 and 1 more",
  });
  expect(await desk.query("select count(*) as n from curated.movement_tie")).toEqual([{ n: "0" }]);
});

/** The fixture with another severity, or a key that is personal. */
function changed(change: { severity?: "warn"; pii?: boolean }): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => {
    const models = [...pipeline.models].map(([name, model]) => {
      const rules = model.contract.rules.map((rule) =>
        rule.kind === "ties" && change.severity ? { ...rule, severity: change.severity } : rule,
      );
      const columns = model.contract.columns.map((c) => ({ ...c, pii: change.pii === true && c.name === "movement_id" }));
      return [name, { ...model, contract: { ...model.contract, rules, columns } }] as const;
    });
    return { ...pipeline, models: new Map(models) };
  };
}

test("a rule that is a warning publishes rows that differ; personal keys are masked", async () => {
  await using desk = openDesk("bank");
  const hour = bankHour([orderOf({ no: 1, moved: "m1" })], [movementOf({ id: "m1", no: 1, amount: 99 })]);
  const played = await desk.play({ ...hour, adjust: changed({ severity: "warn", pii: true }) });
  expect(tiesOf(played)).toEqual(published("warn", "tied 0 · differs 1 (0.99 EUR) · waiting 0 · absent 0; •••"));
});

test("a rule that cannot run stops the publication", async () => {
  await using desk = openDesk("bank");
  const lost = (pipeline: Pipeline): Pipeline => {
    const models = [...pipeline.models].map(([name, model]) => {
      const rules = model.contract.rules.map((rule) => (rule.kind === "ties" ? { ...rule, state: "nowhere" } : rule));
      return [name, { ...model, contract: { ...model.contract, rules } }] as const;
    });
    return { ...pipeline, models: new Map(models) };
  };
  const { outcome } = await desk.play({ ...bankHour([], [movementOf({ id: "m1" })]), adjust: lost });
  expect(outcome.outcome).toBe("blocked");
  expect(outcome.gates.filter(({ name }) => name === "ties")).toMatchObject([{ verdict: "error", limit: "must run" }]);
});
