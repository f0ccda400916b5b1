// How figures are written, in a terminal as on a page. What is not known is a dash.

export function hoursText(hours: number | undefined): string {
  if (hours === undefined) return "–";
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}

export function shareText(share: number | undefined): string {
  return share === undefined ? "–" : `${Math.round(share * 100)} %`;
}

export function scoreText(score: number | undefined): string {
  return score === undefined ? "–" : String(Math.round(score));
}
