import type { Model, Pipeline } from "./pipeline.ts";

/** The curated tables that a model reads, each once. */
export function tablesRead({ touches }: Pick<Model, "touches">): string[] {
  return [...new Set(touches.flatMap((touch) => ("table" in touch ? [touch.table] : [])))];
}

/** Ids of the feeds whose changes reach a model's keys, directly or through curated tables before it; each once. */
export function feedsReaching({ models }: Pick<Pipeline, "models">, model: Model): string[] {
  const feeds = new Set<string>();
  const seen = new Set<string>();
  const visit = ({ table, touches }: Model) => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const touch of touches) {
      if ("feed" in touch) feeds.add(touch.feed);
      const before = "table" in touch && models.get(touch.table);
      if (before) visit(before);
    }
  };
  visit(model);
  return [...feeds];
}
