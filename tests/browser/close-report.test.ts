import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closePage } from "../../src/cli/close-page.ts";
import type { Tie } from "../../src/config/pipeline.ts";
import type { CloseReport } from "../../src/documents/close-report.ts";
import { WAITING_AGES } from "../../src/quarantine/waiting-ages.ts";
import { BREAK_CLASSES } from "../../src/reconcile/break-class.ts";
import type { Break } from "../../src/reconcile/kept-breaks.ts";
import { standingOf } from "../../src/reconcile/standing.ts";
import { openDesk } from "../support/desk.ts";

const BROWSER = process.env["LEDGERLOOP_TEST_BROWSER"] ?? "chromium";
const NOW = new Date("2026-11-05T06:00:00Z");

/** What would run, or break the page, were it taken for markup. */
const NASTY = `<img src=x onerror="parent.alerted=1">'&amp;</td></table><script>parent.alerted=2</script>`;

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-browser-"));

function breakOf(i: number): Break {
  return {
    ...{
      id: `brk_${String(i).padStart(10, "0")}`,
      event: "found",
      leg: "R1",
      of: "billing.invoices",
      compares: "rows, with the source",
    },
    ...{
      keyText: String(i),
      class: BREAK_CLASSES[i % BREAK_CLASSES.length] ?? "amount",
      key: { id: i < 3 ? `${NASTY}${"x".repeat(300)}` : `inv_${i}` },
    },
    ...{
      why: "differs",
      columns: ["amount_due_minor", "description"],
      source: null,
      live: null,
      scope: null,
      print: "",
      says: [],
      extent: null,
    },
    sourceMoney: { currency: "EUR", minor: BigInt(i) * 10n ** 15n },
    liveMoney: { currency: "EUR", minor: 1n },
    ...{ reason: null, until: null, to: null, proofId: "p", number: 3n, actor: "a", at: "2026-11-04T02:00:00Z" },
    ...{ foundAt: "2026-11-03T02:00:00Z", isOpen: true, assignee: NASTY, acceptance: null, healings: [] },
  };
}

function report(): CloseReport {
  const proof = { result: "equal", extent: { by: "all" }, base: null, provedAt: "2026-11-05T02:00:00Z" } as const;
  return {
    ...{ pipeline: NASTY, environment: "local", now: NOW, publications: [{ group: "billing", number: 3n }] },
    period: { from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" },
    breaks: Array.from({ length: 30 }, (_, i) => breakOf(i)),
    rolls: [{ class: "amount", opening: 1, found: 2, reclassified: 0, cleared: 1, closing: 2 }],
    waiting: WAITING_AGES.map((age, i) => ({
      ...{ feed: "billing.invoices", kind: "quarantined", reasons: [NASTY, "currency.accepted"], currency: "EUR", age },
      ...{ rows: BigInt(10 ** i), minor: 123_456n },
    })),
    proofs: Array.from({ length: 40 }, (_, i) => ({
      ...{ leg: "R1", of: `feed.of.a.long.name.${i}`, compares: "rows, with the source", group: "billing" },
      ...{ standing: standingOf([proof]), last: null },
    })),
    equations: [
      {
        ...{ feed: "billing.invoices", result: "equal", provedAt: proof.provedAt, asOf: proof.provedAt },
        terms: [{ term: "equal", currency: "EUR", sourceRows: 9n, sourceMinor: 9n, liveRows: 9n, liveMinor: 9n }],
      },
    ],
    found: [
      {
        what: NASTY,
        by: "R1",
        within: `28 nights; ${NASTY}`,
        inRounds: ["billing.invoices", "a.feed.of.a.long.name"],
        never: ["x"],
      },
    ],
    ties: [
      {
        ...{ name: "tied", result: "different", why: null, provedAt: proof.provedAt },
        lines: ["one", "other"].map((side, i) => ({
          ...{ period: "2026-11", side, currency: "EUR", class: "amount" as const, keys: 1n, rows: 1n, minor: BigInt(i + 5) },
        })),
      },
      { ...{ name: "untold", result: "not_proven", why: NASTY, provedAt: proof.provedAt }, lines: [] },
    ],
    asOf: { sources: [{ source: "billing", as_of: null, says: NASTY, feeds: [] }], tables: [] },
  };
}

/** A page that shows the report in frames of some widths, and writes down what it finds there. */
const frames = (widths: readonly number[]) => `<!doctype html><meta charset="utf-8"><body><pre id="found"></pre><script>
const found = [];
const luminance = (color) => {
  const parts = color.match(/[\\d.]+/g).slice(0, 3).map((n) => n / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
};
const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
for (const width of ${JSON.stringify(widths)}) {
  const frame = document.createElement("iframe");
  frame.style.cssText = "border: 0; width: " + width + "px; height: 900px";
  frame.src = "close.html";
  frame.onload = () => {
    const page = frame.contentDocument, root = page.documentElement, view = frame.contentWindow;
    const paper = view.getComputedStyle(page.body).backgroundColor;
    const texts = [...page.querySelectorAll("h1, h2, p, .tile, .tile b, th, td")];
    found.push({
      width, paper,
      overflow: root.scrollWidth - root.clientWidth,
      scripts: page.scripts.length,
      images: page.images.length,
      tiles: [...page.querySelectorAll(".tile")].filter((tile) => tile.scrollWidth > tile.clientWidth + 1).length,
      rows: page.querySelectorAll("tbody tr").length,
      drawings: page.querySelectorAll("svg rect").length,
      contrast: Math.min(...texts.map((text) => contrast(view.getComputedStyle(text).color, paper))),
    });
    document.getElementById("found").textContent = JSON.stringify({ found, alerted: window.alerted ?? null });
  };
  document.body.append(frame);
}
</script>`;

const chromium = (...args: readonly string[]) =>
  execFileSync(BROWSER, ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1e8,
  });

