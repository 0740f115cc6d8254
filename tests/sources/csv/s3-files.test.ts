import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { filePattern } from "../../../src/sources/csv/files/file-pattern.ts";
import { failed } from "../../support/failed.ts";
import { lacks, SKIPPED, servers } from "../../support/s3.ts";
import type { Fault, Seen } from "../../support/s3-proxy.ts";
import { NO_KEYS, SOME_KEYS, withEnv } from "../../support/with-env.ts";
import { isList, isRead, openShelf, placeAt, read } from "./s3-shelf.ts";

const MEGABYTE = 1 << 20;
const [OLD, NEW] = [Buffer.alloc(3 * MEGABYTE, "old"), Buffer.alloc(3 * MEGABYTE, "new")];
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const paths = (files: readonly { path: string }[]) => files.map(({ path }) => path).sort();
const denied: Fault = { answer: 403, code: "AccessDenied" };

describe.each(servers)("partners' files in a bucket of $name", (server) => {
  const many = lacks(server, "many keys") ? 1100 : 2500;
  test(`${many} keys are listed to the end, and those below a folder alone`, async () => {
    await using shelf = await openShelf(server);
    const names = Array.from({ length: many }, (_, i) => `many/${String(i).padStart(4, "0")}.csv`);
    const writers = Array.from({ length: 16 }, async (_, first) => {
      for (let i = first; i < names.length; i += 16) await shelf.put(names[i] ?? "", "x");
    });
    await Promise.all([...writers, shelf.put("few/a.csv", "x")]);
    expect(paths(await shelf.place.list("many/"))).toEqual(names);
    expect(shelf.seen.map(({ query }) => [query.get("prefix"), query.has("start-after")])).toEqual(
      names.slice(0, Math.ceil(many / 1000)).map(() => ["inbox/many/", false]),
    );
    expect(paths(await shelf.place.list("few/"))).toEqual(["few/a.csv"]);
  });

  test.each([true, false])(
    "with versions: %s, a file replaced since it was listed is left, and the next listing has it",
    async (versions) => {
      await using shelf = await openShelf(server, { versions });
      await shelf.put("a.csv", OLD);
      const listed = await shelf.only();
      expect(await shelf.only()).toEqual(listed);
      await shelf.put("a.csv", NEW);
      await expect(read(shelf.place.open(listed))).rejects.toMatchObject({ why: "changed" });
      const again = await shelf.only();
      expect(again.version).not.toBe(listed.version);
      expect(hash(await read(shelf.place.open(again)))).toBe(hash(NEW));
    },
  );

  test("a body that breaks off goes on where it was", async () => {
    await using shelf = await openShelf(server);
    await shelf.put("a.csv", OLD);
    const listed = await shelf.only();
    shelf.breaks((seen) => (isRead(seen) ? { cutBodyAt: MEGABYTE / 2 } : null), 3);
    expect(hash(await read(shelf.place.open(listed)))).toBe(hash(OLD));
    expect(shelf.seen.filter(isRead)).toHaveLength(4);
  });

  test.each([true, false])("with versions: %s, what goes on behind a break is never another version", async (versions) => {
    await using shelf = await openShelf(server, { versions });
    await shelf.put("a.csv", OLD);
    const listed = await shelf.only();
    shelf.breaks((seen) => (isRead(seen) ? { cutBodyAt: MEGABYTE } : null), 1);
    const bytes = shelf.place.open(listed)[Symbol.asyncIterator]();
    const first = await bytes.next();
    await shelf.put("a.csv", NEW);
    const rest = read({ [Symbol.asyncIterator]: () => bytes });
    if (versions) expect(hash(Buffer.concat([first.value as Uint8Array, await rest]))).toBe(hash(OLD));
    else await expect(rest).rejects.toMatchObject({ why: "changed" });
  });

  test.each<[string, (seen: Seen) => Fault | null]>([
    ["in the only answer", (seen) => (isRead(seen) ? { flip: "answer" } : null)],
    ["in the part behind a break", (seen) => (seen.range === undefined ? { cutBodyAt: MEGABYTE } : { flip: "answer" })],
  ])("another bit than its checksum has, %s: the file is left", async (_, what) => {
    await using shelf = await openShelf(server);
    await shelf.put("a.csv", OLD);
    const listed = await shelf.only();
    shelf.breaks(what, 2);
    await expect(read(shelf.place.open(listed))).rejects.toMatchObject({ why: "damaged" });
  });

  test("a body that breaks off at the same byte each time is exit 40, after as many attempts as are worth it", async () => {
    await using shelf = await openShelf(server);
    await shelf.put("a.csv", OLD);
    const listed = await shelf.only();
    shelf.breaks((seen) => (isRead(seen) ? { cutBodyAt: 0 } : null));
    const failure = await failed(read(shelf.place.open(listed)));
    expect(failure).toMatchObject({ kind: "retryable", problems: [{ code: "source.s3_unreachable" }] });
    expect(shelf.seen.filter(isRead)).toHaveLength(4);
  });

  test("no right to one object leaves that file; no right to the listing is exit 2", async () => {
    await using shelf = await openShelf(server);
    await shelf.put("a.csv", OLD);
    const listed = await shelf.only();
    shelf.breaks((seen) => (isRead(seen) ? denied : null));
    await expect(read(shelf.place.open(listed))).rejects.toMatchObject({ why: "unreadable" });
    shelf.breaks((seen) => (isList(seen) ? denied : null));
    const failure = await failed(shelf.place.list(""));
    expect(failure).toMatchObject({ kind: "usage", problems: [{ code: "source.s3_denied" }] });
    expect(failure.message).toContain("docs/partner-files.md");
  });

  test.each([
    { answer: 403, code: "ExpiredToken", kind: "usage", problem: "source.s3_credentials" },
    { answer: 400, code: "ExpiredToken", kind: "usage", problem: "source.s3_credentials" },
    { answer: 503, code: "SlowDown", kind: "retryable", problem: "source.s3_busy" },
  ])("an answer $answer $code is $kind, for a listing and for a file: none of them is a file that is gone", async (answered) => {
    const { answer, code, kind, problem } = answered;
    await using shelf = await openShelf(server);
    await shelf.put("a.csv", OLD);
    const listed = await shelf.only();
    shelf.breaks(() => ({ answer, code }));
    for (const ask of [() => shelf.place.list(""), () => read(shelf.place.open(listed))])
      expect(await failed(ask())).toMatchObject({ kind, problems: [{ code: problem }] });
  });

  test("a busy service is asked again", async () => {
    await using shelf = await openShelf(server);
    await shelf.put("a.csv", OLD);
    shelf.breaks(() => ({ answer: 503, code: "SlowDown" }), 1);
    const listed = await shelf.only();
    shelf.breaks(() => ({ answer: 503, code: "SlowDown" }), 1);
    expect(hash(await read(shelf.place.open(listed)))).toBe(hash(OLD));
  });

  test("no such bucket is exit 2 and names the file to correct", async () => {
    await using shelf = await openShelf(server, { bucket: "there-is-none" });
    const failure = await failed(shelf.place.list(""));
    expect(failure).toMatchObject({ kind: "usage", problems: [{ code: "source.s3_bucket" }] });
    expect(failure.message).toContain("correct `location` in sources/partners.yaml");
  });

  test.skipIf(lacks(server, "signatures"))("a wrong secret is exit 2, and stands in no message", async () => {
    await using shelf = await openShelf(server);
    await withEnv({ AWS_SECRET_ACCESS_KEY: "hunter2hunter2" }, async () => {
      const failure = await failed(shelf.place.list(""));
      expect(failure.kind).toBe("usage");
      expect(failure.message).not.toContain("hunter2");
    });
  });

  test("what is read is given up as soon as nobody wants it any more", async () => {
    const stop = new AbortController();
    await using shelf = await openShelf(server, { signal: stop.signal });
    await shelf.put("a.csv", OLD);
    const listed = await shelf.only();
    shelf.breaks((seen) => (isRead(seen) ? { stallBodyAt: MEGABYTE } : null));
    const bytes = shelf.place.open(listed)[Symbol.asyncIterator]();
    await bytes.next();
    stop.abort();
    const rest = read({ [Symbol.asyncIterator]: () => bytes });
    expect(await failed(rest)).toMatchObject({ kind: "retryable", problems: [{ code: "source.cancelled" }] });
  });

  test("names are what they are; markers of folders and hidden files are nobody's", async () => {
    await using shelf = await openShelf(server);
    const names = ["mit leer.csv", "a+b.csv", "100%25.csv", "größe/ü.csv", "a&b<c>.csv", "deep/er/x.csv"];
    const odd = lacks(server, "any key")
      ? ["line\nend.csv"]
      : ["a//b.csv", "x/../y.csv", "cr\rend.csv", "one\u0001.csv", "full/"];
    for (const name of [...names, ...odd]) await shelf.put(name, name);
    for (const name of ["empty/", ".hidden.csv", "a/.b/c.csv"]) await shelf.put(name, "");
    const files = await shelf.place.list("");
    expect(paths(files)).toEqual([...names, ...odd].sort());
    for (const file of files) expect((await read(shelf.place.open(file))).toString()).toBe(file.path);
  });

  test("a file without bytes is read", async () => {
    await using shelf = await openShelf(server);
    await shelf.put("a.csv", "");
    expect(await read(shelf.place.open(await shelf.only()))).toHaveLength(0);
  });
});

test("keys that are no paths fit no pattern", () => {
  const pattern = filePattern("{partner}/*.csv");
  const keys = ["acme/a.csv", "/a.csv", "../a.csv", "./a.csv", "acme/", "acme//a.csv", "acme/..csv"];
  expect(keys.filter((key) => pattern?.match(key))).toEqual(["acme/a.csv", "acme/..csv"]);
});

test("without a region or an endpoint it is exit 2 and says where to write it", async () => {
  await withEnv({ ...NO_KEYS, ...SOME_KEYS }, async () => {
    const failure = await failed(placeAt({ address: { bucket: "some-bucket", prefix: "" } }).list(""));
    expect(failure).toMatchObject({ kind: "usage", problems: [{ code: "source.s3_region_missing" }] });
    expect(failure.message).toContain("write `region` in sources/partners.yaml");
  });
});

test.skipIf(servers.length > 0)(`partners' files in S3 (${SKIPPED})`, (context) => context.skip());
