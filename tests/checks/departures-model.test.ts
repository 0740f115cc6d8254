import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import type { Desk, Row } from "../support/desk.ts";
import { landedBreaks } from "../support/landed-proofs.ts";
import { broken, deleteOf, filed, hourOf, orphaned, scopedDesk, vanishedIn } from "../support/scoped-desk.ts";

/** A row of a file: `bad` breaks a rule, `orphan` lacks its parent for ever. */
interface Filed {
  readonly id: number;
  readonly scope: string;
  readonly v: number;
  readonly kind: "good" | "bad" | "orphan";
}

/** What one hour shows, or the earlier hour whose rows it shows again. */
interface Shown {
  readonly rows: readonly Filed[];
  readonly complete: readonly string[];
  readonly deletes: readonly { readonly id: number; readonly v: number }[];
  readonly replay: number | null;
}

/** What is known of one key. */
interface Known {
  row?: Filed & { seq: number };
  live: boolean;
  waits?: Filed & { seq: number };
}

const same = (a: Filed | undefined, b: Filed) => a?.v === b.v && a.kind === b.kind;

/** The rules of `docs/concepts.md` once more, a key at a time. */
class Model {
  readonly keys = new Map<number, Known>();
  vanished = 0;

  of(id: number): Known {
    const known = this.keys.get(id) ?? { live: false };
    this.keys.set(id, known);
    return known;
  }

  play(hour: Shown, seq: number): void {
    this.vanished = 0;
    const ids = new Set([...this.keys.keys(), ...hour.rows.map((row) => row.id)]);
    for (const id of ids) this.playKey(id, { hour, seq });
  }

  private playKey(id: number, { hour, seq }: { hour: Shown; seq: number }): void {
    const known = this.of(id);
    const row = hour.rows.find((r) => r.id === id);
    const stamps = hour.deletes.filter((d) => d.id === id).map((d) => d.v);
    const stamp = stamps.length === 0 ? null : Math.max(...stamps);
    const newest = Math.max(known.live ? (known.row?.v ?? 0) : 0, known.waits?.v ?? 0, row?.v ?? 0);
    // What an earlier hour says was deleted stops its own rows only.
    if (stamp !== null && newest <= stamp && hour.replay !== null) return;
    if (stamp !== null && newest <= stamp) this.remove(known, seq);
    else if (row) this.take(known, row, { seq, isReplay: hour.replay !== null });
    else this.miss(known, hour.complete, seq);
  }

  private remove(known: Known, seq: number): void {
    if (known.live && known.row) {
      known.row = { ...known.row, seq };
      known.live = false;
      this.vanished += 1;
    }
    delete known.waits;
  }

  private take(known: Known, row: Filed, { seq, isReplay }: { seq: number; isReplay: boolean }): void {
    const { row: staged, live, waits } = known;
    const isUnchanged = live && same(staged, row);
    const older =
      (staged !== undefined && !same(staged, row) && (staged.v > row.v || staged.seq > seq)) ||
      (staged !== undefined && !live && staged.seq >= seq) ||
      (waits !== undefined && (waits.seq > seq || waits.v > row.v));
    if (older && !isUnchanged) return;
    const moved = live && staged && !isReplay ? { ...staged, scope: row.scope } : staged;
    if (moved) known.row = moved;
    if (!isUnchanged && row.kind !== "good") {
      if (!(same(waits, row) && waits?.scope === row.scope)) known.waits = { ...row, seq };
      return;
    }
    if (!isUnchanged) known.row = { ...row, seq };
    known.live = true;
    delete known.waits;
  }

  private miss(known: Known, complete: readonly string[], seq: number): void {
    const isGone = (row: Filed | undefined) => row !== undefined && complete.includes(row.scope);
    const waitsElsewhere = known.waits !== undefined && !isGone(known.waits);
    if (isGone(known.waits)) delete known.waits;
    if (!known.live || !known.row || !isGone(known.row) || waitsElsewhere) return;
    known.row = { ...known.row, seq };
    known.live = false;
    this.vanished += 1;
  }

  state() {
    const known = [...this.keys].sort(([a], [b]) => a - b);
    return {
      staged: known.flatMap(([id, { row, live }]) => (row ? [`${id} v${row.v} ${live ? row.scope : "gone"} #${row.seq}`] : [])),
      open: known.flatMap(([id, { waits }]) => (waits ? [`${id} v${waits.v} ${waits.scope}`] : [])),
    };
  }
}

async function stateOf(desk: Desk) {
  const staged = await desk.query(
    "select id || ' v' || memo || ' ' || case when _deleted_at is null then _scope else 'gone' end || ' #' || _seq as s from staging.app_entries__rows order by id",
  );
  const open = await desk.query(
    "select source_key || ' v' || version || ' ' || scope as o from ops.open_quarantine order by cast(source_key as int)",
  );
  return { staged: staged.map((row) => row["s"]), open: open.map((row) => row["o"]) };
}

const SCOPES = ["a", "b", "c"];
const scope = fc.constantFrom(...SCOPES);
const id = fc.integer({ min: 1, max: 5 });
const v = fc.integer({ min: 1, max: 4 });
const kind = fc.constantFrom("good" as const, "good" as const, "bad" as const, "orphan" as const);
const rows = fc.uniqueArray(fc.record({ id, scope, v, kind }), { selector: (row) => row.id, maxLength: 5 });

const anyHour: fc.Arbitrary<Shown> = fc.record({
  rows,
  complete: fc.subarray(SCOPES),
  deletes: fc.array(fc.record({ id, v }), { maxLength: 2 }),
  // Now and then an earlier hour is replayed: the first, the second, …
  replay: fc.option(fc.nat(3), { freq: 4, nil: null }),
});

const MADE = { good: filed, bad: broken, orphan: orphaned } as const;
const asRow = (row: Filed): Row => MADE[row.kind](row.id, row.scope, row.v);

/** The hours as they are played: a replay shows the rows and deletes of its hour, and says nothing else. */
function withReplays(hours: readonly Shown[]): Shown[] {
  return hours.map((hour, i) => {
    const of = hour.replay === null || hour.replay >= i ? null : hour.replay;
    const replayed = of === null ? undefined : hours[of];
    if (!replayed || replayed.replay !== null) return { ...hour, replay: null };
    return { rows: replayed.rows, complete: [], deletes: replayed.deletes, replay: of };
  });
}

test("hours of files with complete scopes, deletes and replays leave what a model of single keys says", async () => {
  const runs = { numRuns: cases(4) };
  const hours = fc.array(anyHour, { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(hours, async (generated) => {
      await using desk = await scopedDesk();
      const model = new Model();
      for (const [i, hour] of withReplays(generated).entries()) {
        // The hour that brought the account was the first, so hour i has sequence i + 2.
        const seq = (hour.replay ?? i) + 2;
        const deletes = hour.deletes.map((d) => deleteOf(d.id, d.v));
        const replay = hour.replay === null ? {} : { replayOf: `b_${seq}`, seq: BigInt(seq) };
        const played = await desk.play(hourOf(hour.rows.map(asRow), { complete: hour.complete, deletes, ...replay }));
        expect(played.outcome.outcome).toBe("published");
        model.play(hour, seq);
        expect(await stateOf(desk)).toEqual(model.state());
        expect(vanishedIn(played)).toBe(BigInt(model.vanished));
      }
      expect(await landedBreaks(desk)).toEqual([]);
    }),
    runs,
  );
});
