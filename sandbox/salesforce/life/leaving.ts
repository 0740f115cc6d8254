import { type Act, drawn, idOf, type Living, leaves, money } from "./living.ts";

const MINUTE_MS = 60_000;

/** Two accounts turn out to be the same. */
export const mergeAccounts: Act = (living) => {
  const { org, stage } = living;
  const [winner, loser] = [drawn(living, stage.accounts), drawn(living, stage.accounts)];
  if (!winner || !loser || winner === loser) return;
  org.books.merge(idOf(winner), idOf(loser));
  leaves(stage.accounts, idOf(loser));
  stage.binned.push(idOf(loser));
  living.tell("merge of accounts");
};

/** A row goes into the recycle bin. */
export const remove: Act = (living) => {
  const { org, random, stage } = living;
  const list = random.pick([stage.contacts, stage.opportunities, stage.orders]);
  const row = drawn(living, list);
  if (!row) return;
  org.books.delete(idOf(row));
  leaves(list, idOf(row));
  stage.binned.push(idOf(row));
  living.tell("deleted row");
};

function takenFromBin({ org, random, stage }: Living): string | undefined {
  const id = stage.binned.splice(random.int(0, Math.max(0, stage.binned.length - 1)), 1)[0];
  return id !== undefined && org.books.find(id)?.["IsDeleted"] === true ? id : undefined;
}

/** A row comes out of it again. */
export const restore: Act = (living) => {
  const { org, stage } = living;
  const id = takenFromBin(living);
  if (id === undefined) return;
  org.books.undelete(id);
  const lists: Readonly<Record<string, string[]>> = { "001": stage.accounts, "003": stage.contacts, "801": stage.orders };
  (lists[id.slice(0, 3)] ?? stage.opportunities).push(id);
  living.tell("undeleted row");
};

/** A row leaves the recycle bin for good. */
export const purge: Act = (living) => {
  const id = takenFromBin(living);
  if (id === undefined) return;
  living.org.books.purge(id);
  living.tell("purged row");
};

/** Automation changes several opportunities at once, and takes its time until others see that. */
export const longTransaction: Act = (living) => {
  const { org, random, stage } = living;
  const deals = new Set([1, 2, 3, 4].map(() => drawn(living, stage.opportunities)));
  const transaction = org.books.begin();
  const until = org.clock.now().getTime() + random.int(5, 150) * MINUTE_MS;
  stage.pending.push({ until, transaction, keeps: random.chance(0.8) });
  living.tell("long transaction");
  for (const deal of deals) if (deal) transaction.update(idOf(deal), { Amount: money(random) });
};
