import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, exact, language, relative } from "../portal/time";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test("a time is told in the largest unit that it fills", () => {
  for (const [milliseconds, value, unit] of [
    [0, 0, "second"],
    [-59_999, 0, "second"],
    [-MINUTE, -1, "minute"],
    [-59.9 * MINUTE, -59, "minute"],
    [90 * MINUTE, 1, "hour"],
    [-DAY, -1, "day"],
    [-29.9 * DAY, -29, "day"],
    [-30 * DAY, -1, "month"],
    [364 * DAY, 11, "month"],
    [-365 * DAY, -1, "year"],
    [800 * DAY, 2, "year"],
  ] as const) {
    assert.deepEqual(distance(milliseconds), { value, unit }, `${milliseconds} ms`);
  }
});

test("a time is told in the reader's language", () => {
  assert.equal(relative(-3 * MINUTE, "en"), "3 minutes ago");
  assert.equal(relative(-DAY, "en"), "1 day ago", "yesterday may be two days ago by the calendar");
  assert.equal(relative(2 * DAY, "de"), "in 2 Tagen");
  assert.equal(relative(-1_000, "en"), "now");
});

test("the reader's kind of the page's language is taken, and no other language", () => {
  assert.equal(language("en", ["de-CH", "en-GB", "en"]), "en-GB");
  assert.equal(language("en", ["de"]), "en");
  assert.equal(language("en-US", ["EN-au"]), "EN-au");
});

test("a day alone is the same day in every zone", () => {
  assert.equal(exact("2027-01-01", "en-GB", "short"), "1 Jan 2027");
  assert.match(exact("2027-01-01T12:00:00Z", "en-GB", "long"), /1 January 2027.*:00:00/);
});
