import type { Stop } from "./scan/file-facts.ts";

/** What to do about a file that is stopped. */
export const STOP_NEXT: Readonly<Record<Stop, string>> = {
  empty: "send the file again; one without rows still has its header",
  encoding: "save it in the layout's encoding (UTF-8 where nothing was agreed), or declare the encoding that it has",
  header: "send the agreed columns under their agreed names and in their order, or declare a layout for these",
  preamble: "send the lines before the header as agreed, or correct skip_lines and preamble of the layout",
  trailer: "send the file again: it may be cut off; where it is whole, correct the count or sum in its last line",
  manifest: "send file and manifest again; where both are whole, correct what the manifest states, or the pattern of the layout",
  two_tables: "send one table a file",
  bad_share: "look at the delimiter, the decimal mark and the date format: the layout is most likely that of another file",
  gzip: "send the file again: it arrived damaged or cut off",
  too_large: "send it in parts, or raise max_file_bytes of the layout",
  kind_of_file: "save it as CSV; a file packed with gzip has a name that ends in .gz",
};
