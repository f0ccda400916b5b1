import * as z from "zod";
import { nameSchema } from "./name-schema.ts";

export type ArtifactKind = "static" | "image" | "compose" | "migration";

/** Something that was built and is to be put in place. */
export interface Artifact {
  readonly kind: ArtifactKind;
  /** Relative to the folder of the node that built it. */
  readonly path?: string;
  /** Reference of a container image. */
  readonly image?: string;
}

/** How to find out whether it works: a request and the status it must give, or a command that must succeed. */
export type Verification = { readonly http: string; readonly expect: number } | { readonly command: string };

/** What a memo says about a deployment. Whatever is absent was not said. */
export interface Deployment {
  readonly app?: string;
  readonly version?: string;
  /** Name of a target in mesh.yml. */
  readonly target?: string;
  readonly artifacts: readonly Artifact[];
  readonly port?: number;
  readonly domain?: string;
  /** Names of environment variables, never values. */
  readonly env: readonly string[];
  /** Services that it depends on. */
  readonly needs: readonly string[];
  /** As Compose writes them: `256M`, and a number of processors. */
  readonly resources?: { readonly memory?: string; readonly cpus?: number; readonly disk?: string };
  readonly verify: readonly Verification[];
  /** Whether what is wanted is the way back to the previous release. */
  readonly rollback?: boolean;
}

// Everything here ends up in file names, configuration or commands; hence what is allowed is listed, not what is forbidden.

const word = (example: string) => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/, `one word such as ${example}`);

const path = z
  .string()
  .regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[A-Za-z0-9._@+/ -]{1,200}$/, "a path below the node's folder, such as dist");

const image = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,299}$/, "an image such as ghcr.io/shop/web:1.4.2");

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "a whole number")
    .transform(Number)
    .pipe(z.number().min(least, `a number from ${least} to ${most}`).max(most, `a number from ${least} to ${most}`));

const bytes = (example: string) =>
  z.string().regex(/^\d{1,6}(?:[bkmgt]|[kmgt]b|[kmgt]i|[kmgt]ib)?$/i, `an amount such as ${example}`);

const artifact = z.strictObject({
  kind: z.enum(["static", "image", "compose", "migration"]),
  path: path.optional(),
  image: image.optional(),
});

const url = z
  .string()
  .regex(/^https?:\/\/[A-Za-z0-9][^\s"'`<>\\$|;(){}]*$/, "an address such as http://127.0.0.1:8080/healthz");

const verification = z.union([
  z.strictObject({ http: url, expect: whole(100, 599).prefault("200") }),
  z.strictObject({ command: z.string().regex(/^[^\r\n]+$/, "a command on one line") }),
]);

/** A list, of which a single entry may stand without brackets. */
function oneOrMore<T>(entry: z.ZodType<T>) {
  return z.union([entry.transform((single) => [single]), z.array(entry)]).default([]);
}

/** The same for words, which may also stand in one text with commas. */
const words = z.preprocess(
  (value) =>
    typeof value === "string"
      ? value
          .split(",")
          .map((each) => each.trim())
          .filter(Boolean)
      : value,
  z.array(word("postgres")).default([]),
);

/** The `yaml deploy` block. Every scalar is read as the text that was written, so that version 1.10 stays 1.10. */
export const deploymentSchema = z.strictObject({
  app: word("shop").optional(),
  version: word("1.4.2").optional(),
  target: nameSchema.optional(),
  artifact: oneOrMore(artifact),
  port: whole(1, 65_535).optional(),
  domain: z
    .string()
    .regex(
      /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
      "a domain such as shop.example.com",
    )
    .optional(),
  // Checked apart from the schema, whose messages would show a value that somebody wrote here by mistake.
  env: z.unknown().optional(),
  needs: words,
  resources: z
    .strictObject({
      memory: bytes("256M").optional(),
      cpus: z
        .string()
        .regex(/^(?:\d{1,3}(?:\.\d{1,3})?|\.\d{1,3})$/, "a number such as 0.5")
        .transform(Number)
        .optional(),
      disk: bytes("20G").optional(),
    })
    .optional(),
  verify: oneOrMore(verification),
  rollback: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
});

type DeploymentBlock = z.infer<typeof deploymentSchema>;

/** A block as the value that others use: absent facts have no key. */
export function deploymentOf(
  { artifact, needs, verify, env: _, ...facts }: DeploymentBlock,
  env: readonly string[],
): Deployment {
  const told = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(told), artifacts: artifact, env, needs, verify } as Deployment;
}
