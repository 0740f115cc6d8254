import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFiles } from "./csv/data.ts";
import { ratio, run, type Side } from "./stage.ts";

interface CsvSide extends Side {
  readonly cpu_seconds: number;
  readonly rows: number;
}

const WAYS = ["hash", "scan", "derive", "land", "duckdb"] as const;
type Way = (typeof WAYS)[number];

const ROUNDS = 3;
const [MANY_FILES, ROWS_OF_MANY] = [300, 100_000];

/** Files of rows, in a folder of their own. */
interface Files {
  readonly folder: string;
  readonly rows: number;
  readonly bytes: number;
}

function filesOf(place: string, rows: number, count: number): Files {
  const folder = join(place, `files-${count}`);
  mkdirSync(folder);
  const paths = writeFiles(folder, rows, count);
  return { folder, rows, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) };
}

function side(way: Way, place: string, { folder, rows }: Files): CsvSide {
  const empty = join(place, "into");
  mkdirSync(empty);
  try {
    const found = run<CsvSide>("csv/side.ts", [way, folder, empty], {});
    if (way !== "hash" && found.rows !== rows) throw new Error(`${way} found ${found.rows} rows instead of ${rows}`);
    return found;
  } finally {
    rmSync(empty, { recursive: true });
  }
}

/** The fastest of some rounds in which all ways take turns: what others do on the machine only makes one slower. */
function best(ways: readonly Way[], place: string, files: Files): Record<Way, CsvSide> {
  const found: Partial<Record<Way, CsvSide>> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ways) {
      console.error(`${way} …`);
      const one = side(way, place, files);
      const before = found[way];
      if (!before || one.seconds < before.seconds) found[way] = one;
    }
  }
  return found as Record<Way, CsvSide>;
}

/** A partner's file of so many rows, scanned and loaded, beside DuckDB's own reader; then many small ones. */
export async function csv(rows: number): Promise<Record<string, unknown>> {
  const place = mkdtempSync(join(tmpdir(), "ledgerloop-bench-csv-"));
  try {
    console.error(`writing ${rows} rows …`);
    const one = filesOf(place, rows, 1);
    const { hash, scan, derive, land, duckdb } = best(WAYS, place, one);
    const many = filesOf(place, ROWS_OF_MANY, MANY_FILES);
    const ofMany = best(["land", "duckdb"], place, many);
    const speed = ({ seconds }: CsvSide) => Math.round(one.bytes / 1e6 / seconds);
    return {
      name: "csv",
      rows,
      megabytes: Math.round(one.bytes / 1e6),
      hash_mb_s: speed(hash),
      scan_mb_s: speed(scan),
      derive_mb_s: speed(derive),
      derive_seconds: derive.seconds,
      derive_cpu_seconds: derive.cpu_seconds,
      derive_peak_mb: derive.peak_mb,
      seconds: land.seconds,
      duckdb_seconds: duckdb.seconds,
      ratio: ratio(land.seconds, duckdb.seconds),
      peak_mb: land.peak_mb,
      duckdb_peak_mb: duckdb.peak_mb,
      many_files: MANY_FILES,
      many_rows: ROWS_OF_MANY,
      many_seconds: ofMany.land.seconds,
      many_duckdb_seconds: ofMany.duckdb.seconds,
      many_ratio: ratio(ofMany.land.seconds, ofMany.duckdb.seconds),
      stages: land.stages,
      many_stages: ofMany.land.stages,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
