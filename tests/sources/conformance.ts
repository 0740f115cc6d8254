import { describe, expect, test } from "vitest";
import type { Source } from "../../src/config/pipeline.ts";
import type { Timer } from "../../src/kernel/clock.ts";
import { dumpStore } from "../../src/store/dump.ts";
import { checkPublished } from "../../src/upkeep/deep-check.ts";
import { aroundWarehouse, atMoment } from "../support/fuse.ts";
import { abilityConformance } from "./conformance-abilities.ts";
import {
  type Abilities,
  account,
  adjusted,
  atFirstFile,
  entry,
  expectEnded,
  expectPublished,
  gatesOf,
  Killed,
  published,
  type Subject,
  startedBy,
  testOf,
  WINDOW,
  withOptional,
  withSource,
} from "./conformance-subject.ts";

/** Every kind of source passes this: what is at the source comes in once, whatever breaks off, and nothing else does. */
export function sourceConformance(kind: string, open: () => Promise<Subject>, can: Abilities): void {
  const started = () => startedBy(open);

  describe(`a source of kind ${kind}`, () => {
    test("what it has is published, then what changed; an hour without changes publishes too", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      expectEnded(await house.run(), "published");
      await expectPublished(house, truth);
      await truth.put("entries", [entry(2, { amount: 250, memo: "new" }), entry(7), entry(8)]);
      await truth.put("accounts", [account(4)]);
      expectEnded(await house.run(), "published");
      await expectPublished(house, truth);
      const quiet = await house.run();
      expectEnded(quiet, "published");
      await expectPublished(house, truth);
      const [of] = await house.query("select count(*) as n from ops.publication");
      expect(of).toEqual({ n: "3" });
    });

    test("every publication says how far each feed goes; the cursor moves with it and with nothing else", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await truth.put("entries", [entry(9)]);
      await house.run();
      const rows = await house.query(
        "select feed, number, cursor_kind is not null as moved, as_of is not null as known from ops.feed_horizon order by all",
      );
      expect(rows).toEqual(
        ["app.accounts", "app.entries"].flatMap((feed) =>
          ["1", "2"].map((number) => ({ feed, number, moved: "true", known: "true" })),
        ),
      );
      const before = await house.query("select * from ops.feed_horizon");
      const other = adjusted(house, (pipeline) => ({
        ...pipeline,
        groups: new Map(
          [...pipeline.groups].map(([name, group]) => [name, { ...group, gates: { ...group.gates, quarantinedMinor: {} } }]),
        ),
      }));
      const away = await subject.goAway();
      expect((await house.run({}, other)).failure?.exitCode).toBeGreaterThan(1);
      await away();
      expect(await house.query("select * from ops.feed_horizon")).toEqual(before);
    });

    test("a run that dies before it publishes and is repeated lands the same rows, or uses them again", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      const dying = atMoment({ kind: "warehouse", what: "publish.fence", at: 1, when: "before" }, () => {
        throw new Killed("killed");
      });
      const warehouse = aroundWarehouse(house.engine.warehouse, dying);
      await expect(house.run({ window: WINDOW }, { warehouse })).rejects.toThrow("killed");
      await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
      const again = await house.run({ window: WINDOW });
      expectEnded(again, "published");
      expect(again.report?.stages.find((s) => s.stage === "extract")?.skipped).toBe("landed before");
      await expectPublished(house, truth);
      expectEnded(await house.run({ window: WINDOW }), "already_published");
    });

    test("a change between two parts of a read is in this run or in the next one, whole", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      const before = { accounts: truth.accounts(), entries: truth.entries() };
      const objects = atFirstFile(house.engine.objects, async () => {
        await truth.put("entries", [entry(3, { amount: 333 }), entry(20)]);
        await truth.put("accounts", [account(5)]);
      });
      expectEnded(await house.run({}, { objects }), "published");
      const first = await published(house);
      const allowed = new Set([...before.entries, ...truth.entries()]);
      expect(first.entries.filter((text) => !allowed.has(text))).toEqual([]);
      expectEnded(await house.run(), "published");
      await expectPublished(house, truth);
    });

    test("what the source no longer has is tombstoned, and comes back when it is there again", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await truth.remove("entries", [2, 4]);
      expectEnded(await house.run(subject.findsRemoved), "published");
      await expectPublished(house, truth);
      await truth.put("entries", [entry(4, { amount: 444 })]);
      expectEnded(await house.run(subject.findsRemoved), "published");
      await expectPublished(house, truth);
    });

    test("a whole read finds what the cursor would not", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await truth.remove("entries", [1]);
      await truth.put("entries", [entry(30)]);
      expectEnded(await house.run({ full: true, reason: "test" }), "published");
      await expectPublished(house, truth);
    });

    testOf(can.columns, "a new column is told and goes on", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await subject.addColumn("accounts", "extra");
      const added = await house.run();
      expectEnded(added, "published");
      expect(gatesOf(added, "drift").map((g) => [g.feed, g.severity, g.verdict])).toEqual([["app.accounts", "warn", "warn"]]);
      await expectPublished(house, truth);
    });

    testOf(can.types, "a column of another type stops", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await subject.retype("entries", "memo");
      const stopped = await house.run();
      expect(stopped.report?.exit_code).toBe(10);
      expect(gatesOf(stopped, "drift").map((g) => [g.feed, g.severity, g.verdict])).toEqual([["app.entries", "block", "fail"]]);
      await expectPublished(house, truth);
    });

    testOf(can.types, "an optional feed that drifts is left out, the others go on", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await truth.put("accounts", [account(6)]);
      await subject.retype("entries", "memo");
      const ended = await house.run({}, adjusted(house, withOptional("entries")));
      expectEnded(ended, "published");
      expect(gatesOf(ended, "stale").map((g) => g.feed)).toEqual(["app.entries"]);
      expect((await published(house)).accounts).toEqual(truth.accounts());
    });

    testOf(can.totals, "totals of its own that are not what it gave: exit 20, nothing is published", async () => {
      const { subject, house } = await started();
      await using _ = subject;
      await subject.lie("entries");
      expect((await house.run()).failure?.exitCode).toBe(20);
      expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
    });

    test("away: exit 40 where a feed is required, else it is left out and comes back later", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await truth.put("entries", [entry(40)]);
      const back = await subject.goAway();
      expect((await house.run()).failure?.exitCode).toBe(40);
      const optional = adjusted(house, withOptional("accounts", "entries"));
      const ended = await house.run({}, optional);
      expectEnded(ended, "published");
      expect(gatesOf(ended, "source").map((g) => g.feed)).toEqual(["app.accounts", "app.entries"]);
      await back();
      expectEnded(await house.run({}, optional), "published");
      await expectPublished(house, truth);
    });

    test("late by its deadline: exit 40 that names it, and nothing is kept", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      // Time is up as soon as the first file is written.
      let up = () => undefined as undefined;
      const timer: Timer = {
        now: () => 0,
        pause: (_ms, signal) =>
          new Promise((resolve, reject) => {
            up = () => void resolve();
            signal?.addEventListener("abort", () => reject(signal.reason));
          }),
      };
      const objects = atFirstFile(house.engine.objects, async () => up());
      const late = { ...adjusted(house, withSource({ deadlineSeconds: 60 })), timer, objects };
      const ended = await house.run({}, late);
      expect(ended.failure?.exitCode).toBe(40);
      expect(ended.failure?.problems[0]?.code).toBe("run.source_late");
      expectEnded(await house.run(), "published");
      await expectPublished(house, truth);
    });

    testOf(can.secrets, "no credential stands in a manifest, the journal, an event, a message or the warehouse", async () => {
      const { subject, house } = await started();
      await using _ = subject;
      await house.run();
      const back = await subject.goAway();
      const { failure } = await house.run();
      await back();
      await subject.lie("entries");
      const lied = await house.run();
      const keys = (await house.engine.objects.list("landing/")).filter((key) => key.endsWith("manifest.json"));
      const manifests = await Promise.all(keys.map((key) => house.engine.objects.getText(key)));
      const ledger: unknown[] = [];
      for (const table of ["batch", "feed_horizon", "publication"]) ledger.push(await house.query(`select * from ops.${table}`));
      const everything = JSON.stringify([
        ...[manifests, await dumpStore(house.store), house.events, ledger],
        ...[failure?.message, failure?.problems, String(failure?.stack), lied.failure?.message],
      ]);
      expect(keys.length).toBeGreaterThan(1);
      expect(subject.secrets.length).toBeGreaterThan(0);
      for (const secret of subject.secrets) expect(everything.includes(secret), "a secret was seen").toBe(false);
    });

    test("what was published can be proved: manifests, bytes, and rows that are derived again from what was received", async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      await truth.put("entries", [entry(2, { amount: 250 }), entry(7)]);
      await house.run({ keys: true });
      const { derivers = [] } = await house.engine.readerOf([...house.pipeline.sources.values()][0] as Source);
      const found = await checkPublished(house.engine, {
        limit: null,
        derivers: new Map([...house.pipeline.sources.keys()].map((id) => [id, derivers])),
        onProgress: () => undefined,
      });
      expect(found.flatMap((f) => f.problems)).toEqual([]);
      expect(found.map((f) => f.state)).toEqual(found.map(() => (derivers.length > 0 ? "derived" : "whole")));
      expect(found).toHaveLength(4);
    });

    abilityConformance(started, can);
  });
}
