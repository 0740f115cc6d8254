import { readFile as readWhole } from "node:fs/promises";
import { join } from "node:path";
import { judgeFeeds } from "../checks/judge.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import { parseContract } from "../contract/parse-contract.ts";
import { saysDiskFull } from "../kernel/disk-full.ts";
import { Failure } from "../kernel/problem.ts";
import { opsDdl, stagingDdl } from "../schema/layout.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { stem } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { ISO_EXPONENTS } from "./currencies.ts";
import { feedOfContract, withParents } from "./feed-of-contract.ts";
import { outcomeOf } from "./outcome.ts";
import { diskFull, fileUnreadable } from "./problems.ts";
import { checkFolder, writeQuarantine } from "./quarantine-folder.ts";
import { findFile, type LocalFile, type ReadFile, readFile } from "./read-files.ts";
import { findReferences, loadReference, type Reference } from "./references.ts";
import type { Trial, TrialAsked, TrialTools } from "./trial.ts";
import type { FileReader } from "./trial-reader.ts";

/** One batch of one feed, of which nothing was published before and nothing waits. */
const BATCH = "check";
const SEQ = 1n;
const NOTHING_OPEN = { pool: 0n, all: 0n };

async function textOf(path: string): Promise<string> {
  const { path: found } = await findFile(path);
  try {
    return await readWhole(found, "utf8");
  } catch (cause) {
    throw new Failure("usage", fileUnreadable(path), { cause });
  }
}

async function contractOf(path: string): Promise<Contract> {
  const { contract, problems } = parseContract({ file: path, text: await textOf(path) });
  if (!contract) throw new Failure("usage", problems);
  return contract;
}

/** All that was asked for, found and checked before the first byte is read. */
interface Prepared {
  readonly contract: Contract;
  readonly reader: FileReader;
  readonly files: readonly LocalFile[];
  readonly references: readonly Reference[];
  /** The contract as a feed, its foreign keys leading to the parents that there are. */
  readonly feed: Feed;
}

async function prepare(asked: TrialAsked, { readers }: TrialTools): Promise<Prepared> {
  const contract = await contractOf(asked.contract);
  const { layout } = asked;
  const reader = layout
    ? readers.byLayout({ ...layout, text: await textOf(layout.file) }, contract.columns)
    : readers.plain(contract.columns);
  const files: LocalFile[] = [];
  for (const path of asked.files) files.push(await findFile(path));
  const references = await findReferences(contract, asked.references);
  if (asked.quarantine !== null) await checkFolder(asked.quarantine, asked.files);
  const parents = new Map(references.map(({ key, parent }) => [key.id, parent]));
  return { contract, reader, files, references, feed: feedOfContract(withParents(contract, parents)) };
}

/** The tables that judgement reads, all of them empty. */
async function createTables(session: Session, dialect: Dialect, feed: Feed): Promise<void> {
  for (const statement of [...opsDdl(dialect, []), ...stagingDdl(dialect, feed)]) await session.run(statement);
}

async function loadRows(session: Session, feed: Feed, files: readonly ReadFile[]): Promise<void> {
  const taken = files.filter(({ read }) => read.stopped === null);
  const columns = files[0]?.columns ?? [];
  const raws = taken.map(({ raw }) => raw);
  await session.loadRaw({ feed: feed.id, relation: stem(feed), batchId: BATCH, columns, files: raws });
}

async function judge(session: Session, dialect: Dialect, { feed, references }: Prepared) {
  const feeds = new Map([feed, ...references.map(({ parent }) => parent)].map((one) => [one.id, one]));
  const work = {
    feed,
    batchId: BATCH,
    seq: SEQ,
    isReplay: false,
    byValue: false,
    asked: null,
    says: { complete: null, deletes: null },
    keys: null,
    below: null,
    net: null,
    open: NOTHING_OPEN,
  };
  const [judged] = await judgeFeeds(session, dialect, {
    pipeline: { feeds, currencies: ISO_EXPONENTS },
    feeds: [work],
    absent: new Set(),
    // Only how long rows have waited is measured by it, and none has.
    now: dialect.timestamp("1970-01-01T00:00:00Z"),
    timed: (_, part) => part(),
  });
  if (!judged) throw new Error("one feed was judged");
  return judged;
}

interface Work {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly files: readonly ReadFile[];
}

async function conclude(asked: TrialAsked, prepared: Prepared, { tools, ...work }: Work & { tools: TrialTools }): Promise<Trial> {
  const { session, dialect, files } = work;
  const { contract, reader, feed, references } = prepared;
  tools.tell({ event: "judging", rows: files.reduce((sum, { read }) => sum + read.records, 0) });
  await createTables(session, dialect, feed);
  for (const reference of references) await loadReference(session, reference, { dialect, tools });
  await loadRows(session, feed, files);
  const judged = await judge(session, dialect, prepared);
  const trial = await outcomeOf(session, dialect, { contract, work: judged, files });
  if (asked.quarantine !== null) {
    tools.tell({ event: "writing", folder: asked.quarantine });
    await writeQuarantine({ session, dialect, input: judged.input, reader }, { folder: asked.quarantine, files });
  }
  return trial;
}

async function tryPrepared(asked: TrialAsked, prepared: Prepared, tools: TrialTools): Promise<Trial> {
  const { reader } = prepared;
  const files: ReadFile[] = [];
  for (const [i, file] of prepared.files.entries())
    files.push(await readFile(file, `file_${String(i).padStart(6, "0")}`, { reader, tools }));
  const { dialect, open } = await tools.openWarehouse(join(tools.temporary, "spill"));
  const session = await open({ purpose: "check" });
  try {
    return await conclude(asked, prepared, { session, dialect, files, tools });
  } finally {
    await session.close();
  }
}

/**
 * Judges files by a contract as a run would judge them where nothing is published: the same labels, the same verdicts. Reads files and
 * writes none but those of the quarantine folder.
 * @throws Failure `usage` for what cannot be found or is wrong with what was asked.
 */
export async function tryFiles(asked: TrialAsked, tools: TrialTools): Promise<Trial> {
  const prepared = await prepare(asked, tools);
  try {
    return await tryPrepared(asked, prepared, tools);
  } catch (error) {
    if (!saysDiskFull(error) || (error instanceof Failure && error.kind === "usage")) throw error;
    if (error instanceof Failure && error.problems[0]?.code.startsWith("trial.")) throw error;
    throw new Failure("incomplete", diskFull(tools.temporary), { cause: error });
  }
}
