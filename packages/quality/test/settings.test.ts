import { expect, test } from "vitest";
import { defaultSettings, readSettings } from "../src/index.ts";

test("takes the settings of mesh.yml, and the usual ones for the rest", () => {
  expect(readSettings({})).toEqual(defaultSettings);
  expect(readSettings({ threshold: 90, checks: { limits: "off" } })).toEqual({
    ...defaultSettings,
    threshold: 90,
    checks: { limits: "off" },
  });
});

test("says which setting cannot be used", () => {
  expect(() => readSettings({ treshold: 90 })).toThrow(
    /^mesh\.yml: gate\.treshold is not known; did you mean "threshold"\?/,
  );
  expect(() => readSettings({ checks: { limits: 200 } })).toThrow(/gate\.checks\.limits/);
});
