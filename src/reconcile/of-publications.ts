import { boundsOf } from "../kernel/half-open.ts";
import { and, or } from "../warehouse/sql-text.ts";
import type { Extent } from "./extent.ts";

/** The condition of the numbers of an extent's publications; null for all. */
export function ofPublications(extent: Extent): ((number: string) => string) | null {
  switch (extent.by) {
    case "all":
      return null;
    case "touched":
      return (number) => `${number} > ${extent.since.publication}`;
    case "stretches":
      return (number) =>
        `(${or(
          extent.of.map((stretch) => {
            const bounds = boundsOf(number, stretch, (text) => String(BigInt(text)));
            return bounds.length === 0 ? "1 = 1" : and(bounds);
          }),
        )})`;
  }
}
