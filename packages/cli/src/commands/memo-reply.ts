import { Exit, MeshError, printMemo, withHeader } from "@memomesh/core";
import { completeByHand, findMemoEntry, memoText, sendMemo } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { compose } from "../compose.ts";
import { withExamples } from "../help.ts";
import { meshHere } from "../here.ts";
import { tellSent } from "../sent.ts";
import { signingOf, signOption } from "../sign-option.ts";
import { text } from "../text.ts";

interface Options {
  message?: string;
  done?: boolean;
  from?: string;
  sign?: boolean;
}

/** Ctrl-C belongs to the editor. */
export const ownInterrupt = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh memo reply 7w1xb", "in the editor"],
    ["memomesh memo reply 7w1xb -m 'Port 8080.' --done", "in one line, and complete the question"],
  ])
    .argument("<memo>", "its id, or the five characters at the end of its file name")
    .option("-m, --message <text>", "the answer; without it the editor opens")
    .option("--done", "complete and archive the memo that is answered")
    .option("--from <node>", "who answers (default: the node whose folder you are in, else operator)")
    .addOption(signOption())
    .action(async (reference: string, { message, done, from, sign }: Options) => {
      const { mesh, node } = await meshHere(from);
      const { header, path } = await findMemoEntry([node], reference);
      const { id, from: sender, subject = "" } = header ?? {};
      if (id === undefined || sender === undefined) {
        throw new MeshError("memo.no-sender", `${path} does not say who sent it, so it cannot be answered`, {
          exit: Exit.badData,
        });
      }
      const answer = {
        to: [sender],
        priority: "normal",
        subject: subject.startsWith("Re: ") ? subject : `Re: ${subject}`,
      } as const;
      const signing = signingOf(sign);
      const sent =
        message === undefined
          ? await compose(mesh, node, withHeader(await memoText(mesh.root, "answer", answer), { re: id }), signing)
          : await sendMemo(
              mesh,
              node,
              printMemo({ ...answer, type: "answer", re: id, body: message }),
              "the answer",
              new Date(),
              signing,
            );
      if (sent === undefined) {
        output.note(text`The text was left as it was; nothing was sent.`);
        return exit(Exit.failed);
      }
      if (done) await completeByHand(mesh, node, reference, { notes: `Answered with memo ${sent.id}.`, tick: "none" });
      tellSent(output, sent);
    });
};
