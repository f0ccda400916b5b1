import { describe, expect, it } from "vitest";
import { addNode, parseMeshConfig, parseNodeConfig } from "../src/index.ts";
import { refusal } from "./refusal.ts";

const mesh = (source: string) => parseMeshConfig(source, "mesh.yml");
const node = (source: string) => parseNodeConfig(source, "node.yml");

describe("parseMeshConfig", () => {
  it("fills in what is not said", () => {
    expect(mesh("name: studio\nnodes: [shop, { id: web, path: ../web }]\n")).toEqual({
      name: "studio",
      nodes: [
        { id: "shop", path: "projects/shop" },
        { id: "web", path: "../web" },
      ],
      agents: { offline: { provider: "offline", local: true } },
      tiers: [
        { risk: ["high", "critical"], tier: "frontier" },
        { priority: ["urgent"], tier: "frontier" },
        { type: ["question", "answer", "notice"], tier: "small" },
      ],
      budgets: { session: { turns: 60, tokens: 1_000_000 } },
      secondOpinion: { from: "high" },
      roles: {},
      targets: {},
      policy: {
        maxMemoBytes: 1_048_576,
        maxHops: 8,
        maxThread: 100,
        settleMs: 300,
        drops: "operator",
        sessionAttempts: 3,
        sessionSeconds: 900,
        approvalHours: 24,
      },
      facts: {},
      secrets: { files: [], commands: {} },
      gate: {},
      guard: {},
    });
  });

  it("reads targets, agents with options of their own, and policy", () => {
    const config = mesh(
      "targets: { staging: { kind: local, path: /srv, production: true, env: { SITE: /srv } } }\nagents: { big: { provider: anthropic, tier: frontier } }\npolicy: { maxHops: 2, drops: named }\n",
    );
    expect(config.targets).toEqual({
      staging: { kind: "local", path: "/srv", production: true, env: { SITE: "/srv" } },
    });
    expect(config.agents).toEqual({
      offline: { provider: "offline", local: true },
      big: { provider: "anthropic", tier: "frontier", local: false },
    });
    expect(config.policy).toMatchObject({ maxHops: 2, drops: "named", maxThread: 100 });
  });

  it("takes nobody but the offline agent for local, unless it is told so", () => {
    const local = (options: string) => mesh(`agents: { a: { ${options} } }\n`).agents.a?.local;
    expect(local("provider: offline")).toBe(true);
    expect(local("provider: openai, baseUrl: 'http://127.0.0.1:11434/v1'")).toBe(false);
    expect(local("provider: openai, baseUrl: 'http://127.0.0.1:11434/v1', local: true")).toBe(true);
  });

  it.each([
    ["name: x\nnods: []\n", 'mesh.yml:2: nods is not known; did you mean "nodes"?'],
    [
      "name: x\ncolour: red\n",
      "mesh.yml:2: colour is not known; expected name, nodes, agents, tiers, budgets, secondOpinion, roles, targets, facts, secrets, policy, gate or guard.",
    ],
    [
      "agents:\n  auto: { provider: offline }\n",
      "mesh.yml:2: the name agents.auto cannot be used; expected another name: auto and none are reserved.",
    ],
    [
      "agents:\n  big: { provider: x, tier: huge }\n",
      'mesh.yml:2: agents.big.tier "huge" is not known; expected small, standard or frontier.',
    ],
    [
      "tiers:\n  - { type: mail, tier: small }\n",
      'mesh.yml:2: tiers[0].type "mail" cannot be used; expected one or a list of deployment, ask, question, answer, review, alert, notice, stage.',
    ],
    [
      "budgets: { session: { cost: lots } }\n",
      'mesh.yml:1: budgets.session.cost "lots" cannot be used; expected an amount of US dollars, such as 2.50.',
    ],
    ["policy:\n  maxHop: 3\n", 'mesh.yml:2: policy.maxHop is not known; did you mean "maxHops"?'],
    ["policy:\n  maxHops: many\n", 'mesh.yml:2: policy.maxHops "many" cannot be used; expected a whole number.'],
    ["policy:\n  drops: all\n", 'mesh.yml:2: policy.drops "all" is not known; expected operator or named.'],
    [
      "policy:\n  approvals: { signatures: always }\n",
      'mesh.yml:2: policy.approvals.signatures "always" is not known; expected required or when-possible.',
    ],
    [
      "nodes:\n  - { id: shop, path: ./audit/shop }\n",
      'mesh.yml:2: node "shop" lies in ./audit/shop, where the audit trails of all nodes are kept; expected another folder.',
    ],
    ["nodes:\n  - shop\n  - { id: web, pth: x }\n", 'mesh.yml:3: nodes[1].pth is not known; did you mean "path"?'],
    ["nodes:\n  - shop\n  - shop\n", 'mesh.yml:3: there are two nodes with the id "shop"; expected one.'],
    ["targets:\n  staging:\n    kind: local\n", "mesh.yml:2: targets.staging.path is missing; expected a text."],
    [
      "targets:\n  s:\n    path: /s\n    env: { A: 1.10 }\n",
      "mesh.yml:4: targets.s.env.A 1.1 cannot be used; expected a text, in quotes where it looks like a number.",
    ],
    [
      "policy:\n  memos: { signers: { operator: '*@example.com' } }\n",
      'mesh.yml:2: policy.memos.signers.operator "*@example.com" cannot be used; expected an address or a list of addresses.',
    ],
    ["- a\n", "mesh.yml:1: found (a list); expected names with values."],
    ["", "mesh.yml:1: found nothing; expected names with values."],
  ])("says what is wrong with %j", (source, message) => {
    const error = refusal(() => mesh(source));
    expect([error.code, error.message]).toEqual(["mesh.config", message]);
  });

  it.each(["operator", "mesh", "Shop", "a/b", "..", "1shop"])("refuses a node called %s", (id) => {
    expect(refusal(() => mesh(`nodes:\n  - { id: "${id}" }\n`)).place).toEqual({ file: "mesh.yml", line: 2 });
    expect(refusal(() => mesh(`nodes:\n  - "${id}"\n`)).place).toEqual({ file: "mesh.yml", line: 2 });
    expect(refusal(() => addNode("nodes: []\n", { id })).code).toBe("mesh.config");
  });
});

