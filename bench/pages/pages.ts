import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ratio, run, type Side } from "../stage.ts";
import { type PagesSubject, SUBJECTS } from "./subjects.ts";

interface PagesSide extends Side {
  readonly cpu_seconds: number;
  readonly rows: number;
}

const WAYS = ["parse", "derive", "land"] as const;
type Way = (typeof WAYS)[number];

const ROUNDS = 3;

interface Sided {
  readonly subject: string;
  readonly place: string;
  readonly records: number;
}

function side(way: Way, { subject, place, records }: Sided): PagesSide {
  const empty = join(place, "into");
  mkdirSync(empty);
  try {
    const found = run<PagesSide>("pages/side.ts", [subject, way, join(place, "pages"), empty], {});
    if (found.rows !== records) throw new Error(`${way} found ${found.rows} records instead of ${records}`);
    return found;
  } finally {
    rmSync(empty, { recursive: true });
  }
}

/** Kept pages of an API with so many records, made rows and loaded, beside Node's own reading of them. */
export async function benchPages(subject: string, records: number): Promise<Record<string, unknown>> {
  const place = mkdtempSync(join(tmpdir(), `ledgerloop-bench-${subject}-`));
  try {
    console.error(`writing pages with ${records} records …`);
    mkdirSync(join(place, "pages"));
    const { bytes } = await (SUBJECTS[subject] as PagesSubject).write(join(place, "pages"), records);
    const best: Partial<Record<Way, PagesSide>> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of WAYS) {
        console.error(`${way} …`);
        const one = side(way, { subject, place, records });
        if (one.seconds < (best[way]?.seconds ?? Number.POSITIVE_INFINITY)) best[way] = one;
      }
    }
    const { parse, derive, land } = best as Record<Way, PagesSide>;
    return {
      name: subject,
      objects: records,
      megabytes: Math.round(bytes / 1e6),
      parse_seconds: parse.seconds,
      derive_seconds: derive.seconds,
      derive_cpu_seconds: derive.cpu_seconds,
      derive_ratio: ratio(derive.seconds, parse.seconds),
      derive_peak_mb: derive.peak_mb,
      seconds: land.seconds,
      cpu_seconds: land.cpu_seconds,
      objects_per_second: Math.round(records / land.seconds),
      objects_per_cpu_second: Math.round(records / land.cpu_seconds),
      peak_mb: land.peak_mb,
      stages: land.stages,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
