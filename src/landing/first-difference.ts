/** A stream that can be looked into before it is taken. */
function peekable(stream: AsyncIterable<Uint8Array>) {
  const iterator = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let ended = false;
  return {
    /** The next bytes, empty at the end only. */
    peek: async (): Promise<Uint8Array> => {
      while (rest.length === 0 && !ended) {
        const { done, value } = await iterator.next();
        if (done) ended = true;
        else rest = value;
      }
      return rest;
    },
    skip: (bytes: number): void => {
      rest = rest.subarray(bytes);
    },
    close: async (): Promise<void> => {
      if (!ended) await iterator.return?.();
    },
  };
}

/**
 * Where two streams first differ, as an offset in bytes; the end of the shorter one counts. Null where they are equal. Holds one
 * chunk of each, and closes both.
 */
export async function firstDifference(left: AsyncIterable<Uint8Array>, right: AsyncIterable<Uint8Array>): Promise<number | null> {
  const [a, b] = [peekable(left), peekable(right)];
  try {
    for (let at = 0; ; ) {
      const [x, y] = [await a.peek(), await b.peek()];
      const length = Math.min(x.length, y.length);
      if (length === 0) return x.length === y.length ? null : at;
      if (Buffer.compare(x.subarray(0, length), y.subarray(0, length)) !== 0) return at + x.findIndex((byte, i) => byte !== y[i]);
      a.skip(length);
      b.skip(length);
      at += length;
    }
  } finally {
    await a.close();
    await b.close();
  }
}
