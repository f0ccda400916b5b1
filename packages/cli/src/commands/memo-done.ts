import { completeByHand } from "@memomesh/mesh";
import { InvalidArgumentError } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { meshHere, shown } from "../here.ts";
import { paint, text } from "../text.ts";

interface Options {
  message?: string;
  tick: "all" | "none" | number[];
  from?: string;
}

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh memo done 7w1xb -m 'Moved by hand.'", "the boxes stay as they are in the file"],
    ["memomesh memo done 7w1xb --tick all", "everything in it was done"],
    ["memomesh memo done 7w1xb --tick 1,3", "the first and the third box"],
  ])
    .argument("<memo>", "its id, or the five characters at the end of its file name")
    .option("-m, --message <text>", "what was done, for the completion notes")
    .option("--tick <boxes>", "all, none, or numbers of action items", readTick, "none")
    .option("--from <node>", "whose memo it is (default: the node whose folder you are in, else operator)")
    .action(async (reference: string, { message = "", tick, from }: Options) => {
      const { mesh, node } = await meshHere(from);
      const { id, subject, path } = await completeByHand(mesh, node, reference, { notes: message, tick });
      output.data({ id, subject, path });
      output.line(text`${paint("green", "done")}  ${subject}`);
      output.line(paint("dim", text`      archived as ${shown(path)}`));
    });
};

function readTick(value: string): Options["tick"] {
  if (value === "all" || value === "none") return value;
  const numbers = value.split(",").map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number > 0)) return numbers;
  throw new InvalidArgumentError("Expected all, none, or numbers such as 1,3.");
}
