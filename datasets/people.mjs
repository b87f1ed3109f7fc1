// The people of the data sets, made up by @faker-js/faker: a test holds people.json equal to what this makes.
import { fakerZH_CN as faker } from '@faker-js/faker';

/** How many there are. */
const count = 1000;

/** Names with characters that GB2312 and GBK do not have, so that it matters which encoding a program takes. */
const rareNames = ['王𬱖', '李䶮', '陈𬭎', '张㛃'];

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');

/**
 * @param {number} seed
 * @returns {{ name: string, card: string, id: string }[]}
 */
export function makePeople(seed = 19491001) {
  faker.seed(seed);
  /** @type {{ name: string, card: string, id: string }[]} */
  const people = [];
  const cards = new Set();
  const ids = new Set();
  while (people.length < count) {
    const name = rareNames[people.length] ?? faker.person.fullName();
    const card = faker.finance.creditCardNumber('4###############').replace(/\D/g, '').slice(0, 15);
    const whole = card + checkDigit(card);
    const birth = faker.number.int({ min: 0, max: 365 * 60 });
    const day = new Date(Date.UTC(1945, 0, 1) + birth * 86_400_000);
    const id = `${two(day.getUTCFullYear() % 100)}${two(day.getUTCMonth() + 1)}${two(day.getUTCDate())}${faker.string.numeric(3)}`;
    if (cards.has(whole) || ids.has(id)) continue;
    cards.add(whole);
    ids.add(id);
    people.push({ name, card: whole, id });
  }
  return people;
}

/** @param {string} digits @returns {string} the digit that makes the Luhn test pass */
function checkDigit(digits) {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** The file's text: one person a line, so that a change can be read. */
export function peopleText(people = makePeople()) {
  /** @param {{ name: string, card: string, id: string }} person */
  const line = ({ name, card, id }) => `  { "name": "${name}", "card": "${card}", "id": "${id}" }`;
  return `[\n${people.map(line).join(',\n')}\n]\n`;
}
