import { type Hearing, hear } from "../beside/hearing.ts";
import type { Act } from "../cast/facts.ts";
import type { Book, OpenBook } from "../world/book.ts";
import { beginInvoice, beginPayment, changeInvoice, changePayment } from "./bills.ts";
import { actByHand, crossHour } from "./crossings.ts";
import { beginCustomer, beginSubscription, changeCustomer, changeSubscription } from "./customers.ts";
import { type Desk, type Kept, newDesk } from "./desk.ts";
import { doubt } from "./doubts.ts";

const HEARING: Hearing<Desk> = {
  customer: { begin: beginCustomer, change: changeCustomer },
  subscription: { begin: beginSubscription, change: changeSubscription },
  invoice: { begin: beginInvoice, change: changeInvoice },
  payment: { begin: beginPayment, change: changePayment },
};

function kept(desk: Desk): OpenBook {
  return {
    write: async (act: Act) => {
      desk.openHour();
      hear(HEARING, desk, act);
    },
    beginHour: async ({ empty }) => {
      if (empty) return [];
      desk.openHour();
      for (const errand of desk.due()) errand(desk);
      doubt(desk);
      crossHour(desk);
      return [];
    },
    endHour: async ({ empty }) => {
      if (!empty) actByHand(desk);
      return [];
    },
    retyped: () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/**
 * What an account at Stripe has of the company's life. Its objects name billing's records in their metadata. It has no feeds of the
 * books and tells the truth nothing: what is expected of the account is read from the account itself.
 */
export function stripeBook(account: Kept, seed: number): Book {
  return { feeds: [], open: async (company) => kept(newDesk(company, account, seed)) };
}
