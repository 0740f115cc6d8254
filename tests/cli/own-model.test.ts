import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { companyPlace } from "./company-place.ts";
import { act, follow, stepsOf } from "./followed-page.ts";

const [, section = ""] = readFileSync("docs/models.md", "utf8").split(/^## (?=A table of your own over two systems)/m);
const page = section.slice(0, section.indexOf("\n## "));

test("docs/models.md, followed word by word, leads to one more table over two systems that is right", async () => {
  await using place = await companyPlace();
  const { stripe, client, hour, there } = place;
  await client.query("update billing.customers set legal_name = 'First' where customer_id = 'cu_1'");
  const customer = stripe.books.customers.create({ name: "one", metadata: { customer_id: "cu_1" } }).id;
  const charge = stripe.books.charges.create({ amount: 1234, currency: "eur", customer }).id;
  stripe.books.disputes.create({ charge });
  hour();
  expect(await there("up")).toMatchObject({ code: 0 });
  expect(await there("run")).toMatchObject({ code: 0 });

  const steps = stepsOf(page);
  expect(steps.map(({ verb }) => verb)).toEqual(["Create", "Create", "Change"]);
  follow(join(place.state, "pipeline"), steps);
  await act(page, { query: (sql) => client.query(sql), command: (words) => there(...words) });
});
