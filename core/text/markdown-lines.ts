/** Lines that say nothing: rules, underlines of headings, the line under a table's head. */
const RULE = /^[\s|:=*_~-]*$/;

const QUOTE = /^(?:\s*>)+\s?/;
const HEADING = /^\s*#{1,6}(?:\s+|$)/;
const BULLET = /^\s*[-*+•](?:\s+\[[ xX]\])?\s+/;
const NUMBERED = /^\s*\d{1,3}[.)]\s/;
const ROW = /^\s*\|/;

/**
 * Takes the marks of headings, lists, quotes and tables off and joins the lines. A line that is a block of its own ends
 * with a full stop where it has no mark, so that the voice pauses there.
 */
export function plainLines(text: string): string {
  const said: string[] = [];
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    const unquoted = line.replace(QUOTE, '');
    if (RULE.test(unquoted)) return;
    const block =
      HEADING.test(unquoted) || BULLET.test(unquoted) || NUMBERED.test(unquoted) || ROW.test(unquoted);
    const plain = ROW.test(unquoted)
      ? cells(unquoted)
      : unquoted.replace(HEADING, '').replace(BULLET, '').trim();
    const paragraphEnds = lines.slice(index + 1, index + 2).some((following) => RULE.test(following));
    const last = lines.slice(index + 1).every((following) => RULE.test(following));
    if (plain === '') return;
    const stops = /[.!?…:;,।]["'”’»)*_`]*$/.test(plain);
    said.push((block || paragraphEnds) && !last && !stops ? `${plain}.` : plain);
  });
  return said.join(' ');
}

/** A table's row as words: its cells with pauses between them. */
function cells(row: string): string {
  return row
    .split('|')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(', ');
}
