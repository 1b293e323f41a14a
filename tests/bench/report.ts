/** Prints a table for people and, with `--json`, one JSON object on the last line for machines. */
export function report(title: string, rows: readonly (readonly [string, string])[], result: object): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
  process.stdout.write(`${title}\n${table}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
}
