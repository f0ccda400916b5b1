import { MeshError } from "./error.ts";

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Checks a list of environment variables: names only. No message repeats what was found unless it is a name, since it
 * may be a secret.
 *
 * @throws MeshError `deployment.env` with file and line
 */
export function envNames(found: unknown, place: { readonly file: string; readonly line: number }): string[] {
  const refuse = (sentence: string) => new MeshError("deployment.env", sentence, { place });
  if (found === undefined || found === "") return [];
  if (typeof found === "object" && found !== null && !Array.isArray(found)) {
    const names = Object.keys(found).filter((name) => variable.test(name));
    throw refuse(`env holds values for ${names.join(", ")}; expected a list of names, never values.`);
  }
  const entries: unknown[] = typeof found === "string" ? found.split(",") : (found as unknown[]);
  const names = entries.map((entry, index) => {
    const text = typeof entry === "string" ? entry.trim() : "";
    if (variable.test(text)) return text;
    const name = typeof entry === "object" && entry !== null ? Object.keys(entry)[0] : text.split(/[=:]/, 1)[0]?.trim();
    if (text.includes("=") || typeof entry === "object") {
      const whose = name !== undefined && variable.test(name) ? ` for ${name}` : "";
      throw refuse(`env holds a value${whose}; expected names only, never values.`);
    }
    throw refuse(
      `entry ${index + 1} of env is no name of a variable; expected names such as DATABASE_URL, never values.`,
    );
  });
  return [...new Set(names)];
}
