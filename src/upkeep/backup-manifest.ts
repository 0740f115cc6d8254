import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../kernel/problem.ts";
import { backupNewer, notABackup } from "./problems.ts";

/** The newest layout of a backup that this code writes and reads. */
const SCHEMA = 1;

const MANIFEST = z.strictObject({
  schema: z.literal(SCHEMA),
  backup_id: z.string(),
  pipeline: z.string(),
  created_at: z.string(),
  code_version: z.string(),
  actor: z.string(),
  /** Last publication of each group, decimal text. */
  heads: z.array(z.strictObject({ group: z.string(), number: z.string() })),
  control_schema: z.int(),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});

/** What a finished backup says of itself; written last. Paths are relative to the backup's folder. */
export type BackupManifest = z.infer<typeof MANIFEST>;

export const MANIFEST_FILE = "manifest.json";

/** Makes a manifest of today's layout. */
export function backupManifest(parts: Omit<BackupManifest, "schema">): BackupManifest {
  return { schema: SCHEMA, ...parts };
}

function parsed(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure("usage", notABackup(folder, `${MANIFEST_FILE} is no JSON`), { cause });
  }
}

/**
 * The manifest of a backup.
 * @throws Failure `usage` when the folder is no backup, or one of a newer version.
 */
export async function readBackupManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST_FILE), "utf8").catch(() => null);
  if (text === null) throw new Failure("usage", notABackup(folder, `it has no ${MANIFEST_FILE}`));
  const value = parsed(text, folder);
  const schema = value !== null && typeof value === "object" && "schema" in value ? value.schema : undefined;
  if (typeof schema === "number" && schema > SCHEMA) throw new Failure("usage", backupNewer(schema));
  const read = MANIFEST.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Failure("usage", notABackup(folder, `${MANIFEST_FILE}: ${issue?.path.join(".")}: ${issue?.message}`));
}
