/** Whoever holds a card: made up, all of it. */
export interface Person {
  readonly name: string;
  /** 16 digits that pass the check digit's test; no bank has given it out. */
  readonly card: string;
  /** Nine digits: date of birth as YYMMDD and three more. It may begin with 0. */
  readonly id: string;
}

/** The columns of both sets of card payments. */
export const cardHeader = 'Credit Card Number,Name,ID Number,Amount,Direction,Transaction Time';

export function cardLine(person: Person, amount: string, direction: 'in' | 'out', time: string): string {
  return `${person.card},${person.name},${person.id},${amount},${direction},${time}`;
}
