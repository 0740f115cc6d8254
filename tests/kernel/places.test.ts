import { expect, test } from "vitest";
import { places } from "../../src/kernel/places.ts";

const patient = new AbortController().signal;

test("who comes when all places are taken waits in turn", async () => {
  const inside = places(2);
  const [first, second] = [await inside.enter(patient), await inside.enter(patient)];
  const order: string[] = [];
  const enter = async (name: string) => {
    const leave = await inside.enter(patient);
    order.push(name);
    leave();
  };
  const waiting = ["a", "b", "c"].map(enter);
  await Promise.resolve();
  expect(order).toEqual([]);
  second();
  await Promise.all(waiting);
  expect(order).toEqual(["a", "b", "c"]);
  first();
});

test("who gives up while waiting takes no place, and whose signal aborts later keeps theirs", async () => {
  const inside = places(1);
  const leave = await inside.enter(patient);
  const [impatient, late] = [new AbortController(), new AbortController()];
  const gone = inside.enter(impatient.signal);
  const next = inside.enter(late.signal);
  impatient.abort(new Error("too long"));
  await expect(gone).rejects.toThrow("too long");
  await expect(inside.enter(impatient.signal)).rejects.toThrow("too long");
  leave();
  const leaveNext = await next;
  late.abort(new Error("after it"));
  let entered = false;
  const last = inside.enter(patient).then((leaveLast) => {
    entered = true;
    leaveLast();
  });
  await Promise.resolve();
  expect(entered).toBe(false);
  leaveNext();
  await last;
});