interface Looked {
  readonly width: number;
  readonly paper: string;
  readonly overflow: number;
  readonly scripts: number;
  readonly images: number;
  readonly tiles: number;
  readonly rows: number;
  readonly drawings: number;
  readonly contrast: number;
}

function look(...args: readonly string[]): { found: Looked[]; alerted: unknown } {
  const dom = chromium(...args, "--virtual-time-budget=10000", "--dump-dom", `file://${join(folder, "frames.html")}`);
  const text = /<pre id="found">([\s\S]*?)<\/pre>/.exec(dom)?.[1] ?? "";
  return JSON.parse(text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")) as ReturnType<typeof look>;
}

beforeAll(async () => {
  await using desk = openDesk("billing", join(import.meta.dirname, "../fixtures/pipelines/billing"));
  const sides = ["one", "other"].map((name) => ({ name })) as unknown as Tie["sides"];
  const ties = new Map(["tied", "untold"].map((name) => [name, { name, sides } as Tie]));
  writeFileSync(join(folder, "close.html"), closePage(report(), { ...desk.pipeline, ties }));
  writeFileSync(join(folder, "frames.html"), frames([420, 1280]));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["light", "rgb(255, 255, 255)", "1"],
  ["dark", "rgb(22, 27, 34)", "0"],
])("in %s, narrow and wide, the page shows everything, runs nothing, and can be read", (_scheme, paper, scheme) => {
  const { found, alerted } = look(`--blink-settings=preferredColorScheme=${scheme}`);
  expect(alerted).toBe(null);
  expect(found.map(({ width }) => width).sort()).toEqual([1280, 420]);
  for (const one of found) {
    expect(one).toMatchObject({ paper, overflow: 0, scripts: 0, images: 0, tiles: 0 });
    expect(one.rows).toBeGreaterThan(30);
    expect(one.drawings).toBeGreaterThan(40);
    expect(one.contrast).toBeGreaterThan(4.5);
  }
});

test("in print what stands is the first page, and the rest follows", () => {
  const pdf = join(folder, "close.pdf");
  chromium(`--print-to-pdf=${pdf}`, `file://${join(folder, "close.html")}`);
  const pages = readFileSync(pdf, "latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(2);
  expect(pages).toBeLessThan(12);
});
