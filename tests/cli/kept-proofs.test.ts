import { beforeAll, expect, test } from "vitest";
import type { ReconcileDocument } from "../../src/documents/proof.ts";
import type { RolledUpDocument } from "../../src/documents/rolled-up.ts";
import { changeByHand } from "../support/by-hand.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { emptyPlace, type ProgramPlace, ROWS, SETTLED } from "./small-run.ts";

const shapes = documentedShapes();

let place: ProgramPlace;

beforeAll(async () => {
  place = await emptyPlace();
  const client = await place.billing.client();
  await client.query(`${ROWS};${SETTLED}`);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run")).code).toBe(0);
  return () => place[Symbol.asyncDispose]();
});

const byHand = (...statements: readonly string[]) => changeByHand(place.folder, statements);

async function reconciled(...args: string[]) {
  const { document } = await place.json("reconcile", "run", ...args);
  return (document as ReconcileDocument).groups.flatMap((group) => group.proofs);
}

test("what was kept is rolled up by day and by what was compared, and its hashes tell when a row of it is another one", async () => {
  const rolled = async () => {
    const { code, document } = await place.json("reconcile", "proofs");
    expect([code, misfits(shapes.get("reconcile proofs") ?? "null", document)]).toEqual([0, []]);
    return document as RolledUpDocument;
  };
  await reconciled();
  await reconciled("--feed", "invoice", "--leg", "R2");
  const first = await rolled();
  expect(await rolled()).toEqual(first);
  const all = first.days.flatMap((day) => [day, ...day.subjects]);
  expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(all.length);
  const [kept] = (await place.json("query", "select count(*) as n from ops.proof")).document as { n: string }[];
  expect(first.days.reduce((sum, { made }) => sum + made, 0)).toBe(Number(kept?.n));
  const differing = "update ops.proof set differing = differing";
  const one = "proof_id = (select max(proof_id) from ops.proof where subject = 'invoice')";
  await byHand(`${differing} + 1 where ${one}`);
  const changed = await rolled();
  const others = (now: RolledUpDocument) =>
    now.days.flatMap(({ subjects }) => subjects.filter(({ sha256 }) => !all.some((was) => was.sha256 === sha256)));
  expect(others(changed).map(({ of }) => of)).toEqual(["invoice"]);
  expect(changed.days.filter(({ sha256 }) => !all.some((was) => was.sha256 === sha256))).toHaveLength(1);
  await byHand(`${differing} - 1 where ${one}`);
  expect(await rolled()).toEqual(first);
  const { out } = await place.ledgerloop("reconcile", "proofs", "--feed", "invoice");
  expect(out).toContain(first.days[0]?.subjects.find(({ of }) => of === "invoice")?.sha256.slice(0, 16));
  expect(out).not.toContain("customer");
  const own = (await place.json("reconcile", "proofs", "--feed", "invoice")).document as RolledUpDocument;
  expect(own.days.flatMap(({ subjects }) => subjects.map(({ of }) => of))).toEqual(own.days.map(() => "invoice"));
  const late = await place.ledgerloop("reconcile", "proofs", "--since", "9999-12-31T23:59:00-05:00");
  expect([late.code, late.err]).toEqual([2, expect.stringContaining("an instant is a date")]);
  const none = await place.ledgerloop("reconcile", "proofs", "--since", "2999-01-01");
  expect(none.out).toBe("no comparison was kept since 2999-01-01; next: `ledgerloop reconcile run`\n");
});

test("of a comparison it is kept by which contract rows were held, and a hash of the statements that were sent for it", async () => {
  const made = async (of: string) => {
    const proofs = await reconciled("--feed", of);
    const ids = proofs.map(({ proof_id }) => `'${proof_id}'`).join(", ");
    const { document } = await place.json("query", `select detail from ops.proof where proof_id in (${ids})`);
    return (document as { detail: string }[]).map(({ detail }) => JSON.parse(detail) as { spec?: string; statements?: object });
  };
  const [source, table, again] = [await made("billing.invoices"), await made("invoice"), await made("invoice")];
  expect(source.map(({ spec }) => spec)).toEqual(source.map(() => expect.stringMatching(/^LLH2\|\S+\.v\d/)));
  const statements = { count: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) };
  expect([...source, ...table].map((one) => one.statements)).toEqual([...source, ...table].map(() => statements));
  // Of a table the same was asked, word for word.
  expect(again.map((one) => one.statements)).toEqual(table.map((one) => one.statements));
});
