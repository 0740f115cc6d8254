import type { Desk } from "./desk.ts";

/** Every so many hours two customers at Stripe claim one of billing's, for less than so long. */
const CONFLICTS_EVERY = 5;

/** Every so many hours, from hour 2 on, one names a customer that billing never had. */
const STRAYS_EVERY = 8;

const ended = ({ books, ...desk }: Desk, id: string, byRemoval: boolean) => {
  const when = desk.at(desk.sometime(), id);
  if (byRemoval) books.customers.remove(id, when);
  else books.customers.update(id, { metadata: {} }, when);
};

/** Somebody signs up a customer a second time; some hours later the second one is deleted, or claims nobody any more. */
function beginConflict(desk: Desk): void {
  const { books, store, random } = desk;
  const [customer, first] = random.pick([...desk.customers]);
  const { name = null } = store.find(first)?.object ?? {};
  const fields = { name: String(name), email: `accounts@${random.code(7)}.example`, metadata: { customer_id: customer } };
  const second = books.customers.create(fields, desk.at(desk.sometime(), first)).id;
  const byRemoval = (desk.hour() / CONFLICTS_EVERY) % 2 === 0;
  desk.later(random.int(2, 4), (then) => ended(then, second, byRemoval));
}

/** Somebody mistypes whom a customer at Stripe is of. */
function stray({ books, random, ...desk }: Desk): void {
  const fields = { name: `Stray ${random.code(4)}`, metadata: { customer_id: `cus_stray${random.code(6)}` } };
  books.customers.create(fields, desk.at(desk.sometime()));
}

/** The links that come into doubt in an hour. */
export function doubt(desk: Desk): void {
  const hour = desk.hour();
  if (hour % CONFLICTS_EVERY === 0 && desk.customers.size > 0) beginConflict(desk);
  if (hour % STRAYS_EVERY === 2) stray(desk);
}
