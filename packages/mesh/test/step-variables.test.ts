import { chmod, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { approveStep, runStep } from "@memomesh/runbooks";
import { beforeEach, expect, test } from "vitest";
import { History } from "../src/history.ts";
import { initMesh } from "../src/init.ts";
import { loadMesh, requireNode } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { readRunbook } from "../src/runbook-files.ts";
import { RunbookReview } from "../src/runbook-review.ts";
import { acceptSecretCommand, readSecretCommands } from "../src/secret-commands.ts";
import { stepVariables } from "../src/step-variables.ts";
import { put, temporaryFolder } from "./folder.ts";

const by = { name: "Ada", email: "ada@example.com" };
const runbook = "projects/ops/runbooks/trial.md";
let root: string;
/** Beside the mesh. */
let kept: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  root = join(folder, "mesh");
  kept = join(folder, "studio.env");
  await initMesh(root, { name: "studio" });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  await writeFile(kept, "SHOP_KEY='from the file'\nOTHER=x\n", { mode: 0o600 });
});

async function open(secrets: string) {
  await put(
    root,
    "mesh.yml",
    `name: studio\nnodes: [ops]\ngate: { threshold: 0 }\ntargets: { staging: { kind: local, path: ./site } }\n${secrets}`,
  );
  return loadMesh(root);
}

/** A mesh whose commands the person has accepted as they are. */
async function openAccepted(secrets: string) {
  const mesh = await open(secrets);
  for (const { name, digest } of await readSecretCommands(mesh))
    await acceptSecretCommand(mesh, name, { by, at: new Date(), digest });
  return mesh;
}

const naming = (...env: string[]) => [{ needs: { steps: [], files: [], env } }];

test("a step gets what it names from a file of its operator, and its record does not keep the value", async () => {
  const mesh = await open(`secrets: { files: [${kept}] }\n`);
  const header = "id: rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB\nnode: ops\ntarget: staging\ncreated: 2026-11-21T10:00:00Z";
  const step = '## Step 1: Do it\nRisk: low. Needs: SHOP_KEY.\n\n```sh run\nenv > env; echo "$SHOP_KEY"\n```\n';
  await put(root, runbook, `---\n${header}\n---\n# Trial\n\n${step}`);
  const file = { node: requireNode(mesh, "ops"), path: join(root, runbook) };
  expect((await readRunbook(mesh, file)).reviewed?.steps[0]?.variables).toEqual([{ name: "SHOP_KEY", present: true }]);
  const history = await History.open(mesh, () => undefined);
  const review = await RunbookReview.open(mesh, file, history, { by, environment: {} });
  await approveStep(review.current.reviewed, 1, { by, how: "terminal" });
  await runStep(review.current, 1);
  await review.close();
  const environment = await readFile(join(root, "site/env"), "utf8");
  expect(environment).toContain("SHOP_KEY=from the file\n");
  expect(environment).not.toContain("OTHER");
  expect(await readFile(join(root, runbook.replace(".md", ".record.jsonl")), "utf8")).not.toContain("from the file");
});

test("the environment counts first, then a command, then a file; a command runs only for a step that names its variable", async () => {
  const ran = join(root, "..", "ran");
  const mesh = await openAccepted(
    `secrets:\n  files: [${kept}]\n  commands: { SHOP_KEY: "echo from the command", UNUSED: "touch ${ran}", MINE: "false" }\n`,
  );
  const found = await stepVariables(mesh, naming("SHOP_KEY", "OTHER", "MINE", "ABSENT"), { MINE: "own" });
  expect(found).toEqual({ SHOP_KEY: "from the command", OTHER: "x", MINE: "own", ABSENT: undefined });
  await expect(readFile(ran)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a file that others may read, that is a link, or that lies in the mesh is not used", async () => {
  const mesh = await open(`secrets: { files: [${kept}] }\n`);
  const wanted = () => stepVariables(mesh, naming("SHOP_KEY"), {});
  await chmod(kept, 0o640);
  await expect(wanted()).rejects.toMatchObject({
    code: "secret.file",
    exit: 77,
    sentence: expect.stringMatching(/mode 640\); expected 600: `chmod 600/),
  });
  await rm(kept);
  await expect(wanted()).rejects.toMatchObject({ sentence: expect.stringContaining("ENOENT") });
  await symlink("/dev/null", kept);
  await expect(wanted()).rejects.toMatchObject({ sentence: expect.stringContaining("ELOOP") });
  await put(root, "projects/ops/my.env", "SHOP_KEY=x\n");
  await chmod(join(root, "projects/ops/my.env"), 0o600);
  const inside = await open("secrets: { files: [projects/ops/my.env] }\n");
  await expect(stepVariables(inside, naming("SHOP_KEY"), {})).rejects.toMatchObject({
    sentence: expect.stringContaining("it lies in the mesh"),
  });
  expect(await stepVariables(inside, naming(), {})).toEqual({});
});

test("a command that fails says why, without what it printed", async () => {
  const mesh = await openAccepted(
    'secrets: { commands: { SHOP_KEY: "echo half-a-secret; echo the store is locked >&2; exit 3", EMPTY: "true" } }\n',
  );
  const refused = stepVariables(mesh, naming("SHOP_KEY"), {});
  await expect(refused).rejects.toMatchObject({ code: "secret.command", exit: 75 });
  await expect(refused).rejects.toThrow(/SHOP_KEY .* ended with 3: the store is locked\. Nothing was run\.$/);
  await expect(refused).rejects.not.toThrow("half-a-secret");
  await expect(stepVariables(mesh, naming("EMPTY"), {})).rejects.toThrow("printed no value");
});

test("a command runs only as a person has accepted it, byte by byte", async () => {
  const ran = join(root, "..", "ran");
  const command = (text: string) => `secrets: { commands: { SHOP_KEY: "${text}" } }\n`;
  const wanted = async (text: string) => stepVariables(await open(command(text)), naming("SHOP_KEY"), {});
  await expect(wanted(`touch ${ran}`)).rejects.toMatchObject({
    code: "secret.accept",
    exit: 77,
    sentence: expect.stringContaining(`\`touch ${ran}\``),
  });
  await openAccepted(command("echo one"));
  expect(await wanted("echo one")).toEqual({ SHOP_KEY: "one" });
  await expect(wanted(`touch ${ran}; echo one`)).rejects.toMatchObject({ code: "secret.accept" });
  await expect(readFile(ran)).rejects.toMatchObject({ code: "ENOENT" });
  const [shown] = await readSecretCommands(await open(command("echo one")));
  const changed = await open(command("echo two"));
  const late = acceptSecretCommand(changed, "SHOP_KEY", { by, at: new Date(), digest: shown?.digest ?? "" });
  await expect(late).rejects.toMatchObject({ code: "secret.digest", exit: 77 });
});
