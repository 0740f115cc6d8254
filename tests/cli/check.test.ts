import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { documentedShapes, misfits } from "./shape.ts";
import { ledgerloop } from "./small-run.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-check-cli-"));
const EXAMPLE = "examples/partner-file";
const FILE = `${EXAMPLE}/payments-2026-11.csv`;
const BY_CONTRACT = ["--contract", `${EXAMPLE}/payments.odcs.yaml`];
const WITH_CUSTOMERS = [...BY_CONTRACT, "--reference", `customers=${EXAMPLE}/customers.csv`];

const write = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const [HEADER = "", ...ROWS] = readFileSync(FILE, "utf8").trim().split("\n");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the example's document has the documented shape and every number", async () => {
  const empty = write("empty.csv", "");
  const { code, out, err } = await ledgerloop(["check", FILE, empty, ...WITH_CUSTOMERS, "--json"]);
  const document = JSON.parse(out);
  expect(misfits(documentedShapes().get("check") ?? "null", document)).toEqual([]);
  expect(code).toBe(10);
  expect(document).toMatchObject({ ok: false, rows: 14, valid: 5, copies: 1, quarantined: 8, malformed: 1 });
  expect(document.files[0]).toMatchObject({ path: FILE, rows: 14, valid: 5, quarantined: 8, malformed: 1, stopped: null });
  expect(document.files[1]).toMatchObject({ path: empty, rows: 0, stopped: { reason: "empty" } });
  expect(document.totals).toContainEqual({
    column: "amount",
    currency: "EUR",
    all: "320.80",
    valid: "99.80",
    quarantined: "221.00",
  });
  expect(err).toContain("judging 14 rows");
});

test("people see files, rules, combinations, money, copies and what was not run", async () => {
  const { code, out } = await ledgerloop(["check", FILE, ...BY_CONTRACT]);
  expect(code).toBe(10);
  expect(out).toContain("14 rows: 6 valid (1 is a copy), 7 quarantined, 1 malformed");
  expect(out).toMatch(/rules that failed\nrows .*\n.*\n +2 {2}payment_id\.unique/);
  expect(out).toMatch(/JPY +5412\.50 +5400\.00 +12\.50/);
  expect(out).toContain("record 10 repeats record 2");
  expect(out).toContain("not run: customer_id.foreign_key: the keys of customers are not known; add --reference customers=FILE");
  expect(out).toContain("fail: the file does not keep partner.payments 1.0.0");
});

test("no value of a row but currencies is shown", async () => {
  for (const more of [[], ["--json"]]) {
    const { out, err } = await ledgerloop(["check", FILE, ...WITH_CUSTOMERS, ...more]);
    for (const value of ["pay_10", "payed", "reminder", "31.11.2026", "SUM(", "cus_"])
      expect(`${out}${err}`).not.toContain(value);
  }
});

test("exit code 0 for files that keep the contract", async () => {
  const good = write("good.csv", `${HEADER}\n${ROWS.slice(0, 4).join("\n")}\n`);
  const { code, out } = await ledgerloop(["check", good, write("none.csv", `${HEADER}\n`), ...WITH_CUSTOMERS.slice(0, 2)]);
  expect([code, out.split("\n").at(-2)]).toEqual([0, "ok: the 2 files keep partner.payments 1.0.0"]);
});

test("the quarantine folder is written beside the answer", async () => {
  const bad = join(folder, "bad");
  const { code, err } = await ledgerloop(["check", FILE, ...BY_CONTRACT, "--quarantine-dir", bad]);
  expect([code, readdirSync(bad).sort()]).toEqual([10, ["payments-2026-11.csv", "payments-2026-11.raw"]]);
  expect(err).toContain(`writing ${bad}`);
});

test.each([
  { what: "no contract", args: [FILE], says: /next: `ledgerloop check FILE --contract CONTRACT\.odcs\.yaml`/ },
  { what: "no file", args: BY_CONTRACT, says: /missing required argument 'file'/ },
  { what: "a missing file", args: [FILE, "nowhere.csv", ...BY_CONTRACT], says: /nowhere\.csv is not there, or cannot be read/ },
  { what: "a folder", args: ["examples", ...BY_CONTRACT], says: /examples is no file/ },
  { what: "a missing contract", args: [FILE, "--contract", "nowhere.yaml"], says: /nowhere\.yaml is not there/ },
  { what: "a contract that is none", args: [FILE, "--contract", "package.json"], says: /package\.json:\d+:\d+: / },
  { what: "a layout without its file", args: [FILE, ...BY_CONTRACT, "--layout", "acme"], says: /neither goes without the other/ },
  {
    what: "a reference without a file",
    args: [FILE, ...BY_CONTRACT, "--reference", "customers"],
    says: /--reference customers names no/,
  },
  {
    what: "an unknown reference",
    args: [FILE, ...BY_CONTRACT, "--reference", `custmers=${FILE}`],
    says: /did you mean "customers"\?/,
  },
])("$what is exit code 2, and nothing is answered", async ({ args, says }) => {
  const { code, out, err } = await ledgerloop(["check", ...args]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(says);
});

test("nothing is left in the folder for temporary files", async () => {
  const temporary = mkdtempSync(join(folder, "of-its-own-"));
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  await ledgerloop(["check", FILE, ...BY_CONTRACT]);
  await ledgerloop(["check", FILE, ...WITH_CUSTOMERS.slice(0, -1), `customers=${FILE}`]);
  expect(readdirSync(temporary)).toEqual([]);
});

test("nor where the program is stopped while it reads", async () => {
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const rows = Array.from({ length: 100_000 }, (_, i) => `pay_${i},cus_1,succeeded,EUR,1.00,2026-11-01,`);
  const large = write("large.csv", `${HEADER}\n${rows.join("\n")}\n`);
  const args = ["--import", "tsx", "src/bin.ts", "check", large, large, ...BY_CONTRACT];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await once(child.stderr, "data");
  child.kill("SIGTERM");
  await once(child, "exit");
  expect(readdirSync(temporary).filter((name) => name.startsWith("ledgerloop-"))).toEqual([]);
});

test("dates and booleans that a contract has formats for are read by these", async () => {
  const head =
    "apiVersion: v3.1.0\nkind: DataContract\nid: f\nversion: 1.0.0\nstatus: active\nteam: { name: t }\nschema:\n  - name: f\n    properties:\n";
  const formatted = (name: string, type: string, format: string) =>
    `      - { name: ${name}, logicalType: ${type}, customProperties: [{ property: format, value: ${format} }] }\n`;
  const columns = [
    "      - { name: id, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1 }\n",
    formatted("day", "date", "dd.MM.yyyy"),
    formatted("paid", "boolean", '{ true: ["Y"], false: ["N"] }'),
  ];
  const contract = write("formats.odcs.yaml", `${head}${columns.join("")}`);
  const file = write("formats.csv", "id,day,paid\na,31.12.2026,Y\nb,01.02.2026,N\nc,2026-12-31,Y\nd,31.12.2026,true\n");
  const { out } = await ledgerloop(["check", file, "--contract", contract, "--json"]);
  const document = JSON.parse(out);
  expect(document).toMatchObject({ rows: 4, valid: 2, quarantined: 2, malformed: 0 });
  expect(document.combinations).toEqual([
    { rules: ["day.type"], rows: 1 },
    { rules: ["paid.type"], rows: 1 },
  ]);
});
