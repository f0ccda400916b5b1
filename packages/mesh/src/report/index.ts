export { figureCells, figureHeads, hoursText, scoreText, shareText } from "./figure-text.ts";
export { type Figures, type Report, reportOf } from "./figures.ts";
export { readFacts } from "./read-facts.ts";
export { reportHtml } from "./report-html.ts";
