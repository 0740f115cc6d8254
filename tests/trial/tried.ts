import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tryFiles } from "../../src/app/trial.ts";
import type { Trial, TrialAsked, TrialEvent } from "../../src/trial/trial.ts";

/** A contract with every kind of thing that can go wrong with a row of a file. */
export const CONTRACT = `apiVersion: v3.1.0
kind: DataContract
id: partner.lines
version: 2.1.0
status: active
team: { name: finance }
schema:
  - name: lines
    properties:
      - { name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1, required: true }
      - { name: name, physicalName: Full name, logicalType: string, required: true }
      - { name: currency, logicalType: string, logicalTypeOptions: { pattern: '^[A-Z]{3}$' } }
      - name: amount
        logicalType: number
        physicalType: NUMERIC(12,3)
        customProperties: [{ property: money, value: { unit: major, currency: currency } }]
      - name: fee_minor
        logicalType: integer
        customProperties: [{ property: money, value: { unit: minor, currency: currency } }]
      - { name: paid_on, logicalType: date }
      - name: customer_id
        logicalType: string
        relationships:
          - to: customers.customer_id
`;

export const HEADER = "id,Full name,currency,amount,fee_minor,paid_on,customer_id";

/** Lines of a file with its header. */
export function lines(...rows: readonly string[]): string {
  return `${[HEADER, ...rows].join("\n")}\n`;
}

/** A folder of files that are tried. */
export interface TrialPlace extends Disposable {
  readonly folder: string;
  /** Writes a file. @returns its path. */
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  /** Tries files by the contract of this place. */
  try(files: readonly string[], asked?: Partial<TrialAsked>, tell?: (event: TrialEvent) => void): Promise<Trial>;
}

/** A folder of its own with the contract in it. */
export function trialPlace(contract: string = CONTRACT): TrialPlace {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-tried-"));
  const path = (name: string) => join(folder, name);
  writeFileSync(path("contract.odcs.yaml"), contract);
  const nothing = { contract: path("contract.odcs.yaml"), layout: null, references: new Map(), quarantine: null };
  return {
    folder,
    write: (name, content) => {
      writeFileSync(path(name), content);
      return path(name);
    },
    read: (name) => readFileSync(path(name), "utf8"),
    try: (files, asked = {}, tell = () => undefined) => tryFiles({ ...nothing, files, ...asked }, tell),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The rules that rows broke, and how many did. */
export function failedOf({ rules }: Trial): Record<string, number | string> {
  return Object.fromEntries(
    rules.flatMap(({ id, failed }) => (failed === 0n ? [] : [[id, failed === "not_run" ? failed : Number(failed)]])),
  );
}

/** The counts of rows as plain numbers. */
export function countsOf({
  rows,
  valid,
  copies,
  quarantined,
  malformed,
}: Pick<Trial, "rows" | "valid" | "copies" | "quarantined" | "malformed">) {
  return [rows, valid, copies, quarantined, malformed].map(Number);
}
