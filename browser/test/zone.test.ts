import assert from "node:assert/strict";
import { test } from "node:test";
import { local, universal } from "../portal/zone";

test("a moment goes to the reader's zone and back", () => {
  for (const utc of ["2026-01-01T00:00:00", "2026-06-30T23:59:59", "2030-12-31T12:34:56"]) {
    assert.equal(universal(local(utc)), utc);
  }
});

test("it is told in the zone of the machine", () => {
  const zone = process.env["TZ"];
  process.env["TZ"] = "Europe/Zurich";
  try {
    assert.equal(local("2026-07-01T08:00:00"), "2026-07-01T10:00:00");
    assert.equal(universal("2026-07-01T10:00"), "2026-07-01T08:00:00");
    assert.equal(universal("2026-01-01T00:30:00"), "2025-12-31T23:30:00");
  } finally {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  }
});

test("what is no moment stays what it is", () => {
  assert.equal(local(""), "");
  assert.equal(universal("tomorrow"), "tomorrow");
});
