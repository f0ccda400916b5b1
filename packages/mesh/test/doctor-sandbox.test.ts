import { parseMeshConfig } from "@memomesh/core";
import { expect, test } from "vitest";
import { checkSandbox } from "../src/doctor/sandbox.ts";
import { plainMesh } from "./plain-mesh.ts";

const there = async () => ({ kind: "bubblewrap", program: "/usr/bin/bwrap" }) as const;
const none = async () => ({ kind: "none", why: "the program bwrap was not found" }) as const;
const agents = "agents: { code: { provider: claude-code } }\n";

async function check(yaml: string, look: typeof there | typeof none) {
  const mesh = { ...plainMesh([]), config: parseMeshConfig(yaml, "mesh.yml") };
  return (await checkSandbox(mesh, look)).map(({ severity, sentence }) => `${severity}: ${sentence}`);
}

test("says whether agents that are programs work in a sandbox, and that a production target requires one", async () => {
  expect(await check("name: m\n", none)).toEqual([]);
  expect(await check(agents, there)).toEqual(['note: the agent "code" works in a sandbox (/usr/bin/bwrap)']);
  expect(await check(agents, none)).toEqual([
    expect.stringMatching(/^warning: the agent "code" works without a sandbox/),
  ]);
  expect(await check(`${agents}policy: { sandbox: off }\n`, there)).toEqual([
    expect.stringMatching(/^warning: .*policy.sandbox is off/),
  ]);
  const live = "targets: { web: { path: /srv, production: true } }\n";
  expect(await check(agents + live, none)).toEqual([expect.stringMatching(/^error: this mesh requires a sandbox/)]);
});
