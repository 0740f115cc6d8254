import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ratio, run, type Side } from "./stage.ts";
import { writePages } from "./stripe/data.ts";
import { requestsOfChanges } from "./stripe/requests.ts";

interface StripeSide extends Side {
  readonly cpu_seconds: number;
  readonly rows: number;
}

const WAYS = ["parse", "derive", "land"] as const;
type Way = (typeof WAYS)[number];

const ROUNDS = 3;

function side(way: Way, place: string, objects: number): StripeSide {
  const empty = join(place, "into");
  mkdirSync(empty);
  try {
    const found = run<StripeSide>("stripe/side.ts", [way, join(place, "pages"), empty], {});
    if (found.rows !== objects) throw new Error(`${way} found ${found.rows} objects instead of ${objects}`);
    return found;
  } finally {
    rmSync(empty, { recursive: true });
  }
}

/** Kept pages of so many charges, made rows and loaded, beside Node's own reading of their JSON. */
export async function stripe(objects: number): Promise<Record<string, unknown>> {
  const place = mkdtempSync(join(tmpdir(), "ledgerloop-bench-stripe-"));
  try {
    console.error(`writing pages with ${objects} charges …`);
    mkdirSync(join(place, "pages"));
    const { bytes } = await writePages(join(place, "pages"), objects);
    const best: Partial<Record<Way, StripeSide>> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of WAYS) {
        console.error(`${way} …`);
        const one = side(way, place, objects);
        if (one.seconds < (best[way]?.seconds ?? Number.POSITIVE_INFINITY)) best[way] = one;
      }
    }
    const { parse, derive, land } = best as Record<Way, StripeSide>;
    console.error("requests of a thousand changes …");
    const asked = await requestsOfChanges();
    return {
      name: "stripe",
      objects,
      megabytes: Math.round(bytes / 1e6),
      parse_seconds: parse.seconds,
      derive_seconds: derive.seconds,
      derive_cpu_seconds: derive.cpu_seconds,
      derive_ratio: ratio(derive.seconds, parse.seconds),
      derive_peak_mb: derive.peak_mb,
      seconds: land.seconds,
      cpu_seconds: land.cpu_seconds,
      objects_per_second: Math.round(objects / land.seconds),
      objects_per_cpu_second: Math.round(objects / land.cpu_seconds),
      peak_mb: land.peak_mb,
      ...asked,
      stages: land.stages,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
