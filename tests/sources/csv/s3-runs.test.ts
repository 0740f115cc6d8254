import { describe, expect, test } from "vitest";
import type { Timer } from "../../../src/kernel/clock.ts";
import { SKIPPED, servers } from "../../support/s3.ts";
import type { Seen } from "../../support/s3-proxy.ts";
import {
  account,
  adjusted,
  entry,
  expectEnded,
  expectPublished,
  gatesOf,
  published,
  startedBy,
  withSource,
} from "../conformance-subject.ts";
import { isRead } from "./s3-shelf.ts";
import { type S3Subject, s3Subject } from "./s3-subject.ts";

const ofEntries = (seen: Seen) => isRead(seen) && seen.path.includes("/entries/");

describe.each(servers)("runs over partners' files in a bucket of $name", (server) => {
  const started = async () => {
    let opened: S3Subject | undefined;
    const { truth, house } = await startedBy(async () => {
      opened = await s3Subject(server);
      return opened;
    });
    if (opened === undefined) throw new Error("nothing was opened");
    return { subject: opened, truth, house };
  };

  test("a file that cannot be read, or does not come whole, stays alone: it is told, and taken when it can be", async () => {
    const { subject, truth, house } = await started();
    await using _ = subject;
    subject.rule((seen) => (ofEntries(seen) ? { answer: 403, code: "AccessDenied" } : null));
    const waiting = async () => {
      const ended = await house.run();
      expectEnded(ended, "published");
      return gatesOf(ended, "files_waiting").map(({ feed, observed }) => `${feed}: ${observed}`);
    };
    const left = (why: string) => [`app.entries: left for the next run: ${why}: entries/file-0001.csv`];
    expect(await waiting()).toEqual(left("cannot be read by this user"));
    expect(await published(house)).toEqual({ accounts: truth.accounts(), entries: [] });
    subject.rule((seen) => (ofEntries(seen) ? { flip: "answer" } : null));
    expect(await waiting()).toEqual(left("did not come with the bytes that their checksum is of"));
    subject.rule(() => null);
    expect(await waiting()).toEqual([]);
    await expectPublished(house, truth);
  });

  test("a listing that is refused says nothing of files: exit 2, and none of them is gone", async () => {
    const { subject, truth, house } = await started();
    await using _ = subject;
    await house.run();
    subject.rule(() => ({ answer: 403, code: "ExpiredToken" }));
    const { failure } = await house.run();
    expect(failure).toMatchObject({ exitCode: 2, problems: [{ code: "source.s3_credentials" }] });
    subject.rule(() => null);
    const ended = await house.run();
    expectEnded(ended, "published");
    expect(gatesOf(ended, "files_gone")).toEqual([]);
    await expectPublished(house, truth);
  });

  test("a body that stands still when the deadline has passed: exit 40 that names it", async () => {
    const { subject, truth, house } = await started();
    await using _ = subject;
    await house.run();
    await truth.put("entries", [entry(9)]);
    await truth.put("accounts", [account(9)]);
    let up = () => undefined as undefined;
    const timer: Timer = {
      now: () => 0,
      pause: (_ms, signal) =>
        new Promise((resolve, reject) => {
          up = () => void resolve();
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
    };
    subject.rule((seen) => {
      if (!ofEntries(seen)) return null;
      up();
      return { stallBodyAt: 5 };
    });
    const { failure } = await house.run({}, { ...adjusted(house, withSource({ deadlineSeconds: 60 })), timer });
    expect(failure).toMatchObject({ exitCode: 40, problems: [{ code: "run.source_late" }] });
    subject.rule(() => null);
    expectEnded(await house.run(), "published");
    await expectPublished(house, truth);
  });
});

test.skipIf(servers.length > 0)(`runs over files in S3 (${SKIPPED})`, (context) => context.skip());
