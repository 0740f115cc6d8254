import type { Sink } from "../../source.ts";

const AT_ONCE = 16;

type Written = Awaited<ReturnType<Sink>>;

/** Row files on their way to where they land. */
export interface Landing {
  /** Waits until one more may be begun. @throws what one that was begun failed with. */
  room(): Promise<void>;
  /** Begins a row file. It may fail without anybody waiting for it. */
  begin(name: string, bytes: AsyncIterable<Uint8Array>): Promise<Written>;
  /** Waits for all that were begun. @throws as `room`. */
  end(): Promise<void>;
  /** Waits for all that were begun, whatever becomes of them. */
  close(): Promise<void>;
}

/**
 * Lands row files while the next files are looked at.
 * @param isFailure whether an error of one means that nothing more is to be landed.
 */
export function landBehind(sink: Sink, isFailure: (error: unknown) => boolean): Landing {
  const begun = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | null = null;
  const check = () => {
    if (failed) throw failed.error;
  };
  const close = async () => {
    await Promise.all(begun);
  };
  return {
    room: async () => {
      while (begun.size >= AT_ONCE) await Promise.race(begun);
      check();
    },
    begin: (name, bytes) => {
      const written = sink(name, bytes);
      const noted = written.then(
        () => undefined,
        (error: unknown) => {
          if (isFailure(error)) failed ??= { error };
        },
      );
      const ended = noted.then(() => {
        begun.delete(ended);
      });
      begun.add(ended);
      return written;
    },
    end: async () => {
      await close();
      check();
    },
    close,
  };
}
