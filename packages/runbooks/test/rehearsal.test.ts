import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { checkRunbook, lookAt, onlyLooks, rehearsal } from "../src/index.ts";
import { hasSshd, startHost } from "./sshd.ts";
import { ada, makeWorkspace, target } from "./workspace.ts";

const options = { by: ada, environment: {} };

test("a rehearsal runs previews and checks that only look, and leaves no trace", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([
    { preview: "ls -l", run: "touch ran", check: "test -e ran" },
    { preview: "touch looked", run: "touch more", check: "mkdir sub" },
  ]);
  const reviewed = await workspace.open();
  const [one, two] = await rehearsal(reviewed, options);
  expect(one).toMatchObject({ obstacles: [], looks: [{ kind: "preview" }, { kind: "check" }], left: [] });
  expect(two).toMatchObject({ looks: [], left: [{ kind: "preview" }, { kind: "check" }] });
  expect((await lookAt(reviewed, { step: 1, kind: "preview" }, options)).output.text).toMatch(/^total 0/);
  expect((await lookAt(reviewed, { step: 1, kind: "check" }, options)).end).toEqual({ kind: "exited", exit: 1 });
  await expect(lookAt(reviewed, { step: 2, kind: "preview" }, options)).rejects.toThrow("only looks");
  expect(await readdir(workspace.site)).toEqual([]);
  expect((await workspace.open()).journal.events).toEqual([]);
  expect(onlyLooks(reviewed.steps[1]!.risk.classified.preview!)).toBe(false);
});

test("a rehearsal says what stands in the way of a step, and runs nothing of it", async () => {
  const workspace = await makeWorkspace();
  const attributes = "Risk: low. Needs: TOKEN, `projects/dist`.";
  await workspace.write([{ attributes, preview: "ls", run: "true" }]);
  const targets = { staging: target(`${workspace.meshRoot}-nowhere`) };
  const [step] = await rehearsal(await workspace.open({ targets }), options);
  expect(step?.obstacles.join("\n")).toMatch(/projects\/dist[\s\S]*TOKEN[\s\S]*nowhere/);
  expect(step?.looks).toEqual([]);
});

test("a rehearsal before the first review says that the folder will be made, and takes it for no obstacle", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ preview: "ls", run: "true", check: "test -d ." }]);
  const folder = `${workspace.meshRoot}/targets/staging`;
  const reviewed = await workspace.open({ targets: { staging: target(folder) } });
  const why = "the target's folder is not there yet";
  expect(await rehearsal(reviewed, options)).toMatchObject([
    {
      obstacles: [],
      would: [`make the folder ${folder}`],
      looks: [],
      left: [
        { kind: "preview", why },
        { kind: "check", why },
      ],
    },
  ]);
  expect(await readdir(workspace.meshRoot)).not.toContain("targets");
});

test.skipIf(!hasSshd)("a preview runs on the host of its step", async () => {
  const host = await startHost();
  const workspace = await makeWorkspace();
  await workspace.write([{ preview: "pwd", run: "touch ran" }]);
  const reviewed = await workspace.open({ targets: { staging: host.target } });
  const [step] = await rehearsal(reviewed, options);
  expect(step?.looks).toEqual([{ step: 1, kind: "preview" }]);
  expect((await lookAt(reviewed, { step: 1, kind: "preview" }, options)).output.text).toBe(`${host.target.path}\n`);
});

test("a preview is part of what is approved, and is named when it does more than look", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ preview: "ls", run: "true" }]);
  const before = (await workspace.open()).steps[0];
  await workspace.write([{ preview: "rm -r x", run: "true" }]);
  const reviewed = await workspace.open();
  expect(reviewed.steps[0]?.digest).not.toBe(before?.digest);
  expect(checkRunbook(reviewed).map(({ code }) => code)).toContain("runbook.step.preview");
});

test("a dry run that asks a live host is a preview, and one that writes or runs for real is none", async () => {
  const workspace = await makeWorkspace();
  const previews = [
    "rsync -an dist/ web@host:/srv/",
    "terraform plan",
    "kubectl diff -f x",
    "ansible-playbook -C site.yml",
  ];
  const others = [
    "rsync -a dist/ web@host:/srv/",
    "terraform plan -out=x",
    "kubectl apply -f x",
    "curl -X POST http://x.example",
  ];
  await workspace.write([...previews, ...others].map((preview) => ({ preview, run: "true" })));
  const { steps } = await workspace.open();
  const looks = steps.map(({ risk }) => risk.classified.preview && onlyLooks(risk.classified.preview));
  expect(looks).toEqual([...previews.map(() => true), ...others.map(() => false)]);
});
