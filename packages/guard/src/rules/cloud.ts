import { finding } from "../call.ts";
import { given } from "../options.ts";
import type { Rule } from "../program.ts";
import { textOf } from "../shell/argument.ts";

/** Verbs by which a cloud's program only tells what is there. */
const asking =
  /^(?:ls|list|show|status|view|diff|checks|describe|whoami|get-caller-identity|(?:describe|list)-[a-z-]+)$/;
/** Behind one of these, such a word is only a name: `server create list`. */
const acting =
  /^(?:add|allow|apply|assign|associate|attach|authorize|build|connect|copy|cp|create|deploy|detach|edit|enable|exec|export|grant|import|invoke|launch|link|merge|modify|move|mv|new|open|patch|promote|provision|publish|push|put|rebuild|reboot|register|rename|replace|reset|resize|restart|restore|resume|revoke|rollback|run|scale|send|set|shutdown|ssh|start|stop|submit|suspend|sync|tag|transfer|unset|up|update|upgrade|upload)(?:-|$)/;
/** Of these things what is told holds secrets, or says how to log in. */
const secret =
  /secret|key|token|passw|credential|config|setting|connection|variable|env|user-?data|function|task-definition|auth|login|kubeconfig|iam|template/i;

/**
 * `aws ec2 describe-instances`, `gcloud compute instances list`: plain words, of which one is a verb that only asks, and
 * options that say nothing about who asks whom. Everything else may change something.
 *
 * @param options those that are known to be harmless
 * @param whom for the sentence: "a cloud"
 * @param things words that are a verb elsewhere, and here the name of a kind of thing
 */
export function onlyAsks(options: string, whom: string, things = ""): Rule {
  const nouns = things.split(" ");
  return (call, parsed) => {
    const words = parsed.operands.map((operand) => textOf(operand) ?? "$");
    const verb = words.findIndex((word) => asking.test(word));
    const before = words.slice(0, verb + 1);
    const known = new Set(given(parsed, options));
    const certain =
      verb >= 0 &&
      call.args.every((argument) => textOf(argument) !== undefined) &&
      before.every(
        (word) => /^[a-z][a-z0-9-]*$/.test(word) && !secret.test(word) && (nouns.includes(word) || !acting.test(word)),
      ) &&
      parsed.options.every((option) => known.has(option));
    return certain
      ? [finding(call, "medium", ["read", "network", "live-infrastructure"], `asks ${whom} what is there`)]
      : [finding(call, "high", ["network", "live-infrastructure"], `acts on ${whom}`)];
  };
}
