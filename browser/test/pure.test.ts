import assert from "node:assert/strict";
import { test } from "node:test";
import { reason } from "../portal/http";
import { entries } from "../portal/list-editor";
import { filtered } from "../portal/live";
import { shortcut } from "../portal/quick-search";
import { tokenIn } from "../portal/reveal";

test("a list has each line once, trimmed, and no empty one", () => {
  assert.deepEqual(entries(" https://a.example \r\n\n\nhttps://b.example\rhttps://a.example\n"), [
    "https://a.example",
    "https://b.example",
  ]);
  assert.deepEqual(entries(" \n "), []);
});

test("only what is filled in stands in a filter's address", () => {
  const data = new FormData();
  data.append("search", " ");
  data.append("type", "web");
  data.append("type", "");
  data.append("type", "server");
  data.append("project", "A & B");
  assert.equal(filtered("https://desk.example/keys?cursor=abc#top", data), "https://desk.example/keys?type=web&type=server&project=A+%26+B#top");
});

test("a slash, or K with Ctrl or Cmd, is the shortcut to the search; nothing else is", () => {
  const pressed = (key: string, modifiers = {}) => shortcut({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });
  assert.ok(pressed("/"));
  assert.ok(pressed("k", { ctrlKey: true }));
  assert.ok(pressed("K", { metaKey: true }));
  assert.ok(!pressed("k"));
  assert.ok(!pressed("/", { ctrlKey: true }));
  assert.ok(!pressed("/", { altKey: true }));
});

test("a token is read from JSON, and from nothing that only looks like one", () => {
  assert.equal(tokenIn({ json: { token: "kr_web_1" }, page: null }), "kr_web_1");
  assert.equal(tokenIn({ json: { token: 1 }, page: null }), undefined);
  assert.equal(tokenIn({ json: null, page: null }), undefined);
});

test("a refusal is told in the server's words where it has some", () => {
  const answer = { url: "", redirected: false, page: null };
  assert.equal(reason({ ...answer, ok: false, json: { detail: "Sign in again." } }), "Sign in again.");
  assert.equal(reason({ ...answer, ok: false, json: [] }), undefined);
  assert.equal(reason({ ...answer, ok: true, json: { detail: "x" } }), undefined);
});
