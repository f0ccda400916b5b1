import { join, relative } from "node:path";
import { MeshError } from "@memomesh/core";
import { guardLine, hookArguments, hookEvents, hookFile, meshHooks, type Vendor, vendors } from "@memomesh/guard";
import { hookPlace, installHooks } from "../hooks/install.ts";
import { ownProgram } from "../hooks/own-program.ts";
import { type ProbeEnd, probe } from "../hooks/probe.ts";
import { readSettings } from "../hooks/settings-file.ts";
import { switchedOff } from "../hooks/switched-off.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { type Finding, findingOf } from "./finding.ts";

/** The program that the hook is made to call when it is broken on purpose. */
const gone = "/nonexistent/memomesh";

/**
 * Findings about the guard's hooks where they are installed: that they deny what is forbidden and allow what is not, also
 * that they deny when their program is gone, and that the vendors' programs run them at all.
 */
export async function checkHooks(mesh: Mesh, program: readonly string[] = ownProgram()): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const node of mesh.nodes.values()) {
    if (node.operator) continue;
    const checked = await Promise.all(vendors.map((vendor) => checkVendor(mesh, node, vendor, program)));
    findings.push(...checked.flat());
  }
  return findings;
}

async function checkVendor(mesh: Mesh, node: MeshNode, vendor: Vendor, program: readonly string[]): Promise<Finding[]> {
  const place = { file: relative(mesh.root, join(node.folder, hookFile(vendor))) };
  try {
    const { settings } = await readSettings(node.folder, hookFile(vendor));
    const { before, start, stop } = hookEvents(vendor);
    if ([before, start, stop].every((event) => meshHooks(settings, event).length === 0)) return [];
    const options = { vendors: [vendor], program };
    const [installed] = await installHooks(mesh, node, { ...options, check: true });
    // What is not ours to the last letter is not run: anybody may have written it there.
    if (installed?.state !== "in step") {
      const sentence = `the guard's hooks of ${node.id} are not those that this program installs; they were not tried`;
      const act = async () => void (await installHooks(mesh, node, options));
      return [
        {
          severity: "warning",
          code: "doctor.hooks.differ",
          sentence,
          place,
          repair: { says: "install them again", act },
        },
      ];
    }
    const reasons = switchedOff(vendor, node.folder);
    return [
      ...(await tryHook(mesh, node, vendor, program)).map((sentence): Finding => {
        return {
          severity: "error",
          code: "doctor.hooks.fail",
          sentence,
          place,
          advice: "end the agents of this node until it holds",
        };
      }),
      ...reasons.map((sentence): Finding => ({ severity: "warning", code: "doctor.hooks.off", sentence, place })),
    ];
  } catch (error) {
    if (error instanceof MeshError) return [{ ...findingOf(error), place }];
    throw error;
  }
}

/** What is wrong with the answers of the installed line, and with those of the same line when its program is gone. */
async function tryHook(mesh: Mesh, node: MeshNode, vendor: Vendor, program: readonly string[]): Promise<string[]> {
  const args = hookArguments(vendor, hookPlace(mesh, node));
  const line = guardLine(program, args);
  const shell = vendor === "gemini" ? "run_shell_command" : "Bash";
  const call = (command: string) => ({
    session_id: "doctor",
    cwd: node.folder,
    tool_name: shell,
    tool_input: { command },
  });
  const forbidden = call("sudo kubectl get nodes");
  const [denied, allowed, broken] = await Promise.all([
    probe(line, forbidden, node.folder),
    probe(line, call("ls"), node.folder),
    probe(guardLine([gone], args), forbidden, node.folder),
  ]);
  return [
    ...(denied.exit === 2
      ? []
      : [`the guard's hook of ${node.id} lets a forbidden command through: it ${ended(denied)}, expected exit code 2`]),
    ...(allowed.exit === 0
      ? []
      : [`the guard's hook of ${node.id} stops everything, also \`ls\`: it ${ended(allowed)}`]),
    ...(broken.exit === 2
      ? []
      : [
          `the guard's hook of ${node.id} lets everything through when its program is gone: it ${ended(broken)}, expected exit code 2`,
        ]),
  ];
}

function ended({ exit, says }: ProbeEnd): string {
  const how = exit === undefined ? "did not end" : `ended with ${exit}`;
  return says === "" ? how : `${how} and said "${says}"`;
}
