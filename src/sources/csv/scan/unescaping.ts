import type { Layout } from "./layout.ts";

const MEANING = /[\\^$.*+?()[\]{}|/-]/g;
const plain = (text: string) => text.replace(MEANING, "\\$&");

/** Takes the marks off that stand before quotes, or before themselves, in the text of a quoted field. */
export function unescaping({ quote, escape: mark }: Pick<Layout, "quote" | "escape">): (text: string) => string {
  if (mark === null || quote === null) return (text) => text;
  const escaped = new RegExp(`${plain(mark)}(${plain(mark)}|${plain(quote)})`, "g");
  return (text) => text.replace(escaped, "$1");
}
