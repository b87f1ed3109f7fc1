import type { DataType, RowTypeField } from '../ast/index.js';
import { identifierText, nameText, qualifierText, quoteText, words } from './writer.js';

const LOCAL: Readonly<Record<string, string>> = { TIME_LTZ: 'TIME' };

function fieldText({ name, type, comment }: RowTypeField): string {
  return words(identifierText(name), typeText(type), comment !== undefined && quoteText(comment));
}

function bareTypeText(type: DataType['type']): string {
  switch (type.kind) {
    case 'simpleType': {
      const numbers = type.arguments.length === 0 ? '' : `(${type.arguments.join(', ')})`;
      const set = type.characterSet === undefined ? '' : ` CHARACTER SET ${identifierText(type.characterSet)}`;
      const local = LOCAL[type.name];
      return local === undefined ? `${type.name}${numbers}${set}` : `${local}${numbers} WITH LOCAL TIME ZONE`;
    }
    case 'collectionType':
      return type.suffix
        ? `${typeText(type.element)} ${type.collection}`
        : `${type.collection}<${typeText(type.element)}>`;
    case 'mapType':
      return `MAP<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'rowType':
      return `ROW<${type.fields.map(fieldText).join(', ')}>`;
    case 'rawType':
      return `RAW(${quoteText(type.className)}, ${quoteText(type.serialiser)})`;
    case 'namedType':
      return nameText(type.name);
    default:
      return `INTERVAL ${qualifierText(type.qualifier)}`;
  }
}

/** A type as Flink SQL writes it. */
export function typeText({ type, nullable }: DataType): string {
  return words(bareTypeText(type), nullable === undefined ? undefined : nullable ? 'NULL' : 'NOT NULL');
}
