/** The names that a path or pattern means; `*` stands for any characters but `/`. */
export function matching(pattern: string, names: readonly string[]): string[] {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const expression = new RegExp(`^${parts.join('[^/]*')}$`);
  return names.filter((name) => expression.test(name));
}
