import { describe, expect, test } from "vitest";
import { hookEntries, hookEvents, meshHooks, vendors, withHooks, withoutHooks } from "../../src/index.ts";

const others = {
  model: "x",
  permissions: { allow: ["Read"] },
  hooks: {
    PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "./mine.sh" }] }],
    BeforeTool: [{ matcher: "x", hooks: [{ type: "command", command: "./mine.sh" }] }],
    Notification: [{ hooks: [{ type: "command", command: "beep" }] }],
  },
};

describe.each(vendors)("the hooks for %s", (vendor) => {
  const entries = hookEntries(vendor, ["memomesh"], ["--node", "shop"]);

  test("stand before those of others, which are kept", () => {
    const next = withHooks(others, entries) as typeof others;
    const { before } = hookEvents(vendor);
    expect(meshHooks(next, before)).toMatchObject([{ group: 0, index: 0 }]);
    expect(next).toMatchObject({ model: "x", permissions: { allow: ["Read"] } });
    expect(next.hooks.Notification).toEqual(others.hooks.Notification);
    expect(JSON.stringify(next).match(/mine\.sh/g)).toHaveLength(2);
  });

  test("are the same when they are installed again, and leave nothing when they are taken out", () => {
    for (const settings of [{}, others, { hooks: {} }]) {
      const once = withHooks(settings, entries);
      expect(withHooks(once ?? {}, entries)).toEqual(once);
      expect(withoutHooks(once ?? {})).toEqual("model" in settings ? settings : {});
    }
  });

  test("replace those that another memomesh has installed", () => {
    const old = withHooks(others, hookEntries(vendor, ["/old/node", "/old/main.js"], ["--node", "old"]));
    expect(withHooks(old ?? {}, entries)).toEqual(withHooks(others, entries));
  });

  test("are not put where something else stands", () => {
    expect(withHooks({ hooks: [] }, entries)).toBeUndefined();
    expect(withoutHooks({ hooks: "x" })).toBeUndefined();
  });
});

test("leaves settings alone that have no hook of the mesh", () => {
  expect(withoutHooks(others)).toBe(others);
});
