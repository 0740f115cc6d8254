import { readdirSync, rmSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { messageOf } from "../src/kernel/problem.ts";
import { type DaySource, daySource, type Live, type Updates } from "./day/source.ts";
import { AMOUNTS } from "./rules.ts";
import { hourOf, incrementalPipeline, MEMORY, type ProductSide, ratio, type Stage, setStage } from "./stage.ts";

/**
 * Milliseconds between bringing an hour's rows and loading them: an increment reads what was stamped in the five seconds before the
 * last one again, which a bench without the rest of the hour between would make a fourth of all rows.
 */
const SETTLED = 6000;

/** Bytes of disk that a row takes in source and warehouse together: 430 measured with 1 M rows an hour. */
const KEPT_BYTES_PER_ROW = 450;
/** Bytes of disk that a row takes while its hour is loaded: 270 in its landed extract, the rest for what DuckDB and PostgreSQL set aside. */
const PASSING_BYTES_PER_ROW = 1000;
/** Customers whose faults the truth of the 25 rules counts exactly: of fewer it has fractions. */
const WHOLE_FAULTS = 10_000;
const MB = 1024 * 1024;

/** An hour as it is listed: the run of the product, sizes behind it, and seconds by stage. */
interface Hour {
  readonly hour: number;
  /** As the run counts them. */
  readonly extracted: number;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly peak_mb: number;
  /** The warehouse file. */
  readonly file_mb: number;
  /** Landed extracts of this hour. */
  readonly landed_mb: number;
  readonly source_mb: number;
  readonly statements: number;
  readonly live: number;
  readonly extract: number;
  readonly judge: number;
  readonly publish: number;
}

/** What the warehouse has live, in the terms of the source's truth. */
async function liveIn(warehouse: string, since: string): Promise<Live[]> {
  const instance = await DuckDBInstance.create(warehouse, { access_mode: "READ_ONLY" });
  const d = await instance.connect();
  try {
    await d.run("SET timezone = 'UTC'");
    const found: Live[] = [];
    for (const [table, amount] of Object.entries(AMOUNTS)) {
      const ofHour = `updated_at >= '${since}'::TIMESTAMPTZ`;
      const reader = await d.runAndReadAll(
        `SELECT count(*)::VARCHAR, (count(*) FILTER (WHERE ${ofHour}))::VARCHAR, coalesce(sum(${amount}) FILTER (WHERE ${ofHour}), 0)::VARCHAR
         FROM curated.${table.slice(0, -1)}`,
      );
      const [rows = "", hour_rows = "", hour_sum = ""] = (reader.getRowsJson()[0] ?? []).map(String);
      found.push({ table, rows, hour_rows, hour_sum });
    }
    return found;
  } finally {
    d.closeSync();
    instance.closeSync();
  }
}

/**
 * Removes the rows of landed extracts, leaving their manifests, so that a day fits on the disk: `clean` removes evidence after years
 * only, and an hour reads none of an earlier one.
 * @returns their bytes.
 */
function takeLanded(objects: string): number {
  const files = readdirSync(objects, { recursive: true, encoding: "utf8" }).filter((path) => /part-\d+\.csv$/.test(path));
  return files.reduce((sum, file) => {
    const path = join(objects, file);
    const { size } = statSync(path);
    rmSync(path);
    return sum + size;
  }, 0);
}

/**
 * An hour that did not publish, broke other rules than it should, or left other rows live than the source says, is no measurement.
 * @returns number of live rows over all tables.
 */
async function proven(
  hour: number,
  product: ProductSide,
  { stage, source }: { stage: Stage; source: DaySource },
): Promise<number> {
  if (product.outcome !== "published") throw new Error(`hour ${hour + 1} ended as ${product.outcome}`);
  if (stage.n % WHOLE_FAULTS === 0 && product.wrong.length > 0)
    throw new Error(`hour ${hour + 1} counts ${product.wrong.join(", ")}`);
  const { since, tables } = await source.live(hour);
  const found = await liveIn(join(stage.state, "warehouse.duckdb"), since);
  const differing = tables.flatMap((wanted) => {
    const there = found.find(({ table }) => table === wanted.table);
    return JSON.stringify(there) === JSON.stringify(wanted)
      ? []
      : [`${JSON.stringify(there)} instead of ${JSON.stringify(wanted)}`];
  });
  if (differing.length > 0) throw new Error(`hour ${hour + 1} has live ${differing.join(", ")}`);
  return found.reduce((sum, { rows }) => sum + Number(rows), 0);
}

/** Bytes must be free before they are written: a full disk would end the day at its most expensive hour. */
async function needDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize > bytes) return;
  const [needed, free] = [bytes, bavail * bsize].map((b) => (b / 1024 / MB).toFixed(1));
  throw new Error(
    `the day needs some ${needed} GB in ${folder}, ${free} GB are free; name a folder on a larger disk by TMPDIR, or take less: --rows, --hours`,
  );
}

