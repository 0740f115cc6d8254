import { malformed, type Refusal } from "../api/refusal.ts";
import { placeOf, type Token, tokensOf } from "./tokens.ts";

/** Reads a query's tokens one after another. */
export interface Reader {
  peek(): Token;
  next(): Token;
  /** Takes the next token where it is this word or sign. */
  takes(text: string): boolean;
  /** Takes the next token, which has to be this word or sign. */
  expect(text: string): void;
  /** Takes a name. */
  name(): string;
  place(): string;
  /** What the service says of a token that it did not expect. */
  unexpected(): Refusal;
}

const END: Token = { kind: "end", text: "<EOF>", at: 0 };

/** A reader at the beginning of a query. */
export function readerOf(soql: string): Reader {
  const tokens = tokensOf(soql);
  let at = 0;
  const peek = () => tokens[at] ?? END;
  const next = () => {
    const token = peek();
    at += 1;
    return token;
  };
  const place = () => placeOf(soql, peek().at);
  const unexpected = () => malformed(`${place()}\nunexpected token: '${peek().text}'`);
  const takes = (text: string) => {
    const { kind, text: found } = peek();
    if ((kind !== "word" && kind !== "sign") || found.toUpperCase() !== text) return false;
    at += 1;
    return true;
  };
  return {
    peek,
    next,
    takes,
    expect: (text) => {
      if (!takes(text)) throw unexpected();
    },
    name: () => {
      if (peek().kind !== "word") throw unexpected();
      return next().text;
    },
    place,
    unexpected,
  };
}
