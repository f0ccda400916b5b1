import { redact, secretFingerprint } from "@memomesh/guard";
import type { Check } from "../check.ts";
import { cost, type Flaw } from "../finding.ts";
import type { Material, ReadFile } from "../material.ts";
import { at, entriesOf, isSet, pairsOf, textOf } from "../yaml/node.ts";

export const secrets: Check = {
  id: "secrets",
  title: "No secrets",
  weight: 8,
  about:
    "No file holds a secret: not what looks like a key or token of a known kind, and no value for a variable whose name says that it is secret. Such values come from the environment or a secret store. A hit blocks, whatever the score.",
  look(material) {
    if (material.files.length === 0) return undefined;
    const allowed = new Set(material.guard?.allowedSecrets);
    const structured = [...environments(material), ...material.files.flatMap(secretObjects)].flatMap(
      ({ value, ...each }) => (allowed.size > 0 && allowed.has(secretFingerprint(value)) ? [] : [each]),
    );
    const known = new Set(structured.map(({ file, line }) => `${file}:${line}`));
    const shapes = material.files.flatMap(shapeFlaws).filter(({ file, line }) => !known.has(`${file}:${line}`));
    return [...structured, ...shapes];
  },
};

const fix = "take the value out, name a variable or a secret instead, and change the secret: it has been written down";

function flaw(file: string, line: number, text: string): Flaw {
  return { file, line, text, cost: cost.whole, fix, blocks: true };
}

/** Lines that lose something when what looks like a secret is taken out. The text of a finding never shows them. */
function shapeFlaws({ path, text, lines }: ReadFile): Flaw[] {
  const clean = redact(text);
  if (clean === text) return [];
  const found = lines.flatMap((line, index) =>
    redact(line) === line || isExample(path, line) || isVersion(line) ? [] : [index + 1],
  );
  const block = lines.findIndex((line) => /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/.test(line)) + 1;
  const places = [...new Set([...found, ...(block > 0 ? [block] : [])])];
  const several = lines.some((line) => redact(line) !== line) ? [] : [1];
  return (places.length > 0 ? places : several).map((line) =>
    flaw(path, line, line === block ? "a private key stands here" : "what looks like a secret stands here"),
  );
}

const secretName =
  /(?:^|_)(?:PASSWORD|PASSWD|PASS|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|CREDENTIALS?)$/i;

/** What stands for a value without being one. */
const standIn = /^$|[$<‹{]|^\*+$|^(?:true|false|null|none)$|^\/run\/secrets\//i;

/** A word that nobody would take for the value, in a file that shows which variables there are. */
function isExample(path: string, line: string): boolean {
  const value = /[=:]\s*["']?([^"'\s#]*)["']?\s*(?:#.*)?$/.exec(line)?.[1] ?? "";
  return (
    /\.(?:example|sample|template|dist)$/.test(path) &&
    /^(?:change[-_]?(?:me|it)|example|placeholder|replace[-_]?me|your[-_].*|xxx+|\.\.\.)$/i.test(value)
  );
}

/** `"registry-auth-token": "^4.0.0"` is a package. */
function isVersion(line: string): boolean {
  return /:\s*["']?[\^~]?\d+(?:\.\d+){1,3}(?:-[\w.]+)?["']?,?\s*$/.test(line);
}

/** A value and what is wrong with it; findings never show it. */
type Valued = Flaw & { readonly value: string };

function environments({ workloads, files }: Material): Valued[] {
  const named = workloads.flatMap(({ file, environment }) => environment.map((each) => ({ ...each, file })));
  const written = files.flatMap(({ kind, path, lines }) =>
    kind === "env"
      ? lines.flatMap((text, index) => {
          const [, name = "", value = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=["']?([^"'\s#]*)/.exec(text) ?? [];
          return isExample(path, text) ? [] : [{ name, value, line: index + 1, file: path }];
        })
      : [],
  );
  return [...named, ...written]
    .filter(({ name, value }) => secretName.test(name) && !standIn.test(value))
    .map(({ name, file, line, value }) => ({ ...flaw(file, line, `${name} has its value written here`), value }));
}

/** Kubernetes Secrets with their values in the file. */
function secretObjects({ kind, path, documents }: ReadFile): Valued[] {
  if (kind !== "kubernetes") return [];
  return documents
    .filter((document) => textOf(at(document, "kind")) === "Secret" && !isSealed(document))
    .flatMap((document) =>
      ["data", "stringData"].flatMap((part) =>
        pairsOf(at(document, part))
          .filter(({ value }) => !standIn.test(value))
          .map(({ name, line, value }) => ({
            ...flaw(path, line, `the Secret has a value for ${name} written here`),
            value,
          })),
      ),
    );
}

/** SOPS leaves the object readable and its values encrypted. */
function isSealed(document: ReadFile["documents"][number]): boolean {
  return isSet(at(document, "sops")) || entriesOf(document).has("encryptedData");
}
