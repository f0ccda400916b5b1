// A whole deployment memo with any program: from the drop to a runbook that waits for a person.
import type { AgentConfig } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { expect, test } from "vitest";
import { finishes, type SessionCall, tells, writesRunbook } from "../../packages/agents/test/session/deployment.ts";
import { RealMesh } from "./real-mesh.ts";
import { refusedCommand } from "./vendor-mesh.ts";

const harmlessCommand = "cat docs/box.md";

/** What a test needs of a program and its vendor. */
interface Played {
  config(): AgentConfig;
  /** The model has the program run commands, then use memo tools, one after the other. */
  works(commands: readonly string[], calls: readonly SessionCall[]): void;
}

export function testWork({ config, works }: Played): void {
  test("brings a deployment memo to a runbook that waits for a person, as every vendor's model does", async () => {
    const mesh = new RealMesh(config());
    works([harmlessCommand, refusedCommand], [writesRunbook, ...tells, finishes]);
    mesh.asksForDeployment();
    const said = await mesh.run();
    const { workspace } = mesh;
    const [path = "", ...more] = workspace.git("ls-files", "projects/sysadmin/runbooks").trim().split("\n");
    expect(more, said).toEqual([]);
    const runbook = parseRunbook(workspace.read(path), path);
    expect(runbook).toMatchObject({ target: "staging", title: "Deploy shop 1.4.2 to staging", node: "sysadmin" });
    expect(
      runbook.source,
      workspace
        .notices("operator")
        .map(({ text }) => text)
        .join(),
    ).toMatch(/^gate: (?:8[5-9]|9\d|100)$/m);
    const [memo] = workspace.inbox("sysadmin");
    expect(memo?.text).toMatch(/^status: prepared$/m);
    expect(memo?.text).toMatch(/- \[x\] Prepare the staging deployment\n- \[ \] Keep the previous release/);
    expect(memo?.text).toMatch(/\*\*By:\*\* sysadmin \(agent worker, model [^)]+\)/);
    expect(workspace.inbox("developer").map(({ text }) => /^# (.*)$/m.exec(text)?.[1])).toEqual(["Prepared"]);
    expect(workspace.read("projects/sysadmin/STATE.md")).toContain("prepared shop 1.4.2");
    const trailers = workspace.git("log", "--format=%(trailers)", "--", path);
    expect(trailers).toMatch(/^Agent: worker$/m);
    expect(trailers).toMatch(/^Usage: \d+ turns, /m);
    expect(workspace.git("ls-files", "memos/spending")).not.toBe("");
    expect(workspace.uncommitted().filter((line) => /projects\/sysadmin\/(?:runbooks|STATE|memos)/.test(line))).toEqual(
      [],
    );
    expect(mesh.decisions()).toEqual(expect.arrayContaining([`yes ${harmlessCommand}`, `no ${refusedCommand}`]));
    expect(mesh.kept()).toEqual([]);
  });
}
