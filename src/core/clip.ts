// The schema bounds every text of status, and refuses a status as a whole for one that is too long.

/** To `most` code points, counted as the API server counts them. */
export function clip(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : `${points.slice(0, most - 1).join('')}…`;
}
