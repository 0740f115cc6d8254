import { boundText } from "../reconcile/extent.ts";
import type { LastProof } from "../reconcile/kept-proofs.ts";
import { oldestLook, type Piece } from "../reconcile/standing.ts";
import { LOOKS, lookOf, lookWords, type When } from "./coverage.ts";
import { escaped } from "./markup.ts";

const ROW = 26;
const [COMPARES, LEFT, WIDTH, RIGHT] = [240, 510, 480, 190];
const TOP = 64;

const STYLE = `
    :root { --ink: #1f2933; --dim: #5f6b7a; --paper: #ffffff; --day: #1b7f5c; --week: #57a98a; --round: #a5d0bf; --older: #e3b341; --never: #dfe3e8; --different: #c0392b; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6e9ee; --dim: #9aa5b1; --paper: #161b22; --day: #39c08f; --week: #2a8d69; --round: #1f5f49; --older: #b5852a; --never: #30363d; --different: #e5604f; }
    }
    text { font: 13px system-ui, sans-serif; fill: var(--ink); }
    .dim { fill: var(--dim); font-size: 12px; }
    .title { font-weight: 600; font-size: 15px; }
    ${LOOKS.map((look) => `.${look} { fill: var(--${look}); }`).join(" ")}`;

const stretchText = ({ from, to, last }: Piece) =>
  `${boundText(from) ?? "first"} to ${boundText(to) ?? "last"}: ${last === null ? "never compared" : `${last.result}, ${last.provedAt}`}`;

function bar({ standing }: LastProof, y: number, when: When): string[] {
  const { pieces } = standing;
  const step = WIDTH / pieces.length;
  const gap = pieces.length > 1 && step > 4 ? 1 : 0;
  return pieces.map((piece, i) => {
    const [x, width] = [LEFT + i * step, Math.max(step - gap, 0.5)];
    const title = `<title>${escaped(stretchText(piece))}</title>`;
    return `  <rect class="${lookOf(piece, when)}" x="${x.toFixed(1)}" y="${y + 5}" width="${width.toFixed(1)}" height="${ROW - 10}">${title}</rect>`;
  });
}

function row(proof: LastProof, y: number, when: When): string[] {
  const { leg, of, compares, standing, last } = proof;
  const oldest = oldestLook(standing);
  const since =
    oldest === null ? (last === null ? "never compared" : "something never compared") : `since ${oldest.slice(0, 10)}`;
  return [
    `  <text x="16" y="${y + 18}">${leg} ${escaped(of)}</text>`,
    `  <text class="dim" x="${COMPARES}" y="${y + 18}">${escaped(compares)}</text>`,
    ...bar(proof, y, when),
    `  <text class="dim" x="${LEFT + WIDTH + 12}" y="${y + 18}">${since}</text>`,
  ];
}

function legend(nights: number): string[] {
  const step = WIDTH / LOOKS.length;
  return LOOKS.flatMap((look, i) => [
    `  <rect class="${look}" x="${(LEFT + i * step).toFixed(0)}" y="36" width="11" height="11"/>`,
    `  <text class="dim" x="${(LEFT + i * step + 15).toFixed(0)}" y="46">${look === "different" ? "differs" : lookWords(look, nights).replace("within ", "≤ ")}</text>`,
  ]);
}

/**
 * Draws how long ago everything was compared last, and how that ended: a line for each comparison, a box for each of its stretches, the oldest
 * dates or publications first. One file for any viewer, in light and dark, without script.
 */
export function coverageSvg(proofs: readonly LastProof[], when: When): string {
  const height = TOP + proofs.length * ROW + 16;
  const width = LEFT + WIDTH + RIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `  <title>What was compared, and when</title>`,
    `  <style>${STYLE}\n  </style>`,
    `  <rect x="0" y="0" width="${width}" height="${height}" style="fill: var(--paper)"/>`,
    `  <text class="title" x="16" y="26">What was compared, and when</text>`,
    `  <text class="dim" x="16" y="46">as of ${when.now.toISOString().slice(0, 16)}Z</text>`,
    ...legend(when.nights),
    ...proofs.flatMap((proof, i) => row(proof, TOP + i * ROW, when)),
    "</svg>",
    "",
  ].join("\n");
}
