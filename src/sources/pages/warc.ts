import { createHash } from "node:crypto";
import { Failure } from "../../kernel/problem.ts";
import { pageTorn } from "./problems.ts";

/** An answer of an API as it was received. */
export interface Page {
  /** The whole address, without anything secret. */
  readonly url: string;
  readonly status: number;
  /** Headers that were kept, by names in lower case; none that is secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** The API's own now, ISO 8601 in UTC. */
  readonly date: string;
  readonly body: Uint8Array;
}

const END = "\r\n";
const BEHIND = Buffer.from(END + END);

/** A name for the record that equal answers share: a UUID of version 8 made of their hash. */
function recordId(hash: string): string {
  const variant = ((Number.parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `${variant}${hash.slice(18, 20)}`];
  return `<urn:uuid:${parts.join("-")}-${hash.slice(20, 32)}>`;
}

/**
 * An answer as one record of the Web ARChive format (ISO 28500:2017, type `response`), not packed. The transfer's own framing is
 * replaced by a length.
 */
export function warcRecord({ url, status, headers, date, body }: Page): Buffer {
  const sha256 = createHash("sha256").update(body).digest("hex");
  const kept = Object.entries({ ...headers, "content-length": String(body.length) });
  const head = [`HTTP/1.1 ${status}`, ...kept.map(([name, value]) => `${name}: ${value}`)].join(END) + END + END;
  const block = Buffer.concat([Buffer.from(head), body]);
  const id = recordId(createHash("sha256").update(`${url}\n${date}\n`).update(block).digest("hex"));
  const lines = [
    "WARC/1.1",
    "WARC-Type: response",
    `WARC-Record-ID: ${id}`,
    `WARC-Date: ${date}`,
    `WARC-Target-URI: ${url}`,
    `WARC-Payload-Digest: sha256:${sha256}`,
    "Content-Type: application/http;msgtype=response",
    `Content-Length: ${block.length}`,
  ];
  return Buffer.concat([Buffer.from(lines.join(END) + END + END), block, BEHIND]);
}

/** Takes bytes off a stream in the sizes that are asked for. */
function byteReader(bytes: AsyncIterable<Uint8Array>) {
  const chunks = bytes[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { done, value } = await chunks.next();
    if (done) return false;
    held = held.length === 0 ? Buffer.from(value.buffer, value.byteOffset, value.length) : Buffer.concat([held, value]);
    return true;
  };
  const take = (length: number) => {
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  };
  return {
    /** The text before the next mark, which is taken too; null at the end. */
    before: async (mark: Buffer): Promise<string | null> => {
      let from = 0;
      for (;;) {
        const at = held.indexOf(mark, from);
        if (at >= 0) return take(at + mark.length).toString("utf8", 0, at);
        from = Math.max(0, held.length - mark.length + 1);
        if (!(await more())) {
          if (held.length > 0) throw new Failure("incomplete", pageTorn());
          return null;
        }
      }
    },
    exactly: async (length: number): Promise<Buffer> => {
      const parts: Buffer[] = [];
      let missing = length;
      while (missing > 0) {
        if (held.length === 0 && !(await more())) throw new Failure("incomplete", pageTorn());
        const part = take(missing);
        parts.push(part);
        missing -= part.length;
      }
      return Buffer.concat(parts, length);
    },
    end: async () => {
      await chunks.return?.();
    },
  };
}

function fieldsOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(": ");
      if (at < 0) throw new Failure("incomplete", pageTorn());
      return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
    }),
  );
}

/**
 * The answers in unpacked records that `warcRecord` wrote.
 * @throws Failure `incomplete` where the bytes are none, or end inside one.
 */
export async function* readWarc(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Page> {
  const reader = byteReader(bytes);
  try {
    for (let head = await reader.before(BEHIND); head !== null; head = await reader.before(BEHIND)) {
      const [version, ...lines] = head.split(END);
      const fields = fieldsOf(lines);
      const length = fields["content-length"] ?? "";
      if (version !== "WARC/1.1" || !/^\d{1,12}$/.test(length)) throw new Failure("incomplete", pageTorn());
      const block = await reader.exactly(Number(length));
      if (!BEHIND.equals(await reader.exactly(BEHIND.length))) throw new Failure("incomplete", pageTorn());
      const at = block.indexOf(BEHIND);
      const [status = "", ...headers] = block.toString("utf8", 0, at).split(END);
      yield {
        url: fields["warc-target-uri"] ?? "",
        date: fields["warc-date"] ?? "",
        status: Number(status.split(" ")[1]),
        headers: fieldsOf(headers),
        body: block.subarray(at + BEHIND.length),
      };
    }
  } finally {
    await reader.end();
  }
}
