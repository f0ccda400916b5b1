import { finding, touches } from "../call.ts";
import { has } from "../options.ts";
import type { Rule } from "../program.ts";
import { shown, textOf } from "../shell/argument.ts";
import { inside } from "../shell/folders.ts";

/** `chmod`, `chown`, `chgrp`: the first operand says what, the others where. */
export const changesOwnership: Rule = (call, parsed) => {
  const paths = parsed.operands.slice(has(parsed, "--reference") ? 0 : 1);
  const written = paths.flatMap((path) => touches(call, "write", path));
  if (!has(parsed, "-R --recursive")) return written;
  const deep = paths.flatMap((path) =>
    call.folders.flatMap((folder) => {
      // As bad as losing all of it: what nobody or everybody can read is as good as gone.
      const worst = call.into.touch("erase", inside(folder, path.parts), shown(path));
      return worst
        ? [
            finding(
              call,
              worst.risk,
              ["write", "privilege"],
              `changes who may use ${shown(path)} and all that is in it`,
              path,
            ),
          ]
        : [];
    }),
  );
  return [...written, ...deep];
};

/** Modes that give a program its owner's rights, or everybody the right to write. */
export const givesRights: Rule = (call, { operands: [mode] }) => {
  const text = mode && textOf(mode);
  if (mode === undefined || text === undefined) return [];
  const special = /^[-+=]?[0-7]?[2467][0-7]{3}$/.test(text) || /[+=][rwxXtugo]*s/.test(text);
  if (special) return [finding(call, "critical", ["privilege"], "makes a program run with its owner's rights", mode)];
  const everybody = /^[0-7]?[0-7]{2}[2367]$/.test(text) || /(?:^|,)[ug]*[oa][ugoa]*[+=][rxXst]*w/.test(text);
  return everybody ? [finding(call, "high", ["write", "privilege"], "lets everybody write", mode)] : [];
};
