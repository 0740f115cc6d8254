import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { unlessDiskFull } from "../../src/run/disk-full.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { startProgram } from "../support/child.ts";
import { type CrashSite, expireLeases, openCopy, openCrashSite, programArgs, type StateCopy } from "../support/crashing.ts";
import { SECOND } from "../support/hours.ts";
import { mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";

const KB = 1024;
/** From no byte for the lock file over landing and the fence's checkpoint to the publication's, which needs 2 to 4 MB. */
const FREE = [0, 4, 8, 32, 256, 640, 1024, 1536, 2048, 3072, 8192];

/** Sorts more than the memory limit holds. */
const SORT = `select count(*) as n from (
  select row_number() over (order by hash(range)) as r, range::varchar || repeat('x', 20) as t from range(2000000)
) where r > 0 and t > ''`;

/** What a run that met a full disk must have said and left; then it is repeated with room. */
async function expectRecovered(
  run: { site: CrashSite; place: StateCopy; giveRoom: () => void },
  ended: { code: number | null; err: string },
  what: string,
) {
  const { site, place, giveRoom } = run;
  expect([0, 40], `${what}: ${ended.err}`).toContain(ended.code);
  if (ended.code === 40) expect(ended.err, what).toMatch(/a disk is full.*\n {2}next: make room/);
  giveRoom();
  expect([site.before, site.clean], what).toContainEqual(await place.published());
  expect(
    readdirSync(place.folder).filter((name) => /lock|spill/.test(name)),
    what,
  ).toEqual([]);
  // Neither the lease nor the lock has to run out first.
  const repeated = await startProgram(programArgs(site), place.env).end;
  expect(repeated.code, `${what}, repeated: ${repeated.err}`).toBe(0);
  expect(await place.published(), what).toEqual(site.clean);
}

async function fillAt(site: CrashSite, disk: SmallDisk, kilobytes: number): Promise<number | null> {
  disk.leave(null);
  const folder = join(disk.folder, `free-${kilobytes}`);
  mkdirSync(folder);
  using place = await openCopy(site, folder);
  disk.leave(kilobytes * KB);
  await expireLeases(site.house);
  const ended = await startProgram(programArgs(site), place.env).end;
  await expectRecovered({ site, place, giveRoom: () => disk.leave(null) }, ended, `${kilobytes} kB free`);
  return ended.code;
}

/** Where nothing may be mounted: no file may grow beyond a size. */
async function limitAt(site: CrashSite, kilobytes: number): Promise<number | null> {
  using place = await openCopy(site);
  await expireLeases(site.house);
  const ended = await startProgram(programArgs(site), place.env, { largestFile: kilobytes * KB }).end;
  await expectRecovered({ site, place, giveRoom: () => undefined }, ended, `no file above ${kilobytes} kB`);
  return ended.code;
}

test("a disk that fills up at any moment stops the run with exit 40, publishes nothing half, and with room the same command is the clean run", async () => {
  await using site = await openCrashSite(SECOND);
  using disk = mountSmallDisk(64);
  const codes: (number | null)[] = [];
  if (disk) for (const kilobytes of FREE) codes.push(await fillAt(site, disk, kilobytes));
  else for (const kilobytes of [0, 1, 4, 1024, 4096, 65536]) codes.push(await limitAt(site, kilobytes));
  expect(codes[0]).toBe(40);
  expect(codes.at(-1)).toBe(0);
});

test("temporary files that fill the disk: the statement fails as a full disk does, the lock is given back, with room it works", async () => {
  using disk = mountSmallDisk(200);
  const folder = disk?.folder ?? mkdtempSync(join(tmpdir(), "ledgerloop-spill-"));
  const sort = async (mayFill: boolean) => {
    disk?.leave(mayFill ? null : 2048 * KB);
    const session = await duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "48MB" }).open({ purpose: "sort" });
    try {
      if (!disk && !mayFill) await session.run({ name: "t", sql: "SET max_temp_directory_size = '2MB'" });
      return await session.rows({ name: "t", sql: SORT });
    } catch (error) {
      const failure = unlessDiskFull(error);
      return failure instanceof Failure ? failure.problems[0]?.code : error;
    } finally {
      await session.close();
    }
  };
  expect(await sort(false)).toBe("run.disk_full");
  expect(readdirSync(folder).filter((name) => /lock|spill/.test(name))).toEqual([]);
  expect(await sort(true)).toEqual([{ n: "2000000" }]);
});

test("a file that may not grow stops the run in the same way", async () => {
  await using site = await openCrashSite(SECOND);
  expect(await limitAt(site, 0)).toBe(40);
  expect(await limitAt(site, 1024)).toBe(40);
});
