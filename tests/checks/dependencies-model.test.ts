import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import { dependency, dependentDesk, observedOf, playEntries } from "../support/dependencies.ts";
import type { Row } from "../support/desk.ts";
import { entry } from "../support/desk-rows.ts";
import { classesIn, ENTRIES } from "../support/scoped-desk.ts";

/** A row of the model: `bad` breaks another rule, `orphan` lacks its parent for ever. */
interface Said {
  readonly id: number;
  readonly currency: string;
  readonly memo: string | null;
  readonly kind: "good" | "bad" | "orphan";
}

interface Shown {
  readonly rows: readonly Said[];
  readonly whole: boolean;
}

/** One rule of the model. */
interface Rule {
  readonly by: (row: Said) => string | null;
  readonly value: (row: Said) => string | null;
  readonly majority: boolean;
}

const same = (a: Said | undefined, b: Said) => a?.currency === b.currency && a.memo === b.memo && a.kind === b.kind;

/** Which rows of a group break a rule, written without a thought of how it is asked of an engine. */
function breaks(rule: Rule, row: Said, compared: readonly Said[]): boolean {
  const key = rule.by(row);
  if (key === null) return false;
  const group = compared.filter((other) => rule.by(other) === key);
  const like = (value: string | null) => group.filter((other) => rule.value(other) === value).length;
  if (like(rule.value(row)) === group.length) return false;
  return !rule.majority || 2 * like(rule.value(row)) <= group.length;
}

/** Single source keys, as `docs/concepts.md` says. */
class Model {
  readonly live = new Map<number, Said>();
  readonly held = new Map<number, Said>();
  private readonly known = new Set<number>();

  /** Plays an hour; `[0]` quarantines, `[1]` warns. */
  play({ rows, whole }: Shown, rules: readonly [Rule, Rule]) {
    const here = new Set(rows.map(({ id }) => id));
    const stays = (id: number) => here.has(id) || !whole;
    const waits = [...this.held.values()].filter(({ id }) => !here.has(id) && stays(id));
    const standing = [...rows.filter((row) => row.kind !== "bad" || same(this.live.get(row.id), row)), ...waits];
    const others = [...this.live.values()].filter(({ id }) => stays(id) && standing.every((row) => row.id !== id));
    const compared = [...standing, ...others];
    const broken = rules.map((rule) => standing.filter((row) => breaks(rule, row, compared)));
    const classes = rows.map((row) => this.classOf(row, broken[0]?.includes(row) ?? false));
    const observed = rules.map((rule, i) => {
      const found = rows.flatMap((row, k) => (broken[i]?.includes(row) ? [{ by: rule.by(row), is: classes[k] }] : []));
      const judged = found.filter(({ is }) => is !== "unchanged");
      const published = found.length - judged.length;
      return `${new Set(judged.map(({ by }) => by)).size} groups, ${judged.length} rows${published > 0 ? `, published_breaking ${published}` : ""}`;
    });
    for (const id of [...this.live.keys()]) if (!stays(id)) this.live.delete(id);
    for (const [id, row] of [...this.held])
      if (here.has(id) || !stays(id) || (broken[0] ?? []).includes(row)) this.held.delete(id);
    for (const [k, row] of rows.entries()) this.take(row, classes[k] ?? "");
    return { classes, observed };
  }

  private classOf(row: Said, isBroken: boolean): string {
    if (same(this.live.get(row.id), row)) return "unchanged";
    if (row.kind === "bad" || isBroken) return "quarantined";
    if (row.kind === "orphan") return "held";
    return this.known.has(row.id) ? "updated" : "inserted";
  }

  private take(row: Said, is: string): void {
    if (is === "held") this.held.set(row.id, row);
    if (is !== "inserted" && is !== "updated") return;
    this.live.set(row.id, row);
    this.known.add(row.id);
  }
}

const MORE: Readonly<Record<Said["kind"], Row>> = { good: {}, bad: { amount: -1 }, orphan: { account_id: "Z" } };
const asRow = ({ id, currency, memo, kind }: Said): Row => entry(id, `e${id}`, { currency, memo, ...MORE[kind] });

const anyRow: fc.Arbitrary<Said> = fc.record({
  id: fc.integer({ min: 1, max: 7 }),
  currency: fc.constantFrom("USD", "USD", "EUR"),
  memo: fc.constantFrom("a", "a", "b", null),
  kind: fc.constantFrom("good" as const, "good" as const, "good" as const, "bad" as const, "orphan" as const),
});

const anyHour: fc.Arbitrary<Shown> = fc.record({
  rows: fc.uniqueArray(anyRow, { selector: ({ id }) => id, maxLength: 6 }),
  whole: fc.constantFrom(false, false, true),
});

test("hours of rows that differ give the classes and counts that a model of single rows says", async () => {
  const hours = fc.array(anyHour, { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(hours, fc.boolean(), async (generated, majority) => {
      const rules = [
        { by: ({ currency }: Said) => currency, value: ({ memo }: Said) => memo, majority },
        { by: ({ memo }: Said) => memo, value: ({ currency }: Said) => currency, majority: !majority },
      ] as const;
      const told = dependency({
        ...{ id: "told", determinants: ["memo"], determines: ["currency"] },
        ...{ severity: "warn", majority: !majority },
      });
      await using desk = await dependentDesk(dependency({ majority }), told);
      const model = new Model();
      for (const { rows, whole } of generated) {
        const played = await playEntries(desk, rows.map(asRow), whole ? { whole: [ENTRIES] } : {});
        const { classes, observed } = model.play({ rows, whole }, rules);
        expect(classesIn(played)).toEqual(classes);
        expect([observedOf(played), observedOf(played, "told")].map((text) => text.replace(/^\w+ /, ""))).toEqual(observed);
        const held = await desk.query("select source_key as id from ops.open_quarantine where kind = 'held' order by 1");
        expect(held.map(({ id }) => id)).toEqual([...model.held.keys()].sort().map(String));
      }
    }),
    { numRuns: cases(4) },
  );
});
