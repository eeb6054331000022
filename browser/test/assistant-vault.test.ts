import assert from "node:assert/strict";
import { test } from "node:test";
import { Vault } from "../assistant/vault";

class Shelf {
  readonly items = new Map<string, string>();
  full = false;

  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.items.set(name, value);
  }

  removeItem(name: string): void {
    this.items.delete(name);
  }
}

test("what waits to be sent survives a reload, in order, until it is accepted", () => {
  const shelf = new Shelf();
  const before = new Vault("k", shelf);
  before.set({ refresh: "r", conversation: "c" });
  before.enqueue({ key: "1", text: "one" });
  before.enqueue({ key: "2", text: "two" });
  const after = new Vault("k", shelf);
  assert.deepEqual(after.get(), { refresh: "r", conversation: "c", queue: [{ key: "1", text: "one" }, { key: "2", text: "two" }] });
  after.dequeue("1");
  assert.deepEqual(before.queue(), [{ key: "2", text: "two" }]);
});

test("keys have nothing in common", () => {
  const shelf = new Shelf();
  new Vault("one", shelf).set({ refresh: "r" });
  assert.deepEqual(new Vault("two", shelf).get(), {});
});

test("where nothing can be stored, memory has it for this page view", () => {
  for (const shelf of [null, Object.assign(new Shelf(), { full: true })]) {
    const vault = new Vault("k", shelf);
    vault.set({ refresh: "r" });
    vault.enqueue({ key: "1", text: "one" });
    assert.deepEqual(vault.get(), { refresh: "r", queue: [{ key: "1", text: "one" }] });
    vault.clear();
    assert.deepEqual(vault.get(), {});
  }
});

test("nothing is left when it is cleared, in storage nor in memory", () => {
  const shelf = new Shelf();
  const vault = new Vault("k", shelf);
  vault.set({ refresh: "r", visitor: "v", known: true, conversation: "c" });
  vault.clear();
  assert.equal(shelf.items.size, 0);
  assert.deepEqual(vault.get(), {});
});

test("what others wrote there is taken only where it has the right shape", () => {
  const shelf = new Shelf();
  const vault = new Vault("k", shelf);
  for (const text of ["", "{", "null", "[]", "7", '"x"']) {
    shelf.items.set("k", text);
    assert.deepEqual(vault.get(), {}, text);
  }
  shelf.items.set("k", '{"refresh":1,"visitor":"v","known":"yes","queue":[null,{"key":"1"},{"key":"2","text":"two"}],"other":1}');
  assert.deepEqual(vault.get(), { visitor: "v", queue: [{ key: "2", text: "two" }] });
});
