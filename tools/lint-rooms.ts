import { relative, sep } from 'node:path';
import { type ImportKind, roomViolation } from './rooms.ts';

/** The little of oxlint's plugin interface (ESLint's own) that this rule touches. */
interface Node {
  type: string;
  [key: string]: unknown;
}
interface Context {
  filename: string;
  report(problem: { message: string; node: Node }): void;
}

/** Lint rule `parley/rooms`: imports run only along the arrows of tools/rooms.ts. */
const roomsRule = {
  create(context: Context) {
    const file = relative(process.cwd(), context.filename).split(sep).join('/');
    const check = (source: unknown, kind: ImportKind) => {
      const node = source as Node | null | undefined;
      if (typeof node?.['value'] !== 'string') return;
      const message = roomViolation(file, node['value'], kind);
      if (message) context.report({ message, node });
    };
    return {
      ImportDeclaration: (node: Node) =>
        check(node['source'], node['importKind'] === 'type' ? 'type' : 'value'),
      ExportNamedDeclaration: (node: Node) =>
        check(node['source'], node['exportKind'] === 'type' ? 'type' : 'value'),
      ExportAllDeclaration: (node: Node) =>
        check(node['source'], node['exportKind'] === 'type' ? 'type' : 'value'),
      ImportExpression: (node: Node) => check(node['source'], 'value'),
      TSImportType: (node: Node) => check(node['source'], 'type'),
      NewExpression(node: Node) {
        const [specifier, base] = node['arguments'] as Node[];
        const isUrl = (node['callee'] as Node)['name'] === 'URL';
        if (isUrl && base?.type === 'MemberExpression') check(specifier, 'url');
      },
    };
  },
};

export default { meta: { name: 'parley' }, rules: { rooms: roomsRule } };
