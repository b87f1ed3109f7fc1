import type { AlterTable, AlterTableAction, ColumnChange, PartitionSpec, TableChange } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import {
  atConstraint,
  column,
  constraint,
  distribution,
  partitionSpec,
  properties,
  propertyKeys,
  watermark,
} from './elements.js';
import { identifier, ifExists, ifNotExists, name } from './names.js';
import { bareType } from './types.js';

function columnChange(p: Cursor): ColumnChange {
  const changed = column(p);
  const made: ColumnChange = { kind: 'columnChange', column: changed, span: changed.span };
  if (p.accept('FIRST')) return { ...made, first: true, span: p.spanFrom(changed.span) };
  if (!p.accept('AFTER')) return made;
  return { ...made, after: name(p), span: p.spanFrom(changed.span) };
}

function change(p: Cursor): TableChange {
  if (atConstraint(p)) return constraint(p, true);
  if (p.at('WATERMARK')) return watermark(p);
  if (p.accept('DISTRIBUTION')) return distribution(p);
  if (!p.atName()) p.fail();
  return columnChange(p);
}

/** One change, or several between parentheses. */
function changes(p: Cursor): TableChange[] {
  if (!p.accept('(')) return [change(p)];
  const list = p.list(() => change(p));
  p.expect(')');
  return list;
}

function addPartitions(p: Cursor): AlterTableAction {
  const exists = ifNotExists(p);
  const partitions: Extract<AlterTableAction, { action: 'addPartitions' }>['partitions'][number][] = [];
  do {
    p.expect('PARTITION');
    const spec = partitionSpec(p);
    partitions.push(p.accept('WITH') ? { spec, options: properties(p) } : { spec });
  } while (p.at('PARTITION'));
  return { action: 'addPartitions', ifNotExists: exists, partitions };
}

function add(p: Cursor): AlterTableAction {
  p.expect('ADD');
  const partition = p.at('PARTITION') || (p.at('IF') && p.peek(1).key === 'NOT');
  return partition ? addPartitions(p) : { action: 'add', changes: changes(p) };
}

function dropPartitions(p: Cursor): AlterTableAction {
  const exists = ifExists(p);
  const partitions: PartitionSpec[] = [];
  do {
    p.expect('PARTITION');
    partitions.push(partitionSpec(p));
  } while (p.accept(','));
  return { action: 'dropPartitions', ifExists: exists, partitions };
}

function drop(p: Cursor): AlterTableAction {
  p.expect('DROP');
  if (p.at('PARTITION') || (p.at('IF') && p.peek(1).key === 'EXISTS')) return dropPartitions(p);
  if (p.acceptAll('PRIMARY')) {
    p.expect('KEY');
    return { action: 'dropPrimaryKey' };
  }
  if (p.accept('CONSTRAINT')) return { action: 'dropConstraint', name: identifier(p) };
  if (p.accept('DISTRIBUTION')) return { action: 'dropDistribution' };
  if (p.accept('WATERMARK')) return { action: 'dropWatermark' };
  if (!p.accept('(')) return { action: 'dropColumns', columns: [name(p)] };
  const columns = p.list(() => {
    const called = name(p);
    // Flink's grammar reads a type here, and then refuses it.
    if (!p.at(',', ')')) p.refuse(bareType(p).span, 'a column to drop has a name and no type');
    return called;
  });
  p.expect(')');
  return { action: 'dropColumns', columns };
}

function action(p: Cursor): AlterTableAction {
  switch (p.peek().key) {
    case 'RENAME': {
      p.advance();
      if (p.accept('TO')) return { action: 'rename', to: name(p) };
      const from = name(p);
      p.expect('TO');
      return { action: 'renameColumn', from, to: name(p) };
    }
    case 'SET':
      p.advance();
      return { action: 'set', options: properties(p) };
    case 'RESET':
      p.advance();
      return { action: 'reset', keys: propertyKeys(p) };
    case 'ADD':
      return add(p);
    case 'MODIFY':
      p.advance();
      return { action: 'modify', changes: changes(p) };
    case 'DROP':
      return drop(p);
    case 'PARTITION':
    case 'COMPACT': {
      const partition = p.accept('PARTITION') ? { partition: partitionSpec(p) } : {};
      p.expect('COMPACT');
      return { action: 'compact', ...partition };
    }
    default:
      for (const word of ['RENAME', 'SET', 'RESET', 'ADD', 'MODIFY', 'DROP']) p.want(word);
      return p.fail();
  }
}

/** ALTER TABLE. */
export function alterTable(p: Cursor): AlterTable {
  const first = p.expect('ALTER');
  p.expect('TABLE');
  const exists = ifExists(p);
  const called = name(p);
  const changed = action(p);
  return { kind: 'alterTable', ifExists: exists, name: called, change: changed, span: p.spanFrom(first) };
}
