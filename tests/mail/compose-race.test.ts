import { appendFileSync } from "node:fs";
import { type MeshEvent, runMesh } from "@memomesh/mesh";
import { expect, test } from "vitest";
import { ofKind, Workspace } from "./workspace.ts";

function deployment(version: string): string {
  const facts = [
    "app: shop",
    `version: ${version}`,
    "target: staging",
    `artifact: { kind: image, image: "registry.example.com/shop:${version}@sha256:${version.replace(".", "").repeat(32)}" }`,
    "port: 8080",
    'verify: [{ http: "http://127.0.0.1:8080/healthz", expect: 200 }]',
  ];
  return `---\nto: sysadmin\ntype: deployment\n---\n# Deploy shop ${version}\n\n\`\`\`yaml deploy\n${facts.join("\n")}\n\`\`\`\n`;
}

test("never overwrites the compose file that a person edits while the sysadmin's agent works", async () => {
  const mesh = Workspace.open({
    nodes: { developer: {}, sysadmin: { agent: "offline" } },
    targets: ["staging"],
    git: true,
  });
  const compose = "projects/sysadmin/services/shop/compose.yaml";
  mesh.drop("developer", "deploy.md", deployment("10"));
  await mesh.run();
  expect(mesh.read(compose)).toContain("shop:10@");

  mesh.drop("developer", "deploy.md", deployment("11"));
  const events: MeshEvent[] = [];
  let remarks = 0;
  const onEvent = (event: MeshEvent) => {
    events.push(event);
    // The session waits for this commit before its changes are made: what it has read is out of date by then.
    const isDelivery = event.kind === "committed" && event.subject.startsWith("Deliver");
    if (event.kind === "session-progress" || isDelivery)
      if (remarks < 3) appendFileSync(mesh.path(compose), `# remark ${remarks++} of a person\n`);
  };
  await runMesh({ start: mesh.root, onEvent }, new AbortController().signal);
  expect(remarks).toBeGreaterThan(1);
  expect(ofKind(events, "session-finished")).toMatchObject([{ outcome: "prepared" }]);
  const text = mesh.read(compose);
  expect(text).toContain("shop:11@");
  for (let remark = 0; remark < remarks; remark += 1) expect(text).toContain(`# remark ${remark} of a person\n`);
  expect(mesh.uncommitted()).toEqual([]);
});
