import type { Stage, StagePlan } from "@memomesh/core/stages";

/**
 * The plan of a stage that says itself what is deployed, when there is no model to make one: what stands in stages.yml,
 * and that nothing was weighed. Pure.
 *
 * @returns undefined when the stage does not say it
 */
export function rulePlan({ id, name, purpose, requirements, deploy, riskLevel }: Stage): StagePlan | undefined {
  if (deploy === undefined) return undefined;
  return {
    title: `Stage ${id}: ${name}`,
    summary: `${purpose.trim()} Made by rule from stages.yml: no model was asked, and no alternative was weighed.`,
    requirements: [
      { text: "The service that stages.yml describes is in place", met_by: "the deployment of the facts below" },
      ...requirements.map(({ name: about, text }) => ({
        text: about === undefined ? text : `${about}: ${text}`,
        met_by: "not known: a rule cannot tell; the engineer or a person has to say it in the documentation",
      })),
    ],
    strategy: {
      what: `Deploy what the stage declares:\n\n\`\`\`yaml\n${deploy}\n\`\`\``,
      why: "stages.yml declares it so.",
      steps: [
        "Prepare the configuration and the runbook from the declared facts",
        "Let the gate look at them",
        "A person approves each step",
      ],
    },
    alternatives: [],
    risks: [
      {
        text: `Nobody has thought about this stage but whoever wrote stages.yml, whose risk level is ${riskLevel}`,
        likelihood: "medium",
        impact: riskLevel === "low" ? "low" : riskLevel === "medium" ? "medium" : "high",
        response:
          "Read the runbook with that in mind, or give the architect's role an agent with a model and plan again",
      },
    ],
    unknowns: ["Alternatives, cost and whether the requirements are met: no model was asked."],
    cost: { estimate: "not estimated beyond the limits that the stage declares", basis: "stages.yml" },
    rollback: {
      how: "Undo the steps of the runbook in reverse order.",
      until: "Until the next deployment of the same service; data that was written meanwhile stays.",
    },
  };
}
