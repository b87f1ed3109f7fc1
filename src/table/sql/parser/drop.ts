import type { Drop } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { ifExists, name } from './names.js';

function object(p: Cursor, temporary: boolean): Drop['object'] {
  const word = p.oneOf('TABLE', 'VIEW', 'FUNCTION', 'DATABASE', 'CATALOG', 'MATERIALIZED', 'MODEL');
  if (word !== 'MATERIALIZED') return word;
  if (temporary) p.refuse(p.last, 'a materialized table cannot be temporary');
  p.expect('TABLE');
  return 'MATERIALIZED TABLE';
}

/** Every DROP statement. */
export function drop(p: Cursor): Drop {
  const first = p.expect('DROP');
  const temporary = p.accept('TEMPORARY');
  const system = p.accept('SYSTEM');
  if (system && !p.at('FUNCTION')) p.fail();
  const kind = object(p, temporary);
  const exists = ifExists(p);
  const called = name(p);
  const behaviour =
    kind === 'DATABASE' && p.at('RESTRICT', 'CASCADE') ? { behaviour: p.oneOf('RESTRICT', 'CASCADE') } : {};
  return {
    kind: 'drop',
    object: kind,
    temporary,
    system,
    ifExists: exists,
    name: called,
    ...behaviour,
    span: p.spanFrom(first),
  };
}
