const PIECE = 1 << 20;

/**
 * How much of a file of so many bytes is read at once. The reader of Node reserves that for each read, the one that finds the end too: a
 * thousand small files reserved two gigabytes, and the collector was busy with nothing else.
 */
export const pieceOf = (bytes: number): number => Math.min(PIECE, bytes + 1);