/** An hour, and its largest statements. */
interface Played {
  readonly played: Hour;
  readonly slowest: ProductSide["slowest"];
}

async function playHour(hour: number, pipeline: string, at: { stage: Stage; source: DaySource }): Promise<Played> {
  const { stage, source } = at;
  if (hour > 0) await source.bring(hour);
  await sleep(SETTLED);
  const product = stage.child<ProductSide>("product.ts", [pipeline, hour === 0 ? String(stage.n) : "-", "no-digest"]);
  const live = await proven(hour, product, at);
  const spent = (name: string) => product.stages.find(({ stage }) => stage === name)?.seconds ?? Number.NaN;
  const played: Hour = {
    hour: hour + 1,
    extracted: product.rows["extracted"] ?? Number.NaN,
    seconds: product.seconds,
    cpu_seconds: product.cpu_seconds,
    peak_mb: product.peak_mb,
    file_mb: Math.round(statSync(join(stage.state, "warehouse.duckdb")).size / MB),
    landed_mb: Math.round(takeLanded(join(stage.state, "objects")) / MB),
    source_mb: Math.round((await source.bytes()) / MB),
    statements: product.statements,
    live,
    extract: spent("extract"),
    judge: spent("judge"),
    publish: spent("publish"),
  };
  console.error(
    `hour ${played.hour}: ${played.seconds} s, ${played.cpu_seconds} CPU s, ${played.peak_mb} MB, file ${played.file_mb} MB`,
  );
  return { played, slowest: product.slowest };
}

/** Plays hours until all are, or one fails: those before it are measured all the same. Says what ended the day too early, on standard error too; null where nothing did. */
async function playHours(all: Played[], hours: number, play: (hour: number) => Promise<Played>): Promise<string | null> {
  while (all.length < hours) {
    try {
      all.push(await play(all.length));
    } catch (error) {
      if (all.length < 2) throw error;
      const ended = `hour ${all.length + 1}: ${messageOf(error)}`;
      console.error(ended);
      process.exitCode = 1;
      return ended;
    }
  }
  return null;
}

/** What a day is asked for besides rows. */
interface DayAsked {
  readonly hours: number;
  /** `memory_limit` of the warehouse. */
  readonly memory?: string | undefined;
  readonly updates: Updates;
}

/**
 * A day of one warehouse: a first load of `rows` rows, then hours of as many, nine tenths of them new and a tenth updates, spread
 * evenly over everything there is or over the latest hours. Seconds are the product's alone; bringing rows and proving what is live
 * stand beside them.
 */
export async function day(rows: number, { hours, memory = MEMORY, updates }: DayAsked): Promise<Record<string, unknown>> {
  const of = hourOf(rows);
  await needDisk(tmpdir(), KEPT_BYTES_PER_ROW * of.rows * hours + PASSING_BYTES_PER_ROW * of.rows);
  await using stage = await setStage(of);
  await using source = await daySource(stage.source, stage.n, updates);
  const pipeline = incrementalPipeline(stage.folder, memory);
  const all: Played[] = [];
  const ended = await playHours(all, hours, (hour) => playHour(hour, pipeline, { stage, source }));
  const played = all.map((of) => of.played);
  const [first, second] = played;
  const last = played.at(-1);
  if (!first || !second || !last) throw new Error("a day has at least two hours");
  const seconds = played.reduce((sum, h) => sum + h.seconds, 0);
  return {
    name: "day",
    rows: stage.rows,
    hours: played.length,
    ...(ended === null ? {} : { ended }),
    updates,
    memory_limit: memory,
    rows_per_day: played.length * stage.rows,
    seconds: Math.round(seconds * 10) / 10,
    cpu_seconds: Math.round(10 * played.reduce((sum, h) => sum + h.cpu_seconds, 0)) / 10,
    last_to_first_increment: ratio(last.seconds, second.seconds),
    last_to_first_load: ratio(last.seconds, first.seconds),
    peak_mb: Math.max(...played.map((h) => h.peak_mb)),
    file_mb: last.file_mb,
    live: last.live,
    by_hour: played,
    slowest: { second: all[1]?.slowest, last: all.at(-1)?.slowest },
  };
}
