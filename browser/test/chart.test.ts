import assert from "node:assert/strict";
import { test } from "node:test";
import { label, numbers } from "../portal/chart";

test("a chart has the numbers of its table, column by column", () => {
  assert.deepEqual(
    numbers([
      { at: "2027-01-01", values: ["3", "0"] },
      { at: "2027-01-02", values: ["1", "2"] },
    ]),
    [[1798761600, 1798848000], [3, 1], [0, 2]],
  );
});

test("a day is named by its date, an hour by its time, in the zone that is asked for", () => {
  assert.equal(label(1798761600, "en-GB", "UTC"), "1 Jan");
  assert.equal(label(1798761600 + 3 * 3600, "en-GB", "UTC"), "03:00");
  assert.equal(label(1798761600, "en-GB", "Europe/Zurich"), "01:00");
  assert.equal(label(1798761600 - 3600, "en-GB", "Europe/Zurich"), "1 Jan");
});
