import { landedKeys, landedRows } from "../checks/landed-keys.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import { Failure } from "../kernel/problem.ts";
import { stagingDdl } from "../schema/layout.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { stagingRows, stem } from "../warehouse/relations.ts";
import { identifiers } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type ForeignKey, foreignKeysOf, parentFeed } from "./feed-of-contract.ts";
import { referenceUnfit, referenceUnknown } from "./problems.ts";
import { findFile, type LocalFile, type ReadFile, readFile } from "./read-files.ts";
import type { TrialTools } from "./trial.ts";

/** A foreign key whose parents are known by a file. */
export interface Reference {
  readonly key: ForeignKey;
  readonly parent: Feed;
  readonly file: LocalFile;
}

/** The foreign keys that have a file, each with its own. @throws Failure `usage` for a name that none refers to. */
export async function findReferences(contract: Contract, paths: ReadonlyMap<string, string>): Promise<Reference[]> {
  const keys = foreignKeysOf(contract);
  const known = [...new Set(keys.map(({ parent }) => parent.object))];
  const stray = [...paths.keys()].filter((name) => !known.includes(name));
  if (stray.length > 0)
    throw new Failure(
      "usage",
      stray.map((name) => referenceUnknown(name, known)),
    );
  const found: Reference[] = [];
  for (const [nth, key] of keys.entries()) {
    const path = paths.get(key.parent.object);
    if (path !== undefined) found.push({ key, parent: parentFeed(contract, key, nth), file: await findFile(path) });
  }
  return found;
}

/** What of a reference's file says that its keys cannot all be known. */
function unfit({ read: { stopped, malformed, unconverted } }: ReadFile): string | null {
  if (stopped) return stopped.says;
  if (malformed > 0) return `${malformed} of its records cannot be read`;
  return unconverted > 0 ? `${unconverted} of its keys are not of the type of the columns that refer to them` : null;
}

/** The keys of landed rows as live rows of a parent. */
function enterKeys(dialect: Dialect, parent: Feed, batchId: string): Statement {
  const names = identifiers(dialect, parent.sourceKey);
  const rows = landedRows(dialect, { relation: stem(parent), batchId });
  return {
    name: `references.${parent.id}`,
    sql: `INSERT INTO ${stagingRows(dialect, parent)} (${names})\nSELECT DISTINCT ${landedKeys(dialect, parent)} FROM ${rows}`,
  };
}

/** Loads the parents' keys of a foreign key from its file. */
export async function loadReference(
  session: Session,
  { key, parent, file }: Reference,
  { dialect, tools }: { dialect: Dialect; tools: TrialTools },
): Promise<void> {
  const reader = tools.readers.plain(parent.contract.columns);
  const found = await readFile(file, stem(parent), { reader, tools });
  const says = unfit(found);
  const { object, columns } = key.parent;
  if (says !== null) throw new Failure("usage", referenceUnfit({ path: file.path, object, says, columns }));
  for (const statement of stagingDdl(dialect, parent)) await session.run(statement);
  const batchId = parent.id;
  await session.loadRaw({ feed: parent.id, relation: stem(parent), batchId, columns: found.columns, files: [found.raw] });
  await session.run(enterKeys(dialect, parent, batchId));
}
