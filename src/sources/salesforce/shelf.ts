import { type PagePacks, pagePacks } from "../pages/page-packs.ts";
import type { Page } from "../pages/warc.ts";
import type { Evidence, EvidenceSink } from "../source.ts";

/** Pages that an attempt before has kept. */
export interface KeptPages {
  readonly evidence: readonly Evidence[];
  readonly pages: number;
}

/** Keeps the pages of a feed, and numbers them through. */
export interface Shelf {
  /** Keeps a page. @returns its number in the extract. */
  add(page: Page): Promise<number>;
  /** Pages so far. */
  count(): number;
  bytes(): number;
  /** Bytes that are on their way and not yet durable. */
  unsettled(): number;
  /** Makes all pages durable that were added. @returns all evidence so far. */
  settle(): Promise<readonly Evidence[]>;
  /** Gives up what is being written. */
  abandon(reason: unknown): Promise<void>;
}

const NOTHING: KeptPages = { evidence: [], pages: 0 };

/** A shelf behind what was kept before. @param name what its files are called: `account`. */
export function pageShelf(sink: EvidenceSink, name: string, kept = NOTHING): Shelf {
  const evidence = [...kept.evidence];
  let [pages, bytes] = [kept.pages, 0];
  let packs: PagePacks | null = null;
  const begin = () => {
    const part = String(evidence.length).padStart(4, "0");
    return pagePacks(sink, { name: `${name}-${part}` });
  };
  return {
    add: async (page) => {
      packs ??= begin();
      await packs.add(page);
      pages += 1;
      bytes += page.body.length;
      return pages;
    },
    count: () => pages,
    bytes: () => bytes,
    unsettled: () => packs?.bytes() ?? 0,
    settle: async () => {
      const closed = (await packs?.close()) ?? [];
      packs = null;
      evidence.push(...closed);
      return [...evidence];
    },
    abandon: async (reason) => {
      await packs?.abandon(reason);
      packs = null;
    },
  };
}