describe("parseNodeConfig", () => {
  it("grants nothing that is not said", () => {
    expect(node("")).toEqual({
      role: "worker",
      agent: "offline",
      sensitive: false,
      budget: { session: {} },
      grants: { send: [], read: [] },
      requireSignatures: [],
    });
    expect(
      node(
        "role: sysadmin\nagent: none\nsensitive: true\nbudget: { session: { cost: 0.5 }, month: 20 }\ngrants: { send: developer, read: [developer/dist/**, '*/docs/**'] }\n",
      ),
    ).toEqual({
      role: "sysadmin",
      agent: "none",
      sensitive: true,
      budget: { session: { cost: 0.5 }, month: 20 },
      grants: { send: ["developer"], read: ["developer/dist/**", "*/docs/**"] },
      requireSignatures: [],
    });
    expect(node('grants: { send: "*" }\n').grants.send).toEqual(["*"]);
  });

  it.each<[string, string[]]>([
    ["true", ["*"]],
    ["false", []],
    ["operator", ["operator"]],
    ['[operator, "*"]', ["operator", "*"]],
  ])("reads requireSignatures: %s", (said, senders) => {
    expect(node(`requireSignatures: ${said}\n`).requireSignatures).toEqual(senders);
  });

  it.each(["yes please", "3", "[Operator]", "{ from: operator }"])("refuses requireSignatures: %s", (said) => {
    expect(refusal(() => node(`role: x\nrequireSignatures: ${said}\n`)).place).toEqual({ file: "node.yml", line: 2 });
  });

  it.each(["dist", "/etc/passwd", "developer/../../x", "developer//x", "../x/y", "developer/.."])(
    "refuses to grant reading %s",
    (path) => {
      expect(refusal(() => node(`role: x\ngrants:\n  read:\n    - ${path}\n`)).place).toEqual({
        file: "node.yml",
        line: 4,
      });
    },
  );
});

describe("addNode", () => {
  it.each([
    [
      "name: x # y\nnodes:\n  - a   # first\n  # last\ntargets: {}\n",
      "name: x # y\nnodes:\n  - a   # first\n  - shop\n  # last\ntargets: {}\n",
    ],
    ["nodes:\n- a\n- b", "nodes:\n- a\n- b\n- shop\n"],
    ["nodes:\n  - id: a\n    path: b\n\nname: x\n", "nodes:\n  - id: a\n    path: b\n  - shop\n\nname: x\n"],
    ["nodes: [a,  b] # all\n", "nodes: [a,  b, shop] # all\n"],
    ["nodes: []\n", "nodes: [shop]\n"],
    ["nodes: # none yet\nname: x\n", "nodes: # none yet\n  - shop\nname: x\n"],
    ["name: x", "name: x\nnodes:\n  - shop\n"],
    ["name: x\r\nnodes:\r\n  - a\r\n", "name: x\r\nnodes:\r\n  - a\r\n  - shop\r\n"],
  ])("adds a line to %j and keeps the rest", (before, after) => {
    expect(addNode(before, { id: "shop" })).toBe(after);
    expect(mesh(after).nodes.at(-1)).toEqual({ id: "shop", path: "projects/shop" });
  });

  it("writes the path only where it is not the usual one, and a node only once", () => {
    const added = addNode("name: x\n", { id: "shop", path: "../a shop" });
    expect(mesh(added).nodes).toEqual([{ id: "shop", path: "../a shop" }]);
    expect(addNode("name: x\n", { id: "shop", path: "projects/shop" })).toBe("name: x\nnodes:\n  - shop\n");
    expect(addNode(added, { id: "shop" })).toBe(added);
  });
});
