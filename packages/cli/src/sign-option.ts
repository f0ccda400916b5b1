import type { Signing } from "@memomesh/mesh";
import { Option } from "commander";

/** `--sign`: the memo is signed with the person's SSH key, also when nobody requires it. */
export function signOption(): Option {
  return new Option("--sign", "sign it with the SSH key that git knows of you, also when no recipient requires it");
}

/** What a person at the terminal wants to be signed. */
export function signingOf(sign: boolean | undefined): Signing {
  return sign ? "always" : "when-required";
}
