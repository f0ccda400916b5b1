import { agentNeeds, type MachineSandbox, machineSandbox } from "@memomesh/agents";
import { MeshError, sandboxRule } from "@memomesh/core";
import type { Mesh } from "../load.ts";
import type { Finding } from "./finding.ts";

/** Whether the agents that are programs work in a sandbox on this machine. Nothing is said where there is no such agent. */
export async function checkSandbox(
  mesh: Mesh,
  look: () => Promise<MachineSandbox> = machineSandbox,
): Promise<Finding[]> {
  const agents = Object.entries(mesh.config.agents);
  const programs = await Promise.all(
    agents.map(async ([name, config]) => ((await isProgram(name, config)) ? [name] : [])),
  );
  const names = programs.flat();
  if (names.length === 0) return [];
  const who = names.length === 1 ? `the agent "${names[0]}" works` : `the agents ${names.join(", ")} work`;
  const code = "doctor.sandbox";
  const place = { file: "mesh.yml" };
  const rule = sandboxRule(mesh.config);
  if (rule === "off") {
    const sentence = `${who} without a sandbox, because policy.sandbox is off: what they start can do whatever you can`;
    return [{ severity: "warning", code, sentence, place }];
  }
  const found = await look();
  if (found.kind !== "none") {
    const sentence = `${who} in a sandbox (${found.program})`;
    return [{ severity: "note", code, sentence, place }];
  }
  if (rule === "required") {
    const sentence = `this mesh requires a sandbox, and this machine has none: ${found.why}. Memos for ${names.join(", ")} fail`;
    const advice = "a mesh with a production target requires one; `policy: { sandbox: when-possible }` says otherwise";
    return [{ severity: "error", code, sentence, place, advice }];
  }
  const sentence = `${who} without a sandbox: ${found.why}. What they start can do whatever you can`;
  return [{ severity: "warning", code, sentence, place }];
}

async function isProgram(name: string, config: Mesh["config"]["agents"][string]): Promise<boolean> {
  try {
    return (await agentNeeds(name, config)).program !== undefined;
  } catch (error) {
    // What is wrong with it is said elsewhere.
    if (error instanceof MeshError) return false;
    throw error;
  }
}
