import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'vitest';
import { Catalog } from '../../../src/table/catalog/index.js';
import { bindQuery } from '../../../src/table/binder/index.js';
import { executeStatement } from '../../../src/table/ddl/index.js';
import { parseStatement } from '../../../src/table/sql/index.js';

test('all', () => {
  const dir = '/work/shared/conformance/sql/';
  const config = { get: () => undefined, set() {}, reset() {}, entries: () => [] };
  for (const f of readdirSync(dir).filter((f) => f.endsWith('.json'))) {
    const c = JSON.parse(readFileSync(dir + f, 'utf8'));
    if (c.sql === undefined) continue;
    if (process.env.ONLY && !f.includes(process.env.ONLY)) continue;
    const catalog = new Catalog();
    try {
      for (const ddl of [...c.tables.map((t) => t.ddl), ...(c.setup ?? [])]) executeStatement(parseStatement(ddl), { catalog, sql: ddl, config });
      const statement = parseStatement(c.sql);
      const done = executeStatement(statement, { catalog, sql: c.sql, config });
      if (done) { if (c.error) console.log(f, 'EXPECTED', c.error.contains); continue; }
      const { fields } = bindQuery(statement as never, { catalog, sql: c.sql });
      const got = fields.map((x) => [x.name, String(x.type) + (x.time ? ` *${x.time.toUpperCase()}*` : '')]);
      if (c.error) { if (c.error.phase === 'plan') console.log(f, 'EXPECTED', c.error.contains); }
      else if (JSON.stringify(got) !== JSON.stringify(c.result.schema)) console.log(f, '\n got ', JSON.stringify(got), '\n want', JSON.stringify(c.result.schema));
    } catch (e) {
      if (c.error && c.error.phase === 'plan') console.log(f, e.message.split('\n')[0], '\n   WANT', c.error.contains);
      else console.log(f, process.env.ONLY ? e.stack : e.message);
    }
  }
});
