import { describe, expect, test } from "vitest";
import { readGuardRules } from "../src/config.ts";
import { classifyCommand, decideCommand, noRules } from "../src/index.ts";
import { cwd, ground } from "./hook/ground.ts";

const readRules = (guard: unknown) => readGuardRules(guard, (path) => path.length);

const { programs } = readRules({
  programs: {
    shopctl: {
      risk: "high",
      effects: ["live-infrastructure"],
      does: "works on the shop",
      commands: {
        status: {
          risk: "low",
          effects: ["read"],
          mayAgentRun: true,
          lower: { reason: "it only asks the local cache" },
        },
        wipe: { risk: "critical", effects: ["data", "delete"], does: "empties the shop" },
        look: { risk: "low", effects: ["read"] },
      },
    },
    ls: { risk: "medium", effects: ["read"], mayAgentRun: false },
    curl: { risk: "low", effects: [] },
    kubectl: {
      risk: "low",
      effects: [],
      commands: { get: { risk: "medium", effects: ["read"], lower: { reason: "the account can only read" } } },
    },
  },
});

const risk = (command: string) => classifyCommand(command, programs).risk;
const decide = (command: string) => decideCommand(command, cwd, { ...ground, programs });

describe("what mesh.yml says about a program", () => {
  test("raises its risk and adds its effects, with a reason that has its place in the text", () => {
    const { effects, reasons } = classifyCommand("echo a; shopctl wipe --all", programs);
    expect(effects).toContain("data");
    expect(reasons[0]).toMatchObject({ risk: "critical", text: "shopctl empties the shop", start: 8 });
    expect(risk("ls")).toBe("medium");
    expect(risk("shopctl --shop a wipe")).toBe("critical");
    expect(risk("./shopctl wipe")).toBe("critical");
    expect(risk("sh -c 'env shopctl wipe'")).toBe("critical");
  });

  test("lowers nothing unless it says why", () => {
    expect(risk("shopctl look")).toBe("high");
    expect(risk("curl https://example.com")).toBe("medium");
    expect(risk("kubectl apply -f x")).toBe("high");
    expect(risk("kubectl get pods")).toBe("medium");
    expect(risk("shopctl status")).toBe("low");
  });

  test("lowers only what it names, and only that program itself", () => {
    for (const other of ["./shopctl status", "shopctl wipe status", "shopctl --x status", "shopctl $X", "$X status"])
      expect(["high", "critical"], other).toContain(risk(other));
    expect(risk("shopctl status 'rm -rf /'")).toBe("critical");
    expect(risk("shopctl status > /etc/x")).toBe("high");
    expect(risk("sudo shopctl status")).toBe("high");
  });

  test("says what agents may run by themselves, with their folder's limits", () => {
    expect(decide("shopctl status")).toMatchObject({ allowed: true });
    expect(decide("shopctl status --file ../sysadmin/x")).toMatchObject({ allowed: false });
    expect(decide("shopctl look")).toMatchObject({ allowed: false });
    expect(decide("ls")).toMatchObject({ allowed: false, reason: expect.stringMatching(/mesh\.yml/) });
  });

  test("is refused where it is no rule, or lets agents run something without a reason", () => {
    const read = (rule: object) => () => readRules({ programs: { x: rule } });
    expect(read({ risk: "low", mayAgentRun: true })).toThrow(/guard\.programs\.x .*expected lower: \{ reason \}/);
    expect(read({ risk: "low", commands: { y: { risk: "low", mayAgentRun: true } } })).toThrow(/commands\.y/);
    expect(read({ risk: "low", lower: true })).toThrow(/guard\.programs\.x\.lower true cannot be used/);
    expect(read({ risk: "tiny" })).toThrow('risk "tiny" is not known; expected low, medium, high or critical.');
    expect(read({ risk: "low", effects: ["fun"] })).toThrow(/effects\[0\] "fun" is not known/);
    expect(() => readRules({ programs: { "a/b": { risk: "low" } } })).toThrow(/a program's or subcommand's name/);
    expect(() => readRules({ allowedSecrets: ["AKIA…"] })).toThrow(/expected a fingerprint/);
    expect(readRules(undefined)).toEqual(noRules);
  });
});
