import { expect, test } from "vitest";
import { openWorld } from "./world.ts";

test("what the cells are compared by sees a row more, a row less, another value and a row that waits", async () => {
  await using world = await openWorld({ kind: "table", mode: "xid" });
  await world.run();
  expect(await world.differences()).toEqual({ missing: [], surplus: [], missingKeys: [], surplusKeys: [] });

  await world.site.write(`insert into shop.bills (id, bill_id, amount, currency, note) values (9, 'B9', 900, 'USD', 'new');
update shop.bills set note = '' where id = 2;
delete from shop.bills where id = 3`);
  expect(await world.differences()).toEqual({
    missing: ["2|B2|200|USD||fine", "9|B9|900|USD|new|fine"],
    surplus: ["2|B2|200|USD|note 2|fine", "3|B3|300|USD|note 3|fine"],
    missingKeys: ["9"],
    surplusKeys: ["3"],
  });

  await world.run();
  await world.site.write("update shop.bills set bill_id = 'B1' where id = 2");
  await world.run();
  expect(await world.differences()).toMatchObject({ missing: [], surplus: ["3|B3|300|USD|note 3|fine"] });
  await world.site.write("update shop.bills set bill_id = 'B2' where id = 2");
  expect(await world.differences()).toMatchObject({ surplus: ["2|B1|200|USD||fine", "3|B3|300|USD|note 3|fine"] });
});
