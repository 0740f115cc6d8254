import { expect, test } from "vitest";
import { readManifest } from "../../src/landing/manifest.ts";
import type { Engine } from "../../src/run/engine.ts";
import type { SourceReader } from "../../src/sources/source.ts";
import { account, entry } from "../sources/conformance-subject.ts";
import { aroundWarehouse, atMoment } from "../support/fuse.ts";
import { openTwoFolders, type TwoFolders } from "../support/two-folders.ts";

const WINDOW = { start: new Date("2026-11-01T00:00:00Z"), end: new Date("2026-11-01T01:00:00Z") };

class Died extends Error {}

async function filled(declared = {}): Promise<TwoFolders> {
  const folders = await openTwoFolders(declared);
  folders.accounts.put([account(1), account(2)]);
  folders.entries.put([entry(1), entry(2)]);
  return folders;
}

/** Readers of the house, told before each extract. */
function watched({ house }: TwoFolders, before: (source: string, request: Parameters<SourceReader["extract"]>[0]) => unknown) {
  const readerOf: Engine["readerOf"] = async (source) => {
    const reader = await house.engine.readerOf(source);
    return {
      ...reader,
      extract: async (request) => {
        await before(source.id, request);
        return reader.extract(request);
      },
    };
  };
  return { readerOf };
}

/** Everything of the house, but its publish transaction never begins. */
function dying({ house }: TwoFolders) {
  const fuse = atMoment({ kind: "warehouse", what: "publish.fence", at: 1, when: "before" }, () => {
    throw new Died("publish");
  });
  return { warehouse: aroundWarehouse(house.engine.warehouse, fuse) };
}

const released = ({ house }: TwoFolders) => house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");

test("a crash in the second source does not read the first one again", async () => {
  await using folders = await filled();
  const { house } = folders;
  const landedFirst = async () => {
    for (;;) {
      const keys = await house.engine.objects.list("landing/app/accounts/");
      if (keys.some((key) => key.endsWith("manifest.json"))) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const crashing = watched(folders, async (source) => {
    if (source !== "late") return;
    await landedFirst();
    throw new Died("late");
  });
  await expect(house.run({ window: WINDOW }, crashing)).rejects.toThrow(Died);
  await released(folders);
  const asked: string[] = [];
  const ended = await house.run(
    { window: WINDOW },
    watched(folders, (source) => asked.push(source)),
  );
  expect(ended.report?.outcome).toBe("published");
  expect(asked).toEqual(["late"]);
  expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "2" }]);
});

test("sources are read side by side: neither waits for the other's end", async () => {
  await using folders = await filled();
  const begun = new Map<string, () => void>();
  const both = ["app", "late"].map((source) => new Promise<void>((resolve) => begun.set(source, resolve)));
  const meeting = watched(folders, async (source) => {
    begun.get(source)?.();
    await Promise.all(both);
  });
  expect((await folders.house.run({}, meeting)).report?.outcome).toBe("published");
});

test("a required source that fails stops the other, which hears it as an abort", async () => {
  await using folders = await filled();
  const { house } = folders;
  let heard = false;
  const failing = watched(folders, async (source, { signal }) => {
    if (source === "late") throw new Died("late");
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    heard = true;
  });
  await expect(house.run({}, failing)).rejects.toThrow(Died);
  expect(heard).toBe(true);
  expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
});

test("an optional source that is late by its deadline is left out; the other is published", async () => {
  await using folders = await filled({ entries: ", required: false" });
  const { house } = folders;
  const { pipeline } = house.engine;
  const sources = new Map(
    [...pipeline.sources].map(([id, source]) => [id, id === "late" ? { ...source, deadlineSeconds: 60 } : source]),
  );
  let up: () => void = () => undefined;
  const timer: Engine["timer"] = {
    now: () => 0,
    pause: (_ms, signal) =>
      new Promise((resolve, reject) => {
        up = resolve;
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const slow = watched(folders, async (source, { signal }) => {
    if (source !== "late") return;
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      up();
    });
  });
  const late = { ...pipeline, sources };
  const ended = await house.run({}, { ...slow, timer, pipeline: late, reread: () => late });
  expect(ended.failure?.message).toBeUndefined();
  expect(ended.report?.outcome).toBe("published");
  expect(ended.report?.gates.filter((g) => g.feed === "late.entries" && g.verdict === "warn").map((g) => g.name)).toEqual([
    "source",
    "stale",
  ]);
  expect(await house.query("select count(*) as n from curated.account")).toEqual([{ n: "2" }]);
});

test("a crash before the publication reads neither source again, though each was landed by itself", async () => {
  await using folders = await filled();
  const { house } = folders;
  await expect(house.run({ window: WINDOW }, dying(folders))).rejects.toThrow();
  await released(folders);
  const asked: string[] = [];
  const again = await house.run(
    { window: WINDOW },
    watched(folders, (source) => asked.push(source)),
  );
  expect(again.report?.outcome).toBe("published");
  expect(asked).toEqual([]);
});

test("a new column is told by the run that publishes it, also where an earlier attempt had landed and told it", async () => {
  await using folders = await filled();
  const { house, accounts } = folders;
  await house.run();
  accounts.rewrite((rows) => rows.map((row) => ({ ...row, extra: 1 })));
  await expect(house.run({}, dying(folders))).rejects.toThrow(Died);
  await released(folders);
  const again = await house.run();
  expect(again.report?.stages.find((s) => s.stage === "extract")?.skipped).toBe("landed before");
  const drift = again.report?.gates.filter((g) => g.name === "drift").map((g) => [g.feed, g.verdict]);
  expect(drift).toEqual([["app.accounts", "warn"]]);
});

test("a batch of a feed that was never published is not replayed: its rows would have no cursor", async () => {
  await using folders = await filled({ entries: ", required: false, gates: { valid_share: 1, sample: 1 }" });
  const { house, entries } = folders;
  entries.put([entry(3, { amount: -1 })]);
  expect((await house.run()).report?.outcome).toBe("published");
  const [key = ""] = (await house.engine.objects.list("landing/late/entries/")).filter((k) => k.endsWith("manifest.json"));
  const batch = await readManifest(house.engine.objects, key);
  const { failure } = await house.run({ replay: batch?.id ?? "" });
  expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([2, "run.replay_before_first"]);
  entries.put([entry(3)]);
  expect((await house.run()).report?.outcome).toBe("published");
  expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "3" }]);
});

test("what a replay had landed before it died is no extract: the next run reads the source", async () => {
  await using folders = await filled();
  const { house, accounts } = folders;
  await house.run();
  const [batch] = await house.query("select batch_id from ops.batch where feed = 'app.accounts'");
  await expect(house.run({ replay: batch?.["batch_id"] ?? "" }, dying(folders))).rejects.toThrow(Died);
  await released(folders);
  accounts.put([account(3)]);
  expect((await house.run()).report?.outcome).toBe("published");
  expect(await house.query("select count(*) as n from curated.account")).toEqual([{ n: "3" }]);
});
