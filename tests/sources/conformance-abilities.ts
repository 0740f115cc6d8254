import { expect } from "vitest";
import { aroundObjects, atMoment } from "../support/fuse.ts";
import {
  type Abilities,
  account,
  adjusted,
  entry,
  expectEnded,
  expectPublished,
  Killed,
  published,
  type Subject,
  type Truth,
  testOf,
  withSource,
} from "./conformance-subject.ts";

/** A subject with three accounts and six entries, and what is at its source. */
type Started = () => Promise<{ readonly subject: Subject; readonly truth: Truth; readonly house: Subject["house"] }>;

/** What kinds of sources pass that can do more than others: go on after a break, name deletes, come in instalments, keep state. */
export function abilityConformance(started: Started, can: Abilities): void {
  testOf(can.resumes, "what was received before it was killed is not received again", async () => {
    const { subject, truth, house } = await started();
    await using _ = subject;
    for (const id of [11, 12, 13]) await truth.put("entries", [entry(id)]);
    const fuse = atMoment({ kind: "objects", what: "putByDigest", at: 4, when: "before" }, () => {
      throw new Killed("killed");
    });
    await expect(house.run({}, { objects: aroundObjects(house.engine.objects, fuse) })).rejects.toThrow("killed");
    expect(subject.received?.()).toBe(4);
    await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
    expectEnded(await house.run(), "published");
    await expectPublished(house, truth);
    // Five pieces, and the one that was broken off twice.
    expect(subject.received?.()).toBe(6);
  });

  testOf(can.resumes, "what it had received is gone when it is repeated: it begins afresh", async () => {
    const { subject, truth, house } = await started();
    await using _ = subject;
    const { objects } = house.engine;
    const fuse = atMoment({ kind: "objects", what: "put", at: 1, when: "before" }, () => {
      throw new Killed("killed");
    });
    await expect(house.run({}, { objects: aroundObjects(objects, fuse) })).rejects.toThrow("killed");
    const evidence = await objects.list("evidence/");
    expect(evidence.length).toBeGreaterThan(0);
    for (const key of evidence) await objects.remove(key);
    await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
    expectEnded(await house.run(), "published");
    await expectPublished(house, truth);
  });

  testOf(
    can.deletes,
    "a row that is said to be deleted is tombstoned and stays so until a later version of it comes",
    async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      truth.rows.accounts.delete(3);
      await subject.sayDeleted?.(3, 2);
      expectEnded(await house.run(), "published");
      await expectPublished(house, truth);
      expectEnded(await house.run({ full: true, reason: "test" }), "published");
      await expectPublished(house, truth);
      await truth.put("accounts", [account(3, { v: 3, name: "again" })]);
      expectEnded(await house.run(), "published");
      await expectPublished(house, truth);
    },
  );

  testOf(can.instalments, "a first load in instalments publishes each of them, and only the last sets the cursor", async () => {
    const { subject, truth, house } = await started();
    await using _ = subject;
    const small = adjusted(house, withSource({ budget: { requests: 1, seconds: null } }));
    await truth.put("entries", [entry(50)]);
    await truth.put("entries", [entry(51)]);
    const cursors = async () =>
      (
        await house.query(
          "select feed, cursor_kind is not null as moved, loading_since is not null as loading from ops.feed_horizon where number = (select max(number) from ops.publication) order by feed",
        )
      ).map((row) => `${row["feed"]} ${row["moved"] === "true" ? "moved" : ""}${row["loading"] === "true" ? "loading" : ""}`);
    expectEnded(await house.run({}, small), "published");
    expect(await cursors()).toEqual(["app.accounts moved", "app.entries loading"]);
    const since = await house.query("select loading_since from ops.feed_horizon where feed = 'app.entries'");
    expectEnded(await house.run({}, small), "published");
    expect(await cursors()).toEqual(["app.accounts moved", "app.entries loading"]);
    expect(
      new Set(
        (await house.query("select loading_since from ops.feed_horizon where feed = 'app.entries'")).map(
          (r) => r["loading_since"],
        ),
      ).size,
    ).toBe(since.length);
    expectEnded(await house.run({}, small), "published");
    expect(await cursors()).toEqual(["app.accounts moved", "app.entries moved"]);
    expect(
      await house.query(
        "select cast(trim(cursor_position, '\"') as timestamp) as loading_since from ops.feed_horizon where feed = 'app.entries' and number = 3",
      ),
    ).toEqual(since);
    await expectPublished(house, truth);
  });

  testOf(
    can.instalments,
    "a later backlog shrinks run by run, its cursor where it was until the last; other feeds do not wait for it",
    async () => {
      const { subject, truth, house } = await started();
      await using _ = subject;
      await house.run();
      const small = adjusted(house, withSource({ budget: { requests: 1, seconds: null } }));
      for (const id of [50, 51, 52]) await truth.put("entries", [entry(id)]);
      await truth.put("accounts", [account(4)]);
      const entries = async () => {
        expectEnded(await house.run({}, small), "published");
        expect((await published(house)).accounts).toEqual(truth.accounts());
        return (await published(house)).entries.length;
      };
      expect([await entries(), await entries(), await entries()]).toEqual([7, 8, 9]);
      await expectPublished(house, truth);
      const positions = await house.query(
        "select cursor_position as at from ops.feed_horizon where feed = 'app.entries' order by number",
      );
      const [first, ...later] = positions.map((row) => row["at"]);
      expect(later.map((at) => at === first)).toEqual([true, true, false]);
    },
  );

  testOf(can.state, "its own state commits with the publication: a blocked run writes none", async () => {
    const { subject, truth, house } = await started();
    await using _ = subject;
    const strict = adjusted(house, (pipeline) => ({
      ...pipeline,
      groups: new Map(
        [...pipeline.groups].map(([name, group]) => [name, { ...group, gates: { ...group.gates, validShare: 1 } }]),
      ),
    }));
    await subject.put("entries", [entry(60, { amount: -1 })]);
    expect((await house.run({}, strict)).report?.exit_code).toBe(10);
    expect(await house.query("select count(*) as n from ops.adapter_state")).toEqual([{ n: "0" }]);
    await truth.put("entries", [entry(60)]);
    expectEnded(await house.run({}, strict), "published");
    await expectPublished(house, truth);
    expect(await house.query("select count(*) > 0 as kept from ops.adapter_state")).toEqual([{ kept: "true" }]);
  });
}
