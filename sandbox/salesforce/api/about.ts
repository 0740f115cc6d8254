import { type Answer, type Asked, okay } from "./asked.ts";

const RELEASES: Readonly<Record<string, string>> = { "62.0": "Winter '25", "66.0": "Spring '26" };

/** The versions that there are; nobody has to be signed in for that. */
export function versions(known: readonly string[]): Answer {
  return okay(
    known.map((version) => ({ label: RELEASES[version] ?? `Release ${version}`, url: `/services/data/v${version}`, version })),
  );
}

/** What a version has. */
export function resources({ version }: Asked): Answer {
  const base = `/services/data/v${version}`;
  const names = ["sobjects", "query", "queryAll", "limits"];
  return okay({ ...Object.fromEntries(names.map((name) => [name, `${base}/${name}`])), jobs: `${base}/jobs` });
}

/** What may still be asked for. */
export function limits({ org }: Asked): Answer {
  const { used, dailyMax } = org.limits;
  const jobs = org.jobs.all(org.clock.now().getTime()).length;
  const limit = (Max: number, Remaining: number) => ({ Max, Remaining });
  return okay({
    DailyApiRequests: limit(dailyMax, Math.max(0, dailyMax - used)),
    DailyBulkApiBatches: limit(15_000, 15_000),
    DailyBulkV2QueryFileStorageMB: limit(976_562, 976_562),
    DailyBulkV2QueryJobs: limit(10_000, 10_000 - jobs),
    DataStorageMB: limit(1024, 1000),
  });
}

/** Roughly how many rows objects have. */
export function recordCount({ org, sight, params }: Asked): Answer {
  const wanted = params.get("sObjects")?.split(",") ?? sight.objects().map(({ name }) => name);
  const known = wanted.flatMap((name) => sight.object(name.trim()) ?? []);
  return okay({ sObjects: known.map(({ name }) => ({ count: org.store.count(name), name })) });
}
